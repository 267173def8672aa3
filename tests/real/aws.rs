//! AWS against a server that keeps state: what is put into it comes out as signals, with its time, text and count.

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, MetricDatum, StateValue};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_codedeploy::types::{GitHubLocation, RevisionLocation, RevisionLocationType};
use aws_sdk_ecs::types::ContainerDefinition;
use sitroom::domain::query::{Course, Findings};
use sitroom::domain::signal::{AlarmState, Outcome};
use sitroom::domain::{Body, Clock, Kind, Signal, Span, Time};
use sitroom::sources::aws::{self, Account, insights};
use sitroom::sources::catalog::Current;
use sitroom::sources::scenario;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const BOUND: Duration = Duration::from_secs(60);
const CATALOG: &str = r#"
[[service]]
name = "payment-api"
endpoint = [{ name = "confirm", critical = true }]
metric = [{ name = "5xx", cloudwatch = { namespace = "Payments", metric = "Errors", stat = "Sum", dimensions = { Service = "payment-api" } } }]
"#;

/// A server of its own on loopback, gone with the test.
pub struct Server {
    process: Child,
    home: TempDir,
    pub url: String,
}

impl Server {
    pub fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = installed("ministack");
        command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", port.to_string());
        command.env("SERVICES", "cloudwatch,logs,ecs,cloudtrail,sts").env("CLOUDTRAIL_RECORDING", "1");
        command.env("IOT_MTLS_ENABLED", "0").env("SFTP_ENABLED", "0").env("TMPDIR", home.path());
        Self::running(command, home, port)
    }

    /// Another one, for CodeDeploy and nothing else.
    fn of_codedeploy() -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = installed("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("TMPDIR", home.path());
        Self::running(command, home, port)
    }

    fn running(mut command: Command, home: TempDir, port: u16) -> Self {
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { process, home, url: format!("http://127.0.0.1:{port}") };
        let until = Instant::now() + BOUND;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "nobody listens on {port}");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    pub fn profile(&self) -> PathBuf {
        let path = self.home.path().join("config");
        let text = "[profile test]\naws_access_key_id = test\naws_secret_access_key = test\n";
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Below the target directory, which the test itself was built into.
fn installed(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().find(|dir| dir.join("ministack").exists()).unwrap_or(Path::new("target"));
    let program = target.join("ministack/bin").join(name);
    assert!(program.exists(), "{} is not there; .ci/run installs it", program.display());
    Command::new(program)
}

pub struct Clients {
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    ecs: aws_sdk_ecs::Client,
}

pub async fn clients(server: &Server) -> Clients {
    let configuration = configuration(server).await;
    Clients {
        cloudwatch: aws_sdk_cloudwatch::Client::new(&configuration),
        logs: aws_sdk_cloudwatchlogs::Client::new(&configuration),
        ecs: aws_sdk_ecs::Client::new(&configuration),
    }
}

async fn configuration(server: &Server) -> aws_config::SdkConfig {
    let files = aws_runtime::env_config::file::EnvConfigFiles::builder()
        .with_file(aws_runtime::env_config::file::EnvConfigFileKind::Config, server.profile())
        .build();
    aws_config::defaults(aws_config::BehaviorVersion::latest())
        .profile_files(files)
        .profile_name("test")
        .region(aws_config::Region::new("eu-west-1"))
        .endpoint_url(&server.url)
        .load()
        .await
}

fn now() -> Time {
    Time::from(jiff::Timestamp::now())
}

/// Ten minutes of errors, an alarm that goes off and comes back, and three lines of a log.
async fn fill(clients: &Clients, now: Time) {
    let service = Dimension::builder().name("Service").value("payment-api").build();
    let errors = (2..12).map(|minute| {
        MetricDatum::builder()
            .metric_name("Errors")
            .dimensions(service.clone())
            .timestamp(DateTime::from_millis((now - Span::minutes(minute)).millis()))
            .value(minute as f64)
            .build()
    });
    let put = clients.cloudwatch.put_metric_data().namespace("Payments");
    put.set_metric_data(Some(errors.collect())).send().await.unwrap();
    let alarm = clients.cloudwatch.put_metric_alarm().alarm_name("payment-api-confirm-p99");
    let alarm = alarm.namespace("Payments").metric_name("Latency").extended_statistic("p99").period(60);
    let alarm = alarm.comparison_operator(ComparisonOperator::GreaterThanThreshold).threshold(300.0);
    alarm.evaluation_periods(1).dimensions(service).send().await.unwrap();
    for state in [StateValue::Ok, StateValue::Alarm] {
        let set = clients.cloudwatch.set_alarm_state().alarm_name("payment-api-confirm-p99");
        set.state_value(state).state_reason("p99 is 900 ms").send().await.unwrap();
    }
    let all = clients.cloudwatch.put_composite_alarm().alarm_name("payment-api-any");
    all.alarm_rule("ALARM(\"payment-api-confirm-p99\")").send().await.unwrap();
    let group = "/ecs/payment-api";
    clients.logs.create_log_group().log_group_name(group).send().await.unwrap();
    clients.logs.create_log_stream().log_group_name(group).log_stream_name("a").send().await.unwrap();
    let lines = (1..=3).map(|n| {
        let at = (now - Span::seconds(30 - n)).millis();
        InputLogEvent::builder().timestamp(at).message(format!("ERROR pool is full {n}")).build().unwrap()
    });
    let put = clients.logs.put_log_events().log_group_name(group).log_stream_name("a");
    put.set_log_events(Some(lines.collect())).send().await.unwrap();
}

async fn deploy(clients: &Clients) {
    clients.ecs.create_cluster().cluster_name("prod").send().await.unwrap();
    let container = ContainerDefinition::builder().name("app").image("payment-api:1").memory(64).build();
    let task = clients.ecs.register_task_definition().family("payment-api").container_definitions(container);
    task.send().await.unwrap();
    let service = clients.ecs.create_service().cluster("prod").service_name("payment-api");
    service.task_definition("payment-api:1").desired_count(1).send().await.unwrap();
    let more = clients.ecs.update_service().cluster("prod").service("payment-api").desired_count(3);
    more.send().await.unwrap();
}

/// Everything the sources tell until each has nothing more for now; CodeDeploy is not part of this server.
async fn told(server: &Server, now: Time) -> Vec<Signal> {
    let mut told = Vec::new();
    for mut source in aws::sources(&[account(server)], &Current::from(catalog()), now) {
        if source.name().as_str().ends_with("/codedeploy") {
            continue;
        }
        for _ in 0..100 {
            let polled =
                source.poll(now).await.unwrap_or_else(|error| panic!("{}: {error:?}", source.name()));
            told.extend(polled.signals);
            if polled.again_in >= Span::seconds(10) {
                break;
            }
        }
    }
    told
}

#[test]
#[ignore = "needs ministack, which .ci/run installs"]
fn what_is_put_into_aws_comes_out_as_signals() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start();
        let clients = clients(&server).await;
        let filled = now();
        fill(&clients, filled).await;
        deploy(&clients).await;
        let told = told(&server, now() + Span::seconds(2)).await;
        alarms_are_right(&told);
        samples_are_right(&told, filled);
        lines_are_right(&told, filled);
        changes_are_right(&told);
    });
}

