//! A share in percent as people say it, who are often not sure: `70 %`, `40-50 %`.

use crate::domain::as_text::as_text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Share {
    pub least: u8,
    pub most: u8,
}

impl Share {
    /// Whether a measured share is what was said, give or take half a percent.
    pub fn holds(self, percent: f64) -> bool {
        percent >= f64::from(self.least) - 0.5 && percent < f64::from(self.most) + 0.5
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a share (write 70 % or 40-50 %)");
        let number = text.trim().strip_suffix('%').ok_or_else(wrong)?;
        let (least, most) = number.split_once(['-', '–']).unwrap_or((number, number));
        let percent = |word: &str| {
            let word = word.trim().trim_end_matches('%').trim_end();
            word.parse::<u8>().ok().filter(|percent| *percent <= 100).ok_or_else(wrong)
        };
        let share = Self { least: percent(least)?, most: percent(most)? };
        if share.most < share.least { Err(wrong()) } else { Ok(share) }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            return f.pad(&format!("{} %", self.least));
        }
        f.pad(&format!("{}-{} %", self.least, self.most))
    }
}

as_text!(Share);
