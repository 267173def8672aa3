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
        | Verb::RunbookOpen
        // Whoever asks logs has the room pay for it.
        | Verb::LogsQuery => Right::Respond,
        Verb::AppQuit
        | Verb::AppHelp
        | Verb::AppPalette
        | Verb::AppRedraw
        | Verb::AppSuspend
        | Verb::ThemePick
        | Verb::ZoneSwitch
        | Verb::MouseToggle
        | Verb::ScreenSituation
        | Verb::ScreenIncident
        | Verb::ScreenFeed
        | Verb::ScreenServices
        | Verb::ScreenReadiness
        | Verb::ScreenPlan
        | Verb::ScreenFollow
        | Verb::SourcesShow
        | Verb::ScreenNext
        | Verb::ScreenPrevious
        | Verb::PaneNext
        | Verb::PanePrevious
        | Verb::ChangesWindow
        | Verb::PaneZoom
        | Verb::ExportPack
        | Verb::Catchup
        | Verb::WorkTasks
        | Verb::WorkCriteria
        | Verb::WorkChecklists
        | Verb::WorkMoments
        | Verb::WorkHypotheses
        | Verb::WorkNext
        | Verb::WorkPrevious
        | Verb::TimelineView
        | Verb::IncidentSwitch
        | Verb::RetroOpen
        | Verb::AfterOpen
        | Verb::GateOpen
        | Verb::TimeBack
        | Verb::TimeForward
        | Verb::TimeBackFar
        | Verb::TimeForwardFar
        | Verb::TimeGoto
        | Verb::TimeLive
        | Verb::ListDown
        | Verb::ListUp
        | Verb::ListPageDown
        | Verb::ListPageUp
        | Verb::ListHalfPageDown
        | Verb::ListHalfPageUp
        | Verb::ListTop
        | Verb::ListBottom
        | Verb::FilterOpen
        | Verb::FilterClear
        | Verb::FeedFollow
        | Verb::LogsOpen
        | Verb::LogsGroup
        | Verb::LogsLevel
        | Verb::LogsWrap
        | Verb::LogsFields
        | Verb::LogsMark
        | Verb::LogsJump
        | Verb::GraphNearer
        | Verb::GraphFarther
        | Verb::GraphLeft
        | Verb::GraphRight
        | Verb::GraphUp
        | Verb::GraphDown
        | Verb::ItemExplain
        | Verb::ItemCopy
        | Verb::ItemCopyLink
        | Verb::ItemOpenEditor
        | Verb::OverlayClose
        | Verb::OverlayAccept
        | Verb::ConfirmYes
        | Verb::ConfirmNo
        | Verb::TextAccept
        | Verb::TextCancel
        | Verb::TextDeleteWord
        | Verb::TextStart
        | Verb::TextEnd
        | Verb::TextClear
        | Verb::TextHistoryUp
        | Verb::TextHistoryDown
        | Verb::TextEditor
        | Verb::TextComplete => Right::Observe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_only_look_costs_nobody_anything() {
        assert_eq!(needed(Verb::LogsQuery), Right::Respond);
        assert_eq!(needed(Verb::LogsOpen), Right::Observe);
    }
}
