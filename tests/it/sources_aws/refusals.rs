//! What AWS refuses is left alone for a while: it is not asked again in the same words, the rest goes on, and what it
//! kept back is told when it may be.

use super::{
    Bench, LIST_CLUSTERS, LOOKUP, NOW, answer, at, call, cbor, dated, deploy, on_time, refusal, seconds,
};
use serde_json::{Value, json};
use sitroom::domain::{Signal, SignalLog, Span};
use sitroom::sources::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::{any, body_partial_json, body_string_contains};
use wiremock::{Mock, MockServer, Request};

const LIST_SERVICES: &str = "AmazonEC2ContainerServiceV20141113.ListServices";
const DESCRIBE: &str = "AmazonEC2ContainerServiceV20141113.DescribeServices";
const LIST_DEPLOYMENTS: &str = "CodeDeploy_20141006.ListDeployments";
const GET_DEPLOYMENTS: &str = "CodeDeploy_20141006.BatchGetDeployments";

/// The cluster `prod`, whose one service was deployed some minutes ago.
async fn with_prod(server: &MockServer, minute: i64) {
    let services = json!({"serviceArns": ["arn:aws:ecs:eu-west-1:1:service/prod/web"]});
    call(LIST_SERVICES).respond_with(answer(&services)).mount(server).await;
    let deployment = json!({"id": "ecs-svc/1", "taskDefinition": "web:8", "rolloutState": "IN_PROGRESS",
        "createdAt": seconds(minute)});
    let described = json!({"services": [{"serviceArn": "a", "serviceName": "web", "desiredCount": 2,
        "deployments": [deployment], "events": []}]});
    call(DESCRIBE).respond_with(answer(&described)).mount(server).await;
}

async fn without(server: &MockServer, cluster: &str) {
    call(LIST_SERVICES)
        .and(body_partial_json(json!({"cluster": cluster})))
        .respond_with(refusal(400, "ClusterNotFoundException", "Cluster not found."))
        .mount(server)
        .await;
}

async fn asked_of(server: &MockServer, word: &str) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests.iter().filter(|request| String::from_utf8_lossy(&request.body).contains(word)).count()
}

#[tokio::test]
async fn a_cluster_that_is_not_there_costs_only_itself() {
    let server = MockServer::start().await;
    without(&server, "gone").await;
    with_prod(&server, -3).await;
    let mut bench = Bench::new(&server.uri());
    bench.account.clusters = vec!["gone".to_owned(), "prod".to_owned()];
    let mut ecs = bench.source("ecs");
    let told = ecs.poll(NOW).await.unwrap().signals;
    assert_eq!(titles(&told), ["web web:8 deploying to production"]);
    assert!(ecs.note().contains("gone: ecs:ListServices answered 400"), "{}", ecs.note());
    ecs.poll(NOW + Span::minutes(1)).await.unwrap();
    assert_eq!(asked_of(&server, "gone").await, 1, "it is left alone");

    server.reset().await;
    with_prod(&server, 2).await;
    let told = ecs.poll(NOW + Span::minutes(6)).await.unwrap().signals;
    assert_eq!(titles(&told), ["web web:8 deploying to production"; 1]);
    assert!(asked_of(&server, "gone").await > 0 && !ecs.note().contains("gone"), "{}", ecs.note());
}

#[tokio::test]
async fn where_no_cluster_can_be_read_ecs_is_failing() {
    let server = MockServer::start().await;
    without(&server, "gone").await;
    let mut bench = Bench::new(&server.uri());
    bench.account.clusters = vec!["gone".to_owned()];
    let mut ecs = bench.source("ecs");
    for minute in 0..2 {
        let error = ecs.poll(NOW + Span::minutes(minute)).await.unwrap_err();
        assert_eq!(error.kind, Failure::Broken, "{error:?}");
    }
    assert_eq!(asked_of(&server, "gone").await, 1);
}

fn titles(signals: &[Signal]) -> Vec<&str> {
    signals.iter().map(|signal| signal.title.as_str()).collect()
}

