//! When each source was heard last, and until when that is as good as fresh: for whoever looks at what is kept
//! without asking anybody.

use super::{Store, StoreError};
use crate::domain::{SourceName, Time};

/// A file of an earlier release has no place for it until something is written there.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS heard (
    source TEXT PRIMARY KEY, at INTEGER NOT NULL, fresh_until INTEGER NOT NULL
) WITHOUT ROWID";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub source: SourceName,
    /// When it last answered as it should.
    pub at: Time,
    /// When what it told is stale, if it tells nothing more.
    pub fresh_until: Time,
}

impl Heard {
    /// When a source was heard that fails and has never answered.
    pub const NEVER: Time = Time::from_millis(0);
}

impl Store {
    /// Notes what was heard of sources; of two processes that heard one, the later counts.
    pub async fn hear(&self, heard: &[Heard]) -> Result<(), StoreError> {
        if heard.is_empty() {
            return Ok(());
        }
        let noted = async {
            let mut noting = self.writer.begin().await?;
            sqlx::query(TABLE).execute(&mut *noting).await?;
            for Heard { source, at, fresh_until } in heard {
                sqlx::query(
                    "INSERT INTO heard (source, at, fresh_until) VALUES (?, ?, ?)
                     ON CONFLICT (source) DO UPDATE SET at = excluded.at, fresh_until = excluded.fresh_until
                     WHERE excluded.at > heard.at",
                )
                .bind(source.as_str())
                .bind(at.millis())
                .bind(fresh_until.millis())
                .execute(&mut *noting)
                .await?;
            }
            noting.commit().await
        };
        self.answer("note which sources answer", noted.await).await
    }

    /// What was heard of every source, by name.
    pub async fn heard(&self) -> Result<Vec<Heard>, StoreError> {
        let known = async {
            if !self.knows_heard().await? {
                return Ok(Vec::new());
            }
            let asked = "SELECT source, at, fresh_until FROM heard ORDER BY source";
            sqlx::query_as::<_, (String, i64, i64)>(asked).fetch_all(&self.writer).await
        };
        let heard = self.answer("see which sources answer", known.await).await?;
        let heard = heard.into_iter().map(|(source, at, fresh_until)| Heard {
            source: SourceName::new(source),
            at: Time::from_millis(at),
            fresh_until: Time::from_millis(fresh_until),
        });
        Ok(heard.collect())
    }

    /// Takes out sources that nobody has heard of since.
    pub(super) async fn forget_unheard(&self, before: Time) -> sqlx::Result<()> {
        if !self.knows_heard().await? {
            return Ok(());
        }
        sqlx::query("DELETE FROM heard WHERE at < ?")
            .bind(before.millis())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    async fn knows_heard(&self) -> sqlx::Result<bool> {
        let asked = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'heard'";
        let tables: i64 = sqlx::query_scalar(asked).fetch_one(&self.writer).await?;
        Ok(tables > 0)
    }
}
