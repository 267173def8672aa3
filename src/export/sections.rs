//! The pack arranged for people: eight sections and the gate, each of titled parts, the same for every template.

mod around;

use super::gate::Gate;
use super::model::Model;
use super::{NOT_CAPTURED, questions};
use crate::domain::event::{BriefField, ImpactArea, ItemState, RetroContent, ShareField};
use crate::domain::id::{Person, RetroId};
use crate::domain::time::Day;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    pub title: &'static str,
    pub parts: Vec<Part>,
}

/// A list of fields, a table, or lines; without rows it was not captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    pub title: &'static str,
    pub shape: Shape,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    Fields,
    Table,
    Lines,
    /// Lines that are led by how deep they lie.
    Tree,
    Picture,
    /// Named series, which a page shows as pictures in the same order.
    Plots,
}

/// How many action items the one-page shareout has.
const TOP: usize = 3;

pub fn sections(model: &Model, gate: &Gate) -> Vec<Section> {
    let section = |title, parts| Section { title, parts };
    vec![
        section("1) Retro brief and agenda", vec![brief(model), participants(model), agenda(model)]),
        section(
            "2) Facts and timeline",
            vec![
                impact(model),
                around::services(model),
                picture(),
                timeline(model),
                around::known(model),
                around::plots(model),
                moments(model),
                durations(model),
            ],
        ),
        section(
            "3) Contributing factors and root-cause hypotheses",
            vec![factors(model), whys(model), roots(model)],
        ),
        section("4) Learnings and decisions", vec![learnings(model), decisions(model)]),
        section("5) Action tracker", vec![actions(model), parked(model)]),
        section("6) Kill criteria and triggers", vec![criteria(model)]),
        section("7) Dissemination plan", vec![share(model), top(model), ritual(model)]),
        section("8) Risks, open questions, next steps", vec![risks(model), open(model, gate), steps(model)]),
        section("Quality gate", vec![scores(gate), language(gate)]),
    ]
}

fn table(title: &'static str, columns: &[&'static str], rows: Vec<Vec<String>>) -> Part {
    Part { title, shape: Shape::Table, columns: columns.to_vec(), rows }
}

fn fields(title: &'static str, rows: Vec<Vec<String>>) -> Part {
    Part { title, shape: Shape::Fields, columns: vec!["Field", "Said"], rows }
}

fn lines(title: &'static str, rows: Vec<Vec<String>>) -> Part {
    Part { title, shape: Shape::Lines, columns: Vec::new(), rows }
}

fn picture() -> Part {
    Part { title: "Picture", shape: Shape::Picture, columns: Vec::new(), rows: Vec::new() }
}

/// A text, or that there is none.
fn or_gap(text: &str) -> String {
    if text.trim().is_empty() { NOT_CAPTURED.to_owned() } else { text.to_owned() }
}

fn owner(owner: Option<&Person>) -> String {
    owner.map_or_else(|| NOT_CAPTURED.to_owned(), ToString::to_string)
}

fn day(day: Option<Day>) -> String {
    day.map_or_else(|| NOT_CAPTURED.to_owned(), |day| day.to_string())
}

/// The rows of one kind, in the order they were written.
fn rows(model: &Model, row: impl Fn(RetroId, &RetroContent) -> Option<Vec<String>>) -> Vec<Vec<String>> {
    model.rows.iter().filter_map(|found| row(found.id, &found.content)).collect()
}

/// All that was said of a list, or the last that was said of anything else.
fn said(texts: Vec<String>, is_list: bool) -> String {
    let texts = if is_list { texts } else { texts.into_iter().next_back().into_iter().collect() };
    or_gap(&texts.join("; "))
}

fn brief(model: &Model) -> Part {
    let row = |field: &BriefField| {
        let mut texts: Vec<String> = model
            .rows
            .iter()
            .filter_map(|row| match &row.content {
                RetroContent::Brief { field: of, text } if of == field => Some(text.clone()),
                _ => None,
            })
            .collect();
        match field {
            BriefField::ReviewType if texts.is_empty() => texts.push("Incident".to_owned()),
            BriefField::Title if texts.is_empty() => texts.push(model.incident.title.clone()),
            BriefField::PreRead => texts.extend(links(model)),
            _ => {}
        }
        vec![field.title().to_owned(), said(texts, field.is_list())]
    };
    fields("Retro brief", BriefField::ALL.iter().map(row).collect())
}

/// What the timeline links to, each once.
fn links(model: &Model) -> Vec<String> {
    let all = model.timeline.iter().flat_map(|row| &row.evidence).filter(|said| said.starts_with("http"));
    let mut links: Vec<String> = Vec::new();
    for link in all.take(64) {
        if !links.contains(link) {
            links.push(link.clone());
        }
    }
    links
}

fn participants(model: &Model) -> Part {
    let row = |(person, roles): (&Person, &std::collections::BTreeSet<String>)| {
        let roles: Vec<_> = roles.iter().cloned().collect();
        vec![person.to_string(), if roles.is_empty() { "took part".to_owned() } else { roles.join(", ") }]
    };
    fields("Who took part in the incident", model.incident.people.iter().map(row).collect())
}

