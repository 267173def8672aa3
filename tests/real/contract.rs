//! Our questions, our reading of answers and the answers of our stubs, held to what GitHub and Bitbucket publish of
//! their interfaces: every request is replayed against a server made of the official description, whose examples are
//! then read as answers; what the stubs answer is held to the same description, and GraphQL to its schema.

use super::answers;
use super::description::Description;
use serde_json::{Value, json};
use sitroom::config::Secret;
use sitroom::domain::{Clock, Kind, Signal, SourceName, Span, Time};
use sitroom::sources::Source;
use sitroom::sources::bitbucket::{self, Bitbucket};
use sitroom::sources::catalog::Current;
use sitroom::sources::forge::{Forge, Host, Owners, Plan};
use sitroom::sources::github::{self, GitHub};
use sitroom::sources::http::{Api, Credential, Limits};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
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
    let owners = Owners::by(Current::default());
    forge(Arc::new(GitHub::new(api(url, github::manners(String::new())), owners)))
}

fn on_bitbucket(url: &str) -> Forge {
    let owners = Owners::by(Current::default());
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

const AT: [&str; 3] = ["2026-03-18T09:00:00Z", "2026-03-18T13:00:00Z", "2026-03-18T13:30:00Z"];

/// Where Bitbucket is known to answer otherwise than it says.
const OTHERWISE: [&str; 5] = [
    ".draft is not described",
    ".author.nickname is not described",
    ".target.ref_name is not described",
    ".release.name is not described",
    ".old is null",
];

#[test]
#[ignore = "needs node packages, which .ci/run installs"]
fn what_our_stubs_answer_is_described() {
    let github = Description::of(read("node_modules/@octokit/openapi/generated/api.github.com.json"));
    let [created, updated, ended] = AT;
    let mut strange = Vec::new();
    for (path, answer) in [
        ("/repos/{owner}/{repo}", json!({"default_branch": "main"})),
        ("/repos/{owner}/{repo}/releases", json!([answers::github_release(created, updated)])),
        (
            "/repos/{owner}/{repo}/actions/runs",
            json!({"workflow_runs": [answers::github_run(1, "failure", created, updated)]}),
        ),
    ] {
        strange.extend(github.strange(path, &answer));
    }
    let bitbucket = Description::of(read("package/api/bitbucket.org.json"));
    let list = |value: Value| json!({"values": [value], "next": "https://api.bitbucket.org/2.0/x?page=2"});
    let repository = "/repositories/{workspace}/{repo_slug}";
    for (path, answer) in [
        ("/repositories/{workspace}".to_owned(), list(answers::bitbucket_repository("team/api", updated))),
        (repository.to_owned(), json!({"mainbranch": {"name": "main"}})),
        (format!("{repository}/pullrequests"), list(answers::bitbucket_pull(4, "MERGED", created, updated))),
        (format!("{repository}/diffstat/{{spec}}"), list(answers::bitbucket_file("a", 5, 1))),
        (
            format!("{repository}/pipelines"),
            list(answers::bitbucket_pipeline(1, "main", "FAILED", updated, ended)),
        ),
        (format!("{repository}/deployments"), list(answers::bitbucket_deployment(updated, ended))),
        (format!("{repository}/environments"), list(json!({"uuid": "{e}", "name": "Production"}))),
    ] {
        strange.extend(bitbucket.strange(&path, &answer));
    }
    strange.retain(|line| !OTHERWISE.iter().any(|end| line.ends_with(end)));
    assert_eq!(strange, [""; 0]);
}

/// The questions we ask in GraphQL, the first of each kind.
async fn questions() -> [String; 2] {
    let asking = serving(|request: &Request| match request.url.path() {
        path if path.ends_with("graphql") => graphql(),
        path => ResponseTemplate::new(200).set_body_json(plain(path)),
    })
    .await;
    drained(&mut on_github(&asking.uri())).await;
    let requests = asking.received_requests().await.unwrap();
    let asked = requests.iter().filter(|request| request.url.path().ends_with("graphql"));
    let asked: Vec<Value> = asked.map(|request| request.body_json().unwrap()).collect();
    ["pullRequests", "deployments"].map(|word| {
        let is_of = |question: &&str| question.contains(word);
        asked.iter().filter_map(|body| body["query"].as_str()).find(is_of).unwrap().to_owned()
    })
}

/// What does not fit GitHub's schema of questions and their answers.
fn held_to_the_schema(asked: &[Value]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/questions.cjs");
    let mut node = Command::new("node");
    node.arg(script).env("NODE_PATH", installed("node_modules")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = node.spawn().unwrap();
    process.stdin.take().unwrap().write_all(json!(asked).to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn every_question_in_graphql_fits_the_schema_and_so_do_the_answers_of_our_stub() {
    let [pulls, deployments] = questions().await;
    let [created, updated, ended] = AT;
    let reviews = [answers::github_review("r1", "dana", "APPROVED", updated)];
    let statuses = [answers::github_status("s1", "SUCCESS", ended)];
    let mut pull = answers::github_pull(7, created, updated, &reviews);
    pull["timelineItems"] = json!({"nodes": [{"createdAt": created}]});
    let deployment = answers::github_deployment(created, &statuses);
    let asked = [
        json!({"query": pulls, "data": answers::github_page(&[pull], Some("25"))}),
        json!({"query": deployments, "data": answers::github_page(&[deployment], None)}),
    ];
    assert_eq!(held_to_the_schema(&asked), [""; 0]);
    let wrong = json!({"query": "query { repository(owner: \"a\", name: \"b\") { nonsense } }", "data": {"repository": {}}});
    assert!(!held_to_the_schema(&[wrong]).is_empty(), "the schema refuses what it does not have");
}

/// What GitHub has sent to webhooks of one kind.
fn sent(event: &str, field: &str) -> Vec<Value> {
    let sent = read("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    let events = sent.as_array().unwrap().iter().filter(|it| it["name"] == event);
    let examples = events.flat_map(|it| it["examples"].as_array().unwrap());
    examples.filter_map(|example| example.get(field).cloned()).collect()
}

/// A thing as webhooks tell it, in the words of GraphQL.
fn renamed(thing: &Value, names: &[(&str, &str)]) -> Value {
    names.iter().map(|(rest, graphql)| ((*graphql).to_owned(), thing[*rest].clone())).collect()
}

fn by(thing: &Value) -> Value {
    json!({"__typename": thing["type"], "login": thing["login"]})
}

fn nodes(nodes: &[Value]) -> Value {
    json!({"nodes": nodes, "pageInfo": {"hasNextPage": false}})
}

/// Requests, reviews and deployments are read by GraphQL, which tells the same things under other names.
#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn every_request_review_and_deployment_that_github_has_sent_is_read() {
    const REQUEST: [(&str, &str); 10] = [
        ("number", "number"),
        ("title", "title"),
        ("html_url", "url"),
        ("draft", "isDraft"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
        ("merged_at", "mergedAt"),
        ("closed_at", "closedAt"),
        ("additions", "additions"),
        ("deletions", "deletions"),
    ];
    const REVIEW: [(&str, &str); 3] =
        [("node_id", "id"), ("submitted_at", "submittedAt"), ("html_url", "url")];
    const DEPLOYMENT: [(&str, &str); 6] = [
        ("id", "databaseId"),
        ("environment", "environment"),
        ("task", "task"),
        ("description", "description"),
        ("created_at", "createdAt"),
        ("sha", "commitOid"),
    ];
    const STATUS: [(&str, &str); 4] = [
        ("node_id", "id"),
        ("created_at", "createdAt"),
        ("description", "description"),
        ("log_url", "logUrl"),
    ];
    let upper = |thing: &Value| Value::String(thing["state"].as_str().unwrap().to_uppercase());

    let reviews: Vec<_> = sent("pull_request_review", "review")
        .iter()
        .map(|review| {
            let mut told = renamed(review, &REVIEW);
            // Whoever reviews there has written it as well, and nobody's own words are a review.
            told["author"] = json!({"__typename": "User", "login": "dana"});
            told["state"] = upper(review);
            told
        })
        .collect();
    let pulls: Vec<_> = sent("pull_request", "pull_request")
        .iter()
        .map(|pull| {
            let mut told = renamed(pull, &REQUEST);
            told["state"] = if pull["merged_at"].is_string() { json!("MERGED") } else { upper(pull) };
            told["author"] = by(&pull["user"]);
            told["files"] = nodes(&[]);
            told["timelineItems"] = nodes(&[]);
            told["reviews"] = nodes(&reviews);
            told
        })
        .collect();
    let statuses: Vec<_> = sent("deployment_status", "deployment_status")
        .iter()
        .map(|status| {
            let mut told = renamed(status, &STATUS);
            told["state"] = upper(status);
            told
        })
        .collect();
    let deployments: Vec<_> = sent("deployment", "deployment")
        .iter()
        .map(|deployment| {
            let mut told = renamed(deployment, &DEPLOYMENT);
            told["ref"] = json!({"name": deployment["ref"], "prefix": "refs/heads/"});
            told["creator"] = by(&deployment["creator"]);
            told["statuses"] = nodes(&statuses);
            told
        })
        .collect();
    assert!(pulls.len() >= 29 && reviews.len() >= 4 && deployments.len() >= 4 && statuses.len() >= 4);
    let [asks_pulls, asks_deployments] = questions().await;
    let (pulls_page, deployments_page) =
        (answers::github_page(&pulls, None), answers::github_page(&deployments, None));
    let asked = [
        json!({"query": asks_pulls, "data": pulls_page}),
        json!({"query": asks_deployments, "data": deployments_page}),
    ];
    assert_eq!(held_to_the_schema(&asked), [""; 0], "they are told as GraphQL tells them");

    let server = serving(move |request: &Request| match request.url.path() {
        path if path.ends_with("graphql") => {
            let is_pulls = String::from_utf8_lossy(&request.body).contains("pullRequests");
            let page = if is_pulls { &pulls_page } else { &deployments_page };
            ResponseTemplate::new(200).set_body_json(json!({"data": page}))
        }
        path => ResponseTemplate::new(200).set_body_json(plain(path)),
    })
    .await;
    let signals = drained(&mut on_github(&server.uri())).await;
    let titled = |words: &str| signals.iter().filter(|signal| signal.title.contains(words)).count();
    let are = |is: fn(&Value) -> bool| pulls.iter().filter(|pull| is(pull)).count();
    assert_eq!(
        titled(" ready: "),
        are(|pull| pull["isDraft"] != true),
        "everything that is no draft is ready"
    );
    assert_eq!(titled(" closed: "), are(|pull| pull["state"] == "CLOSED"));
    assert_eq!(titled(" merged: "), are(|pull| pull["state"] == "MERGED"));
    let weighs = |review: &&Value| review["state"] != "PENDING";
    let reviewed = signals.iter().filter(|signal| signal.kind() == Kind::Review).count();
    assert_eq!(reviewed, pulls.len() * reviews.iter().filter(weighs).count());
    let deploying = titled(" deploying to ");
    assert!(deploying >= deployments.len(), "{deploying}");
    let ended = statuses.iter().filter(|status| status["state"] == "SUCCESS").count();
    assert_eq!(titled(" deployed to "), ended * deployments.len());
}

/// What GitHub itself has sent to webhooks has the shapes its lists have.
#[tokio::test]
#[ignore = "needs node packages, which .ci/run installs"]
async fn releases_and_runs_that_github_has_sent_are_read() {
    let (releases, mut runs) = (sent("release", "release"), sent("workflow_run", "workflow_run"));
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
