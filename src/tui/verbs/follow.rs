//! Looking on at somebody's screen, and letting them look on at one's own.
//!
//! A question never takes a key away from what somebody is doing: it is said once, and answered by a menu.

use super::{Able, Deed};
use crate::domain::Person;
use crate::keymap::Verb;
use crate::tui::follow::{Following, News, Wish};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::command::{Choice, Does, Menu};
use crate::tui::ui::{Ui, World};
use std::collections::BTreeSet;

pub const DEEDS: &[Deed] = &[Deed { verb: Verb::ScreenFollow, able: has_company, run: open }];

fn has_company(ui: &Ui, world: World<'_>) -> Able {
    Able::when(!choices(ui, world).is_empty(), "nobody else is here")
}

fn open(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let menu = Menu::of("Look on", choices(ui, world));
    ui.overlays.push(Overlay::Command(menu));
    Vec::new()
}

/// What waits for an answer comes first.
fn choices(ui: &Ui, world: World<'_>) -> Vec<Choice> {
    let company = &ui.company;
    let choice = |said: String, wish| Choice { said, does: Does::Follow(wish) };
    let mut choices = Vec::new();
    for person in &company.asking {
        choices.push(choice(format!("Let {person} look on at your screen"), Wish::Let(person.clone())));
        choices.push(choice(format!("Tell {person}: not now"), Wish::Refuse(person.clone())));
    }
    if let Some(following) = &company.following {
        choices.push(choice(format!("Look on at {}'s screen no more", following.person), Wish::Leave));
    }
    if !company.onlookers.is_empty() {
        choices.push(choice(format!("Show your screen to {} no more", said(&company.onlookers)), Wish::Stop));
    }
    let here: BTreeSet<_> = world.snapshot.present.iter().map(|attendee| &attendee.person).collect();
    let others = here.into_iter().filter(|person| **person != ui.me);
    choices.extend(
        others.map(|person| choice(format!("Look on at {person}'s screen"), Wish::Ask(person.clone()))),
    );
    choices
}

fn said(people: &[Person]) -> String {
    people.iter().map(Person::as_str).collect::<Vec<_>>().join(", ")
}

/// Asks the driver, and forgets what is thereby answered.
pub fn wish(ui: &mut Ui, wish: Wish) -> Vec<Effect> {
    match &wish {
        Wish::Ask(person) => ui.say(format!("{person} is asked for leave")),
        Wish::Let(person) | Wish::Refuse(person) => ui.company.asking.retain(|asking| asking != person),
        Wish::Leave => ui.company.following = None,
        Wish::Stop => {}
    }
    vec![Effect::Follow(wish)]
}

/// Whether somebody who looks on stays where the other is, and says how to go.
pub fn stays(ui: &mut Ui) -> bool {
    let Some(following) = &ui.company.following else { return false };
    let said = format!("This is {}'s screen; esc goes back to yours", following.person);
    ui.say(said);
    true
}

/// What comes from the others.
pub fn company(ui: &mut Ui, news: News) {
    let company = &mut ui.company;
    match news {
        News::Asks(person) => {
            let said = format!("{person} asks to look on at your screen; F answers");
            if !company.asking.contains(&person) {
                company.asking.push(person);
            }
            ui.say(said);
        }
        News::Onlookers(onlookers) => company.onlookers = onlookers,
        News::Picture(person, picture) => company.following = Some(Following { person, picture }),
        News::Refused(person) => ui.say(format!("{person} would rather not be looked at now")),
        News::Over(person) => {
            company.following = None;
            ui.say(format!("{person} shows that screen no more"));
        }
        News::NotHere(person) => {
            ui.complain(format!(
                "{person} has no screen on this server; only those of one `sitroom serve` can be seen"
            ));
        }
    }
}
