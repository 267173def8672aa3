//! GitHub as a stub with a memory: paging, conditions, limits, GraphQL, and the numbers of the review rules.

use super::answers;
use super::stub::{
    NOW, Shared, TOKEN, ago, asked, bodies, catalog, date, drained, github, github_as, limits, said, serving,
    status, titles,
};
use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::diagnosis::{Policy, situation};
use sitroom::domain::signal::{Outcome, Verdict};
use sitroom::domain::{Body, Clock, Signal, SignalLog, Span, Time};
use sitroom::sources::http::Credential;
use sitroom::sources::{Failure, Source};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use wiremock::{MockServer, Request, ResponseTemplate};

/// What is on the stub, in the words of GitHub.
#[derive(Default)]
struct Hub {
    pulls: Vec<Value>,
    deployments: Vec<Value>,
    releases: Vec<Value>,
    runs: Vec<Value>,
    /// Things on a page of GraphQL.
    per_page: usize,
}

impl Hub {
    fn answer(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches('/');
        let mark = |list: &[Value]| format!("\"{}\"", serde_json::to_string(list).unwrap().len());
        match path.strip_prefix("repos/team/api").unwrap_or(path) {
            "" => said(&json!({"default_branch": "trunk"})),
            "/pulls" => conditional(request, &mark(&self.pulls), &json!([])),
            "/deployments" => conditional(request, &mark(&self.deployments), &json!([])),
            "/releases" => conditional(request, &mark(&self.releases), &json!(self.releases)),
            "/actions/runs" => conditional(request, &mark(&self.runs), &json!({"workflow_runs": self.runs})),
            "graphql" => self.graphql(&serde_json::from_slice(&request.body).unwrap()),
            _ => status(404),
        }
    }

    fn graphql(&self, question: &Value) -> ResponseTemplate {
        let is_pulls = question["query"].as_str().unwrap().contains("pullRequests");
        let things = if is_pulls { &self.pulls } else { &self.deployments };
        let from: usize = question["variables"]["after"].as_str().map_or(0, |cursor| cursor.parse().unwrap());
        let to = (from + self.per_page.max(1)).min(things.len());
        let next = (to < things.len()).then(|| to.to_string());
        said(&json!({"data": answers::github_page(&things[from..to], next.as_deref())}))
    }
}

fn conditional(request: &Request, mark: &str, body: &Value) -> ResponseTemplate {
    let is_known = request.headers.get("if-none-match").is_some_and(|known| known == mark);
    if is_known { status(304) } else { said(body).insert_header("etag", mark) }
}

async fn stub(hub: Hub) -> (MockServer, Shared<Hub>) {
    let hub = Arc::new(Mutex::new(hub));
    let shared = Arc::clone(&hub);
    (serving(move |request| hub.lock().unwrap().answer(request)).await, shared)
}

/// A pull request that changed so long ago, with its reviews.
fn pull(number: u64, updated: Span, reviews: &[Value]) -> Value {
    answers::github_pull(number, &ago(updated + Span::hours(5)), &ago(updated), reviews)
}

/// One that was opened five hours ago and changed just then.
fn changed(number: u64, at: Time) -> Value {
    with(pull(number, Span::ZERO, &[]), json!({"updatedAt": at.to_string()}))
}

fn review(id: &str, by: &str, state: &str, at: Span) -> Value {
    answers::github_review(id, by, state, &ago(at))
}

fn with(mut pull: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("fields") };
    pull.as_object_mut().unwrap().extend(fields);
    pull
}

