//! What each pane has to say, line by line, independent of where it is drawn.

use super::{Pane, Window};
use crate::diagnosis::{Changed, Gravity, Issue, Level, Remedy, ServiceState, Situation, Spark, Statement, Step, StepKind, Suspect};
use crate::domain::signal::Kind;
use crate::domain::{SignalId, Time};
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;

#[derive(Clone, Debug)]
pub struct Line {
    /// What stays the same while numbers move.
    pub id: String,
    pub mark: Mark,
    /// A column of its own at the left: a name, a time, a tag.
    pub leads: Vec<(String, u16, Role)>,
    pub text: String,
    /// What is said below the line where there is room: the consequence, the reason.
    pub below: String,
    pub spark: Option<Spark>,
    pub at: Option<Time>,
    /// A word at the right instead of an age.
    pub tail: String,
    pub subject: Subject,
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

impl Mark {
    pub fn drawn(self, glyphs: &Glyphs) -> (&'static str, Role) {
        match self {
            Self::None => ("", Role::Text),
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

pub fn of(pane: Pane, situation: &Situation, window: Window) -> Vec<Line> {
    match pane {
        Pane::State => situation.state.services.iter().map(service).collect(),
        Pane::Issues => situation.issues.iter().map(issue).collect(),
        Pane::Changes => changes(situation, window).map(change).collect(),
        Pane::Actions => situation.actions.iter().map(action).collect(),
        Pane::Exposure => situation.exposure.iter().map(statement).collect(),
        Pane::Suspects => situation.suspects.iter().map(suspect).collect(),
        Pane::Reviews => situation.signals.pr.iter().map(statement).collect(),
        Pane::Operations => situation.signals.operational.iter().map(statement).collect(),
        Pane::Sequence => situation.sequence.iter().map(step).collect(),
    }
}

/// How many rows a pane would like to have.
pub fn needed(pane: Pane, situation: &Situation, window: Window) -> usize {
    match pane {
        Pane::State => situation.state.services.len(),
        Pane::Issues => situation.issues.len() * 2,
        Pane::Changes => changes(situation, window).count(),
        Pane::Actions => situation.actions.len() * 2,
        Pane::Exposure => situation.exposure.len(),
        Pane::Suspects => situation.suspects.len() * 2,
        Pane::Reviews => situation.signals.pr.len(),
        Pane::Operations => situation.signals.operational.len(),
        Pane::Sequence => 2,
    }
}

/// In the order they happened, the latest first: what one looks for here is what came before what.
fn changes(situation: &Situation, window: Window) -> impl Iterator<Item = &Changed> {
    let since = window.since(situation.at);
    situation.changes.iter().filter(move |change| change.at >= since)
}

fn line(id: String, text: &str, subject: Subject) -> Line {
    Line {
        id,
        mark: Mark::None,
        leads: Vec::new(),
        text: text.to_owned(),
        below: String::new(),
        spark: None,
        at: None,
        tail: String::new(),
        subject,
    }
}

fn service(service: &ServiceState) -> Line {
    Line {
        mark: Mark::Level(service.level),
        leads: vec![(service.name.to_string(), 20, Role::Strong)],
        spark: service.spark.clone(),
        at: service.since,
        ..line(service.name.to_string(), &service.text, Subject::Service(service.clone()))
    }
}

fn issue(issue: &Issue) -> Line {
    Line {
        mark: Mark::Gravity(issue.severity),
        below: issue.consequence.clone(),
        at: Some(issue.since),
        ..line(issue.id.clone(), &issue.text, Subject::Issue(issue.clone()))
    }
}

fn change(change: &Changed) -> Line {
    Line {
        leads: vec![(change.tag.clone(), 11, tag_role(change.kind))],
        at: Some(change.at),
        ..line(change.id.to_string(), &change.text, Subject::Change(change.clone()))
    }
}

fn action(action: &Remedy) -> Line {
    Line {
        mark: Mark::Gravity(action.impact),
        below: action.because.clone(),
        tail: action.horizon.word().to_owned(),
        ..line(format!("{}/{}", action.rule, action.text), &action.text, Subject::Action(action.clone()))
    }
}

fn statement(statement: &Statement) -> Line {
    line(format!("{}/{}", statement.rule, statement.text), &statement.text, Subject::Statement(statement.clone()))
}

fn suspect(suspect: &Suspect) -> Line {
    let reasons: Vec<_> = suspect.reasons.iter().map(|reason| format!("{} {:+}", reason.text, reason.weight)).collect();
    Line {
        leads: vec![(format!("{:>3}", suspect.score), 4, Role::Strong)],
        below: reasons.join(", "),
        at: Some(suspect.change.at),
        ..line(suspect.change.id.to_string(), &suspect.change.text, Subject::Suspect(suspect.clone()))
    }
}

fn step(step: &Step) -> Line {
    let id = step.signal.map_or_else(|| step.at.to_string(), |key| SignalId::to_string(&key.id));
    Line {
        leads: vec![(step.kind.word().to_owned(), 10, step_role(step.kind))],
        at: Some(step.at),
        ..line(id, &step.text, Subject::Step(step.clone()))
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
