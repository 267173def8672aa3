//! Pull requests that wait for anybody to look at them.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::{counted, hours};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::signal::{Kind, PullRequest, PullRequestState};
use crate::domain::{Span, Time};
use std::collections::BTreeMap;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "review-queue",
    version: 1,
    title: "Waiting reviews",
    about: "Pull requests that are ready, neither merged nor closed, and have no review yet.",
    looks_at: &[Kind::PullRequest, Kind::Review],
    thresholds: &[
        Threshold::new("least-waiting", 3.0, "requests before it is an issue"),
        Threshold::new("longest-hours", 4.0, "the oldest has waited"),
        Threshold::new("days", 14.0, "older requests are taken for abandoned"),
    ],
    says: "{n} pull requests wait for review; the oldest has waited {hours}",
    step: Span::minutes(15),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let waiting = waiting(view);
    let Some((oldest, _)) = waiting.first() else { return Vec::new() };
    let longest = (view.now - *oldest).as_hours_f64();
    let is_long = longest >= view.limit(&RULE, "longest-hours");
    if (waiting.len() as f64) < view.limit(&RULE, "least-waiting") || !is_long {
        return Vec::new();
    }
    let requests = counted(waiting.len(), "pull request");
    let (verb, has) = (if waiting.len() == 1 { "waits" } else { "wait" }, hours(longest));
    let since = *oldest + Span::minutes((view.limit(&RULE, "longest-hours") * 60.0) as i64);
    let finding = Finding::new(&RULE, "all", since.min(view.now))
        .weighing(Gravity::Low)
        .issue(format!("{requests} {verb} for review"), "What waits is merged late and in larger steps.")
        .says(Place::PullRequests, format!("{requests} {verb} for review, the oldest for {has}"))
        .number("waiting", waiting.len() as f64, "")
        .number("oldest", longest, "h")
        .remedy("clear-queue", vec![("requests", requests)])
        .signals(waiting.iter().map(|(_, request)| *request));
    vec![finding]
}

/// Oldest first, each with when it became ready.
fn waiting<'a>(view: &View<'a>) -> Vec<(Time, &'a Seen<PullRequest>)> {
    let from = view.now - Span::hours((view.limit(&RULE, "days") * 24.0) as i64);
    let mut latest: BTreeMap<(&str, u64), &Seen<PullRequest>> = BTreeMap::new();
    for request in view.history.pull_requests.between(from, view.now) {
        latest.insert((&request.body.repository, request.body.number), request);
    }
    for review in view.history.reviews.between(from, view.now) {
        latest.remove(&(review.body.repository.as_str(), review.body.number));
    }
    let mut waiting: Vec<_> = latest
        .into_values()
        .filter(|request| request.body.state == PullRequestState::Ready)
        .map(|request| (request.body.ready_at.unwrap_or(request.at()).min(request.at()), request))
        .collect();
    waiting.sort_by_key(|(ready, request)| (*ready, request.key));
    waiting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn requests_nobody_looked_at_wait() {
        let ready = (PullRequestState::Ready, 10, &[][..]);
        let mut story = Story::new();
        for number in 1..=3 {
            story = story.request(Span::hours(6), "back/api", number, ready);
        }
        assert_eq!(story.said(&RULE, Place::Issue), ["3 pull requests wait for review"]);
        let story = story.review(Span::hours(1), "back/api", 2, "sam", Span::hours(5));
        assert_eq!(story.found(&RULE), []);
    }
}
