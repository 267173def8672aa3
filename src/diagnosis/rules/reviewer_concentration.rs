//! Few people who review everything that matters.

use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::percent;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::Kind;
use std::collections::BTreeMap;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "reviewer-concentration",
    version: 1,
    title: "Reviewer concentration",
    about: "The share of reviews on critical repositories that the two busiest reviewers wrote.",
    looks_at: &[Kind::Review],
    thresholds: &[
        Threshold::new("days", 14.0, "looked back over"),
        Threshold::new("share", 0.6, "of all reviews by the top two"),
        Threshold::new("least-reviews", 10.0, "below which nothing is said"),
        Threshold::new("least-reviewers", 3.0, "in a team of two, two review everything"),
    ],
    says: "Reviewer participation is concentrated: two engineers handled {share} of critical reviews",
    step: Span::hours(1),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let from = view.now - Span::hours((view.limit(&RULE, "days") * 24.0) as i64);
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    let reviews = view.history.reviews.between(from, view.now);
    for review in reviews.iter().filter(|review| view.group_of(&review.body.repository).1) {
        *by.entry(review.body.reviewer.as_str()).or_default() += 1;
    }
    let total: usize = by.values().sum();
    let mut counts: Vec<(&str, usize)> = by.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let top: usize = counts.iter().take(2).map(|(_, count)| count).sum();
    let share = top as f64 / total.max(1) as f64;
    let is_enough = total as f64 >= view.limit(&RULE, "least-reviews")
        && counts.len() as f64 >= view.limit(&RULE, "least-reviewers");
    if !is_enough || share < view.limit(&RULE, "share") {
        return Vec::new();
    }
    let text = format!(
        "Reviewer participation is concentrated: two engineers handled most critical reviews ({top} of {total}, {})",
        percent(share)
    );
    let finding = Finding::new(&RULE, "critical", from)
        .weighing(Gravity::Low)
        .says(Place::PullRequests, text)
        .number("reviews by the top two", top as f64, "")
        .number("reviews", total as f64, "")
        .number("reviewers", counts.len() as f64, "")
        .window(from, view.now)
        .remedy("spread-reviews", vec![("share", percent(share))]);
    vec![finding]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    fn reviewed(by: &[&str]) -> Story {
        by.iter().zip(1_u64..).fold(Story::new(), |story, (name, number)| {
            story.review(Span::hours(number as i64), "back/api", number, name, Span::hours(1))
        })
    }

    #[test]
    fn two_who_review_nearly_everything_are_counted() {
        let few = ["dana", "dana", "dana", "dana", "sam", "sam", "sam", "sam", "lee", "lee"];
        assert!(reviewed(&few).said(&RULE, Place::PullRequests)[0].contains("(8 of 10, 80 %)"));
        let many = ["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"];
        assert_eq!(reviewed(&many).found(&RULE), []);
    }
}
