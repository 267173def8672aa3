//! Reading the file: every mistake in it, each at its line, and the rest of it into the settings.

use super::keys::{self, Key, Meant, Shape};
use super::layers::wrong_value;
use super::lines::Lines;
use super::problem::{Place, shown};
use super::repair::{self, Mistake};
use super::{Loaded, MAX_FILE, Origin, Problem};
use crate::domain::text::clean;
use serde::Deserialize as _;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

type Entry<'a> = Spanned<DeValue<'a>>;

/// The bytes of the file; none when it is missing and nobody asked for it by name.
pub(super) fn bytes(path: &Path, is_named: bool) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)) {
        Ok(_) if bytes.len() as u64 <= MAX_FILE => Ok(bytes),
        Ok(_) => Err(of_file(
            path,
            format!("larger than {} KiB, so it is no configuration", MAX_FILE / 1024),
            "give another file with --config FILE",
        )),
        Err(error) if error.kind() == ErrorKind::NotFound && !is_named => Ok(bytes),
        Err(error) => {
            Err(of_file(path, format!("cannot be read: {}", reason(&error)), &mending(path, &error)))
        }
    }
}

/// Reads what can be read into the settings and notes the rest as problems.
pub(super) fn read(loaded: &mut Loaded, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = Lines::of(text);
    let (repaired, mistakes) = repair::repaired(text, &lines);
    let mut reader = Reader { text, lines, loaded };
    for mistake in mistakes {
        reader.mistake(mistake);
    }
    let (table, errors) = repair::parsed(&repaired);
    for error in errors {
        reader.duplicate(&error);
    }
    reader.table("", table.get_ref());
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    loaded: &'a mut Loaded,
}

