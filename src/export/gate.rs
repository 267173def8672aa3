//! The quality gate: six dimensions, each a table of checks, each check with its reason or with what is missing.
//!
//! A dimension in which every check holds is worth 2, one in which at least half of them hold 1, any other 0.

use super::language::{Judging, judging_words};
use super::model::{Model, Row};
use crate::domain::event::{BriefField, ImpactArea, RetroContent, ShareField, Verdict};
use crate::domain::id::RetroId;
use serde::Serialize;
use std::collections::BTreeSet;

/// Fewer points than this are not enough to send it, nor is a dimension without any.
pub const BAR: u32 = 10;
/// So many facts in a hundred need evidence.
const FACTS_WITH_EVIDENCE: usize = 50;
/// So many whys, one under the other, reach past the symptom.
const DEEP: usize = 4;
/// The factors that have to be answered by an action.
const TOP_FACTORS: usize = 3;
/// A commitment that begins like this commits to nothing.
const NO_COMMITMENT: [&str; 4] = ["discuss", "consider", "talk about", "we'll discuss"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gate {
    pub total: u32,
    pub of: u32,
    pub passed: bool,
    pub dimensions: Vec<Dimension>,
    pub language: Vec<Judging>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dimension {
    pub word: &'static str,
    pub title: &'static str,
    pub score: u32,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub holds: bool,
    /// The reason where it holds, what is missing where it does not.
    pub said: String,
}

impl Dimension {
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().filter(|check| !check.holds).map(|check| check.said.as_str())
    }

    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().filter(|check| check.holds).map(|check| check.said.as_str())
    }
}

/// Judges what is there; the same model always gets the same answer.
pub fn gate(model: &Model) -> Gate {
    let language = judging_words(model);
    let dimensions = vec![
        dimension("clarity", "Clarity of scope and safety", clarity(model, &language)),
        dimension("evidence", "Evidence and timeline quality", evidence(model)),
        dimension("systems", "Systems thinking", systems(model)),
        dimension("actions", "Decisions and actionability", actions(model)),
        dimension("dissemination", "Learning dissemination", dissemination(model)),
        dimension("triggers", "Kill criteria and triggers", triggers(model)),
    ];
    let total = dimensions.iter().map(|dimension| dimension.score).sum();
    let passed = total >= BAR && dimensions.iter().all(|dimension| dimension.score > 0);
    Gate { total, of: 12, passed, dimensions, language }
}

fn dimension(word: &'static str, title: &'static str, checks: Vec<Check>) -> Dimension {
    let holding = checks.iter().filter(|check| check.holds).count();
    let score = match holding {
        all if all == checks.len() => 2,
        some if some * 2 >= checks.len() => 1,
        _ => 0,
    };
    Dimension { word, title, score, checks }
}

fn check(holds: bool, reason: impl Into<String>, missing: impl Into<String>) -> Check {
    Check { holds, said: if holds { reason.into() } else { missing.into() } }
}

fn clarity(model: &Model, language: &[Judging]) -> Vec<Check> {
    let brief = |field: BriefField| {
        let name = field.title().to_lowercase();
        let has = model
            .rows
            .iter()
            .any(|row| matches!(&row.content, RetroContent::Brief { field: said, .. } if *said == field));
        check(has, format!("{name} said"), format!("say the {name}"))
    };
    let fields = [
        BriefField::Goal,
        BriefField::GroundRule,
        BriefField::Facilitator,
        BriefField::Scribe,
        BriefField::DecisionOwner,
        BriefField::Audience,
    ];
    let places: Vec<_> =
        language.iter().map(|judging| format!("{} “{}”", judging.place, judging.words)).collect();
    let blameless =
        check(places.is_empty(), "language is blameless", format!("word it kinder: {}", places.join(", ")));
    fields.into_iter().map(brief).chain([blameless]).collect()
}

