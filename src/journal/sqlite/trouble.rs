//! SQLite's errors in words: what happened to which file, and what a person can do about it.

use crate::journal::JournalError;
use std::path::Path;

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
/// The memory that readers and writers share is a file beside the journal, and could not be made as long as it must be.
const NO_ROOM_FOR_SHARED: i32 = 10 | (19 << 8);

struct Trouble {
    code: i32,
    what: &'static str,
    fix: &'static str,
}

const DAMAGED: &str = "keep this file; `sitroom journal export` saves what is still readable, \
                       `sitroom journal import` brings it into a new journal, a backup has the rest";
const IN_USE: &str =
    "somebody has held it for long: end the program that does (`fuser FILE` names it), and try again";

/// By SQLite's primary result code.
const TROUBLES: &[Trouble] = &[
    Trouble { code: 3, what: "access is not permitted", fix: "make the file and its folder yours to write" },
    Trouble { code: BUSY, what: "locked by another program", fix: IN_USE },
    Trouble { code: LOCKED, what: "locked by another program", fix: IN_USE },
    Trouble {
        code: READ_ONLY,
        what: "it cannot be written",
        fix: "make the file and its folder writable for you, or choose another with `--home DIR`",
    },
    Trouble {
        code: 10,
        what: "the disk failed, or turned read-only; nothing was saved",
        fix: "look at the system's log for disk errors and mount it writable, then do it again; what was saved before \
              is unharmed unless the log says otherwise",
    },
    Trouble { code: 11, what: "the file is damaged", fix: DAMAGED },
    Trouble {
        code: FULL,
        what: "the disk is full; nothing was saved",
        fix: "make room on it and do it again; what was saved before is whole",
    },
    Trouble {
        code: CANNOT_OPEN,
        what: "it cannot be opened",
        fix: "check that it is a file, and that its folder is there and writable for you",
    },
    Trouble {
        code: 26,
        what: "not a journal of sitroom",
        fix: "name another file, or move this one away and a new journal is made; if it was a journal, restore a backup",
    },
];

/// `doing` says what was reached for when it happened.
pub(super) fn trouble(path: &Path, doing: &str, error: &sqlx::Error) -> JournalError {
    let place = path.display();
    match TROUBLES.iter().find(|trouble| Some(trouble.code) == code(error)) {
        Some(Trouble { what, fix, .. }) => {
            JournalError::new(format!("{place}: {what} ({doing}: {error})"), *fix)
        }
        None => JournalError::new(
            format!("{place}: unexpected trouble ({doing}: {error})"),
            "try again; if it stays, run `sitroom journal verify`",
        ),
    }
}

pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(BUSY | LOCKED))
}

/// Whether the file may be fine and only its surroundings keep SQLite from opening it.
pub(super) fn is_unopenable(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(READ_ONLY | CANNOT_OPEN | FULL))
}

fn code(error: &sqlx::Error) -> Option<i32> {
    Some(primary(error.as_database_error()?.code()?.parse().ok()?))
}

/// The primary result code; the extended one has it in its last byte. Some failures of a disk are that it is full.
const fn primary(code: i32) -> i32 {
    match code {
        NO_ROOM_FOR_SHARED => FULL,
        code => code & 0xff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_failing_disk() {
        assert_eq!([4_874, 13, 778, 10].map(primary), [FULL, FULL, 10, 10]);
    }
}