/// An account with one group of logs and one saved query.
fn account(server: &Server) -> Account {
    let text = format!(
        "profile = \"test\"\nconfig_file = {:?}\nregions = [\"eu-west-1\"]\nendpoint_url = {:?}\n\
         log_groups = [\"/ecs/payment-api\"]\n\
         queries.errors = {{ query = \"fields @message | filter @message like /ERROR/\", since = \"1h\" }}",
        server.profile().display().to_string(),
        server.url
    );
    Account::read("prod", &text.parse().unwrap()).unwrap()
}

async fn write(clients: &Clients, at: Time, text: &str) {
    let line = InputLogEvent::builder().timestamp(at.millis()).message(text).build().unwrap();
    let put = clients.logs.put_log_events().log_group_name("/ecs/payment-api").log_stream_name("a");
    put.log_events(line).send().await.unwrap();
}

#[test]
#[ignore = "needs ministack, which .ci/run installs"]
fn lines_come_as_they_are_written_while_somebody_looks() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start();
        let clients = clients(&server).await;
        fill(&clients, now()).await;
        let target = aws::targets(&account(&server), &Current::from(catalog())).remove(0);
        let mut sources = aws::of_targets(std::slice::from_ref(&target), now());
        let logs = sources.iter_mut().find(|source| source.name().as_str().ends_with("/logs")).unwrap();
        let look = target.onlookers().look();
        assert_eq!(logs.poll(now()).await.unwrap().signals.len(), 3, "what was written before");
        assert_eq!(logs.note(), "live tail", "the session has begun");
        let written = now();
        write(&clients, written, r#"{"level":"error","msg":"pool is full"}"#).await;
        let mut told = Vec::new();
        // A session tells something every second.
        for _ in 0..30 {
            told.extend(logs.poll(now()).await.unwrap().signals);
            if !told.is_empty() {
                break;
            }
        }
        assert_eq!(
            told.iter().map(|it| (it.at, it.title.as_str())).collect::<Vec<_>>(),
            [(written, "pool is full")]
        );
        assert_eq!(logs.note(), "live tail");
        drop(look);
        for _ in 0..3 {
            told.extend(logs.poll(now()).await.unwrap().signals);
        }
        assert_eq!((told.len(), logs.note().as_str()), (1, ""), "told once, and asked for again");
    });
}

#[test]
#[ignore = "needs ministack, which .ci/run installs"]
fn a_saved_query_finds_what_was_written() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start();
        let clients = clients(&server).await;
        fill(&clients, now()).await;
        write(&clients, now(), "INFO all is well").await;
        let target = aws::targets(&account(&server), &Current::from(catalog())).remove(0);
        let saved = insights::saved(&target);
        let until = now() + Span::seconds(2);
        let (tell, told) = tokio::sync::watch::channel(Findings::asked(until, until));
        let clock = Clock::wall(now);
        insights::ask(&target, &clock, &saved[0], until, tell).await;
        let found = told.borrow().clone();
        assert_eq!((&found.course, found.rows.len()), (&Course::Complete, 3), "{found:?}");
        assert!(
            found.rows.iter().all(|row| row.iter().any(|cell| cell.contains("ERROR pool is full"))),
            "{found:?}"
        );
    });
}

