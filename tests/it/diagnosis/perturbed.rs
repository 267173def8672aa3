//! When a number, a name or a time of the story changes, what is said of it follows.

use super::{scenario, situation_of, story};
use sitroom::diagnosis::{ConfidenceLevel, Level, Policy, Situation, situation};
use sitroom::domain::signal::{Body, Kind};
use sitroom::domain::{Signal, SignalLog, Span};

/// The story's end with some of its signals changed or left out.
fn told(change: impl Fn(Signal) -> Option<Signal>) -> Situation {
    let scenario = scenario(story());
    let log: SignalLog = scenario.signals_until(scenario.end()).filter_map(change).collect();
    situation(&log, scenario.catalog(), &Policy::default(), &[], scenario.end())
}

fn everything(situation: &Situation) -> String {
    serde_json::to_string(situation).unwrap()
}

#[test]
fn another_name_is_named() {
    let situation =
        situation_of(&story().replace("checkout-worker", "basket-runner").replace("v2.14.3", "v9.0.1"));
    let said = everything(&situation);
    assert!(said.contains("Roll back basket-runner scaling change"));
    assert!(said.contains("Error rate increased after deploy v9.0.1"));
    assert!(!said.contains("checkout-worker") && !said.contains("v2.14.3"));
}

#[test]
fn another_number_is_said() {
    let situation = told(|mut signal| {
        if let Body::PullRequest(request) = &mut signal.body
            && request.number == 4127
        {
            request.added += 100;
        }
        Some(signal)
    });
    assert!(everything(&situation).contains("touched 3 services and 912 LOC"));
}

#[test]
fn another_time_is_measured() {
    let deploy = |text: &str| text.replace("14:06     deploy", "14:05     deploy");
    let said = everything(&situation_of(&deploy(story())));
    assert!(said.contains("Deploy-to-alarm interval: 12 minutes from rollout"));
}

#[test]
fn without_the_deploy_nothing_is_blamed_on_it() {
    let situation = told(|signal| {
        let is_it = matches!(&signal.body, Body::Deploy(deploy) if deploy.version == "v2.14.3");
        (!is_it).then_some(signal)
    });
    let said = everything(&situation);
    assert!(!said.contains("v2.14.3") && !said.contains("elevated-after-deploy"));
    assert!(!said.contains("after the latest deploy"));
    assert_eq!(situation.state.level, Level::Elevated);
    assert!(situation.issues.iter().any(|issue| issue.rule == "elevated"));
}

#[test]
fn without_the_change_the_deploy_is_all_there_is() {
    let situation = told(|signal| (signal.kind() != Kind::Config).then_some(signal));
    assert!(!everything(&situation).contains("concurrency"));
}

#[test]
fn what_is_not_measured_any_more_is_not_said_to_be_well() {
    let end = scenario(story()).end();
    let silent = |signal: Signal| match &signal.body {
        Body::Sample(_) => (end - signal.at > Span::minutes(12)).then_some(signal),
        Body::Alarm(_) => None,
        _ => Some(signal),
    };
    let state = told(silent).state;
    let ledger = state.services.iter().find(|service| service.name.as_str() == "ledger").unwrap();
    assert_eq!((ledger.level, ledger.text.as_str()), (Level::Unknown, "not measured for 12m"));
    assert!(!state.sentence.contains("within normal range"), "{}", state.sentence);
    // An alarm that stands speaks for its service.
    let state =
        told(|signal| if matches!(signal.body, Body::Alarm(_)) { Some(signal) } else { silent(signal) })
            .state;
    let ledger = state.services.iter().find(|service| service.name.as_str() == "ledger").unwrap();
    assert_eq!(ledger.level, Level::Normal);
}

#[test]
fn flat_series_and_quiet_people_are_normal() {
    let scenario = scenario(story());
    let end = scenario.end();
    let log: SignalLog = scenario
        .signals_until(end)
        .filter_map(|mut signal| {
            let Body::Sample(sample) = &mut signal.body else { return None };
            sample.value = 0.01;
            Some(signal)
        })
        .collect();
    let situation = situation(&log, scenario.catalog(), &Policy::default(), &[], end);
    assert_eq!(situation.state.level, Level::Normal);
    assert_eq!(situation.state.sentence, "System operating within normal range.");
    assert!(situation.issues.is_empty() && situation.actions.is_empty() && situation.suspects.is_empty());
    assert!(situation.changes.is_empty() && situation.sequence.is_empty() && situation.exposure.is_empty());
    assert_eq!((situation.confidence.level, situation.confidence.score), (ConfidenceLevel::High, Some(100)));
}

#[test]
fn with_no_signal_at_all_nothing_is_claimed() {
    let scenario = scenario(story());
    let situation = situation(&SignalLog::new(), scenario.catalog(), &Policy::default(), &[], scenario.end());
    assert_eq!(situation.state.sentence, "No signals yet: nothing is known about the system.");
    assert!(situation.issues.is_empty());
}
