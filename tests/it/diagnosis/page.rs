//! The whole page of the built-in story: every statement, with its numbers, its order and its age.

use super::{scenario, situation_at, situation_of, story};
use sitroom::diagnosis::{ConfidenceLevel, Gravity, Horizon, Level, Situation, StepKind};
use sitroom::domain::{Span, Time};

fn page() -> Situation {
    situation_of(story())
}

fn texts<T>(lines: &[T], text: impl Fn(&T) -> &str) -> Vec<&str> {
    lines.iter().map(text).collect()
}

#[track_caller]
fn holds(lines: &[&str], wanted: &str) {
    assert!(lines.contains(&wanted), "`{wanted}` is not among\n{}", lines.join("\n"));
}

#[test]
fn the_state_is_one_sentence_and_the_worst_service_comes_first() {
    let state = page().state;
    assert_eq!(state.level, Level::Elevated);
    assert_eq!(
        state.sentence,
        "System operating within normal range, with payment-api errors still elevated after the latest deploy, \
         and 1 more service is not well."
    );
    let worst = &state.services[0];
    assert_eq!((worst.name.as_str(), worst.level), ("payment-api", Level::Elevated));
    assert_eq!(worst.text, "5xx 1.9 % (0.7 %)");
    let spark = worst.spark.as_ref().unwrap();
    assert_eq!(spark.values.len(), 60);
    assert!(spark.values[0] < 1.0 && spark.values[59] > 1.7 && (spark.baseline - 0.7).abs() < 0.05);
}

