//! The retro of an incident over its screen: section by section, what people wrote for the post-mortem, and what is
//! still to be said.
//!
//! The cursor holds on to a row, or to the heading of a kind where a new row would go.

pub mod form;
mod tree;
mod view;

use crate::domain::incident::RetroItem;
use crate::domain::retro::{Kind, SECTIONS, Section};
use crate::domain::{Incident, IncidentId, RetroId};
use crate::export::{Dimension, Gate};
use crate::tui::drafts::Slot;
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

/// One line of a section.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    at: At,
    /// Absent on the heading of a kind.
    item: Option<&'a RetroItem>,
    /// How deep it hangs below another one.
    depth: usize,
}

/// Where what a dimension of the gate looks at is written.
const JUDGED: [(usize, &str); 7] = [
    (0, "clarity"),
    (1, "evidence"),
    (2, "systems"),
    (3, "actions"),
    (4, "actions"),
    (5, "triggers"),
    (6, "dissemination"),
];

/// A section on its way through an editor, with the text it went out as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub incident: IncidentId,
    pub section: usize,
    pub given: String,
    /// What waited for it and is in the text now.
    pub waiting: Vec<Slot>,
}

/// What an editor has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    pub editing: Option<Edit>,
}

impl Retro {
    pub fn open(incident: &Incident) -> Self {
        Self { incident: incident.id, section: 0, at: At::Kind(SECTIONS[0].kinds[0].word), first: 0 }
    }

    /// At the section where what this dimension of the gate looks at is written.
    pub fn open_at(incident: &Incident, dimension: &str) -> Self {
        let mut retro = Self::open(incident);
        // What is written last of a dimension's sections is what it is named after.
        if let Some((section, _)) = JUDGED.iter().rev().find(|(_, word)| *word == dimension) {
            retro.turn(*section);
        }
        retro
    }

    /// At this very row.
    pub fn open_on(incident: &Incident, row: RetroId) -> Self {
        let mut retro = Self::open(incident);
        let holds = |section: &Section| section.rows(incident).iter().any(|item| item.id == row);
        if let Some(section) = SECTIONS.iter().position(holds) {
            retro.turn(section);
            retro.at = At::Row(row);
        }
        retro
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
        self.at = lines.get(cursor.line).map_or(self.at, |line| line.at);
    }

    pub fn row<'a>(&self, incident: &'a Incident) -> Option<&'a RetroItem> {
        match self.at {
            At::Row(id) => incident.retro.items.get(&id).filter(|item| item.struck.is_none()),
            At::Kind(_) => None,
        }
    }

    /// The row under the cursor, where it was struck.
    pub fn struck<'a>(&self, incident: &'a Incident) -> Option<&'a RetroItem> {
        match self.at {
            At::Row(id) => incident.retro.items.get(&id).filter(|item| item.struck.is_some()),
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

    fn lines<'a>(&self, incident: &'a Incident) -> Vec<Line<'a>> {
        tree::lines(self.section().1, incident)
    }

    fn line(&self, lines: &[Line<'_>]) -> usize {
        lines.iter().position(|line| line.at == self.at).unwrap_or(0)
    }
}

/// The dimension of the gate that looks at this section.
fn dimension(gate: &Gate, section: usize) -> Option<&Dimension> {
    let (_, word) = JUDGED.iter().find(|(place, _)| *place == section)?;
    gate.dimensions.iter().find(|dimension| dimension.word == *word)
}

/// Whether a section is the first that the dimension looks at.
fn is_first_of(dimension: &Dimension, section: usize) -> bool {
    JUDGED.iter().find(|(_, word)| *word == dimension.word).is_some_and(|(place, _)| *place == section)
}