/// Thirty deployments, of which the first 25 are refused together.
async fn thirty(server: &MockServer, is_refused: bool) {
    let ids: Vec<_> = (0..30).map(|n| format!("d-{n}-")).collect();
    call(LIST_DEPLOYMENTS).respond_with(answer(&json!({"deployments": ids}))).mount(server).await;
    if is_refused {
        let first = call(GET_DEPLOYMENTS).and(body_string_contains("d-0-"));
        first.respond_with(refusal(400, "InvalidDeploymentIdException", "no")).mount(server).await;
    }
    let one = |id: &String| {
        json!({"deploymentId": id, "applicationName": "payment-api", "deploymentGroupName": "blue-staging",
            "status": "Succeeded", "createTime": seconds(-12), "completeTime": seconds(-2)})
    };
    let answered = json!({"deploymentsInfo": ids[25..].iter().map(one).collect::<Vec<_>>()});
    call(GET_DEPLOYMENTS)
        .and(body_string_contains("d-29-"))
        .respond_with(answer(&answered))
        .mount(server)
        .await;
    let answered = json!({"deploymentsInfo": ids[..25].iter().map(one).collect::<Vec<_>>()});
    call(GET_DEPLOYMENTS).respond_with(answer(&answered)).mount(server).await;
}

#[tokio::test]
async fn deployments_that_are_refused_are_left_out_and_told_later() {
    let server = MockServer::start().await;
    thirty(&server, true).await;
    let bench = Bench::new(&server.uri());
    let mut codedeploy = bench.source("codedeploy");
    let told = codedeploy.poll(NOW).await.unwrap().signals;
    assert_eq!(told.len(), 10, "five from beginning to end");
    assert!(codedeploy.note().contains("BatchGetDeployments answered 400"), "{}", codedeploy.note());
    codedeploy.poll(NOW + Span::minutes(1)).await.unwrap();
    assert_eq!(asked_of(&server, "d-0-").await, 1, "they are left alone");

    server.reset().await;
    thirty(&server, false).await;
    let later = codedeploy.poll(NOW + Span::minutes(6)).await.unwrap().signals;
    assert_eq!(later.len(), 50);
    assert!(!codedeploy.note().contains("BatchGetDeployments"), "{}", codedeploy.note());
}

#[tokio::test]
async fn codedeploy_says_the_environment_of_a_group_and_its_outcomes_as_ecs_does() {
    let server = MockServer::start().await;
    call(LIST_DEPLOYMENTS).respond_with(answer(&json!({"deployments": ["d-1"]}))).mount(&server).await;
    let one = json!({"deploymentId": "d-1", "applicationName": "payment-api", "deploymentGroupName": "blue-staging",
        "status": "Failed", "createTime": seconds(-12), "completeTime": seconds(-2),
        "rollbackInfo": {"rollbackDeploymentId": "d-2"}});
    call(GET_DEPLOYMENTS).respond_with(answer(&json!({"deploymentsInfo": [one]}))).mount(&server).await;
    let told = Bench::new(&server.uri()).source("codedeploy").poll(NOW).await.unwrap().signals;
    assert_eq!(
        titles(&told),
        ["payment-api d-1 deploying to staging", "payment-api d-1 rolled back in staging"]
    );
    assert_eq!(deploy(&told[1]).unwrap().environment, "staging");
}

/// The token of a page is no good any more.
#[tokio::test]
async fn a_page_that_has_expired_is_not_asked_for_again() {
    let server = MockServer::start().await;
    call(LOOKUP)
        .and(body_partial_json(json!({"NextToken": "p2"})))
        .respond_with(refusal(400, "InvalidNextTokenException", "expired"))
        .mount(&server)
        .await;
    let first = json!({"Events": [], "NextToken": "p2"});
    call(LOOKUP).respond_with(answer(&first)).up_to_n_times(1).mount(&server).await;
    call(LOOKUP).respond_with(answer(&json!({"Events": []}))).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut changes = bench.source("changes");
    assert!(changes.poll(NOW).await.is_err());
    assert!(changes.poll(NOW + Span::minutes(1)).await.is_ok());
    let asked: Value = server.received_requests().await.unwrap().pop().unwrap().body_json().unwrap();
    assert!(asked["NextToken"].is_null() && asked["StartTime"].as_f64().unwrap() <= seconds(-20), "{asked}");
}

