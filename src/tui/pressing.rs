//! The clock that presses most, in words for one line, on every screen and over whatever is being typed.
//!
//! It takes no key and no focus: it is said, and it stays until somebody answers it. Only the answer to a key goes before
//! it where both have no room, for the seconds that it stands there.

use super::canvas::Canvas;
use super::overlays::Overlay;
use super::screens::Screen;
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
    /// Where two things press at once or a key was just answered, and the line is narrow.
    Few,
}

/// The longest name that is said whole where words are few.
const NAME: usize = 16;

/// What is to be said at the left of the status line: an offer to this person, and the clock that presses.
pub fn said(ui: &Ui, world: World<'_>) -> Vec<(String, Role)> {
    fitting(ui, world, ui.toast.as_ref().map_or(0, |toast| text::width(&toast.text) + 2))
}

/// In as many words as leave so much of the line to what else is said there; where even few do not, that goes before it.
fn fitting(ui: &Ui, world: World<'_>, beside: usize) -> Vec<(String, Role)> {
    let both = |words| offer(ui, world, words).into_iter().chain(clock_said(ui, world, words)).collect();
    let fits = |said: &Vec<(String, Role)>| {
        let taken: usize = said.iter().map(|(said, _)| text::width(said) + 2).sum();
        taken + beside + 2 <= usize::from(ui.size.width)
    };
    let all: Vec<_> = both(Words::All);
    if fits(&all) || all.len() < 2 && beside == 0 {
        return all;
    }
    let few = both(Words::Few);
    if fits(&few) || beside == 0 { few } else { Vec::new() }
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
fn key(ui: &Ui, verb: Verb) -> String {
    ui.keymap.keys_in(verb, ui.screen.face().context.stack()).into_iter().next().unwrap_or_default()
}

/// Where a line to type into lies over the status line, it is said beside the screens' names: as much of its end, where
/// the countdown is, as leaves them alone.
pub fn draw_aside(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    if !matches!(ui.overlays.last(), Some(Overlay::Scribe | Overlay::Filter(_))) {
        return;
    }
    let names: usize = Screen::ALL.iter().map(|screen| screen.title().len() + 4).sum();
    let room = usize::from(ui.size.width).saturating_sub(names + 3);
    let mut said = fitting(ui, world, 0);
    if let [(only, _)] = said.as_mut_slice()
        && text::width(only) > room
        && let Some((few, _)) = clock_said(ui, world, Words::Few).or_else(|| offer(ui, world, Words::Few))
    {
        *only = end_of(&few, room).to_owned();
    }
    let mut right = ui.size.width;
    for (said, role) in said.iter().rev() {
        right = canvas.put_right(0, 1, right, &format!("  {said} "), *role);
    }
}

/// Without so many of its first words that the rest has room; the last one stays.
fn end_of(said: &str, room: usize) -> &str {
    let mut end = said;
    while text::width(end) > room
        && let Some((_, rest)) = end.split_once(' ')
    {
        end = rest;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn where_room_is_short_the_countdown_is_what_stays() {
        assert_eq!(end_of("take command in 09:57", 40), "take command in 09:57");
        assert_eq!(end_of("take command in 09:57", 17), "command in 09:57");
        assert_eq!(end_of("take command in 09:57", 2), "09:57");
    }
}
