//! Faults of the network and of the server, on sources of AWS, through one address on loopback.

use super::{
    Bench, FILTER, LIST_CLUSTERS, LOOKUP, NOW, SECRET, answer, at, call, cbor, dated, ecs_trouble, on_time,
    refusal,
};
use crate::support::network::{End, NO_MORE, half, pieces, sending};
use serde_json::{Value, json};
use sitroom::domain::{Span, Time};
use sitroom::sources::{Failure, SourceError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request};

/// The sources that can be asked without anything being known, one for each protocol AWS speaks.
const ASKED: [&str; 5] = ["alarms", "ecs", "codedeploy", "changes", "logs"];

async fn each(url: &str) -> Vec<(&'static str, SourceError)> {
    let bench = Bench::new(url);
    let mut errors = Vec::new();
    for word in ASKED {
        errors.push((word, bench.source(word).poll(NOW).await.unwrap_err()));
    }
    errors
}

#[tokio::test]
async fn an_answer_that_ends_or_is_reset_in_mid_body_is_asked_for_again() {
    let body = json!({"events": vec!["0123456789"; 500]}).to_string();
    for end in [End::Closed, End::Reset] {
        let (url, _serving) = sending(half("smithy-protocol: rpc-v2-cbor\r\n", body.as_bytes()), end).await;
        for (word, error) in each(&url).await {
            assert_eq!(error.kind, Failure::Transient, "{end:?}, {word}: {error:?}");
        }
    }
}

/// Real records in both languages AWS speaks, more of them than anybody asked for.
#[tokio::test]
async fn an_answer_of_ten_megabytes_is_not_read_and_the_next_one_is() {
    let line = |n: i64| json!({"eventId": n.to_string(), "timestamp": at(-1), "logStreamName": "s", "message": "x".repeat(100)});
    let alarm = |n: i64| {
        json!({"AlarmName": format!("web-{n}"), "StateValue": "OK", "StateReason": "x".repeat(160),
        "StateUpdatedTimestamp": at(-5) / 1_000, "Namespace": "N", "MetricName": "m"})
    };
    let lines = |count| json!({"events": (0..count).map(line).collect::<Vec<_>>()});
    let alarms = |count| json!({"MetricAlarms": (0..count).map(alarm).collect::<Vec<_>>()});
    for (word, many, few) in [
        ("logs", answer(&lines(60_000)), answer(&lines(1))),
        ("alarms", cbor::answer(on_time(200), &alarms(40_000)), cbor::answer(on_time(200), &alarms(1))),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(many).up_to_n_times(1).mount(&server).await;
        Mock::given(any()).respond_with(few).mount(&server).await;
        let bench = Bench::new(&server.uri());
        let mut source = bench.source(word);
        let error = source.poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Broken, "{word}: {error:?}");
        assert!(error.what.contains("larger than 8 MiB was not read"), "{word}: {error:?}");
        let later = NOW + Span::minutes(6);
        assert_eq!(source.poll(later).await.unwrap().signals.len(), 1, "{word}");
    }
}

/// What does not say its length is cut off where it is too much, not read to its end, which here never comes.
#[tokio::test]
async fn an_answer_of_ten_megabytes_that_does_not_say_so_is_cut_off_and_a_small_one_is_read() {
    let line = |n: i64| json!({"eventId": n.to_string(), "timestamp": at(-1), "logStreamName": "s", "message": "x".repeat(100)});
    let lines = |count| json!({"events": (0..count).map(line).collect::<Vec<_>>()}).to_string();
    let kind = "content-type: application/x-amz-json-1.1\r\n";
    let (many, few) = (pieces(kind, lines(70_000).as_bytes()), pieces(kind, lines(1).as_bytes()));
    assert!(many.len() > 10 << 20);
    let (url, _serving) = sending(many, End::Never).await;
    let error = Bench::new(&url).source("logs").poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Broken, "{error:?}");
    assert!(error.what.contains("larger than 8 MiB was not read"), "{error:?}");
    let (url, _serving) = sending([few, NO_MORE.to_vec()].concat(), End::Closed).await;
    assert_eq!(Bench::new(&url).source("logs").poll(NOW).await.unwrap().signals.len(), 1);

    let (kind, endless) =
        ("content-type: application/cbor\r\nsmithy-protocol: rpc-v2-cbor\r\n", vec![0; 11 << 20]);
    let (url, _serving) = sending(pieces(kind, &endless), End::Never).await;
    let error = Bench::new(&url).source("alarms").poll(NOW).await.unwrap_err();
    assert!(error.what.contains("larger than 8 MiB was not read"), "{error:?}");
}

