//! The store told as stories: over memory and over a file, by one process and by two, whole and damaged.

use proptest::prelude::*;
use sitroom::domain::log::CHUNK;
use sitroom::domain::signal::{Body, Sample};
use sitroom::domain::{Person, ServiceName, Signal, SignalId, SignalLog, SignalRef, SourceName, Span, Time};
use sitroom::store::{Cause, Draft, Heard, Loading, Position, STALE_AFTER, Store};
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const DAY: i64 = 86_400_000;

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data").join("store.sqlite")
    }

    async fn store(&self) -> Store {
        Store::open(&self.path()).await.unwrap()
    }
}

fn signal(name: u32, at: i64) -> Signal {
    Signal {
        id: SignalId::of("test", &name.to_string()),
        at: Time::from_millis(at),
        source: SourceName::new("test"),
        service: Some(ServiceName::new("payment-api")),
        title: format!("signal {name}"),
        body: Body::Sample(Sample::new("payment-api/5xx".into(), f64::from(name) / 4.0)),
        link: None,
        raw: None,
    }
}

fn signals(names: std::ops::Range<u32>) -> Vec<Signal> {
    names.map(|name| signal(name, DAY + i64::from(name) * 10)).collect()
}

fn dana() -> Person {
    Person::new("dana")
}

fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

async fn all(store: &Store) -> SignalLog {
    read(store.load().await.unwrap()).await.0
}

/// Everything loaded, how many segments it took, and how many could not be read.
async fn read(mut loading: Loading) -> (SignalLog, usize, usize) {
    let (mut log, mut segments) = (SignalLog::new(), 0);
    while let Some(chunks) = loading.next().await.unwrap() {
        segments += chunks.len();
        for chunk in chunks {
            log.adopt(chunk);
        }
    }
    (log, segments, loading.unreadable())
}

fn read_back(log: &SignalLog) -> Vec<Signal> {
    log.iter().map(SignalRef::to_signal).collect()
}

/// One story for every kind of store.
async fn story(store: &Store) {
    let kept = signals(0..3_000);
    assert_eq!(store.keep(&kept).await, Ok(3_000));
    assert_eq!(store.keep(&kept[500..700]).await, Ok(0));
    assert_eq!(read_back(&all(store).await), kept);

    store.keep_draft(&dana(), "scribe", "f rollb").await.unwrap();
    store.keep_draft(&dana(), "scribe", "f rollback").await.unwrap();
    store.keep_draft(&dana(), "declare", "Checkout").await.unwrap();
    let drafts = store.drafts(&dana()).await.unwrap();
    let drafts: Vec<_> = drafts.iter().map(|draft| (draft.slot.as_str(), draft.text.as_str())).collect();
    assert_eq!(drafts, [("declare", "Checkout"), ("scribe", "f rollback")]);
    assert_eq!(store.drafts(&Person::new("sam")).await, Ok(Vec::new()));

    let draft = |slot: &str, text: &str| Draft { slot: slot.to_owned(), text: text.to_owned() };
    let moved = [draft("declare", ""), draft("handed", "f rollback"), draft("scribe", "f next")];
    store.keep_drafts(&dana(), &moved).await.unwrap();
    assert_eq!(store.drafts(&dana()).await.unwrap(), moved[1..]);

    let now = Time::from_millis(DAY);
    store.here("one", &dana(), "timeline", now - Span::seconds(10)).await.unwrap();
    store.here("two", &Person::new("lee"), "feed", now - STALE_AFTER).await.unwrap();
    store.here("one", &dana(), "feed", now).await.unwrap();
    let who = store.who(now).await.unwrap();
    assert_eq!(
        who.iter().map(|p| (p.session.as_str(), p.what.as_str())).collect::<Vec<_>>(),
        [("one", "feed")]
    );
    store.gone("one").await.unwrap();
    assert_eq!(store.who(now).await, Ok(Vec::new()));
}

#[test]
fn the_story_over_memory() {
    run(async { story(&Store::memory().await.unwrap()).await });
}

#[test]
fn the_story_over_a_file() {
    run(async {
        let room = Room::new();
        let store = room.store().await;
        assert_eq!(store.notice(), None);
        story(&store).await;
        store.close().await;
        assert_eq!(all(&room.store().await).await.len(), 3_000);
    });
}

