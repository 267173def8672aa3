//! Several things asked of several places at once: one clock for all of them, one place for each series, and alarms that
//! stay known however long they are quiet.

use super::{
    Bench, LIST_CLUSTERS, LOOKUP, NOW, account, at, call, catalog, cbor, dated, on_time, profile_text,
};
use serde_json::{Value, json};
use sitroom::domain::signal::Alarm;
use sitroom::domain::{Body, Signal, Span, Time};
use sitroom::sources::aws;
use sitroom::sources::{Failure, Source, scenario};
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const LIST_SERVICES: &str = "AmazonEC2ContainerServiceV20141113.ListServices";
const DESCRIBE: &str = "AmazonEC2ContainerServiceV20141113.DescribeServices";

fn said_at(now: Time, body: &Value) -> ResponseTemplate {
    dated(200, now).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

#[tokio::test]
async fn what_is_asked_at_once_does_not_count_the_difference_of_the_clocks_twice() {
    let there = NOW + Span::minutes(10);
    let server = MockServer::start().await;
    let clusters = said_at(there, &json!({"clusterArns": ["prod"]})).set_delay(Duration::from_millis(400));
    call(LIST_CLUSTERS).respond_with(clusters).mount(&server).await;
    let services = said_at(there, &json!({"serviceArns": []}));
    call(LIST_SERVICES).respond_with(services).mount(&server).await;
    call(LOOKUP).respond_with(said_at(there, &json!({"Events": []}))).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let targets = aws::targets(&bench.account, &catalog());
    let mut sources = aws::of_targets(&targets, NOW);
    let mut take = |word: &str| {
        let place = sources.iter().position(|source| source.name().as_str().ends_with(word)).unwrap();
        sources.remove(place)
    };
    let (mut ecs, mut changes) = (take("/ecs"), take("/changes"));
    let twice = async {
        changes.poll(NOW).await.unwrap();
        changes.poll(NOW).await.unwrap();
    };
    let (told, ()) = tokio::join!(ecs.poll(NOW), twice);
    told.unwrap();
    assert_eq!(ecs.note(), "this clock is 10m behind AWS, corrected");
}

/// A service that was deployed at these moments, by the clock of AWS.
async fn deployed(server: &MockServer, there: Time, at: &[Time]) {
    server.reset().await;
    call(LIST_CLUSTERS).respond_with(said_at(there, &json!({"clusterArns": ["prod"]}))).mount(server).await;
    let services = json!({"serviceArns": ["arn:aws:ecs:eu-west-1:1:service/prod/web"]});
    call(LIST_SERVICES).respond_with(said_at(there, &services)).mount(server).await;
    let one = |at: &Time| {
        json!({"id": format!("ecs-svc/{}", at.millis()), "taskDefinition": "web:8", "rolloutState": "IN_PROGRESS",
            "createdAt": at.millis() as f64 / 1_000.0})
    };
    let described = json!({"services": [{"serviceArn": "a", "serviceName": "web", "desiredCount": 2,
        "deployments": at.iter().map(one).collect::<Vec<_>>(), "events": []}]});
    call(DESCRIBE).respond_with(said_at(there, &described)).mount(server).await;
}

#[tokio::test]
async fn what_ecs_shows_late_is_told_once_and_by_any_clock() {
    for ahead in [Span::ZERO, Span::minutes(30), Span::minutes(-30)] {
        let server = MockServer::start().await;
        let bench = Bench::new(&server.uri());
        let mut ecs = bench.source("ecs");
        let mut shown = Vec::new();
        for minute in 0..5 {
            let now = NOW + Span::minutes(minute);
            deployed(&server, now + ahead, &shown).await;
            let told: Vec<_> = ecs.poll(now).await.unwrap().signals.iter().map(|signal| signal.at).collect();
            let late = shown.last().map(|at: &Time| *at - ahead);
            assert_eq!(told, late.into_iter().collect::<Vec<_>>(), "minute {minute}, {ahead} ahead");
            // Shown only after the next look, which comes five seconds later.
            shown.push(now + ahead - Span::seconds(5));
        }
    }
}

fn two_regions(text: &str) -> Vec<Box<dyn Source>> {
    let home = tempfile::tempdir().unwrap();
    let profile = home.path().join("config");
    std::fs::write(&profile, profile_text()).unwrap();
    let mut account = account("http://127.0.0.1:9", &profile);
    account.regions.push("us-east-1".to_owned());
    let (catalog, problems) = scenario::catalog("catalog", text);
    assert!(problems.is_empty(), "{problems:?}");
    let sources = aws::sources(&[account], &catalog.into(), NOW);
    sources.into_iter().filter(|source| source.name().as_str().ends_with("/metrics")).collect()
}

/// Which of the two asked, where nobody answers, and what they note before they do.
async fn asked_of(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut asked, mut notes) = (Vec::new(), Vec::new());
    for mut source in two_regions(text) {
        notes.push(source.note());
        if !matches!(source.poll(NOW).await.unwrap_err().kind, Failure::Idle { .. }) {
            asked.push(source.name().as_str().to_owned());
        }
    }
    (asked, notes)
}

