//! The menu of command: what one can do about who has it, about roles, and about the state of the incident; the
//! likeliest first.

use super::ask::Wants;
use super::confirm::Confirm;
use super::{centred, more_mark, window};
use crate::domain::event::{Audience, Role as Duty, Severity};
use crate::domain::incident::{Clock, Status, and, unfinished};
use crate::domain::{Incident, IncidentId, Intent, Person};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::follow::Wish;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;
use std::collections::BTreeSet;

#[derive(Debug)]
pub struct Menu {
    title: String,
    choices: Vec<Choice>,
    cursor: Cursor,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub said: String,
    pub does: Does,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    Submit(Intent),
    Confirm(Confirm),
    Ask(Wants),
    /// This session turns to another incident.
    Front(IncidentId),
    Open(Opens),
    Follow(Wish),
}

/// What a choice leads on to.
#[derive(Clone, Debug, PartialEq)]
pub enum Opens {
    Update(IncidentId, Audience),
    HandOver(IncidentId, Option<Person>),
    /// What is on offer with command.
    Packet(IncidentId),
    Clock(IncidentId, Clock),
}

impl Menu {
    pub fn open(incident: &Incident, ui: &Ui, world: World<'_>) -> Self {
        let people = people(incident, world);
        Self::of(format!("Command of {}", incident.id), choices(incident, &ui.me, ui.role, &people))
    }

    pub fn into_choices(self) -> Vec<Choice> {
        self.choices
    }

    /// Any other short list of things to do.
    pub fn of(title: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { title: title.into(), choices, cursor: Cursor::default() }
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let page = usize::from(self.area(ui).height.saturating_sub(2));
        self.cursor.step(step, self.choices.len(), page);
    }

    pub fn select_row(&mut self, row: usize) {
        self.cursor.line = (self.cursor.first + row).min(self.choices.len().saturating_sub(1));
    }

    pub fn chosen(&self) -> Option<Does> {
        self.choices.get(self.cursor.line).map(|choice| choice.does.clone())
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, self.area(ui), &self.title, "enter does it, esc closes");
        let choices = self.choices.iter().enumerate().skip(self.cursor.first);
        for (y, (n, choice)) in (inside.y..inside.bottom()).zip(choices) {
            canvas.hit(Rect { y, height: 1, ..inside }, Hit::Row(n - self.cursor.first));
            let is_selected = n == self.cursor.line;
            if is_selected {
                canvas.put(inside.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            let role = if is_selected { Role::Selection } else { Role::Text };
            canvas.put_fit(inside.x + 2, y, inside.width.saturating_sub(2), &choice.said, role);
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), self.choices.len());
    }

    fn area(&self, ui: &Ui) -> Rect {
        let widest = self.choices.iter().map(|choice| text::width(&choice.said)).max().unwrap_or(0);
        let width = u16::try_from(widest + 8).unwrap_or(u16::MAX).clamp(58, 90);
        centred(ui, width, u16::try_from(self.choices.len() + 2).unwrap_or(u16::MAX))
    }
}

/// Whoever had a part in this incident, and may be handed command.
fn people(incident: &Incident, world: World<'_>) -> BTreeSet<Person> {
    let authors = incident.entries.values().map(|entry| &entry.written_by);
    let owners = incident.entries.values().filter_map(|entry| entry.content.owner.as_ref());
    let others = world.snapshot.room.incidents.values().filter_map(|other| other.command.holder.as_ref());
    let held = incident.roles.values().flatten();
    let declarer = std::iter::once(&incident.declared_by);
    authors.chain(owners).chain(others).chain(held).chain(declarer).cloned().collect()
}

fn choices(incident: &Incident, me: &Person, usual: Option<Duty>, people: &BTreeSet<Person>) -> Vec<Choice> {
    if incident.status != Status::Open {
        return of_the_ended(incident);
    }
    let mut choices = of_command(incident, me, people);
    choices.extend(of_roles(incident, me, usual));
    choices.extend(of_the_state(incident));
    choices
}

fn of_command(incident: &Incident, me: &Person, people: &BTreeSet<Person>) -> Vec<Choice> {
    let id = incident.id;
    let command = &incident.command;
    let mut choices = Vec::new();
    if command.offered_to.as_ref() == Some(me)
        && let Some(holder) = &command.holder
    {
        choices.push(Choice {
            said: format!("Read what {holder} hands over, and accept"),
            does: Does::Open(Opens::Packet(id)),
        });
        choices.push(submit(format!("Decline the offer of {holder}"), Intent::DeclineCommand(id)));
    }
    match &command.holder {
        None => {
            let intent = Intent::TakeCommand { incident: id, relieving: None };
            choices.push(submit("Take command".to_owned(), intent));
        }
        Some(holder) if holder == me => {
            let others = people.iter().filter(|person| *person != me);
            choices.extend(
                others.map(|person| {
                    hand_over(format!("Hand command over to {person}"), id, Some(person.clone()))
                }),
            );
            choices.push(hand_over("Hand command over to somebody else".to_owned(), id, None));
            if let Some(to) = &command.offered_to {
                choices.push(submit(format!("Take the offer to {to} back"), Intent::DeclineCommand(id)));
            }
            choices.push(confirm(
                "Release command",
                format!("Release command of {id}?"),
                format!("Nobody will have command of {id} ({}) until somebody takes it.", incident.title),
                Intent::ReleaseCommand(id),
            ));
        }
        Some(holder) => choices.push(confirm(
            &format!("Take command from {holder}"),
            format!("Relieve {holder}?"),
            format!(
                "{holder} has command of {id} ({}). Taking it relieves {holder}, and the timeline says so.",
                incident.title
            ),
            Intent::TakeCommand { incident: id, relieving: Some(holder.clone()) },
        )),
    }
    choices.push(Choice { said: "Name the next IC".to_owned(), does: Does::Ask(Wants::Next(id)) });
    choices
}

