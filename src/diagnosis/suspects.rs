//! Who did it: recent changes, scored against what is elevated, with every reason and its weight printed.
//!
//! A score is a sum anybody can redo by hand. Nothing is suspected while nothing is wrong.

use super::anomaly::Elevation;
use super::history::Seen;
use super::situation::{Evidence, Reason};
use super::view::View;
use crate::domain::signal::{Change, Deploy, Kind, PullRequest, PullRequestState};
use crate::domain::{ServiceName, SignalKey, SourceName, Span, Time};

/// Changes older than this before the onset are nobody's first thought.
const LOOK_BACK: Span = Span::hours(2);

/// A measurement may lag behind what it measures.
const TOLERANCE: Span = Span::minutes(2);

/// Within this, what moves on related services began as one.
const SAME_EPISODE: Span = Span::minutes(20);

/// The weights, as `docs/RULES.md` prints them.
pub(super) const WEIGHTS: &[(&str, &str)] = &[
    ("+40, halved every 15 minutes", "how long before the onset it was made"),
    ("-30", "it was made after the onset"),
    ("+25 / +18 / +8", "same service / direct dependency either way / one service between"),
    ("-25", "no dependency between the two is known"),
    ("+5 … +20", "a value that was multiplied: five for each doubling or halving"),
    ("+5 / +10", "a merged change of 400 lines / of 1,000 lines"),
    ("+15 / +12 / +12 / +3", "kind of change: deploy / configuration / scaling / merged pull request"),
];

/// Suspects scored below this are not worth a line.
const LEAST: i64 = 20;
const MOST: usize = 5;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scored {
    pub key: SignalKey,
    pub kind: Kind,
    pub source: SourceName,
    pub service: Option<ServiceName>,
    pub text: String,
    pub score: i64,
    pub reasons: Vec<Reason>,
    pub evidence: Vec<Evidence>,
}

/// One change that could be the cause.
struct Candidate {
    key: SignalKey,
    kind: Kind,
    source: SourceName,
    service: Option<ServiceName>,
    text: String,
    size: Option<Reason>,
    evidence: Vec<Evidence>,
}

pub(super) fn scored(view: &View<'_>) -> Vec<Scored> {
    let elevations = view.elevations();
    let Some(first) = elevations.iter().map(|elevation| elevation.onset).min() else { return Vec::new() };
    let latest = elevations.iter().map(|elevation| elevation.crossed).max().unwrap_or(first);
    let mut scored: Vec<Scored> = candidates(view, first - LOOK_BACK, latest + TOLERANCE)
        .into_iter()
        .filter_map(|candidate| best(view, elevations, candidate))
        .filter(|scored| scored.score >= LEAST)
        .collect();
    scored.sort_by_key(|scored| (std::cmp::Reverse(scored.score), std::cmp::Reverse(scored.key)));
    scored.truncate(MOST);
    scored
}

/// The elevation that what it belongs to began with: related series that moved at about the same time moved as one.
pub(super) fn episode<'v, 'a>(view: &'v View<'a>, elevation: &'v Elevation<'a>) -> &'v Elevation<'a> {
    let is_same = |other: &&Elevation<'_>| {
        let near = view.topology.distance(other.series.service.as_str(), elevation.series.service.as_str());
        let apart = other.onset - elevation.onset;
        near.is_some_and(|near| near <= 1) && apart.max(-apart) <= SAME_EPISODE
    };
    view.elevations().iter().filter(is_same).min_by_key(|other| other.onset).unwrap_or(elevation)
}

/// `pool 10 → 90`.
pub(super) fn setting_text(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} {before} → {after}", change.key),
        (None, Some(after)) => format!("{} set to {after}", change.key),
        (Some(before), None) => format!("{} {before} removed", change.key),
        (None, None) => format!("{} changed", change.key),
    }
}

fn candidates(view: &View<'_>, from: Time, to: Time) -> Vec<Candidate> {
    let to = to.min(view.now);
    let deploys = view.history.deploys.between(from, to).iter().filter(|seen| seen.took_effect());
    let changes = view.history.changes.between(from, to).iter();
    let merges = view.history.pull_requests.between(from, to).iter();
    deploys
        .map(of_deploy)
        .chain(changes.map(of_change))
        .chain(merges.filter(|seen| seen.body.state == PullRequestState::Merged).map(of_merge))
        .collect()
}

