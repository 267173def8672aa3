//! Pull requests that grow from one week to the next.

use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::{list, percent};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::stats::median;
use crate::diagnosis::view::View;
use crate::domain::signal::{Kind, PullRequestState};
use crate::domain::{Span, Time};
use std::collections::BTreeSet;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "change-growth",
    version: 1,
    title: "Growing changes",
    about: "The median size of what was merged in the last seven days on critical repositories, against the \
            seven days before.",
    looks_at: &[Kind::PullRequest],
    thresholds: &[
        Threshold::new("growth", 0.2, "share by which the median grew"),
        Threshold::new("least-changes", 5.0, "merged in each week, below which nothing is said"),
    ],
    says: "PR size is up {share} week-over-week on {groups} repositories",
    step: Span::minutes(15),
    evaluate,
};

const WEEK: Span = Span::days(7);

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let (mut this, groups) = sizes(view, view.now - WEEK, view.now);
    let (mut last, _) = sizes(view, view.now - WEEK - WEEK, view.now - WEEK);
    let least = view.limit(&RULE, "least-changes") as usize;
    if this.len() < least.max(1) || last.len() < least.max(1) {
        return Vec::new();
    }
    let counts = (this.len(), last.len());
    let (Some(now), Some(before)) = (median(&mut this), median(&mut last)) else { return Vec::new() };
    let growth = now / before.max(1.0) - 1.0;
    if growth < view.limit(&RULE, "growth") {
        return Vec::new();
    }
    let groups: Vec<String> = groups.into_iter().collect();
    let text = format!("PR size is up {} week-over-week on {} repositories", percent(growth), list(&groups));
    let finding = Finding::new(&RULE, "critical", view.now - WEEK)
        .weighing(Gravity::Low)
        .says(Place::PullRequests, text)
        .number("median lines this week", now, "lines")
        .number("median lines last week", before, "lines")
        .number("merged this week", counts.0 as f64, "")
        .number("merged last week", counts.1 as f64, "")
        .window(view.now - WEEK - WEEK, view.now);
    vec![finding]
}

fn sizes(view: &View<'_>, from: Time, to: Time) -> (Vec<f64>, BTreeSet<String>) {
    let mut groups = BTreeSet::new();
    let mut sizes = Vec::new();
    for seen in view.history.pull_requests.between(from, to) {
        let (group, is_critical) = view.group_of(&seen.body.repository);
        if seen.body.state == PullRequestState::Merged && is_critical {
            sizes.push(seen.body.lines() as f64);
            groups.insert(group);
        }
    }
    (sizes, groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn growth_is_this_weeks_median_over_last_weeks() {
        let mut story = Story::new();
        for number in 0..6 {
            let merged = |lines| (PullRequestState::Merged, lines, &["api"][..]);
            story = story.request(Span::days(10), "back/api", number, merged(100 + number)).request(
                Span::days(2),
                "back/api",
                10 + number,
                merged(150 + number),
            );
        }
        assert_eq!(
            story.said(&RULE, Place::PullRequests),
            ["PR size is up 49 % week-over-week on back repositories"]
        );
    }
}
