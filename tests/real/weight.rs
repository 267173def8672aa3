//! What fifty repositories on either host, two hundred alarms and five hundred series cost: requests, bytes and the
//! memory of the program, against one that has no sources. Prints what it counted.

use super::answers;
use super::cbor;
use super::pty::Pty;
use ratatui::layout::Size;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const REPOSITORIES: usize = 50;
const ALARMS: usize = 200;
const SERIES: usize = 500;
/// Things a repository has on its first pages.
const THINGS: i64 = 25;
const BOUND: Duration = Duration::from_secs(240);
/// So long nothing may be asked until everything is taken for read.
const QUIET: Duration = Duration::from_secs(8);
/// More would be worth a question.
const MOST_MEGABYTES: u64 = 400;

#[derive(Default)]
struct Counted {
    requests: AtomicU64,
    bytes: AtomicU64,
}

fn ago(minutes: i64) -> String {
    (jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes)).to_string()
}

fn github(request: &Request) -> Value {
    let path = request.url.path();
    if path.ends_with("graphql") {
        let is_pulls = String::from_utf8_lossy(&request.body).contains("pullRequests");
        let review = answers::github_review("r", "dana", "APPROVED", &ago(70));
        let pull = |n: i64| {
            answers::github_pull(n as u64, &ago(n * 60 + 90), &ago(n * 60), std::slice::from_ref(&review))
        };
        let nodes: Vec<_> = if is_pulls { (1..=THINGS).map(pull).collect() } else { Vec::new() };
        return json!({"data": answers::github_page(&nodes, None)});
    }
    if path.ends_with("/actions/runs") {
        let run = |n: i64| answers::github_run(n as u64, "failure", &ago(n * 60 + 9), &ago(n * 60));
        return json!({"workflow_runs": (1..=THINGS).map(run).collect::<Vec<_>>()});
    }
    let is_list = ["/pulls", "/deployments", "/releases"].iter().any(|end| path.ends_with(end));
    if is_list { json!([]) } else { json!({"default_branch": "main"}) }
}

fn bitbucket(request: &Request) -> Value {
    let pipeline =
        |n: i64| answers::bitbucket_pipeline(n as u64, "main", "FAILED", &ago(n * 60 + 9), &ago(n * 60));
    let pipelines: Vec<_> = (1..=THINGS).map(pipeline).collect();
    let values = if request.url.path().ends_with("/pipelines") { json!(pipelines) } else { json!([]) };
    json!({"values": values, "mainbranch": {"name": "main"}})
}

fn aws(request: &Request) -> Value {
    let now = jiff::Timestamp::now().as_second() / 60 * 60;
    match request.url.path().rsplit('/').next().unwrap_or_default() {
        "DescribeAlarms" => {
            let alarm = |n: usize| {
                json!({"AlarmName": format!("web-{n}"), "StateValue": "OK", "StateReason": "r",
                "StateUpdatedTimestamp": now - 600, "Namespace": "N", "MetricName": "m"})
            };
            json!({"MetricAlarms": (0..ALARMS).map(alarm).collect::<Vec<_>>()})
        }
        "GetMetricData" => {
            let fine = (2..180).map(|minute| now - minute * 60);
            let coarse = (36..324).map(|step| now / 300 * 300 - step * 300);
            let times: Vec<_> = fine.chain(coarse).collect();
            let values: Vec<_> =
                times.iter().map(|at| f64::from(u32::try_from(at % 977).unwrap_or(0)) / 10.0 + 0.5).collect();
            let one = |n: usize| json!({"Id": format!("m{n}"), "StatusCode": "Complete", "Timestamps": times, "Values": values});
            json!({"MetricDataResults": (0..SERIES).map(one).collect::<Vec<_>>()})
        }
        _ => json!({}),
    }
}

