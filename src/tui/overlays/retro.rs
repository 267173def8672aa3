//! The retro of an incident over its screen: section by section, what people wrote for the post-mortem, and what is
//! still to be said.
//!
//! The cursor holds on to a row, or to the heading of a kind where a new row would go.

pub mod form;
mod view;

use crate::domain::incident::RetroItem;
use crate::domain::retro::{Kind, SECTIONS, Section};
use crate::domain::{Incident, IncidentId, RetroId};
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};

#[derive(Debug)]
pub struct Retro {
    pub incident: IncidentId,
    section: usize,
    at: At,
    first: usize,
}

/// Where the cursor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Kind(&'static str),
    Row(RetroId),
}

/// A section on its way through an editor, with the text it went out as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub incident: IncidentId,
    pub section: usize,
    pub given: String,
}

/// What an editor has, and what came back from one and could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    pub editing: Option<Edit>,
    pub misread: Option<(Edit, String)>,
}

impl Retro {
    pub fn open(incident: &Incident) -> Self {
        Self { incident: incident.id, section: 0, at: At::Kind(SECTIONS[0].kinds[0].word), first: 0 }
    }

    pub fn section(&self) -> (usize, &'static Section) {
        (self.section, &SECTIONS[self.section])
    }

    /// Around at either end.
    pub fn turn(&mut self, by: usize) {
        self.section = (self.section + by) % SECTIONS.len();
        self.at = At::Kind(SECTIONS[self.section].kinds[0].word);
        self.first = 0;
    }

    pub fn step(&mut self, step: Step, ui: &Ui, world: World<'_>) {
        let Some(incident) = world.snapshot.room.incident(self.incident) else { return };
        let lines = self.lines(incident);
        let mut cursor = Cursor { line: self.line(&lines), first: self.first };
        cursor.step(step, lines.len(), view::page(ui));
        self.first = cursor.first;
        self.at = lines.get(cursor.line).map_or(self.at, |(at, _)| *at);
    }

    pub fn row<'a>(&self, incident: &'a Incident) -> Option<&'a RetroItem> {
        match self.at {
            At::Row(id) => incident.retro.items.get(&id).filter(|item| item.struck.is_none()),
            At::Kind(_) => None,
        }
    }

    /// The kind a new row would be of.
    pub fn kind(&self, incident: &Incident) -> &'static Kind {
        let (_, section) = self.section();
        let word = match (self.at, self.row(incident)) {
            (_, Some(item)) => Kind::of(&item.content).word,
            (At::Kind(word), _) => word,
            (At::Row(_), None) => section.kinds[0].word,
        };
        section.kinds.iter().find(|kind| kind.word == word).unwrap_or(&section.kinds[0])
    }

    fn lines<'a>(&self, incident: &'a Incident) -> Vec<(At, Option<&'a RetroItem>)> {
        let of_kind = |kind: &'static Kind| {
            let rows = kind.rows(incident).into_iter().map(|item| (At::Row(item.id), Some(item)));
            std::iter::once((At::Kind(kind.word), None)).chain(rows)
        };
        self.section().1.kinds.iter().flat_map(of_kind).collect()
    }

    fn line(&self, lines: &[(At, Option<&RetroItem>)]) -> usize {
        lines.iter().position(|(at, _)| *at == self.at).unwrap_or(0)
    }
}
