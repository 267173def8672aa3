//! `sitroom triggers`: what retros promised and is due, over all incidents.

use super::room;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::incident::{FollowUp, Trigger, TriggerState, follow_ups, triggers};
use crate::domain::text::clean;
use crate::domain::time::Day;
use crate::domain::{IncidentId, Person, Time};
use clap::Args;
use serde::Serialize;

/// Kill criteria counted over the journal, and open action items; exit 1 when one is due or overdue
#[derive(Debug, Args)]
pub(super) struct Triggers {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    at: Time,
    triggers: Vec<Criterion<'a>>,
    action_items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Criterion<'a> {
    incident: String,
    id: String,
    signal: &'a str,
    window: &'a str,
    threshold: &'a str,
    commitment: &'a str,
    owner: Option<&'a Person>,
    source: &'a str,
    /// due, counting, for-people, over
    state: &'static str,
    count: usize,
    of: Option<u32>,
    seen: Vec<String>,
    until: Option<Time>,
}

#[derive(Serialize)]
struct Item<'a> {
    incident: String,
    id: String,
    text: &'a str,
    #[serde(rename = "type")]
    action_type: &'static str,
    owner: Option<&'a Person>,
    due: Option<Day>,
    overdue: bool,
    follow_up: Option<Day>,
}

impl Run for Triggers {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let room = wait(room::look(start))?;
        let now = start.clock().now();
        let (triggers, items) = (triggers(&room, now), follow_ups(&room, now));
        if self.json {
            out.json(&Document {
                schema: "sitroom/triggers/1",
                at: now,
                triggers: triggers.iter().map(criterion).collect(),
                action_items: items.iter().map(item).collect(),
            })?;
        } else {
            print(&triggers, &items, out)?;
        }
        let is_bad = triggers.iter().any(Trigger::is_due) || items.iter().any(|item| item.is_overdue);
        Ok(if is_bad { Exit::No } else { Exit::Done })
    }
}

fn print(triggers: &[Trigger<'_>], items: &[FollowUp<'_>], out: &mut Out) -> Result<(), Failure> {
    if triggers.is_empty() && items.is_empty() {
        return out.line("no retro has promised anything yet");
    }
    for trigger in triggers {
        out.line(said(trigger))?;
    }
    let overdue = items.iter().filter(|item| item.is_overdue).count();
    out.line(format_args!("{} action items open, {overdue} overdue", items.len()))?;
    for item in items {
        out.line(task(item))?;
    }
    Ok(())
}

/// `due        INC-1 R9  IC declared late, 2 of 2 (INC-1, INC-3): re-training (dana)`.
fn said(trigger: &Trigger<'_>) -> String {
    let Trigger { after, item, criterion, state } = trigger;
    let counted = match (trigger.threshold(), state.seen()) {
        (Some(of), []) => format!(", 0 of {of}"),
        (Some(of), seen) => format!(", {} of {of} ({})", seen.len(), joined(seen).join(", ")),
        (None, _) => String::new(),
    };
    let commitment = match criterion.commitment.trim() {
        "" => "nothing was committed to",
        commitment => commitment,
    };
    format!(
        "{:<10} {} {}  {}{counted}: {}{}",
        state.word(),
        after.id,
        item.id,
        clean(&criterion.signal),
        clean(commitment),
        owner(criterion.owner.as_ref())
    )
}

fn task(follow_up: &FollowUp<'_>) -> String {
    let FollowUp { after, item, action, is_overdue } = follow_up;
    let word = if *is_overdue { "overdue" } else { "open" };
    let due = action.due.map_or_else(|| "no date".to_owned(), |due| due.to_string());
    format!(
        "{word:<10} {} {}  {due}  {}{}",
        after.id,
        item.id,
        clean(&action.text),
        owner(action.owner.as_ref())
    )
}

fn owner(owner: Option<&Person>) -> String {
    owner.map_or_else(|| " (nobody)".to_owned(), |owner| format!(" ({})", clean(owner.as_str())))
}

fn joined(seen: &[IncidentId]) -> Vec<String> {
    seen.iter().map(ToString::to_string).collect()
}

fn criterion<'a>(trigger: &Trigger<'a>) -> Criterion<'a> {
    let it = trigger.criterion;
    Criterion {
        incident: trigger.after.id.to_string(),
        id: trigger.item.id.to_string(),
        signal: &it.signal,
        window: &it.window,
        threshold: &it.threshold,
        commitment: &it.commitment,
        owner: it.owner.as_ref(),
        source: &it.source,
        state: trigger.state.word(),
        count: trigger.state.seen().len(),
        of: trigger.threshold(),
        seen: joined(trigger.state.seen()),
        until: match trigger.state {
            TriggerState::Counting { until, .. } => until,
            _ => None,
        },
    }
}

fn item<'a>(follow_up: &FollowUp<'a>) -> Item<'a> {
    Item {
        incident: follow_up.after.id.to_string(),
        id: follow_up.item.id.to_string(),
        text: &follow_up.action.text,
        action_type: follow_up.action.action_type.word(),
        owner: follow_up.action.owner.as_ref(),
        due: follow_up.action.due,
        overdue: follow_up.is_overdue,
        follow_up: follow_up.action.follow_up,
    }
}
