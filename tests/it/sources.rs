//! Sources of every temper under the one manner of asking, on a clock that stands still until everybody waits.

mod answers;
#[cfg(feature = "github")]
mod app;
mod beside;
mod bitbucket;
mod faults;
mod github;
mod load;
mod probe;
mod renewed;
mod stub;

use proptest::prelude::*;
use sitroom::domain::{Body, Clock, Health, Signal, SignalId, SourceName, SourceStatus, Span, Time};
use sitroom::sources::{Due, News, Polled, Polling, Rules, Source, SourceError, Supervision, Telling};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout, timeout_at};

const BASE: Time = Time::from_millis(1_773_842_940_000);

#[derive(Clone, Debug)]
enum Step {
    Answers { signals: usize, again_in: Span },
    Fails(SourceError),
    Hangs,
    Panics,
}

/// Does as its script says, and then answers with nothing twice a minute.
struct Scripted {
    name: SourceName,
    script: VecDeque<Step>,
    polls: Arc<Mutex<Vec<Time>>>,
}

impl Source for Scripted {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        self.polls.lock().unwrap().push(now);
        let quiet = Step::Answers { signals: 0, again_in: Span::seconds(30) };
        let step = self.script.pop_front().unwrap_or(quiet);
        Box::pin(async move {
            match step {
                Step::Answers { signals, again_in } => {
                    Ok(Polled { signals: (0..signals).map(|n| signal(n, now)).collect(), again_in })
                }
                Step::Fails(error) => Err(error),
                Step::Hangs => std::future::pending().await,
                Step::Panics => panic!("a page without an end"),
            }
        })
    }
}

/// A source under supervision and the moments it was asked at.
struct Asked {
    supervision: Supervision,
    polls: Arc<Mutex<Vec<Time>>>,
}

impl Asked {
    fn new(script: impl IntoIterator<Item = Step>) -> Self {
        let polls = Arc::default();
        let script = script.into_iter().collect();
        let source = Scripted { name: SourceName::new("aws"), script, polls: Arc::clone(&polls) };
        Self { supervision: Supervision::start(vec![Box::new(source)], Rules::default(), &clock(), 7), polls }
    }

    async fn statuses(&mut self, wanted: usize) -> Vec<SourceStatus> {
        let mut statuses = Vec::new();
        while statuses.len() < wanted {
            match self.supervision.next().await {
                Some(News::Status(status)) => statuses.push(status),
                Some(News::Signals(_)) => {}
                None => break,
            }
        }
        statuses
    }

    async fn healths(&mut self, wanted: usize) -> Vec<Health> {
        self.statuses(wanted).await.iter().map(|status| status.health).collect()
    }

