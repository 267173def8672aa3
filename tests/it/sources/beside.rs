//! One repository that hangs, fails, is slow or too large, beside nine that are well: those are seen as early as ever.

use super::stub::{NOW, asked, bitbucket_as_planned, date, github_as_planned, plan, token};
use serde_json::json;
use sitroom::domain::{Body, Clock, Health, SourceName, SourceStatus, Span, Time};
use sitroom::sources::forge::{Asking, Forge, Host, Listening, Observed, Page, Part, Plan, Want};
use sitroom::sources::github;
use sitroom::sources::http::{Api, Credential, Limits};
use sitroom::sources::{News, Rules, Source, SourceError, Supervision};
use std::collections::HashMap;
use std::future::pending;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const BAD: &str = "team/r3";
const INTERVAL: Span = Span::minutes(1);
/// A poll that waits for the bad one may lie before the round that sees something, and one behind it.
const AT_MOST: Span = Span::seconds(60 + 12);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Hangs,
    Fails,
    /// Its answer is there, but later than a poll may take.
    TakesLong,
}

fn ten() -> Vec<String> {
    (0..10).map(|n| format!("team/r{n}")).collect()
}

/// A host with four feeds, whose repositories publish something every minute.
struct Hub {
    api: Api,
    clock: Clock,
    bad: Vec<&'static str>,
    fault: Fault,
    asked: Mutex<HashMap<Arc<str>, u32>>,
}

impl Hub {
    async fn page(&self, want: &Want) -> Result<Page, SourceError> {
        *self.asked.lock().unwrap().entry(Arc::clone(&want.repository)).or_default() += 1;
        if self.bad.contains(&&*want.repository) {
            match self.fault {
                Fault::Hangs => pending().await,
                Fault::Fails => return Err(SourceError::transient("trouble of its own (500)")),
                Fault::TakesLong => sleep(Duration::from_secs(25)).await,
            }
        }
        sleep(Duration::from_millis(40)).await;
        assert_eq!(want.part, Part::First);
        let at = Time::from_millis(self.clock.now().millis() / 60_000 * 60_000);
        let title = format!("{} {}", want.repository, want.feed);
        let observed = Observed {
            external: format!("{title} {at}"),
            at,
            title,
            service: None,
            body: Body::Note,
            link: None,
            raw: json!({}),
        };
        Ok(Page { observed: vec![observed], oldest: Some(at), ..Page::default() })
    }
}

impl Host for Hub {
    fn api(&self) -> &Api {
        &self.api
    }

    fn feeds(&self) -> &'static [&'static str] {
        &["requests", "deployments", "releases", "runs"]
    }

    fn ask<'a>(&'a self, want: &'a Want) -> Asking<'a> {
        Box::pin(self.page(want))
    }

    fn stirred<'a>(&'a self, _: &'a [Arc<str>], _: Time) -> Option<Listening<'a>> {
        None
    }
}

/// A clock that goes with the paused one of the test.
fn clock() -> Clock {
    let began = Instant::now();
    Clock::wall(move || NOW + Span::millis(began.elapsed().as_millis() as i64))
}

struct Watched {
    /// How late each was told, at worst.
    late: HashMap<String, Span>,
    statuses: Vec<(Time, SourceStatus)>,
    asked: HashMap<Arc<str>, u32>,
}

