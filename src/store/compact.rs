//! Small segments made into large ones, a day at a time, as part of keeping what made them too many.
//!
//! Large segments that overlap the small ones are taken in, so that at rest segments rarely overlap and a log
//! takes them in whole. A segment that cannot be read is dropped here: nobody can use it.

use super::signals::write_segment;
use crate::domain::SignalLog;
use crate::domain::log::Chunk;
use sqlx::SqliteConnection;

/// So many small segments of one day are worth the work.
const MANY: i64 = 16;

/// With more large segments than this in between, those stay as they are.
const MOST_OVERLAPPING: usize = 32;

pub(super) async fn if_worthwhile(writing: &mut SqliteConnection) -> sqlx::Result<()> {
    let day: Option<i64> = sqlx::query_scalar(
        "SELECT day FROM segments WHERE count < 512 GROUP BY day HAVING count(*) >= ? LIMIT 1",
    )
    .bind(MANY)
    .fetch_optional(&mut *writing)
    .await?;
    match day {
        Some(day) => compact(writing, day).await,
        None => Ok(()),
    }
}

async fn compact(writing: &mut SqliteConnection, day: i64) -> sqlx::Result<()> {
    let mut merged = SignalLog::new();
    let small: Vec<i64> = sqlx::query_scalar("SELECT id FROM segments WHERE day = ? AND count < 512")
        .bind(day)
        .fetch_all(&mut *writing)
        .await?;
    merge(writing, &small, &mut merged).await?;
    let large = large_among(writing, &merged).await?;
    if large.len() <= MOST_OVERLAPPING {
        merge(writing, &large, &mut merged).await?;
    }
    for chunk in merged.repacked().chunks() {
        write_segment(writing, day, chunk).await?;
    }
    Ok(())
}

/// The large segments that share their time with what is to be merged.
async fn large_among(writing: &mut SqliteConnection, merged: &SignalLog) -> sqlx::Result<Vec<i64>> {
    let oldest = merged.iter().next().map(|signal| signal.at().millis());
    let newest = merged.newest().map(|signal| signal.at().millis());
    sqlx::query_scalar("SELECT id FROM segments WHERE last_at >= ? AND first_at <= ? AND count >= 512")
        .bind(oldest)
        .bind(newest)
        .fetch_all(writing)
        .await
}

/// Takes segments out of the file and into the log.
async fn merge(writing: &mut SqliteConnection, segments: &[i64], merged: &mut SignalLog) -> sqlx::Result<()> {
    for id in segments {
        let body: Vec<u8> = sqlx::query_scalar("DELETE FROM segments WHERE id = ? RETURNING body")
            .bind(id)
            .fetch_one(&mut *writing)
            .await?;
        if let Ok(chunk) = Chunk::from_bytes(&body) {
            merged.adopt(chunk);
        }
    }
    Ok(())
}
