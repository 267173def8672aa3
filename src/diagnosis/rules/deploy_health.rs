//! Deployments that failed, and how many succeed.

use crate::diagnosis::history::Seen;
use crate::diagnosis::plan::attempt::told;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::percent;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::signal::{Deploy, Kind, Outcome};
use crate::domain::{Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "deploy-health",
    version: 2,
    title: "Deploy health",
    about: "Production deployments that failed and were not followed by one that succeeded, and the share of \
            deployments that succeeded within 7 and 30 days. One version that goes out is one deployment, however \
            often it is told of, and one that is rolled back did not succeed. The plan counts the same ones, and \
            also blames them for what rang, rose or broke after them.",
    looks_at: &[Kind::Deploy],
    thresholds: &[
        Threshold::new("failed-hours", 72.0, "a failure is remembered"),
        Threshold::new("success-share", 0.9, "of 7 days, below which the rate is said"),
        Threshold::new("least-deploys", 5.0, "below which no rate is said"),
    ],
    says: "{service} deployment {version} failed; Deployment success rate {share} over 7 days, {share} over 30 days",
    step: Span::minutes(15),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut findings = failed(view);
    findings.extend(rate(view));
    findings
}

fn failed(view: &View<'_>) -> Vec<Finding> {
    let from = view.now - Span::hours(view.limit(&RULE, "failed-hours") as i64);
    let recent = view.history.deploys.between(from, view.now);
    let is_open = |seen: &&Seen<Deploy>| {
        let later = recent.iter().any(|later| {
            later.service == seen.service && later.key > seen.key && later.is_production() && is_final(later)
        });
        seen.is_production() && seen.body.outcome == Outcome::Failed && !later
    };
    recent.iter().filter(is_open).map(failure).collect()
}

fn failure(seen: &Seen<Deploy>) -> Finding {
    let (service, version) = (seen.service_name(), &seen.body.version);
    let cause = seen.body.cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
    let mut finding = Finding::new(&RULE, seen.key.id.to_string(), seen.at())
        .weighing(Gravity::Low)
        .issue(
            format!("{service} deployment {version} failed{cause}"),
            format!("{service} still runs what it ran before."),
        )
        .says(Place::Change, format!("{service} {version} failed to deploy{cause}"))
        .remedy("fix-deploy", vec![("service", service.to_owned()), ("version", version.clone())])
        .signal(seen)
        .anchored(seen.key.id, seen.at(), &seen.source, Kind::Deploy);
    finding.service = seen.service.clone();
    finding
}

fn rate(view: &View<'_>) -> Option<Finding> {
    let (week, month) = (since(view, Span::days(7)), since(view, Span::days(30)));
    let share = |(good, all): (usize, usize)| good as f64 / all.max(1) as f64;
    let is_low = share(week) < view.limit(&RULE, "success-share");
    if (week.1 as f64) < view.limit(&RULE, "least-deploys") || !is_low {
        return None;
    }
    let text = format!(
        "Deployment success rate {} over 7 days ({} of {}), {} over 30 days",
        percent(share(week)),
        week.0,
        week.1,
        percent(share(month))
    );
    let finding = Finding::new(&RULE, "success-rate", view.now - Span::days(7))
        .says(Place::Operational, text)
        .number("succeeded, 7 days", week.0 as f64, "")
        .number("deployments, 7 days", week.1 as f64, "")
        .number("succeeded, 30 days", month.0 as f64, "")
        .number("deployments, 30 days", month.1 as f64, "")
        .window(view.now - Span::days(30), view.now);
    Some(finding)
}

/// How many went well by what they say themselves, of how many attempts that ended.
fn since(view: &View<'_>, span: Span) -> (usize, usize) {
    let from: Time = view.now - span;
    let ended: Vec<_> = told(view).into_iter().filter(|attempt| attempt.at() > from).collect();
    (ended.iter().filter(|attempt| attempt.failure.is_none()).count(), ended.len())
}

fn is_final(seen: &Seen<Deploy>) -> bool {
    seen.body.outcome != Outcome::Started
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn a_failed_deployment_is_open_until_another_succeeds() {
        let story = Story::new().deploy(300, "api", "v2", Outcome::Failed);
        assert_eq!(story.said(&RULE, Place::Issue), ["api deployment v2 failed"]);
        assert_eq!(story.deploy(200, "api", "v3", Outcome::Succeeded).said(&RULE, Place::Issue), [""; 0]);
    }

    #[test]
    fn a_poor_rate_says_its_counts() {
        let mut story = Story::new();
        for ago in 1..=3 {
            let version = format!("v{ago}");
            story = story
                .deploy(ago * 100, "api", &version, Outcome::Succeeded)
                .deploy(ago * 100 - 2, "api", &version, Outcome::Succeeded)
                .deploy(ago * 100 + 9, "db", &version, Outcome::Succeeded)
                .deploy(ago * 100 + 5, "db", &version, Outcome::RolledBack);
        }
        assert_eq!(
            story.said(&RULE, Place::Operational),
            ["Deployment success rate 50 % over 7 days (3 of 6), 50 % over 30 days"]
        );
    }
}
