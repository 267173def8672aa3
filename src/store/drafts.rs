//! Drafts: lines people have begun to type, kept on every pause so that no crash loses one.

use super::{Store, StoreError};
use crate::domain::Person;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which line it is: of which screen, for which incident or entry.
    pub slot: String,
    pub text: String,
}

impl Store {
    pub async fn keep_draft(&self, person: &Person, slot: &str, text: &str) -> Result<(), StoreError> {
        let kept = sqlx::query(
            "INSERT INTO drafts (person, slot, text) VALUES (?, ?, ?)
             ON CONFLICT (person, slot) DO UPDATE SET text = excluded.text",
        )
        .bind(person.as_str())
        .bind(slot)
        .bind(text)
        .execute(&self.writer)
        .await;
        self.answer("keep a draft", kept).await.map(drop)
    }

    /// Several at once, all of them or none: a line that goes from one place to another is never in neither.
    pub async fn keep_drafts(&self, person: &Person, drafts: &[Draft]) -> Result<(), StoreError> {
        let kept = async {
            let mut all = self.writer.begin_with("BEGIN IMMEDIATE").await?;
            for Draft { slot, text } in drafts {
                let sql = if text.is_empty() {
                    "DELETE FROM drafts WHERE person = ? AND slot = ?"
                } else {
                    "INSERT INTO drafts (person, slot, text) VALUES (?, ?, ?)
                     ON CONFLICT (person, slot) DO UPDATE SET text = excluded.text"
                };
                let changed = sqlx::query(sql).bind(person.as_str()).bind(slot);
                let changed = if text.is_empty() { changed } else { changed.bind(text) };
                changed.execute(&mut *all).await?;
            }
            all.commit().await
        };
        let kept = kept.await;
        self.answer("keep drafts", kept).await
    }

    pub async fn drafts(&self, person: &Person) -> Result<Vec<Draft>, StoreError> {
        let sql = "SELECT slot, text FROM drafts WHERE person = ? ORDER BY slot";
        let drafts =
            sqlx::query_as::<_, (String, String)>(sql).bind(person.as_str()).fetch_all(&self.writer).await;
        let drafts = self.answer("read drafts", drafts).await?;
        Ok(drafts.into_iter().map(|(slot, text)| Draft { slot, text }).collect())
    }
}