    fn waits(&self) -> Vec<Span> {
        self.polls.lock().unwrap().windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

/// A room's clock that goes as the test's time goes.
fn clock() -> Clock {
    let began = Instant::now();
    Clock::wall(move || BASE + Span::millis(began.elapsed().as_millis() as i64))
}

fn signal(name: usize, at: Time) -> Signal {
    Signal {
        id: SignalId::of("aws", &name.to_string()),
        at,
        source: SourceName::new("aws"),
        service: None,
        title: format!("signal {name}"),
        body: Body::Note,
        link: None,
        raw: None,
    }
}

fn answers(signals: usize, seconds: i64) -> Step {
    Step::Answers { signals, again_in: Span::seconds(seconds) }
}

#[tokio::test(start_paused = true)]
async fn a_source_is_asked_again_when_it_wants_to_be() {
    let mut asked = Asked::new([answers(2, 40), answers(0, 50)]);
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(asked.supervision.next().await.unwrap());
    }
    let News::Status(first) = &told[0] else { panic!("{told:?}") };
    assert_eq!(first.health, Health::Starting);
    assert_eq!(told[1], News::Signals(vec![signal(0, BASE), signal(1, BASE)]));
    let News::Status(live) = &told[2] else { panic!("{told:?}") };
    assert_eq!((live.health, live.last_good), (Health::Live, Some(BASE)));
    assert_eq!(live.next_try, Some(BASE + Span::seconds(40)));
    asked.statuses(1).await;
    assert_eq!(asked.waits(), [Span::seconds(40), Span::seconds(50)]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_is_cut_off_and_says_so() {
    let began = Instant::now();
    let mut asked = Asked::new([Step::Hangs]);
    let statuses = asked.statuses(2).await;
    assert_eq!(statuses[1].health, Health::Failing);
    assert_eq!(statuses[1].message, "no answer within 10s");
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_with_its_words_and_the_source_is_asked_again() {
    let mut asked = Asked::new([Step::Panics]);
    let statuses = asked.statuses(3).await;
    assert!(statuses[1].message.contains("its code crashed: a page without an end"), "{statuses:?}");
    assert_eq!(statuses[2].health, Health::Live);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_keeps_failing_is_left_alone_and_comes_back_by_one_probe() {
    let failing = Step::Fails(SourceError::transient("connection refused"));
    let mut asked = Asked::new(vec![failing; 6]);
    let statuses = asked.statuses(8).await;
    let waits = asked.waits();
    for (wait, most) in waits.iter().zip([1, 2, 4, 8]) {
        assert!(*wait <= Span::seconds(most) + Span::millis(1), "{waits:?}");
    }
    assert!((60..=61).contains(&waits[4].as_seconds()), "{waits:?}");
    assert!((120..=121).contains(&waits[5].as_seconds()), "{waits:?}");
    assert!(statuses[5].message.contains("5 failures in a row"), "{statuses:?}");
    assert_eq!((statuses[7].health, statuses[7].message.as_str()), (Health::Live, ""));
}

#[tokio::test(start_paused = true)]
async fn what_a_source_says_about_when_to_come_back_is_obeyed() {
    let throttled = SourceError::throttled("429", Some(Span::seconds(120)));
    let mut asked = Asked::new([Step::Fails(throttled)]);
    assert_eq!(asked.healths(3).await, [Health::Starting, Health::Failing, Health::Live]);
    assert!((120..=121).contains(&asked.waits()[0].as_seconds()), "{:?}", asked.waits());
}

#[tokio::test(start_paused = true)]
async fn silence_turns_stale_before_it_turns_into_a_failure() {
    let began = Instant::now();
    let mut asked = Asked::new([answers(1, 2), Step::Hangs]);
    assert_eq!(asked.healths(2).await, [Health::Starting, Health::Live]);
    let mut rest = Vec::new();
    for _ in 0..2 {
        let status = asked.statuses(1).await.remove(0);
        rest.push((status.health, began.elapsed().as_secs(), status.last_good));
    }
    assert_eq!(rest, [(Health::Stale, 6, Some(BASE)), (Health::Failing, 12, Some(BASE))]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_floods_waits_until_it_is_read() {
    let mut asked = Asked::new([answers(40_000, 0), answers(1, 30)]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(asked.polls.lock().unwrap().len(), 1);
    let mut read = 0;
    while read < 40_001 {
        if let Some(News::Signals(signals)) = asked.supervision.next().await {
            assert!(signals.len() <= sitroom::sources::supervise::BATCH);
            read += signals.len();
        }
    }
    assert_eq!(asked.polls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn stopping_joins_every_task_whatever_it_is_at() {
    for script in [vec![Step::Hangs], vec![answers(40_000, 0)], vec![]] {
        let asked = Asked::new(script);
        sleep(Duration::from_secs(1)).await;
        let stopping = asked.supervision.stop(Duration::from_secs(2));
        let cut_off = timeout(Duration::from_millis(1), stopping).await.unwrap();
        assert_eq!(cut_off, []);
    }
}

struct Tale(VecDeque<Signal>);

impl Due for Tale {
    fn due(&mut self, now: Time) -> Vec<Signal> {
        let due = self.0.partition_point(|signal| signal.at <= now);
        self.0.drain(..due).collect()
    }

    fn next_at(&self) -> Option<Time> {
        self.0.front().map(|signal| signal.at)
    }
}

#[tokio::test(start_paused = true)]
async fn a_story_gives_its_history_at_once_and_the_rest_when_it_is_due() {
    let began = Instant::now();
    let clock = clock().telling(BASE, BASE + Span::minutes(10), 60.0);
    let minutes = [-90, -60, 2, 5];
    let story = (0..).zip(minutes).map(|(name, minute)| signal(name, BASE + Span::minutes(minute))).collect();
    let telling = Telling::new(SourceName::new("scenario"), Tale(story), clock.clone());
    let mut supervision = Supervision::start(vec![Box::new(telling)], Rules::default(), &clock, 7);
    let mut told = Vec::new();
    while told.len() < 3 {
        if let Some(News::Signals(signals)) = supervision.next().await {
            told.push((began.elapsed().as_secs(), signals.len()));
        }
    }
    assert_eq!(told, [(0, 2), (2, 1), (5, 1)]);
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let again_in = Span::seconds(7);
    let step = prop_oneof![
        4 => Just(Step::Answers { signals: 1, again_in }),
        1 => Just(Step::Fails(SourceError::transient("reset"))),
        1 => Just(Step::Fails(SourceError::throttled("429", Some(Span::seconds(45))))),
        1 => Just(Step::Fails(SourceError::denied("403", "renew the token"))),
        2 => Just(Step::Hangs),
    ];
    proptest::collection::vec(step, 1..20)
}

/// Three intervals after the last good answer; `None` when it does not claim to be live.
fn may_be_live_until(status: &SourceStatus) -> Option<Time> {
    let (good, next) = (status.last_good?, status.next_try?);
    let intervals = next - good + (next - good) + (next - good);
    (status.health == Health::Live).then(|| good + intervals)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn old_data_is_never_shown_as_live(script in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let clock = clock();
            let mut asked = Asked::new(script);
            let end = Instant::now() + Duration::from_secs(1_200);
            let mut live_until = None;
            while let Ok(Some(news)) = timeout_at(end, asked.supervision.next()).await {
                let News::Status(status) = news else { continue };
                if let Some(until) = live_until {
                    assert!(clock.now() <= until + Span::millis(2), "{status:?}");
                }
                live_until = may_be_live_until(&status);
            }
        });
    }
}
