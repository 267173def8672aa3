//! How a run ends: the four exit codes, and what is said when it did not go well.

use crate::config::Problem;
use crate::domain::Refusal;
use crate::domain::text::{clean, clean_lines};
use crate::journal::ImportError;
use crate::journal::{JournalError, VerifyError};
use crate::store::StoreError;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// The exit codes scripts hold on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// It was done, and the answer is "no" or "bad".
    No = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// A disk, a network or a terminal stood in the way.
    Unable = 3,
}

/// What went wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: Exit,
    /// One line; nothing is said when it is empty.
    pub what: String,
    pub fix: String,
}

impl Failure {
    pub fn no(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code: Exit::No, what: what.into(), fix: fix.into() }
    }

    pub fn usage(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code: Exit::Usage, what: what.into(), fix: fix.into() }
    }

    pub fn unable(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code: Exit::Unable, what: what.into(), fix: fix.into() }
    }

    /// Says it on stderr. There is nobody to tell when even that fails.
    pub(super) fn report(&self) -> Exit {
        if !self.what.is_empty() {
            let _ = writeln!(io::stderr(), "sitroom: {}", clean(&self.what));
        }
        if !self.fix.is_empty() {
            let _ = writeln!(io::stderr(), "  {}", clean_lines(&self.fix).replace('\n', "\n  "));
        }
        self.code
    }
}

/// What clap has to say: help on stdout, a mistake on stderr.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Of writing the answer: who closed the pipe has read enough.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { code: Exit::Done, what: String::new(), fix: String::new() };
        }
        Self::unable(
            format!("the answer could not be written: {error}"),
            "make room there, or write it elsewhere",
        )
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::usage(format!("{}: {}", problem.place, problem.what), problem.fix)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::unable(error.what, error.fix)
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        let code = match error {
            VerifyError::Broken { .. } => Exit::No,
            VerifyError::Journal(_) => Exit::Unable,
        };
        Self { code, what: error.to_string(), fix: error.fix() }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let code = match error {
            ImportError::Line { .. } | ImportError::Broken { .. } | ImportError::NotNext { .. } => Exit::No,
            ImportError::Read { .. } | ImportError::Conflict { .. } | ImportError::Journal(_) => Exit::Unable,
        };
        Self { code, what: error.to_string(), fix: error.fix() }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::unable(error.to_string(), error.fix())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::no(refusal.to_string(), super::ic::fix(&refusal))
    }
}
