//! A server with a memory, in place of GitHub or Bitbucket: what is on it can change between two questions, and it
//! keeps what it was asked.

use serde_json::Value;
use sitroom::config::Secret;
use sitroom::domain::{Body, Catalog, Clock, Signal, SourceName, Span, Time};
use sitroom::sources::bitbucket::{self, Bitbucket};
use sitroom::sources::forge::{Forge, Owners, Plan};
use sitroom::sources::github::{self, GitHub};
use sitroom::sources::http::{Api, Credential, Fetch, Limits};
use sitroom::sources::{Polled, Source, SourceError};
use std::sync::{Arc, Mutex};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// 2026-03-18T14:29:00Z, in the room and on the server.
pub const NOW: Time = Time::from_millis(1_773_844_140_000);
pub const TOKEN: &str = "ghp_planted0123456789";
pub const REPOSITORY: &str = "team/api";

pub const CATALOG: &str = r#"
[[service]]
name = "payment-api"
criticality = "critical"
owner = "payments"
repositories = ["team/api"]
paths = ["services/payment"]

[[service]]
name = "checkout"
criticality = "critical"
owner = "payments"
repositories = ["team/api"]
paths = ["services/checkout"]
"#;

type Answers = dyn Fn(&Request) -> ResponseTemplate + Send + Sync;

/// Answers as the function says, and adds the time.
struct Answering(Arc<Answers>);

impl Respond for Answering {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        (self.0)(request)
    }
}

pub async fn serving(answers: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Answering(Arc::new(answers))).mount(&server).await;
    server
}

/// An answer that is on time.
pub fn said(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("date", date(NOW).as_str()).set_body_json(body)
}

pub fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code).insert_header("date", date(NOW).as_str())
}

pub fn date(at: Time) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at.timestamp()).unwrap()
}

/// So long before now, as hosts write it.
pub fn ago(span: Span) -> String {
    (NOW - span).to_string()
}

pub fn catalog() -> Catalog {
    toml::from_str(CATALOG).unwrap()
}

/// Always the same token.
pub fn token() -> Fetch {
    Box::new(|| Box::pin(async { Ok(Secret::new(TOKEN)) }))
}

/// Short enough to wait for.
pub fn limits() -> Limits {
    Limits { whole: Span::seconds(5), ..Limits::default() }
}

pub fn github(url: &str) -> Forge {
    github_as(url, Credential::bearer(token()), limits(), Clock::fixed(NOW))
}

pub fn github_as(url: &str, credential: Credential, limits: Limits, clock: Clock) -> Forge {
    let manners = github::manners("renew the token in the variable T".to_owned());
    let api = Api::new(url, credential, manners, limits, clock).unwrap();
    let host = Arc::new(GitHub::new(api, Owners::by(catalog().into())));
    Forge::new(SourceName::new("github"), host, plan(&[REPOSITORY]))
}

pub fn bitbucket(url: &str) -> Forge {
    bitbucket_as(url, Credential::bearer(token()), limits(), Clock::fixed(NOW))
}

pub fn bitbucket_as(url: &str, credential: Credential, limits: Limits, clock: Clock) -> Forge {
    let manners = bitbucket::manners("renew the token in the variable T".to_owned());
    let api = Api::new(url, credential, manners, limits, clock).unwrap();
    let host = Arc::new(Bitbucket::new(api, Owners::by(catalog().into())));
    Forge::new(SourceName::new("bitbucket"), host, plan(&[REPOSITORY]))
}

pub fn github_at(url: &str, clock: Clock, plan: Plan) -> Forge {
    github_as_planned(url, limits(), clock, plan)
}

pub fn github_as_planned(url: &str, limits: Limits, clock: Clock, plan: Plan) -> Forge {
    let manners = github::manners("renew the token".to_owned());
    let api = Api::new(url, Credential::bearer(token()), manners, limits, clock).unwrap();
    Forge::new(SourceName::new("github"), Arc::new(GitHub::new(api, Owners::by(catalog().into()))), plan)
}

pub fn bitbucket_at(url: &str, clock: Clock, plan: Plan) -> Forge {
    bitbucket_as_planned(url, limits(), clock, plan)
}

pub fn bitbucket_as_planned(url: &str, limits: Limits, clock: Clock, plan: Plan) -> Forge {
    let manners = bitbucket::manners("renew the token".to_owned());
    let api = Api::new(url, Credential::bearer(token()), manners, limits, clock).unwrap();
    let host = Arc::new(Bitbucket::new(api, Owners::by(catalog().into())));
    Forge::new(SourceName::new("bitbucket"), host, plan)
}

pub fn plan(repositories: &[&str]) -> Plan {
    let repositories = repositories.iter().map(|name| (*name).to_owned()).collect();
    Plan { repositories, interval: Span::minutes(1), history: Span::days(30) }
}

/// Polls until nothing is left to be read; at most so often that a fault in it ends.
pub async fn drained(forge: &mut Forge, now: Time) -> Result<Vec<Signal>, SourceError> {
    let mut signals = Vec::new();
    for _ in 0..200 {
        let Polled { signals: new, .. } = forge.poll(now).await?;
        signals.extend(new);
        if !forge.note().contains("to go") {
            break;
        }
    }
    Ok(signals)
}

pub async fn asked(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap_or_default()
}

pub fn titles(signals: &[Signal]) -> Vec<&str> {
    let mut by_time: Vec<_> = signals.iter().collect();
    by_time.sort_by_key(|signal| signal.at);
    by_time.into_iter().map(|signal| signal.title.as_str()).collect()
}

/// The bodies of one kind that can be read out of signals.
pub fn bodies<T>(signals: &[Signal], of: impl Fn(&Body) -> Option<T>) -> Vec<T> {
    signals.iter().filter_map(|signal| of(&signal.body)).collect()
}

/// Something that changes between two questions.
pub type Shared<T> = Arc<Mutex<T>>;