async fn serving(answer: fn(&Request) -> Value, counted: Arc<Counted>) -> MockServer {
    let server = MockServer::builder().disable_request_recording().start().await;
    let respond = move |request: &Request| {
        let is_cbor = request.headers.get("smithy-protocol").is_some();
        let body = answer(request);
        let size = if is_cbor { cbor::size(&body) } else { body.to_string().len() };
        counted.requests.fetch_add(1, Ordering::Relaxed);
        counted.bytes.fetch_add(size as u64, Ordering::Relaxed);
        if is_cbor {
            cbor::answer(ResponseTemplate::new(200), &body)
        } else {
            ResponseTemplate::new(200).set_body_json(body)
        }
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

fn configure(home: &Path, more: &str, catalog: &str) {
    let config = home.join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(
        config.join("config.toml"),
        format!("room = \"shop\"\nme = \"dana\"\ncatalog = \"catalog.toml\"\n{more}"),
    )
    .unwrap();
    fs::write(config.join("catalog.toml"), catalog).unwrap();
}

fn cockpit(home: &Path) -> Pty {
    let place = home.display().to_string();
    let environment = [("SHOP_TOKEN", "planted")];
    let mut pty =
        Pty::start(Size::new(120, 40), env!("CARGO_BIN_EXE_sitroom"), &["--home", &place], &environment);
    pty.shows("Situation");
    pty
}

#[test]
#[ignore = "takes minutes, and prints what it counts"]
fn what_fifty_repositories_two_hundred_alarms_and_five_hundred_series_weigh() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (home, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let counted = [(); 3].map(|()| Arc::new(Counted::default()));
    let servers = runtime.block_on(async {
        let answers: [fn(&Request) -> Value; 3] = [github, bitbucket, aws];
        let mut servers = Vec::new();
        for (answer, counted) in answers.into_iter().zip(&counted) {
            servers.push(serving(answer, Arc::clone(counted)).await);
        }
        servers
    });
    let profile = home.path().join("profile");
    fs::write(&profile, "[profile test]\naws_access_key_id = AKIATEST\naws_secret_access_key = test\n")
        .unwrap();
    let repositories: Vec<_> = (0..REPOSITORIES).map(|n| format!("shop/service-{n}")).collect();
    let token = "token = { env = \"SHOP_TOKEN\" }";
    let sources = format!(
        "[github.shop]\nrepositories = {repositories:?}\nurl = {:?}\n{token}\n[bitbucket.shop]\nrepositories = {repositories:?}\n\
         url = {:?}\n{token}\n[aws.prod]\nprofile = \"test\"\nconfig_file = {:?}\nregions = [\"eu-west-1\"]\nendpoint_url = {:?}\n",
        servers[0].uri(),
        servers[1].uri(),
        profile.display().to_string(),
        servers[2].uri()
    );
    let mut catalog = "[[service]]\nname = \"web\"\n".to_owned();
    for n in 0..SERIES {
        let _ = writeln!(
            catalog,
            "[[service.metric]]\nname = \"m{n}\"\ncloudwatch = {{ namespace = \"N\", metric = \"m{n}\" }}"
        );
    }
    configure(home.path(), &sources, &catalog);
    configure(empty.path(), "", &catalog);

    let (mut full, mut bare) = (cockpit(home.path()), cockpit(empty.path()));
    let (began, mut quiet_since, mut before) = (Instant::now(), Instant::now(), 0);
    while quiet_since.elapsed() < QUIET {
        assert!(began.elapsed() < BOUND, "it goes on reading:\n{}", full.screen());
        full.wait_for_silence(Duration::from_millis(200));
        bare.wait_for_silence(Duration::from_millis(50));
        let asked = counted.iter().map(|counted| counted.requests.load(Ordering::Relaxed)).sum();
        if asked != before {
            (quiet_since, before) = (Instant::now(), asked);
        }
    }
    for (name, counted) in ["GitHub", "Bitbucket", "AWS"].iter().zip(&counted) {
        let (requests, bytes) =
            (counted.requests.load(Ordering::Relaxed), counted.bytes.load(Ordering::Relaxed));
        eprintln!("{name}, everything read once: {requests} requests, {} kB", bytes / 1_000);
    }
    let [full_peak, bare_peak] = [&full, &bare].map(Pty::peak_kilobytes);
    let more = full_peak.saturating_sub(bare_peak) / 1_024;
    eprintln!("peak memory: {} MB without sources, {more} MB more with them", bare_peak / 1_024);
    assert!(more < MOST_MEGABYTES, "{more} MB");
    for mut pty in [full, bare] {
        pty.send(b"q");
        pty.ends();
    }
}
