//! The journal as JSON lines: `{"record":…,"hash":"…"}`, the record's text byte for byte as it is stored.
//!
//! Whatever goes out comes in again the same, in any version: an import checks the chain line by line before it
//! touches the journal, and then adds all of it or nothing.

use super::verify::page_after;
use super::{AppendError, Fault, Hash, Head, JournalError, Row, Rows, envelope};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::io::{self, BufRead, Read, Write};

/// No record comes near this; a longer line is not ours.
const LONGEST_LINE: u64 = 16 * 1_024 * 1_024;

#[derive(Serialize)]
struct Outgoing<'a> {
    record: &'a RawValue,
    hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming<'a> {
    #[serde(borrow)]
    record: &'a RawValue,
    hash: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("line {line} is not a line of a journal: {why}")]
    Line { line: u64, why: String },
    #[error("line {line}: {fault}")]
    Broken { line: u64, fault: Fault },
    #[error("line {line}: {place} already has records up to {}, and this is not the one that follows", head.seq)]
    NotNext { line: u64, place: String, head: Head },
    #[error("line {line} could not be read: {error}")]
    Read { line: u64, error: io::Error },
    #[error("{place} was written to during the import")]
    Conflict { place: String },
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl ImportError {
    pub fn fix(&self) -> String {
        match self {
            Self::Line { .. } | Self::Broken { .. } => {
                "nothing was imported; take the file again as `sitroom journal export` wrote it".into()
            }
            Self::NotNext { .. } => {
                "nothing was imported; import into an empty journal (`--home DIR`), or only the lines that follow".into()
            }
            Self::Read { .. } => "nothing was imported; check that the file is there and whole".into(),
            Self::Conflict { .. } => "nothing was imported; close the other sitroom and import again".into(),
            Self::Journal(error) => error.fix.clone(),
        }
    }
}

/// Writes every record out, and answers with the head of what was written. Of a damaged journal, what can be read
/// is written before the error comes.
pub async fn export(journal: &impl Rows, to: &mut (impl Write + Send)) -> Result<Head, JournalError> {
    let written = write_out(journal, to).await;
    let flushed = to.flush().map_err(|error| unwritten(&error));
    written.and_then(|head| flushed.map(|()| head))
}

/// Checks every line and then adds them all, to an empty journal or to one whose end they follow exactly.
pub async fn import(journal: &impl Rows, from: &mut (impl BufRead + Send)) -> Result<Head, ImportError> {
    let start = journal.head().await?;
    let rows = checked(start, &journal.place(), from)?;
    let Some(end) = rows.last().map(Row::head) else {
        return Ok(start);
    };
    match journal.extend(start, rows).await {
        Ok(()) => Ok(end),
        Err(AppendError::Conflict(_)) => Err(ImportError::Conflict { place: journal.place() }),
        Err(AppendError::Journal(error)) => Err(error.into()),
    }
}

async fn write_out(journal: &impl Rows, to: &mut impl Write) -> Result<Head, JournalError> {
    let mut head = Head::GENESIS;
    loop {
        let page = page_after(journal, head.seq).await?;
        let Some(last) = page.last() else { return Ok(head) };
        for row in &page {
            let line = line(row).map_err(|why| unreadable(&journal.place(), row, &why))?;
            to.write_all(line.as_bytes()).map_err(|error| unwritten(&error))?;
        }
        head = last.head();
    }
}

fn checked(start: Head, place: &str, from: &mut impl BufRead) -> Result<Vec<Row>, ImportError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let read = from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes);
        match read.map_err(|error| ImportError::Read { line, error })? {
            0 => break,
            _ if bytes.trim_ascii().is_empty() => continue,
            _ => {}
        }
        let row = row(&bytes).map_err(|why| ImportError::Line { line, why })?;
        let head = rows.last().map_or(start, Row::head);
        if let Err(fault) = head.check(&row) {
            return Err(if rows.is_empty() && start != Head::GENESIS {
                ImportError::NotNext { line, place: place.into(), head: start }
            } else {
                ImportError::Broken { line, fault }
            });
        }
        rows.push(row);
    }
    Ok(rows)
}

fn line(row: &Row) -> Result<String, serde_json::Error> {
    let outgoing = Outgoing { record: serde_json::from_str(&row.text)?, hash: row.hash.to_string() };
    Ok(serde_json::to_string(&outgoing)? + "\n")
}

fn row(line: &[u8]) -> Result<Row, String> {
    let Incoming { record, hash } = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let text = record.get().to_owned();
    let hash: Hash = hash.parse()?;
    Ok(Row { seq: envelope::read(&text)?.seq(), text, hash })
}

fn unwritten(error: &io::Error) -> JournalError {
    JournalError::new(
        format!("the export could not be written: {error}"),
        "choose another place for it, or make room there; the journal itself is untouched",
    )
}

fn unreadable(place: &str, row: &Row, why: &serde_json::Error) -> JournalError {
    JournalError::new(
        format!("{place}: record {} cannot be exported: {why}", row.seq),
        "the lines before it are sound; run `sitroom journal verify`, and restore a backup",
    )
}
