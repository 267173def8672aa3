//! Our questions and our reading of answers, held to what GitHub and Bitbucket publish of their interfaces: every
//! request is replayed against a server made of the official description, whose examples are then read as answers.
//!
//! GraphQL is not described there; its questions are held to nothing but our stubs.

use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::domain::{Catalog, Clock, Kind, Signal, SourceName, Span, Time};
use sitroom::sources::Source;
use sitroom::sources::bitbucket::{self, Bitbucket};
use sitroom::sources::forge::{Forge, Host, Owners, Plan};
use sitroom::sources::github::{self, GitHub};
use sitroom::sources::http::{Api, Credential, Limits};
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const BOUND: Duration = Duration::from_secs(120);
/// The part of GitHub's interface that is asked.
const GITHUB: [&str; 6] = [
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}/files",
    "/repos/{owner}/{repo}/deployments",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/actions/runs",
];
/// Longer than the examples are old.
const HISTORY: Span = Span::days(9_000);

/// Below the target directory, which the test itself was built into.
fn installed(path: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().find(|dir| dir.join("contracts").exists()).unwrap_or(Path::new("target"));
    let path = target.join("contracts").join(path);
    assert!(path.exists(), "{} is not there; .ci/run installs it", path.display());
    path
}

fn read(path: &str) -> Value {
    serde_json::from_slice(&fs::read(installed(path)).unwrap()).unwrap()
}

/// A server that knows an interface only by its description: it refuses what does not fit, and answers by example.
struct Described {
    process: Child,
    url: String,
    _home: tempfile::TempDir,
}

impl Described {
    fn by(description: &Value) -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("description.json");
        fs::write(&path, description.to_string()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut prism = Command::new("node");
        prism.arg(installed("node_modules/@stoplight/prism-cli/dist/index.js"));
        prism.args(["mock", "-h", "127.0.0.1", "-p", &port.to_string()]).arg(&path);
        let process = prism.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let described = Self { process, url: format!("http://127.0.0.1:{port}"), _home: home };
        let until = Instant::now() + BOUND;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "nobody listens on {port}");
            std::thread::sleep(Duration::from_millis(50));
        }
        described
    }

    /// What it says to a request of ours, which must be nothing against it.
    async fn says(&self, request: &Request) -> Value {
        let address = format!("{}{}", self.url, request.url.path());
        // Bitbucket takes a state several times and describes it once; the last stands for all of them.
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        let mut address = reqwest::Url::parse(&address).unwrap();
        address.query_pairs_mut().extend_pairs(&query);
        let mut asked = reqwest::Client::new().get(address);
        for name in ["authorization", "x-github-api-version", "user-agent"] {
            if let Some(value) = request.headers.get(name) {
                asked = asked.header(name, value.to_str().unwrap());
            }
        }
        // GitHub recommends a name of its own for JSON, and describes only the plain one.
        let answer = asked.header("accept", "application/json").send().await.unwrap();
        // The examples themselves do not always fit; only what is held against the request is ours.
        let held =
            answer.headers().get("sl-violations").map(|held| held.to_str().unwrap_or_default().to_owned());
        let held = held.filter(|held| held.contains("\"request\""));
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(held.is_none(), "{} {}: {held:?}", request.method, request.url);
        // A diffstat is described as a redirect to where it lies.
        let is_answer = status.is_success() || status.is_redirection();
        assert!(is_answer, "{} {}: {status} {text}", request.method, request.url);
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

impl Drop for Described {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn now() -> Time {
    Time::from(jiff::Timestamp::now())
}

fn api(url: &str, manners: sitroom::sources::http::Manners) -> Api {
    let token = Credential::bearer(Box::new(|| Box::pin(async { Ok(Secret::new("planted")) })));
    Api::new(url, token, manners, Limits::default(), Clock::wall(now)).unwrap()
}

fn forge(host: Arc<dyn Host>) -> Forge {
    let plan =
        Plan { repositories: vec!["team/api".to_owned()], interval: Span::minutes(1), history: HISTORY };
    Forge::new(SourceName::new("host"), host, plan)
}

fn on_github(url: &str) -> Forge {
    let owners = Owners::of(&Catalog::default());
    forge(Arc::new(GitHub::new(api(url, github::manners(String::new())), owners)))
}

fn on_bitbucket(url: &str) -> Forge {
    let owners = Owners::of(&Catalog::default());
    forge(Arc::new(Bitbucket::new(api(url, bitbucket::manners(String::new())), owners)))
}

async fn serving(answers: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answers).mount(&server).await;
    server
}

async fn drained(forge: &mut Forge) -> Vec<Signal> {
    let mut signals = Vec::new();
    for _ in 0..50 {
        let polled = forge.poll(now()).await.unwrap_or_else(|error| panic!("{error:?}"));
        signals.extend(polled.signals);
        if polled.again_in > Span::seconds(10) {
            break;
        }
    }
    signals
}

/// What the described server says to everything a forge asked, by path, and whatever else was asked left out.
async fn replayed(described: &Described, server: &MockServer) -> BTreeMap<String, Value> {
    let mut said = BTreeMap::new();
    for request in server.received_requests().await.unwrap() {
        if !request.url.path().ends_with("graphql") {
            said.insert(request.url.path().to_owned(), described.says(&request).await);
        }
    }
    said
}

fn graphql() -> ResponseTemplate {
    let list = json!({"nodes": [], "pageInfo": {"hasNextPage": false, "endCursor": null}});
    ResponseTemplate::new(200).set_body_json(json!({"data": {"repository": {"list": list}}}))
}

fn plain(path: &str) -> Value {
    match path {
        "/repos/team/api" => json!({"default_branch": "main"}),
        path if path.ends_with("/actions/runs") => json!({"workflow_runs": []}),
        _ => json!([]),
    }
}

#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn every_request_to_github_fits_its_description_and_its_examples_are_read() {
    let mut description = read("node_modules/@octokit/openapi/generated/api.github.com.json");
    let paths = description["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| GITHUB.contains(&path.as_str()));
    assert_eq!(paths.len(), GITHUB.len());
    description.as_object_mut().unwrap().retain(|name, _| !name.contains("webhooks"));
    let described = Described::by(&description);

    let asking = serving(|request: &Request| match request.url.path() {
        path if path.ends_with("graphql") => graphql(),
        path => ResponseTemplate::new(200).set_body_json(plain(path)),
    })
    .await;
    drained(&mut on_github(&asking.uri())).await;
    let said = replayed(&described, &asking).await;
    assert_eq!(said.len(), 5, "{:?}", said.keys());

    let answering = serving(move |request: &Request| match said.get(request.url.path()) {
        Some(example) => ResponseTemplate::new(200).set_body_json(example),
        None => graphql(),
    })
    .await;
    let signals = drained(&mut on_github(&answering.uri())).await;
    assert!(
        signals.iter().any(|signal| signal.title == "release v1.0.0 of team/api published"),
        "{signals:?}"
    );
}

#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn every_request_to_bitbucket_fits_its_description() {
    let described = Described::by(&read("package/api/bitbucket.org.json"));
    let changed = (now() - Span::hours(1)).to_string();
    let pull = json!({"id": 4, "title": "t", "state": "MERGED", "created_on": changed, "updated_on": changed,
        "author": {"nickname": "lee"}, "links": {"html": {"href": "https://bitbucket.example.com/4"}}});
    let deployment = json!({"uuid": "{d}", "environment": {"uuid": "{e}"}, "release": {"name": "v7"},
        "state": {"name": "COMPLETED", "status": {"name": "SUCCESSFUL"}, "started_on": changed, "completed_on": changed}});
    let asking = serving(move |request: &Request| {
        let values = match request.url.path() {
            path if path.ends_with("/pullrequests") => json!([pull]),
            path if path.ends_with("/deployments") => json!([deployment]),
            _ => json!([]),
        };
        ResponseTemplate::new(200).set_body_json(json!({"values": values, "mainbranch": {"name": "main"}}))
    })
    .await;
    drained(&mut on_bitbucket(&asking.uri())).await;
    let said = replayed(&described, &asking).await;
    assert!(said.len() >= 6, "{:?}", said.keys());
}

