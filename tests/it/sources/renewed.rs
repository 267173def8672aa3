//! A catalog that is renewed while sources are asked: what is asked next is asked by it.

use super::stub::{NOW, ago, catalog, limits, plan, said, serving, titles, token};
use serde_json::json;
use sitroom::domain::{Body, Catalog, Clock, SourceName, Span};
use sitroom::sources::bitbucket::{self, Bitbucket};
use sitroom::sources::catalog::Current;
use sitroom::sources::forge::{Forge, Owners};
use sitroom::sources::http::{Api, Credential};
use sitroom::sources::probe::{Asker, Bounds, Probe};
use sitroom::sources::{Failure, Source as _};
use std::sync::{Arc, Mutex};
use wiremock::MockServer;

/// A change of three folders; the number is that of the request.
async fn changing(number: &Arc<Mutex<u64>>) -> MockServer {
    let number = Arc::clone(number);
    serving(move |request| {
        let values = match request.url.path() {
            path if path.ends_with("/pullrequests") => {
                let (number, opened) = (*number.lock().unwrap(), ago(Span::minutes(9)));
                // The second has changed since the first was told.
                let changed = if number == 1 { opened.clone() } else { ago(Span::ZERO) };
                json!([{"id": number, "title": "t", "state": "OPEN", "created_on": opened, "updated_on": changed}])
            }
            path if path.ends_with("/diffstat") => json!([
                {"lines_added": 1, "lines_removed": 0, "new": {"path": "services/payment/a"}, "old": null},
                {"lines_added": 1, "lines_removed": 0, "new": {"path": "services/ledger/b"}, "old": null},
            ]),
            _ => json!([]),
        };
        said(&json!({"values": values, "mainbranch": {"name": "main"}}))
    })
    .await
}

fn services(signals: &[sitroom::domain::Signal]) -> Vec<String> {
    let of = |body: &Body| match body {
        Body::PullRequest(request) => request.services.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    signals.iter().flat_map(|signal| of(&signal.body)).collect()
}

#[tokio::test]
async fn a_service_that_is_new_in_the_catalog_has_its_share_of_the_next_change() {
    let number = Arc::new(Mutex::new(1));
    let server = changing(&number).await;
    let current = Current::from(catalog());
    let api = Api::new(
        &server.uri(),
        Credential::bearer(token()),
        bitbucket::manners(String::new()),
        limits(),
        Clock::fixed(NOW),
    );
    let host = Arc::new(Bitbucket::new(api.unwrap(), Owners::by(current.clone())));
    let mut forge = Forge::new(SourceName::new("bitbucket"), host, plan(&["team/api"]));
    let before = forge.poll(NOW).await.unwrap().signals;
    assert_eq!((titles(&before), services(&before)), (vec!["#1 ready: t"], vec!["payment-api".to_owned()]));

    let mut renewed = catalog();
    let ledger = "[[service]]\nname = 'ledger'\nrepositories = ['team/api']\npaths = ['services/ledger']\n";
    renewed.services.extend(toml::from_str::<Catalog>(ledger).unwrap().services);
    current.renew(Arc::new(renewed));
    *number.lock().unwrap() = 2;
    let after = forge.poll(NOW + Span::minutes(2)).await.unwrap().signals;
    assert_eq!(titles(&after), ["#2 ready: t"]);
    assert_eq!(services(&after), ["payment-api", "ledger"]);
}

fn checked(checks: &[(&str, &str)]) -> Arc<Catalog> {
    let of = |(name, url): &(&str, &str)| {
        format!(
            "[[service]]\nname = '{name}'\nhealth_check = [{{ kind = 'readiness', url = '{url}', interval = '10m' }}]\n"
        )
    };
    Arc::new(toml::from_str(&checks.iter().map(of).collect::<String>()).unwrap())
}

/// What is told until so many signals are there.
async fn told(probe: &mut Probe, wanted: usize) -> Vec<String> {
    let mut said = Vec::new();
    for _ in 0..60 {
        let signals = probe.poll(NOW).await.unwrap().signals;
        said.extend(signals.into_iter().map(|signal| signal.title));
        if said.len() >= wanted {
            break;
        }
    }
    said
}

#[tokio::test]
async fn a_check_that_is_new_in_the_catalog_is_run_and_one_that_stays_goes_on() {
    let server = serving(|_| said(&json!({"status": "fine"}))).await;
    let url = server.uri();
    let current = Current::default();
    let mut probe = Probe::new(current.clone(), Asker::new(Bounds::Private).unwrap());
    let nothing = probe.poll(NOW).await.unwrap_err();
    assert!(matches!(nothing.kind, Failure::Idle { .. }), "which is no answer: {nothing:?}");
    assert_eq!(probe.note(), "no health check of the catalog has a url");

    current.renew(checked(&[("api", &url)]));
    assert_eq!(told(&mut probe, 1).await, ["api readiness healthy"]);
    current.renew(checked(&[("web", &url), ("api", &url)]));
    assert_eq!(told(&mut probe, 1).await, ["web readiness healthy"]);
    assert_eq!((probe.note().as_str(), server.received_requests().await.unwrap().len()), ("2 checks", 2));

    let elsewhere = format!("{url}/elsewhere");
    current.renew(checked(&[("api", &elsewhere)]));
    assert_eq!(told(&mut probe, 1).await, ["api readiness healthy"]);
    assert_eq!(probe.note(), "1 check");
}
