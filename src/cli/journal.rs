//! `sitroom journal`: the hash chain walked, and the journal taken out and in as JSON lines.

mod seal;

use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::Seq;
use crate::journal::{self, Hash, Head, Rows as _, Sound, SqliteJournal, VerifyError};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// The record of everything people did: check it, take it out, bring it in
#[derive(Debug, Args)]
pub(super) struct Journal {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Walk the hash chain; exit 1 at the first record that is wrong
    Verify {
        /// Also say which record has this hash, as it stands at the foot of an export; exit 1 when none has
        #[arg(long, value_name = "HASH")]
        at: Option<Hash>,
        /// Also check every seal: those beside the journal, or those of a file that was kept elsewhere
        #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "at")]
        seal: Option<Option<PathBuf>>,
        /// The room's public key, where it was kept elsewhere
        #[arg(long, value_name = "FILE", requires = "seal")]
        key: Option<PathBuf>,
        /// Answer in JSON
        #[arg(long, conflicts_with = "at")]
        json: bool,
    },
    /// Sign the last record with the room's key, which is made on first use
    Seal {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Write every record as a line of JSON
    Export {
        /// A new file, or - for standard output
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// Bring exported records in: all of them, or none
    Import {
        /// A file, or - for standard input
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}

/// Rows looked at in one go.
const PAGE: usize = 1_000;

#[derive(Serialize)]
struct Verdict<'a> {
    schema: &'static str,
    path: &'a Path,
    sound: bool,
    /// How many are sound, up to the first that is wrong.
    records: u64,
    head: Option<String>,
    newer: u64,
    fault: Option<Wrong>,
    /// Where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    seals: Option<seal::Proof>,
}

#[derive(Serialize)]
struct Wrong {
    seq: u64,
    what: String,
    fix: String,
}

impl Run for Journal {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let path = start.paths.journal_file(start.settings());
        if matches!(self.what, What::Seal { .. } | What::Import { .. }) {
            start.check_writable()?;
        }
        match &self.what {
            What::Verify { at: Some(hash), json: false, .. } => at(&path, *hash, out),
            What::Verify { seal: Some(seals), key, json, .. } => {
                verify_seals(&path, (seals.as_deref(), key.as_deref()), *json, out)
            }
            What::Verify { json, .. } => verify(&path, *json, out),
            What::Seal { json } => seal::seal(&path, *json, start, out),
            What::Export { file } => export(&path, file, out),
            What::Import { file } => import(&path, file, out),
        }
    }
}

/// The chain, walked from its first record to its last.
pub(super) fn walked(path: &Path) -> Result<Result<Sound, VerifyError>, Failure> {
    wait(async {
        let journal = SqliteJournal::open_read_only(path).await?;
        match journal::verify(&journal).await {
            Err(VerifyError::Journal(error)) => Err(error),
            verified => Ok(verified),
        }
    })
}

/// The chain, and then every seal against it.
fn verify_seals(
    path: &Path,
    (seals, key): (Option<&Path>, Option<&Path>),
    json: bool,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let walked = walked(path)?;
    let Ok(Sound { head, .. }) = &walked else { return verify(path, json, out) };
    let proof = seal::prove(path, seals, key, *head)?;
    if !json {
        verify(path, false, out)?;
        return seal::print(&proof, out);
    }
    let exit = if proof.sound { Exit::Done } else { Exit::No };
    out.json(&Verdict { seals: Some(proof), ..verdict(path, &walked) })?;
    Ok(exit)
}

fn verify(path: &Path, json: bool, out: &mut Out) -> Result<Exit, Failure> {
    let verified = walked(path)?;
    if json {
        out.json(&verdict(path, &verified))?;
        return Ok(if verified.is_ok() { Exit::Done } else { Exit::No });
    }
    let Sound { head, newer } = verified?;
    out.line(format_args!("{}: {} records, sound", path.display(), head.seq.0))?;
    out.line(format_args!("head {} {}", head.seq.0, head.hash))?;
    if newer > 0 {
        out.line(format_args!("{newer} of them were written by a newer sitroom; their place is right"))?;
    }
    Ok(Exit::Done)
}

/// The chain is walked first: a hash in a broken chain proves nothing.
fn at(path: &Path, wanted: Hash, out: &mut Out) -> Result<Exit, Failure> {
    verify(path, false, out)?;
    let found = wait(async {
        let journal = SqliteJournal::open_read_only(path).await?;
        let mut after = Seq(0);
        loop {
            let rows = journal.rows(after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok::<_, Failure>(None) };
            after = last.head().seq;
            if let Some(row) = rows.iter().find(|row| row.head().hash == wanted) {
                return Ok(Some(row.head().seq));
            }
        }
    })?;
    let Some(seq) = found else {
        return Err(Failure::no(
            format!("no record of {} has the hash {wanted}", path.display()),
            "it was told from another journal, or from one whose end was cut off",
        ));
    };
    out.line(format_args!("{wanted} is record {}, and everything up to it is as it was", seq.0))?;
    Ok(Exit::Done)
}

fn verdict<'a>(path: &'a Path, verified: &Result<Sound, VerifyError>) -> Verdict<'a> {
    let schema = "sitroom/journal/1";
    match verified {
        Ok(Sound { head, newer }) => Verdict {
            schema,
            path,
            sound: true,
            records: head.seq.0,
            head: Some(head.hash.to_string()),
            newer: *newer,
            fault: None,
            seals: None,
        },
        Err(error) => {
            let seq = match error {
                VerifyError::Broken { fault, .. } => fault.seq.0,
                VerifyError::Journal(_) => 1,
            };
            let fault = Some(Wrong { seq, what: error.to_string(), fix: error.fix() });
            Verdict { schema, path, sound: false, records: seq - 1, head: None, newer: 0, fault, seals: None }
        }
    }
}

/// What can be read of a damaged journal is written before the failure comes.
fn export(path: &Path, file: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let is_stdout = file == Path::new("-");
    let head = wait(async {
        let journal = SqliteJournal::open_read_only(path).await?;
        if is_stdout {
            return Ok(journal::export(&journal, out.writer()).await?);
        }
        let mut to = BufWriter::new(new_file(file)?);
        Ok::<Head, Failure>(journal::export(&journal, &mut to).await?)
    })?;
    if !is_stdout {
        out.line(format_args!("{}: {} records", file.display(), head.seq.0))?;
        out.line(format_args!("head {} {}", head.seq.0, head.hash))?;
    }
    Ok(Exit::Done)
}

fn import(path: &Path, file: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let head = wait(async {
        let mut from: Box<dyn io::BufRead + Send> = if file == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            Box::new(BufReader::new(old_file(file)?))
        };
        let journal = SqliteJournal::open(path).await?;
        Ok::<Head, Failure>(journal::import(&journal, &mut from).await?)
    })?;
    out.line(format_args!("{}: {} records now, sound", path.display(), head.seq.0))?;
    out.line(format_args!("head {} {}", head.seq.0, head.hash))?;
    Ok(Exit::Done)
}

/// Whatever is there already is somebody's audit trail.
fn new_file(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| {
        let fix = match error.kind() {
            io::ErrorKind::AlreadyExists => "name another file, or move this one away",
            _ => "name a file in a folder you may write to",
        };
        Failure::unable(format!("{}: cannot be made: {error}", path.display()), fix)
    })
}

fn old_file(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| {
        Failure::unable(
            format!("{}: cannot be read: {error}", path.display()),
            "name a file that is there and yours",
        )
    })
}
