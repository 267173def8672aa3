//! What changed in the last three days, tagged and ranked: the likely causes and the visible effects first.

use super::history::Seen;
use super::rule::{Finding, Place};
use super::situation::{Changed, Evidence, Gravity};
use super::suspects::setting_text;
use super::view::{View, went_off};
use crate::domain::signal::{Change, Deploy, Kind, Outcome, PullRequest, PullRequestState};
use crate::domain::{SignalId, SignalKey, Span};
use std::collections::BTreeMap;

pub(super) const WINDOW: Span = Span::hours(72);

/// More lines than anybody scrolls through.
const MOST: usize = 500;

/// How much a line counts by its kind, before what speaks for it is added.
const WEIGHTS: [(Kind, i64); 7] = [
    (Kind::Deploy, 60),
    (Kind::Config, 55),
    (Kind::Scaling, 55),
    (Kind::Sample, 50),
    (Kind::Alarm, 35),
    (Kind::Review, 30),
    (Kind::PullRequest, 25),
];

/// What a finding adds to the line it speaks for.
const FOUND: [(Gravity, i64); 3] = [(Gravity::High, 40), (Gravity::Medium, 30), (Gravity::Low, 20)];

/// Sources by the name a tag calls them.
const CALLED: [(&str, &str); 6] = [
    ("aws", "AWS"),
    ("github", "GitHub"),
    ("prometheus", "Prometheus"),
    ("alertmanager", "Alertmanager"),
    ("pagerduty", "PagerDuty"),
    ("bitbucket", "Bitbucket"),
];

pub(super) fn changes(view: &View<'_>, findings: &[Finding]) -> Vec<Changed> {
    let mut lines: BTreeMap<SignalKey, (i64, Changed)> = BTreeMap::new();
    let cited = cited(findings);
    for line in observed(view) {
        let key = SignalKey { at: line.at, id: line.id };
        let found = cited.get(&line.id).copied().unwrap_or(0);
        lines.insert(key, (weight(view, &line, found), line));
    }
    for (found, line) in findings.iter().filter_map(told).filter(|(_, line)| line.at > view.now - WINDOW) {
        let key = SignalKey { at: line.at, id: line.id };
        lines.insert(key, (weight(view, &line, found), line));
    }
    let mut ranked: Vec<(i64, Changed)> = lines.into_values().collect();
    ranked.sort_by_key(|(weight, line)| (std::cmp::Reverse(*weight), std::cmp::Reverse(line.at), line.id));
    ranked.truncate(MOST);
    let numbered = ranked.into_iter().zip(1..);
    numbered.map(|((_, line), rank)| Changed { rank, ..line }).collect()
}

/// Signals that findings rest on, with half of what the gravest of them adds to a line of its own.
fn cited(findings: &[Finding]) -> BTreeMap<SignalId, i64> {
    let mut cited = BTreeMap::new();
    for finding in findings {
        for evidence in &finding.evidence {
            if let Evidence::Signal { id, .. } = evidence {
                let weight: &mut i64 = cited.entry(*id).or_default();
                *weight = (*weight).max(found_weight(finding) / 2);
            }
        }
    }
    cited
}

fn found_weight(finding: &Finding) -> i64 {
    FOUND.iter().find(|(gravity, _)| *gravity == finding.severity).map_or(0, |row| row.1)
}

/// The line a scored suspect stands for.
pub(super) fn of_suspect(scored: &super::suspects::Scored) -> Changed {
    Changed {
        id: scored.key.id,
        at: scored.key.at,
        tag: tag(scored.source.as_str(), scored.kind),
        service: scored.service.clone(),
        text: scored.text.clone(),
        evidence: scored.evidence.clone(),
        rank: 0,
        kind: scored.kind,
    }
}

fn observed(view: &View<'_>) -> impl Iterator<Item = Changed> {
    let (from, now) = (view.now - WINDOW, view.now);
    let history = view.history;
    let deploys = history.deploys.between(from, now).iter().filter(|seen| seen.is_production());
    let changes = history.changes.between(from, now).iter();
    let requests = history.pull_requests.between(from, now).iter();
    let alarms = view.alarms().flat_map(|(_, past)| went_off(past)).filter(move |seen| seen.at() > from);
    deploys
        .filter_map(of_deploy)
        .chain(changes.map(of_change))
        .chain(requests.filter_map(of_request))
        .chain(alarms.map(|seen| line(seen, Kind::Alarm, format!("{} went off", seen.body.name))))
}

fn of_deploy(seen: &Seen<Deploy>) -> Option<Changed> {
    let (service, version) = (seen.service_name(), &seen.body.version);
    let text = match seen.body.outcome {
        Outcome::Started => return None,
        Outcome::Succeeded => format!("{service} {version} released to {}", seen.body.environment),
        Outcome::Failed => format!("{service} {version} failed to deploy"),
        Outcome::RolledBack => seen.rolled_back(),
    };
    Some(line(seen, Kind::Deploy, text))
}

fn of_change(seen: &Seen<(Kind, Change)>) -> Changed {
    let (kind, change) = &seen.body;
    line(seen, *kind, format!("{} {}", seen.service_name(), setting_text(change)).trim().to_owned())
}

fn of_request(seen: &Seen<PullRequest>) -> Option<Changed> {
    let request = &seen.body;
    let text = format!("{} #{} merged, {} lines", request.repository, request.number, request.lines());
    (request.state == PullRequestState::Merged).then(|| line(seen, Kind::PullRequest, text))
}

fn line<T>(seen: &Seen<T>, kind: Kind, text: String) -> Changed {
    Changed {
        id: seen.key.id,
        at: seen.at(),
        tag: tag(seen.source.as_str(), kind),
        service: seen.service.clone(),
        text,
        evidence: seen.evidence().collect(),
        rank: 0,
        kind,
    }
}

/// The line a finding writes; it takes the place of the plain one of the same signal.
fn told(finding: &Finding) -> Option<(i64, Changed)> {
    let anchor = finding.change.as_ref()?;
    let text = finding.says_at(Place::Change).next()?.to_owned();
    let found = found_weight(finding);
    let line = Changed {
        id: anchor.id,
        at: anchor.at,
        tag: tag(anchor.source.as_str(), anchor.kind),
        service: finding.service.clone(),
        text,
        evidence: finding
            .evidence
            .clone()
            .into_iter()
            .filter(|e| !matches!(e, Evidence::Window { .. }))
            .collect(),
        rank: 0,
        kind: anchor.kind,
    };
    Some((found, line))
}

fn weight(view: &View<'_>, line: &Changed, found: i64) -> i64 {
    let kind = WEIGHTS.iter().find(|(kind, _)| *kind == line.kind).map_or(0, |(_, weight)| *weight);
    let suspected = view.suspects().iter().find(|suspect| suspect.key.id == line.id);
    let hours = (view.now - line.at).as_minutes() / 60;
    kind + found + suspected.map_or(0, |suspect| suspect.score / 2) - hours / 2
}

/// `AWS Deploy`, `Git PR`, `Config`: what runs is tagged with who saw it.
fn tag(source: &str, kind: Kind) -> String {
    match kind {
        Kind::Deploy | Kind::Alarm | Kind::Sample | Kind::Health => {
            let called = CALLED.iter().find(|(name, _)| source.starts_with(name)).map(|(_, called)| *called);
            format!("{} {}", called.unwrap_or(source), kind.tag()).trim().to_owned()
        }
        _ => kind.tag().to_owned(),
    }
}
