//! A plan put into the journal, wherever the room is held: in the cockpit's writer, or in a command of the shell.

use super::plan::Plan;
use crate::domain::{Record, Seq};
use crate::journal::{AppendError, Journal, JournalError};

/// How an append ended.
#[derive(Debug)]
pub(crate) enum Appended {
    Saved(Vec<Record>),
    /// Somebody else was first: read on, and decide again.
    Late,
    Failed(JournalError),
}

/// `after` is the last record the plan was made over.
pub(crate) async fn append<J: Journal>(journal: &J, after: Seq, plan: &Plan) -> Appended {
    if plan.records.is_empty() {
        return Appended::Saved(Vec::new());
    }
    match journal.append(after, plan.drafts()).await {
        Ok(records) => Appended::Saved(records),
        Err(AppendError::Conflict(_)) => Appended::Late,
        Err(AppendError::Journal(error)) => look_again(journal, after, plan, error).await,
    }
}

/// An append that failed may have been kept all the same, when only its answer was lost on the way.
async fn look_again<J: Journal>(journal: &J, after: Seq, plan: &Plan, error: JournalError) -> Appended {
    match journal.read(after, plan.records.len()).await {
        Ok(records) if records == plan.records => Appended::Saved(records),
        _ => Appended::Failed(error),
    }
}
