//! Alarms as they come and go: what the listing shows, what the history adds, and what is told when only one of them
//! answers.

use super::{Bench, NOW, cbor, on_time, refusal, seconds};
use serde_json::{Value, json};
use sitroom::domain::signal::AlarmState;
use sitroom::domain::{Body, Signal, Span};
use sitroom::sources::{Failure, Source};
use wiremock::matchers::path_regex;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn listed(alarms: &[(&str, &str, i64)]) -> ResponseTemplate {
    let alarm = |(name, state, since): &(&str, &str, i64)| {
        json!({"AlarmName": name, "StateValue": state, "StateReason": "r",
            "StateUpdatedTimestamp": seconds(*since).floor(), "Namespace": "N", "MetricName": "m"})
    };
    cbor::answer(on_time(200), &json!({"MetricAlarms": alarms.iter().map(alarm).collect::<Vec<_>>()}))
}

fn history(items: &Value) -> ResponseTemplate {
    cbor::answer(on_time(200), &json!({"AlarmHistoryItems": items}))
}

fn refused(code: &str) -> ResponseTemplate {
    cbor::answer(refusal(400, code, "no"), &json!({"__type": code, "message": "no"}))
}

/// From now on the listing and the history answer like this.
async fn answering(server: &MockServer, listing: ResponseTemplate, history: ResponseTemplate) {
    server.reset().await;
    let call = |name: &str| Mock::given(path_regex(format!("/{name}$")));
    call("DescribeAlarms").respond_with(listing).mount(server).await;
    call("DescribeAlarmHistory").respond_with(history).mount(server).await;
}

fn told(signals: &[Signal]) -> Vec<(&str, AlarmState)> {
    let state = |signal: &Signal| match &signal.body {
        Body::Alarm(alarm) => alarm.state,
        other => panic!("{other:?}"),
    };
    signals.iter().map(|signal| (signal.title.as_str(), state(signal))).collect()
}

async fn poll(alarms: &mut Box<dyn Source>, minute: i64) -> Vec<Signal> {
    alarms.poll(NOW + Span::minutes(minute)).await.unwrap().signals
}

#[tokio::test]
async fn an_alarm_that_rings_is_told_although_the_history_does_not_come() {
    for code in ["AccessDeniedException", "ThrottlingException"] {
        let server = MockServer::start().await;
        answering(&server, listed(&[("web-5xx", "ALARM", -5)]), refused(code)).await;
        let bench = Bench::new(&server.uri());
        let mut alarms = bench.source("alarms");
        let first = poll(&mut alarms, 0).await;
        assert_eq!(told(&first), [("web-5xx is ALARM", AlarmState::Alarm)], "{code}");
        assert!(alarms.note().starts_with("told as listed, without history: "), "{}", alarms.note());

        answering(&server, listed(&[("web-5xx", "OK", 1)]), refused(code)).await;
        let later = poll(&mut alarms, 2).await;
        assert_eq!(told(&later), [("web-5xx ALARM → OK", AlarmState::Ok)], "{code}");
        assert_eq!(poll(&mut alarms, 3).await, [], "it is told once");

        answering(&server, listed(&[("web-5xx", "OK", 1)]), history(&json!([]))).await;
        poll(&mut alarms, 10).await;
        assert!(!alarms.note().contains("history"), "{}", alarms.note());
    }
}

/// The first page is read, the second is refused.
#[tokio::test]
async fn what_was_read_is_told_before_the_failure_that_came_after_it() {
    let server = MockServer::start().await;
    let page = json!({"MetricAlarms": [{"AlarmName": "web-5xx", "StateValue": "ALARM", "StateReason": "r",
        "StateUpdatedTimestamp": seconds(-5).floor(), "Namespace": "N", "MetricName": "m"}], "NextToken": "p2"});
    let listing = Mock::given(path_regex("/DescribeAlarms$"));
    listing.respond_with(cbor::answer(on_time(200), &page)).up_to_n_times(1).mount(&server).await;
    let listing = Mock::given(path_regex("/DescribeAlarms$"));
    listing.respond_with(refused("AccessDeniedException")).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut alarms = bench.source("alarms");
    let first = alarms.poll(NOW).await.unwrap();
    assert_eq!(told(&first.signals), [("web-5xx is ALARM", AlarmState::Alarm)]);
    assert_eq!(first.again_in, Span::ZERO);
    assert_eq!(alarms.poll(NOW).await.unwrap_err().kind, Failure::Denied);
}

#[tokio::test]
async fn an_alarm_that_is_listed_no_more_is_gone() {
    let server = MockServer::start().await;
    answering(&server, listed(&[("web-5xx", "ALARM", -5), ("web-cpu", "OK", -5)]), history(&json!([]))).await;
    let bench = Bench::new(&server.uri());
    let mut alarms = bench.source("alarms");
    assert_eq!(poll(&mut alarms, 0).await.len(), 2);
    answering(&server, listed(&[("web-cpu", "OK", -5)]), history(&json!([]))).await;
    assert_eq!(told(&poll(&mut alarms, 1).await), [("web-5xx was deleted", AlarmState::Gone)]);
    assert_eq!(poll(&mut alarms, 2).await, [], "it is told once");
}

/// Nobody was there to see it listed.
#[tokio::test]
async fn an_alarm_that_was_deleted_meanwhile_is_gone_since_the_history_says_so() {
    let server = MockServer::start().await;
    let deleted = |name: &str, minute| {
        let data = json!({"version": "1.0", "type": "Delete", "deletedAlarm": {"alarmName": name,
            "dimensions": [{"name": "ServiceName", "value": "payment-api"}]}});
        json!({"AlarmName": name, "HistoryItemType": "ConfigurationUpdate", "Timestamp": seconds(minute).floor(),
            "HistorySummary": format!("Alarm \"{name}\" deleted"), "HistoryData": data.to_string()})
    };
    let action = json!({"AlarmName": "web-cpu", "HistoryItemType": "Action", "Timestamp": seconds(-3).floor(),
        "HistorySummary": "Successfully executed action", "HistoryData": "{}"});
    let items = json!([action, deleted("high-5xx", -4)]);
    answering(&server, listed(&[("web-cpu", "OK", -5)]), history(&items)).await;
    let bench = Bench::new(&server.uri());
    let mut alarms = bench.source("alarms");
    let signals = poll(&mut alarms, 0).await;
    assert_eq!(
        told(&signals),
        [("web-cpu is OK", AlarmState::Ok), ("high-5xx was deleted", AlarmState::Gone)]
    );
    assert_eq!(signals[1].service.as_ref().map(ToString::to_string).as_deref(), Some("payment-api"));
    let items = json!([deleted("web-cpu", 1), action, deleted("high-5xx", -4)]);
    answering(&server, listed(&[]), history(&items)).await;
    assert_eq!(told(&poll(&mut alarms, 2).await), [("web-cpu was deleted", AlarmState::Gone)], "told once");
}