fn catalog() -> sitroom::domain::Catalog {
    let (catalog, problems) = scenario::catalog("catalog", CATALOG);
    assert!(problems.is_empty(), "{problems:?}");
    catalog
}

fn of(told: &[Signal], kind: Kind) -> Vec<&Signal> {
    told.iter().filter(|signal| signal.kind() == kind).collect()
}

fn alarms_are_right(told: &[Signal]) {
    let alarms = of(told, Kind::Alarm).into_iter().filter_map(|signal| match &signal.body {
        Body::Alarm(alarm) => Some(alarm),
        _ => None,
    });
    let alarms: Vec<_> = alarms.collect();
    let known: Vec<_> =
        alarms.iter().filter(|alarm| alarm.was.is_none()).map(|alarm| alarm.name.as_str()).collect();
    assert_eq!(known, ["payment-api-confirm-p99", "payment-api-any"], "{alarms:?}");
    let rang = alarms.iter().find(|alarm| alarm.was == Some(AlarmState::Ok)).unwrap();
    assert_eq!((rang.state, rang.reason.as_deref()), (AlarmState::Alarm, Some("p99 is 900 ms")));
    assert_eq!((rang.statistic.as_deref(), rang.endpoint.as_deref()), (Some("p99"), Some("confirm")));
}

fn samples_are_right(told: &[Signal], filled: Time) {
    let samples = of(told, Kind::Sample);
    let sum: f64 = samples.iter().map(|signal| value(signal)).sum();
    assert_eq!((samples.len(), sum), (10, 65.0), "{samples:?}");
    assert!(samples.iter().all(|signal| signal.at <= filled && signal.at > filled - Span::minutes(13)));
}

fn value(signal: &Signal) -> f64 {
    match &signal.body {
        Body::Sample(sample) => sample.value,
        _ => 0.0,
    }
}

fn lines_are_right(told: &[Signal], filled: Time) {
    let is_ours =
        |signal: &&&Signal| matches!(&signal.body, Body::Log(log) if log.group == "/ecs/payment-api");
    let logs = of(told, Kind::Log);
    let lines: Vec<_> =
        logs.iter().filter(is_ours).map(|signal| (signal.at, signal.title.as_str())).collect();
    let at = |n: i64| filled - Span::seconds(30 - n);
    let expected = [1, 2, 3].map(|n| (at(n), format!("ERROR pool is full {n}")));
    let expected: Vec<_> = expected.iter().map(|(at, title)| (*at, title.as_str())).collect();
    assert_eq!(lines, expected);
}

fn changes_are_right(told: &[Signal]) {
    let titles: Vec<_> = of(told, Kind::Scaling).into_iter().map(|signal| signal.title.as_str()).collect();
    assert!(titles.iter().any(|title| title.starts_with("payment-api desired-count set to 3")), "{titles:?}");
    let started = told
        .iter()
        .filter(|signal| matches!(&signal.body, Body::Deploy(deploy) if deploy.outcome == Outcome::Started));
    assert_eq!(started.count(), 1);
}

/// Deployments there begin and never end; how each ends is only known from written answers.
#[test]
#[ignore = "needs moto, which .ci/run installs"]
fn deployments_of_codedeploy_are_told_each_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = Server::of_codedeploy();
    runtime.block_on(async {
        let client = aws_sdk_codedeploy::Client::new(&configuration(&server).await);
        client.create_application().application_name("payment-api").send().await.unwrap();
        let group = client.create_deployment_group().application_name("payment-api");
        let group =
            group.deployment_group_name("live").service_role_arn("arn:aws:iam::123456789012:role/deploy");
        group.send().await.unwrap();
        for commit in ["0123456789abcdef", "fedcba9876543210"] {
            let at = GitHubLocation::builder().repository("shop/payment-api").commit_id(commit).build();
            let revision = RevisionLocation::builder().revision_type(RevisionLocationType::GitHub);
            let begun =
                client.create_deployment().application_name("payment-api").deployment_group_name("live");
            begun.revision(revision.git_hub_location(at).build()).send().await.unwrap();
        }
        let sources = aws::sources(&[account(&server)], &Current::from(catalog()), now());
        let mut codedeploy =
            sources.into_iter().find(|source| source.name().as_str().ends_with("/codedeploy")).unwrap();
        let later = now() + Span::seconds(5);
        let signals = codedeploy.poll(later).await.unwrap().signals;
        let mut titles: Vec<_> = signals.iter().map(|signal| signal.title.as_str()).collect();
        titles.sort_unstable();
        assert_eq!(
            titles,
            [
                "payment-api 0123456789ab deploying to production",
                "payment-api fedcba987654 deploying to production"
            ]
        );
        assert!(signals.iter().all(|signal| signal.at.age(later) < Span::minutes(2)), "{signals:?}");
        assert_eq!(codedeploy.poll(later + Span::minutes(1)).await.unwrap().signals, []);
    });
}