#[tokio::test]
async fn a_merged_change_tells_its_size_its_services_and_each_review_with_its_turnaround() {
    let reviews = [
        review("r1", "sam", "CHANGES_REQUESTED", Span::hours(4)),
        review("r2", "dana", "APPROVED", Span::hours(2)),
        review("r3", "lee", "COMMENTED", Span::hours(2)),
        review("r4", "sam", "SOMETHING_NEW", Span::hours(2)),
        with(review("r5", "sam", "PENDING", Span::hours(2)), json!({"submittedAt": null})),
        with(
            review("r6", "bot", "APPROVED", Span::hours(2)),
            json!({"author": {"__typename": "Bot", "login": "bot"}}),
        ),
    ];
    let merged = with(
        pull(7, Span::hours(1), &reviews),
        json!({
            "state": "MERGED", "mergedAt": ago(Span::hours(1)), "additions": 700, "deletions": 112,
            "files": {"nodes": [{"path": "services/payment/a"}, {"path": "services/checkout/b"}]},
            // Opened as a draft, ready five hours ago.
            "createdAt": ago(Span::hours(30)),
            "timelineItems": {"nodes": [{"createdAt": ago(Span::hours(5))}]},
        }),
    );
    let (server, _) = stub(Hub { pulls: vec![merged], per_page: 25, ..Hub::default() }).await;
    let signals = drained(&mut github(&server.uri()), NOW).await.unwrap();
    assert_eq!(
        titles(&signals),
        [
            "#7 ready: Change 7",
            "#7 changes requested by sam after 1 h 00 min",
            "#7 approved by dana after 3 h 00 min",
            "#7 merged: Change 7",
        ]
    );
    let request = bodies(&signals, |body| match body {
        Body::PullRequest(request) => Some(request.clone()),
        _ => None,
    });
    assert_eq!(request[1].lines(), 812);
    assert_eq!(
        request[1].services.iter().map(sitroom::domain::ServiceName::as_str).collect::<Vec<_>>(),
        ["payment-api", "checkout"]
    );
    let verdicts = bodies(&signals, |body| match body {
        Body::Review(review) => Some((review.verdict, review.turnaround)),
        _ => None,
    });
    assert_eq!(verdicts, [(Verdict::ChangesRequested, Span::hours(1)), (Verdict::Approved, Span::hours(3))]);
    assert!(
        signals.iter().all(|signal| signal.link.as_deref().is_some_and(|link| link.starts_with("https://")))
    );
}

#[tokio::test]
async fn every_page_is_read_back_to_the_edge_of_the_history_and_nothing_twice() {
    let pulls = (0..60).map(|n| pull(100 - n, Span::days(n as i64), &[])).collect();
    let (server, _) = stub(Hub { pulls, per_page: 4, ..Hub::default() }).await;
    let mut forge = github(&server.uri());
    let first = forge.poll(NOW).await.unwrap();
    assert!(!first.signals.is_empty());
    let mut signals = first.signals;
    signals.extend(drained(&mut forge, NOW).await.unwrap());
    let mut ids: Vec<_> = signals.iter().map(|signal| signal.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), signals.len()), (30, 30), "{:?}", titles(&signals));
}

#[tokio::test]
async fn what_has_not_changed_costs_one_condition_a_feed_and_what_has_is_asked_from_there() {
    let (server, hub) =
        stub(Hub { pulls: vec![pull(1, Span::hours(9), &[])], per_page: 1, ..Hub::default() }).await;
    let mut forge = github(&server.uri());
    drained(&mut forge, NOW).await.unwrap();
    let before = asked(&server).await.len();
    let later = NOW + Span::minutes(2);
    assert_eq!(drained(&mut forge, later).await.unwrap(), []);
    let requests = asked(&server).await;
    assert_eq!(requests.len() - before, 4);
    assert!(requests[before..].iter().all(|request| request.headers.contains_key("if-none-match")));
    // Three have come since, a page each; they are found, and of what was known only the page that tells where to stop.
    let news = (2..5).rev().map(|n| changed(n, NOW + Span::minutes(3)));
    hub.lock().unwrap().pulls.splice(0..0, news);
    let before = asked(&server).await.len();
    let found = drained(&mut forge, NOW + Span::minutes(10)).await.unwrap();
    assert_eq!(found.len(), 3, "{:?}", titles(&found));
    assert_eq!(asked(&server).await.len() - before, 4 + 4);
}

