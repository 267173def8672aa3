//! The folder of a pack: replaced as a whole or not at all, and never over what a person wrote there.
//!
//! A new folder is made beside the old one and put into its place in one step. What each file was when it was
//! written stands in a manifest, so that an edit is seen; an edited file is carried over as it is, and so is a file
//! that was put beside one and edited in its turn.

use super::super::Failure;
use crate::export::{ExerciseKind, Summary};
use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const MANIFEST: &str = ".manifest.json";
/// Enough of a title to know it by.
const SLUG: usize = 48;
/// More edited copies of one file than this are somebody's mistake.
const BESIDE: usize = 99;

pub(in crate::cli) struct Folder {
    pub(in crate::cli) path: PathBuf,
    /// Where it is made, beside its place.
    making: PathBuf,
}

/// What became of one file.
pub(in crate::cli) struct Outcome {
    pub(in crate::cli) file: &'static str,
    pub(in crate::cli) written_as: String,
    pub(in crate::cli) kept: Kept,
}

pub(in crate::cli) enum Kept {
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
    pub(in crate::cli) fn of(out: &Path, incident: &Summary) -> Self {
        let name = format!("{}-{}{}", incident.date, mark(incident), slug(incident));
        Self { path: out.join(&name), making: out.join(format!(".{name}.new")) }
    }

    pub(in crate::cli) fn write(&self, files: &[(&'static str, String)]) -> Result<Vec<Outcome>, Failure> {
        self.try_write(files).map_err(|error| unable(&self.path, &error))
    }

    fn try_write(&self, files: &[(&'static str, String)]) -> io::Result<Vec<Outcome>> {
        let _alone = self.alone()?;
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

    /// Who exports at the same time waits until this is done; the lock goes with the file, however this ends.
    fn alone(&self) -> io::Result<fs::File> {
        let around = self.path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(around)?;
        let folder = fs::File::open(around)?;
        // A file system without locks is no reason to write nothing.
        let _ = flock(&folder, FlockOperation::LockExclusive);
        Ok(folder)
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
        let (written_as, kept) = match fs::read(self.making.join(file)) {
            Err(_) => (file.to_owned(), Kept::Written),
            // Somebody wrote there what would be written now.
            Ok(theirs) if theirs == text.as_bytes() => (file.to_owned(), Kept::Written),
            Ok(edited) => (self.beside(file, manifest)?, difference(&String::from_utf8_lossy(&edited), text)),
        };
        keep(&self.making.join(&written_as), text.as_bytes())?;
        manifest.insert(written_as.clone(), digest(text.as_bytes()));
        Ok(Outcome { file, written_as, kept })
    }

    /// The first name beside an edited file that is free, or that nobody has written to since it was ours.
    fn beside(&self, file: &str, manifest: &Manifest) -> io::Result<String> {
        for number in 1..=BESIDE {
            let name = beside(file, number);
            let path = self.making.join(&name);
            if !path.exists() || is_as_written(&path, manifest.get(&name))? {
                return Ok(name);
            }
        }
        Err(io::Error::other(format!("there are {BESIDE} edited copies of {file} already; move some away")))
    }

    /// One step of the file system: whoever looks, or is killed, finds the old folder or the new one.
    fn swap(&self) -> io::Result<()> {
        if self.path.exists() {
            renameat_with(CWD, &self.making, CWD, &self.path, RenameFlags::EXCHANGE)?;
            clear(&self.making)
        } else {
            fs::rename(&self.making, &self.path)
        }?;
        let around = self.path.parent().filter(|path| !path.as_os_str().is_empty());
        fs::File::open(around.unwrap_or(Path::new(".")))?.sync_all()
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

pub(in crate::cli) fn unable(path: &Path, error: &io::Error) -> Failure {
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

/// What was not real says so by its name, wherever the folder goes.
fn mark(incident: &Summary) -> &'static str {
    match incident.exercise.as_ref().map(|exercise| exercise.is) {
        None => "",
        Some(ExerciseKind::Drill) => "drill-",
        Some(ExerciseKind::Demo) => "demo-",
    }
}

/// `postmortem.new.md` beside `postmortem.md`, then `postmortem.new-2.md`.
fn beside(file: &str, number: usize) -> String {
    let new = if number == 1 { "new".to_owned() } else { format!("new-{number}") };
    file.rsplit_once('.').map_or_else(|| format!("{file}.{new}"), |(name, end)| format!("{name}.{new}.{end}"))
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
        fs::copy(from, to)?;
        // What somebody edited is all there is of it, once the old folder is gone.
        return fs::File::open(to)?.sync_all();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(root: &Path) -> Folder {
        Folder { path: root.join("pack"), making: root.join(".pack.new") }
    }

    fn text(folder: &Folder, file: &str) -> String {
        fs::read_to_string(folder.path.join(file)).unwrap_or_default()
    }

    fn written(folder: &Folder, said: &str) -> Vec<String> {
        let outcomes = folder.write(&[("postmortem.md", said.to_owned())]).unwrap();
        outcomes.into_iter().map(|outcome| outcome.written_as).collect()
    }

    #[test]
    fn what_a_person_edited_is_never_written_over_not_even_beside() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path());
        assert_eq!(written(&folder, "one"), ["postmortem.md"]);
        assert_eq!(written(&folder, "two"), ["postmortem.md"], "nobody edited it");
        fs::write(folder.path.join("postmortem.md"), "mine").unwrap();
        assert_eq!(written(&folder, "three"), ["postmortem.new.md"]);
        assert_eq!(written(&folder, "four"), ["postmortem.new.md"], "nobody edited what stands beside");
        fs::write(folder.path.join("postmortem.new.md"), "mine as well").unwrap();
        assert_eq!(written(&folder, "five"), ["postmortem.new-2.md"]);
        assert_eq!(written(&folder, "six"), ["postmortem.new-2.md"]);
        let all =
            ["postmortem.md", "postmortem.new.md", "postmortem.new-2.md"].map(|file| text(&folder, file));
        assert_eq!(all, ["mine", "mine as well", "six"]);
        assert_eq!(written(&folder, "mine"), ["postmortem.md"], "it says already what would be written");
    }

    #[test]
    fn what_stands_there_besides_is_carried_over() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path());
        written(&folder, "one");
        fs::create_dir(folder.path.join("pictures")).unwrap();
        fs::write(folder.path.join("pictures/a.png"), "x").unwrap();
        written(&folder, "two");
        assert_eq!(
            (text(&folder, "pictures/a.png"), text(&folder, "postmortem.md")),
            ("x".into(), "two".into())
        );
    }
}
