//! Whether large changes across services are followed by alarms more often than small ones.

use super::large_change::is_large;
use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::percent;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::{View, went_off};
use crate::domain::signal::{Kind, PullRequest, PullRequestState};
use crate::domain::{ServiceName, Span, Time};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "cross-service-changes",
    version: 1,
    title: "Large changes and alarms",
    about: "Of the large cross-service changes (see `large-change`) merged within 30 days, the share followed by \
            an alarm on a service they touch within 24 hours, against the same share of all other merges. Says \
            the counts behind it. Open since the alarm that made the case.",
    looks_at: &[Kind::PullRequest, Kind::Alarm],
    thresholds: &[
        Threshold::new("least-pairs", 3.0, "large changes followed by an alarm"),
        Threshold::new("share", 0.5, "of the large changes"),
        Threshold::new("lift", 1.5, "times the share of the other merges"),
    ],
    says: "Large cross-service PRs are correlating with instability; {n} of {m} large cross-service PRs were followed \
           by an alarm within 24 h, {k} of {l} others",
    step: Span::minutes(15),
    evaluate,
};

const MONTH: Span = Span::days(30);
const DAY: Span = Span::days(1);

type Rings = BTreeMap<ServiceName, Vec<Time>>;

/// Merges counted, and those followed by an alarm with when it rang.
struct Counted<'a> {
    all: usize,
    followed: Vec<(Time, &'a Seen<PullRequest>)>,
}

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let rings = rings(view);
    let (large, others) = counted(view, &rings);
    let share = |counted: &Counted<'_>| counted.followed.len() as f64 / counted.all.max(1) as f64;
    let least = view.limit(&RULE, "least-pairs").max(1.0) as usize;
    let is_case = large.followed.len() >= least
        && share(&large) >= view.limit(&RULE, "share")
        && share(&large) >= share(&others) * view.limit(&RULE, "lift");
    if !is_case {
        return Vec::new();
    }
    let mut rang: Vec<Time> = large.followed.iter().map(|(at, _)| *at).collect();
    rang.sort_unstable();
    let counts = format!(
        "{} of {} large cross-service PRs were followed by an alarm within 24 h, {} of {} others",
        large.followed.len(),
        large.all,
        others.followed.len(),
        others.all
    );
    let finding = Finding::new(&RULE, "all", rang[least - 1])
        .weighing(Gravity::Medium)
        .issue(
            "Large cross-service PRs are correlating with instability",
            "Blast radius increases and rollback paths become slower under pressure.",
        )
        .says(Place::PullRequests, counts)
        .number("large changes", large.all as f64, "")
        .number("followed by an alarm", large.followed.len() as f64, "")
        .number("other merges followed", share(&others) * 100.0, "%")
        .window(view.now - MONTH, view.now)
        .remedy("split", vec![("group", busiest_group(view, &large)), ("share", percent(share(&large)))])
        .signals(large.followed.iter().rev().map(|(_, request)| *request));
    vec![finding]
}

/// When alarms went off within the month, by service.
fn rings(view: &View<'_>) -> Rings {
    let mut rings = Rings::new();
    for (_, past) in view.alarms() {
        for rang in went_off(past).filter(|seen| seen.at() > view.now - MONTH) {
            if let Some(service) = &rang.service {
                rings.entry(service.clone()).or_default().push(rang.at());
            }
        }
    }
    rings.values_mut().for_each(|times| times.sort_unstable());
    rings
}

fn counted<'a>(view: &View<'a>, rings: &Rings) -> (Counted<'a>, Counted<'a>) {
    let mut large = Counted { all: 0, followed: Vec::new() };
    let mut others = Counted { all: 0, followed: Vec::new() };
    for seen in view.history.pull_requests.between(view.now - MONTH, view.now) {
        if seen.body.state != PullRequestState::Merged {
            continue;
        }
        let counted = if is_large(view, &seen.body) { &mut large } else { &mut others };
        counted.all += 1;
        counted.followed.extend(followed_by(rings, seen).map(|rang| (rang, seen)));
    }
    (large, others)
}

fn followed_by(rings: &Rings, seen: &Seen<PullRequest>) -> Option<Time> {
    let touched: BTreeSet<&ServiceName> = seen.body.services.iter().chain(&seen.service).collect();
    let first = |service: &ServiceName| {
        let times = rings.get(service)?;
        times.get(times.partition_point(|at| *at <= seen.at())).copied()
    };
    touched.into_iter().filter_map(first).filter(|rang| *rang <= seen.at() + DAY).min()
}

/// The group whose repositories most of these changes were merged into.
fn busiest_group(view: &View<'_>, counted: &Counted<'_>) -> String {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for (_, seen) in &counted.followed {
        *groups.entry(view.group_of(&seen.body.repository).0).or_default() += 1;
    }
    groups
        .into_iter()
        .max_by_key(|(name, count)| (*count, std::cmp::Reverse(name.clone())))
        .map_or_else(String::new, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::signal::AlarmState;

    fn story(alarms: &[i64]) -> Story {
        let mut story = Story::new();
        for day in 1..=4 {
            let large = (PullRequestState::Merged, 800, &["api", "db"][..]);
            let small = (PullRequestState::Merged, 10, &["web"][..]);
            story = story.request(Span::days(day * 3), "back/api", day as u64, large).request(
                Span::days(day * 3),
                "front/web",
                day as u64,
                small,
            );
        }
        for day in alarms {
            let ago = day * 3 * 1_440 - 60;
            story = story
                .alarm(ago + 1, "db", "db-high", AlarmState::Ok)
                .alarm(ago, "db", "db-high", AlarmState::Alarm)
                .alarm(ago - 9, "db", "db-high", AlarmState::Ok);
        }
        story
    }

    #[test]
    fn the_counts_behind_a_correlation_are_said() {
        let story = story(&[1, 2, 3]);
        assert_eq!(
            story.said(&RULE, Place::PullRequests),
            ["3 of 4 large cross-service PRs were followed by an alarm within 24 h, 0 of 4 others"]
        );
        assert_eq!(story.found(&RULE)[0].since, NOW - Span::minutes(3 * 1_440 - 60));
    }

    #[test]
    fn two_are_no_case() {
        assert_eq!(story(&[1, 2]).found(&RULE), []);
    }
}
