//! A line about the work of an incident: a task, an exit criterion, a key moment, or the reason of a mark.
//!
//! What was understood of it is said below as it is typed. A line that was not taken comes back with the reason.

use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::event::{CriterionState, Evidence, LiveCheck, Moment, MomentValue, StepState, TaskState};
use crate::domain::incident::CheckState;
use crate::domain::scribe::{self, check_line};
use crate::domain::{ChecklistId, CriterionId, IncidentId, Intent, SeriesName, TaskId};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::evidence;
use crate::tui::screens::incident::item::when;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub struct Typed {
    pub field: Field,
    pub wants: Typing,
    pub problem: Option<String>,
    /// What it said before anybody typed.
    begun: String,
}

/// What the line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    pub incident: IncidentId,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A new task, or one written anew.
    Task(Option<TaskId>),
    Outcome(TaskId, TaskState),
    Criterion(Option<CriterionId>),
    Mark(CriterionId, CriterionState),
    Skip(ChecklistId, u32),
    Moment(Moment),
    Decline(Moment),
}

const DOES_IT: &str = "enter does it";

impl Typed {
    pub fn open(wants: Typing, ui: &Ui, world: World<'_>) -> Self {
        let text = wants.before(ui, world);
        Self { field: Field::holding(wants.placeholder(), &text), wants, problem: None, begun: text }
    }

    /// A line that was not taken, with the reason.
    pub fn again(wants: Typing, text: &str, problem: String) -> Self {
        let begun = String::new();
        Self { field: Field::holding(wants.placeholder(), text), wants, problem: Some(problem), begun }
    }

    /// What is asked of the engine, or why the line does not do.
    pub fn intent(&self, ui: &Ui, world: World<'_>) -> Result<Intent, String> {
        self.wants.read(self.field.text().trim(), ui, world)
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let area = centred(ui, 84, 5);
        let hint =
            if self.wants.goes_on() { "enter adds it, esc closes" } else { "enter does it, esc does not" };
        let inside = window(canvas, area, &self.wants.title(), hint);
        self.field.draw(canvas, inside.x, inside.y, inside.width);
        let (said, role) = match (&self.problem, self.field.text().trim()) {
            (Some(problem), _) => (problem.clone(), Role::Error),
            (None, "") => (self.wants.grammar().to_owned(), Role::Dim),
            // What shows it is frozen when it is marked, not for every picture; and any words will do.
            (None, _) if matches!(self.wants.what, What::Mark(..)) => (DOES_IT.to_owned(), Role::Info),
            (None, _) => match self.intent(ui, world) {
                Ok(intent) => (understood(&intent, ui, world), Role::Info),
                Err(problem) => (problem, Role::Elevated),
            },
        };
        canvas.put_fit(inside.x, inside.y + 2, inside.width, &said, role);
    }
}

impl Typing {
    pub const fn new(incident: IncidentId, what: What) -> Self {
        Self { incident, what }
    }

    /// Whether another line follows, as one follows in the timeline.
    pub const fn goes_on(self) -> bool {
        matches!(self.what, What::Task(None) | What::Criterion(None))
    }

    /// Where what is typed here is kept.
    pub fn slot(self) -> Slot {
        Slot::new(format!("{} {}", self.incident, self.title()))
    }

    fn title(self) -> String {
        match self.what {
            What::Task(None) => format!("A task of {}", self.incident),
            What::Task(Some(task)) => format!("{task} anew"),
            What::Outcome(task, TaskState::Done) => format!("{task} is done"),
            What::Outcome(task, _) => format!("Drop {task}"),
            What::Criterion(None) => format!("{} is over when", self.incident),
            What::Criterion(Some(criterion)) => format!("{criterion} anew"),
            What::Mark(criterion, CriterionState::Met) => format!("{criterion} is met"),
            What::Mark(criterion, _) => format!("Drop {criterion}"),
            What::Skip(list, step) => format!("Skip step {step} of {list}"),
            What::Moment(moment) => format!("{moment} of {}", self.incident),
            What::Decline(moment) => format!("Decline the proposal for {moment}"),
        }
    }

