//! A TOML file that somebody wrote: its blocks decoded one by one, every text in it made harmless, every mistake
//! kept with its place and its fix.
//!
//! A block that cannot be read costs itself and nothing else.

mod problem;

pub(in crate::sources) use problem::{Mistake, Problems};

use crate::domain::text::{clean, clean_lines};
use problem::nearest;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// A block and where it stands.
pub(in crate::sources) struct Block<T> {
    pub(in crate::sources) offset: usize,
    pub(in crate::sources) content: T,
}

/// The file as TOML, every text in it made harmless.
pub(in crate::sources) fn table<'t>(text: &'t str, problems: &mut Problems<'_>) -> DeTable<'t> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        report(error, 0, problems);
    }
    let mut root = root.into_inner();
    for (_, value) in &mut root {
        make_harmless(value.get_mut());
    }
    root
}

/// Takes the blocks of one name out of the file; one that cannot be read is reported and left out.
pub(in crate::sources) fn blocks<T: DeserializeOwned>(
    root: &mut DeTable<'_>,
    name: &str,
    problems: &mut Problems<'_>,
) -> Vec<Block<T>> {
    let Some(value) = root.remove(name) else { return Vec::new() };
    let offset = value.span().start;
    let DeValue::Array(array) = value.into_inner() else {
        problems.at(
            offset,
            Mistake::new(format!("`{name}` is not a list"), format!("open each with [[{name}]]")),
        );
        return Vec::new();
    };
    let read = |value: Spanned<DeValue<'_>>| {
        let offset = value.span().start;
        decode(value, problems).map(|content| Block { offset, content })
    };
    array.into_iter().filter_map(read).collect()
}

/// Takes a table of the file that is read as a whole.
pub(in crate::sources) fn part<T: DeserializeOwned>(
    root: &mut DeTable<'_>,
    name: &str,
    problems: &mut Problems<'_>,
) -> Option<Block<T>> {
    let value = root.remove(name)?;
    let offset = value.span().start;
    decode(value, problems).map(|content| Block { offset, content })
}

/// Everything that is left of a file, as one thing.
pub(in crate::sources) fn whole<T: DeserializeOwned>(
    root: DeTable<'_>,
    problems: &mut Problems<'_>,
) -> Option<Block<T>> {
    let value = Spanned::new(0..0, DeValue::Table(root));
    decode(value, problems).map(|content| Block { offset: 0, content })
}

pub(in crate::sources) fn decode<T: DeserializeOwned>(
    value: Spanned<DeValue<'_>>,
    problems: &mut Problems<'_>,
) -> Option<T> {
    let offset = value.span().start;
    T::deserialize(ValueDeserializer::from(value)).map_err(|error| report(&error, offset, problems)).ok()
}

/// A misspelt key finds its neighbour among the keys the message lists.
fn report(error: &toml::de::Error, block: usize, problems: &mut Problems<'_>) {
    let offset = error.span().map_or(block, |span| span.start);
    let message = clean(error.message());
    let mistake = match message.split_once(", expected ") {
        Some((what, expected)) => {
            let quoted =
                |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            let known = quoted(expected);
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let fix = quoted(what)
                .first()
                .and_then(|word| nearest(word, &known))
                .map_or_else(|| format!("expected {expected}"), |near| format!("did you mean `{near}`?"));
            Mistake::new(what, fix)
        }
        None => Mistake::new(message, ""),
    };
    problems.at(offset, mistake);
}

fn make_harmless(value: &mut DeValue<'_>) {
    match value {
        DeValue::String(text) => *text = clean_lines(text).into(),
        DeValue::Array(array) => array.iter_mut().for_each(|value| make_harmless(value.get_mut())),
        DeValue::Table(table) => table.iter_mut().for_each(|(_, value)| make_harmless(value.get_mut())),
        _ => {}
    }
}
