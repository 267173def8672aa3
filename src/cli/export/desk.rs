//! What a session has done for it: looking back by the same rules, and packs by the same hand as the shell's.
//!
//! A driver; it is called on a thread where it may wait.

use super::folder::Folder;
use super::packer::{Material, Packer};
use crate::cli::wait::wait;
use crate::cli::{Failure, Start, open};
use crate::diagnosis::{self, Policy, Situation};
use crate::domain::Time;
use crate::engine::Snapshot;
use crate::export::{Exercise, ExerciseKind, Format, Head, Hidden, Pack};
use crate::journal::{Rows as _, SqliteJournal};
use crate::tui::chores::{Chores, Covered, Order, Packed, Place, Wants, Written};
use std::path::{Path, PathBuf, absolute};

pub(in crate::cli) struct Desk {
    packer: Packer,
    policy: Policy,
    /// Where the journal is, when it is in a file.
    journal: Option<PathBuf>,
    place: Place,
}

impl Desk {
    pub(in crate::cli) fn here(start: &Start, policy: Policy, journal: Option<PathBuf>) -> Self {
        Self { packer: Packer::of(start), policy, journal, place: Place::Here }
    }

    /// For people somewhere else: where the server was started is nobody's folder, so without one that is configured
    /// packs go beside the journal.
    #[cfg(feature = "ssh")]
    pub(in crate::cli) fn on_the_host(start: &Start, policy: Policy, journal: Option<PathBuf>) -> Self {
        let packer = Packer::of(start);
        let packer = match start.settings().export.folder {
            Some(_) => packer,
            None => packer.into_folder(start.paths.data_dir.join("postmortems")),
        };
        Self { packer, policy, journal, place: Place::Host }
    }

    /// For what is kept in a folder of its own, journal and all.
    pub(in crate::cli) fn within(start: &Start, folder: &Path, journal: PathBuf) -> Self {
        let policy = open::policy(start.loaded());
        let packer = Packer::of(start).into_folder(folder.to_owned());
        Self { packer, policy, journal: Some(journal), place: Place::Here }
    }

    fn packed(&self, room: &Snapshot, order: Order) -> Result<Packed, Failure> {
        let Some(incident) = room.room.incident(order.incident) else {
            return Err(crate::domain::Refusal::NoIncident(order.incident).into());
        };
        let head = self.head(room)?;
        let exercise = exercise(room);
        let material = Material {
            incident,
            head: head.as_ref(),
            catalog: &room.catalog,
            signals: &room.signals,
            exercise: exercise.as_ref(),
        };
        let (pack, hidden) = self.packer.pack(material, order.names)?;
        match order.wants {
            Wants::Folder => self.written(&pack).map(Packed::Folder),
            Wants::Markdown => {
                let files = self.packer.files(&pack, &[Format::Markdown])?;
                Ok(Packed::Markdown(files.into_iter().map(|(_, text)| text).collect()))
            }
            Wants::Preview => Ok(Packed::Preview(hidden.into_iter().map(covered).collect())),
        }
    }

    fn written(&self, pack: &Pack) -> Result<Written, Failure> {
        let files = self.packer.files(pack, Format::ALL)?;
        let folder = Folder::of(&self.packer.base, &pack.model.incident);
        let outcomes = folder.write(&files)?;
        let path = absolute(&folder.path).unwrap_or(folder.path);
        let is_markdown = |file: &&(&str, String)| file.0 == Format::Markdown.file();
        Ok(Written {
            folder: path.display().to_string(),
            place: self.place,
            files: outcomes.iter().map(ToString::to_string).collect(),
            markdown: files.iter().find(is_markdown).map_or(0, |(_, text)| text.len()),
        })
    }

    /// The last record this was told from, as the journal has it.
    fn head(&self, room: &Snapshot) -> Result<Option<Head>, Failure> {
        let Some(path) = self.journal.as_ref().filter(|path| path.exists()) else { return Ok(None) };
        let seq = room.room.seq;
        let hash = wait(async {
            let journal = SqliteJournal::open_read_only(path).await?;
            journal.hash_of(seq).await
        })?;
        Ok(hash.map(|hash| Head { seq: seq.0, hash: hash.to_string() }))
    }
}

impl Chores for Desk {
    fn look_back(&self, room: &Snapshot, at: Time) -> Situation {
        diagnosis::situation_in(&room.room, &room.signals, &room.catalog, &self.policy, &room.sources, at)
    }

    fn pack(&self, room: &Snapshot, order: Order) -> Result<Packed, String> {
        self.packed(room, order).map_err(|Failure { what, fix, .. }| match fix.as_str() {
            "" => what,
            fix => format!("{what}; {fix}"),
        })
    }
}

/// A story that plays is nothing that happened, whether somebody practises on it or only looks.
fn exercise(room: &Snapshot) -> Option<Exercise> {
    let played = |is, of: &str| Exercise { is, of: of.to_owned() };
    let drill = room.room.drill.as_deref().map(|of| played(ExerciseKind::Drill, of));
    drill.or_else(|| room.story.as_ref().map(|story| played(ExerciseKind::Demo, &story.title)))
}

fn covered(Hidden { was, is, times }: Hidden) -> Covered {
    Covered { was, is, times }
}
