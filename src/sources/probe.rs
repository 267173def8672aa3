//! Asks services whether they are well: the health checks of the catalog that have an address, run from here.
//!
//! Each check has its own pace, deadline and count of bad answers, as its team declared them. What is told is when a
//! check changes its mind, and now and then that it still thinks the same, so that a quiet day stays small. Whatever
//! a server does, hang, lie, redirect for ever, send without end, it costs one of a bounded number of tasks its deadline.
//! When the catalog is renewed, checks that are the same go on as they were, and the others begin or end.

mod address;
mod answer;
mod ask;
mod course;
mod trouble;

pub use address::Bounds;
pub use ask::{Asker, Lookup, Tried, unasked};
pub use trouble::Trouble;

use super::catalog::Current;
use super::{Polled, Polling, Source, SourceError};
use crate::domain::catalog::{CheckKind, HealthCheck};
use crate::domain::signal::{Body, Health};
use crate::domain::text::clean;
use crate::domain::{Catalog, ServiceName, Signal, SignalId, SourceName, Span, Time};
use ask::Question;
use course::{Course, Told};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, timeout};

pub const NAME: &str = "probe";

/// Questions that are open at the same time.
pub const AT_ONCE: usize = 64;

/// What is usual where a team did not say.
const INTERVAL: Span = Span::seconds(30);
const TIMEOUT: Span = Span::seconds(5);
const THRESHOLD: u32 = 3;

/// Nobody is asked more often, or waited for longer, whatever is declared.
const SHORTEST: Span = Span::seconds(1);
const LONGEST: Span = Span::seconds(30);

/// The first round is spread over so long.
const SPREAD: Span = Span::seconds(5);

/// How many times a day all checks together repeat what they said before.
const REPEATED_A_DAY: i64 = 4_800;
const REPEATED: Span = Span::hours(1);

/// A poll waits so long for an answer before it says that it is still there.
const BREATH: Span = Span::seconds(1);

/// One check of the catalog, as it is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub service: ServiceName,
    pub name: String,
    pub kind: CheckKind,
    question: Question,
    interval: Span,
    threshold: u32,
    grace: Span,
}

pub struct Probe {
    name: SourceName,
    asker: Arc<Asker>,
    catalog: Current,
    /// Whose checks are run; nothing before the first poll.
    followed: Option<Arc<Catalog>>,
    /// By a number that no other check ever has, so that a late answer finds nobody else.
    rounds: BTreeMap<u64, Round>,
    begun: u64,
    asking: JoinSet<(u64, Tried)>,
}

/// A check and how it goes.
struct Round {
    check: Check,
    course: Course,
    began: Instant,
    due: Instant,
    /// The task that asks it now.
    asked_by: Option<Id>,
    trouble: Option<Trouble>,
}

/// Every check of the catalog that has an address, each under a name of its own.
pub fn checks(catalog: &Catalog) -> Vec<Check> {
    catalog
        .services
        .iter()
        .flat_map(|service| {
            let grace = service
                .health_checks
                .iter()
                .filter(|check| check.kind == CheckKind::Startup)
                .filter_map(|check| check.period)
                .max();
            let mut names = HashSet::new();
            service.health_checks.iter().filter_map(move |check| {
                let url = check.url.as_deref()?;
                let name =
                    (1..)
                        .map(|n| {
                            if n == 1 { check.called().to_owned() } else { format!("{} {n}", check.called()) }
                        })
                        .find(|name| names.insert(name.clone()))?;
                Some(Check::of(service.name.clone(), name, check, url, grace))
            })
        })
        .collect()
}

impl Check {
    fn of(service: ServiceName, name: String, check: &HealthCheck, url: &str, grace: Option<Span>) -> Self {
        Self {
            service,
            name,
            kind: check.kind,
            question: Question {
                url: url.to_owned(),
                timeout: check.timeout.unwrap_or(TIMEOUT).clamp(Span::millis(1), LONGEST),
                status: check.status.clone(),
                expect: check.expect.clone().filter(|text| !text.is_empty()),
            },
            interval: check.interval.unwrap_or(INTERVAL).max(SHORTEST),
            threshold: check.threshold.unwrap_or(THRESHOLD).max(1),
            grace: check.period.or(grace).unwrap_or(Span::ZERO),
        }
    }

