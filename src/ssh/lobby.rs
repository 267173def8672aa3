//! Everybody who is in: counted, limited, and told when they have to go.
//!
//! Somebody who came in holds a [`Pass`]; each screen and each command of theirs a [`Place`]. Dropping them is leaving.

use super::people::{Register, Visitor};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Screens and commands at a time, of everybody.
    pub sessions: usize,
    /// The same of one person.
    pub each: usize,
    /// A screen without a key press for this long is closed.
    pub idle: Duration,
}

#[derive(Debug)]
pub struct Lobby {
    pub limits: Limits,
    state: Mutex<State>,
    /// How many are in, for whoever waits for the last to leave.
    crowd: watch::Sender<usize>,
    logins: AtomicU64,
    panics: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    present: HashMap<u64, Present>,
    /// What newcomers are told instead of being let in.
    closing: Option<Arc<str>>,
}

#[derive(Debug)]
struct Present {
    visitor: Visitor,
    sessions: usize,
    farewell: watch::Sender<Option<Arc<str>>>,
}

#[derive(Debug)]
pub struct Pass {
    id: u64,
    pub visitor: Visitor,
    lobby: Arc<Lobby>,
    farewell: watch::Receiver<Option<Arc<str>>>,
}

#[derive(Debug)]
pub struct Place {
    pub pass: Arc<Pass>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sessions: 256, each: 16, idle: Duration::from_secs(12 * 60 * 60) }
    }
}

impl Lobby {
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            state: Mutex::default(),
            crowd: watch::Sender::new(0),
            logins: AtomicU64::new(0),
            panics: AtomicU64::new(0),
        })
    }

    /// None while the room is closing.
    pub fn enter(self: &Arc<Self>, visitor: Visitor) -> Option<Arc<Pass>> {
        let mut state = self.state();
        if state.closing.is_some() {
            return None;
        }
        self.logins.fetch_add(1, Ordering::Relaxed);
        state.next += 1;
        let id = state.next;
        let (farewell, told) = watch::channel(None);
        state.present.insert(id, Present { visitor: visitor.clone(), sessions: 0, farewell });
        self.crowd.send_replace(state.present.len());
        Some(Arc::new(Pass { id, visitor, lobby: Arc::clone(self), farewell: told }))
    }

    /// Shows those the door who are no longer on the list, or no longer with the same rights.
    pub fn review(&self, register: &Register) {
        for present in self.state().present.values() {
            if !register.still_knows(&present.visitor) {
                let Visitor { person, key, .. } = &present.visitor;
                tracing::info!(%person, %key, "their access has changed; their sessions end");
                present
                    .farewell
                    .send_replace(Some("Your access has changed; log in again if you may".into()));
            }
        }
    }

    /// Tells everybody, and lets nobody in any more.
    pub fn close(&self, words: &str) {
        let mut state = self.state();
        let words: Arc<str> = words.into();
        for present in state.present.values() {
            present.farewell.send_replace(Some(Arc::clone(&words)));
        }
        state.closing = Some(words);
    }

    /// Waits for the last to leave.
    pub async fn emptied(&self) {
        let mut crowd = self.crowd.subscribe();
        // The sender is ours, so this cannot fail while it is waited for.
        let _ = crowd.wait_for(|count| *count == 0).await;
    }

    pub fn sessions(&self) -> usize {
        self.state().present.values().map(|present| present.sessions).sum()
    }

    pub fn connections(&self) -> usize {
        self.state().present.len()
    }

    pub fn logins(&self) -> u64 {
        self.logins.load(Ordering::Relaxed)
    }

    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    pub(super) fn saw_panic(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// A place for one more screen or command, or why there is none.
    pub fn place(self: &Arc<Self>) -> Result<Place, String> {
        let Limits { sessions, each, .. } = self.lobby.limits;
        let mut state = self.lobby.state();
        let all: usize = state.present.values().map(|present| present.sessions).sum();
        let of_person = |present: &&Present| present.visitor.person == self.visitor.person;
        let own: usize = state.present.values().filter(of_person).map(|present| present.sessions).sum();
        if all >= sessions {
            return Err(format!("the room is full ({sessions} sessions); try again in a moment"));
        }
        if own >= each {
            return Err(format!("you have {each} sessions already; close one of them"));
        }
        if let Some(present) = state.present.get_mut(&self.id) {
            present.sessions += 1;
        }
        Ok(Place { pass: Arc::clone(self) })
    }

    /// Waits until they have to go, and what to tell them.
    pub async fn dismissed(&self) -> Arc<str> {
        let mut farewell = self.farewell.clone();
        let words = farewell.wait_for(Option::is_some).await.ok().and_then(|words| words.clone());
        match words {
            Some(words) => words,
            // The lobby has gone, and with it whoever could dismiss them.
            None => std::future::pending().await,
        }
    }

    pub fn lobby(&self) -> &Arc<Lobby> {
        &self.lobby
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(present) = self.pass.lobby.state().present.get_mut(&self.pass.id) {
            present.sessions -= 1;
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.lobby.state();
        state.present.remove(&self.id);
        self.lobby.crowd.send_replace(state.present.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Person;
    use crate::domain::rights::Right;

    fn visitor(name: &str) -> Visitor {
        Visitor {
            person: Person::new(name),
            right: Right::Respond,
            key: format!("SHA256:{name}").as_str().into(),
        }
    }

    #[test]
    fn places_are_limited_for_each_and_for_all_and_come_back() {
        let lobby = Lobby::new(Limits { sessions: 3, each: 2, ..Limits::default() });
        let [dana, sam] = ["dana", "sam"].map(|name| lobby.enter(visitor(name)).unwrap());
        let again = lobby.enter(visitor("dana")).unwrap();
        let (_first, second) = (dana.place().unwrap(), again.place().unwrap());
        assert!(dana.place().unwrap_err().contains("you have 2"));
        let _third = sam.place().unwrap();
        assert!(sam.place().unwrap_err().contains("full"));
        drop(second);
        assert!(sam.place().is_ok());
    }

    #[tokio::test]
    async fn who_is_no_longer_listed_has_to_go_and_a_closed_room_lets_nobody_in() {
        let lobby = Lobby::new(Limits::default());
        let dana = lobby.enter(visitor("dana")).unwrap();
        lobby.review(&Register::default());
        assert!(dana.dismissed().await.contains("access"));
        lobby.close("closing");
        assert!(lobby.enter(visitor("sam")).is_none());
        drop(dana);
        lobby.emptied().await;
    }
}
