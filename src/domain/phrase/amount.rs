//! An amount: a number and its unit, and what that is in the unit of a metric.

use super::Fault;
use super::tokens::{Piece, Tokens, is_word};
use crate::domain::catalog::Unit;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    pub value: f64,
    pub scale: Scale,
}

/// What a number counts, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Nothing is written: it is meant in the unit of whatever it is compared with.
    Plain,
    Percent,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    PerSecond,
    PerMinute,
}

/// One row: how it is printed, how else it may be written, and what one of it is in a unit of the catalog.
struct Row {
    scale: Scale,
    printed: &'static str,
    written: &'static [&'static str],
    unit: Unit,
    factor: f64,
}

const TABLE: &[Row] = &[
    Row { scale: Scale::Percent, printed: " %", written: &["percent"], unit: Unit::Percent, factor: 1.0 },
    Row {
        scale: Scale::Milliseconds,
        printed: " ms",
        written: &["ms", "millisecond", "milliseconds"],
        unit: Unit::Milliseconds,
        factor: 1.0,
    },
    Row {
        scale: Scale::Seconds,
        printed: " s",
        written: &["s", "sec", "second", "seconds"],
        unit: Unit::Milliseconds,
        factor: 1_000.0,
    },
    Row {
        scale: Scale::Minutes,
        printed: " min",
        written: &["m", "min", "minute", "minutes"],
        unit: Unit::Milliseconds,
        factor: 60_000.0,
    },
    Row {
        scale: Scale::Hours,
        printed: " h",
        written: &["h", "hour", "hours"],
        unit: Unit::Milliseconds,
        factor: 3_600_000.0,
    },
    Row {
        scale: Scale::PerSecond,
        printed: "/s",
        written: &["/s", "/sec", "/second"],
        unit: Unit::PerSecond,
        factor: 1.0,
    },
    Row {
        scale: Scale::PerMinute,
        printed: "/min",
        written: &["/min", "/m", "/minute"],
        unit: Unit::PerSecond,
        factor: 1.0 / 60.0,
    },
];

impl Amount {
    /// `5 %`, `500ms`, `2 s`, `12/s`, `12 per minute`, `40`.
    pub fn read(tokens: &mut Tokens<'_>) -> Result<Self, Fault> {
        let value = tokens.takes_number().ok_or_else(|| tokens.fault("a number"))?;
        Ok(Self { value, scale: Scale::read(tokens) })
    }

    /// The number in a metric's own unit; none where the two do not measure the same thing.
    pub fn in_unit(self, unit: Unit) -> Option<f64> {
        let Some(row) = self.scale.row() else { return Some(self.value) };
        (row.unit == unit).then_some(self.value * row.factor)
    }
}

impl Scale {
    /// The unit that is next; `Plain` where there is none.
    fn read(tokens: &mut Tokens<'_>) -> Self {
        if tokens.takes(Piece::Percent) {
            return Self::Percent;
        }
        if is_word(tokens.peek(), "per") {
            let of = |word: &str| TABLE.iter().find(|row| row.written.contains(&format!("/{word}").as_str()));
            let Some(Piece::Run(word)) = tokens.ahead(1) else { return Self::Plain };
            let Some(row) = of(&word.to_ascii_lowercase()) else { return Self::Plain };
            tokens.take();
            tokens.take();
            return row.scale;
        }
        let written = |row: &&Row| row.written.iter().any(|word| is_word(tokens.peek(), word));
        let Some(row) = TABLE.iter().find(written) else { return Self::Plain };
        tokens.take();
        row.scale
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.scale == self)
    }

    /// The unit in words, for a sentence.
    pub fn word(self) -> &'static str {
        self.row().map_or("", |row| row.printed.trim())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.scale.row().map_or("", |row| row.printed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Result<Amount, Fault> {
        let mut tokens = Tokens::of(text)?;
        let amount = Amount::read(&mut tokens)?;
        tokens.ends().map(|()| amount)
    }

    #[test]
    fn an_amount_is_read_however_people_write_it() {
        let said = |text: &str| amount(text).unwrap().to_string();
        assert_eq!([said("5%"), said("5 percent"), said("0.5 %")], ["5 %", "5 %", "0.5 %"]);
        assert_eq!([said("500ms"), said("2 Seconds"), said("5min")], ["500 ms", "2 s", "5 min"]);
        assert_eq!([said("12/s"), said("12 per minute"), said("-40")], ["12/s", "12/min", "-40"]);
    }

    #[test]
    fn what_measures_the_same_is_converted_and_nothing_else() {
        let is = |text: &str, unit| amount(text).unwrap().in_unit(unit);
        assert_eq!(is("2 s", Unit::Milliseconds), Some(2_000.0));
        assert_eq!(is("120/min", Unit::PerSecond), Some(2.0));
        assert_eq!(is("7", Unit::Percent), Some(7.0));
        assert_eq!(is("5 %", Unit::Milliseconds), None);
        assert_eq!(is("5 s", Unit::Count), None);
    }

    #[test]
    fn what_is_no_amount_says_where() {
        assert_eq!(amount("much").unwrap_err().to_string(), "column 1: expected a number, found `much`");
        assert_eq!(amount("5 apples").unwrap_err().to_string(), "column 3: expected the end, found `apples`");
        assert_eq!(amount("5xx").unwrap_err().to_string(), "column 2: expected the end, found `xx`");
    }
}
