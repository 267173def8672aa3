//! The file of seals beside a journal: one seal a line, only ever added to.

use super::Seal;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Where what belongs to the seals of a journal lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub seals: PathBuf,
    pub private: PathBuf,
    pub public: PathBuf,
}

impl Place {
    /// Beside the journal, under its name: `journal.seals`, `journal.key`, `journal.pub`.
    pub fn of(journal: &Path) -> Self {
        let beside = |extension| journal.with_extension(extension);
        Self { seals: beside("seals"), private: beside("key"), public: beside("pub") }
    }
}

/// A seal, or why the line is none.
pub type Line = Result<Seal, String>;

/// Every line that is not empty, with its number.
pub fn read(file: &Path) -> io::Result<Vec<(usize, Line)>> {
    let text = fs::read_to_string(file)?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    Ok(lines
        .map(|(number, line)| (number, serde_json::from_str(line).map_err(|error| error.to_string())))
        .collect())
}

/// On disk when it answers.
pub fn append(file: &Path, seal: &Seal) -> io::Result<()> {
    let mut line = serde_json::to_string(seal)?;
    line.push('\n');
    let mut out = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(file)?;
    if !ends_a_line(&mut out)? {
        // A seal that was cut off in mid-write must not take this one with it.
        line.insert(0, '\n');
    }
    out.write_all(line.as_bytes())?;
    out.sync_all()
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
