//! The filter line: what is typed narrows the feed or the timeline at once; leaving takes it back.

use crate::keymap::Chord;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::screens::Screen;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub struct Filter {
    pub field: Field,
    /// What was asked before, to return to.
    before: String,
}

impl Filter {
    pub fn open(ui: &Ui) -> Self {
        let (before, placeholder) = match ui.screen {
            Screen::Incident => {
                (ui.incident.query().asked(), "words, kind: by: @owner #label is:pinned is:open")
            }
            _ => (ui.feed.asked(), "words, source: service: kind: since:2h, a minus to leave out"),
        };
        let before = before.to_owned();
        Self { field: Field::holding(placeholder, &before), before }
    }

    pub fn key(&mut self, chord: Chord, ui: &mut Ui) {
        if self.field.key(chord) {
            self.apply(ui);
        }
    }

    pub fn paste(&mut self, text: &str, ui: &mut Ui) {
        self.field.paste(text);
        self.apply(ui);
    }

    pub fn cancel(&self, ui: &mut Ui) {
        ask(ui, &self.before);
    }

    /// Lets the list follow what is typed.
    pub fn apply(&self, ui: &mut Ui) {
        ask(ui, self.field.text());
    }

    /// On the status line, where the eye already is.
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let y = ui.size.height.saturating_sub(1);
        let line = ratatui::layout::Rect { x: 0, y, width: ui.size.width, height: 1 };
        canvas.fill(line, Role::Bar);
        canvas.put(1, y, 2, "/", Role::Key);
        let (count, problem) = match ui.screen {
            Screen::Incident => {
                (ui.incident.timeline().rows().len().to_string(), ui.incident.query().problem.as_ref())
            }
            _ => (super::super::view::counted(ui.feed.count()), ui.feed.query().problems.first()),
        };
        let from = canvas.put_right(3, y, ui.size.width.saturating_sub(4), &count, Role::BarDim);
        self.field.draw(canvas, 3, y, from.saturating_sub(4));
        if let Some(problem) = problem {
            canvas.fill(ratatui::layout::Rect { y: y - 1, ..line }, Role::Text);
            canvas.put_fit(3, y - 1, ui.size.width.saturating_sub(4), problem, Role::Error);
        }
    }
}

fn ask(ui: &mut Ui, text: &str) {
    match ui.screen {
        Screen::Incident => ui.incident.ask(text),
        _ => ui.feed.ask(text),
    }
}
