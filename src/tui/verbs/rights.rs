//! What a person must be allowed to do for a verb to be theirs. The engine decides by the intent; this only spares
//! them typing what would be denied.

use crate::domain::rights::Right;
use crate::keymap::Verb;

pub(super) const fn needed(verb: Verb) -> Right {
    match verb {
        Verb::CommandHandOver | Verb::IncidentMerge | Verb::ReadinessSign | Verb::ReadinessWithdraw => {
            Right::Command
        }
        // The menu behind it has roles as well, and the engine judges each choice.
        Verb::CommandTake
        | Verb::IncidentDeclare
        | Verb::IncidentUpdate
        | Verb::NudgeAnswer
        | Verb::NudgeDone
        | Verb::NudgeSnooze
        | Verb::WorkAdd
        | Verb::RollbackBegin
        | Verb::WorkDone
        | Verb::WorkEdit
        | Verb::WorkDrop
        | Verb::WorkConfirm
        | Verb::WorkRefute
        | Verb::EntryWeigh
        | Verb::RetroAdd
        | Verb::RetroWhy
        | Verb::RetroEdit
        | Verb::RetroStrike
        | Verb::RetroDone
        | Verb::RetroPull
        | Verb::RetroMove
        | Verb::EntryNew
        | Verb::EntryPull
        | Verb::EntryFact
        | Verb::EntryHypothesis
        | Verb::EntryDecision
        | Verb::EntryAction
        | Verb::EntryComms
        | Verb::EntryQuestion
        | Verb::EntryNote
        | Verb::EntryConfirm
        | Verb::EntryRefute
        | Verb::EntryStrike
        | Verb::EntryPin
        | Verb::EntryEdit
        | Verb::RunbookOpen => Right::Respond,
        _ => Right::Observe,
    }
}