async fn watched(bad: &[&'static str], fault: Fault, for_long: Span) -> Watched {
    let clock = clock();
    let api = Api::new(
        "http://127.0.0.1:9",
        Credential::bearer(token()),
        github::manners(String::new()),
        Limits::default(),
        clock.clone(),
    );
    let hub = Arc::new(Hub {
        api: api.unwrap(),
        clock: clock.clone(),
        bad: bad.to_vec(),
        fault,
        asked: Mutex::default(),
    });
    let plan = Plan { repositories: ten(), interval: INTERVAL, history: Span::days(1) };
    let forge = Forge::new(SourceName::new("hub"), Arc::clone(&hub) as Arc<dyn Host>, plan);
    let mut all = Supervision::start(vec![Box::new(forge)], Rules::default(), &clock, 7);
    let (mut told, mut statuses) = (HashMap::<String, Time>::new(), Vec::new());
    let mut late = HashMap::<String, Span>::new();
    let end = Instant::now() + for_long.std();
    while let Ok(Some(news)) = timeout_at(end, all.next()).await {
        let now = clock.now();
        match news {
            News::Status(status) => statuses.push((now, status)),
            News::Signals(signals) => {
                for signal in signals {
                    let before = told.insert(signal.title.clone(), now).unwrap_or(NOW);
                    let worst = late.entry(signal.title).or_default();
                    *worst = (*worst).max(now - before);
                }
            }
        }
    }
    for (title, at) in told {
        let worst = late.entry(title).or_default();
        *worst = (*worst).max(clock.now() - at);
    }
    all.stop(Duration::from_secs(1)).await;
    let asked = hub.asked.lock().unwrap().clone();
    Watched { late, statuses, asked }
}

#[tokio::test(start_paused = true)]
async fn nine_healthy_repositories_are_seen_in_their_usual_time_beside_one_that_hangs_fails_or_takes_long() {
    for fault in [Fault::Hangs, Fault::Fails, Fault::TakesLong] {
        let Watched { late, statuses, asked } = watched(&[BAD], fault, Span::hours(1)).await;
        assert_eq!(late.len(), 9 * 4, "{fault:?}: every feed of the others is told");
        let worst = late.iter().max_by_key(|(_, late)| **late).unwrap();
        assert!(*worst.1 <= AT_MOST, "{fault:?}: {worst:?}");

        let settled = statuses.iter().filter(|(at, _)| *at > NOW + Span::minutes(1));
        for (at, status) in settled {
            assert_eq!(status.health, Health::Live, "{fault:?}, {at}: {}", status.message);
            assert!(status.message.contains(BAD), "{fault:?}: it is named: {}", status.message);
        }
        // Three tries of each of its feeds, and from then on one in five minutes or in what comes of rounds.
        let tried = asked[BAD];
        assert!((4 * 4..=4 * 16).contains(&tried), "{fault:?}: {tried}");
        assert!(asked["team/r4"] >= 4 * 55, "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn three_bad_ones_of_ten_hold_back_nobody_either() {
    let bad = ["team/r0", BAD, "team/r9"];
    for fault in [Fault::Hangs, Fault::Fails] {
        let Watched { late, statuses, .. } = watched(&bad, fault, Span::hours(1)).await;
        assert_eq!(late.len(), 7 * 4);
        let worst = late.iter().max_by_key(|(_, late)| **late).unwrap();
        assert!(*worst.1 <= AT_MOST, "{fault:?}: {worst:?}");
        let settled = statuses.iter().filter(|(at, _)| *at > NOW + Span::minutes(1));
        for (at, status) in settled {
            assert_eq!(status.health, Health::Live, "{fault:?}, {at}: {}", status.message);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_answers_nobody_is_the_failure_of_the_source_and_nobody_is_blamed() {
    let all: [&str; 10] = std::array::from_fn(|n| {
        [
            "team/r0", "team/r1", "team/r2", "team/r3", "team/r4", "team/r5", "team/r6", "team/r7",
            "team/r8", "team/r9",
        ][n]
    });
    for fault in [Fault::Hangs, Fault::Fails] {
        let Watched { late, statuses, asked } = watched(&all, fault, Span::hours(1)).await;
        assert!(late.is_empty());
        let (_, first) = &statuses[0];
        assert_eq!(first.health, Health::Starting);
        for (_, status) in &statuses[1..] {
            assert_eq!((status.health, status.last_good), (Health::Failing, None), "{}", status.message);
            assert!(!status.message.contains("team/"), "{}", status.message);
        }
        let tried: u32 = asked.values().sum();
        assert!(tried <= 25, "{fault:?}: the circuit opens: {tried}");
    }
}

/// What both hosts answer, in their words: a release or a pipeline in every minute, in every repository.
struct Stub {
    at: Arc<AtomicI64>,
    fault: Answer,
}

type Answer = fn() -> ResponseTemplate;

impl Respond for Stub {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let now = Time::from_millis(self.at.load(Ordering::Relaxed));
        let minute = now.millis() / 60_000;
        let (path, at) = (request.url.path(), Time::from_millis(minute * 60_000).to_string());
        let told = |body| {
            ResponseTemplate::new(200)
                .insert_header("date", date(now).as_str())
                .set_body_json::<serde_json::Value>(body)
        };
        if path.contains(BAD) {
            return (self.fault)();
        }
        match path.rsplit('/').next().unwrap_or_default() {
            "releases" => {
                let mark = format!("\"{minute}\"");
                if request.headers.get("if-none-match").is_some_and(|known| *known == *mark) {
                    return ResponseTemplate::new(304);
                }
                let release = json!({"id": minute, "tag_name": "v1", "created_at": at, "published_at": at});
                told(json!([release])).insert_header("etag", mark.as_str())
            }
            "runs" | "pulls" | "deployments" if request.headers.contains_key("if-none-match") => {
                ResponseTemplate::new(304)
            }
            "runs" => told(json!({"workflow_runs": []})).insert_header("etag", "\"1\""),
            "pulls" => told(json!([])).insert_header("etag", "\"1\""),
            "graphql" => told(json!({"data": {"repository": {"list": {"nodes": []}}}})),
            "deployments" if path.starts_with("/repos/") => told(json!([])).insert_header("etag", "\"1\""),
            "pipelines" => told(json!({"values": [{"uuid": at, "build_number": minute, "created_on": at,
                "completed_on": at, "target": {"ref_name": "main"},
                "state": {"name": "COMPLETED", "result": {"name": "FAILED"}}}]})),
            "team" => {
                let listed: Vec<_> =
                    ten().iter().map(|name| json!({"full_name": name, "updated_on": at})).collect();
                told(json!({"values": listed}))
            }
            _ => told(json!({"values": [], "default_branch": "main", "mainbranch": {"name": "main"}})),
        }
    }
}

#[tokio::test]
async fn beside_a_bad_repository_the_stubs_pushes_are_told_in_each_round_and_the_budget_is_kept() {
    let hangs = || ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    let fails = || ResponseTemplate::new(500);
    let is_huge = || ResponseTemplate::new(200).set_body_bytes(vec![b' '; 9 << 20]);
    let faults: [(&str, Answer); 3] = [("hangs", hangs), ("fails", fails), ("is huge", is_huge)];
    for (host, budget, interval) in [("github", 1_000, 1), ("bitbucket", 500, 3)] {
        for (said, fault) in faults {
            let at = Arc::new(AtomicI64::new(NOW.millis()));
            let server = MockServer::start().await;
            Mock::given(any()).respond_with(Stub { at: Arc::clone(&at), fault }).mount(&server).await;
            let shown = Arc::clone(&at);
            let clock = Clock::wall(move || Time::from_millis(shown.load(Ordering::Relaxed)));
            let names = ten();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let plan = Plan { interval: Span::minutes(interval), ..plan(&names) };
            let hasty = Limits { whole: Span::millis(300), ..Limits::default() };
            let mut forge = match host {
                "github" => github_as_planned(&server.uri(), hasty, clock, plan),
                _ => bitbucket_as_planned(&server.uri(), hasty, clock, plan),
            };
            let mut told = HashMap::<String, u32>::new();
            let (mut failures, minutes) = (0, 30);
            while at.load(Ordering::Relaxed) < (NOW + Span::minutes(minutes)).millis() {
                let polled = forge.poll(Time::from_millis(at.load(Ordering::Relaxed))).await;
                let polled = polled.unwrap_or_else(|_| {
                    failures += 1;
                    sitroom::sources::Polled { again_in: Span::seconds(1), ..Default::default() }
                });
                for signal in polled.signals {
                    let raw = signal.raw.unwrap_or_default();
                    assert!(!raw.is_empty());
                    *told.entry(signal.id.to_string()).or_default() += 1;
                }
                at.fetch_add(polled.again_in.max(Span::millis(10)).as_millis(), Ordering::Relaxed);
            }
            assert!(failures <= 1, "{host} {said}: {failures}");
            assert!(forge.note().contains(BAD), "{host} {said}: {}", forge.note());
            let rounds = usize::try_from(minutes / interval).unwrap();
            let wanted = 9 * (rounds - 1);
            assert!(told.len() >= wanted, "{host} {said}: {} of {wanted}", told.len());
            let counted = asked(&server).await;
            let bad = counted.iter().filter(|request| request.url.path().contains(BAD)).count();
            assert!((3..=40).contains(&bad), "{host} {said}: {bad}");
            let usage = forge.usage();
            assert_eq!(usage.budget, Some(budget));
            assert!(usage.left.unwrap() > 0, "{host} {said}: {usage:?} after {}", counted.len());
        }
    }
}
