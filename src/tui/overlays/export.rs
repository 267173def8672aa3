//! What became of the post-mortem pack that somebody exported: where it went, and what they may take along.
//!
//! Nothing here touches a file; an order goes to the driver, and what comes back is shown.

use super::{centred, window};
use crate::domain::IncidentId;
use crate::export::Gate;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::chores::{Covered, Names, Order, Packed, Place, Wants, Written};
use crate::tui::clipboard::LONGEST;
use crate::tui::message::Effect;
use crate::tui::text;
use crate::tui::ui::Ui;
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Export {
    pub incident: IncidentId,
    stage: Stage,
    /// What was written last, if anything was.
    written: Option<Written>,
    may: May,
    cursor: Cursor,
}

/// Whether this person may have files written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    Write,
    /// Only look, and why.
    Look(String),
}

#[derive(Debug)]
enum Stage {
    /// An order is on its way.
    Working,
    Ready,
    Failed(String),
    /// What would be hidden.
    Preview(Vec<Covered>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    CopyPath,
    CopyMarkdown(Names),
    Write(Names),
    Preview,
}

/// Lines of a list that may be longer than a screen.
const MOST: usize = 12;

impl Export {
    /// Whoever may write has it written at once; others are told why not, and what they can have.
    pub fn open(incident: IncidentId, may: May) -> (Self, Vec<Effect>) {
        let mut export =
            Self { incident, stage: Stage::Ready, written: None, may, cursor: Cursor::default() };
        let effects = match export.may {
            May::Write => export.order(Wants::Folder, Names::Kept),
            May::Look(_) => Vec::new(),
        };
        (export, effects)
    }

    pub fn step(&mut self, step: Step) {
        let count = self.choices().len();
        self.cursor.step(step, count, count);
    }

    pub fn select_row(&mut self, row: usize) {
        self.cursor.line = row.min(self.choices().len().saturating_sub(1));
    }

    pub fn accept(&mut self) -> Vec<Effect> {
        match self.choices().get(self.cursor.line) {
            None => Vec::new(),
            Some(Choice::CopyPath) => {
                let path = self.written.as_ref().map(|written| written.folder.clone()).unwrap_or_default();
                vec![Effect::Copy { what: path.clone(), text: path }]
            }
            Some(Choice::CopyMarkdown(names)) => self.order(Wants::Markdown, *names),
            Some(Choice::Write(names)) => self.order(Wants::Folder, *names),
            Some(Choice::Preview) => self.order(Wants::Preview, Names::Hidden),
        }
    }

    /// What an order came to; what is to be copied goes on to the clipboard.
    pub fn packed(&mut self, order: Order, outcome: Result<Packed, String>) -> Vec<Effect> {
        if order.incident != self.incident {
            return Vec::new();
        }
        self.cursor = Cursor::default();
        self.stage = Stage::Ready;
        match outcome {
            Ok(Packed::Folder(written)) => self.written = Some(written),
            Ok(Packed::Preview(covered)) => self.stage = Stage::Preview(covered),
            Ok(Packed::Markdown(text)) => {
                let what = match order.names {
                    Names::Kept => "the Markdown".to_owned(),
                    Names::Hidden => "the Markdown without names".to_owned(),
                };
                return vec![Effect::Copy { what, text }];
            }
            Err(why) => self.stage = Stage::Failed(why),
        }
        Vec::new()
    }

    fn order(&mut self, wants: Wants, names: Names) -> Vec<Effect> {
        self.stage = Stage::Working;
        vec![Effect::Pack(Order { incident: self.incident, wants, names })]
    }

    fn choices(&self) -> Vec<Choice> {
        let may_write = self.may == May::Write;
        match &self.stage {
            Stage::Working => Vec::new(),
            Stage::Preview(_) => {
                let write = may_write.then_some(Choice::Write(Names::Hidden));
                std::iter::once(Choice::CopyMarkdown(Names::Hidden)).chain(write).collect()
            }
            Stage::Failed(_) => {
                let again = may_write.then_some(Choice::Write(Names::Kept));
                again.into_iter().chain([Choice::CopyMarkdown(Names::Kept), Choice::Preview]).collect()
            }
            Stage::Ready => {
                let mut choices = vec![Choice::CopyMarkdown(Names::Kept), Choice::Preview];
                match self.written.as_ref().map(|written| written.place) {
                    // A path on another machine is the last thing one wants of it.
                    Some(Place::Host) => choices.push(Choice::CopyPath),
                    Some(Place::Here) => choices.insert(0, Choice::CopyPath),
                    None => {}
                }
                choices
            }
        }
    }