fn hand_over(said: String, incident: IncidentId, to: Option<Person>) -> Choice {
    Choice { said, does: Does::Open(Opens::HandOver(incident, to)) }
}

/// What somebody usually does comes first.
fn of_roles(incident: &Incident, me: &Person, usual: Option<Duty>) -> Vec<Choice> {
    let role = |duty: &Duty| {
        if incident.holds(*duty, me) {
            submit(format!("Stop being {duty}"), Intent::DropRole(incident.id, *duty))
        } else {
            submit(format!("Be {duty}"), Intent::TakeRole(incident.id, *duty))
        }
    };
    let others = Duty::ALL.iter().filter(|duty| Some(**duty) != usual);
    usual.iter().chain(others).map(role).collect()
}

fn of_the_state(incident: &Incident) -> Vec<Choice> {
    let id = incident.id;
    let others = Severity::ALL.iter().filter(|severity| **severity != incident.severity);
    let severity = others.map(|to| {
        let word = if *to < incident.severity { "Raise" } else { "Lower" };
        submit(format!("{word} it to {to}"), Intent::SetSeverity(id, *to))
    });
    let resolve = confirm(
        "Resolve the incident",
        format!("Resolve {id}?"),
        match unfinished(incident).as_slice() {
            [] => format!("{} is over for those it hit. It can be reopened.", incident.title),
            left => {
                format!("{} is over for those it hit, but {}. It can be reopened.", incident.title, and(left))
            }
        },
        Intent::Resolve(id),
    );
    std::iter::once(resolve).chain(severity).collect()
}

fn of_the_ended(incident: &Incident) -> Vec<Choice> {
    let id = incident.id;
    let reopen = confirm(
        "Reopen the incident",
        format!("Reopen {id}?"),
        format!("{} is not over: its clock runs on.", incident.title),
        Intent::Reopen(id),
    );
    let close = confirm(
        "Close the incident",
        format!("Close {id}?"),
        format!("Nothing is left to do about {}.", incident.title),
        Intent::Close(id),
    );
    match incident.status {
        Status::Resolved => vec![close, reopen],
        _ => vec![reopen],
    }
}

fn submit(said: String, intent: Intent) -> Choice {
    Choice { said, does: Does::Submit(intent) }
}

fn confirm(said: &str, question: String, means: String, intent: Intent) -> Choice {
    Choice { said: said.to_owned(), does: Does::Confirm(Confirm { question, means, intent }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::Command;
    use crate::domain::{Event, Record, Room, Seq, Time};

    fn incident(holder: Option<&str>, offered_to: Option<&str>) -> Incident {
        let declared = Record {
            key: None,
            seq: Seq(1),
            at: Time::from_millis(0),
            by: Person::new("lee"),
            event: Event::IncidentDeclared {
                incident: IncidentId(1),
                title: "Checkout fails".into(),
                severity: Severity::Sev2,
                services: Vec::new(),
                impact: String::new(),
                evidence: Vec::new(),
            },
        };
        let mut incident = Room::replay([&declared]).incident(IncidentId(1)).unwrap().clone();
        incident.command = Command {
            holder: holder.map(Person::new),
            offered_to: offered_to.map(Person::new),
            ..Command::default()
        };
        incident
    }

    fn first(holder: Option<&str>, offered_to: Option<&str>) -> Choice {
        choices(&incident(holder, offered_to), &Person::new("dana"), None, &BTreeSet::new()).remove(0)
    }

    #[test]
    fn the_likeliest_comes_first() {
        assert_eq!(first(None, None).said, "Take command");
        assert_eq!(first(Some("sam"), Some("dana")).does, Does::Open(Opens::Packet(IncidentId(1))));
        assert!(matches!(first(Some("dana"), None).does, Does::Open(Opens::HandOver(_, None))));
    }

    #[test]
    fn relieving_somebody_asks_and_names_them() {
        let Does::Confirm(confirm) = first(Some("sam"), None).does else { panic!("it asks") };
        assert_eq!(confirm.question, "Relieve sam?");
        let relieving = Some(Person::new("sam"));
        assert_eq!(confirm.intent, Intent::TakeCommand { incident: IncidentId(1), relieving });
    }
}
