//! Goals printed, so that what is printed is read back the same.

use super::{Goal, Measure, Of, Target};
use crate::domain::id::ServiceName;
use std::fmt;

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.measure, self.target)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room { what, of, stat, window } => {
                write!(f, "{}({of}{})", what.row().word, window.exact())?;
                stat.map_or(Ok(()), |stat| write!(f, " {}", stat.word()))
            }
            Self::Series { series, stat, window } => {
                name(f, series.as_str())?;
                write!(f, " {} over {}", stat.word(), window.exact())
            }
        }
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.service.as_ref().map(ServiceName::as_str);
        let all =
            [("vector", self.vector.as_deref()), ("service", service), ("label", self.label.as_deref())];
        for (key, value) in all.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            write!(f, "{key}: ")?;
            name(f, value)?;
            f.write_str(", ")?;
        }
        Ok(())
    }
}

/// In quotation marks where it would not be read as one word.
fn name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    if is_plain { f.write_str(name) } else { write!(f, "\"{name}\"") }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(compare, amount) => write!(f, "{compare} {amount}"),
            Self::Change(way, by) => write!(f, "vs baseline {} {by} %", way.word()),
        }
    }
}
