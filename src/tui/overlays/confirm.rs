//! A question before something that is hard to take back; it names what it is about.

use super::{centred, window};
use crate::domain::{IncidentId, Intent, Person};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};

#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    pub question: String,
    /// What yes means, in full.
    pub means: String,
    pub intent: Intent,
}

/// A question about this session alone: a yes asks nothing of the room.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub question: String,
    pub means: String,
    pub then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Quit,
    /// Away from the form below, to the incident it would declare once more.
    Show(IncidentId),
}

impl Confirm {
    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let overtaken = self.overtaken(world);
        draw(&self.question, overtaken.as_ref().unwrap_or(&self.means), ui, canvas);
    }

    /// What is so by now, where command went on while one was asked whom to relieve. The question stays, so that no key
    /// goes to what lies below it.
    fn overtaken(&self, world: World<'_>) -> Option<String> {
        let Intent::TakeCommand { incident, relieving } = &self.intent else { return None };
        let holder = world.snapshot.room.incident(*incident)?.command.holder.as_ref();
        if holder == relieving.as_ref() {
            return None;
        }
        let who = holder.map_or("Nobody", Person::as_str);
        Some(format!(
            "{who} has command of {incident} by now: this is not the question any more, n leaves it."
        ))
    }
}

impl Question {
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        draw(&self.question, &self.means, ui, canvas);
    }
}

fn draw(question: &str, means: &str, ui: &Ui, canvas: &mut Canvas<'_>) {
    let means = text::wrap(means, 60);
    let height = u16::try_from(means.len() + 3).unwrap_or(8);
    let inside = window(canvas, centred(ui, 66, height), question, "y yes, n no");
    for (y, line) in (inside.y..inside.bottom()).zip(&means) {
        canvas.put_fit(inside.x, y, inside.width, line, Role::Text);
    }
}
