//! The whole chain walked, from its beginning to the first thing that is wrong.

use super::envelope::Reading;
use super::{Fault, Head, JournalError, Row, Rows};
use crate::domain::Seq;

/// Rows fetched at a time.
const PAGE: usize = 1_000;

/// A chain without a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Kept elsewhere, it proves later that nothing was cut off either.
    pub head: Head,
    /// Records of a newer version, whose place is right and whose meaning is not known here.
    pub newer: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("{place}: {fault}")]
    Broken { place: String, fault: Fault },
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl VerifyError {
    pub fn fix(&self) -> String {
        match self {
            Self::Broken { fault, .. } => {
                let sound = fault.seq.0.saturating_sub(1);
                format!("the {sound} records before it are sound; keep this file, and restore a backup")
            }
            Self::Journal(error) => error.fix.clone(),
        }
    }
}

/// Walks every record; answers with the first fault there is.
pub async fn verify(journal: &impl Rows) -> Result<Sound, VerifyError> {
    let mut sound = Sound { head: Head::GENESIS, newer: 0 };
    loop {
        let page = page_after(journal, sound.head.seq).await?;
        if page.is_empty() {
            return Ok(sound);
        }
        for row in &page {
            let checked = sound.head.check(row);
            let reading = checked.map_err(|fault| VerifyError::Broken { place: journal.place(), fault })?;
            sound.newer += u64::from(matches!(reading, Reading::Newer { .. }));
            sound.head = row.head();
        }
    }
}

/// The rows that follow, as far as they can be read: a page with a hole in it is fetched row by row, so that the
/// error comes exactly where the hole is.
pub(super) async fn page_after(journal: &impl Rows, after: Seq) -> Result<Vec<Row>, JournalError> {
    match journal.rows(after, PAGE).await {
        Err(_) => journal.rows(after, 1).await,
        page => page,
    }
}