fn evidence(model: &Model) -> Vec<Check> {
    let facts: Vec<_> = model.timeline.iter().filter(|row| row.kind == "fact").collect();
    let proven = facts.iter().filter(|row| !row.evidence.is_empty()).count();
    let share = if facts.is_empty() { 0 } else { proven * 100 / facts.len() };
    let open: Vec<_> = model
        .timeline
        .iter()
        .filter(|row| row.verdict == Some(Verdict::Open))
        .filter_map(|row| row.entry.clone())
        .collect();
    let impact = |wanted: ImpactArea| {
        model
            .rows
            .iter()
            .any(|row| matches!(&row.content, RetroContent::Impact { area, .. } if *area == wanted))
    };
    let unmeasured: Vec<_> = ["detect", "resolve"]
        .into_iter()
        .filter(|word| !model.durations.iter().any(|row| row.word == *word && row.recorded))
        .collect();
    vec![
        check(
            share >= FACTS_WITH_EVIDENCE,
            format!("{proven} of {} facts have evidence", facts.len()),
            format!("{proven} of {} facts have evidence; attach it to at least half", facts.len()),
        ),
        check(
            open.is_empty(),
            "every hypothesis is settled",
            format!("confirm or refute {}", open.join(", ")),
        ),
        check(impact(ImpactArea::Customer), "customer impact said", "say the customer impact"),
        check(impact(ImpactArea::HowWeKnow), "it is said how we know", "say how we know the impact"),
        check(
            unmeasured.is_empty(),
            "time to detect and to resolve are recorded",
            format!("set the key moments to measure: time to {}", unmeasured.join(", to ")),
        ),
    ]
}

fn systems(model: &Model) -> Vec<Check> {
    let mut clusters = BTreeSet::new();
    let (mut count, mut unexplained, mut unproven) = (0, Vec::new(), Vec::new());
    for row in &model.rows {
        if let RetroContent::Factor { cluster, made_sense, support, .. } = &row.content {
            clusters.insert(*cluster);
            count += 1;
            unexplained.extend(made_sense.trim().is_empty().then_some(row.id));
            unproven.extend(support.is_empty().then_some(row.id));
        }
    }
    let depth = model.rows.iter().map(|row| depth(model, row.id)).max().unwrap_or(0);
    let has_root = model.rows.iter().any(|row| matches!(row.content, RetroContent::RootCause { .. }));
    vec![
        check(
            count >= 2 && clusters.len() >= 2,
            format!("{count} factors over {} clusters", clusters.len()),
            "name contributing factors of at least two clusters",
        ),
        check(
            count > 0 && unexplained.is_empty(),
            "every factor says why it made sense",
            format!("say why it made sense at the time: {}", listed(&unexplained)),
        ),
        check(
            count > 0 && unproven.is_empty(),
            "every factor has evidence",
            format!("say what shows it: {}", listed(&unproven)),
        ),
        check(
            depth >= DEEP,
            format!("whys {depth} deep"),
            format!("ask why until it is {DEEP} deep; it is {depth}"),
        ),
        check(has_root, "root causes have a confidence", "write a root-cause hypothesis with its confidence"),
    ]
}

/// How many answered whys lie one above the other, this one included.
fn depth(model: &Model, id: RetroId) -> usize {
    let mut at = Some(id);
    let answered = std::iter::from_fn(|| {
        let RetroContent::Why { of, answer, .. } = &model.row(at?)?.content else { return None };
        at = *of;
        Some(!answer.trim().is_empty())
    });
    answered.take(model.rows.len()).filter(|is| *is).count()
}

