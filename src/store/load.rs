//! Everything kept, read back newest first, a page at a time, so that a screen need not wait for the rest.
//!
//! What is kept or compacted while this goes on is not in these pages but after the [position](Loading::position),
//! for whoever follows from there.

use super::{Position, Store, StoreError};
use crate::domain::log::Chunk;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Segments of the pages: the first is there at once, the later ones are worth their trip.
const FIRST_PAGE: usize = 1;
const LARGEST_PAGE: usize = 32;

pub struct Loading {
    store: Store,
    /// Oldest first; pages are taken from the end.
    waiting: Vec<i64>,
    page: usize,
    ahead: Option<Vec<SqliteRow>>,
    position: Position,
    signals: u64,
    unreadable: usize,
}

impl Store {
    pub async fn load(&self) -> Result<Loading, StoreError> {
        let found = sqlx::query_as::<_, (i64, i64)>(
            "SELECT id, count FROM segments INDEXED BY segments_by_time ORDER BY last_at, first_at",
        )
        .fetch_all(&self.reader)
        .await;
        let found = self.answer("find signals", found).await?;
        Ok(Loading {
            store: self.clone(),
            position: Position(found.iter().map(|(id, _)| *id).max().unwrap_or(0)),
            signals: found.iter().map(|(_, count)| count.unsigned_abs()).sum(),
            waiting: found.into_iter().map(|(id, _)| id).collect(),
            page: FIRST_PAGE,
            ahead: None,
            unreadable: 0,
        })
    }
}

impl Loading {
    /// Where to follow from, once or while this is loaded.
    pub fn position(&self) -> Position {
        self.position
    }

    /// How many signals there were to load.
    pub fn signals(&self) -> u64 {
        self.signals
    }

    /// How many segments could not be read so far, and were passed over.
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The next older page; nothing when all is loaded. While a page is unpacked the next is already read.
    pub async fn next(&mut self) -> Result<Option<Vec<Chunk>>, StoreError> {
        let is_first = self.page == FIRST_PAGE;
        let rows = match self.ahead.take() {
            Some(rows) => rows,
            None => {
                let wanted = self.take_page();
                self.store.bodies(&wanted).await?
            }
        };
        let wanted = if is_first { Vec::new() } else { self.take_page() };
        if rows.is_empty() && wanted.is_empty() && self.waiting.is_empty() {
            return Ok(None);
        }
        let ahead =
            async { if wanted.is_empty() { Ok(None) } else { self.store.bodies(&wanted).await.map(Some) } };
        let (ahead, (chunks, unreadable)) = tokio::join!(ahead, unpack(&rows));
        self.ahead = ahead?;
        self.unreadable += unreadable;
        Ok(Some(chunks))
    }

    /// The ids of a page, newest first; each page is larger than the one before.
    fn take_page(&mut self) -> Vec<i64> {
        let rest = self.waiting.len().saturating_sub(self.page);
        self.page = (self.page * 4).min(LARGEST_PAGE);
        self.waiting.drain(rest..).rev().collect()
    }
}

impl Store {
    /// The bodies of some segments in the order asked for, without those that are gone meanwhile.
    async fn bodies(&self, wanted: &[i64]) -> Result<Vec<SqliteRow>, StoreError> {
        let list = format!("[{}]", wanted.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        let rows = sqlx::query(
            "SELECT body FROM json_each(?) AS wanted CROSS JOIN segments ON segments.id = wanted.value",
        )
        .bind(list)
        .fetch_all(&self.reader)
        .await;
        self.answer("load signals", rows).await
    }
}

/// The chunks of a page, and how many could not be read. Others get their turn between two of them.
async fn unpack(rows: &[SqliteRow]) -> (Vec<Chunk>, usize) {
    let mut chunks = Vec::with_capacity(rows.len());
    for row in rows {
        let body: &[u8] = row.try_get(0).unwrap_or_default();
        chunks.extend(Chunk::from_bytes(body));
        tokio::task::yield_now().await;
    }
    let unreadable = rows.len() - chunks.len();
    (chunks, unreadable)
}
