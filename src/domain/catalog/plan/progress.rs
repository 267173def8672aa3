//! How far something has come, in percent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(into = "u8", try_from = "u32")]
#[schemars(with = "u8", extend("minimum" = 0, "maximum" = 100))]
pub struct Progress(u8);

impl Progress {
    /// What is more than everything is everything.
    pub fn at_most(percent: u32) -> Self {
        Self(u8::try_from(percent.min(100)).unwrap_or(100))
    }

    pub const fn percent(self) -> u8 {
        self.0
    }

    pub const fn is_done(self) -> bool {
        self.0 == 100
    }
}

impl TryFrom<u32> for Progress {
    type Error = String;

    fn try_from(percent: u32) -> Result<Self, String> {
        match u8::try_from(percent) {
            Ok(percent) if percent <= 100 => Ok(Self(percent)),
            _ => Err(format!("{percent} is more than everything (progress is 0 to 100)")),
        }
    }
}

impl From<Progress> for u8 {
    fn from(progress: Progress) -> Self {
        progress.0
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} %", self.0))
    }
}
