//! What each pane has to say, line by line, independent of where it is drawn.

use super::{Pane, Window};
use crate::diagnosis::{
    Changed, Gravity, Issue, Level, Remedy, ServiceState, Situation, Spark, Statement, Step, StepKind,
    Suspect,
};
use crate::domain::signal::Kind;
use crate::domain::{SignalId, Time};
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;
use crate::tui::text;
use std::borrow::Cow;
use std::collections::HashMap;

/// A line as it lies in the situation; nothing is copied to draw it.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub id: Id<'a>,
    pub mark: Mark,
    /// A column of its own at the left: a name, a tag, a score.
    pub lead: Option<(Cow<'a, str>, Role)>,
    /// What the longest of all leads here needs, so that all texts begin in one column.
    widest: u16,
    pub text: &'a str,
    /// What is said below the line where there is room: the consequence, the reason.
    pub below: Cow<'a, str>,
    pub spark: Option<&'a Spark>,
    pub at: Option<Time>,
    /// A word at the right instead of an age.
    pub tail: Cow<'a, str>,
}

/// What stays the same while numbers move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id<'a> {
    Name(Cow<'a, str>),
    Said(&'static str, Cow<'a, str>),
    Signal(SignalId),
    Step(Time, StepKind),
}

impl Id<'_> {
    pub fn kept(self) -> Id<'static> {
        match self {
            Self::Name(name) => Id::Name(name.into_owned().into()),
            Self::Said(rule, text) => Id::Said(rule, text.into_owned().into()),
            Self::Signal(id) => Id::Signal(id),
            Self::Step(at, kind) => Id::Step(at, kind),
        }
    }
}

/// The sign a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    Level(Level),
    Gravity(Gravity),
}

/// What a line is about, so that it can be explained.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    Service(ServiceState),
    Issue(Issue),
    Change(Changed),
    Action(Remedy),
    Statement(Statement),
    Suspect(Suspect),
    Step(Step),
}

/// Columns before the text, besides the lead: cursor, mark, and the time where it stands at the left.
pub const INDENT: u16 = 3;
pub const TIME: u16 = 6;
/// Columns of an age at the right, with the blank before it.
pub const AGE: u16 = 5;
/// Columns of a sparkline, in a pane that has room for them.
pub const SPARK: u16 = 10;
/// Columns that a text keeps, however long a name stands before it.
const TEXT: u16 = 12;

impl Line<'_> {
    /// Columns of the lead in a pane so wide.
    pub fn lead_width(&self, pane: Pane, width: u16) -> u16 {
        let spark = if has_sparks(pane, width) { SPARK + 1 } else { 0 };
        let beside = if shows_time(pane) { TIME } else { AGE } + spark;
        self.widest.min(width.saturating_sub(INDENT + beside + 1 + TEXT))
    }

    /// Columns left for the text in a pane so wide.
    pub fn room(&self, pane: Pane, width: u16) -> u16 {
        let lead = self.lead.as_ref().map_or(0, |_| self.lead_width(pane, width) + 1);
        let time = if shows_time(pane) && self.at.is_some() { TIME } else { 0 };
        width.saturating_sub(INDENT + lead + time + self.tail_width(pane, width))
    }

    fn tail_width(&self, pane: Pane, width: u16) -> u16 {
        if !self.tail.is_empty() {
            return u16::try_from(text::width(&self.tail) + 1).unwrap_or(0);
        }
        let spark = if has_sparks(pane, width) { SPARK + 1 } else { 0 };
        spark + if !shows_time(pane) && self.at.is_some() { AGE } else { 0 }
    }

    /// Rows it takes when everything of it is shown.
    pub fn rows(&self, pane: Pane, width: u16) -> usize {
        let of = |text: &str, room: u16| text::width(text).div_ceil(usize::from(room.max(1)));
        of(self.text, self.room(pane, width)).max(1) + of(&self.below, width.saturating_sub(INDENT + 1))
    }
}

/// Where the order counts, the time stands at the left and is absolute.
pub const fn shows_time(pane: Pane) -> bool {
    matches!(pane, Pane::Changes | Pane::Sequence | Pane::Suspects)
}

pub const fn has_sparks(pane: Pane, width: u16) -> bool {
    matches!(pane, Pane::State) && width >= 50
}

