//! Lines of logs: a session that is refused, a flood, and saved queries from question to answer.

use super::{Bench, FILTER, NOW, account, answer, at, call, catalog, on_time, profile_text, refusal};
use serde_json::{Value, json};
use sitroom::domain::query::{Course, Findings};
use sitroom::domain::{Body, Clock, Span};
use sitroom::sources::aws::{self, Account, insights};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use wiremock::matchers::body_partial_json;
use wiremock::{MockServer, ResponseTemplate};

const TAIL: &str = "Logs_20140328.StartLiveTail";
const GROUPS: &str = "Logs_20140328.DescribeLogGroups";
const START: &str = "Logs_20140328.StartQuery";
const RESULTS: &str = "Logs_20140328.GetQueryResults";
const STOP: &str = "Logs_20140328.StopQuery";
/// Longer than any question here takes.
const LONG: Duration = Duration::from_secs(20);

fn lines(count: usize, level: &str) -> Vec<Value> {
    let line = |n: usize| {
        json!({"eventId": n.to_string(), "timestamp": at(-1), "logStreamName": "s",
        "message": format!("{level} line {n}")})
    };
    (0..count).map(line).collect()
}

async fn asked_for(server: &MockServer, target: &str) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests
        .iter()
        .filter(|request| request.headers.get("x-amz-target").is_some_and(|it| it == target))
        .count()
}

#[tokio::test]
async fn where_live_tail_is_not_allowed_lines_are_asked_for_and_it_says_so() {
    let server = MockServer::start().await;
    call(FILTER).respond_with(answer(&json!({"events": lines(1, "INFO")}))).mount(&server).await;
    let group = json!({"logGroups": [{"logGroupName": "/ecs/web", "logGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/ecs/web"}]});
    call(GROUPS).respond_with(answer(&group)).mount(&server).await;
    call(TAIL).respond_with(refusal(400, "AccessDeniedException", "no")).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let target = aws::targets(&bench.account, &catalog()).remove(0);
    let mut sources = aws::of_targets(std::slice::from_ref(&target), NOW);
    let logs = sources.iter_mut().find(|source| source.name().as_str().ends_with("/logs")).unwrap();
    assert_eq!(logs.poll(NOW).await.unwrap().signals.len(), 1);
    assert_eq!(asked_for(&server, TAIL).await, 0, "nobody looks, and a session costs by the minute");

    let look = target.onlookers().look();
    let polled = logs.poll(NOW + Span::seconds(10)).await.unwrap();
    assert_eq!(polled.again_in, Span::seconds(10), "it goes on asking");
    assert!(logs.note().contains("no live tail") && logs.note().contains("no"), "{}", logs.note());
    logs.poll(NOW + Span::seconds(20)).await.unwrap();
    assert_eq!(asked_for(&server, TAIL).await, 1, "what was refused is not asked again soon");
    drop(look);
}