#[tokio::test]
async fn a_series_is_asked_of_one_place_or_of_none() {
    let metric = |more: &str| {
        format!(
            "[[service]]\nname = \"web\"\nmetric = [{{ name = \"5xx\", cloudwatch = {{ namespace = \"N\", metric = \"m\"{more} }} }}]\n"
        )
    };
    let (asked, notes) = asked_of(&metric("")).await;
    assert!(asked.is_empty(), "{asked:?}");
    let why = "web/5xx is not asked: aws-prod-eu-west-1 and aws-prod-us-east-1 could have it; say its account or region";
    assert!(notes.iter().any(|note| note == why), "{notes:?}");
    let (asked_there, notes) = asked_of(&metric(", region = \"us-east-1\"")).await;
    assert_eq!(asked_there, ["aws-prod-us-east-1/metrics"]);
    assert!(!notes.iter().any(|note| note.contains("not asked")), "{notes:?}");
    assert!(asked_of(&metric(", region = \"eu-north-1\"")).await.0.is_empty());
}

fn alarm(signal: &Signal) -> &Alarm {
    let Body::Alarm(alarm) = &signal.body else { panic!("{signal:?}") };
    alarm
}

#[tokio::test]
async fn an_alarm_that_never_changes_is_told_anew_every_day_and_since_when() {
    let server = MockServer::start().await;
    let since = at(-40 * 24 * 60) / 1_000;
    let listed = json!({"MetricAlarms": [{"AlarmName": "web-5xx", "StateValue": "ALARM", "StateReason": "r",
        "StateUpdatedTimestamp": since, "Namespace": "N", "MetricName": "m"}]});
    Mock::given(any()).respond_with(cbor::answer(on_time(200), &listed)).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut alarms = bench.source("alarms");
    let first = alarms.poll(NOW).await.unwrap().signals;
    assert_eq!((first.len(), first[0].title.as_str()), (1, "web-5xx is ALARM"));
    let day = |signal: &Signal| signal.at.to_string();
    assert_eq!(day(&first[0]), "2026-03-18T00:00:00.000Z", "as it was when the day began");
    assert_eq!(alarm(&first[0]).since, Some(Time::from_millis(since * 1_000)));
    assert_eq!(alarms.poll(NOW + Span::minutes(1)).await.unwrap().signals, []);

    server.reset().await;
    let tomorrow = NOW + Span::days(1);
    Mock::given(any()).respond_with(cbor::answer(dated(200, tomorrow), &listed)).mount(&server).await;
    let again = alarms.poll(tomorrow).await.unwrap().signals;
    assert_eq!((again.len(), day(&again[0]).as_str()), (1, "2026-03-19T00:00:00.000Z"));
    assert_ne!(again[0].id, first[0].id);
    let bench = Bench::new(&server.uri());
    let mut anew = bench.source("alarms");
    assert_eq!(anew.poll(tomorrow).await.unwrap().signals[0].id, again[0].id, "the same for everybody");
}
