//! The largest change merged of late.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::counted;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::{Kind, PullRequest, PullRequestState};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "large-change",
    version: 1,
    title: "Large change",
    about: "The largest change merged within the last 72 hours that touches several services and many lines.",
    looks_at: &[Kind::PullRequest],
    thresholds: &[
        Threshold::new("lines", 400.0, "added and removed"),
        Threshold::new("services", 2.0, "touched"),
    ],
    says: "merged change {number} touched {n} services and {lines} lines; Largest recent merged PR touched {n} \
           services and {lines} lines",
    step: Span::minutes(15),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let merged = view.history.pull_requests.between(view.now - Span::hours(72), view.now);
    let largest = merged
        .iter()
        .filter(|seen| is_large(view, &seen.body))
        .max_by_key(|seen| (seen.body.lines(), seen.key));
    largest.into_iter().map(finding).collect()
}

/// Merged, long, and across services.
pub(in crate::diagnosis) fn is_large(view: &View<'_>, request: &PullRequest) -> bool {
    request.state == PullRequestState::Merged
        && request.lines() as f64 >= view.limit(&RULE, "lines")
        && request.services.len() as f64 >= view.limit(&RULE, "services")
}

fn finding(seen: &Seen<PullRequest>) -> Finding {
    let request = &seen.body;
    let touched =
        format!("touched {} and {} LOC", counted(request.services.len(), "service"), request.lines());
    let mut finding = Finding::new(&RULE, seen.key.id.to_string(), seen.at())
        .weighing(Gravity::Low)
        .says(Place::Change, format!("merged change #{} {touched}", request.number))
        .says(Place::PullRequests, format!("Largest recent merged PR {touched}"))
        .number("lines", request.lines() as f64, "lines")
        .number("services", request.services.len() as f64, "")
        .signal(seen)
        .anchored(seen.key.id, seen.at(), &seen.source, Kind::PullRequest);
    finding.service = seen.service.clone();
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn the_largest_merge_of_three_days_is_told() {
        let merged = PullRequestState::Merged;
        let story = Story::new()
            .request(Span::hours(5), "back/api", 7, (merged, 500, &["api", "db"]))
            .request(Span::hours(4), "back/api", 8, (merged, 900, &["api", "db", "web"]))
            .request(Span::hours(3), "back/api", 9, (merged, 9_000, &["api"]))
            .request(Span::hours(80), "back/api", 6, (merged, 9_000, &["api", "db"]));
        assert_eq!(story.said(&RULE, Place::Change), ["merged change #8 touched 3 services and 900 LOC"]);
    }
}