#[tokio::test]
async fn after_an_outage_everything_since_is_asked_for() {
    let begun = NOW - Span::hours(8);
    let down = Arc::new(Mutex::new(false));
    let hub = Arc::new(Mutex::new(Hub {
        pulls: vec![pull(1, Span::hours(9), &[])],
        per_page: 1,
        ..Hub::default()
    }));
    let (is_down, answers) = (Arc::clone(&down), Arc::clone(&hub));
    let server =
        serving(
            move |request| {
                if *is_down.lock().unwrap() { status(502) } else { answers.lock().unwrap().answer(request) }
            },
        )
        .await;
    let now = Arc::new(Mutex::new(begun));
    let hand = Arc::clone(&now);
    let clock = Clock::wall(move || *hand.lock().unwrap());
    let mut forge = github_as(&server.uri(), Credential::bearer(super::stub::token()), limits(), clock);
    // The stub's clock stands at NOW; only the order of things counts here.
    drained(&mut forge, begun).await.unwrap();
    *down.lock().unwrap() = true;
    let failed = forge.poll(begun + Span::hours(1)).await.unwrap_err();
    assert_eq!(failed.kind, Failure::Transient);
    let news = (2..6).rev().map(|n| changed(n, NOW + Span::minutes(3)));
    hub.lock().unwrap().pulls.splice(0..0, news);
    *down.lock().unwrap() = false;
    *now.lock().unwrap() = NOW;
    let found = drained(&mut forge, NOW + Span::minutes(9)).await.unwrap();
    assert_eq!(found.len(), 4, "{:?}", titles(&found));
}

#[tokio::test]
async fn deployments_releases_and_failed_runs_are_told_with_what_became_of_them() {
    let status =
        |id: &str, state: &str, minutes| answers::github_status(id, state, &ago(Span::minutes(minutes)));
    let statuses =
        [status("s2", "SUCCESS", 15), status("s1", "IN_PROGRESS", 19), status("s0", "A_NEW_STATE", 19)];
    let deployment = answers::github_deployment(&ago(Span::minutes(20)), &statuses);
    let release = answers::github_release(&ago(Span::hours(1)), &ago(Span::minutes(30)));
    let run = |id: u64, conclusion: &str, at: i64| {
        answers::github_run(id, conclusion, &ago(Span::minutes(at + 3)), &ago(Span::minutes(at)))
    };
    let runs = vec![run(3, "success", 5), run(2, "cancelled", 8), run(1, "failure", 10)];
    let hub =
        Hub { deployments: vec![deployment], releases: vec![release], runs, per_page: 25, ..Hub::default() };
    let (server, _) = stub(hub).await;
    let signals = drained(&mut github(&server.uri()), NOW).await.unwrap();
    assert_eq!(
        titles(&signals),
        [
            "release v2.14.3 of team/api published",
            "checkout v2.14.3 deploying to production",
            "checkout v2.14.3 deployed to production",
            "build #1 failed on trunk of team/api",
            "build #3 succeeded on trunk of team/api",
        ]
    );
    let took = bodies(&signals, |body| match body {
        Body::Deploy(deploy) if deploy.outcome == Outcome::Succeeded => deploy.took,
        _ => None,
    });
    assert_eq!(took, [Span::minutes(5)]);
}

#[tokio::test]
async fn what_ran_before_is_what_the_same_service_ran_in_the_same_environment() {
    let deployment = |id: u64, task: &str, environment: &str, version: &str, minutes: i64| {
        json!({
            "databaseId": id, "environment": environment, "task": task, "createdAt": ago(Span::minutes(minutes)),
            "ref": {"name": version, "prefix": "refs/tags/"},
            "statuses": {"nodes": [{"id": format!("s{id}"), "state": "SUCCESS", "createdAt": ago(Span::minutes(minutes))}]},
        })
    };
    let deployments = vec![
        deployment(1, "deploy:checkout", "production", "v1", 60),
        deployment(2, "deploy:ledger", "production", "v70", 50),
        deployment(3, "deploy", "production", "v500", 40),
        deployment(4, "deploy:checkout", "staging", "v3", 30),
        deployment(5, "deploy:checkout", "production", "v2", 20),
        deployment(6, "deploy", "production", "v501", 10),
    ];
    let (server, _) = stub(Hub { deployments, per_page: 25, ..Hub::default() }).await;
    let signals = drained(&mut github(&server.uri()), NOW).await.unwrap();
    let ended = bodies(&signals, |body| match body {
        Body::Deploy(deploy) if deploy.outcome == Outcome::Succeeded => {
            Some((deploy.version.clone(), deploy.previous.clone()))
        }
        _ => None,
    });
    let known: Vec<_> =
        ended.iter().filter_map(|(now, before)| Some((now.as_str(), before.as_deref()?))).collect();
    assert_eq!((ended.len(), known), (6, vec![("v2", "v1")]));
}