/// One event of a session as AWS frames it.
fn event(kind: &str, payload: &Value) -> Vec<u8> {
    let payload = payload.to_string().into_bytes();
    let mut headers = Vec::new();
    for (name, value) in
        [(":message-type", "event"), (":event-type", kind), (":content-type", "application/json")]
    {
        headers.push(name.len() as u8);
        headers.extend(name.bytes());
        headers.push(7);
        headers.extend((value.len() as u16).to_be_bytes());
        headers.extend(value.bytes());
    }
    let whole = (headers.len() + payload.len() + 16) as u32;
    let mut frame = [whole.to_be_bytes(), (headers.len() as u32).to_be_bytes()].concat();
    frame.extend(checksum(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend(payload);
    frame.extend(checksum(&frame).to_be_bytes());
    frame
}

fn checksum(bytes: &[u8]) -> u32 {
    let turned = |sum: u32| (0..8).fold(sum, |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()));
    !bytes.iter().fold(!0, |sum: u32, byte| turned(sum ^ u32::from(*byte)))
}

/// Neither the last question nor the session knows the line that was written between them.
#[tokio::test]
async fn what_was_written_before_a_session_began_is_asked_for_once_more() {
    let server = MockServer::start().await;
    let line = |second: i64, message: &str| {
        json!({"eventId": message, "timestamp": (NOW + Span::seconds(second)).millis(),
            "logStreamName": "s", "message": message})
    };
    call(FILTER).respond_with(answer(&json!({"events": []}))).mount(&server).await;
    let group = json!({"logGroups": [{"logGroupName": "/ecs/web", "logGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/ecs/web"}]});
    call(GROUPS).respond_with(answer(&group)).mount(&server).await;
    let told = json!({"logGroupIdentifier": "1:/ecs/web", "logStreamName": "s", "message": "told",
        "timestamp": (NOW + Span::seconds(3)).millis()});
    let update =
        event("sessionUpdate", &json!({"sessionMetadata": {"sampled": false}, "sessionResults": [told]}));
    let quiet = event("sessionUpdate", &json!({"sessionMetadata": {"sampled": false}, "sessionResults": []}));
    let session = [event("initial-response", &json!({})), update, quiet].concat();
    let session = on_time(200).set_body_raw(session, "application/vnd.amazon.eventstream");
    call(TAIL).respond_with(session).mount(&server).await;
    let bench = Bench::new(&server.uri());
    let target = aws::targets(&bench.account, &catalog()).remove(0);
    let mut sources = aws::of_targets(std::slice::from_ref(&target), NOW);
    let logs = sources.iter_mut().find(|source| source.name().as_str().ends_with("/logs")).unwrap();
    let _look = target.onlookers().look();
    let mut titles = async |second| {
        let signals = logs.poll(NOW + Span::seconds(second)).await.unwrap().signals;
        signals.into_iter().map(|signal| signal.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(0).await, [""; 0]);
    assert_eq!(titles(4).await, ["told"]);
    server.reset().await;
    call(FILTER)
        .respond_with(answer(&json!({"events": [line(1, "between"), line(3, "told")]})))
        .mount(&server)
        .await;
    assert_eq!(titles(10).await, ["between"], "which neither had told");
    assert_eq!(titles(11).await, [""; 0]);
    assert_eq!(asked_for(&server, FILTER).await, 1, "the session goes on alone");
}

#[tokio::test]
async fn a_flood_of_lines_is_counted_and_what_is_grave_is_kept() {
    let server = MockServer::start().await;
    let events: Vec<_> = lines(900, "INFO").into_iter().chain(lines(5, "ERROR")).collect();
    call(FILTER).respond_with(answer(&json!({"events": events}))).mount(&server).await;
    let mut bench = Bench::new(&server.uri());
    bench.account.log_lines_per_minute = Some(10);
    let mut logs = bench.source("logs");
    let signals = logs.poll(NOW).await.unwrap().signals;
    let grave = signals.iter().filter(|it| matches!(&it.body, Body::Log(log) if log.level == "error"));
    assert_eq!((signals.len(), grave.count()), (155, 5));
    assert!(logs.note().contains("905 lines a minute, 750 of them counted"), "{}", logs.note());
}

struct Question {
    server: MockServer,
    account: Account,
    _home: tempfile::TempDir,
}

impl Question {
    async fn new() -> Self {
        let (server, home) = (MockServer::start().await, tempfile::tempdir().unwrap());
        let profile = home.path().join("config");
        std::fs::write(&profile, profile_text()).unwrap();
        let mut account = account(&server.uri(), &profile);
        let query = "query = \"stats count(*) by level\"\nsince = \"30m\"".parse::<toml::Table>().unwrap();
        account.queries.insert("levels".to_owned(), query.try_into().unwrap());
        call(START).respond_with(answer(&json!({"queryId": "q-1"}))).mount(&server).await;
        call(STOP).respond_with(answer(&json!({"success": true}))).mount(&server).await;
        Self { server, account, _home: home }
    }

    async fn results(&self, times: u64, status: &str, rows: Value) {
        let body = json!({"status": status, "results": rows,
            "statistics": {"recordsMatched": 7.0, "recordsScanned": 4_000.0, "bytesScanned": 1.0}});
        let mock = call(RESULTS).respond_with(answer(&body)).up_to_n_times(times);
        mock.mount(&self.server).await;
    }

    /// Everything that was told of the answer, until it was over.
    async fn asked(&self) -> Vec<Findings> {
        let target = aws::targets(&self.account, &catalog()).remove(0);
        let saved = insights::saved(&target);
        assert_eq!(
            (saved[0].name.as_str(), saved[0].groups.as_slice()),
            ("levels", ["/ecs/web".to_owned()].as_slice())
        );
        let (tell, mut told) = watch::channel(Findings::asked(NOW - saved[0].since, NOW));
        let clock = Clock::fixed(NOW);
        let asking = insights::ask(&target, &clock, &saved[0], NOW, tell);
        let listening = async {
            let mut heard = Vec::new();
            while told.changed().await.is_ok() {
                heard.push(told.borrow_and_update().clone());
            }
            heard
        };
        timeout(LONG, async { tokio::join!(asking, listening).1 }).await.unwrap()
    }
}

#[tokio::test]
async fn a_saved_query_is_followed_from_running_to_its_table() {
    let question = Question::new().await;
    question.results(1, "Running", json!([])).await;
    let row = json!([{"field": "level", "value": "error"}, {"field": "count", "value": "7"}, {"field": "@ptr", "value": "x"}]);
    question.results(9, "Complete", json!([row])).await;
    let heard = question.asked().await;
    assert_eq!(heard[0].course, Course::Running);
    let last = heard.last().unwrap();
    assert_eq!((&last.course, last.scanned), (&Course::Complete, 4_000));
    assert_eq!(
        (last.columns.join(" "), last.rows[0].join(" ")),
        ("level count".to_owned(), "error 7".to_owned())
    );
    let wanted =
        json!({"logGroupNames": ["/ecs/web"], "startTime": at(-30) / 1_000, "endTime": at(0) / 1_000});
    let requests = question.server.received_requests().await.unwrap();
    let body: Value = requests[0].body_json().unwrap();
    assert!(wanted.as_object().unwrap().iter().all(|(name, value)| body[name] == *value), "{body}");
    assert_eq!(asked_for(&question.server, STOP).await, 0);
}

#[tokio::test]
async fn a_query_that_fails_or_is_refused_says_why() {
    let question = Question::new().await;
    question.results(9, "Timeout", json!([])).await;
    let Some(Course::Failed(why)) = question.asked().await.pop().map(|found| found.course) else { panic!() };
    assert!(why.contains("took too long"), "{why}");

    let question = Question::new().await;
    let refused = ResponseTemplate::new(500);
    call(RESULTS).respond_with(refused).mount(&question.server).await;
    let Some(Course::Failed(why)) = question.asked().await.pop().map(|found| found.course) else { panic!() };
    assert!(why.contains("logs:GetQueryResults"), "{why}");
    assert_eq!(asked_for(&question.server, STOP).await, 1, "what runs on at AWS is stopped");
}

#[tokio::test]
async fn a_query_nobody_waits_for_any_more_is_stopped() {
    let question = Question::new().await;
    question.results(99, "Running", json!([])).await;
    let target = aws::targets(&question.account, &catalog()).remove(0);
    let saved = insights::saved(&target);
    let (tell, mut told) = watch::channel(Findings::asked(NOW, NOW));
    let clock = Clock::fixed(NOW);
    let asking = insights::ask(&target, &clock, &saved[0], NOW, tell);
    let leaving = async move {
        told.changed().await.unwrap();
        drop(told);
    };
    timeout(LONG, async { tokio::join!(asking, leaving) }).await.unwrap();
    assert_eq!(asked_for(&question.server, STOP).await, 1);
    let requests = question.server.received_requests().await.unwrap();
    let stop: Value = requests.last().unwrap().body_json().unwrap();
    assert_eq!(stop["queryId"], "q-1");
}

#[tokio::test]
async fn a_question_does_not_wait_for_a_flood_of_lines() {
    let question = Question::new().await;
    question.results(9, "Complete", json!([])).await;
    call(FILTER).respond_with(answer(&json!({"events": []}))).mount(&question.server).await;
    let began = Instant::now();
    let clock = Clock::wall(move || NOW + Span::millis(began.elapsed().as_millis() as i64));
    let target = aws::targets(&question.account, &catalog()).remove(0);
    let mut sources = aws::of_targets(std::slice::from_ref(&target), NOW);
    let logs = sources.iter_mut().find(|source| source.name().as_str().ends_with("/logs")).unwrap();
    let mut asked = 0;
    while logs.poll(clock.now()).await.is_ok() {
        asked += 1;
        assert!(asked < 10_000, "the budget has no end");
    }
    let (tell, told) = watch::channel(Findings::asked(NOW, NOW));
    let saved = insights::saved(&target);
    timeout(LONG, insights::ask(&target, &clock, &saved[0], NOW, tell)).await.unwrap();
    assert_eq!(told.borrow().course, Course::Complete);
}

#[tokio::test]
async fn an_answer_that_takes_long_is_asked_for_less_and_less_often() {
    let question = Question::new().await;
    question.results(2, "Running", json!([])).await;
    question.results(9, "Complete", json!([])).await;
    let began = Instant::now();
    question.asked().await;
    assert!(
        began.elapsed() >= Duration::from_secs(6),
        "after one second, two and three: {:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn a_question_that_would_wait_too_long_says_so() {
    let mut question = Question::new().await;
    question.account.requests_per_minute = Some(1);
    let refused = refusal(400, "LimitExceededException", "too many").insert_header("retry-after", "1200");
    question.server.reset().await;
    call(START).respond_with(refused).mount(&question.server).await;
    let Some(Course::Failed(why)) = question.asked().await.pop().map(|found| found.course) else { panic!() };
    assert!(why.contains("too many"), "{why}");
}

#[tokio::test]
async fn an_unknown_group_costs_only_the_session() {
    let server = MockServer::start().await;
    call(FILTER).respond_with(answer(&json!({"events": []}))).mount(&server).await;
    call(GROUPS)
        .and(body_partial_json(json!({})))
        .respond_with(answer(&json!({"logGroups": []})))
        .mount(&server)
        .await;
    let bench = Bench::new(&server.uri());
    let target = aws::targets(&bench.account, &catalog()).remove(0);
    let mut sources = aws::of_targets(std::slice::from_ref(&target), NOW);
    let logs = sources.iter_mut().find(|source| source.name().as_str().ends_with("/logs")).unwrap();
    let _look = target.onlookers().look();
    assert!(logs.poll(NOW).await.is_ok());
    assert!(logs.note().contains("no log group /ecs/web"), "{}", logs.note());
}

#[tokio::test]
async fn a_group_that_is_refused_is_named_and_the_others_go_on() {
    let server = MockServer::start().await;
    let refused = call(FILTER).and(body_partial_json(json!({"logGroupName": "/ecs/web"})));
    refused.respond_with(refusal(400, "AccessDeniedException", "no")).mount(&server).await;
    call(FILTER).respond_with(answer(&json!({"events": lines(1, "INFO")}))).mount(&server).await;
    let mut bench = Bench::new(&server.uri());
    bench.account.log_groups.push("/ecs/payment-api".to_owned());
    let mut logs = bench.source("logs");
    assert_eq!(logs.poll(NOW).await.unwrap().signals.len(), 1);
    assert!(logs.note().contains("/ecs/web: logs:FilterLogEvents: no"), "{}", logs.note());
    logs.poll(NOW + Span::seconds(10)).await.unwrap();
    assert_eq!(
        server.received_requests().await.unwrap().len(),
        3,
        "what was refused is left alone for a while"
    );
}
