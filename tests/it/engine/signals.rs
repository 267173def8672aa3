//! What sources tell: taken in once, shown at a bearable pace, kept, diagnosed; and nothing of it stops anybody.

use super::journal::Memory;
use super::{BASE, dana, declare, idle, now_shown, parts, room, signal};
use sitroom::diagnosis::Situation;
use sitroom::domain::log::Chunk;
use sitroom::domain::signal::{Body, Sample};
use sitroom::domain::{Health, Signal, SignalLog, SignalRef, SourceName, SourceStatus, Span, Time};
use sitroom::engine::{Diagnose, Engine, INBOX, KeepError, Keeping, Parts, SignalKeeper};
use sitroom::sources::{Polled, Polling, Source};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn a_signal_is_taken_in_once_whoever_tells_it() {
    let handle = room(&Memory::default()).await;
    handle.report((0..5).map(signal).collect()).await.unwrap();
    handle.report((3..8).map(signal).collect()).await.unwrap();
    let moved = Signal { at: BASE + Span::hours(1), ..signal(7) };
    handle.report(vec![moved]).await.unwrap();
    idle().await;
    let shown = now_shown(&handle);
    assert_eq!(
        shown.signals.iter().map(SignalRef::to_signal).collect::<Vec<_>>(),
        (0..8).map(signal).collect::<Vec<_>>()
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_measurement_was_corrected_to_takes_its_place_and_is_kept() {
    let reading = |value, later| {
        let body = Body::Sample(Sample { series: "api/5xx".into(), value, later });
        Signal { title: format!("api 5xx {value}"), body, ..signal(1) }
    };
    let drawer = Arc::new(Drawer::default());
    *drawer.kept.lock().unwrap() = vec![reading(10.0, 0)];
    let handle = Engine::start(kept_by(&drawer));
    idle().await;
    handle.report(vec![reading(100.0, 60)]).await.unwrap();
    handle.report(vec![reading(30.0, 30)]).await.unwrap();
    idle().await;
    let shown = now_shown(&handle);
    assert_eq!(shown.signals.iter().map(SignalRef::to_signal).collect::<Vec<_>>(), [reading(100.0, 60)]);
    assert!(drawer.kept.lock().unwrap().contains(&reading(100.0, 60)));
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_signals_a_second_are_published_thirty_times_and_an_intent_at_once() {
    let handle = room(&Memory::default()).await;
    let before = now_shown(&handle).revision;
    for millisecond in 0..1_000 {
        handle.report((0..10).map(|n| signal(millisecond * 10 + n)).collect()).await.unwrap();
        sleep(Duration::from_millis(1)).await;
    }
    let published = now_shown(&handle).revision - before;
    assert!((20..=32).contains(&published), "{published} publications");
    let asked = Instant::now();
    handle.report(vec![signal(10_000)]).await.unwrap();
    handle.submit(dana(), declare()).await.unwrap();
    assert_eq!(asked.elapsed(), Duration::ZERO);
    idle().await;
    assert_eq!(now_shown(&handle).signals.len(), 10_001);
}

#[tokio::test(start_paused = true)]
async fn an_idle_room_publishes_next_to_nothing() {
    let handle = room(&Memory::default()).await;
    let before = now_shown(&handle).revision;
    sleep(Duration::from_secs(60)).await;
    let published = now_shown(&handle).revision - before;
    assert!(published <= 4, "{published} publications");
}

#[derive(Default)]
struct Drawer {
    kept: Mutex<Vec<Signal>>,
    /// What another process has kept since.
    pushed: Mutex<Vec<Signal>>,
    is_full: AtomicBool,
}

impl SignalKeeper for Drawer {
    fn load(&self, pieces: mpsc::Sender<Vec<Chunk>>) -> Keeping<'_> {
        Box::pin(async move {
            let kept = self.kept.lock().unwrap().clone();
            for piece in kept.chunks(100).rev() {
                if pieces.send(chunks(piece)).await.is_err() {
                    break;
                }
            }
            Ok(())
        })
    }

    fn keep(&self, signals: Vec<Signal>) -> Keeping<'_> {
        Box::pin(async move {
            if self.is_full.load(Ordering::Relaxed) {
                return Err(KeepError { what: "the disk is full".to_owned(), fix: "make room".to_owned() });
            }
            self.kept.lock().unwrap().extend(signals);
            Ok(())
        })
    }

    fn follow(&self) -> Keeping<'_, Vec<Chunk>> {
        Box::pin(async move { Ok(chunks(&std::mem::take(&mut *self.pushed.lock().unwrap()))) })
    }

    fn stirred(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

fn chunks(signals: &[Signal]) -> Vec<Chunk> {
    let log: SignalLog = signals.iter().cloned().collect();
    log.chunks().iter().map(|chunk| Chunk::clone(chunk)).collect()
}

fn kept_by(drawer: &Arc<Drawer>) -> Parts<Memory> {
    let keeper: Arc<dyn SignalKeeper> = Arc::<Drawer>::clone(drawer);
    Parts { keeper: Some(keeper), ..parts(&Memory::default()) }
}

#[tokio::test(start_paused = true)]
async fn what_was_kept_comes_back_and_is_not_kept_twice() {
    let drawer = Arc::new(Drawer::default());
    drawer.kept.lock().unwrap().extend((0..1_050).map(signal));
    let handle = Engine::start(kept_by(&drawer));
    assert!(now_shown(&handle).loading);
    handle.report((1_000..1_060).map(signal).collect()).await.unwrap();
    idle().await;
    let shown = now_shown(&handle);
    assert_eq!((shown.signals.len(), shown.loading), (1_060, false));
    assert_eq!(handle.stop().await, Vec::<&str>::new());
    let mut kept: Vec<_> = drawer.kept.lock().unwrap().iter().skip(1_050).map(|signal| signal.id).collect();
    kept.dedup();
    assert!((10..=60).contains(&kept.len()), "{} kept anew", kept.len());
}

#[tokio::test(start_paused = true)]
async fn what_another_process_keeps_arrives_through_the_inbox_and_is_not_kept_again() {
    let drawer = Arc::new(Drawer::default());
    let handle = Engine::start(kept_by(&drawer));
    handle.report((0..10).map(signal).collect()).await.unwrap();
    idle().await;
    drawer.pushed.lock().unwrap().extend((5..2_000).map(signal));
    sleep(Duration::from_secs(6)).await;
    let shown = now_shown(&handle);
    assert_eq!(
        shown.signals.iter().map(SignalRef::to_signal).collect::<Vec<_>>(),
        (0..2_000).map(signal).collect::<Vec<_>>()
    );
    let inbox = shown.sources.iter().find(|source| source.name.as_str() == INBOX).unwrap();
    assert_eq!(inbox.health, Health::Live);
    assert_eq!(handle.stop().await, Vec::<&str>::new());
    assert_eq!(drawer.kept.lock().unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_is_told_just_before_the_end_is_kept() {
    let drawer = Arc::new(Drawer::default());
    let handle = Engine::start(kept_by(&drawer));
    idle().await;
    handle.report((0..3_000).map(signal).collect()).await.unwrap();
    assert_eq!(handle.stop().await, Vec::<&str>::new());
    assert_eq!(drawer.kept.lock().unwrap().len(), 3_000);
}

#[tokio::test(start_paused = true)]
async fn failing_to_keep_is_said_and_stops_nothing() {
    let drawer = Arc::new(Drawer::default());
    drawer.is_full.store(true, Ordering::Relaxed);
    let handle = Engine::start(kept_by(&drawer));
    handle.report(vec![signal(1)]).await.unwrap();
    idle().await;
    assert_eq!(now_shown(&handle).signals.len(), 1);
    assert_eq!(*now_shown(&handle).notices, ["keeping signals: the disk is full; make room".to_owned()]);
    drawer.is_full.store(false, Ordering::Relaxed);
    handle.report(vec![signal(2)]).await.unwrap();
    idle().await;
    assert!(now_shown(&handle).notices.is_empty());
}

/// Counts what it is shown, and crashes at a certain signal.
struct Counting {
    observed: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    crashes: Arc<AtomicBool>,
    forgot: Arc<AtomicUsize>,
}

impl Diagnose for Counting {
    fn observe(&mut self, _: SignalRef<'_>) {
        self.observed.fetch_add(1, Ordering::Relaxed);
        assert!(!self.crashes.swap(false, Ordering::Relaxed), "a signal nobody thought of");
    }

    fn forget(&mut self, before: Time) {
        assert!(before > Time::MIN);
        self.forgot.fetch_add(1, Ordering::Relaxed);
    }

    fn situation(&mut self, _: &[SourceStatus], _: Time) -> Situation {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Situation::quiet(&[], Time::MIN)
    }
}

#[derive(Default)]
struct Counts {
    observed: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    crashes: Arc<AtomicBool>,
    forgot: Arc<AtomicUsize>,
}

impl Counts {
    fn parts(&self) -> Parts<Memory> {
        let (observed, asked, crashes) =
            (Arc::clone(&self.observed), Arc::clone(&self.asked), Arc::clone(&self.crashes));
        let forgot = Arc::clone(&self.forgot);
        let diagnosis = move || -> Box<dyn Diagnose> {
            let (observed, asked) = (Arc::clone(&observed), Arc::clone(&asked));
            Box::new(Counting { observed, asked, crashes: Arc::clone(&crashes), forgot: Arc::clone(&forgot) })
        };
        Parts { diagnosis: Box::new(diagnosis), ..parts(&Memory::default()) }
    }

    fn read(&self) -> (usize, usize) {
        (self.observed.load(Ordering::Relaxed), self.asked.load(Ordering::Relaxed))
    }
}

#[tokio::test(start_paused = true)]
async fn the_diagnosis_sees_each_signal_once_and_is_asked_again_as_time_goes_by() {
    let counts = Counts::default();
    let handle = Engine::start(counts.parts());
    idle().await;
    let (_, before) = counts.read();
    for name in 0..50 {
        handle.report(vec![signal(name), signal(name / 2)]).await.unwrap();
    }
    idle().await;
    assert_eq!(counts.read(), (50, before + 1), "a burst is one diagnosis");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(counts.read(), (50, before + 5));
}

#[tokio::test(start_paused = true)]
async fn a_diagnosis_that_crashes_begins_anew_and_says_so() {
    let counts = Counts::default();
    let handle = Engine::start(counts.parts());
    handle.report((0..10).map(signal).collect()).await.unwrap();
    idle().await;
    counts.crashes.store(true, Ordering::Relaxed);
    handle.report((10..12).map(signal).collect()).await.unwrap();
    idle().await;
    assert!(now_shown(&handle).notices[0].contains("the diagnosis has crashed"));
    handle.report(vec![signal(12)]).await.unwrap();
    idle().await;
    assert_eq!(counts.read().0, 11, "it rests before it tries again");
    sleep(Duration::from_secs(20)).await;
    assert_eq!(counts.read().0, 11 + 13);
    assert!(now_shown(&handle).notices.is_empty());
}

/// Tells as much as it is allowed to, or never answers.
enum Wild {
    Floods(SourceName, usize),
    Hangs(SourceName),
}

impl Source for Wild {
    fn name(&self) -> &SourceName {
        match self {
            Self::Floods(name, _) | Self::Hangs(name) => name,
        }
    }

    fn poll(&mut self, _: Time) -> Polling<'_> {
        Box::pin(async move {
            let Self::Floods(_, told) = self else { return std::future::pending().await };
            let from = *told;
            *told += 100;
            Ok(Polled { signals: (from..*told).map(signal).collect(), again_in: Span::ZERO })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn wild_sources_hold_nobody_up() {
    let sources: Vec<Box<dyn Source>> = vec![
        Box::new(Wild::Floods(SourceName::new("aws"), 0)),
        Box::new(Wild::Hangs(SourceName::new("github"))),
    ];
    let off = SourceStatus::new(SourceName::new("pagerduty"), Health::Off, "no token");
    let handle = Engine::start(Parts { sources, off: vec![off], ..parts(&Memory::default()) });
    let shown = |handle| now_shown(handle).sources.iter().map(|source| source.health).collect::<Vec<_>>();
    assert_eq!(shown(&handle), [Health::Starting, Health::Starting, Health::Off]);
    let asked = Instant::now();
    handle.submit(dana(), declare()).await.unwrap();
    assert_eq!(asked.elapsed(), Duration::ZERO);
    sleep(Duration::from_secs(11)).await;
    assert_eq!(shown(&handle), [Health::Live, Health::Failing, Health::Off]);
    assert_eq!(handle.stop().await, Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_forgotten() {
    let counts = Counts::default();
    let handle = Engine::start(Parts { keep_for: Span::hours(2), ..counts.parts() });
    let old = |name: usize| Signal { at: BASE - Span::days(3), ..signal(name) };
    handle.report((0..2_000).map(old).collect()).await.unwrap();
    handle.report((2_000..2_010).map(signal).collect()).await.unwrap();
    sleep(Duration::from_secs(31)).await;
    let left = now_shown(&handle).signals.len();
    assert!((10..1_040).contains(&left), "{left} left");
    assert_eq!(counts.forgot.load(Ordering::Relaxed), 1, "and the diagnosis forgets with it");
}
