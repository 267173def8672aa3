//! The folder of a pack: replaced as a whole or not at all, and never over what a person wrote there.
//!
//! A new folder is made beside the old one and put into its place in one step. What each file was when it was
//! written stands in a manifest, so that an edit is seen; an edited file is carried over as it is.

use super::super::Failure;
use crate::export::Summary;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const MANIFEST: &str = ".manifest.json";
/// Enough of a title to know it by.
const SLUG: usize = 48;

pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// Where it is made, beside its place.
    making: PathBuf,
}

/// What became of one file.
pub(super) struct Outcome {
    pub(super) file: &'static str,
    pub(super) written_as: String,
    pub(super) kept: Kept,
}

pub(super) enum Kept {
    Written,
    /// Somebody edited the file; the new one stands beside it.
    Beside {
        only_new: usize,
        only_theirs: usize,
    },
}

/// The digest of each file as it was written.
type Manifest = BTreeMap<String, String>;

impl Folder {
    pub(super) fn of(out: &Path, incident: &Summary) -> Self {
        let name = format!("{}-{}", incident.date, slug(incident));
        Self { path: out.join(&name), making: out.join(format!(".{name}.new")) }
    }

    pub(super) fn write(&self, files: &[(&'static str, String)]) -> Result<Vec<Outcome>, Failure> {
        self.try_write(files).map_err(|error| unable(&self.path, &error))
    }

    fn try_write(&self, files: &[(&'static str, String)]) -> io::Result<Vec<Outcome>> {
        clear(&self.making)?;
        fs::create_dir_all(&self.making)?;
        let mut manifest = self.carry_over(files)?;
        let outcomes = files
            .iter()
            .map(|(file, text)| self.put(file, text, &mut manifest))
            .collect::<io::Result<_>>()?;
        let manifest = serde_json::to_string_pretty(&manifest).map_err(io::Error::from)?;
        keep(&self.making.join(MANIFEST), format!("{manifest}\n").as_bytes())?;
        fs::File::open(&self.making)?.sync_all()?;
        self.swap()?;
        Ok(outcomes)
    }

    /// Copies whatever is not ours to write again: other formats, edited files, and files we know nothing of.
    fn carry_over(&self, files: &[(&'static str, String)]) -> io::Result<Manifest> {
        if !self.path.exists() {
            return Ok(Manifest::new());
        }
        let mut manifest = manifest_of(&self.path);
        let again: BTreeSet<&str> = files.iter().map(|(file, _)| *file).collect();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = again.contains(name.as_str()) && is_as_written(&entry.path(), manifest.get(&name))?;
            if name != MANIFEST && !is_ours {
                copy(&entry.path(), &self.making.join(entry.file_name()))?;
            }
        }
        manifest.retain(|name, _| self.making.join(name).exists());
        Ok(manifest)
    }

    fn put(&self, file: &'static str, text: &str, manifest: &mut Manifest) -> io::Result<Outcome> {
        let theirs = self.making.join(file);
        let (written_as, kept) = match fs::read(&theirs) {
            Err(_) => (file.to_owned(), Kept::Written),
            Ok(edited) => (beside(file), difference(&String::from_utf8_lossy(&edited), text)),
        };
        keep(&self.making.join(&written_as), text.as_bytes())?;
        manifest.insert(written_as.clone(), digest(text.as_bytes()));
        Ok(Outcome { file, written_as, kept })
    }

    /// One step of the file system: whoever looks, or is killed, finds the old folder or the new one.
    fn swap(&self) -> io::Result<()> {
        if self.path.exists() {
            renameat_with(CWD, &self.making, CWD, &self.path, RenameFlags::EXCHANGE)?;
            clear(&self.making)
        } else {
            fs::rename(&self.making, &self.path)
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kept {
            Kept::Written => f.write_str(&self.written_as),
            Kept::Beside { only_new, only_theirs } => write!(
                f,
                "{} (beside {}, which somebody edited: {only_new} lines only here, {only_theirs} only there)",
                self.written_as, self.file
            ),
        }
    }
}

pub(super) fn unable(path: &Path, error: &io::Error) -> Failure {
    let what = format!("{}: {error}", path.display());
    Failure::unable(what, "name a folder you may write to, with room on its disk")
}

fn slug(incident: &Summary) -> String {
    let mut slug = String::new();
    for c in incident.title.to_lowercase().chars().take(SLUG) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let id = incident.id.to_lowercase();
    match slug.trim_end_matches('-') {
        "" => id,
        words => format!("{id}-{words}"),
    }
}

/// `postmortem.new.md`, beside `postmortem.md`.
fn beside(file: &str) -> String {
    file.rsplit_once('.').map_or_else(|| format!("{file}.new"), |(name, end)| format!("{name}.new.{end}"))
}

fn manifest_of(folder: &Path) -> Manifest {
    let text = fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    // Without a manifest nobody can say what was edited, so everything counts as edited.
    serde_json::from_str(&text).unwrap_or_default()
}

fn is_as_written(path: &Path, known: Option<&String>) -> io::Result<bool> {
    match known {
        Some(known) if path.is_file() => Ok(digest(&fs::read(path)?) == *known),
        _ => Ok(false),
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn difference(theirs: &str, ours: &str) -> Kept {
    let (their_lines, our_lines): (BTreeSet<_>, BTreeSet<_>) =
        (theirs.lines().collect(), ours.lines().collect());
    Kept::Beside {
        only_new: our_lines.difference(&their_lines).count(),
        only_theirs: their_lines.difference(&our_lines).count(),
    }
}

fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(from)?.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// What a run that was killed left lying about is no harm and no use.
fn clear(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
