//! What to do about what was found: one table, rule by rule.
//!
//! Templates take their values from the finding. Two findings that ask for the same thing ask once, with the
//! evidence of both.

use super::rule::Finding;
use super::rules::{
    alert_coverage, blind_spot, burn_rate, change_timing, cross_service_changes, deploy_health, deploy_order,
    elevated, elevated_after_deploy, failing_check, failing_run, flapping_alarm, long_alarm, review_queue,
    review_turnaround, reviewer_concentration, ringing_alarm, rollback_trigger, silent_alarm,
};
use super::say::fill;
use super::situation::{Gravity, Horizon, Remedy};
use super::view::View;

/// One row of the table.
#[derive(Debug)]
pub(super) struct Template {
    pub rule: &'static str,
    pub name: &'static str,
    pub text: &'static str,
    pub impact: Gravity,
    pub horizon: Horizon,
    pub because: &'static str,
}

macro_rules! table {
    ($($rule:ident, $name:literal, $impact:ident, $horizon:ident: $text:literal, $because:literal;)+) => {
        pub(super) const TABLE: &[Template] = &[$(Template {
            rule: $rule::RULE.id,
            name: $name,
            text: $text,
            impact: Gravity::$impact,
            horizon: Horizon::$horizon,
            because: $because,
        }),+];
    };
}

table! {
    rollback_trigger, "roll-back", High, Immediate:
        "Roll back {service} {version} to {previous}: {trigger} met since {met}, after the deploy at {deployed}.",
        "it has been met for {for}: {says}{more}";
    change_timing, "roll-back", High, Immediate:
        "Roll back {service} {kind} change ({setting}) and rerun synthetic load profile.",
        "{measure} spike is linked to recent {kind} and {key} changes";
    elevated_after_deploy, "roll-back", High, Immediate:
        "Roll back {service} {version} to {previous}.",
        "{affected} {measure} rose after it was deployed and nothing else explains it better";
    elevated, "look", High, Immediate:
        "Find what moves {what}: dependencies, traffic, hosts.",
        "it is at {value} and no recent change explains it";
    failing_check, "look", High, Immediate:
        "Restore {service}: health check {check} fails.",
        "a service that fails its own check is not serving";
    burn_rate, "slow-down", High, Immediate:
        "Stop what burns the {slo} budget of {service}, or shed load.",
        "at this rate the budget is gone long before its window ends";
    ringing_alarm, "look", Medium, Immediate:
        "Look into {alarm}.",
        "it rings and no measured series explains why";
    alert_coverage, "add-alarms", High, Within24h:
        "Add p95 and p99 alarms to untracked endpoints ({names}) and test alert routing.",
        "{count} critical {endpoints} currently unalerted";
    long_alarm, "look", Medium, Within24h:
        "Decide on {alarm}: fix its cause or its threshold.",
        "it has been open longer than its history suggests";
    cross_service_changes, "split", Medium, BeforeNextDeploy:
        "Split cross-service PRs and require second reviewer on {group} changes.",
        "large PRs are correlating with post-deploy instability ({share} of them were followed by an alarm)";
    deploy_health, "fix-deploy", Medium, BeforeNextDeploy:
        "Find out why {service} {version} failed to deploy before trying again.",
        "the deployment failed and nothing has succeeded since";
    deploy_order, "order", Low, BeforeNextDeploy:
        "Deploy {dependency} before {service}.",
        "{service} depends on it and was deployed first";
    failing_run, "fix-run", Medium, BeforeNextDeploy:
        "Repair {name}.",
        "its latest runs failed, so a fix could not be shipped";
    blind_spot, "see-again", Medium, Within24h:
        "Bring {source} back: {why}",
        "what it would tell is missing from everything above";
    silent_alarm, "feed-alarm", Medium, ThisWeek:
        "Give {alarm} its data back, or retire it.",
        "an alarm without data cannot ring";
    review_turnaround, "review-time", Low, ThisWeek:
        "Set time aside for reviews on {group} repositories.",
        "median turnaround went from {from} to {to}";
    review_queue, "clear-queue", Low, ThisWeek:
        "Clear the review queue: {requests}.",
        "nobody has looked at them yet";
    reviewer_concentration, "spread-reviews", Low, ThisWeek:
        "Bring a third reviewer into critical repositories.",
        "two people wrote {share} of the reviews";
    flapping_alarm, "calm-alarm", Low, ThisWeek:
        "Give {alarm} a longer window or another threshold.",
        "it goes off and on by itself";
}

/// Gravest and most urgent first, of those what the team itself has said it would do, and then what most stands on.
pub(super) fn remedies(view: &View<'_>, findings: &[Finding]) -> Vec<Remedy> {
    let mut remedies: Vec<Remedy> = Vec::new();
    for finding in findings {
        let Some(template) = template_of(finding) else { continue };
        let remedy = filled(template, finding);
        match remedies.iter_mut().find(|known| known.text == remedy.text) {
            Some(known) => known.evidence.extend(remedy.evidence),
            None => remedies.push(remedy),
        }
    }
    remedies.sort_by_cached_key(|remedy| {
        let is_demanded = remedy.rule == rollback_trigger::RULE.id;
        (remedy.impact, remedy.horizon, !is_demanded, view.weight(remedy.service.as_ref()))
    });
    remedies
}

fn template_of(finding: &Finding) -> Option<&'static Template> {
    let name = finding.remedy?;
    TABLE.iter().find(|template| template.rule == finding.rule && template.name == name)
}

fn filled(template: &Template, finding: &Finding) -> Remedy {
    Remedy {
        text: fill(template.text, &finding.words),
        impact: template.impact,
        horizon: template.horizon,
        because: fill(template.because, &finding.words),
        rule: template.rule,
        service: finding.service.clone(),
        evidence: finding.evidence.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::Story;
    use crate::domain::ServiceName;

    #[test]
    fn among_equals_what_is_critical_and_what_most_stands_on_comes_first() {
        let failing = |story: Story, service: &str| story.check(3, service, false).check(1, service, false);
        let story = ["db", "web", "api"].into_iter().fold(Story::new(), failing);
        let situation = story.situation();
        let services = situation.actions.iter().filter_map(|action| action.service.as_ref());
        assert_eq!(services.map(ServiceName::as_str).take(3).collect::<Vec<_>>(), ["api", "web", "db"]);
        assert!(situation.state.sentence.starts_with("api is critical"), "{}", situation.state.sentence);
    }
}
