//! Presence: who is here, in every process on this store, and what they look at.
//!
//! A session says now and then that it is here; one that has said nothing for a while is taken as gone, so a
//! process that was killed leaves no ghosts.

use super::{Store, StoreError};
use crate::domain::{Person, Span, Time};

/// A session that was not heard of for this long is gone.
pub const STALE_AFTER: Span = Span::seconds(30);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    pub session: String,
    pub person: Person,
    /// What they look at or type, in a word or two.
    pub what: String,
    pub at: Time,
}

impl Store {
    pub async fn here(&self, session: &str, person: &Person, what: &str, at: Time) -> Result<(), StoreError> {
        let said = sqlx::query(
            "INSERT INTO presence (session, person, what, at) VALUES (?, ?, ?, ?)
             ON CONFLICT (session) DO UPDATE SET person = excluded.person, what = excluded.what, at = excluded.at",
        )
        .bind(session)
        .bind(person.as_str())
        .bind(what)
        .bind(at.millis())
        .execute(&self.writer)
        .await;
        self.answer("say who is here", said).await.map(drop)
    }

    pub async fn gone(&self, session: &str) -> Result<(), StoreError> {
        let said =
            sqlx::query("DELETE FROM presence WHERE session = ?").bind(session).execute(&self.writer).await;
        self.answer("say who has gone", said).await.map(drop)
    }

    /// Everybody heard of lately, by name.
    pub async fn who(&self, now: Time) -> Result<Vec<Present>, StoreError> {
        let present = sqlx::query_as::<_, (String, String, String, i64)>(
            "SELECT session, person, what, at FROM presence WHERE at > ? ORDER BY person, session",
        )
        .bind((now - STALE_AFTER).millis())
        .fetch_all(&self.writer)
        .await;
        let present = self.answer("see who is here", present).await?;
        let present = present.into_iter().map(|(session, person, what, at)| Present {
            session,
            person: Person::new(person),
            what,
            at: Time::from_millis(at),
        });
        Ok(present.collect())
    }

    /// Takes out those who left without a word.
    pub(super) async fn forget_ghosts(&self, before: Time) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM presence WHERE at < ?")
            .bind(before.millis())
            .execute(&self.writer)
            .await
            .map(drop)
    }
}