    pub fn question(&self) -> &Question {
        &self.question
    }
}

impl Probe {
    pub fn new(catalog: Current, asker: Asker) -> Self {
        Self {
            name: SourceName::new(NAME),
            asker: Arc::new(asker),
            catalog,
            followed: None,
            rounds: BTreeMap::new(),
            begun: 0,
            asking: JoinSet::new(),
        }
    }

    /// Runs the checks of the catalog as it is now.
    fn follow(&mut self, now: Instant) {
        let catalog = self.catalog.get();
        if self.followed.as_ref().is_some_and(|followed| Arc::ptr_eq(followed, &catalog)) {
            return;
        }
        let checks = checks(&catalog);
        let count = i64::try_from(checks.len()).unwrap_or(i64::MAX).max(1);
        let repeated = REPEATED.max(Span::millis(Span::days(1).as_millis() / REPEATED_A_DAY * count));
        let named = |check: &Check| (check.service.clone(), check.name.clone());
        let before = std::mem::take(&mut self.rounds).into_iter();
        let mut before: HashMap<_, _> = before.map(|one| (named(&one.1.check), one)).collect();
        let mut new = 0;
        for check in checks {
            let same = before.remove(&named(&check)).filter(|(_, round)| round.check == check);
            let (number, round) = same.unwrap_or_else(|| {
                let due = now + Span::millis(SPREAD.as_millis() / count * new).std();
                let course = Course::new(check.threshold, check.grace, repeated);
                new += 1;
                self.begun += 1;
                (self.begun, Round { course, began: now, due, asked_by: None, trouble: None, check })
            });
            self.rounds.insert(number, round);
        }
        self.followed = Some(catalog);
    }

    async fn round(&mut self, now: Time) -> Polled {
        let began = Instant::now();
        self.follow(began);
        self.begin(began);
        let wait = self.next_due(began).min(BREATH);
        let mut done = Vec::new();
        if let Ok(Some(joined)) = timeout(wait.std(), self.asking.join_next()).await {
            done.extend(self.joined(joined));
            while let Some(joined) = self.asking.try_join_next() {
                done.extend(self.joined(joined));
            }
        } else if self.asking.is_empty() {
            tokio::time::sleep(wait.std()).await;
        }
        let at = now + gone(began);
        let signals = done.into_iter().filter_map(|(number, tried)| self.answered(number, &tried, at));
        Polled { signals: signals.collect(), again_in: Span::ZERO }
    }

    /// A question whose code crashed says nothing of its service; it is asked again in its turn.
    fn joined(&mut self, joined: Result<(u64, Tried), JoinError>) -> Option<(u64, Tried)> {
        let crashed = match joined {
            Ok(answered) => return Some(answered),
            Err(error) => error.id(),
        };
        let round = self.rounds.values_mut().find(|round| round.asked_by == Some(crashed))?;
        round.rest();
        round.trouble = Some(Trouble::Crashed);
        None
    }

    /// Asks whoever is due, as long as there is room; who has waited longest comes first, so that servers that hang
    /// keep nobody out for ever.
    fn begin(&mut self, now: Instant) {
        let room = AT_ONCE.saturating_sub(self.asking.len());
        if room == 0 {
            return;
        }
        let is_due = |(_, round): &(&u64, &Round)| round.asked_by.is_none() && round.due <= now;
        let mut due: Vec<_> =
            self.rounds.iter().filter(is_due).map(|(number, round)| (round.due, *number)).collect();
        due.sort_unstable();
        for (_, number) in due.into_iter().take(room) {
            let Some(round) = self.rounds.get_mut(&number) else { continue };
            let (asker, question) = (Arc::clone(&self.asker), round.check.question.clone());
            let asking = self.asking.spawn(async move { (number, asker.ask(&question).await) });
            round.asked_by = Some(asking.id());
        }
    }

