//! The room as somebody from outside holds it: in their own name alone, within their rights, and on the record with
//! the key they came with.

use super::SubmitError;
use crate::domain::rights::{Denied, Right};
use crate::domain::{Intent, Person, Record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub person: Person,
    pub right: Right,
    /// The fingerprint of the key they proved to hold.
    pub key: String,
}

impl Guest {
    /// What they may ask for, and for each thing they asked whether it is among it.
    pub(super) fn judge(&self, intents: Vec<Intent>) -> (Vec<Intent>, Vec<Result<(), Denied>>) {
        let judged: Vec<_> = intents.iter().map(|intent| self.may(intent)).collect();
        let allowed = intents.into_iter().zip(&judged).filter(|(_, judged)| judged.is_ok());
        (allowed.map(|(intent, _)| intent).collect(), judged)
    }

    fn may(&self, intent: &Intent) -> Result<(), Denied> {
        let allowed = self.right.allows(Right::needed(intent));
        if let Err(denied) = &allowed {
            tracing::warn!(person = %self.person, key = self.key, %denied, "an intent was denied");
        }
        allowed
    }

    /// The journal says who; the log says by which key.
    pub(super) fn note(&self, outcome: &Result<Record, SubmitError>) {
        if let Ok(record) = outcome {
            tracing::info!(seq = record.seq.0, person = %self.person, key = self.key, "written over SSH");
        }
    }
}
