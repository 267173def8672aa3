//! A catalog that is renewed while AWS is asked: alarms watch its endpoints, and its series are read.

use super::{Bench, NOW, catalog, cbor, on_time, seconds};
use serde_json::{Value, json};
use sitroom::domain::{Body, Catalog, Signal, Span};
use sitroom::sources::catalog::Current;
use sitroom::sources::{Failure, Polled, Source, aws};
use std::sync::Arc;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// One alarm, and two values of every series that is asked for.
fn cloudwatch(request: &Request) -> ResponseTemplate {
    let body = match request.url.path().rsplit('/').next().unwrap_or_default() {
        "DescribeAlarms" => json!({"MetricAlarms": [{"AlarmName": "ledger-balance-p99", "StateValue": "OK",
            "StateReason": "r", "StateUpdatedTimestamp": seconds(-60), "Namespace": "N", "MetricName": "m"}]}),
        "GetMetricData" => {
            let times: Vec<_> = [-9, -8].map(|minute| seconds(minute).floor()).to_vec();
            let has = |n: &usize| {
                let id = format!("m{n}");
                request.body.windows(id.len()).any(|bytes| bytes == id.as_bytes())
            };
            let of = |n| json!({"Id": format!("m{n}"), "StatusCode": "Complete", "Timestamps": times, "Values": [1.0, 2.0]});
            json!({"MetricDataResults": (0..2).filter(has).map(of).collect::<Vec<Value>>()})
        }
        _ => json!({}),
    };
    cbor::answer(on_time(200), &body)
}

fn renewed() -> Arc<Catalog> {
    let text = "[[service]]\nname = 'ledger'\nendpoint = [{ name = 'balance', path = '/balance' }]\n\
        metric = [{ name = 'latency', cloudwatch = { namespace = 'Ledger', metric = 'Latency' } }]";
    let ledger: Catalog = toml::from_str(text).unwrap();
    let mut catalog = (*catalog().get()).clone();
    catalog.services.extend(ledger.services);
    Arc::new(catalog)
}

/// The source of a word, of a catalog that may be renewed.
fn source(bench: &Bench, current: &Current, word: &str) -> Box<dyn Source> {
    let sources = aws::sources(std::slice::from_ref(&bench.account), current, NOW);
    sources.into_iter().find(|source| source.name().as_str().ends_with(word)).unwrap()
}

fn endpoints(signals: &[Signal]) -> Vec<Option<&str>> {
    signals
        .iter()
        .filter_map(|signal| match &signal.body {
            Body::Alarm(alarm) => Some(alarm.endpoint.as_deref()),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn an_alarm_watches_an_endpoint_as_soon_as_the_catalog_has_it() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(cloudwatch).mount(&server).await;
    let (bench, current) = (Bench::new(&server.uri()), catalog());
    let mut alarms = source(&bench, &current, "/alarms");
    let before = alarms.poll(NOW).await.unwrap().signals;
    assert_eq!(endpoints(&before), [None]);
    current.renew(renewed());
    let after = alarms.poll(NOW + Span::minutes(1)).await.unwrap().signals;
    assert_eq!(endpoints(&after), [Some("balance")]);
    assert_eq!(after[0].service.as_ref().map(sitroom::domain::ServiceName::as_str), Some("ledger"));
    assert!(
        after[0].id != before[0].id && after[0].at > before[0].at,
        "it is told once more, and holds from now on"
    );
    assert_eq!(alarms.poll(NOW + Span::minutes(2)).await.unwrap().signals, []);
}

#[tokio::test]
async fn a_series_that_is_new_in_the_catalog_is_read_with_its_baseline_and_the_others_go_on() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(cloudwatch).mount(&server).await;
    let (bench, current) = (Bench::new(&server.uri()), catalog());
    let mut metrics = source(&bench, &current, "/metrics");
    let read = async |metrics: &mut Box<dyn Source>, minute| {
        let Polled { signals, .. } = metrics.poll(NOW + Span::minutes(minute)).await.unwrap();
        let mut series: Vec<_> =
            signals.iter().map(|signal| signal.title.split(' ').next().unwrap().to_owned()).collect();
        series.dedup();
        series
    };
    assert_eq!(read(&mut metrics, 0).await, ["payment-api"]);
    let asked = server.received_requests().await.unwrap().len();
    current.renew(renewed());
    assert_eq!(read(&mut metrics, 1).await, ["ledger"], "the other series has nothing new");
    let more = server.received_requests().await.unwrap().len() - asked;
    assert_eq!(
        more, 3,
        "one for the minutes of what was known, two for what is new: its minutes and its baseline"
    );
    assert_eq!(read(&mut metrics, 2).await, [""; 0]);
    assert_eq!(server.received_requests().await.unwrap().len(), asked + 4, "from then on both in one");
}

#[tokio::test]
async fn an_account_without_series_asks_nothing_until_the_catalog_has_one() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(cloudwatch).mount(&server).await;
    let (bench, current) = (Bench::new(&server.uri()), Current::default());
    let mut metrics = source(&bench, &current, "/metrics");
    let nothing = metrics.poll(NOW).await.unwrap_err();
    assert!(matches!(nothing.kind, Failure::Idle { .. }), "which is no answer: {nothing:?}");
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    assert_eq!(nothing.what, "no series of the catalog is here");
    current.renew(renewed());
    assert!(!metrics.poll(NOW + Span::minutes(1)).await.unwrap().signals.is_empty());
}
