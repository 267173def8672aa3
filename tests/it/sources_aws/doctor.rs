//! What the doctor tries of an account: each permission as it is asked later.

use super::{Bench, FILTER, LIST_CLUSTERS, LOOKUP, NOW, answer, call, catalog, cbor, on_time, refusal};
use serde_json::json;
use sitroom::domain::Clock;
use sitroom::sources::aws::{self, Probed};
use wiremock::matchers::path_regex;
use wiremock::{Mock, MockServer};

async fn probed(bench: &Bench) -> Vec<Probed> {
    aws::probe(&aws::targets(&bench.account, &catalog()).remove(0), &Clock::fixed(NOW)).await
}

#[tokio::test]
async fn each_permission_is_tried_as_it_is_asked_later_and_what_is_refused_is_said() {
    let server = MockServer::start().await;
    let ecs = |name: &str| call(&format!("AmazonEC2ContainerServiceV20141113.{name}"));
    let deploy = |name: &str| call(&format!("CodeDeploy_20141006.{name}"));
    let refused = || refusal(400, "AccessDeniedException", "no");
    call(LIST_CLUSTERS).respond_with(answer(&json!({"clusterArns": ["c/prod"]}))).mount(&server).await;
    ecs("ListServices").respond_with(answer(&json!({"serviceArns": ["s/web"]}))).mount(&server).await;
    ecs("DescribeServices").respond_with(refused()).mount(&server).await;
    deploy("ListDeployments").respond_with(answer(&json!({"deployments": ["d-1"]}))).mount(&server).await;
    deploy("BatchGetDeployments").respond_with(refused()).mount(&server).await;
    call(LOOKUP).respond_with(answer(&json!({"Events": []}))).mount(&server).await;
    call("Logs_20140328.DescribeLogGroups").respond_with(answer(&json!({}))).mount(&server).await;
    call(FILTER).respond_with(refused()).mount(&server).await;
    let measured = json!({"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete"}]});
    let cloudwatch = Mock::given(path_regex("/GetMetricData$"));
    cloudwatch.respond_with(cbor::answer(on_time(200), &measured)).mount(&server).await;
    let cloudwatch = Mock::given(path_regex("/DescribeAlarm"));
    cloudwatch.respond_with(cbor::answer(on_time(200), &json!({}))).mount(&server).await;

    let tried = probed(&Bench::new(&server.uri())).await;
    let refused: Vec<_> = tried
        .iter()
        .filter(|one| one.found.is_err())
        .map(|one| one.what.trim_start_matches("aws-prod "))
        .collect();
    let expected = [
        "ecs:DescribeServices of c/prod",
        "codedeploy:BatchGetDeployments",
        "logs:FilterLogEvents of /ecs/web",
    ];
    assert_eq!((tried.len(), refused), (11, expected.to_vec()));
    let series = tried.iter().find(|one| one.what.ends_with("GetMetricData")).unwrap();
    let said = series.found.as_ref().unwrap();
    assert!(said.starts_with("0 of 1 series with data in 15 minutes; payment-api/5xx has none"), "{said}");
}

#[tokio::test]
async fn where_nobody_knows_the_credentials_one_line_says_so() {
    let server = MockServer::start().await;
    let unknown = json!({"__type": "UnrecognizedClientException", "message": "invalid"});
    let refused = cbor::answer(refusal(400, "UnrecognizedClientException", "invalid"), &unknown);
    Mock::given(path_regex("/")).respond_with(refused).mount(&server).await;
    let tried = probed(&Bench::new(&server.uri())).await;
    assert_eq!(tried.len(), 1);
    assert!(tried[0].found.is_err());
}
