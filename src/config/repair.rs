//! A text that is not quite TOML made into one that is, by leaving out the lines that are broken.
//!
//! The parser gives up at the first mistake it cannot see past. So its first mistake is taken, its lines are
//! blanked without moving anything else, and it is asked again. Under a broken table header everything goes, since
//! it would be taken for keys of the table before.

use super::lines::Lines;
use crate::domain::text::clean;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, Error};

/// More mistakes than this are not a configuration with mistakes; what follows them is left out as a whole.
const MOST: usize = 30;

const NOT_UTF8: char = '\u{fffd}';

/// What the parser says, what that means, and what to do.
const SAYINGS: &[(&str, &str, &str)] = &[
    (OPEN_TEXT, "text without its closing quotes", "close the quotes"),
    ("string values must be quoted", "text without quotes", "put the text in quotes"),
    ("invalid basic string", "text without its closing quote", "close the quotes"),
    ("invalid literal string", "text without its closing quote", "close the quotes"),
    (NO_VALUE, "nothing behind the =", "write a value behind the ="),
    ("key with no value", "a name without a value", "write name = value"),
    ("unclosed table", "a table header without its ]", "close the bracket: [name]"),
    ("unclosed array", "a list without its ]", "close the list with ]"),
    ("missing comma between array elements", "a list without a comma or its ]", "close the list with ]"),
    ("unclosed inline table", "a table without its }", "close the table with }"),
];

const OPEN_TEXT: &str = "invalid multi-line";
const NO_VALUE: &str = "missing value";

pub(super) struct Mistake {
    pub(super) line: u32,
    pub(super) column: Option<u32>,
    pub(super) what: String,
    pub(super) fix: &'static str,
}

/// The mistakes of a text, and the text without them; it is as long, and every line is where it was.
pub(super) fn repaired(text: &str, lines: &Lines<'_>) -> (String, Vec<Mistake>) {
    let mut repair = Repair { text: text.to_owned(), lines, broken: Vec::new(), mistakes: Vec::new() };
    repair.leave_out_what_is_not_utf8();
    while let Some(error) = first_error(&repair.text) {
        if repair.broken.len() >= MOST {
            repair.give_up(&error);
            break;
        }
        repair.leave_out(&error);
    }
    (repair.text, repair.mistakes)
}

/// A key given twice: the parser keeps the first, so nothing has to be left out.
pub(super) fn is_duplicate(error: &Error) -> bool {
    error.message() == "duplicate key" || error.message().starts_with("cannot extend")
}

pub(super) fn parsed(text: &str) -> (Spanned<DeTable<'_>>, Vec<Error>) {
    DeTable::parse_recoverable(text)
}

struct Repair<'a> {
    text: String,
    lines: &'a Lines<'a>,
    broken: Vec<RangeInclusive<u32>>,
    mistakes: Vec<Mistake>,
}

impl Repair<'_> {
    fn leave_out_what_is_not_utf8(&mut self) {
        for line in (1..=self.lines.count()).filter(|line| self.lines.text(*line).contains(NOT_UTF8)) {
            if self.mistakes.len() < MOST {
                let before =
                    self.lines.text(line).split(NOT_UTF8).next().map_or(0, |text| text.chars().count());
                let column = u32::try_from(before + 1).ok();
                self.mistakes.push(Mistake {
                    line,
                    column,
                    what: "not UTF-8".to_owned(),
                    fix: "save the file as UTF-8",
                });
            }
            self.blank(line..=self.under(line));
        }
    }

    /// The first mistake is always taken first, so one just above a line that is gone is only its consequence.
    fn leave_out(&mut self, error: &Error) {
        let at = error.span().map_or(self.text.len(), |span| span.start).min(self.text.len());
        let line = self.lines.line(at);
        let message = self.message(error, line);
        let first = if message.contains(OPEN_TEXT) { self.opening(line) } else { self.beginning(line) };
        let lines = first..=self.under(line);
        if !self.broken.iter().any(|broken| (first..=lines.end() + 1).contains(broken.start())) {
            let saying = SAYINGS.iter().find(|(part, ..)| message.contains(part));
            let (what, fix) =
                saying.map_or((message.as_str(), "correct the line"), |(_, what, fix)| (*what, *fix));
            let column = (first == line).then(|| self.lines.column(at));
            self.mistakes.push(Mistake { line: first, column, what: format!("not TOML: {what}"), fix });
        }
        self.blank(lines.clone());
        self.broken.push(lines);
    }

    /// The parser's words, but for a value that is not there, which it takes for text without quotes.
    fn message(&self, error: &Error, line: u32) -> String {
        let is_empty = self.now(line).trim_end().ends_with('=');
        if is_empty { NO_VALUE.to_owned() } else { clean(error.message()) }
    }

    /// Where text of several lines began that never ends.
    fn opening(&self, line: u32) -> u32 {
        let opens = |line: &u32| ["\"\"\"", "'''"].iter().any(|quotes| self.now(*line).contains(quotes));
        (1..=line).rev().find(opens).unwrap_or(line)
    }

    fn give_up(&mut self, error: &Error) {
        let line = self.lines.line(error.span().map_or(0, |span| span.start).min(self.text.len()));
        let what = "not TOML, and too much of it; nothing from here on is taken".to_owned();
        self.mistakes.push(Mistake { line, column: None, what, fix: "give another file with --config FILE" });
        self.text.clear();
    }

    /// The line a statement that ends in this one begins in: the nearest above that still says something.
    fn beginning(&self, line: u32) -> u32 {
        (1..=line).rev().find(|line| !self.now(*line).trim().is_empty()).unwrap_or(line)
    }

    /// The last line that goes with this one: under a header, all up to the next.
    fn under(&self, line: u32) -> u32 {
        let is_header = |line: u32| self.lines.text(line).trim_start().starts_with('[');
        if !is_header(line) {
            return line;
        }
        (line + 1..=self.lines.count())
            .find(|next| is_header(*next))
            .map_or(self.lines.count(), |next| next - 1)
    }

    fn now(&self, line: u32) -> &str {
        self.text.get(self.lines.range(line)).unwrap_or_default()
    }

    fn blank(&mut self, lines: RangeInclusive<u32>) {
        let range = self.lines.range(*lines.start()).start..self.lines.range(*lines.end()).end;
        let blank: String =
            self.text[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        self.text.replace_range(range, &blank);
    }
}

fn first_error(text: &str) -> Option<Error> {
    let (_, errors) = parsed(text);
    let real = errors.into_iter().filter(|error| !is_duplicate(error));
    real.min_by_key(|error| error.span().map_or(usize::MAX, |span| span.start))
}
