//! AWS as a source, against a small server that answers as AWS does, and as it does on a bad day. CloudWatch itself
//! speaks CBOR, of which `cbor` writes as much as it takes; it is also tried against a real server, in `tests/real`.

mod alarms;
mod cbor;
mod doctor;
mod faults;
mod load;
mod logs;
mod refusals;
mod renewed;
mod together;

use serde_json::{Value, json};
use sitroom::domain::signal::Outcome;
use sitroom::domain::{Body, Signal, Span, Time};
use sitroom::sources::aws::{self, Account};
use sitroom::sources::catalog::Current;
use sitroom::sources::{Failure, Polled, Source, SourceError, scenario};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;
use wiremock::matchers::{body_partial_json, header, header_regex, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// 2026-03-18T14:09:00Z
const NOW: Time = Time::from_millis(1_773_842_940_000);
const SECRET: &str = "pl4nted-s3cret";

const CATALOG: &str = r#"
[[service]]
name = "web"

[[service]]
name = "payment-api"
endpoint = [{ name = "confirm", path = "/confirm", critical = true }]
metric = [{ name = "5xx", cloudwatch = { namespace = "Payments", metric = "5xx", stat = "Sum" } }]
"#;

/// An account whose every request goes to one address on loopback.
struct Bench {
    account: Account,
    _home: TempDir,
}

impl Bench {
    fn new(endpoint: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let profile = home.path().join("config");
        std::fs::write(&profile, profile_text()).unwrap();
        Self { account: account(endpoint, &profile), _home: home }
    }

    fn source(&self, word: &str) -> Box<dyn Source> {
        let sources = aws::sources(std::slice::from_ref(&self.account), &catalog(), NOW);
        sources.into_iter().find(|source| source.name().as_str() == format!("aws-prod/{word}")).unwrap()
    }
}

fn profile_text() -> String {
    format!("[profile test]\naws_access_key_id = AKIATEST\naws_secret_access_key = {SECRET}\n")
}

fn account(endpoint: &str, profile: &Path) -> Account {
    let text = format!(
        "profile = \"test\"\nconfig_file = {:?}\nregions = [\"eu-west-1\"]\nendpoint_url = {endpoint:?}\n\
         log_groups = [\"/ecs/web\"]",
        profile.display().to_string()
    );
    Account::read("prod", &text.parse().unwrap()).unwrap()
}

fn catalog() -> Current {
    let (catalog, problems) = scenario::catalog("catalog", CATALOG);
    assert!(problems.is_empty(), "{problems:?}");
    catalog.into()
}

/// What one call answers.
fn call(target: &str) -> wiremock::MockBuilder {
    Mock::given(header("x-amz-target", target))
}

fn answer(body: &Value) -> ResponseTemplate {
    on_time(200).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

fn refusal(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let body = json!({"__type": code, "message": message});
    on_time(status).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

/// An answer of a server whose clock shows what the room's does.
fn on_time(status: u16) -> ResponseTemplate {
    dated(status, NOW)
}

fn dated(status: u16, at: Time) -> ResponseTemplate {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&at.timestamp()).unwrap();
    ResponseTemplate::new(status).insert_header("date", date.as_str())
}

fn at(minute: i64) -> i64 {
    (NOW + Span::minutes(minute)).millis()
}

fn seconds(minute: i64) -> f64 {
    at(minute) as f64 / 1_000.0
}

const LIST_CLUSTERS: &str = "AmazonEC2ContainerServiceV20141113.ListClusters";
const FILTER: &str = "Logs_20140328.FilterLogEvents";
const LOOKUP: &str = "CloudTrail_20131101.LookupEvents";

async fn ecs_trouble(response: ResponseTemplate) -> SourceError {
    let server = MockServer::start().await;
    call(LIST_CLUSTERS).respond_with(response).mount(&server).await;
    Bench::new(&server.uri()).source("ecs").poll(NOW).await.unwrap_err()
}

#[tokio::test]
async fn each_refusal_of_aws_is_waited_out_or_named_with_its_fix() {
    let renew = "run `aws sso login --profile test`";
    let throttled = |retry_after| Failure::Throttled { retry_after };
    let table = [
        (refusal(400, "ThrottlingException", "Rate exceeded"), throttled(None), ""),
        (
            refusal(400, "ThrottlingException", "Rate exceeded").insert_header("retry-after", "7"),
            throttled(Some(Span::seconds(7))),
            "",
        ),
        (refusal(400, "ExpiredTokenException", "The token is expired"), Failure::Denied, renew),
        (refusal(400, "UnrecognizedClientException", "invalid"), Failure::Denied, renew),
        (refusal(400, "AccessDeniedException", "no"), Failure::Denied, "allow ecs:ListClusters"),
        (
            refusal(400, "InvalidSignatureException", "Signature expired: 20260318 is now earlier"),
            Failure::Denied,
            "set the clock",
        ),
        (refusal(500, "ServerException", "oops"), Failure::Transient, ""),
        (refusal(400, "NobodyKnowsThis", "new"), Failure::Broken, ""),
        (on_time(200).set_body_string("{\"clusterArns\": [\"arn:"), Failure::Broken, ""),
        (on_time(502).set_body_string("<html>bad gateway</html>"), Failure::Transient, ""),
    ];
    for (response, kind, fix) in table {
        let error = ecs_trouble(response).await;
        assert_eq!(error.kind, kind, "{error:?}");
        assert!(error.fix.starts_with(fix) && (fix.is_empty() == error.fix.is_empty()), "{error:?}");
        assert!(!format!("{error:?}").contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_likely_to_pass() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Bench::new(&nobody).source("ecs").poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Transient, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up_within_a_poll() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hole = format!("http://{}", listener.local_addr().unwrap());
    let began = tokio::time::Instant::now();
    let error = Bench::new(&hole).source("ecs").poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Transient, "{error:?}");
    assert!(began.elapsed().as_secs() <= 10, "{:?}", began.elapsed());
}

#[tokio::test]
async fn pages_that_lead_back_to_one_another_are_not_followed_for_ever() {
    let error = ecs_trouble(answer(&json!({"clusterArns": [], "nextToken": "again"}))).await;
    assert_eq!(error.kind, Failure::Broken);
    assert!(error.what.contains("lead back"), "{error:?}");
}

#[tokio::test]
async fn lines_of_all_pages_are_told_once_with_their_level_and_time() {
    let server = MockServer::start().await;
    let line = |id: &str, minute, message: &str| json!({"eventId": id, "timestamp": at(minute), "message": message, "logStreamName": "s"});
    let second = answer(&json!({"events": [line("2", -4, r#"{"level":"error","msg":"pool is full"}"#)]}));
    call(FILTER).and(body_partial_json(json!({"nextToken": "p2"}))).respond_with(second).mount(&server).await;
    let first = answer(&json!({"events": [line("1", -5, "WARN \u{1b}[31mslow")], "nextToken": "p2"}));
    call(FILTER).respond_with(first).mount(&server).await;

    let bench = Bench::new(&server.uri());
    let mut logs = bench.source("logs");
    let Polled { signals, .. } = logs.poll(NOW).await.unwrap();
    let told: Vec<_> = signals.iter().map(|signal| (signal.at.millis(), signal.title.as_str())).collect();
    assert_eq!(told, [(at(-5), "WARN slow"), (at(-4), "pool is full")]);
    assert!(signals.iter().all(|signal| signal.service.as_ref().is_some_and(|name| name.as_str() == "web")));
    let levels: Vec<_> = signals.iter().map(level).collect();
    assert_eq!(levels, ["warn", "error"]);
    assert_eq!(logs.poll(NOW + Span::seconds(10)).await.unwrap().signals, [], "each line is told once");
}

fn level(signal: &Signal) -> &str {
    let Body::Log(log) = &signal.body else { panic!("{signal:?}") };
    &log.level
}

#[tokio::test]
async fn a_line_of_six_megabytes_is_cut() {
    let server = MockServer::start().await;
    let line = json!({"eventId": "1", "timestamp": at(-1), "message": "x".repeat(6 << 20)});
    call(FILTER).respond_with(answer(&json!({"events": [line]}))).mount(&server).await;
    let Polled { signals, .. } = Bench::new(&server.uri()).source("logs").poll(NOW).await.unwrap();
    assert!(signals.len() == 1 && signals[0].title.len() < 3_000);
}

/// A cluster with one service, whose deployments and events are given.
async fn ecs_with(deployments: Value, events: Value) -> Vec<Signal> {
    let server = MockServer::start().await;
    let on = |call: &str| format!("AmazonEC2ContainerServiceV20141113.{call}");
    let clusters = json!({"clusterArns": ["arn:aws:ecs:eu-west-1:1:cluster/prod"]});
    call(LIST_CLUSTERS).respond_with(answer(&clusters)).mount(&server).await;
    let services = json!({"serviceArns": ["arn:aws:ecs:eu-west-1:1:service/prod/web"]});
    call(&on("ListServices")).respond_with(answer(&services)).mount(&server).await;
    let described = json!({"services": [{"serviceArn": "a", "serviceName": "web", "desiredCount": 2,
        "deployments": deployments, "events": events}]});
    call(&on("DescribeServices")).respond_with(answer(&described)).mount(&server).await;
    Bench::new(&server.uri()).source("ecs").poll(NOW).await.unwrap().signals
}

#[tokio::test]
async fn a_deployment_is_told_from_its_start_to_its_outcome_with_what_ran_before() {
    let arn = |version: &str| format!("arn:aws:ecs:eu-west-1:1:task-definition/{version}");
    let told = ecs_with(
        json!([
            {"id": "ecs-svc/2", "taskDefinition": arn("web:8"), "rolloutState": "COMPLETED",
             "createdAt": seconds(-30), "updatedAt": seconds(-1)},
            {"id": "ecs-svc/1", "taskDefinition": arn("web:7"), "rolloutState": "A_NEW_STATE",
             "createdAt": seconds(-300), "updatedAt": seconds(-30)},
        ]),
        json!([{"id": "e", "createdAt": seconds(-25),
            "message": "(service web) (deployment ecs-svc/2) deployment completed."}]),
    )
    .await;
    let deploys: Vec<_> =
        told.iter().filter_map(|signal| deploy(signal).map(|body| (signal, body))).collect();
    let outcomes: Vec<_> = deploys.iter().map(|(signal, body)| (signal.at.millis(), body.outcome)).collect();
    assert_eq!(
        outcomes,
        [(at(-30), Outcome::Started), (at(-25), Outcome::Succeeded), (at(-300), Outcome::Started)],
        "a state nobody knows yet is no outcome"
    );
    let (signal, done) = deploys[1];
    assert_eq!((done.version.as_str(), done.previous.as_deref()), ("web:8", Some("web:7")));
    assert_eq!(done.took, Some(Span::minutes(5)));
    assert!(
        signal.link.as_ref().is_some_and(|link| link.contains("/clusters/prod/services/web/deployments"))
    );
}

#[tokio::test]
async fn a_deployment_that_ecs_takes_back_is_rolled_back() {
    let told = ecs_with(
        json!([
            {"id": "ecs-svc/3", "taskDefinition": "web:7", "rolloutState": "IN_PROGRESS", "createdAt": seconds(-5),
             "rolloutStateReason": "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."},
            {"id": "ecs-svc/2", "taskDefinition": "web:8", "rolloutState": "FAILED", "createdAt": seconds(-20),
             "updatedAt": seconds(-6), "rolloutStateReason": "tasks failed to start."},
        ]),
        json!([]),
    )
    .await;
    let ended: Vec<_> =
        told.iter().filter_map(deploy).filter(|body| body.outcome != Outcome::Started).collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(
        (ended[0].outcome, ended[0].cause.as_deref()),
        (Outcome::RolledBack, Some("tasks failed to start."))
    );
}

fn deploy(signal: &Signal) -> Option<&sitroom::domain::signal::Deploy> {
    match &signal.body {
        Body::Deploy(body) => Some(body),
        _ => None,
    }
}

#[tokio::test]
async fn a_change_says_who_what_and_what_was_before_but_no_secret() {
    let server = MockServer::start().await;
    let event = |id: &str, minute, name: &str, request: Value| {
        let raw = json!({"requestParameters": request, "userIdentity": {"accessKeyId": SECRET}});
        json!({"EventId": id, "EventName": name, "EventTime": seconds(minute), "Username": "dana",
            "CloudTrailEvent": raw.to_string()})
    };
    let refused = json!({"EventId": "4", "EventName": "UpdateService", "EventTime": seconds(-1), "Username": "sam",
        "CloudTrailEvent": json!({"errorCode": "AccessDenied", "requestParameters":
            {"service": "web", "desiredCount": 90}}).to_string()});
    let events = json!({"Events": [
        refused,
        event("3", -2, "PutParameter", json!({"name": "/web/key", "value": SECRET})),
        event("2", -3, "UpdateService", json!({"service": "web", "desiredCount": 8})),
        event("1", -9, "UpdateService", json!({"service": "web", "desiredCount": 4})),
        event("0", -9, "DescribeThings", json!({})),
    ]});
    call(LOOKUP).respond_with(answer(&events)).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut changes = bench.source("changes");
    let Polled { signals, .. } = changes.poll(NOW).await.unwrap();
    let told: Vec<_> = signals.iter().map(|signal| signal.title.as_str()).collect();
    assert_eq!(
        told,
        [
            "web desired-count set to 4 by dana",
            "web desired-count 4 → 8 by dana",
            "web parameter changed by dana"
        ]
    );
    assert!(!format!("{signals:?}").contains(SECRET), "{signals:?}");
    assert_eq!(changes.poll(NOW + Span::minutes(1)).await.unwrap().signals, []);
}

#[tokio::test]
async fn a_deployment_of_codedeploy_is_told_with_why_it_failed() {
    let server = MockServer::start().await;
    let on = |call: &str| format!("CodeDeploy_20141006.{call}");
    call(&on("ListDeployments")).respond_with(answer(&json!({"deployments": ["d-1"]}))).mount(&server).await;
    let one = json!({"deploymentId": "d-1", "applicationName": "payment-api", "status": "Failed",
        "createTime": seconds(-12), "completeTime": seconds(-2), "errorInformation": {"code": "A_NEW_CODE",
        "message": "too few healthy instances"}, "revision": {"revisionType": "GitHub",
        "gitHubLocation": {"repository": "x/y", "commitId": "0123456789abcdef"}}});
    let got = json!({"deploymentsInfo": [one]});
    call(&on("BatchGetDeployments")).respond_with(answer(&got)).mount(&server).await;
    let signals = Bench::new(&server.uri()).source("codedeploy").poll(NOW).await.unwrap().signals;
    let ended = deploy(&signals[1]).unwrap();
    assert_eq!((ended.version.as_str(), ended.outcome), ("0123456789ab", Outcome::Failed));
    assert_eq!(
        (ended.took, ended.cause.as_deref()),
        (Some(Span::minutes(10)), Some("too few healthy instances"))
    );
}

#[tokio::test]
async fn no_more_is_asked_in_a_minute_than_the_budget_allows() {
    let server = MockServer::start().await;
    call(FILTER).respond_with(answer(&json!({"events": []}))).mount(&server).await;
    let mut bench = Bench::new(&server.uri());
    bench.account.requests_per_minute = Some(2);
    let mut logs = bench.source("logs");
    for _ in 0..2 {
        logs.poll(NOW).await.unwrap();
    }
    let error = logs.poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Waiting { again_in: Span::minutes(1) });
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

/// A log group in a flood, whose pages do not end.
#[tokio::test]
async fn a_flood_of_lines_leaves_alarms_their_share_of_the_budget() {
    let server = MockServer::start().await;
    let pages = AtomicUsize::new(0);
    let page = move |_: &Request| {
        let n = pages.fetch_add(1, Ordering::Relaxed);
        answer(&json!({"events": [], "nextToken": n.to_string()}))
    };
    call(FILTER).respond_with(page).mount(&server).await;
    Mock::given(path_regex("/Describe"))
        .respond_with(cbor::answer(on_time(200), &json!({})))
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri());
    let targets = aws::targets(&bench.account, &catalog());
    let mut sources = aws::of_targets(&targets, NOW);
    let mut of = |word: &str| {
        let place = sources.iter().position(|source| source.name().as_str().ends_with(word)).unwrap();
        sources.remove(place)
    };
    let (mut logs, mut alarms) = (of("/logs"), of("/alarms"));
    while logs.poll(NOW).await.is_ok() {}
    assert_eq!(server.received_requests().await.unwrap().len(), 100);
    for second in 0..10 {
        assert!(alarms.poll(NOW + Span::seconds(second)).await.is_ok(), "second {second}");
    }
    assert_eq!(logs.usage().calls, Some(120), "and no more in any minute");
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_named_with_the_command_that_renews_it() {
    let mut bench = Bench::new("http://127.0.0.1:9");
    bench.account.profile = Some("gone".to_owned());
    let error = bench.source("ecs").poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Denied);
    assert!(error.fix.starts_with("run `aws sso login --profile gone`"), "{error:?}");
}

/// A profile made later, and keys that are renewed where the old ones were.
#[tokio::test]
async fn keys_that_are_renewed_in_their_file_are_read_there() {
    let server = MockServer::start().await;
    let signed_by =
        |key: &str| call(LIST_CLUSTERS).and(header_regex("authorization", &format!("Credential={key}/")));
    let expired = refusal(400, "ExpiredTokenException", "The token is expired");
    signed_by("AKIAONE").respond_with(expired).mount(&server).await;
    signed_by("AKIATWO").respond_with(answer(&json!({"clusterArns": []}))).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let file = bench.account.config_file.clone().unwrap();
    let write = |key| std::fs::write(&file, profile_text().replace("AKIATEST", key)).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut ecs = bench.source("ecs");
    let missing = ecs.poll(NOW).await.unwrap_err();
    assert!(missing.what.contains("there are no credentials"), "{missing:?}");
    write("AKIAONE");
    let expired = ecs.poll(NOW + Span::minutes(5)).await.unwrap_err();
    assert!(expired.what.contains("have expired"), "{expired:?}");
    write("AKIATWO");
    assert!(ecs.poll(NOW + Span::minutes(10)).await.is_ok());
}