#[test]
fn the_newest_come_first_and_alone() {
    run(async {
        let store = Store::memory().await.unwrap();
        let kept = signals(0..20_000);
        for batch in kept.chunks(5_000) {
            store.keep(batch).await.unwrap();
        }
        let mut loading = store.load().await.unwrap();
        assert_eq!(loading.signals(), 20_000);
        let first = loading.next().await.unwrap().unwrap();
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].last_key().map(|key| key.id), Some(kept[19_999].id));
        assert_eq!(read(loading).await.0.len() + first[0].len(), 20_000);
    });
}

#[test]
fn many_small_batches_become_few_segments_and_nothing_is_lost() {
    run(async {
        let store = Store::memory().await.unwrap();
        let kept = signals(0..4_000);
        // Two sources, one of them always late by two hundred signals.
        for place in (0..kept.len()).step_by(10) {
            let on_time = kept[place..place + 10].iter().step_by(2).cloned();
            let late = place.saturating_sub(200);
            let late = kept[late..late + 10].iter().skip(1).step_by(2).cloned();
            store.keep(&on_time.chain(late).collect::<Vec<_>>()).await.unwrap();
        }
        store.keep(&kept).await.unwrap();
        let (log, segments, _) = read(store.load().await.unwrap()).await;
        assert_eq!(read_back(&log), kept);
        assert!(segments <= 4_000 / CHUNK + 20, "{segments} segments");
    });
}

#[test]
fn what_is_older_than_the_limit_is_forgotten_a_day_at_a_time() {
    run(async {
        let store = Store::memory().await.unwrap();
        let kept: Vec<_> = (0..40).map(|day| signal(day, i64::from(day) * DAY + 5)).collect();
        store.keep(&kept).await.unwrap();
        let limit = Time::from_millis(40 * DAY) - Span::days(30);
        assert_eq!(store.forget_before(limit).await, Ok(10));
        let left = all(&store).await;
        assert_eq!(left.iter().next().map(|s| s.at()), Some(limit + Span::millis(5)));
        assert_eq!(left.len(), 30);
    });
}

#[test]
fn another_process_follows_what_is_kept() {
    run(async {
        let room = Room::new();
        let (ours, theirs) = (room.store().await, room.store().await);
        let kept = signals(0..2_000);
        ours.keep(&kept[..1_000]).await.unwrap();
        let loading = theirs.load().await.unwrap();
        let mut position = loading.position();
        let mut log = read(loading).await.0;
        for batch in kept[1_000..].chunks(7) {
            ours.keep(batch).await.unwrap();
        }
        for _ in 0..20 {
            let news = theirs.follow(position).await.unwrap();
            for chunk in news.chunks {
                log.adopt(chunk);
            }
            position = news.position;
        }
        assert_eq!(read_back(&log), kept);
        assert!(theirs.follow(position).await.unwrap().chunks.is_empty());
        assert!(!theirs.follow(Position::default()).await.unwrap().chunks.is_empty());
    });
}

/// As a measurement was read first, and as it was read so many seconds later.
fn reading(name: u32, value: f64, later: u32) -> Signal {
    let body = Body::Sample(Sample { series: "payment-api/5xx".into(), value, later });
    Signal { title: format!("payment-api 5xx {value}"), body, ..signal(name, DAY + i64::from(name) * 10) }
}

#[test]
fn what_a_measurement_was_corrected_to_is_kept_loaded_followed_and_compacted() {
    run(async {
        let room = Room::new();
        let (ours, theirs) = (room.store().await, room.store().await);
        let first: Vec<_> = (0..300).map(|name| reading(name, 10.0, 0)).collect();
        let corrected: Vec<_> = (0..300).map(|name| reading(name, 100.0, 60)).collect();
        assert_eq!(ours.keep(&first).await, Ok(300));
        let loading = theirs.load().await.unwrap();
        let position = loading.position();
        let mut log = read(loading).await.0;
        for batch in corrected.chunks(10) {
            assert_eq!(ours.keep(batch).await, Ok(10));
        }
        assert_eq!(ours.keep(&first).await, Ok(0), "what was corrected does not come back");
        assert_eq!(ours.keep(&corrected).await, Ok(0));
        for chunk in theirs.follow(position).await.unwrap().chunks {
            log.adopt(chunk);
        }
        assert_eq!(read_back(&log), corrected);
        assert_eq!(read_back(&all(&room.store().await).await), corrected);
    });
}