    /// Until the next check is due; a full house waits for somebody to leave.
    fn next_due(&self, now: Instant) -> Span {
        if self.asking.len() >= AT_ONCE {
            return BREATH;
        }
        let due = self.rounds.values().filter(|round| round.asked_by.is_none()).map(|round| round.due).min();
        let wait = due.map_or(BREATH.std(), |due| due.saturating_duration_since(now));
        Span::millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)).max(Span::millis(5))
    }

    fn answered(&mut self, number: u64, tried: &Tried, at: Time) -> Option<Signal> {
        let round = self.rounds.get_mut(&number)?;
        round.rest();
        round.trouble = tried.found.as_ref().err().cloned();
        let told = round.course.answered(tried.found.is_ok(), at, gone(round.began))?;
        Some(signal(&round.check, tried, told, at))
    }
}

impl Round {
    /// Until it is asked again.
    fn rest(&mut self) {
        self.asked_by = None;
        self.due = Instant::now() + self.check.interval.std();
    }
}

impl Source for Probe {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        Box::pin(async move {
            let polled = self.round(now).await;
            let is_idle = self.rounds.is_empty() && polled.signals.is_empty();
            if is_idle { Err(SourceError::idle(self.note(), polled.again_in)) } else { Ok(polled) }
        })
    }

    /// `12 checks, 2 failing: 1 no answer in time, 1 wrong status`.
    fn note(&self) -> String {
        let mut troubles: BTreeMap<&'static str, usize> = BTreeMap::new();
        for trouble in self.rounds.values().filter_map(|round| round.trouble.as_ref()) {
            *troubles.entry(trouble.word()).or_default() += 1;
        }
        let (all, failing) = (self.rounds.len(), troubles.values().sum::<usize>());
        let said: Vec<_> = troubles.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let checks = if all == 1 { "check" } else { "checks" };
        if all == 0 {
            return "no health check of the catalog has a url".to_owned();
        }
        if failing == 0 {
            format!("{all} {checks}")
        } else {
            format!("{all} {checks}, {failing} failing: {}", said.join(", "))
        }
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("checks", &self.rounds.len()).finish_non_exhaustive()
    }
}

fn gone(since: Instant) -> Span {
    Span::millis(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX))
}

fn signal(check: &Check, tried: &Tried, told: Told, at: Time) -> Signal {
    let Check { service, name, .. } = check;
    let state = if told.healthy { "healthy" } else { "unhealthy" };
    let why = tried.found.as_ref().err().map(|trouble| format!(": {trouble}")).unwrap_or_default();
    let latency = u64::try_from(tried.took.as_millis()).ok();
    let raw = serde_json::json!({
        "url": check.question.shown(),
        "kind": check.kind.word(),
        "took_ms": latency,
        "status": tried.status,
        "body_bytes": tried.read,
        "cut_off": tried.is_cut_off,
        "trouble": tried.found.as_ref().err().map(ToString::to_string),
    });
    Signal {
        id: SignalId::of(NAME, &format!("{service}/{name}/{}", at.millis())),
        at,
        source: SourceName::new(NAME),
        service: Some(service.clone()),
        title: clean(&format!("{service} {name} {state}{why}")),
        body: Body::Health(Health {
            check: name.clone(),
            healthy: told.healthy,
            latency_ms: tried.found.is_ok().then_some(latency).flatten(),
            in_a_row: (!told.healthy).then_some(told.in_a_row),
        }),
        link: None,
        raw: Some(raw.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_check_whose_question_crashed_is_asked_again_in_its_turn() {
        let text =
            "[[service]]\nname = \"api\"\nhealth_check = [{ kind = \"liveness\", url = \"no address\" }]";
        let now = Time::from_millis(1_773_842_940_000);
        let catalog: Catalog = toml::from_str(text).unwrap();
        let mut probe = Probe::new(catalog.into(), Asker::new(Bounds::Private).unwrap());
        probe.follow(Instant::now());
        let crashing = probe.asking.spawn(async { panic!("on purpose") });
        probe.rounds.values_mut().for_each(|round| round.asked_by = Some(crashing.id()));
        probe.round(now).await;
        assert_eq!(probe.note(), "1 check, 1 failing: 1 crashed");
        tokio::time::advance(INTERVAL.std()).await;
        probe.round(now).await;
        assert_eq!(probe.note(), "1 check, 1 failing: 1 without an address", "it was asked");
    }
}