impl Mark {
    pub fn drawn(self, glyphs: &Glyphs) -> (&'static str, Role) {
        match self {
            Self::None => ("", Role::Text),
            Self::Level(Level::Unknown) => (glyphs.unknown, Role::Dim),
            Self::Level(Level::Normal) => (glyphs.normal, Role::Ok),
            Self::Level(Level::Elevated) => (glyphs.elevated, Role::Elevated),
            Self::Level(Level::Degraded) => (glyphs.degraded, Role::Degraded),
            Self::Level(Level::Critical) => (glyphs.critical, Role::Critical),
            Self::Gravity(Gravity::High) => (glyphs.elevated, Role::Critical),
            Self::Gravity(Gravity::Medium) => (glyphs.diagnosis, Role::Elevated),
            Self::Gravity(Gravity::Low) => (glyphs.dot, Role::Dim),
        }
    }
}

pub fn of(pane: Pane, situation: &Situation, window: Window) -> Vec<Line<'_>> {
    let mut lines: Vec<_> = match pane {
        Pane::State => situation.state.services.iter().map(service).collect(),
        Pane::Issues => situation.issues.iter().map(issue).collect(),
        Pane::Changes => changes(situation, window).into_iter().map(change).collect(),
        Pane::Actions => situation.actions.iter().map(action).collect(),
        Pane::Exposure => situation.exposure.iter().map(statement).collect(),
        Pane::Suspects => situation.suspects.iter().map(suspect).collect(),
        Pane::Reviews => situation.signals.pr.iter().map(statement).collect(),
        Pane::Operations => situation.signals.operational.iter().map(statement).collect(),
        Pane::Sequence => situation.sequence.iter().map(step).collect(),
    };
    let leads = lines.iter().filter_map(|line| line.lead.as_ref());
    let widest = leads.map(|(lead, _)| text::width(lead)).max().unwrap_or(0);
    lines.iter_mut().for_each(|line| line.widest = u16::try_from(widest).unwrap_or(u16::MAX));
    lines
}

/// What a line of a pane is about, to be explained.
pub fn subject(pane: Pane, situation: &Situation, window: Window, n: usize) -> Option<Subject> {
    match pane {
        Pane::State => situation.state.services.get(n).cloned().map(Subject::Service),
        Pane::Issues => situation.issues.get(n).cloned().map(Subject::Issue),
        Pane::Changes => changes(situation, window).get(n).map(|(it, _)| Subject::Change((*it).clone())),
        Pane::Actions => situation.actions.get(n).cloned().map(Subject::Action),
        Pane::Exposure => situation.exposure.get(n).cloned().map(Subject::Statement),
        Pane::Suspects => situation.suspects.get(n).cloned().map(Subject::Suspect),
        Pane::Reviews => situation.signals.pr.get(n).cloned().map(Subject::Statement),
        Pane::Operations => situation.signals.operational.get(n).cloned().map(Subject::Statement),
        Pane::Sequence => situation.sequence.get(n).cloned().map(Subject::Step),
    }
}

/// How many rows a pane would like to have when it is so wide.
pub fn needed(pane: Pane, situation: &Situation, window: Window, width: u16) -> usize {
    match pane {
        Pane::Sequence => 2,
        pane => of(pane, situation, window).iter().map(|line| line.rows(pane, width)).sum(),
    }
}

/// By rank: what to look at first stands first. An alarm that went off again and again stands there once, with how often.
fn changes(situation: &Situation, window: Window) -> Vec<(&Changed, usize)> {
    let since = window.since(situation.at);
    let (mut told, mut alarms) = (Vec::<(&Changed, usize)>::new(), HashMap::new());
    for change in situation.changes.iter().filter(|change| change.at >= since) {
        let place = match change.kind {
            Kind::Alarm => *alarms.entry((&change.service, &change.text)).or_insert(told.len()),
            _ => told.len(),
        };
        match told.get_mut(place) {
            Some((_, times)) => *times += 1,
            None => told.push((change, 1)),
        }
    }
    told
}

fn line<'a>(id: Id<'a>, text: &'a str) -> Line<'a> {
    let (below, tail) = (Cow::Borrowed(""), Cow::Borrowed(""));
    Line { id, mark: Mark::None, lead: None, widest: 0, text, below, spark: None, at: None, tail }
}