#[tokio::test]
async fn the_median_of_reviews_comes_out_as_computed_by_hand() {
    // Eight reviews after an hour each, two weeks ago; then six after 2 h 30 each, this week.
    let opened = |n: i64, days: i64, minutes: i64| {
        let reviewed = Span::days(days) + Span::hours(n);
        let by = ["dana", "sam"][(n % 2) as usize];
        let reviews = [review(&format!("{days}-{n}"), by, "APPROVED", reviewed)];
        let mut request = pull((days * 100 + n) as u64, reviewed, &reviews);
        request["createdAt"] = json!(ago(reviewed + Span::minutes(minutes)));
        request
    };
    let recent = (0..6).map(|n| opened(n, 2, 150));
    let pulls = recent.chain((0..8).map(|n| opened(n, 14, 60))).collect();
    let (server, _) = stub(Hub { pulls, per_page: 5, ..Hub::default() }).await;
    let signals: SignalLog = drained(&mut github(&server.uri()), NOW).await.unwrap().into_iter().collect();
    let situation = situation(&signals, &catalog(), &Policy::default(), &[], NOW);
    let text = serde_json::to_string(&situation).unwrap();
    assert!(text.contains("Median review turnaround increased from 1.0 h to 2.5 h"), "{text}");
}

#[tokio::test]
async fn limits_are_kept_to_the_second_the_server_says() {
    let reset = NOW.millis() / 1_000 + 90;
    let table: [(ResponseTemplate, Option<Span>); 5] = [
        (status(429), None),
        (status(429).insert_header("retry-after", "17"), Some(Span::seconds(17))),
        (
            status(403).insert_header("retry-after", date(NOW + Span::minutes(3)).as_str()),
            Some(Span::minutes(3)),
        ),
        (
            status(403)
                .insert_header("x-ratelimit-remaining", "0")
                .insert_header("x-ratelimit-reset", reset.to_string().as_str()),
            Some(Span::seconds(90)),
        ),
        (
            status(403).set_body_json(json!({"message": "You have exceeded a secondary rate limit."})),
            Some(Span::minutes(1)),
        ),
    ];
    for (answer, retry_after) in table {
        let server = serving(move |_| answer.clone()).await;
        let error = github(&server.uri()).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Throttled { retry_after }, "{error}");
    }
}

/// Answers, and says that it was the last time until then.
async fn without_requests_until(reset: i64) -> MockServer {
    serving(move |_| {
        said(&json!([]))
            .insert_header("x-ratelimit-remaining", "0")
            .insert_header("x-ratelimit-reset", reset.to_string().as_str())
    })
    .await
}

#[tokio::test]
async fn with_nothing_left_nothing_is_asked_until_it_is_filled_up() {
    let server = without_requests_until(NOW.millis() / 1_000 + 600).await;
    let mut forge = github(&server.uri());
    for _ in 0..5 {
        let _ = forge.poll(NOW).await;
    }
    assert!(asked(&server).await.len() <= 2);
    let waits = forge.poll(NOW).await.unwrap_err();
    assert_eq!(waits.kind, Failure::Waiting { again_in: Span::minutes(10) }, "which is no answer");
    assert_eq!(waits.what, "no requests are left before 14:39 UTC");
}

#[tokio::test]
async fn a_limit_that_is_said_to_pass_in_a_thousand_years_is_looked_at_again_within_the_hour() {
    let server = without_requests_until(NOW.millis() + 600_000).await;
    let mut forge = github(&server.uri());
    let _ = forge.poll(NOW).await;
    assert_eq!(forge.poll(NOW).await.unwrap_err().kind, Failure::Waiting { again_in: Span::hours(1) });
}

