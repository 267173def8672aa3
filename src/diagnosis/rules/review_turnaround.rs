//! Reviews that take longer than they did.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::hours;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::stats::median;
use crate::diagnosis::view::View;
use crate::domain::signal::{Kind, Review};
use crate::domain::{Span, Time};
use std::collections::BTreeMap;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "review-turnaround",
    version: 1,
    title: "Review turnaround",
    about: "The median time from ready to review over the last days, per group of repositories (whoever owns \
            their services), against the median of the days before. Open since the review that tipped it.",
    looks_at: &[Kind::Review],
    thresholds: &[
        Threshold::new("window-hours", 168.0, "what counts as now"),
        Threshold::new("baseline-days", 21.0, "before that, what counts as usual"),
        Threshold::new("ratio", 1.5, "times the baseline"),
        Threshold::new("least-hours", 0.5, "above the baseline"),
        Threshold::new("least-reviews", 5.0, "in each of the two, below which nothing is said"),
    ],
    says: "Review turnaround is slowing on critical repositories; median turnaround on {group} repositories \
           increased from {from} to {to}; Review latency remains elevated on {group} repositories",
    step: Span::minutes(10),
    evaluate,
};

/// Reviews looked back through for the one that tipped the median.
const FARTHEST: usize = 100;

struct Slowing {
    from: f64,
    to: f64,
    reviews: usize,
}

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut groups: BTreeMap<(String, bool), Vec<&Seen<Review>>> = BTreeMap::new();
    let reach = span(view, "window-hours", 1) + span(view, "baseline-days", 24);
    for review in view.history.reviews.between(view.now - reach - Span::days(3), view.now) {
        groups.entry(view.group_of(&review.body.repository)).or_default().push(review);
    }
    groups
        .iter()
        .filter_map(|((group, is_critical), reviews)| slow(view, group, *is_critical, reviews))
        .collect()
}

fn span(view: &View<'_>, name: &str, hours: i64) -> Span {
    Span::hours((view.limit(&RULE, name) as i64).clamp(1, 10_000).saturating_mul(hours))
}

fn slow(view: &View<'_>, group: &str, is_critical: bool, reviews: &[&Seen<Review>]) -> Option<Finding> {
    let slowing = slowing(view, reviews, view.now)?;
    let tipping = reviews
        .iter()
        .rev()
        .take(FARTHEST)
        .take_while(|review| self::slowing(view, reviews, review.at()).is_some())
        .last();
    let since = tipping.map_or(view.now, |review| review.at());
    let latest = reviews.last()?;
    let which = if is_critical { "critical" } else { group };
    let (from, to) = (hours(slowing.from), hours(slowing.to));
    let severity = if is_critical { Gravity::Medium } else { Gravity::Low };
    Some(
        Finding::new(&RULE, group, since)
            .weighing(severity)
            .issue(
                format!("Review turnaround is slowing on {which} repositories"),
                "Slow review cycles are extending merge queues and hotfix lead time.",
            )
            .says(
                Place::Change,
                format!("median turnaround on {group} repositories increased from {from} to {to}"),
            )
            .says(Place::Exposure, format!("Review latency remains elevated on {group} repositories"))
            .says(Place::PullRequests, format!("Median review turnaround increased from {from} to {to}"))
            .number("median now", slowing.to, "h")
            .number("median before", slowing.from, "h")
            .number("reviews", slowing.reviews as f64, "")
            .window(view.now - span(view, "window-hours", 1), view.now)
            .remedy("review-time", vec![("group", group.to_owned()), ("from", from), ("to", to)])
            .signals(reviews.iter().rev().copied())
            .anchored(latest.key.id, since, &latest.source, Kind::Review),
    )
}

fn slowing(view: &View<'_>, reviews: &[&Seen<Review>], now: Time) -> Option<Slowing> {
    let recent_from = now - span(view, "window-hours", 1);
    let baseline_from = recent_from - span(view, "baseline-days", 24);
    let least = view.limit(&RULE, "least-reviews") as usize;
    let mut recent = turnarounds(reviews, recent_from, now);
    let mut before = turnarounds(reviews, baseline_from, recent_from);
    if recent.len() < least.max(1) || before.len() < least.max(1) {
        return None;
    }
    let count = recent.len();
    let (to, from) = (median(&mut recent)?, median(&mut before)?);
    let is_slow = to >= from * view.limit(&RULE, "ratio") && to - from >= view.limit(&RULE, "least-hours");
    is_slow.then_some(Slowing { from, to, reviews: count })
}

fn turnarounds(reviews: &[&Seen<Review>], from: Time, to: Time) -> Vec<f64> {
    let within = |review: &&&Seen<Review>| review.at() > from && review.at() <= to;
    reviews.iter().filter(within).map(|review| review.body.turnaround.as_hours_f64()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};

    fn reviews(mut story: Story, count: u64, first_days_ago: i64, minutes: i64) -> Story {
        for number in 0..count {
            let ago = Span::days(first_days_ago) - Span::hours(number as i64);
            story = story.review(ago, "back/api", number, "dana", Span::minutes(minutes));
        }
        story
    }

    #[test]
    fn a_slower_median_says_from_to_and_since_which_review() {
        let story = reviews(reviews(Story::new(), 8, 12, 60), 6, 2, 150);
        assert_eq!(
            story.said(&RULE, Place::PullRequests),
            ["Median review turnaround increased from 1.0 h to 2.5 h"]
        );
        let fifth = NOW - (Span::days(2) - Span::hours(4));
        assert_eq!(story.found(&RULE)[0].since, fifth);
    }

    #[test]
    fn as_fast_as_ever_or_too_few_is_nothing() {
        assert_eq!(reviews(reviews(Story::new(), 8, 12, 60), 6, 2, 70).found(&RULE), []);
        assert_eq!(reviews(reviews(Story::new(), 8, 12, 60), 3, 2, 600).found(&RULE), []);
    }
}
