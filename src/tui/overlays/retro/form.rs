//! The form of one row: a line for each field of its kind.

use crate::domain::event::RetroContent;
use crate::domain::retro::{Field as Asked, Kind, said, with};
use crate::domain::{IncidentId, Intent, RetroId};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::overlays::takes_text::TakesText;
use crate::tui::overlays::{centred, window};
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub struct Form {
    incident: IncidentId,
    /// The row that is written anew, and what it says now.
    row: Option<(RetroId, RetroContent)>,
    kind: &'static Kind,
    fields: Vec<Field>,
    at: usize,
    /// What the fields said when it was opened.
    begun: Vec<String>,
    problem: String,
}

/// Room for the longest name of a field.
const NAME: u16 = 13;

impl Form {
    pub fn empty(incident: IncidentId, kind: &'static Kind) -> Self {
        let fields = kind.fields.iter().map(|field| Field::new(field.hint)).collect();
        Self::begun(Self {
            incident,
            row: None,
            kind,
            fields,
            at: 0,
            begun: Vec::new(),
            problem: String::new(),
        })
    }

    pub fn of(incident: IncidentId, row: RetroId, content: &RetroContent) -> Self {
        let kind = Kind::of(content);
        let holding = |field: &Asked| Field::holding(field.hint, &said(content, field));
        let fields = kind.fields.iter().map(holding).collect();
        let row = Some((row, content.clone()));
        Self::begun(Self { incident, row, kind, fields, at: 0, begun: Vec::new(), problem: String::new() })
    }

    fn begun(mut self) -> Self {
        self.begun = self.said();
        self
    }

    fn said(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.text().to_owned()).collect()
    }

    /// A row has a place of its own, a new one that of its kind.
    pub fn slot(&self) -> Slot {
        Slot::new(match &self.row {
            Some((row, _)) => format!("retro {} {row}", self.incident),
            None => format!("retro {} new {}", self.incident, self.kind.word),
        })
    }

    /// What is typed in its fields.
    pub fn kept(&self) -> String {
        serde_json::to_string(&self.said()).unwrap_or_default()
    }

    /// The field of that name says this already.
    #[must_use]
    pub fn saying(mut self, name: &str, text: &str) -> Self {
        if let Some(place) = self.kind.fields.iter().position(|field| field.name == name) {
            self.fields[place].paste(text);
            self.at = (place + 1).min(self.fields.len() - 1);
        }
        self.begun()
    }

    /// What is asked of the engine; nothing while a field cannot be read, which then has the cursor.
    pub fn intent(&mut self) -> Option<Intent> {
        let before = self.row.as_ref().map(|(_, content)| content);
        // A field nobody touched keeps its lines, which one line of typing could not show.
        let is_touched = |field: &Asked, typed: &str| {
            before.is_none_or(|content| Field::holding("", &said(content, field)).text() != typed)
        };
        let typed = self.kind.fields.iter().zip(&self.fields);
        let typed: Vec<_> = typed
            .filter(|(field, typed)| is_touched(field, typed.text()))
            .map(|(field, typed)| (field, typed.text().to_owned()))
            .collect();
        match with(self.kind, before, &typed) {
            Ok(content) => Some(match &self.row {
                Some((row, was)) => {
                    Intent::ReviseItem(self.incident, *row, content, Some(Box::new(was.clone())))
                }
                None => Intent::WriteItem(self.incident, content),
            }),
            Err((name, why)) => {
                self.at = self.kind.fields.iter().position(|field| field.name == name).unwrap_or(self.at);
                self.problem = format!("{name}: {why}");
                None
            }
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let height = u16::try_from(self.fields.len() + 3).unwrap_or(u16::MAX);
        let title = match &self.row {
            Some((row, _)) => format!("{} {row}", self.kind.title),
            None => format!("New {}", self.kind.title),
        };
        let hint = "tab next field, enter saves, esc leaves and keeps it";
        let inside = window(canvas, centred(ui, 96, height), &title, hint);
        let rows = self.kind.fields.iter().zip(&self.fields).enumerate();
        for (y, (n, (field, typed))) in (inside.y..inside.bottom()).zip(rows) {
            let role = if n == self.at { Role::Selection } else { Role::Dim };
            canvas.put_fit(inside.x, y, NAME, &field.name.replace('_', " "), role);
            typed.draw(canvas, inside.x + NAME, y, inside.width.saturating_sub(NAME));
        }
        // Drawn once more at the end, because the field drawn last has the terminal's cursor.
        let line = u16::try_from(self.at).unwrap_or(0);
        let (x, y) = (inside.x + NAME, inside.y + line);
        self.fields[self.at].draw(canvas, x, y, inside.width.saturating_sub(NAME));
        canvas.put_fit(inside.x, inside.bottom() - 1, inside.width, &self.problem, Role::Error);
    }
}

impl TakesText for Form {
    fn field(&mut self) -> Option<&mut Field> {
        self.problem.clear();
        self.fields.get_mut(self.at)
    }

    fn step(&mut self, by: isize) {
        let count = isize::try_from(self.fields.len()).unwrap_or(isize::MAX);
        self.at = self.at.saturating_add_signed(by + count) % self.fields.len();
    }

    fn draft(&self) -> Option<(Slot, String)> {
        (self.said() != self.begun).then(|| (self.slot(), self.kept()))
    }

    fn awaits(&self) -> Option<Slot> {
        (self.said() == self.begun).then(|| self.slot())
    }

    fn resume(&mut self, kept: &str) {
        let Ok(said) = serde_json::from_str::<Vec<String>>(kept) else { return };
        for (field, said) in self.fields.iter_mut().zip(said) {
            field.clear();
            field.paste(&said);
        }
    }
}