impl Reader<'_> {
    /// A line that was left out; which section it was in is told by the header above it.
    fn mistake(&mut self, mistake: Mistake) {
        let Mistake { line, column, what, fix } = mistake;
        let header =
            (1..=line).rev().map(|line| self.lines.text(line).trim()).find(|text| text.starts_with('['));
        let name = header.unwrap_or_default().trim_matches(['[', ']']);
        let disables =
            keys::SECTIONS.iter().find(|section| section.name == name).and_then(keys::Section::disabled);
        self.report(self.place(line, column), what, fix.to_owned(), disables);
    }

    fn duplicate(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or_default();
        let name = self.text.get(span.clone()).unwrap_or_default();
        let what = format!("{} is given twice; the first counts", in_quotes(name));
        self.report(
            self.place(self.lines.line(span.start), None),
            what,
            "take one of them out".to_owned(),
            None,
        );
    }

    fn table(&mut self, name: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let full =
                if name.is_empty() { key.get_ref().to_string() } else { format!("{name}.{}", key.get_ref()) };
            let line = self.lines.line(key.span().start);
            if let Some(known) = Key::find(&full) {
                self.value(known, line, value);
            } else if keys::is_table(&full) {
                self.section(&full, line, value);
            } else {
                self.unknown(name, &full, key.get_ref(), line);
            }
        }
    }

    fn value(&mut self, key: &'static Key, line: u32, value: &Entry<'_>) {
        match key.read(&mut self.loaded.settings, value.get_ref()) {
            Ok(()) => {
                self.loaded.origins.insert(key.name.to_owned(), Origin::File(line));
            }
            Err(wrong) => {
                let problem = wrong_value(key, self.place(line, None), &wrong, self.written(value));
                self.loaded.problems.push(problem);
            }
        }
    }

    fn section(&mut self, name: &str, line: u32, value: &Entry<'_>) {
        let shape = keys::SECTIONS.iter().find(|section| section.name == name).map(|section| section.shape);
        match (value.get_ref(), shape) {
            (DeValue::Table(tables), Some(Shape::Tables { .. })) => self.free(name, tables),
            (DeValue::Table(table), _) => self.table(name, table),
            _ => {
                let what = format!("{name} must be a table, not {}", kind(value.get_ref()));
                let disables = keys::section_of(&format!("{name}.")).disabled();
                self.report(
                    self.place(line, None),
                    what,
                    format!("write [{name}] and its keys under it"),
                    disables,
                );
            }
        }
    }

    /// Tables whose keys only their reader knows.
    fn free(&mut self, section: &str, tables: &DeTable<'_>) {
        for (key, value) in tables {
            let line = self.lines.line(key.span().start);
            let name = format!("{section}.{}", key.get_ref());
            let DeValue::Table(table) = value.get_ref() else {
                let what = format!("{} must be a table, not {}", clean(&name), kind(value.get_ref()));
                let fix = format!("write [{}] and its keys under it", clean(&name));
                self.report(self.place(line, None), what, fix, None);
                continue;
            };
            let kept = self.kept(&name, table);
            if let Some(tables) = self.loaded.settings.tables(section) {
                tables.insert(clean(key.get_ref()), kept);
            }
        }
    }

    fn kept(&mut self, name: &str, table: &DeTable<'_>) -> toml::Table {
        let mut kept = toml::Table::new();
        for (key, value) in table {
            let line = self.lines.line(key.span().start);
            let full = format!("{name}.{}", key.get_ref());
            match toml::Value::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(value) => {
                    kept.insert(clean(key.get_ref()), value);
                    self.loaded.origins.insert(full, Origin::File(line));
                }
                Err(_) => {
                    let what = format!("{} is a number too large to keep", clean(&full));
                    self.report(self.place(line, None), what, "write a smaller number".to_owned(), None);
                }
            }
        }
        kept
    }

    fn unknown(&mut self, table: &str, full: &str, key: &str, line: u32) {
        let mut what = format!("unknown key {}", in_quotes(key));
        let fix = match keys::meant(table, key) {
            Some(Meant::Beside(name)) => {
                what.push_str(&format!(", did you mean \"{name}\"?"));
                format!("write {name}, or take the line out")
            }
            Some(Meant::Elsewhere(known)) => {
                let section = keys::section_of(known.name).name;
                let (belongs, fix) = match section {
                    "" => ("above the first [section]".to_owned(), "move the line there".to_owned()),
                    section => (format!("under [{section}]"), format!("move the line under [{section}]")),
                };
                what = format!("{} belongs {belongs}", in_quotes(key));
                fix
            }
            None => "take the line out; `sitroom config init` shows every key".to_owned(),
        };
        self.report(self.place(line, None), what, fix, keys::section_of(full).disabled());
    }

    fn report(&mut self, place: Place, what: String, fix: String, disables: Option<&'static str>) {
        self.loaded.problems.push(Problem { place, what, fix, disables });
    }

    fn place(&self, line: u32, column: Option<u32>) -> Place {
        Place::File { file: self.loaded.file.clone(), line: Some(line), column }
    }

    /// A value as it stands in the file.
    fn written(&self, value: &Entry<'_>) -> &str {
        let Range { start, end } = value.span();
        match value.get_ref() {
            DeValue::Table(_) => "a table",
            DeValue::Array(_) => "a list",
            _ => self.text.get(start..end).unwrap_or_default(),
        }
    }
}

fn of_file(path: &Path, what: String, fix: &str) -> Problem {
    let place = Place::File { file: path.to_owned(), line: None, column: None };
    Problem { place, what, fix: fix.to_owned(), disables: None }
}

/// The system's words, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn mending(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "correct the path, or write the file with `sitroom config init`".to_owned(),
        ErrorKind::PermissionDenied => format!("make it readable: chmod u+r {}", shown(path)),
        ErrorKind::IsADirectory => {
            "move the folder away and write a file of that name, or give one with --config FILE".to_owned()
        }
        _ => "give another file with --config FILE".to_owned(),
    }
}

fn in_quotes(name: &str) -> String {
    format!("\"{}\"", clean(name).trim_matches('"'))
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
