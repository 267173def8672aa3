//! Tasks, exit criteria, checklists and status updates, record by record.

use crate::domain::event::{CriterionContent, CriterionState, Event, Record, TaskContent, TaskState};
use crate::domain::id::{CriterionId, TaskId};
use crate::domain::incident::{Checklist, Criterion, Incident, Mark, Task, Update};

impl Incident {
    pub(super) fn takes_work(&mut self, record: &Record) -> bool {
        let Record { seq, at, by, event, .. } = record;
        match event {
            Event::TaskWritten { task, content, .. } => self.write_task(*task, content, record),
            Event::TaskMarked { task, state, outcome, .. } => self.tasks.change(task, |task| {
                task.state = *state;
                task.marked = Some(mark(record, outcome));
            }),
            Event::CriterionWritten { criterion, content, .. } => self.write_criterion(*criterion, content),
            Event::CriterionMarked { criterion, state, reason, evidence, .. } => {
                self.criteria.change(criterion, |criterion| {
                    criterion.state = *state;
                    criterion.marked = Some(mark(record, reason));
                    criterion.evidence.clone_from(evidence);
                })
            }
            Event::ChecklistStarted { checklist, content, .. } => {
                self.checklists.insert(*checklist, Checklist::begun(*checklist, content, *at, by))
            }
            Event::StepMarked { checklist, step, state, reason, .. } => {
                let is_there = self.checklists.get(checklist).is_some_and(|list| list.step(*step).is_some());
                is_there
                    && self.checklists.change(checklist, |list| {
                        if let Some(found) = list.step_mut(*step) {
                            found.state = *state;
                            found.marked = Some(mark(record, reason));
                        }
                    })
            }
            Event::UpdatePosted { content, .. } => {
                let content = content.clone();
                self.updates.insert(*seq, Update { seq: *seq, written_at: *at, by: by.clone(), content })
            }
            _ => false,
        }
    }

    fn write_task(&mut self, id: TaskId, content: &TaskContent, record: &Record) -> bool {
        let known = self.tasks.change(&id, |task| task.content = content.clone());
        known
            || self.tasks.insert(
                id,
                Task {
                    id,
                    content: content.clone(),
                    given_at: record.at,
                    given_by: record.by.clone(),
                    state: TaskState::Open,
                    marked: None,
                },
            )
    }

    fn write_criterion(&mut self, id: CriterionId, content: &CriterionContent) -> bool {
        let known = self.criteria.change(&id, |criterion| criterion.content = content.clone());
        let state = CriterionState::Open;
        let written =
            || Criterion { id, content: content.clone(), state, marked: None, evidence: Vec::new() };
        known || self.criteria.insert(id, written())
    }
}

fn mark(record: &Record, why: &str) -> Mark {
    Mark { at: record.at, by: record.by.clone(), why: why.to_owned() }
}
