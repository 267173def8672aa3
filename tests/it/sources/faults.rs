//! Every fault a server or a network has, on both hosts: each is named, none hangs, hides what was there or says a secret.

use super::stub::{
    NOW, TOKEN, asked, bitbucket, bitbucket_as, bitbucket_at, date, drained, github, github_as, github_at,
    limits, plan, said, serving, status, titles, token,
};
use crate::support::network::{End, half, sending};
use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::domain::{Clock, Health, SourceName, Span, Time};
use sitroom::sources::ask::Course;
use sitroom::sources::forge::Forge;
use sitroom::sources::http::{Credential, Limits};
use sitroom::sources::{Failure, Rules, Source, SourceError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use wiremock::{Request, ResponseTemplate};

type Made = fn(&str) -> Forge;

const HOSTS: [Made; 2] = [github, bitbucket];

async fn answered_with(answer: ResponseTemplate, made: Made) -> SourceError {
    let server = serving(move |_| answer.clone()).await;
    made(&server.uri()).poll(NOW).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_is_said_in_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for made in HOSTS {
        let error = made(&url).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
        assert!(error.what.contains("connection refused"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_black_hole_is_left_at_the_deadline() {
    let (url, _serving) = sending(Vec::new(), End::Never).await;
    for made in HOSTS {
        let began = tokio::time::Instant::now();
        let error = made(&url).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
        assert!(began.elapsed() < Duration::from_secs(6), "{error}");
    }
}

#[tokio::test]
async fn a_slow_answer_within_the_deadline_is_an_answer_and_beyond_it_is_not() {
    let slow = |page: Value, millis| move |_: &Request| said(&page).set_delay(Duration::from_millis(millis));
    for (host, page) in [("github", json!([])), ("bitbucket", json!({"values": []}))] {
        let within = serving(slow(page.clone(), 2_000)).await;
        let mut forge = made_with(host, &within.uri(), Limits::default());
        assert!(forge.poll(NOW).await.is_ok(), "{host}");
        let beyond = serving(slow(page, 60_000)).await;
        let hasty = Limits { whole: Span::millis(80), ..limits() };
        let error = made_with(host, &beyond.uri(), hasty).poll(NOW).await.unwrap_err();
        assert!(error.what.contains("no answer within"), "{host}: {error}");
    }
}

fn made_with(host: &str, url: &str, limits: Limits) -> Forge {
    let (credential, clock) = (Credential::bearer(token()), Clock::fixed(NOW));
    match host {
        "github" => github_as(url, credential, limits, clock),
        _ => bitbucket_as(url, credential, limits, clock),
    }
}

#[tokio::test]
async fn an_answer_that_ends_or_is_reset_in_mid_body_is_named() {
    let body = format!("[{}]", vec![r#"{"id": 1, "updated_on": "2026-03-18T14:29:00Z"}"#; 200].join(", "));
    for end in [End::Closed, End::Reset] {
        let (url, _serving) = sending(half("", body.as_bytes()), end).await;
        for made in HOSTS {
            let error = made(&url).poll(NOW).await.unwrap_err();
            assert_eq!(error.kind, Failure::Transient, "{end:?}");
            assert!(error.what.contains("broke off"), "{end:?}: {error}");
        }
    }
}

#[tokio::test]
async fn an_answer_of_ten_megabytes_is_not_read() {
    for made in HOSTS {
        let huge = status(200).set_body_bytes(vec![b' '; 10 << 20]);
        let error = answered_with(huge, made).await;
        assert_eq!(error.kind, Failure::Broken);
        assert!(error.what.contains("larger than 8 MiB"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_json_or_another_shape_is_named_and_never_a_panic() {
    for made in HOSTS {
        for body in [
            "",
            "{\"values\": [",
            "<html>sign in</html>",
            "\u{0}",
            "[[[[[[[[",
            "7",
            "null",
            "{}",
            "{\"values\": 7}",
        ] {
            let error = answered_with(status(200).set_body_string(body), made).await;
            assert_eq!(error.kind, Failure::Broken, "{body}: {error}");
        }
    }
}

#[tokio::test]
async fn trouble_of_the_server_passes_and_what_was_known_stays_known() {
    for made in HOSTS {
        let error = answered_with(status(500), made).await;
        assert_eq!(error.kind, Failure::Transient);
        let error = answered_with(status(429), made).await;
        assert_eq!(error.kind, Failure::Throttled { retry_after: None });
        let error = answered_with(status(429).insert_header("retry-after", "30"), made).await;
        assert_eq!(error.kind, Failure::Throttled { retry_after: Some(Span::seconds(30)) });
    }
}

#[tokio::test]
async fn a_server_that_does_not_know_us_is_asked_once() {
    for made in HOSTS {
        let server = serving(|_| status(401).set_body_json(json!({"message": "Bad credentials"}))).await;
        let error = made(&server.uri()).poll(NOW).await.unwrap_err();
        assert_eq!((error.kind, error.fix.as_str()), (Failure::Denied, "renew the token in the variable T"));
        assert_eq!(asked(&server).await.len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_secret_does_not_get_it_shown() {
    for made in HOSTS {
        for code in [400, 401, 403, 418] {
            let parrot = json!({"message": format!("{TOKEN} is wrong"), "error": {"message": TOKEN}});
            let server = serving(move |_| status(code).set_body_json(&parrot)).await;
            let mut forge = made(&server.uri());
            let answer = drained(&mut forge, NOW).await;
            let written = format!("{answer:?} {} {:?}", forge.note(), forge.trial(NOW).await);
            assert!(!written.contains("planted"), "{code}: {written}");
        }
    }
}

#[tokio::test]
async fn a_secret_no_header_can_have_is_refused_and_not_shown() {
    let server = serving(|_| said(&json!([]))).await;
    let credential =
        Credential::bearer(Box::new(|| Box::pin(async { Ok(Secret::new("planted\r\nx-evil: 1")) })));
    let mut forge = github_as(&server.uri(), credential, limits(), Clock::fixed(NOW));
    let error = forge.poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Denied);
    assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    assert_eq!(asked(&server).await.len(), 0);
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_ends_in_words() {
    let (url, _serving) = sending(b"this is no TLS at all".to_vec(), End::Closed).await;
    for made in HOSTS {
        let error = made(&url.replace("http://", "https://")).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
        assert!(!error.what.is_empty() && error.fix.contains("network"), "{error:?}");
    }
}

/// What a host lists that has one release, or one pipeline that failed, at a moment; more pages follow if it says so.
fn listing(request: &Request, now: Time, at: Time, next: Option<&str>) -> ResponseTemplate {
    let at = at.to_string();
    let answer = |body: Value| {
        ResponseTemplate::new(200).insert_header("date", date(now).as_str()).set_body_json(body)
    };
    match request.url.path() {
        path if path.ends_with("/releases") => {
            let listed = answer(json!([{"id": 1, "tag_name": "v1", "created_at": at, "published_at": at}]));
            match next {
                Some(next) => listed.insert_header("link", format!("<{next}>; rel=\"next\"").as_str()),
                None => listed,
            }
        }
        path if path.ends_with("/pipelines") => {
            answer(json!({"next": next, "values": [{"uuid": at, "build_number": 1,
            "created_on": at, "completed_on": at, "target": {"ref_name": "main"},
            "state": {"name": "COMPLETED", "result": {"name": "FAILED"}}}]}))
        }
        path if path.ends_with("/actions/runs") => answer(json!({"workflow_runs": []})),
        path if path.starts_with("/repositories/") => {
            answer(json!({"values": [], "mainbranch": {"name": "main"}}))
        }
        "/repos/team/api" => answer(json!({"default_branch": "main"})),
        _ => answer(json!([])),
    }
}

#[tokio::test]
async fn after_ten_minutes_of_500_everything_since_is_told_and_little_was_asked_meanwhile() {
    for made in [github_at, bitbucket_at] {
        let (at, is_down) = (Arc::new(AtomicI64::new(NOW.millis())), Arc::new(AtomicBool::new(false)));
        let (shown, down) = (Arc::clone(&at), Arc::clone(&is_down));
        let server = serving(move |request| {
            let now = Time::from_millis(shown.load(Ordering::Relaxed));
            match down.load(Ordering::Relaxed) {
                true => ResponseTemplate::new(500).insert_header("date", date(now).as_str()),
                false => listing(request, now, now - Span::minutes(4), None),
            }
        })
        .await;
        let hand = Arc::clone(&at);
        let clock = Clock::wall(move || Time::from_millis(hand.load(Ordering::Relaxed)));
        let mut forge = made(&server.uri(), clock, plan(&["team/api"]));
        let mut course = Course::new(SourceName::new("host"), Rules::default());
        assert_eq!(drained(&mut forge, NOW).await.unwrap().len(), 1);
        course.answered(Span::ZERO, NOW, Span::minutes(1));

        is_down.store(true, Ordering::Relaxed);
        let (mut moment, before) = (Span::minutes(1), asked(&server).await.len());
        while moment < Span::minutes(11) {
            at.store((NOW + moment).millis(), Ordering::Relaxed);
            let error = forge.poll(NOW + moment).await.unwrap_err();
            assert_eq!(error.kind, Failure::Transient);
            moment = moment + course.failed(moment, &error, 1.0);
            let shown = course.status(moment, None);
            assert_eq!(
                (shown.health, shown.last_good),
                (Health::Failing, Some(NOW)),
                "old data is never fresh"
            );
        }
        let asked = asked(&server).await.len() - before;
        assert!((5..=10).contains(&asked), "it is asked less and less often: {asked}");

        is_down.store(false, Ordering::Relaxed);
        at.store((NOW + moment).millis(), Ordering::Relaxed);
        let told = drained(&mut forge, NOW + moment).await.unwrap();
        assert_eq!(told.len(), 1, "{:?}", titles(&told));
        course.answered(moment, NOW + moment, Span::minutes(1));
        assert_eq!(course.status(moment, None).health, Health::Live);
    }
}

#[tokio::test]
async fn of_five_thousand_pages_a_hundred_are_read_the_rest_is_said_to_be_left_and_news_still_come() {
    for made in HOSTS {
        let pages = Arc::new(AtomicI64::new(0));
        let count = Arc::clone(&pages);
        let server = serving(move |request| {
            let path = request.url.path();
            if !path.ends_with("/releases") && !path.ends_with("/pipelines") {
                return listing(request, NOW, NOW, None);
            }
            let page = count.fetch_add(1, Ordering::Relaxed) + 1;
            let next = (page < 5_000).then(|| format!("{path}?page={page}"));
            listing(request, NOW, NOW - Span::seconds(page), next.as_deref())
        })
        .await;
        let mut forge = made(&server.uri());
        drained(&mut forge, NOW).await.unwrap();
        assert_eq!(pages.load(Ordering::Relaxed), 100);
        let note = forge.note();
        assert!(note.contains("left after 100 pages, what is older is not told"), "{note}");
        pages.store(-60, Ordering::Relaxed);
        let told = forge.poll(NOW + Span::minutes(3)).await.unwrap().signals;
        assert!(told.iter().any(|signal| signal.at > NOW), "{:?}", titles(&told));
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_measured_said_and_corrected_on_every_host() {
    for made in HOSTS {
        let ahead = Span::minutes(10);
        let server =
            serving(move |request| listing(request, NOW + ahead, NOW + ahead - Span::minutes(4), None)).await;
        let mut forge = made(&server.uri());
        let told = drained(&mut forge, NOW).await.unwrap();
        assert_eq!(told.iter().map(|signal| signal.at).collect::<Vec<_>>(), [NOW - Span::minutes(4)]);
        assert!(forge.note().contains("this clock is 10m behind"), "{}", forge.note());
    }
}
