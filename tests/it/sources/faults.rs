//! Every fault a server or a network has, on both hosts: each is named, none hangs, hides what was there or says a secret.

use super::stub::{
    NOW, TOKEN, asked, bitbucket, drained, github, github_as, limits, said, serving, status, token,
};
use serde_json::json;
use sitroom::config::Secret;
use sitroom::domain::{Clock, Span};
use sitroom::sources::forge::Forge;
use sitroom::sources::http::{Credential, Limits};
use sitroom::sources::{Failure, Source, SourceError};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use wiremock::ResponseTemplate;

type Made = fn(&str) -> Forge;

const HOSTS: [Made; 2] = [github, bitbucket];

/// A server that reads the question, sends these bytes and is gone; never answers when there are none.
async fn raw(answer: &'static [u8]) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = [0; 4_096];
            let _ = stream.read(&mut question).await;
            if answer.is_empty() {
                held.push(stream);
            } else {
                let _ = stream.write_all(answer).await;
            }
        }
    });
    (url, serving)
}

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
    let (url, _serving) = raw(b"").await;
    for made in HOSTS {
        let began = tokio::time::Instant::now();
        let error = made(&url).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
        assert!(began.elapsed() < Duration::from_secs(6), "{error}");
    }
}

#[tokio::test]
async fn a_slow_answer_within_the_deadline_is_an_answer_and_beyond_it_is_not() {
    let slow =
        |millis| move |_: &wiremock::Request| said(&json!([])).set_delay(Duration::from_millis(millis));
    let within = serving(slow(40)).await;
    let mut forge = github(&within.uri());
    assert!(forge.poll(NOW).await.is_ok());
    let beyond = serving(slow(60_000)).await;
    let hasty = Limits { whole: Span::millis(80), ..limits() };
    let mut forge = github_as(&beyond.uri(), Credential::bearer(token()), hasty, Clock::fixed(NOW));
    let error = forge.poll(NOW).await.unwrap_err();
    assert!(error.what.contains("no answer within"), "{error}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_named() {
    let (url, _serving) = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"id\": 1, ").await;
    for made in HOSTS {
        let error = made(&url).poll(NOW).await.unwrap_err();
        assert_eq!(error.kind, Failure::Transient);
        assert!(error.what.contains("broke off"), "{error}");
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
    let (url, _serving) = raw(b"this is no TLS at all").await;
    let error = github(&url.replace("http://", "https://")).poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Transient);
    assert!(!error.what.is_empty() && error.fix.contains("network"), "{error:?}");
}
