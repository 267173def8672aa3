//! The layers beside the file: what the environment suggests, what it insists on, and the command line.

use super::keys::{Also, KEYS, Key};
use super::problem::{Place, shown};
use super::value::Wrong;
use super::{Environment, Loaded, Problem};
use crate::domain::text::clean;
use std::path::Path;
use toml::de::DeValue;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Default,
    Environment(&'static str),
    /// The line of the configuration file.
    File(u32),
    Flag(&'static str),
}

/// A value from the command line, `Override::new("ui.theme", "dusk")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub key: &'static str,
    pub value: String,
}

impl Override {
    pub fn new(key: &'static str, value: impl Into<String>) -> Self {
        Self { key, value: value.into() }
    }
}

impl Origin {
    pub(super) fn say(self, file: &Path) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Environment(name) | Self::Flag(name) => name.to_owned(),
            Self::File(line) => format!("{}:{line}", shown(file)),
        }
    }
}

/// A fallback nobody asked for is passed over in silence when it makes no sense.
pub(super) fn fallbacks(loaded: &mut Loaded, environment: &Environment) {
    for (key, also) in all_also() {
        let Also::Fallback(variable) = also else { continue };
        let Some(value) = environment.get(variable) else { continue };
        if read_text(key, loaded, value).is_ok() {
            loaded.origins.insert(key.name.to_owned(), Origin::Environment(variable));
        }
    }
}

pub(super) fn environment(loaded: &mut Loaded, environment: &Environment) {
    for (key, also) in all_also() {
        let Also::Means(variable, value) = also else { continue };
        if environment.get(variable).is_some() {
            set(key, loaded, value, Origin::Environment(variable), Place::Environment(variable));
        }
    }
}

pub(super) fn overrides(loaded: &mut Loaded, overrides: &[Override]) {
    for Override { key, value } in overrides {
        let Some(key) = Key::find(key) else { continue };
        let flag = key.also.iter().find_map(|also| match also {
            Also::Flag(flag) => Some(*flag),
            _ => None,
        });
        let flag = flag.unwrap_or(key.name);
        set(key, loaded, value, Origin::Flag(flag), Place::Flag(flag));
    }
}

fn all_also() -> impl Iterator<Item = (&'static Key, Also)> {
    KEYS.iter().flat_map(|key| key.also.iter().map(move |also| (key, *also)))
}

fn set(key: &Key, loaded: &mut Loaded, value: &str, origin: Origin, place: Place) {
    match read_text(key, loaded, value) {
        Ok(()) => {
            loaded.origins.insert(key.name.to_owned(), origin);
        }
        Err(wrong) => loaded.problems.push(wrong_value(key, place, &wrong, &format!("\"{value}\""))),
    }
}

/// Outside the file there are no quotes: what is no text may still be a number or a truth.
fn read_text(key: &Key, loaded: &mut Loaded, text: &str) -> Result<(), Wrong> {
    let as_text = key.read(&mut loaded.settings, &DeValue::String(text.into()));
    as_text.or_else(|wrong| match DeValue::parse(text) {
        Ok(value) => key.read(&mut loaded.settings, value.get_ref()).map_err(|_| wrong),
        Err(_) => Err(wrong),
    })
}

/// "ui.mouse must be true or false, not "yes", did you mean "true"?", and what to write.
pub(super) fn wrong_value(key: &Key, place: Place, wrong: &Wrong, written: &str) -> Problem {
    let written = shortened(written);
    let mut what = format!("{} must be {}, not {written}", key.name, key.wants());
    let mut example = key.example.to_owned();
    if let Some(suggestion) = &wrong.suggestion {
        let is_bare = DeValue::parse(suggestion).is_ok_and(|value| value.get_ref().is_bool());
        example = if is_bare { suggestion.clone() } else { super::value::quoted(suggestion) };
        what.push_str(&format!(", did you mean {example}?"));
    }
    let fix = match &place {
        Place::File { .. } if wrong.suggestion.is_some() => format!("write {} = {example}", key.short()),
        Place::File { .. } => format!("write, for example, {} = {example}", key.short()),
        Place::Flag(flag) if flag.starts_with("--") => {
            format!("give, for example, {flag} {}", example.trim_matches('"'))
        }
        _ => format!("set it to, for example, {}", example.trim_matches('"')),
    };
    let disables =
        super::keys::section_of(key.name).disabled().filter(|_| matches!(place, Place::File { .. }));
    Problem { place, what, fix, disables }
}

fn shortened(written: &str) -> String {
    const LONGEST: usize = 40;
    let line = clean(written);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let start: String = line.chars().take(LONGEST).collect();
    format!("{start}…")
}