    fn said(&self, choice: Choice) -> String {
        let room = match self.written.as_ref().map(|written| written.markdown) {
            Some(size) if size > LONGEST => {
                format!("{} bytes, too much for a terminal's {}", text::grouped(size), text::grouped(LONGEST))
            }
            Some(size) => {
                format!("{} of the {} bytes a terminal takes", text::grouped(size), text::grouped(LONGEST))
            }
            None => format!("a terminal takes {} bytes", text::grouped(LONGEST)),
        };
        match choice {
            Choice::CopyPath => "Copy the path".to_owned(),
            Choice::CopyMarkdown(Names::Kept) => format!("Copy the Markdown: {room}"),
            Choice::CopyMarkdown(Names::Hidden) => {
                format!("Copy the Markdown without them: a terminal takes {} bytes", text::grouped(LONGEST))
            }
            Choice::Write(Names::Kept) => "Try again".to_owned(),
            Choice::Write(Names::Hidden) => "Write the folder without them".to_owned(),
            Choice::Preview => "See which names, addresses and tokens can be hidden".to_owned(),
        }
    }

    fn lines(&self, gate: Option<&Gate>, columns: usize) -> Vec<(String, Role)> {
        let mut lines = Vec::new();
        match &self.stage {
            Stage::Working => lines.push(("Arranging what the journal knows…".to_owned(), Role::Dim)),
            Stage::Failed(why) => {
                lines.extend(text::wrap(why, columns).into_iter().map(|line| (line, Role::Error)));
            }
            Stage::Preview(covered) => preview(&mut lines, covered),
            Stage::Ready => self.told(&mut lines, columns),
        }
        if let (Some(gate), false) = (gate, matches!(self.stage, Stage::Preview(_))) {
            let (verdict, role) = match gate.passed {
                true => ("good enough to send", Role::Ok),
                false => ("not good enough to send yet", Role::Elevated),
            };
            lines.push((format!("Quality gate {}/{}, {verdict}", gate.total, gate.of), role));
        }
        lines
    }

    fn told(&self, lines: &mut Vec<(String, Role)>, columns: usize) {
        let Some(written) = &self.written else {
            if let May::Look(why) = &self.may {
                let said = format!("Nothing is written: {why}. The Markdown can be copied.");
                lines.extend(text::wrap(&said, columns).into_iter().map(|line| (line, Role::Text)));
            }
            return;
        };
        lines.push(match written.place {
            Place::Here => ("Written on this machine:".to_owned(), Role::Ok),
            Place::Host => {
                ("Written on the host of this room, not on your machine:".to_owned(), Role::Elevated)
            }
        });
        lines.extend(text::wrap(&written.folder, columns).into_iter().map(|line| (line, Role::Strong)));
        for file in &written.files {
            let wrapped = text::wrap(file, columns.saturating_sub(2));
            lines.extend(wrapped.into_iter().map(|line| (format!("  {line}"), Role::Dim)));
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let width = 96.min(ui.body().width.saturating_sub(4));
        let lines = self.lines(ui.judged.gate(self.incident), usize::from(width.saturating_sub(4)));
        let choices = self.choices();
        let height = u16::try_from(lines.len() + choices.len() + 3).unwrap_or(u16::MAX);
        let title = format!("Post-mortem pack of {}", self.incident);
        let inside = window(canvas, centred(ui, width, height), &title, "enter does it, esc closes");
        let room = usize::from(inside.height).saturating_sub(choices.len() + 1);
        let mut y = inside.y;
        for (line, role) in lines.iter().take(room) {
            canvas.put_fit(inside.x, y, inside.width, line, *role);
            y += 1;
        }
        y += 1;
        for (n, choice) in choices.into_iter().enumerate() {
            let is_selected = n == self.cursor.line;
            let role = if is_selected { Role::Selection } else { Role::Text };
            if is_selected {
                canvas.put(inside.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            canvas.hit(Rect { y, height: 1, ..inside }, Hit::Row(n));
            canvas.put_fit(inside.x + 2, y, inside.width.saturating_sub(2), &self.said(choice), role);
            y += 1;
        }
    }
}

fn preview(lines: &mut Vec<(String, Role)>, covered: &[Covered]) {
    let title = if covered.is_empty() { "There is nothing to hide in it." } else { "Hidden would be:" };
    lines.push((title.to_owned(), Role::Strong));
    for Covered { was, is, times } in covered.iter().take(MOST) {
        lines.push((format!("  {was} → {is}  {times}×"), Role::Text));
    }
    if let Some(more @ 1..) = covered.len().checked_sub(MOST) {
        let said = format!("  and {more} more; `sitroom export --redact --dry-run` names them all");
        lines.push((said, Role::Dim));
    }
}