fn of_deploy(seen: &Seen<Deploy>) -> Candidate {
    let text = format!("{} {} to {}", seen.service_name(), seen.body.version, seen.body.environment);
    candidate(seen, Kind::Deploy, &text, None)
}

fn of_change(seen: &Seen<(Kind, Change)>) -> Candidate {
    let (kind, change) = &seen.body;
    let text = format!("{} {}", seen.service_name(), setting_text(change));
    candidate(seen, *kind, &text, multiplied(change))
}

fn of_merge(seen: &Seen<PullRequest>) -> Candidate {
    let request = &seen.body;
    let text = format!("{} #{} merged, {} lines", request.repository, request.number, request.lines());
    let weight = [(1_000, 10), (400, 5)].into_iter().find(|(lines, _)| request.lines() >= *lines);
    let size = weight.map(|(_, weight)| Reason { text: format!("{} lines", request.lines()), weight });
    candidate(seen, Kind::PullRequest, &text, size)
}

fn candidate<T>(seen: &Seen<T>, kind: Kind, text: &str, size: Option<Reason>) -> Candidate {
    let (source, service) = (seen.source.clone(), seen.service.clone());
    let evidence = seen.evidence().collect();
    Candidate { key: seen.key, kind, source, service, text: text.trim().to_owned(), size, evidence }
}

/// A number set to several times what it was is a large change.
fn multiplied(change: &Change) -> Option<Reason> {
    let before: f64 = change.before.as_ref()?.parse().ok()?;
    let after: f64 = change.after.as_ref()?.parse().ok()?;
    let factor = if after > before { after / before } else { before / after };
    if !factor.is_finite() || factor < 1.4 {
        return None;
    }
    let weight = (factor.log2() * 5.0).round().clamp(5.0, 20.0) as i64;
    let way = if after > before { "multiplied" } else { "divided" };
    Some(Reason { text: format!("{} {way} by {:.1}", change.key, factor), weight })
}

/// The candidate against the elevation it explains best.
fn best<'a>(view: &View<'a>, elevations: &[Elevation<'a>], candidate: Candidate) -> Option<Scored> {
    let against = elevations.iter().map(|elevation| reasons(view, elevation, &candidate));
    let reasons = against.max_by_key(|reasons| total(reasons))?;
    let score = total(&reasons);
    let Candidate { key, kind, source, service, text, evidence, .. } = candidate;
    Some(Scored { key, kind, source, service, text, score, reasons, evidence })
}

fn total(reasons: &[Reason]) -> i64 {
    reasons.iter().map(|reason| reason.weight).sum::<i64>().max(0)
}

fn reasons<'a>(view: &View<'a>, elevation: &Elevation<'a>, candidate: &Candidate) -> Vec<Reason> {
    let first = episode(view, elevation);
    let affected = elevation.series.service.as_str();
    let mut reasons = vec![
        timing(first.onset, candidate.key.at, first.series.name.as_str()),
        nearness(view, candidate.service.as_ref().map_or("", ServiceName::as_str), affected),
    ];
    reasons.extend(candidate.size.clone());
    reasons.push(kind_reason(candidate.kind));
    reasons
}

fn timing(onset: Time, made: Time, series: &str) -> Reason {
    let gap = onset - made;
    if gap < -TOLERANCE {
        let minutes = (-gap).as_minutes();
        return Reason { text: format!("made {minutes} min after {series} began to move"), weight: -30 };
    }
    let minutes = gap.as_minutes().max(0);
    let weight = (40.0 * 0.5_f64.powf(minutes as f64 / 15.0)).round() as i64;
    let before = if minutes == 0 { "just".to_owned() } else { format!("{minutes} min") };
    Reason { text: format!("made {before} before {series} began to move"), weight }
}

fn nearness(view: &View<'_>, changed: &str, affected: &str) -> Reason {
    let (text, weight) = match view.topology.distance(changed, affected) {
        Some(0) => (format!("same service, {affected}"), 25),
        Some(1) => (format!("direct dependency between {changed} and {affected}"), 18),
        Some(_) => (format!("one service between {changed} and {affected}"), 8),
        None => (format!("no known dependency to {affected}"), -25),
    };
    Reason { text, weight }
}

fn kind_reason(kind: Kind) -> Reason {
    let (text, weight) = match kind {
        Kind::Deploy => ("a deploy", 15),
        Kind::Config => ("a configuration change", 12),
        Kind::Scaling => ("a scaling change", 12),
        _ => ("a merged change, not yet known to run", 3),
    };
    Reason { text: text.to_owned(), weight }
}
