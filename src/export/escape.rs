//! Text made inert for a format: nothing somebody typed may become markup, a formula or an escape sequence.

use crate::domain::text::{is_hostile, whole, whole_lines};
use serde_json::Value;
use std::fmt::Write as _;

/// A text as one inert line of Markdown, a table cell included.
pub(super) fn markdown(text: &str) -> String {
    let line = one_line(text);
    let chars: Vec<char> = line.trim().chars().collect();
    let mut escaped = String::with_capacity(line.len() + 8);
    for (place, c) in chars.iter().enumerate() {
        if is_markup(&chars, place) {
            escaped.push('\\');
        }
        escaped.push(*c);
    }
    escaped
}

/// Every text of a value, made inert, the names of fields included: some are those of people.
pub(super) fn all(value: Value, inert: fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(inert(&text)),
        Value::Array(items) => items.into_iter().map(|item| all(item, inert)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (inert(&name), all(value, inert))).collect()
        }
        other => other,
    }
}

/// Text for an element or an attribute of HTML or SVG.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in whole(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// One cell of CSV. What a spreadsheet would take for a formula is led by an apostrophe.
pub fn cell(text: &str) -> String {
    let text = one_line(text);
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']);
    let led = if is_formula { format!("'{text}") } else { text };
    format!("\"{}\"", led.replace('"', "\"\""))
}

/// JSON as it was, with whatever could drive a terminal written out: only strings hold such characters.
pub(super) fn json(text: &str) -> String {
    if !text.chars().any(|c| c != '\n' && is_hostile(c)) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_hostile(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whole, on one line: what is cut here would be nowhere else.
fn one_line(text: &str) -> String {
    whole(&whole_lines(text).replace('\n', " "))
}

fn is_markup(chars: &[char], place: usize) -> bool {
    let c = chars[place];
    let before = place.checked_sub(1).map(|at| chars[at]);
    let after = chars.get(place + 1);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '!' => true,
        '_' => !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(|c| c.is_alphanumeric())),
        '-' | '+' | '=' => before.is_none(),
        '.' | ')' => chars[..place].iter().all(char::is_ascii_digit) && place > 0,
        _ => false,
    }
}
