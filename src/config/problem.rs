//! What is wrong with the configuration: the thing, the place and the fix.

use crate::domain::text::clean;
use std::fmt;
use std::path::{Path, PathBuf};

/// A file of noise is not worth more lines than a screen has.
const MOST: usize = 40;

/// Prints as one line that says what is wrong, and one that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub place: Place,
    pub what: String,
    pub fix: String,
    /// The section that stays off until it is mended; without one, only the value keeps its default.
    pub disables: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    File {
        file: PathBuf,
        line: Option<u32>,
        /// Given where the line alone does not show it: what is not TOML.
        column: Option<u32>,
    },
    Environment(&'static str),
    Flag(&'static str),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  {}", self.place, self.what, self.fix)?;
        match self.disables {
            Some(section) => write!(f, "; until then [{section}] is off"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => {
                f.write_str(&shown(file))?;
                for number in [line, column].into_iter().flatten() {
                    write!(f, ":{number}")?;
                }
                Ok(())
            }
            Self::Environment(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A path as it may be printed.
pub(super) fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

/// Brings problems into the order of the file, each once, and no more than can be read.
pub(super) fn settle(problems: &mut Vec<Problem>) {
    problems.sort();
    problems.dedup();
    if problems.len() <= MOST {
        return;
    }
    let more = problems.len() - MOST;
    let off: Vec<_> = problems[MOST..].iter().filter(|problem| problem.disables.is_some()).cloned().collect();
    problems.truncate(MOST);
    problems.extend(off.into_iter().take(MOST));
    if let Some(last) = problems.last_mut() {
        last.what = format!("{} (and {more} more problems)", last.what);
    }
}
