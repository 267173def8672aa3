//! One room on AWS, GitHub and Bitbucket at once: a deploy that breaks a service is found out from them as it is from
//! a scenario that tells the same.

use super::aws::{Clients, Server, clients};
use super::pty::Pty;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{ComparisonOperator, MetricDatum, StateValue};
use ratatui::layout::Size;
use serde_json::{Value, json};
use sitroom::domain::{Body, Span, Time};
use sitroom::sources::scenario::Scenario;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Sources ask every minute; what is found within less was found by one poll.
const ONE_POLL: Duration = Duration::from_secs(50);
const SERVICES: &str = r#"
[[service]]
name = "api"
criticality = "critical"
repositories = ["shop/api"]
depends_on = ["database"]
consequence = "Customers cannot buy."
metric = [{ name = "5xx", measures = "errors", unit = "percent", cloudwatch = { namespace = "Shop", metric = "Errors" } }]
slo = [{ name = "availability", objective = 99.5, window = "30d", metric = "5xx" }]

[[service]]
name = "database"
tier = "foundation"
repositories = ["shop/database"]
"#;
const STORY: &str = r#"
[[series]]
service = "api"
metric = "5xx"
from = "-26h"
base = 0.3
noise = 0.05
changes = ["-15m 0.3 -> 2.4 over 4m"]

[[scene]]
name = "the deploy and its alarm"
signals = '''
-3h   pr      shop/api       #12 merged  by=lee  lines=+80-12  "Faster baskets"
-2h   pr      shop/database  #7  merged  by=sam  lines=+10-2   "Smaller index"
-16m  deploy  api  v1.4.0  from=v1.3.9  took=3m
-5s   alarm   api  api-5xx-high  ok -> alarm  metric=5xx
'''
"#;

/// The rule of each issue, and the service it is about.
type Rules = BTreeSet<(String, String)>;

fn now() -> Time {
    Time::from(jiff::Timestamp::now())
}

fn story(ends: Time) -> String {
    format!(
        "title = \"A deploy\"\nsummary = \"It breaks the api.\"\nroom = \"shop\"\nends = \"{ends}\"\n\
         plays_from = \"-20m\"\nspeed = 30\nbitbucket = [\"shop/database\"]\n{SERVICES}{STORY}"
    )
}

/// The measurements of the story, an alarm that rang just now, and nothing else.
async fn fill(clients: &Clients, scenario: &Scenario) {
    let samples = scenario.signals_until(scenario.end()).filter_map(|signal| match signal.body {
        Body::Sample(sample) => Some((signal.at, sample.value)),
        _ => None,
    });
    let datum = |(at, value): (Time, f64)| {
        let at = DateTime::from_millis(at.millis());
        MetricDatum::builder().metric_name("Errors").timestamp(at).value(value).build()
    };
    // It goes on as it ended, so that an alarm that is evaluated again rings on.
    let goes_on = (0..30).map(|minute| (scenario.end() + Span::minutes(minute), 2.4));
    let data: Vec<_> = samples.chain(goes_on).map(datum).collect();
    for some in data.chunks(500) {
        let put = clients.cloudwatch.put_metric_data().namespace("Shop");
        put.set_metric_data(Some(some.to_vec())).send().await.unwrap();
    }
    let alarm = clients.cloudwatch.put_metric_alarm().alarm_name("api-5xx-high").namespace("Shop");
    let alarm =
        alarm.metric_name("Errors").statistic(aws_sdk_cloudwatch::types::Statistic::Average).period(60);
    let alarm = alarm.comparison_operator(ComparisonOperator::GreaterThanThreshold).threshold(1.0);
    alarm.evaluation_periods(1).treat_missing_data("ignore").send().await.unwrap();
    for state in [StateValue::Ok, StateValue::Alarm] {
        let set = clients.cloudwatch.set_alarm_state().alarm_name("api-5xx-high");
        set.state_value(state).state_reason("5xx above 1 %").send().await.unwrap();
    }
}

