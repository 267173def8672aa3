//! A GitHub App: its key signs for a token of one installation, the token asks, and another is fetched when it is not
//! believed any more.

use super::stub::{NOW, REPOSITORY, asked, catalog, limits, plan, said, serving, status};
use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::domain::{Clock, SourceName};
use sitroom::sources::forge::{Forge, Owners};
use sitroom::sources::github::app::{Installation, token};
use sitroom::sources::github::{self, GitHub};
use sitroom::sources::http::{Api, Credential};
use sitroom::sources::{Failure, Source};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wiremock::{MockServer, Request, ResponseTemplate};

/// Made for this test; it opens nothing anywhere.
const KEY: &str = include_str!("app.pem");
const OF: Installation = Installation { app: 4_127, installation: 7 };

fn forge(url: &str) -> Forge {
    let at = url.to_owned();
    let fetch = Box::new(move || {
        let at = at.clone();
        Box::pin(async move { token(&at, OF, &Secret::new(KEY)).await })
            as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    });
    let manners = github::manners("check that the app is still installed".to_owned());
    let api = Api::new(url, Credential::bearer(fetch), manners, limits(), Clock::fixed(NOW)).unwrap();
    let host = Arc::new(GitHub::new(api, Owners::by(catalog().into())));
    Forge::new(SourceName::new("github"), host, plan(&[REPOSITORY]))
}

/// Sells `ghs_planted1`, `ghs_planted2` …, of which only the newest is believed.
async fn shop() -> (MockServer, Arc<AtomicU64>) {
    let newest = Arc::new(AtomicU64::new(0));
    let sold = Arc::clone(&newest);
    let server = serving(move |request: &Request| {
        let who = request.headers.get("authorization").and_then(|who| who.to_str().ok()).unwrap_or_default();
        if request.url.path().ends_with("/app/installations/7/access_tokens") {
            let n = sold.fetch_add(1, Ordering::Relaxed) + 1;
            let token = json!({"token": format!("ghs_planted{n}"), "expires_at": "2036-01-01T00:00:00Z", "permissions": {}});
            return status(201).set_body_json(token);
        }
        let is_believed = who == format!("Bearer ghs_planted{}", sold.load(Ordering::Relaxed));
        if !is_believed {
            return status(401).set_body_json(json!({"message": "Bad credentials"}));
        }
        answered(request.url.path())
    })
    .await;
    (server, newest)
}

fn answered(path: &str) -> ResponseTemplate {
    if path.ends_with("/actions/runs") {
        return said(&json!({"workflow_runs": []}));
    }
    if path.ends_with("graphql") {
        let list = json!({"nodes": [], "pageInfo": {"hasNextPage": false, "endCursor": null}});
        return said(&json!({"data": {"repository": {"list": list}}}));
    }
    let is_list = ["/pulls", "/deployments", "/releases"].iter().any(|end| path.ends_with(end));
    if is_list { said(&json!([])) } else { said(&json!({"default_branch": "main"})) }
}

fn claims(request: &Request) -> Value {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let who = request.headers["authorization"].to_str().unwrap();
    let parts: Vec<_> = who.strip_prefix("Bearer ").unwrap().split('.').collect();
    assert_eq!(parts.len(), 3, "a signed token: {who}");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
}

#[tokio::test]
async fn an_app_signs_for_a_token_asks_with_it_and_fetches_another_when_it_is_too_old() {
    let (server, newest) = shop().await;
    let mut forge = forge(&server.uri());
    assert!(forge.poll(NOW).await.is_ok());
    let first = asked(&server).await.remove(0);
    let issuer = claims(&first)["iss"].clone();
    assert!(issuer == json!(4_127) || issuer == json!("4127"), "{issuer}");
    assert_eq!(newest.load(Ordering::Relaxed), 1, "one token serves for many questions");

    // Its hour is over: what was sold is not believed any more.
    newest.fetch_add(1, Ordering::Relaxed);
    forge.poll(NOW + sitroom::domain::Span::minutes(2)).await.unwrap();
    assert_eq!(newest.load(Ordering::Relaxed), 3, "one more was fetched, once");
    let last = asked(&server).await.pop().unwrap();
    assert_eq!(last.headers["authorization"], "Bearer ghs_planted3");
}

#[tokio::test]
async fn an_app_that_is_not_installed_is_named_with_both_numbers_and_no_key() {
    let server =
        serving(|_| status(404).set_body_json(json!({"message": "Not Found", "documentation_url": "x"})))
            .await;
    let error = forge(&server.uri()).poll(NOW).await.unwrap_err();
    assert_eq!(error.kind, Failure::Denied, "{error:?}");
    assert!(error.what.contains("app 4127 and installation 7"), "{error:?}");
    assert!(!format!("{error:?}").contains(&KEY[40..80]));
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_before_anything_is_asked() {
    let server = serving(|_| status(200)).await;
    let error = token(&server.uri(), OF, &Secret::new("planted")).await.unwrap_err();
    assert_eq!(error.kind, Failure::Denied);
    assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    assert_eq!(asked(&server).await.len(), 0);
}
