//! Bitbucket as a stub: pages, sizes, reviews out of the activity, pipelines and deployments.

use super::answers;
use super::stub::{NOW, ago, asked, bitbucket, bodies, drained, said, serving, status, titles};
use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::domain::signal::Verdict;
use sitroom::domain::{Body, Span};
use sitroom::sources::bitbucket::oauth;
use sitroom::sources::{Failure, Source as _};
use std::sync::{Arc, Mutex};
use wiremock::{MockServer, Request, ResponseTemplate};

const WORKSPACE: &str = "/repositories/team";
const BASE: &str = "/repositories/team/api";

fn pull(id: u64, state: &str, updated: Span) -> Value {
    answers::bitbucket_pull(id, state, &ago(updated + Span::hours(6)), &ago(updated))
}

fn activity() -> Value {
    json!({"values": [
        {"update": {"state": "MERGED", "date": ago(Span::hours(2))}},
        {"approval": {"date": ago(Span::hours(3)), "user": {"nickname": "dana"}}},
        {"changes_requested": {"date": ago(Span::hours(5)), "user": {"nickname": "sam"}}},
        {"comment": {"id": 1, "created_on": ago(Span::hours(4)), "user": {"nickname": "lee"}}},
        {"comment": {"id": 2, "created_on": ago(Span::hours(4)), "user": {"nickname": "dana"}, "deleted": true}},
        {"something_new": {"date": ago(Span::hours(1))}},
    ]})
}

fn answer(request: &Request) -> ResponseTemplate {
    let page = request.url.query_pairs().find(|(name, _)| name == "page").map(|(_, page)| page.into_owned());
    if request.url.path() == WORKSPACE {
        return said(&json!({"values": [answers::bitbucket_repository("team/api", &ago(Span::hours(2)))]}));
    }
    match request.url.path().strip_prefix(BASE).unwrap_or_default() {
        "" => said(&json!({"mainbranch": {"name": "trunk"}})),
        "/pullrequests" => said(&json!({"values": [pull(4, "MERGED", Span::hours(1))]})),
        "/pullrequests/4/diffstat" if page.is_none() => {
            let next = format!("{}?page=2", request.url.path());
            let file = answers::bitbucket_file("services/payment/a", 500, 12);
            said(&json!({"values": [file], "next": next}))
        }
        "/pullrequests/4/diffstat" => {
            let file =
                json!({"lines_added": 300, "lines_removed": 0, "new": {"path": "services/checkout/b"}});
            said(&json!({"values": [file]}))
        }
        "/pullrequests/4/activity" => said(&activity()),
        "/pipelines" => {
            let (created, completed) = (ago(Span::minutes(40)), ago(Span::minutes(30)));
            let run = |number: u64, branch: &str, result: &str| {
                answers::bitbucket_pipeline(number, branch, result, &created, &completed)
            };
            said(
                &json!({"values": [run(1, "trunk", "FAILED"), run(2, "side", "FAILED"), run(3, "trunk", "STOPPED")]}),
            )
        }
        "/deployments" => {
            let deployment = answers::bitbucket_deployment(&ago(Span::minutes(20)), &ago(Span::minutes(16)));
            said(&json!({"values": [deployment]}))
        }
        "/environments" => said(&json!({"values": [{"uuid": "{e}", "name": "Production"}]})),
        _ => status(404),
    }
}

async fn stub() -> MockServer {
    serving(answer).await
}

#[tokio::test]
async fn a_change_its_reviews_pipelines_and_deployments_are_told() {
    let server = stub().await;
    let signals = drained(&mut bitbucket(&server.uri()), NOW).await.unwrap();
    assert_eq!(
        titles(&signals),
        [
            "#4 ready: Change 4",
            "#4 changes requested by sam after 2 h 00 min",
            "#4 approved by dana after 4 h 00 min",
            "#4 merged: Change 4",
            "pipeline #1 failed on trunk of team/api",
            "team/api v7 deploying to production",
            "team/api v7 deployed to production",
        ]
    );
    let lines = bodies(&signals, |body| match body {
        Body::PullRequest(request) => Some((request.lines(), request.services.len())),
        _ => None,
    });
    assert_eq!(lines, [(812, 2), (812, 2)]);
    let verdicts = bodies(&signals, |body| match body {
        Body::Review(review) => Some((review.verdict, review.reviewer.clone())),
        _ => None,
    });
    assert_eq!(
        verdicts,
        [(Verdict::Approved, "dana".to_owned()), (Verdict::ChangesRequested, "sam".to_owned())]
    );
}

