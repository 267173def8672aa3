//! Tasks, exit criteria, checklists and status updates as they stand.

use crate::domain::event::{
    ChecklistContent, CriterionContent, CriterionState, Evidence, Role, Step, StepState, TaskContent,
    TaskState, UpdateContent,
};
use crate::domain::id::{ChecklistId, CriterionId, Person, Seq, TaskId};
use crate::domain::time::{Span, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub content: TaskContent,
    pub given_at: Time,
    pub given_by: Person,
    pub state: TaskState,
    /// When and by whom it was last marked; absent while it never was.
    pub marked: Option<Mark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    pub id: CriterionId,
    pub content: CriterionContent,
    pub state: CriterionState,
    pub marked: Option<Mark>,
    /// What was there to see when it was marked.
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    pub id: ChecklistId,
    pub title: String,
    pub template: String,
    pub role: Option<Role>,
    /// How long it may take, counted from when it was begun.
    pub target: Option<Span>,
    pub started_at: Time,
    pub started_by: Person,
    pub steps: Vec<ChecklistStep>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistStep {
    pub step: Step,
    pub state: StepState,
    pub marked: Option<Mark>,
}

/// Who said so, when, and why: an outcome, a reason, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: Time,
    pub by: Person,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub seq: Seq,
    pub written_at: Time,
    pub by: Person,
    pub content: UpdateContent,
}

impl Task {
    pub fn is_running(&self) -> bool {
        self.state == TaskState::Open
    }
}

impl Checklist {
    pub(in crate::domain) fn begun(
        id: ChecklistId,
        content: &ChecklistContent,
        at: Time,
        by: &Person,
    ) -> Self {
        let step = |step: &Step| ChecklistStep { step: step.clone(), state: StepState::Open, marked: None };
        Self {
            id,
            title: content.title.clone(),
            template: content.template.clone(),
            role: content.role,
            target: content.target,
            started_at: at,
            started_by: by.clone(),
            steps: content.steps.iter().map(step).collect(),
        }
    }

    /// A step by its number, from 1.
    pub fn step(&self, number: u32) -> Option<&ChecklistStep> {
        self.steps.get(place(number)?)
    }

    pub(in crate::domain) fn step_mut(&mut self, number: u32) -> Option<&mut ChecklistStep> {
        self.steps.get_mut(place(number)?)
    }

    /// When the last of its steps was ticked or skipped, if none is left.
    pub fn finished_at(&self) -> Option<Time> {
        if self.next_step().is_some() {
            return None;
        }
        self.steps.iter().filter_map(|step| step.marked.as_ref()).map(|mark| mark.at).max()
    }

    /// How long it has taken, or took, against how long it may; none where nobody said.
    pub fn against_target(&self, now: Time) -> Option<(Span, Span)> {
        let target = self.target?;
        Some((self.started_at.age(self.finished_at().unwrap_or(now)), target))
    }

    /// How many steps are behind us, ticked or skipped.
    pub fn passed(&self) -> usize {
        self.steps.iter().filter(|step| step.state != StepState::Open).count()
    }

    /// The first step nobody has ticked or skipped, and its number.
    pub fn next_step(&self) -> Option<(u32, &ChecklistStep)> {
        (1..).zip(&self.steps).find(|(_, step)| step.state == StepState::Open)
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}
