//! `sitroom journal seal`, and what `sitroom journal verify --seal` says of the seals there are.

use super::super::wait::wait;
use super::super::{Exit, Failure, Out, Start};
use crate::domain::text::clean;
use crate::journal::seal::{self, Broken, KeyError, Place, PublicKey, RoomKey, Seal};
use crate::journal::{self, Head, SqliteJournal};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    path: &'a Path,
    seals: &'a Path,
    /// Whether it was sealed just now, or was already.
    new: bool,
    seal: &'a Seal,
}

/// What the seals prove.
#[derive(Serialize)]
pub(super) struct Proof {
    pub(super) sound: bool,
    pub(super) count: usize,
    /// The last record that is covered, when and by whom that was sealed.
    pub(super) last: Option<Seal>,
    /// Records since then, which no seal covers.
    pub(super) uncovered: u64,
    pub(super) key: String,
    pub(super) faults: Vec<Fault>,
}

/// A seal that does not hold.
#[derive(Serialize)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) what: String,
}

/// The chain is walked first: nobody puts their name under what is broken already.
pub(super) fn seal(path: &Path, json: bool, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    let me = start.me()?;
    let place = Place::of(path);
    let head = wait(async {
        let journal = SqliteJournal::open_read_only(path.to_owned()).await?;
        Ok::<_, Failure>(journal::verify(&journal).await?.head)
    })?;
    if head == Head::GENESIS {
        return Err(Failure::no(format!("{} has no record yet", path.display()), "there is nothing to seal"));
    }
    let key = RoomKey::open(&place.private, &place.public)?;
    let known = if place.seals.exists() { read(&place.seals)? } else { Vec::new() };
    if !known.is_empty() {
        still_held(&prove(path, None, None, head)?)?;
    }
    let last = known.into_iter().filter_map(|(_, line)| line.ok()).next_back();
    let is_sealed = |seal: &Seal| {
        seal.seq == head.seq && seal.hash == head.hash.to_string() && seal.check(&key.public()).is_ok()
    };
    let (seal, new) = match last.filter(is_sealed) {
        Some(seal) => (seal, false),
        None => {
            let seal = Seal::make(&key, head, start.clock().now(), me);
            seal::append(&place.seals, &seal).map_err(|error| unable(&place.seals, &error))?;
            (seal, true)
        }
    };
    if json {
        let schema = "sitroom/seal/1";
        out.json(&Document { schema, path, seals: &place.seals, new, seal: &seal })?;
        return Ok(Exit::Done);
    }
    let word = if new { "sealed" } else { "sealed already" };
    out.line(format_args!("{}: {} records, {word}", path.display(), seal.seq.0))?;
    out.line(format_args!("seal {}", serde_json::to_string(&seal).unwrap_or_default()))?;
    out.line(format_args!("key {} ({})", seal.key, place.public.display()))?;
    out.line(
        "keep the seal and the public key somewhere else too: then nobody who has this disk can write both anew",
    )?;
    Ok(Exit::Done)
}

/// A new seal would cover up that an older one does not hold.
fn still_held(proof: &Proof) -> Result<(), Failure> {
    let Some(fault) = proof.faults.first() else { return Ok(()) };
    let what =
        format!("nothing is sealed, because line {} of the seals does not hold: {}", fault.line, fault.what);
    Err(Failure::no(
        what,
        "keep everything as it is and find out why (`sitroom journal verify --seal`); where the key was lost or replaced on \
         purpose, move journal.key, journal.pub and journal.seals away, keep them, and seal again",
    ))
}

/// Judges every seal against the key and the journal; the chain has been walked.
pub(super) fn prove(
    path: &Path,
    seals: Option<&Path>,
    key: Option<&Path>,
    head: Head,
) -> Result<Proof, Failure> {
    let place = Place::of(path);
    let seals = seals.map_or(place.seals, Path::to_owned);
    let public: PathBuf = key.map_or(place.public, Path::to_owned);
    if !seals.exists() {
        let what = format!("{}: this journal was never sealed, or its seals are gone", seals.display());
        return Err(Failure::no(
            what,
            "sitroom journal seal makes one; --seal FILE names a copy kept elsewhere",
        ));
    }
    let Some(public) = PublicKey::read(&public)? else {
        let what = format!("{}: the room's public key is gone", public.display());
        return Err(Failure::no(what, "restore it from a backup, or name a copy with --key FILE"));
    };
    let lines = read(&seals)?;
    wait(async {
        let journal = SqliteJournal::open_read_only(path.to_owned()).await?;
        let (mut faults, mut last, count) = (Vec::new(), None::<Seal>, lines.len());
        for (line, seal) in lines {
            let judged = match seal {
                Err(why) => Err(format!("line {line} is no seal: {why}")),
                Ok(seal) => match seal.check(&public) {
                    Ok(()) => seal::fits(&seal, &journal)
                        .await?
                        .map_err(|broken| said(&seal, &broken))
                        .map(|()| seal),
                    Err(broken) => Err(said(&seal, &broken)),
                },
            };
            match judged {
                Ok(seal) if last.as_ref().is_none_or(|last| last.seq <= seal.seq) => last = Some(seal),
                Ok(_) => {}
                Err(what) => faults.push(Fault { line, what }),
            }
        }
        let covered = last.as_ref().map_or(0, |last| last.seq.0);
        let uncovered = head.seq.0.saturating_sub(covered);
        let sound = faults.is_empty() && last.is_some();
        Ok::<_, Failure>(Proof { sound, count, last, uncovered, key: public.to_string(), faults })
    })
}

/// Prints what they prove; what does not hold is named, and the answer is no.
pub(super) fn print(proof: &Proof, out: &mut Out) -> Result<Exit, Failure> {
    for fault in &proof.faults {
        out.line(format_args!("broken seal, line {}: {}", fault.line, fault.what))?;
    }
    if let Some(last) = &proof.last {
        let since = match proof.uncovered {
            0 => "nothing since then".to_owned(),
            1 => "1 record since then, which no seal covers".to_owned(),
            count => format!("{count} records since then, which no seal covers"),
        };
        out.line(format_args!("sealed up to record {} at {} by {}; {since}", last.seq.0, last.at, last.by))?;
        out.line(format_args!("key {}", proof.key))?;
    }
    if proof.sound {
        return Ok(Exit::Done);
    }
    out.flush()?;
    let what = match proof.faults.len() {
        0 => "there is no seal in the file".to_owned(),
        count => {
            format!("{count} of {} seals do not hold: the journal or its seals were changed", proof.count)
        }
    };
    Err(Failure::no(
        what,
        "keep everything as it is, and compare it with a backup and with the seals kept elsewhere",
    ))
}

fn said(seal: &Seal, broken: &Broken) -> String {
    clean(&format!("the seal of record {} by {} at {}: {broken}", seal.seq.0, seal.by, seal.at))
}

fn read(file: &Path) -> Result<Vec<(usize, seal::Line)>, Failure> {
    seal::read(file).map_err(|error| unable(file, &error))
}

fn unable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::unable(
        format!("{}: {error}", file.display()),
        "check that it is a file of yours, in a folder you may write to",
    )
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let fix = error.fix();
        Self::unable(error.to_string(), fix)
    }
}