fn agenda(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::Agenda { text, minutes } => Some(vec![
            text.clone(),
            minutes.map_or_else(|| NOT_CAPTURED.to_owned(), |minutes| format!("{minutes} min")),
        ]),
        _ => None,
    });
    table("Agenda", &["Topic", "Minutes"], found)
}

fn impact(model: &Model) -> Part {
    let row = |area: &ImpactArea| {
        let mut texts: Vec<String> = Vec::new();
        for row in &model.rows {
            if let RetroContent::Impact { area: of, text, support } = &row.content
                && of == area
            {
                let proof = model.support(support);
                texts.push(if proof.is_empty() {
                    text.clone()
                } else {
                    format!("{text} ({})", proof.join("; "))
                });
            }
        }
        if texts.is_empty() && *area == ImpactArea::Customer {
            texts.push(model.incident.impact.clone());
        }
        vec![area.title().to_owned(), said(texts, true)]
    };
    fields("Impact snapshot", ImpactArea::ALL.iter().map(row).collect())
}

fn timeline(model: &Model) -> Part {
    let row = |row: &super::TimelineRow| {
        let evidence = match row.grounds() {
            none if none.is_empty() => "–".to_owned(),
            said => said,
        };
        vec![row.time.clone(), row.event(), evidence, row.notes.clone()]
    };
    let columns = ["Time (UTC)", "Event", "Evidence", "Fact or hypothesis"];
    table("Timeline", &columns, model.timeline.iter().map(row).collect())
}

fn moments(model: &Model) -> Part {
    let row = |row: &super::model::MomentRow| vec![row.moment.title().to_owned(), row.said.clone()];
    fields("Key moments", model.moments.iter().map(row).collect())
}

fn durations(model: &Model) -> Part {
    let row = |row: &super::model::DurationRow| vec![row.title.clone(), row.said.clone()];
    fields("Key durations", model.durations.iter().map(row).collect())
}

fn factors(model: &Model) -> Part {
    let mut found: Vec<_> = model
        .rows
        .iter()
        .filter_map(|row| match &row.content {
            RetroContent::Factor { cluster, text, support, made_sense, fix } => {
                let evidence = or_gap(&model.support(support).join("; "));
                let cells =
                    vec![cluster.title().to_owned(), text.clone(), evidence, or_gap(made_sense), or_gap(fix)];
                Some((*cluster, cells))
            }
            _ => None,
        })
        .collect();
    found.sort_by_key(|(cluster, _)| *cluster);
    let columns = ["Cluster", "Factor", "Evidence", "Why it made sense at the time", "Fix direction"];
    table("Contributing factors", &columns, found.into_iter().map(|(_, cells)| cells).collect())
}

/// Chain after chain, each why below what it asks about.
fn whys(model: &Model) -> Part {
    let mut found = Vec::new();
    let mut waiting: Vec<(RetroId, usize)> = Vec::new();
    // What hung on a row that was struck stands by itself now.
    let above = |of: Option<RetroId>| of.filter(|of| model.row(*of).is_some());
    let under = |of: Option<RetroId>, depth: usize| {
        let hangs = move |content: &RetroContent| matches!(content, RetroContent::Why { of: it, .. } if above(*it) == of);
        model.rows.iter().rev().filter(move |row| hangs(&row.content)).map(move |row| (row.id, depth))
    };
    let factors = model.rows.iter().rev().filter(|row| matches!(row.content, RetroContent::Factor { .. }));
    waiting.extend(under(None, 0));
    waiting.extend(factors.flat_map(|row| under(Some(row.id), 0)));
    while let Some((id, depth)) = waiting.pop() {
        let Some(RetroContent::Why { of, text, answer, .. }) = model.row(id).map(|row| &row.content) else {
            continue;
        };
        let about = of.and_then(|of| model.row(of)).filter(|_| depth == 0);
        let about = about.map_or_else(String::new, |row| format!("{}: ", row.content.text()));
        found.push(vec![depth.to_string(), format!("{about}{text}"), or_gap(answer)]);
        waiting.extend(under(Some(id), depth + 1));
    }
    Part { title: "5 whys", shape: Shape::Tree, columns: vec!["Depth", "Why", "Because"], rows: found }
}

fn roots(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::RootCause { text, confidence, notes, support } => {
            let evidence = or_gap(&model.support(support).join("; "));
            Some(vec![text.clone(), confidence.title().to_owned(), evidence, notes.clone()])
        }
        _ => None,
    });
    table("Root-cause hypotheses", &["Hypothesis", "Confidence", "Evidence", "Notes"], found)
}

fn learnings(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::Learning { text, support, implication } => {
            Some(vec![text.clone(), or_gap(&model.support(support).join("; ")), or_gap(implication)])
        }
        _ => None,
    });
    table("Learnings", &["Learning", "Evidence", "Implication"], found)
}

fn decisions(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::Decision { text, why, tradeoffs, owner: by } => {
            Some(vec![text.clone(), or_gap(why), or_gap(tradeoffs), owner(by.as_ref())])
        }
        _ => None,
    });
    table("Decisions, with trade-offs", &["Decision", "Why", "Trade-offs", "Owner"], found)
}

