//! The verbs: everything a key can do, in one table that help, palette, documentation and keymaps are made from.

use super::context::Context;
use crate::domain::rights::Right;
use Context::{
    Board, Confirm, Detail, Editor, Feed, Global, Help, Incident, List, Logs, Menu, Palette, Readiness,
    Retro, Services, Text, Themes,
};
use std::fmt;
use std::str::FromStr;

/// What moves through lines makes sense wherever there are some.
const LINES: &[Context] = &[List, Feed, Logs, Incident, Detail, Retro, Help, Themes, Palette, Menu, Board];
/// What acts on the line under the cursor needs one that stands for something.
const ITEMS: &[Context] = &[List, Feed, Logs, Incident, Detail];
const LISTS: &[Context] = &[List, Feed, Logs, Incident, Help];
const OVERLAYS: &[Context] = &[Detail, Retro, Help, Themes, Palette, Menu, Board];
const CHOICES: &[Context] = &[Themes, Palette, Menu];
/// What can go into the timeline.
const SIGNALS: &[Context] = &[List, Feed, Logs, Detail];
const LINES_OF_LOGS: &[Context] = &[Logs];
const ENTRIES: &[Context] = &[Incident];
const WORK: &[Context] = &[Board];
const RETRO: &[Context] = &[Retro];
/// The register, and the detail of one of its items.
const READY: &[Context] = &[Readiness, Detail];
const SERVICES: &[Context] = &[Services];
/// Where words are typed, on a line or over many.
const TYPED: &[Context] = &[Text, Editor];
const ANYWHERE: &[Context] = &[Global];

macro_rules! verbs {
    ($($group:ident, $title:literal { $($verb:ident, $name:literal, $contexts:expr, $right:ident, $doc:literal;)* })*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $($(#[doc = $doc] $verb,)*)*
        }

        /// What help puts under one heading.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Group {
            $($group,)*
        }

        impl Verb {
            pub const ALL: &[Self] = &[$($(Self::$verb,)*)*];

            const fn row(self) -> Row {
                match self {
                    $($(Self::$verb => Row {
                        name: $name, doc: $doc, group: Group::$group, contexts: $contexts, right: Right::$right,
                    },)*)*
                }
            }
        }

        impl Group {
            pub const ALL: &[Self] = &[$(Self::$group,)*];

            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$group => $title,)*
                }
            }
        }
    };
}

struct Row {
    name: &'static str,
    doc: &'static str,
    group: Group,
    contexts: &'static [Context],
    right: Right,
}

