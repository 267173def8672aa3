//! What asking costs: 200 alarms, 500 series, ECS, CloudTrail, CodeDeploy and logs for ten minutes, counted on the other side.

use super::{NOW, cbor, profile_text};
use crate::support::network::weight;
use serde_json::{Value, json};
use sitroom::domain::{Span, Time};
use sitroom::sources::aws::{self, Account};
use sitroom::sources::catalog::Current;
use sitroom::sources::{Source, scenario};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const ALARMS: usize = 200;
const SERIES: usize = 500;
const WARM_UP: Span = Span::minutes(3);
const COUNTED: i64 = 10;
/// What AWS publishes, in requests a second of an account and region, the least where it differs.
const LIMITS: [(&str, f64); 8] = [
    ("DescribeAlarms", 9.0),
    ("DescribeAlarmHistory", 20.0),
    ("GetMetricData", 50.0),
    ("LookupEvents", 2.0),
    ("FilterLogEvents", 5.0),
    ("ListClusters", 10.0),
    ("ListServices", 10.0),
    ("DescribeServices", 10.0),
];

/// Requests, and bytes of them and of what they were answered with, by call.
type Seen = Arc<Mutex<BTreeMap<String, (u64, u64, u64)>>>;

struct Cloud {
    seen: Seen,
    at: Arc<AtomicI64>,
}

impl Respond for Cloud {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let target = request.headers.get("x-amz-target").and_then(|it| it.to_str().ok());
        let name = target.unwrap_or(request.url.path()).rsplit(['.', '/']).next().unwrap_or_default();
        let body = self.body(name, request);
        let mut seen = self.seen.lock().unwrap();
        let counted = seen.entry(name.to_owned()).or_default();
        let size = if target.is_none() { cbor::size(&body) } else { body.to_string().len() };
        *counted = (counted.0 + 1, counted.1 + weight(request) as u64, counted.2 + size as u64);
        let now = Time::from_millis(self.at.load(Ordering::Relaxed));
        let dated = super::dated(200, now);
        match target {
            None => cbor::answer(dated, &body),
            Some(_) => dated.set_body_raw(body.to_string(), "application/x-amz-json-1.1"),
        }
    }
}

impl Cloud {
    fn body(&self, name: &str, request: &Request) -> Value {
        let now = self.at.load(Ordering::Relaxed) / 60_000 * 60;
        match name {
            "DescribeAlarms" => {
                // The second page is asked for with the token of the first.
                let is_second = request.body.windows(5).any(|bytes| bytes == b"page2");
                let range = if is_second { ALARMS / 2..ALARMS } else { 0..ALARMS / 2 };
                let alarm = |n| {
                    json!({"AlarmName": format!("web-{n}"), "StateValue": "OK", "StateReason": "r",
                    "StateUpdatedTimestamp": 1_773_800_000, "Namespace": "N", "MetricName": "m"})
                };
                let alarms: Vec<_> = range.map(alarm).collect();
                if is_second {
                    json!({"MetricAlarms": alarms})
                } else {
                    json!({"MetricAlarms": alarms, "NextToken": "page2"})
                }
            }
            "DescribeAlarmHistory" => json!({"AlarmHistoryItems": []}),
            "GetMetricData" => {
                let times: Vec<_> = (1..=10).rev().map(|minute| now - minute * 60).collect();
                let result = |n| {
                    json!({"Id": format!("m{n}"), "StatusCode": "Complete", "Timestamps": times,
                    "Values": times.iter().map(|_| 0.5).collect::<Vec<_>>()})
                };
                json!({"MetricDataResults": (0..SERIES).map(result).collect::<Vec<_>>()})
            }
            "ListClusters" => json!({"clusterArns": ["arn:aws:ecs:eu-west-1:1:cluster/prod"]}),
            "ListServices" => {
                json!({"serviceArns": (0..30).map(|n| format!("arn:aws:ecs:eu-west-1:1:service/prod/s{n}")).collect::<Vec<_>>()})
            }
            "DescribeServices" => json!({"services": []}),
            _ => json!({}),
        }
    }
}

fn catalog_of_series() -> Current {
    let mut text = "[[service]]\nname = \"web\"\n".to_owned();
    for n in 0..SERIES {
        let _ = writeln!(
            text,
            "[[service.metric]]\nname = \"m{n}\"\ncloudwatch = {{ namespace = \"N\", metric = \"m{n}\" }}"
        );
    }
    let (catalog, problems) = scenario::catalog("catalog", &text);
    assert!(problems.is_empty(), "{problems:?}");
    catalog.into()
}

/// Asks all of them as supervision does, each when it wants to be, for so long by the room's clock.
async fn run(sources: &mut [(Box<dyn Source>, Time)], at: &AtomicI64, for_long: Span) {
    let end = Time::from_millis(at.load(Ordering::Relaxed)) + for_long;
    loop {
        let (source, due) = sources.iter_mut().min_by_key(|(_, due)| *due).unwrap();
        if *due >= end {
            at.store(end.millis(), Ordering::Relaxed);
            return;
        }
        at.store(due.millis(), Ordering::Relaxed);
        let polled = source.poll(*due).await.unwrap_or_else(|error| panic!("{}: {error:?}", source.name()));
        *due = *due + polled.again_in;
    }
}

#[tokio::test]
async fn two_hundred_alarms_and_five_hundred_series_stay_below_a_twentieth_of_every_limit() {
    let (seen, at) = (Seen::default(), Arc::new(AtomicI64::new(NOW.millis())));
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(Cloud { seen: Arc::clone(&seen), at: Arc::clone(&at) })
        .mount(&server)
        .await;
    let home = tempfile::tempdir().unwrap();
    let profile = home.path().join("config");
    std::fs::write(&profile, profile_text()).unwrap();
    let account: Account = super::account(&server.uri(), &profile);
    let sources = aws::sources(&[account], &catalog_of_series(), NOW);
    let mut sources: Vec<_> = sources.into_iter().map(|source| (source, NOW)).collect();
    run(&mut sources, &at, WARM_UP).await;
    seen.lock().unwrap().clear();
    run(&mut sources, &at, Span::minutes(COUNTED)).await;

    let seen = seen.lock().unwrap();
    let calls: u64 = seen.values().map(|(calls, ..)| calls).sum();
    for (name, (calls, sent, bytes)) in seen.iter() {
        eprintln!(
            "{name}: {} a minute, {} bytes asked and {} answered a minute",
            *calls as f64 / COUNTED as f64,
            sent / COUNTED as u64,
            bytes / COUNTED as u64
        );
    }
    for (name, a_second) in LIMITS {
        let asked = seen.get(name).map_or(0, |(calls, ..)| *calls) as f64 / COUNTED as f64;
        assert!(
            asked > 0.0 && asked <= a_second * 60.0 * 0.05,
            "{name}: {asked} a minute of {}",
            a_second * 60.0
        );
    }
    assert!(calls / COUNTED as u64 <= 30, "{seen:?}");
    let usage = sources[0].0.usage();
    assert!(usage.left.unwrap() >= 90 && usage.calls.unwrap() <= 30, "{usage:?}");
}
