//! Days of a plan, counted from its first.

use crate::domain::as_text::as_text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// `1-7` or `4`, both ends counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Days {
    pub first: u32,
    pub last: u32,
}

/// Nobody plans a crisis for longer.
const LONGEST: u32 = 1_000;

impl Days {
    pub fn contains(self, day: i64) -> bool {
        (i64::from(self.first)..=i64::from(self.last)).contains(&day)
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` are not days of a plan (write 1-7 or 4, at most {LONGEST})");
        let (first, last) = text.split_once(['-', '–']).unwrap_or((text, text));
        let day = |word: &str| word.trim().parse::<u32>().map_err(|_| wrong());
        let days = Self { first: day(first)?, last: day(last)? };
        if days.first == 0 || days.last < days.first || days.last > LONGEST { Err(wrong()) } else { Ok(days) }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return f.pad(&self.first.to_string());
        }
        f.pad(&format!("{}-{}", self.first, self.last))
    }
}

as_text!(Days);
