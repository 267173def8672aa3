//! How one value is read from TOML and written as TOML, for every type a setting can have.
//!
//! An empty text is a setting that is not set, so that the generated file can show every key with its default.

use crate::domain::problem::nearest;
use crate::domain::text::{clean, is_hostile};
use crate::domain::{Person, Span};
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::path::PathBuf;
use toml::de::DeValue;

pub trait Value: Sized {
    /// Completes "it must be …".
    fn wants() -> String;

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong>;

    /// TOML that reads back as this value; nothing when only its absence does.
    fn write(&self) -> Option<String>;
}

/// Why a value was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// The zone local times are shown in.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Zone {
    #[default]
    Local,
    Utc,
    Named(TimeZone),
}

/// How many times faster than the wall a scenario plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed(f64);

const LONGEST: Span = Span::days(3_650);
const FASTEST: f64 = 10_000.0;

impl Wrong {
    pub(super) fn value() -> Self {
        Self::default()
    }

    pub(super) fn near(suggestion: Option<&str>) -> Self {
        Self { suggestion: suggestion.map(str::to_owned) }
    }
}

impl Speed {
    pub fn times(self) -> f64 {
        self.0
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Zone {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "local" => Some(Self::Local),
            _ if name.eq_ignore_ascii_case("utc") => Some(Self::Utc),
            _ => TimeZone::get(name).ok().map(Self::Named),
        }
    }

    /// `Berlin` and `Europe/Brelin` are both Europe/Berlin.
    fn nearest(typed: &str) -> Option<String> {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let city = names.iter().find(|name| {
            name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&typed.replace(' ', "_")))
        });
        city.map(String::as_str)
            .or_else(|| nearest(typed, names.iter().map(String::as_str)))
            .map(str::to_owned)
    }
}

/// Text as a TOML string.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hostile(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text that is one harmless line, or nothing when it is empty.
fn line(value: &DeValue<'_>) -> Result<Option<String>, Wrong> {
    let text = value.as_str().ok_or_else(Wrong::value)?;
    let harmless = clean(text);
    match harmless.trim() {
        "" if !text.trim().is_empty() => Err(Wrong::value()),
        "" => Ok(None),
        text => Ok(Some(text.to_owned())),
    }
}

impl Value for bool {
    fn wants() -> String {
        "true or false".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        value.as_bool().ok_or_else(|| Wrong::near(value.as_str().and_then(as_truth)))
    }

    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }
}

fn as_truth(text: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("true", "true"),
        ("yes", "true"),
        ("on", "true"),
        ("false", "false"),
        ("no", "false"),
        ("off", "false"),
    ];
    WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, truth)| *truth)
}

impl Value for Option<String> {
    fn wants() -> String {
        "text in quotes".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        line(value)
    }

    fn write(&self) -> Option<String> {
        Some(quoted(self.as_deref().unwrap_or_default()))
    }
}

impl Value for Option<Person> {
    fn wants() -> String {
        "one word without @ or #".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        let Some(name) = line(value)? else { return Ok(None) };
        name.parse().map(Some).map_err(|_| Wrong::value())
    }

    fn write(&self) -> Option<String> {
        Some(quoted(self.as_ref().map_or("", Person::as_str)))
    }
}

impl Value for Option<PathBuf> {
    fn wants() -> String {
        "a path in quotes".to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        let text = value.as_str().ok_or_else(Wrong::value)?;
        if text.contains(is_hostile) {
            return Err(Wrong::value());
        }
        Ok(Some(text).filter(|text| !text.is_empty()).map(PathBuf::from))
    }

    fn write(&self) -> Option<String> {
        Some(quoted(&self.as_deref().unwrap_or("".as_ref()).to_string_lossy()))
    }
}

impl Value for Span {
    fn wants() -> String {
        r#"a span such as "90s", "12m", "1h30m" or "3d""#.to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        let span: Self = value.as_str().and_then(|text| text.parse().ok()).ok_or_else(Wrong::value)?;
        if span >= Self::seconds(1) && span <= LONGEST { Ok(span) } else { Err(Wrong::value()) }
    }

    fn write(&self) -> Option<String> {
        Some(quoted(&String::from(*self)))
    }
}

impl Value for Option<Span> {
    fn wants() -> String {
        r#"a span such as "90s", "12m" or "1h30m", or "off""#.to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        if value.as_str() == Some("off") { Ok(None) } else { Span::read(value).map(Some) }
    }

    fn write(&self) -> Option<String> {
        self.map_or_else(|| Some(quoted("off")), |span| span.write())
    }
}

impl Value for Zone {
    fn wants() -> String {
        r#""local", "utc" or an IANA name such as "Europe/Berlin""#.to_owned()
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        let name = value.as_str().ok_or_else(Wrong::value)?;
        Self::named(name).ok_or_else(|| Wrong { suggestion: Self::nearest(name) })
    }

    fn write(&self) -> Option<String> {
        Some(quoted(match self {
            Self::Local => "local",
            Self::Utc => "utc",
            Self::Named(zone) => zone.iana_name().unwrap_or("utc"),
        }))
    }
}

impl Value for Speed {
    fn wants() -> String {
        format!("a number above 0, up to {FASTEST}")
    }

    fn read(value: &DeValue<'_>) -> Result<Self, Wrong> {
        let whole = value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        let broken = value.as_float().and_then(|n| n.as_str().parse().ok());
        let speed = whole.map(|n| n as f64).or(broken).ok_or_else(Wrong::value)?;
        if speed > 0.0 && speed <= FASTEST { Ok(Self(speed)) } else { Err(Wrong::value()) }
    }

    fn write(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Value>(toml: &str) -> Result<T, Wrong> {
        T::read(DeValue::parse(toml).unwrap().get_ref())
    }

    #[test]
    fn a_person_is_one_word() {
        assert_eq!(read("\"dana\""), Ok(Some(Person::new("dana"))));
        assert_eq!(read("\"@dana\""), Ok(Some(Person::new("dana"))));
        assert_eq!(read::<Option<Person>>("\"\""), Ok(None));
        for wrong in ["\"dana sam\"", "\"dana@home\"", "7", "\"\\u0007\""] {
            assert!(read::<Option<Person>>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_suggested_by_its_city() {
        assert_eq!(read::<Zone>("\"UTC\""), Ok(Zone::Utc));
        assert_eq!(read::<Zone>("\"berlin\"").unwrap_err().suggestion.as_deref(), Some("Europe/Berlin"));
        assert_eq!(
            read::<Zone>("\"Europe/Brelin\"").unwrap_err().suggestion.as_deref(),
            Some("Europe/Berlin")
        );
    }

    #[test]
    fn a_clock_can_be_switched_off_and_never_runs_backwards() {
        assert_eq!(read::<Option<Span>>("\"off\""), Ok(None));
        for wrong in ["\"0s\"", "\"-5m\"", "5", "\"9999999d\""] {
            assert!(read::<Option<Span>>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_speed_is_a_pace_forward() {
        assert_eq!(read("60").map(Speed::times), Ok(60.0));
        assert_eq!(read("0.5").map(Speed::times), Ok(0.5));
        for wrong in ["0", "-1", "nan", "inf", "1e9", "\"fast\""] {
            assert!(read::<Speed>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn quoted_text_is_read_back() {
        for text in ["plain", "a \"b\" \\c", "line\nbreak \u{202e}"] {
            assert_eq!(DeValue::parse(&quoted(text)).unwrap().get_ref().as_str(), Some(text));
        }
    }
}
