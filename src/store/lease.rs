//! Leases: of several processes on one store, one asks the sources.
//!
//! A lease is held until a moment and must be renewed before it; when its holder dies, it passes on by itself.

use super::{Store, StoreError};
use crate::domain::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It is ours until the moment asked for.
    Held,
    /// Somebody else has it.
    HeldBy { holder: String, until: Time },
}

impl Store {
    /// Takes or renews the lease, unless somebody else holds it now.
    pub async fn try_lease(
        &self,
        name: &str,
        holder: &str,
        now: Time,
        until: Time,
    ) -> Result<Lease, StoreError> {
        let lease = self.lease_row(name, holder, now, until).await;
        let (is_held_by, until) = self.answer("take a lease", lease).await?;
        if is_held_by == holder {
            return Ok(Lease::Held);
        }
        Ok(Lease::HeldBy { holder: is_held_by, until: Time::from_millis(until) })
    }

    /// Gives the lease up; one that somebody else holds is left alone.
    pub async fn release(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        let released = sqlx::query("DELETE FROM leases WHERE name = ? AND holder = ?")
            .bind(name)
            .bind(holder)
            .execute(&self.writer)
            .await;
        self.answer("release a lease", released).await.map(drop)
    }

    /// The row as it stands after the attempt: one statement, so two attempts never both succeed.
    async fn lease_row(
        &self,
        name: &str,
        holder: &str,
        now: Time,
        until: Time,
    ) -> sqlx::Result<(String, i64)> {
        sqlx::query_as(
            "INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?4)
             ON CONFLICT (name) DO UPDATE SET
                 holder = iif(leases.holder = ?2 OR leases.until <= ?3, ?2, leases.holder),
                 until = iif(leases.holder = ?2 OR leases.until <= ?3, ?4, leases.until)
             RETURNING holder, until",
        )
        .bind(name)
        .bind(holder)
        .bind(now.millis())
        .bind(until.millis())
        .fetch_one(&self.writer)
        .await
    }
}
