//! The room as the shell works on it: the journal opened and told, an intent decided and appended, and decided
//! again over the newer state whenever somebody else was first.

use super::open::files::said;
use super::wait::wait;
use super::{Failure, Start};
use crate::config::{Place, Problem};
use crate::domain::incident::{Status, and};
use crate::domain::text::clean;
use crate::domain::{Fingerprint, Incident, IncidentId, Intent, Person, Record, Refusal, Room, Time};
use crate::engine::Author;
use crate::engine::append::{Appended, append};
use crate::engine::plan::Plan;
use crate::journal::envelope::Reading;
use crate::journal::{Fault, Head, Journal as _, Rows as _, SqliteJournal, VerifyError};
use std::sync::Arc;

/// Records read at a time.
const PAGE: usize = 1_000;

/// Somebody else cannot be first this often unless something is broken.
const ATTEMPTS: usize = 1_000;

pub(super) struct OpenRoom {
    journal: SqliteJournal,
    room: Room,
    /// The key of whoever acts, when they came over SSH.
    key: Option<Fingerprint>,
}

/// What became of an intent: the record it is kept as, or why not.
pub(super) type Outcome = Result<Record, Refusal>;

/// Opens the room, works on it, and closes it whatever came of that: a journal that is copied after a command is whole.
pub(super) async fn with<T>(
    start: &Start,
    work: impl AsyncFnOnce(&mut OpenRoom) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut open = OpenRoom::open(start).await?;
    let done = work(&mut open).await;
    open.journal.close().await;
    done
}

impl OpenRoom {
    /// Opens the journal for appending, and makes one where there is none.
    async fn open(start: &Start) -> Result<Self, Failure> {
        start.check_writable()?;
        check_place(start)?;
        let journal = SqliteJournal::open(start.paths.journal_file(start.settings())).await?;
        let key = start.global.by_key.as_deref().map(|key| Fingerprint::new(clean(key)));
        let (room, fault) = proven(&journal).await?;
        if let Some(fault) = fault {
            let broken = VerifyError::Broken { place: journal.place(), fault };
            Failure::no(said(&broken), broken.fix()).report();
        }
        Ok(Self { journal, room, key })
    }

    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// Decides and appends; what it answers for is on disk.
    pub(super) async fn submit(&mut self, by: &Person, at: Time, intent: Intent) -> Result<Record, Failure> {
        let mut outcomes = self.submit_all(by, at, &[intent]).await?;
        let outcome = outcomes.pop().expect("every intent has an outcome");
        Ok(outcome?)
    }

    /// The same for several at once, which then share one write; an outcome for each, in order.
    pub(super) async fn submit_all(
        &mut self,
        by: &Person,
        at: Time,
        intents: &[Intent],
    ) -> Result<Vec<Outcome>, Failure> {
        let author = Author { person: by.clone(), key: self.key.clone() };
        for _ in 0..ATTEMPTS {
            let plan = Plan::over(&self.room, intents.iter().map(|intent| (&author, intent)), at);
            match append(&self.journal, self.room.seq, &plan).await {
                Appended::Saved(records) => {
                    if let Some(behind) = self.room.written_behind(at) {
                        Failure::no(behind, "set the clock of this machine right").report();
                    }
                    plan.carry_out(&mut self.room, &records);
                    return Ok(outcomes(plan.verdicts, &records));
                }
                Appended::Late => self.catch_up().await?,
                Appended::Failed(error) => return Err(error.into()),
            }
        }
        Err(Failure::unable("others keep writing to the journal", "nothing was saved; try again"))
    }

    async fn catch_up(&mut self) -> Result<(), Failure> {
        self.room = told(&self.journal, std::mem::take(&mut self.room)).await?;
        Ok(())
    }
}

fn outcomes(verdicts: Vec<Result<usize, Refusal>>, records: &[Record]) -> Vec<Outcome> {
    let kept =
        |place: usize| records.get(place).cloned().expect("every event that was appended has its record");
    verdicts.into_iter().map(|verdict| verdict.map(kept)).collect()
}

/// The room without a wish to change it: nothing is made, and where there is no journal nothing has happened yet.
pub(super) async fn look(start: &Start) -> Result<Room, Failure> {
    let path = start.paths.journal_file(start.settings());
    if !path.exists() {
        check_place(start)?;
        return Ok(Room::default());
    }
    told(&SqliteJournal::open_read_only(path).await?, Room::default()).await
}

/// The same, with the place and the hash of the last record it was told from.
pub(super) async fn look_to_the_head(start: &Start) -> Result<(Room, Option<Head>), Failure> {
    let path = start.paths.journal_file(start.settings());
    if !path.exists() {
        check_place(start)?;
        return Ok((Room::default(), None));
    }
    let journal = SqliteJournal::open_read_only(path).await?;
    let room = told(&journal, Room::default()).await?;
    let hash = journal.hash_of(room.seq).await?;
    let seq = room.seq;
    Ok((room, hash.map(|hash| Head { seq, hash })))
}

