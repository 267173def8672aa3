//! The places things are kept in: whether they are there, ours to write, and whole; and how much room is left.

use super::Check;
use crate::cli::looking::all_kept;
use crate::cli::wait::wait;
use crate::cli::{Failure, Start};
use crate::journal::{self, SqliteJournal};
#[cfg(feature = "ssh")]
use crate::ssh::{hostkey, people::Register};
use rustix::fs::{Access, access, statvfs};
use std::path::Path;

/// Less than this, and a long incident may not fit.
const ROOM: u64 = 64 << 20;

pub(super) fn checks(start: &Start) -> Vec<Check> {
    let paths = &start.paths;
    let mut checks = vec![
        directory("data", &paths.data_dir),
        directory("state", &paths.state_dir),
        space(&paths.data_dir),
        journal(&paths.journal_file(start.settings())),
        store(&paths.store_file()),
    ];
    #[cfg(feature = "ssh")]
    checks.extend(served(start));
    if let Some(check) = scenario(start) {
        checks.push(check);
    }
    checks
}

/// Nothing is said of serving where nobody ever served.
#[cfg(feature = "ssh")]
fn served(start: &Start) -> Vec<Check> {
    let key = match hostkey::read(&start.paths.data_dir.join(hostkey::FILE)) {
        Ok(None) => return Vec::new(),
        Ok(Some(key)) => Check::ok("host key", hostkey::fingerprint(&key)),
        Err(error) => Check::fail("host key", error.to_string(), error.fix()),
    };
    let file = start.paths.people_file();
    let people = match Register::read(&file) {
        Ok(Register { troubles, .. }) if !troubles.is_empty() => {
            Check::warn("people", troubles.join("; "), format!("correct it in {}", file.display()))
        }
        Ok(register) => {
            Check::ok("people", format!("{}: {} may come in", file.display(), register.people.len()))
        }
        Err(error) => Check::fail("people", error.to_string(), error.fix()),
    };
    vec![key, people]
}

fn directory(name: &'static str, path: &Path) -> Check {
    let place = path.display();
    let Some(there) = nearest(path) else {
        return Check::fail(name, format!("{place}: no such place"), "choose another with --home DIR");
    };
    if !there.is_dir() {
        let fix = "move it away, or choose another place with --home DIR";
        return Check::fail(name, format!("{place}: {} is no directory", there.display()), fix);
    }
    if access(there, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let fix =
            format!("make {} writable for you, or choose another place with --home DIR", there.display());
        return Check::fail(name, format!("{place}: you may not write there"), fix);
    }
    let there = if there == path { "there, and yours to write" } else { "not there yet; it can be made" };
    Check::ok(name, format!("{place}: {there}"))
}

fn space(path: &Path) -> Check {
    let Some(disk) = nearest(path).and_then(|there| statvfs(there).ok()) else {
        return Check::warn("disk", "its free space is unknown", "");
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!("{} MiB free for {}", free >> 20, path.display());
    if free < ROOM {
        Check::fail("disk", what, "make room on that disk, at least 64 MiB")
    } else {
        Check::ok("disk", what)
    }
}

fn journal(path: &Path) -> Check {
    let place = path.display();
    if !path.exists() {
        return Check::ok("journal", format!("{place}: none yet; the first entry makes it"));
    }
    let verified = wait(async {
        let journal = SqliteJournal::open_read_only(path).await?;
        Ok::<_, Failure>(journal::verify(&journal).await?)
    });
    match verified {
        Ok(sound) => {
            Check::ok("journal", format!("{place}: {} records, the chain is sound", sound.head.seq.0))
        }
        Err(failure) => Check::fail("journal", failure.what, failure.fix),
    }
}

/// A damaged store is moved aside by whoever opens it to work with it; looking leaves it where it is.
fn store(path: &Path) -> Check {
    let place = path.display();
    if !path.exists() {
        return Check::ok("store", format!("{place}: none yet; the first signal makes it"));
    }
    if access(path, Access::READ_OK | Access::WRITE_OK).is_err() {
        return Check::fail("store", format!("{place}: you may not write it"), "make it yours to write");
    }
    if !has_magic(path) {
        let fix = "nothing to do: the next start moves it aside and begins a new one";
        return Check::warn("store", format!("{place}: not a database"), fix);
    }
    let signals = wait(async {
        let signals = all_kept(path).await?;
        Ok::<_, Failure>(signals.len())
    });
    match signals {
        Ok(signals) => Check::ok("store", format!("{place}: {signals} signals")),
        Err(failure) => Check::fail("store", failure.what, failure.fix),
    }
}

fn has_magic(path: &Path) -> bool {
    use std::io::Read as _;
    let mut first = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && &first == b"SQLite format 3\0"
}

fn scenario(start: &Start) -> Option<Check> {
    let configured = &start.settings().scenario;
    let file = configured.file.as_deref().map(|file| start.paths.resolve(file).display().to_string());
    let named = configured.name.clone().or(file)?;
    let read = crate::cli::Story::named(&named).and_then(|story| story.read());
    Some(match read {
        Ok(scenario) => Check::ok("scenario", format!("{named}: {}", scenario.title())),
        Err(failure) => Check::fail("scenario", failure.what, failure.fix.replace('\n', "; ")),
    })
}

/// The path, or the first above it that exists.
fn nearest(path: &Path) -> Option<&Path> {
    path.ancestors().find(|path| path.exists())
}
