//! Signals kept: each batch is a segment or a few, and a segment is the bytes of one chunk of the log.
//!
//! A segment lies within one day, so that what comes late disturbs a day at most and a day is forgotten whole.
//! Its id only ever grows, also when small segments are made into a large one: whoever reads on from the last id
//! it saw misses nothing and at worst sees something twice.

use super::{Store, StoreError, compact};
use crate::domain::log::Chunk;
use crate::domain::{Signal, SignalId, SignalKey, SignalLog, SignalRef, Span, Time};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// How far somebody has read; the default is before everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub(super) i64);

/// What was kept since a position, in the order it was kept.
#[derive(Clone, Debug)]
pub struct News {
    pub chunks: Vec<Chunk>,
    /// Where to read on.
    pub position: Position,
}

/// The most segments one look at the news brings.
const NEWS: i64 = 64;

impl Store {
    /// Keeps signals, all or none; how many of them were new. What a measurement was corrected to is kept beside what it was
    /// before, and counts where both are read.
    pub async fn keep(&self, signals: &[Signal]) -> Result<usize, StoreError> {
        let days = by_day(signals);
        let kept = self.write(&days).await;
        self.answer("keep signals", kept).await
    }

    /// What this or another process has kept after the position; empty when there is nothing new.
    pub async fn follow(&self, after: Position) -> Result<News, StoreError> {
        let rows = sqlx::query_as::<_, (i64, Vec<u8>)>(
            "SELECT id, body FROM segments WHERE id > ? ORDER BY id LIMIT ?",
        )
        .bind(after.0)
        .bind(NEWS)
        .fetch_all(&self.reader)
        .await;
        let rows = self.answer("follow signals", rows).await?;
        let position = rows.last().map_or(after, |(id, _)| Position(*id));
        let chunks: Vec<_> = rows.iter().filter_map(|(_, body)| Chunk::from_bytes(body).ok()).collect();
        if chunks.len() < rows.len() {
            tracing::warn!(
                parts = rows.len() - chunks.len(),
                "news in the store cannot be read, and is passed over"
            );
        }
        Ok(News { chunks, position })
    }

    /// Forgets the segments that lie wholly before the moment, and who was last here before it; how many segments.
    pub async fn forget_before(&self, moment: Time) -> Result<u64, StoreError> {
        let forgotten = sqlx::query("DELETE FROM segments WHERE last_at < ?")
            .bind(moment.millis())
            .execute(&self.writer)
            .await;
        let forgotten = self.answer("forget old signals", forgotten).await?;
        let ghosts = self.forget_ghosts(moment).await;
        self.answer("forget who has gone", ghosts).await?;
        let unheard = self.forget_unheard(moment).await;
        self.answer("forget which sources are gone", unheard).await?;
        Ok(forgotten.rows_affected())
    }

    async fn write(&self, days: &BTreeMap<i64, SignalLog>) -> sqlx::Result<usize> {
        let mut writing = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut new = 0;
        for (day, log) in days {
            for chunk in log.chunks() {
                new += keep_new(&mut writing, *day, chunk).await?;
            }
        }
        compact::if_worthwhile(&mut writing).await?;
        writing.commit().await?;
        Ok(new)
    }
}

/// Writes a segment of a day's signals.
pub(super) async fn write_segment(
    writing: &mut SqliteConnection,
    day: i64,
    chunk: &Chunk,
) -> sqlx::Result<()> {
    let (Some(first), Some(last)) = (chunk.first_key(), chunk.last_key()) else { return Ok(()) };
    sqlx::query("INSERT INTO segments (day, first_at, last_at, count, body) VALUES (?, ?, ?, ?, ?)")
        .bind(day)
        .bind(first.at.millis())
        .bind(last.at.millis())
        .bind(i64::try_from(chunk.len()).unwrap_or(i64::MAX))
        .bind(chunk.to_bytes())
        .execute(writing)
        .await
        .map(drop)
}

/// In order of time, so that the chunks are full ones.
fn by_day(signals: &[Signal]) -> BTreeMap<i64, SignalLog> {
    let mut in_order: Vec<_> = signals.iter().collect();
    in_order.sort_unstable_by_key(|signal| (signal.at, signal.id));
    let mut days = BTreeMap::<i64, SignalLog>::new();
    for signal in in_order {
        days.entry(day_of(signal.at)).or_default().insert(signal);
    }
    days
}

fn day_of(at: Time) -> i64 {
    at.millis().div_euclid(Span::days(1).as_millis())
}

/// Writes what of a chunk is not in any segment yet; how many signals that is.
async fn keep_new(writing: &mut SqliteConnection, day: i64, chunk: &Chunk) -> sqlx::Result<usize> {
    let known = overlapping(writing, chunk).await?;
    if known.is_empty() {
        write_segment(writing, day, chunk).await?;
        return Ok(chunk.len());
    }
    let is_known = |signal| known.iter().any(|segment: &Chunk| segment.knows(signal));
    let unknown = chunk.iter().filter(|signal| !is_known(*signal));
    let unknown: SignalLog = unknown.map(SignalRef::to_signal).collect();
    for chunk in unknown.chunks() {
        write_segment(writing, day, chunk).await?;
    }
    Ok(unknown.len())
}

/// The segments that could hold one of the chunk's signals. One that cannot be read holds nothing.
async fn overlapping(writing: &mut SqliteConnection, chunk: &Chunk) -> sqlx::Result<Vec<Chunk>> {
    let (Some(first), Some(last)) = (chunk.first_key(), chunk.last_key()) else { return Ok(Vec::new()) };
    let spans = sqlx::query_as::<_, (i64, i64, i64)>(
        "SELECT id, first_at, last_at FROM segments WHERE last_at >= ? AND first_at <= ?",
    )
    .bind(first.at.millis())
    .bind(last.at.millis())
    .fetch_all(&mut *writing)
    .await?;
    let mut known = Vec::new();
    for (id, from, to) in spans {
        if has_any_within(chunk, Time::from_millis(from), Time::from_millis(to)) {
            let body: Vec<u8> = sqlx::query_scalar("SELECT body FROM segments WHERE id = ?")
                .bind(id)
                .fetch_one(&mut *writing)
                .await?;
            known.extend(Chunk::from_bytes(&body));
        }
    }
    Ok(known)
}

fn has_any_within(chunk: &Chunk, from: Time, to: Time) -> bool {
    let place = chunk.place(SignalKey { at: from, id: SignalId(0) }).unwrap_or_else(|place| place);
    place < chunk.len() && chunk.at(place).at() <= to
}