/// What GitHub itself has sent to webhooks has the shapes its lists have.
#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn releases_and_runs_that_github_has_sent_are_read() {
    let sent = read("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    let of = |event: &str, field: &str| -> Vec<Value> {
        let events = sent.as_array().unwrap().iter().filter(|it| it["name"] == event);
        let examples = events.flat_map(|it| it["examples"].as_array().unwrap());
        examples.filter_map(|example| example.get(field).cloned()).collect()
    };
    let (releases, mut runs) = (of("release", "release"), of("workflow_run", "workflow_run"));
    assert!(releases.len() >= 10 && runs.len() >= 4);
    let ended = |run: &Value| run["conclusion"].is_string();
    // None of the examples is of a push that failed, which is what becomes a signal.
    let mut failed = runs.iter().find(|run| ended(run)).cloned().unwrap_or_else(|| runs[0].clone());
    failed["conclusion"] = json!("failure");
    runs.push(failed);
    let server = serving(move |request: &Request| match request.url.path() {
        path if path.ends_with("graphql") => graphql(),
        path if path.ends_with("/releases") => ResponseTemplate::new(200).set_body_json(&releases),
        path if path.ends_with("/actions/runs") => {
            ResponseTemplate::new(200).set_body_json(json!({"workflow_runs": runs}))
        }
        path => ResponseTemplate::new(200).set_body_json(plain(path)),
    })
    .await;
    let signals = drained(&mut on_github(&server.uri())).await;
    let kinds = |kind| signals.iter().filter(|signal| signal.kind() == kind).count();
    assert!(kinds(Kind::Run) >= 1, "{signals:?}");
    assert!(signals.iter().any(|signal| signal.title.starts_with("release ")), "{signals:?}");
}
