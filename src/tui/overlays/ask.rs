//! A line asked for before something is done: the reason of a verdict or a strike, the name of a person.

use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::event::{Answer, Nudge, Verdict};
use crate::domain::{EntryId, IncidentId, Intent, Time};
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
    /// The verdict to be given, and the one that was seen.
    Verdict(IncidentId, EntryId, Verdict, Verdict),
    Strike(IncidentId, EntryId),
    /// Who is to have command next.
    Next(IncidentId),
    /// Why what a clock asks for does not apply.
    Dismiss(IncidentId, Nudge, Time),
}

impl Ask {
    pub fn open(wants: Wants) -> Self {
        let (title, placeholder) = match wants {
            Wants::Verdict(_, entry, Verdict::Confirmed, _) => {
                (format!("Confirm {entry}"), "what shows that it is so")
            }
            Wants::Verdict(_, entry, Verdict::Refuted, _) => {
                (format!("Refute {entry}"), "what shows that it is not so")
            }
            Wants::Verdict(_, entry, Verdict::Open, _) => (format!("Open {entry} again"), "why"),
            Wants::Strike(_, entry) => (format!("Strike {entry}"), "why, if that helps anybody"),
            Wants::Next(_) => ("The next IC".to_owned(), "who, one word such as sam; nothing names nobody"),
            Wants::Dismiss(_, nudge, _) => {
                (format!("Not applicable: {nudge}"), "why, for those who read this later")
            }
        };
        Self { field: Field::new(placeholder), title, wants, problem: None }
    }

    /// Where what is typed here is kept.
    pub fn slot(&self) -> Slot {
        Slot::new(match self.wants {
            Wants::Verdict(incident, entry, verdict, _) => format!("verdict {incident} {entry} {verdict}"),
            Wants::Strike(incident, entry) => format!("strike {incident} {entry}"),
            Wants::Next(incident) => format!("next {incident}"),
            Wants::Dismiss(incident, nudge, at) => format!("dismiss {incident} {nudge} {}", at.millis()),
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
            Wants::Verdict(incident, entry, verdict, was) => {
                Some(Intent::Judge(incident, entry, verdict, said, Some(was)))
            }
            Wants::Strike(incident, entry) => Some(Intent::Strike(incident, entry, said)),
            Wants::Dismiss(incident, nudge, due) => {
                let answer = Answer::Dismissed { reason: said };
                Some(Intent::AnswerNudge { incident, nudge, due, answer })
            }
            Wants::Next(incident) if said.is_empty() => Some(Intent::NameNext(incident, None)),
            Wants::Next(incident) => match said.parse() {
                Ok(next) => Some(Intent::NameNext(incident, Some(next))),
                Err(what) => {
                    self.problem = Some(what);
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

impl TakesText for Ask {
    fn field(&mut self) -> Option<&mut Field> {
        Some(&mut self.field)
    }

    fn draft(&self) -> Option<(Slot, String)> {
        Some((self.slot(), self.field.text().to_owned()))
    }

    fn awaits(&self) -> Option<Slot> {
        self.field.text().is_empty().then(|| self.slot())
    }

    fn resume(&mut self, kept: &str) {
        self.field.paste(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Person;

    #[test]
    fn a_verdict_wants_its_reason() {
        let mut ask = Ask::open(Wants::Verdict(IncidentId(1), EntryId(2), Verdict::Refuted, Verdict::Open));
        assert_eq!((ask.intent(), ask.problem.is_some()), (None, true));
        ask.field.paste("the pool was never full");
        let reason = "the pool was never full".to_owned();
        assert_eq!(
            ask.intent(),
            Some(Intent::Judge(IncidentId(1), EntryId(2), Verdict::Refuted, reason, Some(Verdict::Open)))
        );
    }

    #[test]
    fn the_next_commander_is_one_word_or_nobody() {
        let named = |said: &str| {
            let mut ask = Ask::open(Wants::Next(IncidentId(1)));
            ask.field.paste(said);
            ask.intent()
        };
        assert_eq!(named("@sam"), Some(Intent::NameNext(IncidentId(1), Some(Person::new("sam")))));
        assert_eq!(named(""), Some(Intent::NameNext(IncidentId(1), None)));
        assert_eq!(named("sam and lee"), None);
    }
}
