//! The full editor of an entry: the scribe line over as many lines as it takes, with the same grammar and preview.
//!
//! What is written here is kept like everything half typed; leaving keeps it as well, and writing goes on with it.

use super::scribe::{spelling, understood};
use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::event::Content;
use crate::domain::scribe;
use crate::domain::{EntryId, IncidentId, Intent};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Editor {
    field: Field,
    incident: IncidentId,
    /// The entry that is written anew, and what it says now.
    of: Option<(EntryId, Box<Content>)>,
    begun: String,
    problem: Option<String>,
}

const PLACEHOLDER: &str = "f 14:25 what is so, over as many lines as it takes";
/// Lines below the text that say what was understood.
const PREVIEW: u16 = 3;

impl Editor {
    /// A new entry, or more of one that was begun.
    pub fn open(incident: IncidentId, text: &str) -> Self {
        let (field, begun) = (Field::page(PLACEHOLDER, text), String::new());
        Self { field, incident, of: None, begun, problem: None }
    }

    /// The new words of an entry; without any, those it has.
    pub fn revise(
        incident: IncidentId,
        entry: EntryId,
        was: &Content,
        text: Option<&str>,
        ui: &Ui,
        world: World<'_>,
    ) -> Self {
        let begun = spelling::spell_page(was, world.present(), &ui.zone.shown());
        let field = Field::page(PLACEHOLDER, text.unwrap_or(&begun));
        Self { field, incident, of: Some((entry, Box::new(was.clone()))), begun, problem: None }
    }

    pub fn slot(&self) -> Slot {
        Slot::page(self.incident, self.of.as_ref().map(|(entry, _)| *entry))
    }

    pub fn text(&self) -> String {
        self.field.whole()
    }

    /// What is asked of the engine; nothing while there is a doubt.
    pub fn intent(&mut self, ui: &Ui, world: World<'_>) -> Option<Intent> {
        let (now, zone) = (world.present(), ui.zone.shown());
        let content = match scribe::parse(&self.text(), now, &zone).settled() {
            Ok(content) if content.text.trim().is_empty() => Err("an entry needs its words".to_owned()),
            Ok(content) => Ok(content),
            Err(doubt) => Err(format!("{doubt}; {}", doubt.fix())),
        };
        match (content, &self.of) {
            (Ok(content), None) => Some(Intent::Write(self.incident, content)),
            (Ok(content), Some((entry, was))) => {
                let revised = spelling::over(was, content, now, &zone);
                Some(Intent::Revise(self.incident, *entry, revised, Some(was.clone())))
            }
            (Err(problem), _) => {
                self.problem = Some(problem);
                None
            }
        }
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let title = match &self.of {
            Some((entry, _)) => format!("{} {entry} anew", self.incident),
            None => format!("{} entry", self.incident),
        };
        let hint = "ctrl-s saves, esc leaves and keeps it";
        let inside = window(canvas, centred(ui, 100, 24), &title, hint);
        let text = Rect { height: inside.height.saturating_sub(PREVIEW + 1), ..inside };
        canvas.rule(inside.x, text.bottom(), inside.width, Role::Border);
        let below = text.bottom() + 1..inside.bottom();
        for (y, line) in below.zip(self.preview(ui, world, canvas)) {
            let pieces: Vec<_> = line.iter().map(|(said, role)| (said.as_str(), *role)).collect();
            canvas.put_all(inside.x, y, inside.width, &pieces);
        }
        self.field.draw_page(canvas, text);
    }

    fn preview(&self, ui: &Ui, world: World<'_>, canvas: &Canvas<'_>) -> Vec<Vec<(String, Role)>> {
        let typed = self.text();
        if let Some(problem) = &self.problem {
            return vec![vec![(problem.clone(), Role::Error)]];
        }
        if typed.trim().is_empty() {
            return Vec::new();
        }
        understood(&typed, world.present(), &ui.zone.shown(), canvas)
    }
}

impl TakesText for Editor {
    fn field(&mut self) -> Option<&mut Field> {
        self.problem = None;
        Some(&mut self.field)
    }

    fn draft(&self) -> Option<(Slot, String)> {
        let text = self.text();
        (text != self.begun).then(|| (self.slot(), text))
    }
}
