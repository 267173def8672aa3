//! The clock that presses most, in words for one line, on every screen and over whatever is being typed.
//!
//! It takes no key and no focus: it is said, and it stays until somebody answers it.

use super::overlays::Overlay;
use super::screens::incident::badge::clock as running;
use super::text;
use super::ui::{Ui, World};
use crate::domain::event::Nudge;
use crate::domain::incident::{Clock, ClockState, clocks};
use crate::domain::{Incident, Span, Time};
use crate::keymap::Verb;
use crate::theme::Role;

pub struct Pressing<'a> {
    pub incident: &'a Incident,
    pub clock: Clock,
}

/// Of all open incidents: what is due before what comes, and the sooner before the later.
pub fn pressing<'a>(world: World<'a>) -> Option<Pressing<'a>> {
    open(world)
        .filter_map(|incident| {
            let clocks = clocks(incident, &world.snapshot.clocks, world.present());
            let clock = clocks.into_iter().find(Clock::is_pending)?;
            Some(Pressing { incident, clock })
        })
        .min_by_key(|it| (!it.clock.is_due(), it.clock.next(), it.incident.severity))
}

pub(super) fn open<'a>(world: World<'a>) -> impl Iterator<Item = &'a Incident> {
    world.snapshot.room.open()
}

/// What a clock wants, in the words of somebody who reminds.
pub fn asks_for(nudge: Nudge) -> String {
    match nudge {
        Nudge::NoCommand => "take command".to_owned(),
        Nudge::RolesUnclaimed => "claim roles".to_owned(),
        other => other.to_string(),
    }
}

/// How long it has, or by how much it is over, and how loud that is.
pub fn countdown(clock: &Clock, now: Time) -> (String, Role) {
    let left = clock.next() - now;
    match clock.state {
        ClockState::Due => (format!("{} over", running(clock.next().age(now))), Role::Critical),
        ClockState::Snoozed { .. } => (format!("again in {}", running(left)), Role::Stale),
        ClockState::Running if left <= SOON => (format!("in {}", running(left)), Role::Elevated),
        ClockState::Running => (format!("in {}", running(left)), Role::Bar),
        ClockState::Kept { .. } => ("done".to_owned(), Role::Dim),
        ClockState::Dismissed { .. } => ("not applicable".to_owned(), Role::Dim),
    }
}

/// From here on a countdown is worth a colour.
const SOON: Span = Span::minutes(2);

/// How much is said of one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    All,
    /// Where two things press at once, or the line is narrow: nothing may push the other off it, or its end.
    Few,
}

/// The longest name that is said whole where words are few.
const NAME: usize = 16;

/// What is to be said at the left of the status line: an offer to this person, and the clock that presses.
pub fn said(ui: &Ui, world: World<'_>, room: usize) -> Vec<(String, Role)> {
    let both = |words| offer(ui, world, words).into_iter().chain(clock_said(ui, world, words));
    let all: Vec<_> = both(Words::All).collect();
    let taken: usize = all.iter().map(|(said, _)| text::width(said) + 2).sum();
    if taken > room { both(Words::Few).collect() } else { all }
}

fn offer(ui: &Ui, world: World<'_>, words: Words) -> Option<(String, Role)> {
    let offered = open(world).find(|it| it.command.offered_to.as_ref() == Some(&ui.me))?;
    let holder = offered.command.holder.as_ref()?;
    let (key, id) = (key(ui, Verb::CommandHandOver), offered.id);
    let said = match words {
        Words::All => format!("{holder} offers you command of {id}, {key} reads"),
        Words::Few => {
            format!("{} offers you {id}, {key}", text::fit(holder.as_str(), NAME, ui.look.glyphs.ellipsis))
        }
    };
    Some((said, Role::Critical))
}

fn clock_said(ui: &Ui, world: World<'_>, words: Words) -> Option<(String, Role)> {
    let Pressing { incident, clock } = pressing(world)?;
    let (countdown, role) = countdown(&clock, world.present());
    let several = open(world).nth(1).is_some();
    let whose = if several { format!("{} ", incident.id) } else { String::new() };
    let (sign, answer) = match (clock.is_due(), words) {
        (false, _) => (String::new(), String::new()),
        (true, words) => {
            let does = if words == Words::All { " answers" } else { "" };
            (format!("{} ", ui.look.glyphs.critical), format!(", {}{does}", key(ui, Verb::NudgeAnswer)))
        }
    };
    Some((format!("{sign}{whose}{} {countdown}{answer}", asks_for(clock.nudge)), role))
}

/// The key of a verb that works everywhere.
pub fn key(ui: &Ui, verb: Verb) -> String {
    ui.keymap.keys_in(verb, ui.screen.face().context.stack()).into_iter().next().unwrap_or_default()
}

/// The same for beside the screens' names, where a line to type into lies over the status line.
pub fn aside(ui: &Ui, world: World<'_>, room: usize) -> Vec<(String, Role)> {
    match ui.overlays.last() {
        Some(Overlay::Scribe | Overlay::Filter(_)) => said(ui, world, room),
        _ => Vec::new(),
    }
}