#[test]
fn what_changed_is_tagged_and_the_likely_come_first() {
    let page = page();
    let lines: Vec<String> =
        page.changes.iter().map(|line| format!("[{}] {}", line.tag, line.text)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    holds(&lines, "[AWS Deploy] checkout-service v2.14.3 released to production");
    holds(&lines, "[AWS Runtime] payment-api 5xx rose from 0.7 % to 1.9 % within 11 minutes");
    holds(&lines, "[Git PR] merged change #4127 touched 3 services and 812 LOC");
    holds(&lines, "[Git Review] median turnaround on payments repositories increased from 1.4 h to 2.6 h");
    assert_eq!(lines[0], "[Config] checkout-worker concurrency 40 → 120");
    assert!(page.changes.iter().zip(1..).all(|(line, rank)| line.rank == rank));
    assert!(page.changes.iter().all(|line| page.at - line.at < Span::hours(72)));
}

#[test]
fn the_primary_exposure_is_said() {
    let page = page();
    let lines = texts(&page.exposure, |line| line.text.as_str());
    holds(&lines, "Payment-api error rate remains above baseline after deploy v2.14.3");
    let coverage =
        lines.iter().find(|line| line.starts_with("3 production endpoints currently lack p95/p99"));
    for endpoint in ["checkout confirm", "payment capture", "ledger write"] {
        assert!(coverage.unwrap().contains(endpoint), "{endpoint}");
    }
    holds(&lines, "Review latency remains elevated on payments repositories");
}

#[test]
fn the_three_actions_come_first_with_impact_horizon_and_reason() {
    let actions = page().actions;
    let said: Vec<_> = actions.iter().take(3).map(|a| (a.impact, a.horizon, a.because.as_str())).collect();
    assert_eq!(
        said,
        [
            (
                Gravity::High,
                Horizon::Immediate,
                "error spike is linked to recent scaling and concurrency changes"
            ),
            (Gravity::High, Horizon::Within24h, "three critical endpoints are currently unalerted"),
            (
                Gravity::Medium,
                Horizon::BeforeNextDeploy,
                "large PRs are correlating with post-deploy instability (60 % of them were followed by an alarm)"
            ),
        ]
    );
    assert_eq!(
        actions[0].text,
        "Roll back checkout-worker scaling change (concurrency 40 → 120) and rerun synthetic load profile."
    );
    assert!(actions[1].text.starts_with("Add p95 and p99 alarms to untracked endpoints ("));
    assert!(actions[1].text.ends_with(") and test alert routing."));
    assert_eq!(actions[2].text, "Split cross-service PRs and require second reviewer on payments changes.");
}

#[test]
fn seven_issues_are_open_and_the_first_four_are_those_of_the_page() {
    let page = page();
    assert_eq!(page.issues.len(), 7);
    let first: Vec<_> =
        page.issues.iter().take(4).map(|issue| (issue.text.as_str(), page.at - issue.since)).collect();
    assert_eq!(
        first,
        [
            ("Error rate increased after deploy v2.14.3", Span::minutes(12)),
            ("3 critical endpoints are missing latency alerting", Span::minutes(38)),
            ("Review turnaround is slowing on critical repositories", Span::minutes(51)),
            ("Large cross-service PRs are correlating with instability", Span::hours(1)),
        ]
    );
    let consequences: Vec<_> = page.issues.iter().take(4).map(|issue| issue.consequence.as_str()).collect();
    assert_eq!(
        consequences,
        [
            "Checkout failures are affecting live revenue flow.",
            "Latency regressions can ship without paging on-call.",
            "Slow review cycles are extending merge queues and hotfix lead time.",
            "Blast radius increases and rollback paths become slower under pressure.",
        ]
    );
    let rules: Vec<_> = page.issues[4..].iter().map(|issue| issue.rule).collect();
    assert_eq!(rules, ["flapping-alarm", "deploy-health", "silent-alarm"]);
}

#[test]
fn release_confidence_is_a_sum_anybody_can_redo() {
    let confidence = page().confidence;
    assert_eq!(confidence.level, ConfidenceLevel::Low);
    let weights: i64 = confidence.reasons.iter().map(|reason| reason.weight).sum();
    assert_eq!(confidence.score, Some(100 + weights));
    assert!((1..50).contains(&(100 + weights)));
}

#[test]
fn the_signals_of_the_page_are_there() {
    let page = page();
    let requests = texts(&page.signals.pr, |line| line.text.as_str());
    holds(&requests, "PR size is up 34 % week-over-week on checkout and payments repositories");
    holds(&requests, "Median review turnaround increased from 1.4 h to 2.6 h");
    holds(&requests, "Largest recent merged PR touched 3 services and 812 LOC");
    assert!(requests.iter().any(|line| {
        line.starts_with(
            "Reviewer participation is concentrated: two engineers handled most critical reviews (",
        )
    }));
    let operational = texts(&page.signals.operational, |line| line.text.as_str());
    holds(&operational, "Deploy-to-alarm interval: 11 minutes from rollout to burn-rate alert");
    holds(&operational, "Payment-api burn-rate remains above threshold (1.8×)");
    holds(&operational, "Error spike timing aligns with checkout-worker concurrency configuration changes");
    let gap = operational.iter().find(|line| line.starts_with("Monitoring coverage gap remains on "));
    for endpoint in ["checkout confirm", "payment capture", "ledger write"] {
        assert!(gap.unwrap().contains(endpoint), "{endpoint}");
    }
}

#[test]
fn the_concurrency_change_is_the_first_suspect_and_says_why() {
    let suspects = page().suspects;
    assert_eq!(suspects[0].change.text, "checkout-worker concurrency 40 → 120");
    for suspect in &suspects {
        let weights: i64 = suspect.reasons.iter().map(|reason| reason.weight).sum();
        assert_eq!(suspect.score, weights.max(0));
    }
}

#[test]
fn the_sequence_runs_from_deploy_to_alarm_to_diagnosis() {
    let page = page();
    let steps: Vec<_> = page
        .sequence
        .iter()
        .map(|step| (step.at.to_string()[11..16].to_owned(), step.kind, step.gap_minutes))
        .collect();
    let wanted = [
        ("13:58", StepKind::Config, None),
        ("14:06", StepKind::Deploy, Some(8)),
        ("14:17", StepKind::Alarm, Some(11)),
        ("14:20", StepKind::Diagnosis, Some(3)),
    ];
    assert_eq!(steps, wanted.map(|(at, kind, gap)| (at.to_owned(), kind, gap)));
    assert_eq!(
        page.sequence[3].text,
        "Diagnosis updated: first suspect checkout-worker concurrency 40 → 120"
    );
}

#[test]
fn before_the_diagnosis_settled_the_deploy_was_suspected() {
    let scenario = scenario(story());
    let at: Time = "2026-03-18T14:19:00Z".parse().unwrap();
    let earlier = situation_at(&scenario, at);
    assert_eq!(earlier.suspects[0].change.text, "checkout-service v2.14.3 to production");
    assert!(earlier.actions[0].text.starts_with("Roll back checkout-service v2.14.3 to v2.14.2"));
    let before = situation_at(&scenario, "2026-03-18T13:50:00Z".parse().unwrap());
    assert_eq!((before.state.level, before.suspects.len()), (Level::Normal, 0));
}

#[test]
fn every_statement_carries_its_evidence() {
    let page = page();
    assert!(page.issues.iter().all(|issue| !issue.evidence.is_empty()));
    assert!(page.exposure.iter().all(|line| !line.evidence.is_empty()));
    assert!(page.actions.iter().all(|line| !line.evidence.is_empty()));
    assert!(page.changes.iter().all(|line| !line.evidence.is_empty()));
    assert!(page.signals.pr.iter().chain(&page.signals.operational).all(|line| !line.evidence.is_empty()));
}