/// What is left of one thing the server counts says nothing of another.
#[tokio::test]
async fn what_is_left_of_one_thing_does_not_hide_that_nothing_is_left_of_another() {
    let reset = (NOW.millis() / 1_000 + 600).to_string();
    let server = serving(move |request| {
        let (counted, left) =
            if request.url.path() == "/graphql" { ("graphql", "4999") } else { ("core", "0") };
        said(&json!([]))
            .insert_header("x-ratelimit-resource", counted)
            .insert_header("x-ratelimit-remaining", left)
            .insert_header("x-ratelimit-reset", reset.as_str())
    })
    .await;
    let mut forge = github(&server.uri());
    let mut kinds = Vec::new();
    for _ in 0..5 {
        kinds.extend(forge.poll(NOW).await.err().map(|error| error.kind));
    }
    assert!(kinds.contains(&Failure::Waiting { again_in: Span::minutes(10) }), "{kinds:?}");
}

#[tokio::test]
async fn a_graphql_error_is_a_limit_or_a_refusal_by_its_type() {
    for (kind, throttled) in [("RATE_LIMITED", true), ("FORBIDDEN", false)] {
        let server = serving(move |request| match request.url.path() {
            "/graphql" => said(&json!({"errors": [{"type": kind, "message": "no\u{1b}[31m"}]})),
            "/repos/team/api" => said(&json!({"default_branch": "main"})),
            _ => said(&json!([])),
        })
        .await;
        let mut forge = github(&server.uri());
        let answer = forge.poll(NOW).await;
        if throttled {
            assert!(matches!(answer.unwrap_err().kind, Failure::Throttled { .. }));
        } else {
            answer.unwrap();
            assert!(forge.note().contains("permissions"), "{}", forge.note());
            assert!(!forge.note().contains('\u{1b}'));
        }
    }
}