fn actions(model: &Model) -> Part {
    let mut found = Vec::new();
    for row in &model.rows {
        let RetroContent::ActionItem(item) = &row.content else { continue };
        found.push(vec![
            (found.len() + 1).to_string(),
            item.text.clone(),
            item.action_type.title().to_owned(),
            owner(item.owner.as_ref()),
            day(item.due),
            or_gap(&item.success),
            day(item.follow_up),
            item.notes.clone(),
            row.state.title().to_owned(),
        ]);
    }
    let columns =
        ["#", "Action", "Type", "Owner", "Due date", "Success signal", "Follow-up date", "Notes", "State"];
    table("Action items", &columns, found)
}

fn parked(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::Parked { text, notes } => Some(vec![with(text, notes)]),
        _ => None,
    });
    lines("Parked ideas", found)
}

fn with(text: &str, notes: &str) -> String {
    if notes.trim().is_empty() { text.to_owned() } else { format!("{text} ({notes})") }
}

fn criteria(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::KillCriterion(it) => {
            let [window, threshold, commitment, source] =
                [&it.window, &it.threshold, &it.commitment, &it.source].map(|text| or_gap(text));
            Some(vec![it.signal.clone(), window, threshold, commitment, owner(it.owner.as_ref()), source])
        }
        _ => None,
    });
    let columns = ["Signal", "Window", "Threshold", "Committed action", "Owner", "Evidence source"];
    table("Kill criteria", &columns, found)
}

fn shared(model: &Model, of: &[ShareField]) -> Vec<Vec<String>> {
    let row = |field: &ShareField| {
        let texts = model.rows.iter().filter_map(|row| match &row.content {
            RetroContent::Share { field: of, text } if of == field => Some(text.clone()),
            _ => None,
        });
        vec![field.title().to_owned(), said(texts.collect(), field.is_list())]
    };
    of.iter().map(row).collect()
}

fn share(model: &Model) -> Part {
    fields("One-page shareout", shared(model, &ShareField::ALL[..5]))
}

fn top(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::ActionItem(item) => {
            Some(vec![item.text.clone(), owner(item.owner.as_ref()), day(item.due)])
        }
        _ => None,
    });
    table("Top actions", &["Action", "Owner", "Due date"], found.into_iter().take(TOP).collect())
}

fn ritual(model: &Model) -> Part {
    fields("Impact and learnings review", shared(model, &ShareField::ALL[5..]))
}

fn risks(model: &Model) -> Part {
    let found = rows(model, |_, content| match content {
        RetroContent::Risk { text, notes } => Some(vec![with(text, notes)]),
        _ => None,
    });
    lines("Risks", found)
}

/// What somebody asked and nobody answered or dropped, and then what nobody said.
fn open(model: &Model, gate: &Gate) -> Part {
    let asked = model.rows.iter().filter_map(|row| match &row.content {
        RetroContent::OpenQuestion { text, owner: by, due } if row.state == ItemState::Open => {
            Some(vec![text.clone(), owner(by.as_ref()), day(*due)])
        }
        _ => None,
    });
    let mut found: Vec<_> = asked.collect();
    let unsaid = questions(model, gate).into_iter();
    found.extend(unsaid.map(|text| vec![text, "to be named".to_owned(), "to be set".to_owned()]));
    table("Open questions", &["Question", "Owner", "Due date"], found)
}

/// What was done or dropped is no next step any more.
fn steps(model: &Model) -> Part {
    let found = model.rows.iter().filter_map(|row| match &row.content {
        RetroContent::NextStep { text, due } if row.state == ItemState::Open => {
            Some(vec![text.clone(), day(*due)])
        }
        _ => None,
    });
    table("Next steps", &["Step", "By"], found.collect())
}

fn scores(gate: &Gate) -> Part {
    let mut found: Vec<Vec<String>> = Vec::new();
    for dimension in &gate.dimensions {
        let reasons: Vec<_> = dimension.reasons().collect();
        let missing: Vec<_> = dimension.missing().collect();
        let missing = if missing.is_empty() { "–".to_owned() } else { missing.join("; ") };
        found.push(vec![
            dimension.title.to_owned(),
            dimension.score.to_string(),
            reasons.join("; "),
            missing,
        ]);
    }
    let verdict = if gate.passed { "good enough to send" } else { "not good enough to send yet" };
    found.push(vec![
        "Total".to_owned(),
        format!("{}/{}", gate.total, gate.of),
        verdict.to_owned(),
        "–".to_owned(),
    ]);
    table("Scores", &["Dimension", "Score", "Reason", "What is missing"], found)
}

fn language(gate: &Gate) -> Part {
    let row = |it: &super::Judging| vec![it.place.clone(), it.words.clone(), it.kinder.clone()];
    let mut rows: Vec<_> = gate.language.iter().map(row).collect();
    if rows.is_empty() {
        rows.push(vec!["–".to_owned(), "none found".to_owned(), "–".to_owned()]);
    }
    table("Wording that judges people", &["Place", "Words", "Kinder"], rows)
}