/// An account that does more than anybody can read: fifty calls on every page, and always another page.
#[tokio::test]
async fn of_a_busy_account_what_is_new_is_read_first_and_the_past_by_the_way() {
    let server = MockServer::start().await;
    let turned = Arc::new(AtomicUsize::new(0));
    let page = move |request: &Request| {
        let asked: Value = request.body_json().unwrap();
        let n = turned.fetch_add(1, Ordering::Relaxed);
        // Each page is a minute further back.
        let place = asked["NextToken"].as_str().map_or(0, |token| token.parse::<i64>().unwrap() % 1_000);
        let until = asked["EndTime"].as_f64().unwrap();
        let event = |m: i64| {
            json!({"EventId": format!("{until}-{place}-{m}"), "EventName": "SubmitTaskStateChange",
            "EventTime": until - 60.0 * place as f64 - m as f64, "CloudTrailEvent": "{}"})
        };
        let events: Vec<_> = (0..50).map(event).collect();
        answer(&json!({"Events": events, "NextToken": format!("{}", n as i64 * 1_000 + place + 1)}))
    };
    call(LOOKUP).respond_with(page).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let (mut changes, mut now, mut asked) = (bench.source("changes"), NOW, Vec::new());
    while now < NOW + Span::minutes(40) {
        let polled = changes.poll(now).await.unwrap();
        let minute = (now - NOW).as_minutes() as usize;
        asked.resize(minute + 1, 0);
        asked[minute] = server.received_requests().await.unwrap().len();
        now = now + polled.again_in;
    }
    let in_a_minute: Vec<_> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        in_a_minute[2..].iter().all(|asked| *asked <= 20),
        "of 120 that CloudTrail answers: {in_a_minute:?}"
    );
    assert!(in_a_minute[35] <= 6, "the past is left: {in_a_minute:?}");
    assert!(changes.note().contains("left after 360 pages"), "{}", changes.note());
}

#[tokio::test]
async fn a_stretch_of_measurements_that_was_not_read_is_asked_for_again() {
    let server = MockServer::start().await;
    let nothing = json!({"MetricDataResults": []});
    Mock::given(any()).respond_with(cbor::answer(on_time(200), &nothing)).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let mut metrics = bench.source("metrics");
    metrics.poll(NOW).await.unwrap();
    server.reset().await;
    let circle = json!({"MetricDataResults": [], "NextToken": "again"});
    Mock::given(any())
        .respond_with(cbor::answer(dated(200, NOW + Span::hours(1)), &circle))
        .mount(&server)
        .await;
    assert_eq!(metrics.poll(NOW + Span::hours(1)).await.unwrap_err().kind, Failure::Broken);
    server.reset().await;
    let found = json!({"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete",
        "Timestamps": [at(20) / 1_000], "Values": [3.0]}]});
    Mock::given(any())
        .respond_with(cbor::answer(dated(200, NOW + Span::minutes(61)), &found))
        .mount(&server)
        .await;
    let told = metrics.poll(NOW + Span::minutes(61)).await.unwrap().signals;
    assert_eq!(titles(&told), ["payment-api 5xx 3"]);
}

/// Hosts report late, and CloudWatch counts what they say where it belongs.
#[tokio::test]
async fn a_minute_that_was_not_counted_to_its_end_is_told_again_when_it_is() {
    let server = MockServer::start().await;
    let bench = Bench::new(&server.uri());
    let mut metrics = bench.source("metrics");
    let mut log = SignalLog::new();
    let mut told = Vec::new();
    for (minute, value) in [(0, 10.0), (1, 10.0), (2, 100.0), (3, 100.0)] {
        server.reset().await;
        let found = json!({"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete",
            "Timestamps": [at(-2) / 1_000], "Values": [value]}]});
        let now = NOW + Span::minutes(minute);
        Mock::given(any()).respond_with(cbor::answer(dated(200, now), &found)).mount(&server).await;
        let signals = metrics.poll(now).await.unwrap().signals;
        signals.iter().for_each(|signal| assert!(log.insert(signal)));
        told.push(titles(&signals).join(","));
    }
    assert_eq!(told, ["payment-api 5xx 10", "", "payment-api 5xx 100", ""]);
    assert_eq!(log.iter().map(|signal| signal.title()).collect::<Vec<_>>(), ["payment-api 5xx 100"]);
}

#[tokio::test]
async fn clusters_are_listed_again_after_their_pages_were_refused() {
    let server = MockServer::start().await;
    let second = call(LIST_CLUSTERS).and(body_partial_json(json!({"nextToken": "p2"})));
    second.respond_with(refusal(400, "InvalidParameterException", "expired")).mount(&server).await;
    let first = json!({"clusterArns": ["prod"], "nextToken": "p2"});
    call(LIST_CLUSTERS).respond_with(answer(&first)).up_to_n_times(1).mount(&server).await;
    call(LIST_CLUSTERS).respond_with(answer(&json!({"clusterArns": ["prod"]}))).mount(&server).await;
    with_prod(&server, -3).await;
    let bench = Bench::new(&server.uri());
    let mut ecs = bench.source("ecs");
    assert!(ecs.poll(NOW).await.is_err());
    assert_eq!(ecs.poll(NOW + Span::minutes(1)).await.unwrap().signals.len(), 1);
}