/// The organisation wants the token to be authorized, and a name behind a pull request may not be read.
#[tokio::test]
async fn what_is_there_is_read_beside_what_is_refused_and_the_fix_is_the_one_github_names() {
    let server = serving(|request| match request.url.path() {
        "/repos/team/api/releases" => status(403)
            .insert_header("x-github-sso", "required; url=https://github.com/orgs/team/sso?x=1")
            .set_body_json(json!({"message": "Resource protected by organization SAML enforcement."})),
        "/graphql" => {
            let is_pulls = String::from_utf8_lossy(&request.body).contains("pullRequests");
            let nodes = if is_pulls { vec![pull(1, Span::hours(1), &[])] } else { Vec::new() };
            said(&json!({"data": {"repository": {"list": {"nodes": nodes}}},
                "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]}))
        }
        "/repos/team/api" => said(&json!({"default_branch": "main"})),
        "/repos/team/api/actions/runs" => said(&json!({"workflow_runs": []})),
        _ => said(&json!([])),
    })
    .await;
    let mut forge = github(&server.uri());
    assert!(!forge.poll(NOW).await.unwrap().signals.is_empty());
    let note = forge.note();
    assert!(note.contains("authorize the token at https://github.com/orgs/team/sso?x=1"), "{note}");
}

#[tokio::test]
async fn a_repository_that_refuses_is_named_and_the_others_go_on() {
    let server = serving(|request| match request.url.path() {
        "/repos/team/api/releases" => status(403)
            .insert_header("x-accepted-github-permissions", "contents=read")
            .set_body_json(json!({})),
        "/graphql" => {
            let is_pulls = String::from_utf8_lossy(&request.body).contains("pullRequests");
            let nodes = if is_pulls { vec![pull(1, Span::hours(1), &[])] } else { Vec::new() };
            said(&json!({"data": {"repository": {"list": {"nodes": nodes}}}}))
        }
        "/repos/team/api" => said(&json!({"default_branch": "main"})),
        "/repos/team/api/actions/runs" => said(&json!({"workflow_runs": []})),
        _ => said(&json!([])),
    })
    .await;
    let mut forge = github(&server.uri());
    let polled = forge.poll(NOW).await.unwrap();
    assert_eq!(titles(&polled.signals), ["#1 ready: Change 1"]);
    let note = forge.note();
    assert!(note.contains("team/api releases") && note.contains("permission contents=read"), "{note}");
}

#[tokio::test]
async fn a_token_that_expires_is_fetched_once_more_and_then_named() {
    let sold = Arc::new(AtomicUsize::new(0));
    let sells = Arc::clone(&sold);
    let credential = Credential::bearer(Box::new(move || {
        let number = sells.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(Secret::new(format!("{TOKEN}-{number}"))) })
    }));
    let valid = Arc::new(Mutex::new(format!("Bearer {TOKEN}-0")));
    let accepted = Arc::clone(&valid);
    let hub = Hub { pulls: vec![pull(1, Span::hours(1), &[])], per_page: 1, ..Hub::default() };
    let server = serving(move |request| {
        let is_known = request.headers["authorization"] == accepted.lock().unwrap().as_str();
        if is_known {
            hub.answer(request)
        } else {
            status(401).set_body_json(json!({"message": "Bad credentials"}))
        }
    })
    .await;
    let mut forge = github_as(&server.uri(), credential, limits(), Clock::fixed(NOW));
    drained(&mut forge, NOW).await.unwrap();
    *valid.lock().unwrap() = format!("Bearer {TOKEN}-1");
    drained(&mut forge, NOW + Span::minutes(2)).await.unwrap();
    assert_eq!(sold.load(Ordering::SeqCst), 2);
    *valid.lock().unwrap() = "none".to_owned();
    let before = asked(&server).await.len();
    let error = forge.poll(NOW + Span::minutes(4)).await.unwrap_err();
    assert_eq!((error.kind, error.fix.as_str()), (Failure::Denied, "renew the token in the variable T"));
    assert_eq!(asked(&server).await.len() - before, 2, "one question, asked again with a new token");
}

#[tokio::test]
async fn hostile_text_is_harmless_and_links_lead_to_the_web() {
    let evil = with(
        pull(1, Span::hours(1), &[]),
        json!({"title": "a\u{1b}]0;owned\u{7}b\u{202e}c", "url": "javascript:alert(1)", "author": {"login": "x\u{1b}[2J"}}),
    );
    let (server, _) = stub(Hub { pulls: vec![evil], per_page: 1, ..Hub::default() }).await;
    let signals = drained(&mut github(&server.uri()), NOW).await.unwrap();
    assert_eq!(signals[0].title, "#1 ready: abc");
    assert_eq!(signals[0].link, None);
    assert!(!serde_json::to_string(&signals).unwrap().contains("u001b"));
}

#[tokio::test]
async fn a_clock_that_is_off_is_measured_said_and_corrected() {
    for (ours, words) in
        [(Span::minutes(-10), "this clock is 10m behind"), (Span::minutes(10), "this clock is 10m ahead")]
    {
        let (server, _) =
            stub(Hub { pulls: vec![pull(1, Span::minutes(1), &[])], per_page: 1, ..Hub::default() }).await;
        let clock = Clock::fixed(NOW + ours);
        let mut forge = github_as(&server.uri(), Credential::bearer(super::stub::token()), limits(), clock);
        let signals = drained(&mut forge, NOW + ours).await.unwrap();
        let opened = NOW - Span::hours(5) - Span::minutes(1);
        assert_eq!(signals.iter().map(|signal: &Signal| signal.at).collect::<Vec<Time>>(), [opened + ours]);
        assert!(forge.note().contains(words), "{}", forge.note());
    }
}

#[tokio::test]
async fn the_secret_goes_to_no_other_server() {
    let other = serving(|_| said(&json!([]))).await;
    let elsewhere = format!("<{}/x?page=2>; rel=\"next\"", other.uri());
    let redirect = other.uri();
    let server = serving(move |request| match request.url.path() {
        "/repos/team/api/releases" => {
            let release = json!([{"id": 1, "tag_name": "v1", "created_at": ago(Span::hours(1))}]);
            said(&release).insert_header("link", elsewhere.as_str())
        }
        _ => status(302).insert_header("location", redirect.as_str()),
    })
    .await;
    let mut forge = github(&server.uri());
    for _ in 0..3 {
        let _ = forge.poll(NOW).await;
    }
    assert_eq!(asked(&other).await.len(), 0);
    assert!(!asked(&server).await.is_empty());
}
