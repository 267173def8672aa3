//! The palette: every verb by its name and what it does, the disabled ones with the reason.

use super::command::{Choice, Does, Menu};
use super::takes_text::TakesText;
use super::{centred, more_mark, window};
use crate::keymap::{Chord, Context, Group, Verb};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::ui::{Ui, World};
use crate::tui::verbs::{self, Able, Deed};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::list::{Cursor, Step};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Palette {
    pub field: Field,
    /// Where it was opened, which decides what is shown as its key.
    contexts: &'static [Context],
    /// Where nothing is typed and nobody has moved there is none: enter right after the key that opens it does nothing.
    cursor: Option<Cursor>,
}

/// A verb, or a line of the menu of command, which nobody should have to know to be in there.
enum Row {
    Verb(&'static Deed, Able),
    Choice(Box<Choice>),
}

/// What enter does.
#[derive(Debug)]
pub enum Chosen {
    Verb(Verb, Able),
    Does(Box<Does>),
}

impl Palette {
    pub fn open(ui: &Ui) -> Self {
        Self { field: Field::new("a verb, or what it does"), contexts: ui.contexts(), cursor: None }
    }

    pub fn step(&mut self, step: Step, ui: &Ui, world: World<'_>) {
        let mut cursor = self.cursor.unwrap_or_default();
        // The first line down is the first line.
        if self.cursor.is_some() || step != Step::Line(1) {
            cursor.step(step, self.rows(ui, world).len(), page(ui));
        }
        self.cursor = Some(cursor);
    }

    pub fn select_row(&mut self, row: usize) {
        let first = self.cursor.map_or(0, |cursor| cursor.first);
        self.cursor = Some(Cursor { line: first + row, first });
    }

    /// What enter does: the verb under the cursor, or why not.
    pub fn chosen(&self, ui: &Ui, world: World<'_>) -> Option<Chosen> {
        Some(match self.rows(ui, world).into_iter().nth(self.cursor?.line)? {
            Row::Verb(deed, able) => Chosen::Verb(deed.verb, able),
            Row::Choice(choice) => Chosen::Does(Box::new(choice.does)),
        })
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, area(ui), "Verbs", "enter does it, esc closes");
        canvas.put(inside.x, inside.y, 2, ":", Role::Key);
        self.field.draw(canvas, inside.x + 2, inside.y, inside.width.saturating_sub(2));
        let rows = self.rows(ui, world);
        let list = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        let (line, first) =
            (self.cursor.map(|cursor| cursor.line), self.cursor.map_or(0, |cursor| cursor.first));
        for (n, row) in rows.iter().enumerate().skip(first).take(usize::from(list.height)) {
            let y = list.y + u16::try_from(n - first).unwrap_or(0);
            canvas.hit(Rect { y, height: 1, ..list }, Hit::Row(n - first));
            self.row(row, ui, canvas, Rect { y, height: 1, ..list }, line == Some(n));
        }
        more_mark(canvas, inside, first, usize::from(list.height), rows.len());
    }

    fn row(&self, row: &Row, ui: &Ui, canvas: &mut Canvas<'_>, line: Rect, is_selected: bool) {
        let (name, able, doc) = match row {
            Row::Verb(deed, able) => (deed.verb.name(), able, deed.verb.doc()),
            Row::Choice(choice) => (Verb::CommandTake.name(), &Able::Yes, choice.said.as_str()),
        };
        let (name_role, doc_role) = match (able, is_selected) {
            (Able::No(_), _) => (Role::Dim, Role::Dim),
            (Able::Yes, true) => (Role::Selection, Role::Selection),
            (Able::Yes, false) => (Role::Strong, Role::Text),
        };
        if is_selected {
            canvas.put(line.x, line.y, 1, canvas.glyphs.cursor, Role::Selection);
        }
        canvas.put_fit(line.x + 2, line.y, 22, name, name_role);
        let verb = match row {
            Row::Verb(deed, _) => deed.verb,
            Row::Choice(_) => Verb::CommandTake,
        };
        let keys = ui.keymap.keys_in(verb, self.contexts).into_iter().next().unwrap_or_default();
        let keys_from = canvas.put_right(line.x, line.y, line.width, &keys, Role::Key);
        let said = match able {
            Able::Yes => doc.to_owned(),
            Able::No(reason) => format!("{doc} ({reason})"),
        };
        let x = line.x + 25;
        canvas.put_fit(x, line.y, keys_from.saturating_sub(x + 1), &said, doc_role);
    }

    /// What the query finds, the best first; all of them, in order, while there is none, those of the program itself last.
    fn rows(&self, ui: &Ui, world: World<'_>) -> Vec<Row> {
        let deeds = verbs::all().filter(|deed| deed.is_in_palette());
        let query = self.field.text();
        let row = |deed: &'static Deed| Row::Verb(deed, deed.judge(ui, world));
        if query.is_empty() {
            let (own, others): (Vec<_>, Vec<_>) = deeds.partition(|deed| deed.verb.group() == Group::App);
            return others.into_iter().chain(own).map(row).collect();
        }
        let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut Vec::new()), &mut matcher);
        let mut found = Vec::new();
        for deed in deeds {
            // A name that is meant stands before everything that only mentions the word.
            match score(deed.verb.name()) {
                Some(named) => found.push((true, named, row(deed))),
                None => found.extend(score(deed.verb.doc()).map(|said| (false, said, row(deed)))),
            }
        }
        for choice in choices(ui, world) {
            // Of a menu's line the words are the name.
            let is_named = begins_with(&choice.said, query);
            found.extend(score(&choice.said).map(|said| (is_named, said, Row::Choice(Box::new(choice)))));
        }
        found.sort_by_key(|(is_named, score, _)| std::cmp::Reverse((*is_named, *score)));
        found.into_iter().map(|(_, _, row)| row).collect()
    }
}

/// What can be done about the incident one means, if one may do anything about it.
fn choices(ui: &Ui, world: World<'_>) -> Vec<Choice> {
    let may = verbs::find(Verb::CommandTake).is_some_and(|deed| deed.judge(ui, world) == Able::Yes);
    let incident = verbs::incident::target(ui, world).filter(|_| may);
    incident.map_or_else(Vec::new, |incident| Menu::open(incident, ui, world).into_choices())
}

fn begins_with(text: &str, query: &str) -> bool {
    text.to_lowercase().starts_with(&query.trim().to_lowercase())
}

impl TakesText for Palette {
    fn field(&mut self) -> Option<&mut Field> {
        Some(&mut self.field)
    }

    /// Another query finds other verbs, the best of them first.
    fn key(&mut self, chord: Chord) -> bool {
        self.edit(&|field: &mut Field| field.key(chord))
    }

    fn paste(&mut self, text: &str) -> Option<bool> {
        Some(self.edit(&|field: &mut Field| field.paste(text)))
    }

    fn edit(&mut self, change: &dyn Fn(&mut Field) -> bool) -> bool {
        let is_changed = change(&mut self.field);
        if is_changed {
            self.cursor = (!self.field.text().is_empty()).then(Cursor::default);
        }
        is_changed
    }
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 92, 24)
}

fn page(ui: &Ui) -> usize {
    usize::from(area(ui).height.saturating_sub(3))
}