/// The incident somebody means: the one they name, else the worst they command, else the open one in front.
pub(super) fn meant<'r>(
    start: &Start,
    room: &'r Room,
    named: Option<IncidentId>,
) -> Result<&'r Incident, Failure> {
    let front = || mine(start, room).or_else(|| room.in_front());
    let found = named.map_or_else(|| Ok(front()), |id| the(room, id).map(Some))?;
    found.ok_or_else(|| {
        Failure::no(
            "no incident is open",
            "declare one (`sitroom incident declare`), or name one of `sitroom incident list`",
        )
    })
}

/// The same for what decides how an incident goes on: where one commands none of several, nothing is guessed.
pub(super) fn decided<'r>(
    start: &Start,
    room: &'r Room,
    named: Option<IncidentId>,
) -> Result<&'r Incident, Failure> {
    let open: Vec<_> = room.open().map(|incident| incident.id).collect();
    if named.is_none() && open.len() > 1 && mine(start, room).is_none() {
        return Err(several(&open, "open"));
    }
    meant(start, room, named)
}

pub(super) fn the(room: &Room, id: IncidentId) -> Result<&Incident, Failure> {
    Ok(room.incident(id).ok_or(Refusal::NoIncident(id))?)
}

fn mine<'r>(start: &Start, room: &'r Room) -> Option<&'r Incident> {
    room.commanded_by(&start.me().ok()?)
}

/// Named as long as one can read them.
fn several(ids: &[IncidentId], are: &str) -> Failure {
    let which = match ids.len() {
        ..=4 => and(&ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
        count => format!("{count} incidents"),
    };
    Failure::no(format!("{which} are {are}"), "name the one you mean")
}

/// Asks one thing of the incident somebody means: the record it is kept as, and the incident as it is then.
pub(super) fn change(
    start: &Start,
    named: Option<IncidentId>,
    intent: impl FnOnce(IncidentId, Time) -> Result<Intent, Failure>,
) -> Result<(Record, Arc<Incident>), Failure> {
    let (me, now) = (start.me()?, start.clock().now());
    wait(with(start, async |open| {
        let id = meant(start, open.room(), named)?.id;
        let record = open.submit(&me, now, intent(id, now)?).await?;
        let incident = open.room().incidents.get(&id).ok_or(Refusal::NoIncident(id))?;
        Ok((record, Arc::clone(incident)))
    }))
}

/// The same where an open one cannot be meant: the only one of that status.
pub(super) fn only(room: &Room, named: Option<IncidentId>, status: Status) -> Result<IncidentId, Failure> {
    if let Some(id) = named {
        return Ok(id);
    }
    let those = room.incidents.values().filter(|incident| incident.status == status);
    match those.map(|incident| incident.id).collect::<Vec<_>>().as_slice() {
        [id] => Ok(*id),
        [] => Err(Failure::no(
            "no incident is resolved and still to be closed",
            "name one of `sitroom incident list`",
        )),
        ids => Err(several(ids, "resolved")),
    }
}

/// The room, and what is wrong with the chain it was told from, if anything is; it is told to its end all the same.
async fn proven(journal: &SqliteJournal) -> Result<(Room, Option<Fault>), Failure> {
    let (mut room, mut head) = (Room::default(), Head::GENESIS);
    loop {
        let rows = journal.rows(head.seq, PAGE).await?;
        if rows.is_empty() {
            return Ok((room, None));
        }
        for row in &rows {
            match head.check(row) {
                Ok(Reading::Known(record)) => room.apply(&record),
                Ok(Reading::Newer { .. }) => return Ok((told(journal, room).await?, None)),
                Err(fault) => return Ok((told(journal, room).await?, Some(fault))),
            }
            head = row.head();
        }
    }
}

async fn told(journal: &SqliteJournal, mut room: Room) -> Result<Room, Failure> {
    loop {
        let records = journal.read(room.seq, PAGE).await?;
        if records.is_empty() {
            return Ok(room);
        }
        for record in &records {
            room.apply(record);
        }
    }
}

/// Where the configuration may have meant another journal, nothing is written into this one.
pub(super) fn check_place(start: &Start) -> Result<(), Failure> {
    let hides_the_place = |problem: &&Problem| match &problem.place {
        Place::File { line: None, .. } | Place::File { column: Some(_), .. } => true,
        _ => problem.what.starts_with("journal."),
    };
    match start.loaded().problems.iter().find(hides_the_place) {
        Some(problem) => Err(problem.clone().into()),
        None => Ok(()),
    }
}