#[test]
fn a_load_that_is_overtaken_by_compaction_is_completed_by_following() {
    run(async {
        let store = Store::memory().await.unwrap();
        let kept = signals(0..500);
        for batch in kept[..120].chunks(10) {
            store.keep(batch).await.unwrap();
        }
        let mut loading = store.load().await.unwrap();
        let position = loading.position();
        let first = loading.next().await.unwrap().unwrap();
        for batch in kept[120..].chunks(10) {
            store.keep(batch).await.unwrap();
        }
        let mut log = read(loading).await.0;
        for chunk in first.into_iter().chain(store.follow(position).await.unwrap().chunks) {
            log.adopt(chunk);
        }
        assert_eq!(read_back(&log), kept);
    });
}

#[test]
fn two_who_open_and_write_at_once_both_get_through() {
    run(async {
        let room = Room::new();
        let path = room.path();
        let (one, two) = tokio::join!(Store::open(&path), Store::open(&path));
        let (one, two) = (one.unwrap(), two.unwrap());
        let kept = signals(0..600);
        for batch in kept.chunks(20) {
            let (a, b) = tokio::join!(one.keep(batch), two.keep(batch));
            assert_eq!(a.unwrap() + b.unwrap(), batch.len());
        }
        assert_eq!(read_back(&all(&two).await), kept);
    });
}

#[test]
fn a_draft_survives_its_process() {
    let room = Room::new();
    run(async {
        let store = room.store().await;
        store.keep_draft(&dana(), "scribe", "h pool exhausted").await.unwrap();
        std::mem::forget(store);
    });
    let drafts = run(async { room.store().await.drafts(&dana()).await.unwrap() });
    assert_eq!(drafts[0].text, "h pool exhausted");
}

#[test]
fn a_file_of_something_else_is_moved_aside_and_a_new_one_begun() {
    run(async {
        let room = Room::new();
        for n in 1..=2 {
            fs::create_dir_all(room.path().parent().unwrap()).unwrap();
            fs::write(room.path(), b"this is no database, whatever it may be called".repeat(100)).unwrap();
            let store = room.store().await;
            let notice = store.notice().unwrap().to_owned();
            assert!(notice.contains(&format!("store.sqlite.damaged-{n}")), "{notice}");
            story(&store).await;
            store.close().await;
        }
    });
}

#[test]
fn two_who_find_the_damage_at_once_share_the_new_file() {
    run(async {
        let room = Room::new();
        room.store().await.close().await;
        fs::write(room.path(), [7; 40_000]).unwrap();
        let path = room.path();
        let (one, two) = tokio::join!(Store::open(&path), Store::open(&path));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!([&one, &two].iter().filter(|store| store.notice().is_some()).count(), 1);
        one.keep(&signals(0..10)).await.unwrap();
        assert_eq!(all(&two).await.len(), 10);
    });
}

#[test]
fn a_file_cut_short_is_damage() {
    run(async {
        let room = Room::new();
        let store = room.store().await;
        store.keep(&signals(0..20_000)).await.unwrap();
        store.close().await;
        let file = fs::OpenOptions::new().write(true).open(room.path()).unwrap();
        file.set_len(60_000).unwrap();
        let found = match Store::open(&room.path()).await {
            Ok(store) if store.notice().is_none() => {
                let mut loading = store.load().await.unwrap();
                let mut answer = loading.next().await;
                while let Ok(Some(_)) = answer {
                    answer = loading.next().await;
                }
                assert_eq!(answer.unwrap_err().cause, Cause::Damaged);
                store.close().await;
                room.store().await
            }
            opened => opened.unwrap(),
        };
        assert!(found.notice().unwrap().contains("damaged-1"), "{:?}", found.notice());
        story(&found).await;
    });
}

#[test]
fn a_damaged_segment_is_passed_over() {
    run(async {
        let room = Room::new();
        let store = room.store().await;
        store.keep(&signals(0..20_000)).await.unwrap();
        store.close().await;
        overwrite(&room.path(), b"signal 10007", b"signal 10oo7");
        let (log, _, unreadable) = read(room.store().await.load().await.unwrap()).await;
        assert_eq!((log.len(), unreadable), (20_000 - CHUNK, 1));
    });
}

