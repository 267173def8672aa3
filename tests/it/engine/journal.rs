//! A journal in memory that several engines may share, and that fails when told to.

use sitroom::domain::{Event, IncidentId, Person, Record, Seq};
use sitroom::journal::{AppendError, Draft, Journal, JournalError};
use std::sync::{Arc, Mutex};
use tokio::sync::{RwLock, watch};

#[derive(Clone, Default)]
pub struct Memory(Arc<Inner>);

#[derive(Default)]
struct Inner {
    records: Mutex<Vec<Record>>,
    temper: Mutex<Temper>,
    /// How many records each append brought.
    appends: Mutex<Vec<usize>>,
    /// Held by a test that wants appends to wait.
    gate: Arc<RwLock<()>>,
    changes: watch::Sender<()>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Temper {
    #[default]
    Sound,
    Full,
    /// Keeps what is appended, and loses the answer.
    Mute,
    /// Somebody else is always faster.
    Contended,
    Panics,
}

impl Memory {
    pub fn is(&self, temper: Temper) {
        *self.0.temper.lock().unwrap() = temper;
    }

    pub fn gate(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.0.gate)
    }

    pub fn records(&self) -> Vec<Record> {
        self.0.records.lock().unwrap().clone()
    }

    pub fn appends(&self) -> Vec<usize> {
        self.0.appends.lock().unwrap().clone()
    }

    /// Appends as another process would whose notice has not arrived yet.
    pub fn sneak_in(&self, draft: Draft) {
        let mut records = self.0.records.lock().unwrap();
        let seq = Seq(records.len() as u64 + 1);
        records.push(Record { key: None, seq, at: draft.at, by: draft.by, event: draft.event });
    }

    fn keep(&self, after: Seq, drafts: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        let last = self.0.records.lock().unwrap().len() as u64;
        if last != after.0 {
            return Err(AppendError::Conflict(Seq(last)));
        }
        self.0.appends.lock().unwrap().push(drafts.len());
        drafts.into_iter().for_each(|draft| self.sneak_in(draft));
        self.0.changes.send_replace(());
        Ok(self.0.records.lock().unwrap()[last as usize..].to_vec())
    }
}

impl Journal for Memory {
    async fn append(&self, after: Seq, drafts: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        tokio::task::yield_now().await;
        let _open = self.0.gate.read().await;
        let temper = *self.0.temper.lock().unwrap();
        match temper {
            Temper::Sound => self.keep(after, drafts),
            Temper::Full => Err(full().into()),
            Temper::Mute => self.keep(after, drafts).and_then(|_| Err(full().into())),
            Temper::Contended => {
                let incident = IncidentId(999);
                let event = Event::IncidentResolved { incident };
                self.sneak_in(Draft { key: None, at: super::BASE, by: Person::new("lee"), event });
                self.keep(after, drafts)
            }
            Temper::Panics => panic!("a page of the journal is upside down"),
        }
    }

    async fn read(&self, after: Seq, limit: usize) -> Result<Vec<Record>, JournalError> {
        tokio::task::yield_now().await;
        Ok(self.records().into_iter().skip(after.0 as usize).take(limit).collect())
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.0.changes.subscribe()
    }
}

fn full() -> JournalError {
    JournalError { what: "no space left on the disk".to_owned(), fix: "make some room".to_owned() }
}
