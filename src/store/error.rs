//! What can go wrong with the store, where, and what to do about it.

/// The sentence says what and where; the fix stands apart, on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: cannot {doing}: {why}")]
pub struct StoreError {
    pub cause: Cause,
    place: String,
    doing: String,
    why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The file is not, or no longer, what it was written as.
    Damaged,
    /// Another process kept it locked for longer than anybody should.
    Busy,
    Full,
    /// It is not there, not ours to write, or not a file.
    Unusable,
    /// A newer sitroom has written it.
    Newer,
    Other,
}

/// SQLite's primary result codes and what they mean for the store.
const CODES: &[(u32, Cause)] = &[
    (5, Cause::Busy),
    (6, Cause::Busy),
    (8, Cause::Unusable),
    (11, Cause::Damaged),
    (13, Cause::Full),
    (14, Cause::Unusable),
    (23, Cause::Unusable),
    (26, Cause::Damaged),
];

impl StoreError {
    pub(super) fn new(place: &str, doing: &str, error: &sqlx::Error) -> Self {
        let why = match error {
            sqlx::Error::Database(error) => error.message().to_owned(),
            error => error.to_string(),
        };
        Self::because(place, doing, cause(error), why)
    }

    pub(super) fn because(place: &str, doing: &str, cause: Cause, why: impl Into<String>) -> Self {
        Self { cause, place: place.to_owned(), doing: doing.to_owned(), why: why.into() }
    }

    pub fn fix(&self) -> &'static str {
        match self.cause {
            Cause::Damaged => "start sitroom again: it moves the file aside and begins a new one",
            Cause::Busy => {
                "see which process holds it; a network disk is no place for it (choose another --home)"
            }
            Cause::Full => "free some space on that disk",
            Cause::Unusable => "see that the folder exists and you may write there, or choose another --home",
            Cause::Newer => "use the newer sitroom for this room, or another --home",
            Cause::Other => "try again; if it stays, move the file away and start anew: it is only a cache",
        }
    }
}

fn cause(error: &sqlx::Error) -> Cause {
    let code = match error {
        sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()),
        sqlx::Error::PoolTimedOut => return Cause::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => return Cause::Damaged,
        _ => None,
    };
    let primary = code.map(|code| code & 0xff);
    CODES.iter().find(|(known, _)| Some(*known) == primary).map_or(Cause::Other, |(_, cause)| *cause)
}
