//! A line asked for before something is done: the reason of a verdict or a strike, the name of a person.

use super::{centred, window};
use crate::domain::event::Verdict;
use crate::domain::text::clean;
use crate::domain::{EntryId, IncidentId, Intent, Person};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub struct Ask {
    pub field: Field,
    title: String,
    wants: Wants,
    problem: Option<&'static str>,
}

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Verdict(IncidentId, EntryId, Verdict),
    Strike(IncidentId, EntryId),
    /// To whom command is offered.
    Offer(IncidentId),
}

impl Ask {
    pub fn open(wants: Wants) -> Self {
        let (title, placeholder) = match wants {
            Wants::Verdict(_, entry, Verdict::Confirmed) => {
                (format!("Confirm {entry}"), "what shows that it is so")
            }
            Wants::Verdict(_, entry, Verdict::Refuted) => {
                (format!("Refute {entry}"), "what shows that it is not so")
            }
            Wants::Verdict(_, entry, Verdict::Open) => (format!("Open {entry} again"), "why"),
            Wants::Strike(_, entry) => (format!("Strike {entry}"), "why, if that helps anybody"),
            Wants::Offer(_) => ("Offer command".to_owned(), "to whom, one word such as sam"),
        };
        Self { field: Field::new(placeholder), title, wants, problem: None }
    }

    /// Where what is typed here is kept.
    pub fn slot(&self) -> Slot {
        Slot::new(match self.wants {
            Wants::Verdict(incident, entry, verdict) => format!("verdict {incident} {entry} {verdict}"),
            Wants::Strike(incident, entry) => format!("strike {incident} {entry}"),
            Wants::Offer(incident) => format!("offer {incident}"),
        })
    }

    /// What is asked of the engine, or nothing while the line does not do.
    pub fn intent(&mut self) -> Option<Intent> {
        let said = self.field.text().trim().to_owned();
        match self.wants {
            Wants::Verdict(..) if said.is_empty() => {
                self.problem = Some("a verdict needs its reason, for those who read this later");
                None
            }
            Wants::Verdict(incident, entry, verdict) => Some(Intent::Judge(incident, entry, verdict, said)),
            Wants::Strike(incident, entry) => Some(Intent::Strike(incident, entry, said)),
            Wants::Offer(incident) => match person(&said) {
                Some(to) => Some(Intent::OfferCommand(incident, to)),
                None => {
                    self.problem = Some("a person is one word, such as sam");
                    None
                }
            },
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, centred(ui, 66, 4), &self.title, "enter does it, esc does not");
        self.field.draw(canvas, inside.x, inside.y, inside.width);
        if let Some(problem) = self.problem {
            canvas.put_fit(inside.x, inside.y + 1, inside.width, problem, Role::Error);
        }
    }
}

fn person(said: &str) -> Option<Person> {
    let name = said.trim_start_matches('@');
    let is_name = !name.is_empty()
        && name.len() <= 64
        && clean(name) == name
        && !name.contains(|c: char| c.is_whitespace() || "@#".contains(c));
    is_name.then(|| Person::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_wants_its_reason() {
        let mut ask = Ask::open(Wants::Verdict(IncidentId(1), EntryId(2), Verdict::Refuted));
        assert_eq!((ask.intent(), ask.problem.is_some()), (None, true));
        ask.field.paste("the pool was never full");
        let reason = "the pool was never full".to_owned();
        assert_eq!(ask.intent(), Some(Intent::Judge(IncidentId(1), EntryId(2), Verdict::Refuted, reason)));
    }

    #[test]
    fn command_is_offered_to_one_word() {
        let offered = |said: &str| {
            let mut ask = Ask::open(Wants::Offer(IncidentId(1)));
            ask.field.paste(said);
            ask.intent()
        };
        assert_eq!(offered("@sam"), Some(Intent::OfferCommand(IncidentId(1), Person::new("sam"))));
        assert_eq!(offered("sam and lee"), None);
    }
}