#[test]
fn a_file_marked_as_damaged_gives_up_its_drafts() {
    run(async {
        let room = Room::new();
        let store = room.store().await;
        store.keep_draft(&dana(), "scribe", "d roll back").await.unwrap();
        store.close().await;
        // The mark of damage stands in the header as the user version.
        let mut file = fs::OpenOptions::new().write(true).open(room.path()).unwrap();
        file.seek(SeekFrom::Start(60)).unwrap();
        file.write_all(&(-1_i32).to_be_bytes()).unwrap();
        let store = room.store().await;
        assert!(store.notice().unwrap().contains("1 draft was carried over"), "{:?}", store.notice());
        assert_eq!(store.drafts(&dana()).await.unwrap()[0].text, "d roll back");
    });
}

#[test]
fn looking_leaves_a_damaged_file_where_it_is_and_makes_none() {
    run(async {
        let room = Room::new();
        assert_eq!(Store::look(&room.path()).await.unwrap_err().cause, Cause::Unusable);
        assert!(!room.path().exists());
        room.store().await.close().await;
        assert!(Store::look(&room.path()).await.is_ok());
        fs::write(room.path(), [7; 40_000]).unwrap();
        assert_eq!(Store::look(&room.path()).await.unwrap_err().cause, Cause::Damaged);
        assert_eq!(fs::read(room.path()).unwrap(), [7; 40_000], "others may be at work in it");
    });
}

#[test]
fn a_file_of_a_newer_sitroom_is_left_alone() {
    run(async {
        let room = Room::new();
        room.store().await.close().await;
        let mut file = fs::OpenOptions::new().write(true).open(room.path()).unwrap();
        file.seek(SeekFrom::Start(60)).unwrap();
        file.write_all(&9_i32.to_be_bytes()).unwrap();
        let error = Store::open(&room.path()).await.unwrap_err();
        assert_eq!(error.cause, Cause::Newer);
        assert!(
            error.to_string().contains("store.sqlite") && error.fix().contains("newer sitroom"),
            "{error}"
        );
    });
}

#[test]
fn what_cannot_be_opened_says_where_and_what_to_do() {
    run(async {
        let room = Room::new();
        fs::create_dir_all(room.path()).unwrap();
        let error = Store::open(&room.path()).await.unwrap_err();
        assert_eq!(error.cause, Cause::Unusable);
        assert!(error.to_string().contains("store.sqlite") && error.fix().contains("--home"), "{error}");
    });
}

fn overwrite(path: &Path, what: &[u8], with: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let place = bytes.windows(what.len()).position(|window| window == what).unwrap();
    bytes[place..place + with.len()].copy_from_slice(with);
    fs::write(path, bytes).unwrap();
}

fn any_signal() -> impl Strategy<Value = Signal> {
    (0_i64..4 * DAY, any::<u8>(), any::<String>(), any::<String>(), any::<Option<String>>()).prop_map(
        |(at, id, title, service, raw)| Signal {
            id: SignalId(u64::from(id)),
            at: Time::from_millis(at),
            source: SourceName::new("test"),
            service: Some(service.as_str()).filter(|s| !s.is_empty()).map(ServiceName::new),
            title,
            body: Body::Note,
            link: None,
            raw: raw.filter(|raw| !raw.is_empty()),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_kept_is_loaded(batches in prop::collection::vec(prop::collection::vec(any_signal(), 0..20), 0..24)) {
        run(async {
            let store = Store::memory().await.unwrap();
            let mut expected = SignalLog::new();
            for batch in &batches {
                let fresh = batch.iter().filter(|signal| expected.insert(signal)).count();
                assert_eq!(store.keep(batch).await, Ok(fresh));
            }
            assert_eq!(read_back(&all(&store).await), read_back(&expected));
        });
    }
}

#[tokio::test]
async fn what_was_heard_of_sources_is_kept_with_the_latest_word_and_forgotten_in_time() {
    let (store, now) = (Store::memory().await.unwrap(), Time::from_millis(100 * DAY));
    assert_eq!(store.heard().await, Ok(Vec::new()), "an earlier release has kept nothing of it");
    let heard = |source: &str, at: Time| Heard {
        source: SourceName::new(source),
        at,
        fresh_until: at + Span::minutes(3),
    };
    store.hear(&[heard("github", now), heard("aws", now - Span::days(40))]).await.unwrap();
    store.hear(&[heard("github", now - Span::hours(1))]).await.unwrap();
    assert_eq!(store.heard().await.unwrap(), [heard("aws", now - Span::days(40)), heard("github", now)]);
    store.forget_before(now - Span::days(30)).await.unwrap();
    assert_eq!(store.heard().await.unwrap(), [heard("github", now)]);
}
