//! The verbs: everything a key can do, in one table that help, palette, documentation and keymaps are made from.

use super::context::Context;
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
    ($($group:ident, $title:literal { $($verb:ident, $name:literal, $contexts:expr, $doc:literal;)* })*) => {
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
                        name: $name, doc: $doc, group: Group::$group, contexts: $contexts,
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
}

verbs! {
    App, "sitroom" {
        AppQuit, "app.quit", ANYWHERE, "Leave; the terminal is as it was before";
        AppHelp, "app.help", ANYWHERE, "Show what the keys do here";
        AppPalette, "app.palette", ANYWHERE, "Find a verb by its name";
        AppRedraw, "app.redraw", ANYWHERE, "Draw the whole screen again";
        AppSuspend, "app.suspend", ANYWHERE, "Go back to the shell until `fg`";
        ThemePick, "theme.pick", ANYWHERE, "Pick a theme";
        ZoneSwitch, "zone.switch", ANYWHERE, "Switch between UTC and local time";
        MouseToggle, "mouse.toggle", ANYWHERE, "Take the mouse, or leave it to the terminal";
    }
    Screens, "Screens" {
        ScreenSituation, "screen.situation", ANYWHERE, "What state, what changed, what is open, in what order";
        ScreenIncident, "screen.incident", ANYWHERE, "Timeline, command and clocks of the incident";
        ScreenFeed, "screen.feed", ANYWHERE, "All signals, newest first";
        ScreenServices, "screen.services", ANYWHERE, "The catalog: dependencies, health, procedures";
        ScreenReadiness, "screen.readiness", ANYWHERE, "Sign-offs, objectives, runbooks, on-call";
        ScreenPlan, "screen.plan", ANYWHERE, "Failure vectors, phases, risks, deploy order";
        ScreenFollow, "screen.follow", ANYWHERE, "Look on at somebody's screen, or let them look on at yours";
        SourcesShow, "sources.show", ANYWHERE, "Every source: health, age, budget, history";
        ScreenNext, "screen.next", ANYWHERE, "The next screen";
        ScreenPrevious, "screen.previous", ANYWHERE, "The previous screen";
        PaneNext, "pane.next", ANYWHERE, "The next pane of this screen, or section of a retro";
        PanePrevious, "pane.previous", ANYWHERE, "The previous pane, or section of a retro";
        ChangesWindow, "changes.window", ANYWHERE, "What changed: the last 24, 48 or 72 hours";
        PaneZoom, "pane.zoom", ANYWHERE, "Give the pane the whole screen, or give it back";
    }
    Incident, "Incident" {
        IncidentDeclare, "incident.declare", ANYWHERE, "Declare an incident";
        EntryNew, "entry.new", ANYWHERE, "Write an entry into the timeline";
        CommandTake, "command.take", ANYWHERE, "Take command or hand it over; roles, severity, end";
        CommandHandOver, "command.hand-over", ANYWHERE, "Hand command over, or read what is offered to you";
        IncidentUpdate, "incident.update", ANYWHERE, "Write a status update";
        NudgeAnswer, "nudge.answer", ANYWHERE, "Answer the clock that presses: do it, snooze, not so";
        NudgeDone, "nudge.done", ANYWHERE, "Say that what is due is done";
        NudgeSnooze, "nudge.snooze", ANYWHERE, "Put what is due off by five minutes";
        EntryPull, "entry.pull", SIGNALS, "Put it into the timeline, its evidence frozen";
        EntryFact, "entry.fact", ENTRIES, "Make the entry a fact";
        EntryHypothesis, "entry.hypothesis", ENTRIES, "Make the entry a hypothesis";
        EntryDecision, "entry.decision", ENTRIES, "Make the entry a decision";
        EntryAction, "entry.action", ENTRIES, "Make the entry an action";
        EntryComms, "entry.comms", ENTRIES, "Make the entry what was told to somebody";
        EntryQuestion, "entry.question", ENTRIES, "Make the entry a question";
        EntryNote, "entry.note", ENTRIES, "Make the entry a note";
        EntryConfirm, "entry.confirm", ENTRIES, "Confirm the hypothesis, with the reason";
        EntryRefute, "entry.refute", ENTRIES, "Refute the hypothesis, with the reason";
        EntryStrike, "entry.strike", ENTRIES, "Strike the entry, or restore it";
        EntryPin, "entry.pin", ENTRIES, "Pin the entry, or unpin it";
        EntryEdit, "entry.edit", ENTRIES, "Write the entry anew; what it said stays readable";
        ExportPack, "export.pack", ANYWHERE, "Export the post-mortem pack";
        Catchup, "catchup", ANYWHERE, "Show what happened since you last looked";
    }
    Work, "The work of an incident" {
        WorkTasks, "work.tasks", ANYWHERE, "Open the work board at its tasks";
        WorkCriteria, "work.criteria", ANYWHERE, "Open the work board at what ends the incident";
        WorkChecklists, "work.checklists", ANYWHERE, "Open the work board at its checklists";
        WorkMoments, "work.moments", ANYWHERE, "Open the key moments and how long things took";
        WorkHypotheses, "work.hypotheses", ANYWHERE, "Open the hypotheses, with what speaks for each";
        RollbackBegin, "rollback.begin", SIGNALS, "Begin the rollback of this service, as a checklist";
        WorkNext, "work.next", WORK, "The next part of the board";
        WorkPrevious, "work.previous", WORK, "The part of the board before";
        WorkAdd, "work.add", WORK, "Add a task or a criterion, begin a checklist";
        WorkDone, "work.done", WORK, "Done, met, ticked, accepted; once more takes it back";
        WorkEdit, "work.edit", WORK, "Write it anew; set or correct a moment";
        WorkDrop, "work.drop", WORK, "Drop, skip or decline it, with the reason";
        WorkConfirm, "work.confirm", WORK, "Confirm the hypothesis on the board, with the reason";
        WorkRefute, "work.refute", WORK, "Refute the hypothesis on the board, with the reason";
        EntryWeigh, "entry.weigh", ENTRIES, "Weigh the entry for or against a hypothesis";
        TimelineView, "timeline.view", ENTRIES, "Show the short story, or the full log again";
        IncidentMerge, "incident.merge", ANYWHERE, "Merge the incident with another one";
        IncidentSwitch, "incident.switch", ANYWHERE, "Put another open incident in front";
    }
    After, "After the incident" {
        RetroOpen, "retro.open", ANYWHERE, "Open the retro of a resolved incident";
        AfterOpen, "after.open", ANYWHERE, "Show action items, triggers and durations of all";
        GateOpen, "gate.open", ANYWHERE, "Show what the post-mortem still lacks";
        RetroAdd, "retro.add", RETRO, "Write a new row of the kind under the cursor";
        RetroWhy, "retro.why", RETRO, "Ask why, below the factor or why";
        RetroEdit, "retro.edit", RETRO, "Write the row anew; what it said stays readable";
        RetroStrike, "retro.strike", RETRO, "Strike the row, or restore it";
        RetroDone, "retro.done", RETRO, "Mark the action item done, or open again";
        RetroPull, "retro.pull", RETRO, "Rest the row on an entry, a finding or a signal";
        RetroMove, "retro.move", RETRO, "On to in review, reviewed, closed";
    }
    Ready, "Readiness" {
        ReadinessSign, "readiness.sign", READY, "Sign the item off, with its evidence";
        ReadinessWithdraw, "readiness.withdraw", READY, "Withdraw the sign-off, with the reason";
        RunbookOpen, "runbook.open", READY, "Open the runbook in the incident, as a checklist";
    }
    Time, "Time" {
        TimeBack, "time.back", ANYWHERE, "Show the situation as of a step earlier";
        TimeForward, "time.forward", ANYWHERE, "Show the situation as of a step later";
        TimeBackFar, "time.back-far", ANYWHERE, "Show the situation as of a quarter of an hour earlier";
        TimeForwardFar, "time.forward-far", ANYWHERE, "Show the situation as of a quarter of an hour later";
        TimeGoto, "time.goto", ANYWHERE, "Go to a moment: 14:17, -20m, 2026-03-16T14:17:00Z";
        TimeLive, "time.live", ANYWHERE, "Return to now";
    }
    Lists, "Lists" {
        ListDown, "list.down", LINES, "One line down";
        ListUp, "list.up", LINES, "One line up";
        ListPageDown, "list.page-down", LINES, "One page down";
        ListPageUp, "list.page-up", LINES, "One page up";
        ListHalfPageDown, "list.half-page-down", LINES, "Half a page down";
        ListHalfPageUp, "list.half-page-up", LINES, "Half a page up";
        ListTop, "list.top", LINES, "To the first line";
        ListBottom, "list.bottom", LINES, "To the last line";
        FilterOpen, "filter.open", LISTS, "Filter the list";
        FilterClear, "filter.clear", LISTS, "Show the whole list again";
        FeedFollow, "feed.follow", &[Feed, Logs], "Stay with the newest signal, or stop";
    }
    Logs, "Logs" {
        LogsOpen, "logs.open", ANYWHERE, "The lines of logs, or all signals again";
        LogsGroup, "logs.group", LINES_OF_LOGS, "Only the next group, after the last all of them";
        LogsLevel, "logs.level", LINES_OF_LOGS, "Only warnings and worse, only errors, or all";
        LogsWrap, "logs.wrap", LINES_OF_LOGS, "Show lines whole, or cut";
        LogsFields, "logs.fields", LINES_OF_LOGS, "Show the fields of JSON behind the message";
        LogsMark, "logs.mark", LINES_OF_LOGS, "Mark words wherever they stand";
        LogsJump, "logs.jump", LINES_OF_LOGS, "Go to the lines of a moment: 14:17, -20m";
        LogsQuery, "logs.query", ANYWHERE, "Ask a saved query, and follow its answer";
    }
    Graph, "The graph of services" {
        GraphNearer, "graph.nearer", SERVICES, "See less of the graph, larger: around the service";
        GraphFarther, "graph.farther", SERVICES, "See more of the graph: all by name, all as signs";
        GraphLeft, "graph.left", SERVICES, "Move along the graph to the left";
        GraphRight, "graph.right", SERVICES, "Move along the graph to the right";
        GraphUp, "graph.up", SERVICES, "Move up the graph";
        GraphDown, "graph.down", SERVICES, "Move down the graph";
    }
    Items, "The line under the cursor" {
        ItemExplain, "item.explain", ITEMS, "Explain it: rule, evidence, detail";
        ItemCopy, "item.copy", ITEMS, "Copy it to the clipboard";
        ItemCopyLink, "item.copy-link", ITEMS, "Copy its link to the clipboard";
        ItemOpenEditor, "item.open-editor", ITEMS, "Open its payload, or the section, in $EDITOR";
    }
    Overlays, "Overlays and questions" {
        OverlayClose, "overlay.close", OVERLAYS, "Close what lies on top";
        OverlayAccept, "overlay.accept", CHOICES, "Take the line under the cursor";
        ConfirmYes, "confirm.yes", &[Confirm], "Yes, do what the question names";
        ConfirmNo, "confirm.no", &[Confirm], "No, leave everything as it is";
    }
    Text, "Input fields" {
        TextAccept, "text.accept", TYPED, "Take what is written";
        TextCancel, "text.cancel", TYPED, "Leave the field";
        TextDeleteWord, "text.delete-word", TYPED, "Delete the word before the cursor";
        TextStart, "text.start", TYPED, "To the start of the line";
        TextEnd, "text.end", TYPED, "To the end of the line";
        TextClear, "text.clear", &[Text], "Empty the field";
        TextHistoryUp, "text.history-up", &[Text], "The line written before";
        TextHistoryDown, "text.history-down", &[Text], "The line written after";
        TextEditor, "text.editor", &[Text], "Write on over many lines, with all of the screen";
        TextComplete, "text.complete", &[Text], "Complete the word before the cursor";
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