#[tokio::test]
async fn what_has_not_changed_is_not_looked_into_again() {
    let server = stub().await;
    let mut forge = bitbucket(&server.uri());
    drained(&mut forge, NOW).await.unwrap();
    let before = asked(&server).await.len();
    drained(&mut forge, NOW + Span::minutes(2)).await.unwrap();
    let paths: Vec<_> =
        asked(&server).await[before..].iter().map(|request| request.url.path().to_owned()).collect();
    let [pulls, pipelines, deployments] =
        ["/pullrequests", "/pipelines", "/deployments"].map(|path| format!("{BASE}{path}"));
    assert_eq!(paths, [WORKSPACE.to_owned(), pulls, pipelines, deployments]);
}

#[tokio::test]
async fn a_repository_that_has_stirred_is_asked_at_once_and_one_that_rests_is_not() {
    let stirred = Arc::new(Mutex::new(ago(Span::days(20))));
    let told = Arc::clone(&stirred);
    let server = serving(move |request| {
        if request.url.path() != WORKSPACE {
            return said(&json!({"values": [], "mainbranch": {"name": "trunk"}}));
        }
        let updated = told.lock().unwrap().clone();
        said(&json!({"values": [answers::bitbucket_repository("Team/API", &updated)]}))
    })
    .await;
    let mut forge = bitbucket(&server.uri());
    drained(&mut forge, NOW).await.unwrap();
    let first = asked(&server).await.len();
    forge.poll(NOW + Span::minutes(1)).await.unwrap();
    assert_eq!(asked(&server).await.len(), first + 1, "it rests, so only the workspace is asked");
    *stirred.lock().unwrap() = ago(-Span::minutes(1));
    forge.poll(NOW + Span::minutes(2)).await.unwrap();
    assert_eq!(
        asked(&server).await.len(),
        first + 2 + 3,
        "it has stirred, so its feeds are asked in the same poll"
    );
}

#[tokio::test]
async fn where_a_workspace_may_not_be_listed_every_repository_is_asked_and_it_says_so() {
    let server = serving(|request| match request.url.path() {
        WORKSPACE => status(403).set_body_json(json!({"error": {"message": "not for this token"}})),
        _ => said(&json!({"values": [], "mainbranch": {"name": "trunk"}})),
    })
    .await;
    let mut forge = bitbucket(&server.uri());
    drained(&mut forge, NOW).await.unwrap();
    assert!(forge.note().contains("does not say what has changed"), "{}", forge.note());
    let first = asked(&server).await.len();
    forge.poll(NOW + Span::minutes(1)).await.unwrap();
    assert_eq!(
        asked(&server).await.len(),
        first + 3,
        "each feed, and the workspace not again for five minutes"
    );
}

#[tokio::test]
async fn a_list_without_an_end_is_left_after_a_hundred_pages() {
    let pages = Arc::new(Mutex::new(0));
    let counting = Arc::clone(&pages);
    let server = serving(move |request| {
        if !request.url.path().ends_with("/pipelines") {
            return said(&json!({"values": [], "mainbranch": {"name": "trunk"}}));
        }
        let mut page = counting.lock().unwrap();
        *page += 1;
        let next = format!("{}?page={page}", request.url.path());
        said(&json!({"values": [], "next": next}))
    })
    .await;
    drained(&mut bitbucket(&server.uri()), NOW).await.unwrap();
    assert_eq!(*pages.lock().unwrap(), 100);
}

#[tokio::test]
async fn an_oauth_client_buys_a_token_or_says_what_to_check() {
    let server = serving(|request| {
        let is_right = request.headers["authorization"] == "Basic a2V5OnJpZ2h0";
        let is_asked_well = request.body == b"grant_type=client_credentials";
        if is_right && is_asked_well { said(&json!({"access_token": "bought"})) } else { status(400) }
    })
    .await;
    let bought = oauth::token(&server.uri(), "key", &Secret::new("right")).await.unwrap();
    assert_eq!(bought.expose(), "bought");
    let refused = oauth::token(&server.uri(), "key", &Secret::new("wrong")).await.unwrap_err();
    assert_eq!(refused.kind, Failure::Denied);
    assert!(!format!("{refused:?}").contains("wrong"));
}
