//! Reads one theme file: TOML with what it inherits, a palette of names, and the style of each role.
//!
//! What a role is painted with stays a word until the whole chain of inheritance is known, because a theme may
//! change a colour of the palette it inherits. Total: every line that makes no sense is a [`Problem`], the rest holds.

use super::colour;
use super::role::Role;
use crate::domain::problem::{Problem, document, entries, line_at, suggest};
use ratatui::style::{Color, Modifier};
use std::ops::Range;
use toml_edit::{Item, Key, TableLike};

const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// One file, not yet laid over what it inherits.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    pub(super) file: String,
    pub(super) inherits: Option<Parent>,
    pub(super) palette: Vec<(String, Color)>,
    pub(super) roles: Vec<(Role, Spec)>,
    pub(super) problems: Vec<Problem>,
}

#[derive(Clone, Debug)]
pub(super) struct Parent {
    pub(super) name: String,
    pub(super) line: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    pub(super) line: usize,
    pub(super) fg: Option<Paint>,
    pub(super) bg: Option<Paint>,
    pub(super) attributes: Modifier,
}

#[derive(Clone, Debug)]
pub(super) enum Paint {
    Colour(Color),
    /// A name of the palette, its own or an inherited one.
    Named(String),
}

pub(super) fn read(file: &str, text: &str) -> Layer {
    let mut reader = Reader { text, layer: Layer { file: file.to_owned(), ..Layer::default() } };
    match document(file, text) {
        Ok(document) => reader.document(document.as_table()),
        Err(problem) => reader.layer.problems.push(problem),
    }
    reader.layer
}

impl Layer {
    pub(super) fn problem_at(&mut self, line: usize, what: String, fix: String) {
        self.problems.push(Problem { file: self.file.clone(), line, what, fix });
    }
}

struct Reader<'a> {
    text: &'a str,
    layer: Layer,
}

impl Reader<'_> {
    fn document(&mut self, table: &dyn TableLike) {
        for (key, item) in entries(table) {
            match (key.get(), item.as_table_like()) {
                ("inherits", _) => self.inherits(key, item),
                ("palette", Some(palette)) => self.palette(palette),
                ("roles", Some(roles)) => self.roles(roles),
                (name @ ("palette" | "roles"), None) => {
                    self.problem(
                        key.span(),
                        format!("`{name}` is a section"),
                        format!("write [{name}] above its lines"),
                    );
                }
                (name, _) => {
                    let fix = suggest(name, ["inherits", "palette", "roles"]);
                    self.problem(key.span(), format!("a theme has no `{name}`"), fix);
                }
            }
        }
    }

    fn inherits(&mut self, key: &Key, item: &Item) {
        let line = line_at(self.text, key.span());
        match item.as_str() {
            Some(name) => self.layer.inherits = Some(Parent { name: name.to_owned(), line }),
            None => self.problem(
                key.span(),
                "`inherits` wants the name of a theme".to_owned(),
                "write inherits = \"terminal\"".to_owned(),
            ),
        }
    }

    fn palette(&mut self, palette: &dyn TableLike) {
        for (key, item) in entries(palette) {
            match self.paint(key, item) {
                Some(Paint::Colour(color)) => self.layer.palette.push((key.get().to_owned(), color)),
                Some(Paint::Named(name)) => {
                    self.problem(
                        key.span(),
                        format!("`{name}` is not a colour"),
                        suggest(&name, colour::names()),
                    );
                }
                None => {}
            }
        }
    }

    fn roles(&mut self, roles: &dyn TableLike) {
        for (key, item) in entries(roles) {
            match key.get().parse() {
                Ok(role) => {
                    let spec = self.spec(key, item);
                    self.layer.roles.push((role, spec));
                }
                Err(what) => self.problem(key.span(), what, suggest(key.get(), Role::ALL.map(Role::name))),
            }
        }
    }

    /// `{ fg = "red", bold = true }`, or only `"red"`.
    fn spec(&mut self, key: &Key, item: &Item) -> Spec {
        let mut spec = Spec { line: line_at(self.text, key.span()), ..Spec::default() };
        let Some(parts) = item.as_table_like() else {
            spec.fg = self.paint(key, item);
            return spec;
        };
        for (part, value) in entries(parts) {
            match part.get() {
                "fg" => spec.fg = self.paint(part, value),
                "bg" => spec.bg = self.paint(part, value),
                name => spec.attributes |= self.attribute(name, part, value),
            }
        }
        spec
    }

    fn attribute(&mut self, name: &str, key: &Key, value: &Item) -> Modifier {
        let known = ATTRIBUTES.iter().find(|(known, _)| *known == name);
        match (known, value.as_bool()) {
            (Some((_, attribute)), Some(true)) => return *attribute,
            (Some(_), Some(false)) => {}
            (Some(_), None) => {
                self.problem(
                    key.span(),
                    format!("`{name}` is true or false"),
                    format!("write {name} = true"),
                );
            }
            (None, _) => {
                let fix = suggest(name, ["fg", "bg"].into_iter().chain(ATTRIBUTES.map(|(name, _)| name)));
                self.problem(key.span(), format!("a style has no `{name}`"), fix);
            }
        }
        Modifier::empty()
    }

    fn paint(&mut self, key: &Key, item: &Item) -> Option<Paint> {
        let number = item.as_integer().and_then(|number| u8::try_from(number).ok());
        match (item.as_str(), number) {
            (Some(word), _) if word.starts_with('#') && colour::named(word).is_none() => {
                self.problem(
                    key.span(),
                    format!("`{word}` is not a colour"),
                    "write #rrggbb, six hex digits".to_owned(),
                );
                None
            }
            (Some(word), _) => {
                Some(colour::named(word).map_or_else(|| Paint::Named(word.to_owned()), Paint::Colour))
            }
            (None, Some(number)) => Some(Paint::Colour(Color::Indexed(number))),
            (None, None) => {
                let fix = "write a name, \"#rrggbb\", or a number from 0 to 255".to_owned();
                self.problem(key.span(), format!("`{}` wants a colour", key.get()), fix);
                None
            }
        }
    }

    fn problem(&mut self, span: Option<Range<usize>>, what: String, fix: String) {
        self.layer.problem_at(line_at(self.text, span), what, fix);
    }
}