/// GitHub with one merged request and one deployment.
async fn github(ends: Time) -> MockServer {
    let ago = |span: Span| (ends - span).to_string();
    let pull = json!({
        "number": 12, "title": "Faster baskets", "state": "MERGED", "isDraft": false,
        "url": "https://github.example.com/shop/api/pull/12", "createdAt": ago(Span::hours(3)),
        "updatedAt": ago(Span::hours(3)), "mergedAt": ago(Span::hours(3)), "additions": 80, "deletions": 12,
        "author": {"__typename": "User", "login": "lee"}, "timelineItems": {"nodes": []}, "reviews": {"nodes": []},
        "files": {"nodes": [{"path": "src/main.rs"}], "pageInfo": {"hasNextPage": false}},
    });
    let deployment = json!({
        "databaseId": 5, "environment": "production", "task": "deploy", "createdAt": ago(Span::minutes(19)),
        "commitOid": "0123456789abcdef", "ref": {"name": "v1.4.0", "prefix": "refs/tags/"}, "statuses": {"nodes": [
            {"id": "s2", "state": "SUCCESS", "createdAt": ago(Span::minutes(16)), "logUrl": null},
        ]},
    });
    let answer = move |request: &Request| {
        let page = |nodes: &Value| {
            let list = json!({"nodes": [nodes], "pageInfo": {"hasNextPage": false, "endCursor": null}});
            ResponseTemplate::new(200).set_body_json(json!({"data": {"repository": {"list": list}}}))
        };
        match request.url.path() {
            path if path.ends_with("graphql") => {
                let is_pulls = String::from_utf8_lossy(&request.body).contains("pullRequests");
                page(if is_pulls { &pull } else { &deployment })
            }
            path if path.ends_with("/actions/runs") => {
                ResponseTemplate::new(200).set_body_json(json!({"workflow_runs": []}))
            }
            "/repos/shop/api" => ResponseTemplate::new(200).set_body_json(json!({"default_branch": "main"})),
            _ => ResponseTemplate::new(200).set_body_json(json!([])),
        }
    };
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Bitbucket with one merged request.
async fn bitbucket(ends: Time) -> MockServer {
    let ago = |span: Span| (ends - span).to_string();
    let pull = json!({
        "id": 7, "title": "Smaller index", "state": "MERGED", "draft": false,
        "author": {"nickname": "sam", "display_name": "Sam"},
        "created_on": ago(Span::hours(3)), "updated_on": ago(Span::hours(2)),
        "links": {"html": {"href": "https://bitbucket.example.com/shop/database/pull-requests/7"}},
    });
    let merged = json!({"update": {"state": "MERGED", "date": ago(Span::hours(2))}});
    let file = json!({"lines_added": 10, "lines_removed": 2, "new": {"path": "index.sql"}, "old": null});
    let answer = move |request: &Request| {
        let values = match request.url.path() {
            path if path.ends_with("/pullrequests") => json!([pull]),
            path if path.ends_with("/activity") => json!([merged]),
            path if path.ends_with("/diffstat") => json!([file]),
            _ => json!([]),
        };
        let body = json!({"values": values, "mainbranch": {"name": "main"}});
        ResponseTemplate::new(200).set_body_json(body)
    };
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// The one configuration of everything.
fn configure(home: &Path, aws: &Server, github: &MockServer, bitbucket: &MockServer) {
    let config = home.join("config");
    fs::create_dir_all(&config).unwrap();
    // Beside the server, not in the room: what a person wrote is no leak.
    let profile = aws.profile().with_file_name("other");
    let key = "aws_secret_access_key = Zq3/planted0Key4XbT8vN1mWc6Rj5Hs2Lf7Gd9Pk";
    fs::write(&profile, format!("[profile test]\naws_access_key_id = AKIATEST\n{key}\n")).unwrap();
    let text = format!(
        "room = \"shop\"\nme = \"dana\"\ncatalog = \"catalog.toml\"\n[log]\nlevel = \"debug\"\n\
         [aws.prod]\nprofile = \"test\"\nconfig_file = {:?}\nregions = [\"eu-west-1\"]\nendpoint_url = {:?}\n\
         [github.shop]\nrepositories = [\"shop/api\"]\nurl = {:?}\ntoken = {{ env = \"SHOP_TOKEN\" }}\n\
         [bitbucket.shop]\nrepositories = [\"shop/database\"]\nurl = {:?}\ntoken = {{ env = \"SHOP_TOKEN\" }}\n",
        profile.display().to_string(),
        aws.url,
        github.uri(),
        bitbucket.uri()
    );
    fs::write(config.join("config.toml"), text).unwrap();
    fs::write(config.join("catalog.toml"), SERVICES).unwrap();
}

/// What the room makes of what it has kept so far.
fn found(home: &str) -> Rules {
    let status =
        Command::new(env!("CARGO_BIN_EXE_sitroom")).args(["--home", home, "status", "--json"]).output();
    serde_json::from_slice(&status.unwrap().stdout).map_or_else(|_| Rules::new(), |told| rules(&told))
}

#[test]
#[ignore = "needs ministack, which .ci/run installs"]
fn a_deploy_that_breaks_a_service_is_found_out_from_live_sources_as_from_a_scenario() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let home = tempfile::tempdir().unwrap();
    let ends = now();
    let text = story(ends);
    let path = home.path().join("story.toml");
    fs::write(&path, &text).unwrap();
    let scenario = Scenario::parse("story", &text).unwrap();
    let told = {
        let output = Command::new(env!("CARGO_BIN_EXE_sitroom"))
            .args(["--home", &home.path().display().to_string(), "status", "--json", "--scenario"])
            .arg(&path)
            .output()
            .unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        rules(&told)
    };
    assert!(told.iter().any(|(_, service)| service == "api"), "{told:?}");

    let (server, github, bitbucket) = runtime.block_on(async {
        let server = Server::start();
        fill(&clients(&server).await, &scenario).await;
        (server, github(ends).await, bitbucket(ends).await)
    });
    configure(home.path(), &server, &github, &bitbucket);
    let place = home.path().display().to_string();
    let environment = [("SHOP_TOKEN", "ghp_planted0123"), ("USER", "dana")];
    let mut cockpit =
        Pty::start(Size::new(120, 40), env!("CARGO_BIN_EXE_sitroom"), &["--home", &place], &environment);
    cockpit.shows("shop");
    let (began, mut live) = (Instant::now(), Rules::new());
    while live != told {
        assert!(
            began.elapsed() < ONE_POLL,
            "from the scenario {told:?}\nlive {live:?}\n{}",
            cockpit.screen()
        );
        cockpit.wait_for_silence(Duration::from_millis(300));
        live = found(&place);
    }
    cockpit.send(b"q");
    cockpit.ends();
    everything_written_is_clean(home.path());
}

/// What the tokens and the key contain; whatever has it, has a secret.
const PLANTED: &str = "planted";

/// The journal, the store, the log, an export, and what commands say, in health and with every server gone.
fn everything_written_is_clean(home: &Path) {
    let out = home.join("pack").display().to_string();
    let commands: [&[&str]; 5] = [
        &["incident", "declare", "--title", "errors after a deploy", "--sev", "2"],
        &["note", "f the api fails"],
        &["export", "--out", &out],
        &["journal", "export"],
        &["doctor"],
    ];
    for command in commands {
        let mut sitroom = Command::new(env!("CARGO_BIN_EXE_sitroom"));
        sitroom
            .args(["--home", &home.display().to_string()])
            .args(command)
            .env("SHOP_TOKEN", "ghp_planted0123");
        let said = sitroom.output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
        assert!(!said.is_empty() && !said.contains(PLANTED), "{command:?}: {said}");
    }
    nothing_written_has(home, PLANTED);
}

fn rules(told: &Value) -> Rules {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let issues = told["issues"].as_array().unwrap().iter();
    issues.map(|issue| (text(&issue["rule"]), text(&issue["service"]))).collect()
}

/// Every file below a directory: the journal, the store, the log, whatever there is.
fn nothing_written_has(directory: &Path, secret: &str) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nothing_written_has(&path, secret);
        } else {
            let bytes = fs::read(&path).unwrap();
            let has_it = bytes.windows(secret.len()).any(|some| some == secret.as_bytes());
            assert!(!has_it, "{} has the secret", path.display());
        }
    }
}
