//! What asking costs: fifty repositories for ten minutes, counted on the other side.

use super::stub::{NOW, bitbucket_at, github_at, plan, said, serving, status};
use crate::support::network::weight;
use serde_json::json;
use sitroom::config::forge::{Account, Forge as Kind, account};
use sitroom::domain::{Clock, Span, Time};
use sitroom::sources::forge::{Forge, Plan};
use sitroom::sources::{Source, SourceError};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use wiremock::{Request, ResponseTemplate};

const REPOSITORIES: usize = 50;
/// First everything is read; from then on it is counted.
const WARM_UP: Span = Span::minutes(2);
const COUNTED: Span = Span::minutes(10);
/// What a page that says anything weighs here.
const PAGE: usize = 4_000;

/// What a server saw.
#[derive(Default)]
struct Seen {
    asked: AtomicU64,
    /// What counts against its limit.
    counted: AtomicU64,
    /// Of questions, and of what they were answered with.
    sent: AtomicU64,
    bytes: AtomicU64,
}

impl Seen {
    fn take(&self) -> [u64; 4] {
        [&self.asked, &self.counted, &self.sent, &self.bytes].map(|count| count.swap(0, Ordering::Relaxed))
    }

    fn see(&self, request: &Request, counts: bool, bytes: usize) {
        self.sent.fetch_add(weight(request) as u64, Ordering::Relaxed);
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.counted.fetch_add(u64::from(counts), Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

fn names() -> Vec<String> {
    (0..REPOSITORIES).map(|n| format!("team/repository-{n}")).collect()
}

/// A clock that stands where the test puts it.
fn clock() -> (Clock, Arc<AtomicI64>) {
    let at = Arc::new(AtomicI64::new(NOW.millis()));
    let shown = Arc::clone(&at);
    (Clock::wall(move || Time::from_millis(shown.load(Ordering::Relaxed))), at)
}

/// Asks as supervision does, as fast as the stub answers, for so long by the room's clock.
async fn run(forge: &mut Forge, at: &AtomicI64, for_long: Span) {
    let now = || Time::from_millis(at.load(Ordering::Relaxed));
    let end = now() + for_long;
    while now() < end {
        let wait = match forge.poll(now()).await {
            Ok(polled) => polled.again_in,
            Err(SourceError { .. }) => Span::seconds(1),
        };
        at.fetch_add(wait.max(Span::millis(10)).as_millis(), Ordering::Relaxed);
    }
}

#[tokio::test]
async fn fifty_quiet_repositories_cost_github_nothing_and_stay_below_a_twentieth_when_they_are_busy() {
    let seen = Arc::new(Seen::default());
    let busy = Arc::new(AtomicU64::new(0));
    let (watching, version) = (Arc::clone(&seen), Arc::clone(&busy));
    let server = serving(move |request: &Request| {
        let path = request.url.path();
        // One repository has something new whenever the version moves.
        let mark = if path.contains("repository-7/pulls") { version.load(Ordering::Relaxed) } else { 0 };
        let mark = format!("\"{mark}\"");
        let is_known = request.headers.get("if-none-match").is_some_and(|known| *known == *mark);
        watching.see(request, !is_known, if is_known { 0 } else { PAGE });
        if is_known { status(304) } else { github_page(path).insert_header("etag", mark.as_str()) }
    })
    .await;
    let (clock, at) = clock();
    let mut forge = github_at(&server.uri(), clock, plan_of());
    run(&mut forge, &at, WARM_UP).await;
    let [first, ..] = seen.take();
    assert!(first >= 4 * REPOSITORIES as u64, "everything has been asked once: {first}");
    run(&mut forge, &at, COUNTED).await;
    let [asked, counted, sent, bytes] = seen.take();
    eprintln!(
        "github, quiet: {asked} asked, {counted} counted, {sent} bytes asked, {bytes} answered in {COUNTED}"
    );
    assert_eq!(counted, 0, "of {asked}");
    assert!((1_500..=2_400).contains(&asked), "each feed once a minute: {asked}");

    for _ in 0..10 {
        busy.fetch_add(1, Ordering::Relaxed);
        run(&mut forge, &at, Span::minutes(1)).await;
    }
    let [asked, counted, sent, bytes] = seen.take();
    eprintln!(
        "github, one busy: {asked} asked, {counted} counted, {sent} bytes asked, {bytes} answered in {COUNTED}"
    );
    assert!((1..=41).contains(&counted), "5 % of 5,000 an hour is 41 in ten minutes: {counted} of {asked}");
}

fn github_page(path: &str) -> ResponseTemplate {
    let padding = "x".repeat(PAGE);
    if path.ends_with("/actions/runs") {
        return said(&json!({"workflow_runs": [], "padding": padding}));
    }
    if path.ends_with("graphql") {
        let list = json!({"nodes": [], "pageInfo": {"hasNextPage": false, "endCursor": null}});
        return said(&json!({"data": {"repository": {"list": list}}, "padding": padding}));
    }
    let is_list = ["/pulls", "/deployments", "/releases"].iter().any(|end| path.ends_with(end));
    if is_list { said(&json!([])) } else { said(&json!({"default_branch": "main"})) }
}

fn plan_of() -> Plan {
    let names = names();
    plan(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What Bitbucket is asked with where nobody has said how often.
fn usual_plan() -> Plan {
    let names: Vec<_> = names().into_iter().map(toml::Value::from).collect();
    let mut table = toml::Table::new();
    table.insert("repositories".to_owned(), names.into());
    table.insert(
        "token".to_owned(),
        toml::Value::from(toml::Table::from_iter([("env".to_owned(), "T".into())])),
    );
    let Account { repositories, interval, history, .. } = account(Kind::Bitbucket, &table).unwrap();
    Plan { repositories, interval, history }
}

#[tokio::test]
async fn fifty_quiet_repositories_cost_bitbucket_less_than_a_twentieth_and_none_is_left_out() {
    let (seen, paths) = (Arc::new(Seen::default()), Arc::new(Mutex::new(BTreeSet::new())));
    let (watching, noting) = (Arc::clone(&seen), Arc::clone(&paths));
    let pushed = Arc::new(AtomicI64::new(0));
    let news = Arc::clone(&pushed);
    let server = serving(move |request: &Request| {
        watching.see(request, true, PAGE);
        let path = request.url.path();
        noting.lock().unwrap().insert(path.to_owned());
        let at = Time::from_millis(news.load(Ordering::Relaxed)).to_string();
        let values = match path {
            _ if at.starts_with("1970") => json!([]),
            "/repositories/team" => json!([{"full_name": "team/repository-7", "updated_on": at}]),
            "/repositories/team/repository-7/pullrequests" => json!([merged(&at)]),
            _ => json!([]),
        };
        said(&json!({"values": values, "mainbranch": {"name": "main"}, "padding": "x".repeat(PAGE)}))
    })
    .await;
    let (clock, at) = clock();
    let mut forge = bitbucket_at(&server.uri(), clock, usual_plan());
    run(&mut forge, &at, Span::hours(2)).await;
    seen.take();
    paths.lock().unwrap().clear();
    for hour in 0..6 {
        run(&mut forge, &at, Span::hours(1)).await;
        let [asked, _, sent, bytes] = seen.take();
        eprintln!("bitbucket, quiet: {asked} asked, {sent} bytes asked, {bytes} answered in hour {hour}");
        assert!(asked < 50, "5 % of 1,000 an hour is 50: {asked}");
    }
    let all = 1 + 3 * REPOSITORIES;
    assert_eq!(
        paths.lock().unwrap().len(),
        all,
        "the workspace and every feed, within five hours and a half"
    );

    let now = at.load(Ordering::Relaxed);
    pushed.store(now, Ordering::Relaxed);
    let told = forge.poll(Time::from_millis(now + Span::minutes(3).as_millis())).await.unwrap().signals;
    assert!(told.iter().any(|signal| signal.title.contains("merged")), "within one poll: {told:?}");
    at.fetch_add(Span::minutes(3).as_millis(), Ordering::Relaxed);
    seen.take();
    run(&mut forge, &at, Span::hours(1)).await;
    let [asked, _, sent, bytes] = seen.take();
    eprintln!("bitbucket, after one push: {asked} asked, {sent} bytes asked, {bytes} answered in an hour");
    assert!(asked < 150, "{asked}");
}

fn merged(at: &str) -> serde_json::Value {
    json!({"id": 1, "title": "Faster", "state": "MERGED", "created_on": at, "updated_on": at,
        "author": {"nickname": "lee"}})
}

#[tokio::test]
async fn where_bitbucket_does_not_say_what_has_changed_half_of_its_limit_is_never_passed() {
    let seen = Arc::new(Seen::default());
    let watching = Arc::clone(&seen);
    let server = serving(move |request: &Request| {
        watching.see(request, true, PAGE);
        if request.url.path() == "/repositories/team" {
            return status(403);
        }
        said(&json!({"values": [], "mainbranch": {"name": "main"}, "padding": "x".repeat(PAGE)}))
    })
    .await;
    let (clock, at) = clock();
    let mut forge = bitbucket_at(&server.uri(), clock, usual_plan());
    run(&mut forge, &at, Span::hours(2)).await;
    seen.take();
    run(&mut forge, &at, Span::hours(1)).await;
    let [asked, _, sent, bytes] = seen.take();
    eprintln!("bitbucket, not told: {asked} asked, {sent} bytes asked, {bytes} answered in an hour");
    assert!(asked <= 500, "{asked}");
    assert!(asked >= 3 * REPOSITORIES as u64, "every feed at least once an hour: {asked}");
}
