//! The room as somebody from outside holds it: in their own name alone, within their rights, and on the record with
//! the key they came with.

use crate::domain::rights::{Denied, Right};
use crate::domain::{Fingerprint, Intent, Person};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub person: Person,
    pub right: Right,
    /// The key they proved to hold.
    pub key: Fingerprint,
}

/// Who stands behind an intent, as the journal will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) person: Person,
    pub(crate) key: Option<Fingerprint>,
}

impl From<Person> for Author {
    fn from(person: Person) -> Self {
        Self { person, key: None }
    }
}

impl Guest {
    pub(super) fn author(&self) -> Author {
        Author { person: self.person.clone(), key: Some(self.key.clone()) }
    }

    /// What they may ask for, and for each thing they asked whether it is among it.
    pub(super) fn judge(&self, intents: Vec<Intent>) -> (Vec<Intent>, Vec<Result<(), Denied>>) {
        let judged: Vec<_> = intents.iter().map(|intent| self.may(intent)).collect();
        let allowed = intents.into_iter().zip(&judged).filter(|(_, judged)| judged.is_ok());
        (allowed.map(|(intent, _)| intent).collect(), judged)
    }

    fn may(&self, intent: &Intent) -> Result<(), Denied> {
        let allowed = self.right.allows(Right::needed(intent));
        if let Err(denied) = &allowed {
            tracing::warn!(person = %self.person, key = %self.key, %denied, "an intent was denied");
        }
        allowed
    }
}
