//! Help: what every key does here, from the same tables the keys come from.

use super::{Overlay, centred, more_mark, window};
use crate::domain::catalog::Term;
use crate::domain::scribe::GRAMMAR;
use crate::keymap::{Context, Group, Verb};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use crate::tui::{text, verbs};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Help {
    /// Where help was asked for.
    contexts: &'static [Context],
    /// What words mean that are used there, as the catalog has it.
    glossary: Vec<Term>,
    what: Typed,
    cursor: Cursor,
}

/// What is typed where help was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    /// The scribe line, or nothing yet.
    Entries,
    /// The lines of a form, between which keys move.
    Form,
    /// Something that needs no explanation.
    Words,
}

/// What keys of an input field do in a form instead.
const IN_FORMS: &[(Verb, &str)] = &[
    (Verb::TextAccept, "On to the next line, on the last one send it"),
    (Verb::TextCancel, "Leave the form, which is kept"),
    (Verb::TextHistoryUp, "The line of the form above"),
    (Verb::TextHistoryDown, "The line of the form below"),
    (Verb::TextComplete, "The line of the form below"),
];

const CHOICES: &[(&str, &str)] = &[
    ("space", "Tick, pick, or the next of a choice"),
    ("left, right", "Along the choices"),
    ("1 to 5", "The severity, where one is asked for"),
];

enum Line {
    Heading(&'static str),
    Blank,
    Verb {
        keys: String,
        doc: &'static str,
    },
    /// What can be typed, and what it means.
    Typed {
        word: &'static str,
        means: &'static str,
    },
    Says(String),
}

impl Help {
    pub fn open(ui: &Ui, world: World<'_>) -> Self {
        let is_there = ui.screen.face().context == Context::Readiness;
        let terms = &world.snapshot.catalog.readiness.terms;
        let glossary = if is_there { terms.clone() } else { Vec::new() };
        let what = match ui.overlays.last() {
            Some(Overlay::Scribe | Overlay::Editor(_)) => Typed::Entries,
            Some(
                Overlay::Declare(_)
                | Overlay::Update(_)
                | Overlay::HandOver(_)
                | Overlay::Sign(_)
                | Overlay::RetroForm(_),
            ) => Typed::Form,
            Some(overlay) if overlay.takes_text().is_some() => Typed::Words,
            _ => Typed::Entries,
        };
        Self { contexts: ui.contexts(), glossary, what, cursor: Cursor::default() }
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let count = self.lines(ui).len();
        self.cursor.scroll(step, count, page(ui));
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, area(ui), "Keys here", "esc closes");
        let lines = self.lines(ui);
        let shown = lines.iter().skip(self.cursor.first);
        let keys_width = lines.iter().map(Line::keys_width).max().unwrap_or(0).min(24);
        for (y, line) in (inside.y..inside.bottom()).zip(shown) {
            match line {
                Line::Blank => {}
                Line::Heading(title) => {
                    canvas.put_fit(inside.x, y, inside.width, title, Role::Title);
                }
                Line::Says(said) => {
                    canvas.put_fit(inside.x, y, inside.width, said, Role::Text);
                }
                Line::Verb { keys, doc } => row(canvas, inside, (y, keys_width), keys, doc),
                Line::Typed { word, means } => row(canvas, inside, (y, keys_width), word, means),
            }
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), lines.len());
    }

    /// Verbs that exist in this build, grouped; the keys of one verb together.
    fn lines(&self, ui: &Ui) -> Vec<Line> {
        let bindings = ui.keymap.bindings_in(self.contexts);
        let mut lines = Vec::new();
        for group in Group::ALL {
            let before = lines.len();
            for verb in
                Verb::ALL.iter().filter(|verb| verb.group() == *group && verbs::find(**verb).is_some())
            {
                let Some(doc) = self.doc(*verb) else { continue };
                let keys: Vec<_> =
                    bindings.iter().filter(|b| b.verb == *verb).map(|b| b.keys.as_str()).collect();
                if !keys.is_empty() {
                    lines.push(Line::Verb { keys: keys.join(", "), doc });
                }
            }
            if lines.len() > before {
                lines.insert(before, Line::Heading(group.title()));
                lines.push(Line::Blank);
            }
        }
        self.glossary(&mut lines, usize::from(area(ui).width.saturating_sub(4)));
        let (title, typed) = match self.what {
            Typed::Entries => ("The scribe line", GRAMMAR),
            Typed::Form => ("Choices in a form", CHOICES),
            Typed::Words => return lines,
        };
        lines.push(Line::Heading(title));
        lines.extend(typed.iter().map(|(word, means)| Line::Typed { word, means }));
        lines
    }

    /// What a verb does here; nothing where it is only for a single line.
    fn doc(&self, verb: Verb) -> Option<&'static str> {
        let in_forms = IN_FORMS.iter().find(|(of, _)| *of == verb && self.what == Typed::Form);
        let is_here = verb != Verb::TextEditor || self.what == Typed::Entries;
        is_here.then(|| in_forms.map_or(verb.doc(), |(_, doc)| *doc))
    }

    fn glossary(&self, lines: &mut Vec<Line>, columns: usize) {
        if self.glossary.is_empty() {
            return;
        }
        lines.push(Line::Heading("What words mean here"));
        for Term { term, means } in &self.glossary {
            lines.extend(text::wrap(&format!("{term}: {means}"), columns).into_iter().map(Line::Says));
            lines.push(Line::Blank);
        }
    }
}

fn row(canvas: &mut Canvas<'_>, inside: Rect, (y, width): (u16, u16), left: &str, right: &str) {
    canvas.put_fit(inside.x, y, width, left, Role::Key);
    canvas.put_fit(inside.x + width + 2, y, inside.width.saturating_sub(width + 2), right, Role::Text);
}

impl Line {
    fn keys_width(&self) -> u16 {
        match self {
            Self::Verb { keys: left, .. } => u16::try_from(text::width(left)).unwrap_or(u16::MAX),
            Self::Typed { word: left, .. } => u16::try_from(text::width(left)).unwrap_or(u16::MAX),
            Self::Heading(_) | Self::Says(_) | Self::Blank => 0,
        }
    }
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 84, u16::MAX)
}

fn page(ui: &Ui) -> usize {
    usize::from(area(ui).height.saturating_sub(2))
}