#[tokio::test]
async fn what_speaks_no_tls_is_no_question_of_credentials() {
    let (url, _serving) = sending(b"this is no TLS at all".to_vec(), End::Closed).await;
    for (word, error) in each(&url.replace("http://", "https://")).await {
        assert_eq!(error.kind, Failure::Transient, "{word}: {error:?}");
        assert!(!error.what.contains("credentials"), "{word}: {error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_two_seconds_is_an_answer() {
    let server = MockServer::start().await;
    let slow = answer(&json!({"clusterArns": []})).set_delay(Duration::from_secs(2));
    call(LIST_CLUSTERS).respond_with(slow).mount(&server).await;
    assert!(Bench::new(&server.uri()).source("ecs").poll(NOW).await.is_ok());
}

#[tokio::test]
async fn what_makes_no_sense_is_named_for_every_source() {
    for body in ["", "{\"events\": [", "<html>sign in</html>", "\u{0}", "[[[[[[", "null", "7"] {
        let server = MockServer::start().await;
        let senseless = on_time(400).set_body_raw(body, "application/x-amz-json-1.1");
        Mock::given(any()).respond_with(senseless).mount(&server).await;
        for (word, error) in each(&server.uri()).await {
            assert!(matches!(error.kind, Failure::Broken | Failure::Transient), "{word}, {body}: {error:?}");
            assert!(!error.what.contains("credentials"), "{word}, {body}: {error:?}");
        }
    }
}

#[tokio::test]
async fn cloudwatch_refuses_in_cbor_and_is_understood() {
    let table = [
        ("ThrottlingException", "Rate exceeded", Failure::Throttled { retry_after: None }),
        ("ExpiredTokenException", "The token is expired", Failure::Denied),
        ("AccessDeniedException", "no", Failure::Denied),
    ];
    for (code, message, kind) in table {
        let server = MockServer::start().await;
        let refused = cbor::answer(on_time(400), &json!({"__type": code, "message": message}));
        Mock::given(any()).respond_with(refused).mount(&server).await;
        let bench = Bench::new(&server.uri());
        for word in ["alarms", "metrics"] {
            let error = bench.source(word).poll(NOW).await.unwrap_err();
            assert_eq!(error.kind, kind, "{word}: {error:?}");
            assert!(!format!("{error:?}").contains(SECRET));
        }
    }
}

#[tokio::test]
async fn a_state_of_an_alarm_nobody_knows_yet_costs_only_itself() {
    let server = MockServer::start().await;
    let alarm = |name: &str, state: &str| {
        json!({"AlarmName": name, "StateValue": state, "StateReason": "r",
        "StateUpdatedTimestamp": at(-5) / 1_000, "Namespace": "N", "MetricName": "m"})
    };
    let told = json!({"MetricAlarms": [alarm("odd", "PONDERING"), alarm("web-5xx", "ALARM")]});
    Mock::given(any()).respond_with(cbor::answer(on_time(200), &told)).mount(&server).await;
    let signals = Bench::new(&server.uri()).source("alarms").poll(NOW).await.unwrap().signals;
    let titles: Vec<_> = signals.iter().map(|signal| signal.title.as_str()).collect();
    assert!(titles.contains(&"web-5xx is ALARM"), "{titles:?}");
}

/// Ten minutes of trouble, and then what happened meanwhile.
#[tokio::test]
async fn after_ten_minutes_of_trouble_everything_since_is_told() {
    let server = MockServer::start().await;
    call(FILTER).respond_with(answer(&json!({"events": []}))).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut logs = bench.source("logs");
    logs.poll(NOW).await.unwrap();
    server.reset().await;
    call(FILTER).respond_with(refusal(500, "InternalFailure", "oops")).mount(&server).await;
    for minute in 1..=10 {
        let error = logs.poll(NOW + Span::minutes(minute)).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
    }
    server.reset().await;
    let written = json!({"events": [{"eventId": "1", "timestamp": at(4), "message": "ERROR lost"}]});
    call(FILTER).respond_with(answer(&written)).mount(&server).await;
    let told = logs.poll(NOW + Span::minutes(11)).await.unwrap().signals;
    assert_eq!(told[0].title, "ERROR lost");
    let asked: Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    assert!(asked["startTime"].as_i64().unwrap() <= at(0), "{asked}");
}

/// Every page leads to another one that has never been seen.
#[tokio::test]
async fn five_thousand_pages_are_read_within_the_budget_and_then_left() {
    let (server, pages) = (MockServer::start().await, Arc::new(AtomicU64::new(0)));
    let read = Arc::clone(&pages);
    let page = move |_: &Request| {
        let n = read.fetch_add(1, Ordering::Relaxed) + 1;
        answer(&json!({"events": [], "nextToken": n.to_string()}))
    };
    call(FILTER).respond_with(page).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let (mut logs, mut now, mut ended) = (bench.source("logs"), NOW, None);
    for _ in 0..20_000 {
        match logs.poll(now).await {
            Ok(polled) => now = now + polled.again_in,
            Err(SourceError { kind: Failure::Waiting { again_in }, .. }) => now = now + again_in,
            Err(error) => {
                ended = Some(error);
                break;
            }
        }
    }
    let ended = ended.unwrap();
    assert!(ended.what.contains("more than 5000 pages; what lies behind them is left out"), "{ended:?}");
    assert_eq!(pages.load(Ordering::Relaxed), 5_001);
    assert!(now - NOW >= Span::minutes(40), "5,000 pages at 120 a minute: {}", now - NOW);
    server.reset().await;
    let line = json!({"eventId": "1", "timestamp": (now - Span::seconds(30)).millis(), "message": "ERROR after all"});
    call(FILTER).respond_with(answer(&json!({"events": [line]}))).mount(&server).await;
    let told = logs.poll(now + Span::minutes(6)).await.unwrap().signals;
    assert_eq!(told.iter().map(|signal| signal.title.as_str()).collect::<Vec<_>>(), ["ERROR after all"]);
}

fn clusters() -> Value {
    json!({"clusterArns": []})
}

#[tokio::test]
async fn a_clock_that_is_off_is_measured_said_and_corrected_for_aws_too() {
    let ahead = Span::minutes(10);
    let server = MockServer::start().await;
    let event = json!({"EventId": "1", "EventName": "UpdateService", "Username": "dana",
        "EventTime": (NOW + ahead - Span::minutes(2)).millis() as f64 / 1_000.0,
        "CloudTrailEvent": json!({"requestParameters": {"service": "web", "desiredCount": 4}}).to_string()});
    let there =
        |body: &Value| dated(200, NOW + ahead).set_body_raw(body.to_string(), "application/x-amz-json-1.1");
    call(LOOKUP).respond_with(there(&json!({"Events": [event]}))).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut changes = bench.source("changes");
    let told = changes.poll(NOW).await.unwrap().signals;
    assert_eq!(told[0].at, NOW - Span::minutes(2), "by the clock of this room");
    assert_eq!(changes.note(), "this clock is 10m behind AWS, corrected");
    changes.poll(NOW + Span::minutes(1)).await.unwrap();
    let asked: Value = server.received_requests().await.unwrap().pop().unwrap().body_json().unwrap();
    let until = Time::from_millis((asked["EndTime"].as_f64().unwrap() * 1_000.0) as i64);
    assert_eq!(until, NOW + Span::minutes(1) + ahead, "by the clock of AWS");
}

#[tokio::test]
async fn a_refused_signature_of_a_clock_that_is_off_is_tried_again_and_accepted() {
    let ahead = Span::minutes(10);
    let server = MockServer::start().await;
    let late =
        json!({"__type": "InvalidSignatureException", "message": "Signature expired: it is now earlier"});
    let late = dated(400, NOW + ahead).set_body_raw(late.to_string(), "application/x-amz-json-1.1");
    call(LIST_CLUSTERS).respond_with(late).up_to_n_times(1).mount(&server).await;
    let fine = dated(200, NOW + ahead).set_body_raw(clusters().to_string(), "application/x-amz-json-1.1");
    call(LIST_CLUSTERS).respond_with(fine).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut ecs = bench.source("ecs");
    let error = ecs.poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Transient, "{error:?}");
    assert!(error.what.contains("10m behind AWS"), "{error:?}");
    assert!(ecs.poll(NOW + Span::seconds(1)).await.is_ok());
}

#[tokio::test]
async fn a_secret_a_server_repeats_is_in_nothing_that_is_said() {
    // As long and as mixed as keys of AWS are.
    let key = "Zq3/planted0Key4XbT8vN1mWc6Rj5Hs2Lf7Gd9Pk";
    for (status, code) in [(400, "AccessDeniedException"), (403, key), (400, "UnrecognizedClientException")] {
        let error = ecs_trouble(refusal(status, code, &format!("the key {key} may not"))).await;
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    }
}