    const fn placeholder(self) -> &'static str {
        match self.what {
            What::Task(_) => "restart the pods @sam box:20m call:10m",
            What::Outcome(_, TaskState::Done) => "what came of it, if that helps anybody",
            What::Criterion(_) => "errors are usual when api/5xx < 0.8 for 10m",
            What::Mark(_, CriterionState::Met) => "what shows it, if that helps anybody",
            What::Moment(_) => "14:06 customers called",
            What::Skip(..) => "why it is skipped",
            What::Outcome(..) | What::Mark(..) | What::Decline(_) => "why",
        }
    }

    const fn grammar(self) -> &'static str {
        match self.what {
            What::Task(_) => "@owner, box: when its time is up, call: when to ask; 20m or 14:50",
            What::Criterion(_) => "prose, or `when SERIES < 0.8 for 10m`, `when alarm NAME quiet for 5m`",
            What::Moment(_) => "14:06, ~14:06, 14:06-14:10, -7m, now, never, unknown; then why",
            What::Skip(..) => "a step is skipped only with its reason",
            What::Outcome(..) | What::Mark(..) | What::Decline(_) => "enter alone is enough",
        }
    }

    /// What stands in the line already.
    fn before(self, ui: &Ui, world: World<'_>) -> String {
        let Some(incident) = world.snapshot.room.incident(self.incident) else { return String::new() };
        match self.what {
            What::Task(Some(task)) => incident.tasks.get(&task).map_or_else(String::new, |task| {
                scribe::task_line(&task.content, world.present(), &ui.zone.shown())
            }),
            What::Criterion(Some(criterion)) => incident
                .criteria
                .get(&criterion)
                .map_or_else(String::new, |criterion| scribe::criterion_line(&criterion.content)),
            _ => String::new(),
        }
    }

    fn read(self, said: &str, ui: &Ui, world: World<'_>) -> Result<Intent, String> {
        let Self { incident, what } = self;
        let (now, zone, reason) = (world.present(), ui.zone.shown(), said.to_owned());
        Ok(match what {
            What::Task(None) => {
                let task = scribe::task(said, now, &zone)?;
                if let Some(late) = scribe::born_late(&task, now, &zone) {
                    return Err(late);
                }
                Intent::AddTask(incident, task)
            }
            What::Task(Some(task)) => Intent::ReviseTask(incident, task, scribe::task(said, now, &zone)?),
            What::Outcome(task, state) => Intent::MarkTask(incident, task, state, reason),
            What::Criterion(None) => Intent::AddCriterion(incident, scribe::criterion(said)?),
            What::Criterion(Some(id)) => Intent::ReviseCriterion(incident, id, scribe::criterion(said)?),
            What::Mark(criterion, state) => {
                let evidence = self.seen(criterion, ui, world);
                Intent::MarkCriterion { incident, criterion, state, reason, evidence }
            }
            What::Skip(..) if said.is_empty() => return Err("say why the step is skipped".to_owned()),
            What::Skip(checklist, step) => {
                Intent::MarkStep { incident, checklist, step, state: StepState::Skipped, reason }
            }
            What::Moment(moment) => {
                let (value, reason) = scribe::moment(said, now, &zone)?;
                Intent::SetMoment { incident, moment, value, reason, evidence: Vec::new(), basis: None }
            }
            What::Decline(moment) => {
                let found = world.snapshot.room.incident(incident).zip(ui.incident.live().proposal(moment));
                let (incident, proposal) = found.ok_or("it is not proposed any more")?;
                proposal.clone().decline(incident, reason)
            }
        })
    }

    /// What the live check of a criterion says at the moment it is marked, frozen.
    fn seen(self, criterion: CriterionId, ui: &Ui, world: World<'_>) -> Vec<Evidence> {
        let incident = world.snapshot.room.incident(self.incident);
        let content = incident.and_then(|it| it.criteria.get(&criterion)).map(|it| &it.content);
        let check = content.and_then(|content| content.check.as_ref());
        match (check, ui.incident.live().check(criterion)) {
            (Some(check), Some(CheckState::Met { since } | CheckState::NotYet { since, .. })) => {
                evidence::of_check(check, *since, world).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

impl TakesText for Typed {
    fn field(&mut self) -> Option<&mut Field> {
        self.problem = None;
        Some(&mut self.field)
    }

    /// A line that says what it said when it was opened is nobody's draft.
    fn draft(&self) -> Option<(Slot, String)> {
        let text = self.field.text();
        (text != self.begun).then(|| (self.wants.slot(), text.to_owned()))
    }

    fn awaits(&self) -> Option<Slot> {
        (self.field.text() == self.begun).then(|| self.wants.slot())
    }

    fn resume(&mut self, kept: &str) {
        self.field.clear();
        self.field.paste(kept);
    }
}

/// Among so many of the newest signals, every series that is still measured has a sample.
const NEWEST: usize = 20_000;

fn is_measured(series: &SeriesName, world: World<'_>) -> bool {
    evidence::sample_of(world.snapshot.signals.iter().rev().take(NEWEST), series).is_some()
}

/// What the line comes to, in words.
fn understood(intent: &Intent, ui: &Ui, world: World<'_>) -> String {
    let zone = ui.zone.shown();
    match intent {
        Intent::AddTask(_, task) | Intent::ReviseTask(_, _, task) => {
            let owner = task.owner.as_ref().map_or_else(|| "nobody has it".to_owned(), |it| format!("@{it}"));
            let due = task.due.map_or_else(String::new, |at| format!(", until {}", at.hour_minute(&zone)));
            let call = task
                .call_back
                .map_or_else(String::new, |at| format!(", call back {}", at.hour_minute(&zone)));
            format!("{}: {owner}{due}{call}", task.text)
        }
        Intent::AddCriterion(_, content) | Intent::ReviseCriterion(_, _, content) => match &content.check {
            Some(check @ LiveCheck::Series { series, .. }) if !is_measured(series, world) => {
                format!("nothing called {series} is measured yet; when it is: {}", check_line(check))
            }
            Some(check) => format!("live: {}", check_line(check)),
            None => "prose: a person says when it is met".to_owned(),
        },
        Intent::SetMoment { value, .. } => match value {
            MomentValue::Happened { when: at } => {
                format!("{} {} {}", at.from.date(&zone), when(*at, &zone), ui.zone.label())
            }
            MomentValue::Never => "did not happen, and will not".to_owned(),
            MomentValue::Unknown => "nobody knows yet; what was said is withdrawn".to_owned(),
        },
        _ => DOES_IT.to_owned(),
    }
}