fn actions(model: &Model) -> Vec<Check> {
    let items: Vec<_> = model
        .rows
        .iter()
        .filter_map(|row| match &row.content {
            RetroContent::ActionItem(item) => Some((row.id, item)),
            _ => None,
        })
        .collect();
    let every = |what: &str, has: &dyn Fn(&crate::domain::event::ActionItem) -> bool| {
        let without: Vec<_> = items.iter().filter(|(_, item)| !has(item)).map(|(id, _)| *id).collect();
        let missing = format!("give each action item {what}: {}", listed(&without));
        check(!items.is_empty() && without.is_empty(), format!("each action item has {what}"), missing)
    };
    let factors = model.rows.iter().filter(|row| matches!(row.content, RetroContent::Factor { .. }));
    let top: Vec<_> = factors.take(TOP_FACTORS).map(|row| row.id).collect();
    let unanswered: Vec<_> =
        top.iter().copied().filter(|id| !items.iter().any(|(_, item)| item.addresses.contains(id))).collect();
    vec![
        every("an owner", &|item| item.owner.is_some()),
        every("a due date", &|item| item.due.is_some()),
        every("a success signal", &|item| !item.success.trim().is_empty()),
        every("a follow-up date", &|item| item.follow_up.is_some()),
        check(
            !top.is_empty() && unanswered.is_empty(),
            "actions answer the top factors",
            match top.as_slice() {
                [] => "name the factors that actions are to answer".to_owned(),
                _ => format!("no action item answers {}", listed(&unanswered)),
            },
        ),
        decisions(model),
    ]
}

fn decisions(model: &Model) -> Check {
    let is_decision = |row: &&Row| matches!(row.content, RetroContent::Decision { .. });
    let is_whole = |row: &Row| matches!(&row.content, RetroContent::Decision { why, tradeoffs, .. } if !why.trim().is_empty() && !tradeoffs.trim().is_empty());
    let decided: Vec<_> = model.rows.iter().filter(is_decision).collect();
    let halves: Vec<_> = decided.iter().filter(|row| !is_whole(row)).map(|row| row.id).collect();
    let missing = format!("say each decision with its reason and its trade-offs: {}", listed(&halves));
    check(
        !decided.is_empty() && halves.is_empty(),
        format!("{} decisions with trade-offs", decided.len()),
        missing,
    )
}

fn dissemination(model: &Model) -> Vec<Check> {
    let has = |field: ShareField| {
        let name = field.title().to_lowercase();
        let said = model
            .rows
            .iter()
            .any(|row| matches!(&row.content, RetroContent::Share { field: said, .. } if *said == field));
        check(said, format!("{name} said"), format!("say it for the shareout: {name}"))
    };
    [
        ShareField::WhatHappened,
        ShareField::WhatWeLearned,
        ShareField::WhatChanged,
        ShareField::Distribution,
        ShareField::RitualCadence,
        ShareField::RitualOwner,
    ]
    .into_iter()
    .map(has)
    .collect()
}

fn triggers(model: &Model) -> Vec<Check> {
    let all: Vec<_> = model
        .rows
        .iter()
        .filter_map(|row| match &row.content {
            RetroContent::KillCriterion(criterion) => Some((row.id, criterion)),
            _ => None,
        })
        .collect();
    let every = |what: &str, has: &dyn Fn(&crate::domain::event::KillCriterion) -> bool| {
        let without: Vec<_> =
            all.iter().filter(|(_, criterion)| !has(criterion)).map(|(id, _)| *id).collect();
        let missing = format!("give each kill criterion {what}: {}", listed(&without));
        check(!all.is_empty() && without.is_empty(), format!("each kill criterion has {what}"), missing)
    };
    let commits = |text: &str| {
        let lower = text.trim().to_lowercase();
        !lower.is_empty() && !NO_COMMITMENT.iter().any(|start| lower.starts_with(start))
    };
    vec![
        every("a window and a threshold", &|it| {
            !it.window.trim().is_empty() && !it.threshold.trim().is_empty()
        }),
        every("a committed action", &|it| commits(&it.commitment)),
        every("an owner", &|it| it.owner.is_some()),
        every("an evidence source", &|it| !it.source.trim().is_empty()),
    ]
}

fn listed(ids: &[RetroId]) -> String {
    if ids.is_empty() {
        return "there is none yet".to_owned();
    }
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
