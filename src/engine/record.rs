//! The journal's writer: decides what people ask over the newest room, appends it, and shows it once it is durable.
//!
//! All intents that wait are one append. Lost the race against another process, it reads on and decides again.
//! When the journal cannot be written, the room stays as it was, the answer says why, and the next intent tries
//! anew.

use super::SubmitError;
use super::append::{Appended, append};
use super::board::{Board, Reading, Subject};
use super::guest::Author;
use super::plan::Plan;
use crate::domain::{Clock, Intent, Record, Room};
use crate::journal::{Journal, JournalError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;

/// Records read at a time.
const PAGE: usize = 1_000;
/// Intents appended at a time, unless somebody asks for more in one go.
const GROUP: usize = 64;
/// Races lost in a row before giving up.
const TRIES: u32 = 16;
/// How long until a journal that could not be read is tried again unasked.
const RETRY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Ask {
    pub(super) by: Author,
    /// In their order; they are decided and appended together.
    pub(super) intents: Vec<Intent>,
    pub(super) answer: oneshot::Sender<Vec<Outcome>>,
}

pub(super) type Outcome = Result<Record, SubmitError>;

pub(super) struct Recorder<J> {
    journal: J,
    clock: Clock,
    board: Arc<Board>,
    room: Room,
    /// The journal may hold records that the room does not reflect.
    is_behind: bool,
}

enum Turn {
    Asked(Ask),
    Changed,
    Stopped,
}

impl<J: Journal> Recorder<J> {
    pub(super) fn new(journal: J, room: Room, clock: Clock, board: Arc<Board>) -> Self {
        Self { journal, clock, board, room, is_behind: true }
    }

    pub(super) async fn run(mut self, mut asks: mpsc::Receiver<Ask>, mut stopped: watch::Receiver<bool>) {
        let mut changes = self.journal.changes();
        // A failure is on the board, and the next turn tries again.
        let _ = self.read_on().await;
        self.board.has_read(Reading::Journal);
        loop {
            let turn = tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => Turn::Stopped,
                Some(ask) = asks.recv() => Turn::Asked(ask),
                Ok(()) = changes.changed() => Turn::Changed,
                () = sleep(RETRY), if self.is_behind => Turn::Changed,
            };
            match turn {
                Turn::Asked(ask) => self.settle(with_waiting(ask, &mut asks)).await,
                Turn::Changed => self.follow().await,
                Turn::Stopped => break,
            }
        }
        asks.close();
        while let Some(ask) = asks.recv().await {
            self.settle(with_waiting(ask, &mut asks)).await;
        }
    }

    /// Somebody may have appended.
    async fn follow(&mut self) {
        self.is_behind = true;
        // A failure is on the board, and the next turn tries again.
        let _ = self.read_on().await;
    }

    /// Answers every intent of the group, whatever happens.
    async fn settle(&mut self, group: Vec<Ask>) {
        for _ in 0..TRIES {
            if self.is_behind
                && let Err(error) = self.read_on().await
            {
                return self.not_saved(group, &error);
            }
            let asked = group.iter().flat_map(|ask| ask.intents.iter().map(|intent| (&ask.by, intent)));
            let plan = Plan::over(&self.room, asked, self.clock.now());
            match append(&self.journal, self.room.seq, &plan).await {
                Appended::Saved(records) => return self.saved(group, plan, &records),
                Appended::Late => self.is_behind = true,
                Appended::Failed(error) => {
                    self.is_behind = true;
                    self.warn(Subject::JournalWrite, &error);
                    return self.not_saved(group, &error);
                }
            }
        }
        let what = format!("others wrote to the journal {TRIES} times in a row while this was being saved");
        self.not_saved(group, &JournalError { what, fix: "try again".to_owned() });
    }

    /// Shows, then answers.
    fn saved(&mut self, group: Vec<Ask>, plan: Plan, records: &[Record]) {
        plan.carry_out(&mut self.room, records);
        if !records.is_empty() {
            self.board.notice(Subject::JournalWrite, None);
            self.publish();
        }
        let mut outcomes = plan.verdicts.into_iter().map(|verdict| match verdict {
            Ok(place) => records.get(place).cloned().ok_or(SubmitError::Gone),
            Err(refusal) => Err(refusal.into()),
        });
        for ask in group {
            // Whoever asked may have left; what was asked stands all the same.
            let _ = ask.answer.send(outcomes.by_ref().take(ask.intents.len()).collect());
        }
    }

    /// Nothing of the group was saved, so a refusal holds only if it holds over the room as it is.
    fn not_saved(&mut self, group: Vec<Ask>, error: &JournalError) {
        for ask in group {
            let asked = ask.intents.iter().map(|intent| (&ask.by, intent));
            let verdicts = Plan::over(&self.room, asked, self.clock.now()).verdicts;
            let outcomes = verdicts.into_iter().map(|verdict| match verdict {
                Err(refusal) => Err(refusal.into()),
                Ok(_) => Err(SubmitError::NotSaved { what: error.what.clone(), fix: error.fix.clone() }),
            });
            let _ = ask.answer.send(outcomes.collect());
        }
    }

    /// Reads what the journal holds beyond the room, and shows it.
    async fn read_on(&mut self) -> Result<(), JournalError> {
        let before = self.room.seq;
        let read = self.read_pages().await;
        if self.room.seq != before {
            self.publish();
        }
        match &read {
            Ok(()) => {
                self.is_behind = false;
                self.board.notice(Subject::JournalRead, None);
            }
            Err(error) => self.warn(Subject::JournalRead, error),
        }
        read
    }

    async fn read_pages(&mut self) -> Result<(), JournalError> {
        loop {
            let before = self.room.seq;
            let page = self.journal.read(before, PAGE).await?;
            page.iter().for_each(|record| self.room.apply(record));
            if page.len() < PAGE || self.room.seq == before {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }

    fn publish(&self) {
        let room = Arc::new(self.room.clone());
        self.board.publish(|snapshot| {
            snapshot.seq = room.seq;
            snapshot.room = room;
        });
    }

    fn warn(&self, subject: Subject, error: &JournalError) {
        let words = format!("the journal: {}; {}", error.what, error.fix);
        self.board.notice(subject, Some(words));
    }
}

fn with_waiting(first: Ask, asks: &mut mpsc::Receiver<Ask>) -> Vec<Ask> {
    let mut count = first.intents.len();
    let mut group = vec![first];
    while count < GROUP
        && let Ok(ask) = asks.try_recv()
    {
        count += ask.intents.len();
        group.push(ask);
    }
    group
}