// A name in files, where it makes sense, what a person must be allowed to do for it, and what it does.
verbs! {
    App, "sitroom" {
        AppQuit, "app.quit", ANYWHERE, Observe, "Leave; the terminal is as it was before";
        AppHelp, "app.help", ANYWHERE, Observe, "Show what the keys do here";
        AppPalette, "app.palette", ANYWHERE, Observe, "Find a verb by its name";
        AppRedraw, "app.redraw", ANYWHERE, Observe, "Draw the whole screen again";
        AppSuspend, "app.suspend", ANYWHERE, Observe, "Go back to the shell until `fg`";
        ThemePick, "theme.pick", ANYWHERE, Observe, "Pick a theme";
        ZoneSwitch, "zone.switch", ANYWHERE, Observe, "Switch between UTC and local time";
        MouseToggle, "mouse.toggle", ANYWHERE, Observe, "Take the mouse, or leave it to the terminal";
    }
    Screens, "Screens" {
        ScreenSituation, "screen.situation", ANYWHERE, Observe, "What state, what changed, what is open, in what order";
        ScreenIncident, "screen.incident", ANYWHERE, Observe, "Timeline, command and clocks of the incident";
        ScreenFeed, "screen.feed", ANYWHERE, Observe, "All signals, newest first";
        ScreenServices, "screen.services", ANYWHERE, Observe, "The catalog: dependencies, health, procedures";
        ScreenReadiness, "screen.readiness", ANYWHERE, Observe, "Sign-offs, objectives, runbooks, on-call";
        ScreenPlan, "screen.plan", ANYWHERE, Observe, "Failure vectors, phases, risks, deploy order";
        ScreenFollow, "screen.follow", ANYWHERE, Observe, "Look on at somebody's screen, or let them look on at yours";
        SourcesShow, "sources.show", ANYWHERE, Observe, "Every source: health, age, budget, history";
        ScreenNext, "screen.next", ANYWHERE, Observe, "The next screen";
        ScreenPrevious, "screen.previous", ANYWHERE, Observe, "The previous screen";
        PaneNext, "pane.next", ANYWHERE, Observe, "The next pane of this screen, or section of a retro";
        PanePrevious, "pane.previous", ANYWHERE, Observe, "The previous pane, or section of a retro";
        ChangesWindow, "changes.window", ANYWHERE, Observe, "What changed: the last 24, 48 or 72 hours";
        PaneZoom, "pane.zoom", ANYWHERE, Observe, "Give the pane the whole screen, or give it back";
    }
    Incident, "Incident" {
        IncidentDeclare, "incident.declare", ANYWHERE, Respond, "Declare an incident";
        EntryNew, "entry.new", ANYWHERE, Respond, "Write an entry into the timeline";
        CommandTake, "command.take", ANYWHERE, Respond, "Take command or hand it over; roles, severity, end";
        CommandHandOver, "command.hand-over", ANYWHERE, Command, "Hand command over, or read what is offered to you";
        IncidentUpdate, "incident.update", ANYWHERE, Respond, "Write a status update";
        NudgeAnswer, "nudge.answer", ANYWHERE, Respond, "Answer the clock that presses: do it, snooze, not so";
        NudgeDone, "nudge.done", ANYWHERE, Respond, "Say that what is due is done";
        NudgeSnooze, "nudge.snooze", ANYWHERE, Respond, "Put what is due off by five minutes";
        EntryPull, "entry.pull", SIGNALS, Respond, "Put it into the timeline, its evidence frozen";
        EntryFact, "entry.fact", ENTRIES, Respond, "Make the entry a fact";
        EntryHypothesis, "entry.hypothesis", ENTRIES, Respond, "Make the entry a hypothesis";
        EntryDecision, "entry.decision", ENTRIES, Respond, "Make the entry a decision";
        EntryAction, "entry.action", ENTRIES, Respond, "Make the entry an action";
        EntryComms, "entry.comms", ENTRIES, Respond, "Make the entry what was told to somebody";
        EntryQuestion, "entry.question", ENTRIES, Respond, "Make the entry a question";
        EntryNote, "entry.note", ENTRIES, Respond, "Make the entry a note";
        EntryConfirm, "entry.confirm", ENTRIES, Respond, "Confirm the hypothesis, with the reason";
        EntryRefute, "entry.refute", ENTRIES, Respond, "Refute the hypothesis, with the reason";
        EntryStrike, "entry.strike", ENTRIES, Respond, "Strike the entry, or restore it";
        EntryPin, "entry.pin", ENTRIES, Respond, "Pin the entry, or unpin it";
        EntryEdit, "entry.edit", ENTRIES, Respond, "Write the entry anew; what it said stays readable";
        ExportPack, "export.pack", ANYWHERE, Observe, "Export the post-mortem pack";
        Catchup, "catchup", ANYWHERE, Observe, "Show what happened since you last looked";
    }
    Work, "The work of an incident" {
        WorkTasks, "work.tasks", ANYWHERE, Observe, "Open the work board at its tasks";
        WorkCriteria, "work.criteria", ANYWHERE, Observe, "Open the work board at what ends the incident";
        WorkChecklists, "work.checklists", ANYWHERE, Observe, "Open the work board at its checklists";
        WorkMoments, "work.moments", ANYWHERE, Observe, "Open the key moments and how long things took";
        WorkHypotheses, "work.hypotheses", ANYWHERE, Observe, "Open the hypotheses, with what speaks for each";
        RollbackBegin, "rollback.begin", SIGNALS, Respond, "Begin the rollback of this service, as a checklist";
        WorkNext, "work.next", WORK, Observe, "The next part of the board";
        WorkPrevious, "work.previous", WORK, Observe, "The part of the board before";
        WorkAdd, "work.add", WORK, Respond, "Add a task or a criterion, begin a checklist";
        WorkDone, "work.done", WORK, Respond, "Done, met, ticked, accepted; once more takes it back";
        WorkEdit, "work.edit", WORK, Respond, "Write it anew; set or correct a moment";
        WorkDrop, "work.drop", WORK, Respond, "Drop, skip or decline it, with the reason";
        WorkConfirm, "work.confirm", WORK, Respond, "Confirm the hypothesis on the board, with the reason";
        WorkRefute, "work.refute", WORK, Respond, "Refute the hypothesis on the board, with the reason";
        EntryWeigh, "entry.weigh", ENTRIES, Respond, "Weigh the entry for or against a hypothesis";
        TimelineView, "timeline.view", ENTRIES, Observe, "Show the short story, or the full log again";
        IncidentMerge, "incident.merge", ANYWHERE, Command, "Merge the incident with another one";
        IncidentSwitch, "incident.switch", ANYWHERE, Observe, "Put another open incident in front";
    }
    After, "After the incident" {
        RetroOpen, "retro.open", ANYWHERE, Observe, "Open the retro of a resolved incident";
        AfterOpen, "after.open", ANYWHERE, Observe, "Show action items, triggers and durations of all";
        GateOpen, "gate.open", ANYWHERE, Observe, "Show what the post-mortem still lacks";
        RetroAdd, "retro.add", RETRO, Respond, "Write a new row of the kind under the cursor";
        RetroWhy, "retro.why", RETRO, Respond, "Ask why, below the factor or why";
        RetroEdit, "retro.edit", RETRO, Respond, "Write the row anew; what it said stays readable";
        RetroStrike, "retro.strike", RETRO, Respond, "Strike the row, or restore it";
        RetroDone, "retro.done", RETRO, Respond, "Mark the action item done, or open again";
        RetroPull, "retro.pull", RETRO, Respond, "Rest the row on an entry, a finding or a signal";
        RetroMove, "retro.move", RETRO, Respond, "On to in review, reviewed, closed";
    }
    Ready, "Readiness" {
        ReadinessSign, "readiness.sign", READY, Command, "Sign the item off, with its evidence";
        ReadinessWithdraw, "readiness.withdraw", READY, Command, "Withdraw the sign-off, with the reason";
        RunbookOpen, "runbook.open", READY, Respond, "Open the runbook in the incident, as a checklist";
    }
    Time, "Time" {
        TimeBack, "time.back", ANYWHERE, Observe, "Show the situation as of a step earlier";
        TimeForward, "time.forward", ANYWHERE, Observe, "Show the situation as of a step later";
        TimeBackFar, "time.back-far", ANYWHERE, Observe, "Show the situation as of a quarter of an hour earlier";
        TimeForwardFar, "time.forward-far", ANYWHERE, Observe, "Show the situation as of a quarter of an hour later";
        TimeGoto, "time.goto", ANYWHERE, Observe, "Go to a moment: 14:17, -20m, 2026-03-16T14:17:00Z";
        TimeLive, "time.live", ANYWHERE, Observe, "Return to now";
    }
    Lists, "Lists" {
        ListDown, "list.down", LINES, Observe, "One line down";
        ListUp, "list.up", LINES, Observe, "One line up";
        ListPageDown, "list.page-down", LINES, Observe, "One page down";
        ListPageUp, "list.page-up", LINES, Observe, "One page up";
        ListHalfPageDown, "list.half-page-down", LINES, Observe, "Half a page down";
        ListHalfPageUp, "list.half-page-up", LINES, Observe, "Half a page up";
        ListTop, "list.top", LINES, Observe, "To the first line";
        ListBottom, "list.bottom", LINES, Observe, "To the last line";
        FilterOpen, "filter.open", LISTS, Observe, "Filter the list";
        FilterClear, "filter.clear", LISTS, Observe, "Show the whole list again";
        FeedFollow, "feed.follow", &[Feed, Logs], Observe, "Stay with the newest signal, or stop";
    }
    Logs, "Logs" {
        LogsOpen, "logs.open", ANYWHERE, Observe, "The lines of logs, or all signals again";
        LogsGroup, "logs.group", LINES_OF_LOGS, Observe, "Only the next group, after the last all of them";
        LogsLevel, "logs.level", LINES_OF_LOGS, Observe, "Only warnings and worse, only errors, or all";
        LogsWrap, "logs.wrap", LINES_OF_LOGS, Observe, "Show lines whole, or cut";
        LogsFields, "logs.fields", LINES_OF_LOGS, Observe, "Show the fields of JSON behind the message";
        LogsMark, "logs.mark", LINES_OF_LOGS, Observe, "Mark words wherever they stand";
        LogsJump, "logs.jump", LINES_OF_LOGS, Observe, "Go to the lines of a moment: 14:17, -20m";
        LogsQuery, "logs.query", ANYWHERE, Respond, "Ask a saved query, and follow its answer";
    }
    Graph, "The graph of services" {
        GraphNearer, "graph.nearer", SERVICES, Observe, "See less of the graph, larger: around the service";
        GraphFarther, "graph.farther", SERVICES, Observe, "See more of the graph: all by name, all as signs";
        GraphLeft, "graph.left", SERVICES, Observe, "Move along the graph to the left";
        GraphRight, "graph.right", SERVICES, Observe, "Move along the graph to the right";
        GraphUp, "graph.up", SERVICES, Observe, "Move up the graph";
        GraphDown, "graph.down", SERVICES, Observe, "Move down the graph";
    }
    Items, "The line under the cursor" {
        ItemExplain, "item.explain", ITEMS, Observe, "Explain it: rule, evidence, detail";
        ItemCopy, "item.copy", ITEMS, Observe, "Copy it to the clipboard";
        ItemCopyLink, "item.copy-link", ITEMS, Observe, "Copy its link to the clipboard";
        ItemOpenEditor, "item.open-editor", ITEMS, Observe, "Open its payload, or the section, in $EDITOR";
    }
    Overlays, "Overlays and questions" {
        OverlayClose, "overlay.close", OVERLAYS, Observe, "Close what lies on top";
        OverlayAccept, "overlay.accept", CHOICES, Observe, "Take the line under the cursor";
        ConfirmYes, "confirm.yes", &[Confirm], Observe, "Yes, do what the question names";
        ConfirmNo, "confirm.no", &[Confirm], Observe, "No, leave everything as it is";
    }
    Text, "Input fields" {
        TextAccept, "text.accept", TYPED, Observe, "Take what is written";
        TextCancel, "text.cancel", TYPED, Observe, "Leave the field";
        TextDeleteWord, "text.delete-word", TYPED, Observe, "Delete the word before the cursor";
        TextStart, "text.start", TYPED, Observe, "To the start of the line";
        TextEnd, "text.end", TYPED, Observe, "To the end of the line";
        TextClear, "text.clear", &[Text], Observe, "Empty the field";
        TextHistoryUp, "text.history-up", &[Text], Observe, "The line written before";
        TextHistoryDown, "text.history-down", &[Text], Observe, "The line written after";
        TextEditor, "text.editor", &[Text], Observe, "Write on over many lines, with all of the screen";
        TextComplete, "text.complete", &[Text], Observe, "Complete the word before the cursor, in a form the next line";
        TextPrevious, "text.previous", &[Text], Observe, "The line before in a form";
    }
}