fn service(service: &ServiceState) -> Line<'_> {
    let name = service.name.as_str();
    Line {
        mark: Mark::Level(service.level),
        lead: Some((name.into(), Role::Strong)),
        spark: service.spark.as_ref(),
        at: service.since,
        ..line(Id::Name(name.into()), &service.text)
    }
}

fn issue(issue: &Issue) -> Line<'_> {
    Line {
        mark: Mark::Gravity(issue.severity),
        below: issue.consequence.as_str().into(),
        at: Some(issue.since),
        ..line(Id::Name(issue.id.as_str().into()), &issue.text)
    }
}

fn change((change, times): (&Changed, usize)) -> Line<'_> {
    Line {
        lead: Some((change.tag.as_str().into(), tag_role(change.kind))),
        at: Some(change.at),
        tail: if times > 1 { format!("×{times}").into() } else { Cow::Borrowed("") },
        ..line(Id::Signal(change.id), &change.text)
    }
}

fn action(action: &Remedy) -> Line<'_> {
    Line {
        mark: Mark::Gravity(action.impact),
        below: action.because.as_str().into(),
        tail: action.horizon.word().into(),
        ..line(Id::Said(action.rule, action.text.as_str().into()), &action.text)
    }
}

fn statement(statement: &Statement) -> Line<'_> {
    line(Id::Said(statement.rule, statement.text.as_str().into()), &statement.text)
}

fn suspect(suspect: &Suspect) -> Line<'_> {
    let reasons: Vec<_> =
        suspect.reasons.iter().map(|reason| format!("{} {:+}", reason.text, reason.weight)).collect();
    Line {
        lead: Some((format!("{:>3}", suspect.score).into(), Role::Strong)),
        below: reasons.join(", ").into(),
        at: Some(suspect.change.at),
        ..line(Id::Signal(suspect.change.id), &suspect.change.text)
    }
}

fn step(step: &Step) -> Line<'_> {
    Line {
        lead: Some((step.kind.word().into(), step_role(step.kind))),
        at: Some(step.at),
        ..line(Id::Step(step.at, step.kind), &step.text)
    }
}

pub fn tag_role(kind: Kind) -> Role {
    match kind {
        Kind::PullRequest | Kind::Review | Kind::Run => Role::TagGit,
        Kind::Config | Kind::Scaling => Role::TagConfig,
        Kind::Deploy | Kind::Alarm | Kind::Sample => Role::TagAws,
        Kind::Health | Kind::Log | Kind::Note => Role::TagOther,
    }
}

pub fn step_role(kind: StepKind) -> Role {
    match kind {
        StepKind::Deploy => Role::TagAws,
        StepKind::Config | StepKind::Scaling => Role::TagConfig,
        StepKind::Alarm => Role::Critical,
        StepKind::Diagnosis => Role::Accent,
        StepKind::Action => Role::ActionEntry,
        StepKind::Recovery => Role::Ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ServiceName, Span};
    use crate::engine::Snapshot;

    #[test]
    fn an_alarm_that_goes_off_again_and_again_has_one_line() {
        let now = Time::from_millis(100_000_000);
        let mut situation = (*Snapshot::empty("room", now).situation).clone();
        situation.at = now;
        let change = |n: i64, kind: Kind, text: &str| Changed {
            id: SignalId::of("test", &n.to_string()),
            at: now - Span::hours(n),
            tag: "AWS Runtime".to_owned(),
            service: Some(ServiceName::new("api")),
            text: text.to_owned(),
            evidence: Vec::new(),
            rank: 0,
            kind,
        };
        let age = |n| change(n, Kind::Alarm, "queue-age went off");
        let deploy = |n| change(n, Kind::Deploy, "api 2 released");
        situation.changes = vec![age(1), deploy(2), age(3), deploy(4), age(30)];
        let said = |window| {
            let lines = of(Pane::Changes, &situation, window);
            lines.iter().map(|line| format!("{} {}", line.text, line.tail)).collect::<Vec<_>>()
        };
        assert_eq!(said(Window::Day), ["queue-age went off ×2", "api 2 released ", "api 2 released "]);
        let about = subject(Pane::Changes, &situation, Window::Day, 2);
        assert_eq!(about, Some(Subject::Change(deploy(4))));
    }
}
