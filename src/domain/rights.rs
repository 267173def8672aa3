//! What a person may do in a room that others serve: four rights, each with all that the ones before it allow.

use super::decide::Intent;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// Look, filter, travel, copy.
    Observe,
    /// Declare, write, take a role, do a task.
    Respond,
    /// Take command, hand it over, change severity, end an incident; sign off what has to be true before a launch.
    Command,
    /// Take the whole journal out.
    #[default]
    Administer,
}

/// Why somebody may not do a thing that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it needs the right to {needed}; you may {held}")]
pub struct Denied {
    pub needed: Right,
    pub held: Right,
}

impl Right {
    pub const ALL: [Self; 4] = [Self::Observe, Self::Respond, Self::Command, Self::Administer];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Respond => "respond",
            Self::Command => "command",
            Self::Administer => "administer",
        }
    }

    /// What somebody must hold for an intent. Whoever may write at all may also give up what they hold.
    pub const fn needed(intent: &Intent) -> Self {
        match intent {
            Intent::SetSeverity(..)
            | Intent::Resolve(..)
            | Intent::Close(..)
            | Intent::Reopen(..)
            | Intent::Merge { .. }
            | Intent::TakeCommand { .. }
            | Intent::OfferCommand(..)
            | Intent::OfferHandover(..)
            | Intent::AcceptCommand(..)
            | Intent::AcceptHandover(..)
            | Intent::NameNext(..)
            | Intent::SignOff { .. }
            | Intent::WithdrawSignOff { .. } => Self::Command,
            Intent::Declare { .. }
            | Intent::Describe { .. }
            | Intent::DeclineCommand(..)
            | Intent::ReleaseCommand(..)
            | Intent::TakeRole(..)
            | Intent::DropRole(..)
            | Intent::Write(..)
            | Intent::Revise(..)
            | Intent::Strike(..)
            | Intent::Restore(..)
            | Intent::Pin(..)
            | Intent::Judge(..)
            | Intent::Weigh { .. }
            | Intent::SetMoment { .. }
            | Intent::DeclineProposal { .. }
            | Intent::AddTask(..)
            | Intent::ReviseTask(..)
            | Intent::MarkTask(..)
            | Intent::AddCriterion(..)
            | Intent::ReviseCriterion(..)
            | Intent::MarkCriterion { .. }
            | Intent::StartChecklist(..)
            | Intent::MarkStep { .. }
            | Intent::PostUpdate(..)
            | Intent::AnswerNudge { .. }
            | Intent::WriteItem(..)
            | Intent::ReviseItem(..)
            | Intent::StrikeItem(..)
            | Intent::RestoreItem(..)
            | Intent::MarkItem(..)
            | Intent::MoveRetro(..) => Self::Respond,
        }
    }

    pub fn allows(self, needed: Self) -> Result<(), Denied> {
        if self >= needed { Ok(()) } else { Err(Denied { needed, held: self }) }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Right {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|right| right.word() == word);
        found.ok_or_else(|| "a right is observe, respond, command or administer".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{IncidentId, event::Role};

    #[test]
    fn each_right_holds_the_ones_before_it_and_none_after() {
        for (place, held) in Right::ALL.into_iter().enumerate() {
            let allowed = Right::ALL.iter().filter(|needed| held.allows(**needed).is_ok()).count();
            assert_eq!(allowed, place + 1, "{held}");
        }
    }

    #[test]
    fn giving_up_command_needs_less_than_taking_it() {
        let take = Intent::TakeCommand { incident: IncidentId(1), relieving: None };
        assert_eq!(Right::needed(&take), Right::Command);
        assert_eq!(Right::needed(&Intent::ReleaseCommand(IncidentId(1))), Right::Respond);
        assert_eq!(Right::needed(&Intent::TakeRole(IncidentId(1), Role::ALL[0])), Right::Respond);
    }
}