impl Verb {
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    pub const fn doc(self) -> &'static str {
        self.row().doc
    }

    pub const fn group(self) -> Group {
        self.row().group
    }

    /// The contexts it makes sense in; [`Context::Global`] stands for all of them.
    pub const fn contexts(self) -> &'static [Context] {
        self.row().contexts
    }

    /// What a person must be allowed to do for it to be theirs. The engine decides by the intent; this only spares them
    /// typing what would be denied. A menu needs what its least choice does, and whoever asks logs has the room pay for it.
    pub const fn right(self) -> Right {
        self.row().right
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.name() == name)
    }

    pub fn fits(self, context: Context) -> bool {
        self.contexts().iter().any(|it| *it == Global || *it == context)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verb {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_name(text).ok_or_else(|| format!("`{text}` is not a verb"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_verb_has_a_name_of_its_own_and_a_line_of_documentation() {
        let names: BTreeSet<_> = Verb::ALL.iter().map(|verb| verb.name()).collect();
        assert_eq!(names.len(), Verb::ALL.len());
        for verb in Verb::ALL {
            assert_eq!(Verb::from_name(verb.name()), Some(*verb));
            let doc = verb.doc();
            assert!((8..=60).contains(&doc.len()) && !doc.ends_with('.'), "{verb}: {doc}");
            assert!(doc.starts_with(char::is_uppercase), "{verb}: {doc}");
            assert!(!verb.contexts().is_empty());
        }
    }

    #[test]
    fn a_verb_that_fits_everywhere_fits_an_input_field() {
        assert!(Verb::AppRedraw.fits(Text));
        assert!(!Verb::ListDown.fits(Text));
    }
}
