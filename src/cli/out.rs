//! Where an answer is written: standard output, with what is known of it.

use super::Failure;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

pub struct Out {
    to: BufWriter<Stdout>,
    is_terminal: bool,
}

impl Out {
    pub(super) fn stdout() -> Self {
        let is_terminal = io::stdout().is_terminal();
        Self { to: BufWriter::new(io::stdout()), is_terminal }
    }

    /// Whether a person looks at it, rather than a file or a pipe.
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    pub fn line(&mut self, line: impl fmt::Display) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{line}")?)
    }

    pub fn text(&mut self, text: impl fmt::Display) -> Result<(), Failure> {
        Ok(write!(self.to, "{text}")?)
    }

    /// One line of JSON.
    pub fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.to, value).map_err(io::Error::from)?;
        Ok(self.to.write_all(b"\n")?)
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }

    pub fn writer(&mut self) -> &mut BufWriter<Stdout> {
        &mut self.to
    }
}
