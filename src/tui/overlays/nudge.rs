//! What one may answer a clock with: do what it asks for, say that it is done, put it off, or say that it is not to be.

use super::ask::Wants;
use super::command::{Choice, Does, Menu, Opens};
use crate::domain::event::{Answer, Audience, Nudge};
use crate::domain::incident::{Clock, SNOOZES, clocks, unclaimed_roles};
use crate::domain::{Incident, Intent};
use crate::tui::pressing::{asks_for, countdown};
use crate::tui::ui::World;

/// The answers to one clock, and below them the other clocks of that incident.
pub fn menu(incident: &Incident, clock: &Clock, world: World<'_>) -> Menu {
    let mut choices = deeds(incident, clock, world);
    choices.extend(answers(incident, clock));
    choices.extend(others(incident, clock, world));
    let (said, _) = countdown(clock, world.present());
    Menu::of(format!("{} {}, {said}", incident.id, asks_for(clock.nudge)), choices)
}

/// What it asks for can be done from here.
fn deeds(incident: &Incident, clock: &Clock, world: World<'_>) -> Vec<Choice> {
    let write = |audience: Audience| Choice {
        said: format!("Write the {} update", audience.word()),
        does: Does::Open(Opens::Update(incident.id, audience)),
    };
    match clock.nudge {
        Nudge::NoCommand => vec![Choice {
            said: "Take command".to_owned(),
            does: Does::Submit(Intent::TakeCommand { incident: incident.id, relieving: None }),
        }],
        Nudge::ExternalUpdate => vec![write(Audience::External)],
        Nudge::InternalUpdate => vec![write(Audience::Internal)],
        Nudge::RolesUnclaimed => unclaimed_roles(incident, &world.snapshot.clocks)
            .into_iter()
            .map(|role| Choice {
                said: format!("Be {role}"),
                does: Does::Submit(Intent::TakeRole(incident.id, role)),
            })
            .collect(),
        Nudge::CallOut | Nudge::CallBack { .. } | Nudge::TimeBox { .. } => Vec::new(),
    }
}

fn answers(incident: &Incident, clock: &Clock) -> Vec<Choice> {
    let mut choices =
        vec![Choice { said: "Done".to_owned(), does: Does::Submit(answer(incident, clock, Answer::Done)) }];
    if clock.is_due() {
        choices.extend(SNOOZES.map(|span| Choice {
            said: format!("Ask again in {} minutes", span.as_seconds() / 60),
            does: Does::Submit(answer(incident, clock, Answer::Snoozed { span })),
        }));
    }
    choices.push(Choice {
        said: "Not applicable, with the reason".to_owned(),
        does: Does::Ask(Wants::Dismiss(incident.id, clock.nudge, clock.due)),
    });
    choices
}

fn others(incident: &Incident, clock: &Clock, world: World<'_>) -> Vec<Choice> {
    let now = world.present();
    let pending = clocks(incident, &world.snapshot.clocks, now).into_iter().filter(Clock::is_pending);
    let others = pending.filter(|other| other.nudge != clock.nudge);
    others
        .map(|other| Choice {
            said: format!("… {}, {}", asks_for(other.nudge), countdown(&other, now).0),
            does: Does::Open(Opens::Clock(incident.id, other)),
        })
        .collect()
}

pub fn answer(incident: &Incident, clock: &Clock, answer: Answer) -> Intent {
    let Clock { nudge, due, .. } = *clock;
    Intent::AnswerNudge { incident: incident.id, nudge, due, answer }
}
