//! Keeping drafts without holding anything up: the newest of each is handed to the keeper a moment after it changed.
//!
//! A driver, waited for by the session's loop. One write runs at a time; what changes meanwhile goes with the next.
//! What could not be kept is tried again.

use super::drafts::Slot;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A pause in typing, and the longest that what is typed is not kept.
const PAUSE: Duration = Duration::from_millis(200);
const RETRY: Duration = Duration::from_secs(2);

pub type Kept = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Keeps what one person has half typed; an empty text is nothing to keep any more.
pub trait KeepDrafts: Send + Sync {
    fn keep(&self, changed: BTreeMap<Slot, String>) -> Kept;
}

#[derive(Default)]
pub struct Keeping {
    keeper: Option<Arc<dyn KeepDrafts>>,
    changed: BTreeMap<Slot, String>,
    due: Option<Instant>,
    in_hand: BTreeMap<Slot, String>,
    writing: Option<Kept>,
}

impl Keeping {
    pub fn with(keeper: Option<Arc<dyn KeepDrafts>>) -> Self {
        Self { keeper, ..Self::default() }
    }

    pub fn change(&mut self, slot: Slot, text: String) {
        if self.keeper.is_some() {
            // What was handed over or has become durable is let go at once, so that no kill brings it back.
            let due = Instant::now() + if text.is_empty() { Duration::ZERO } else { PAUSE };
            self.changed.insert(slot, text);
            self.due = Some(self.due.map_or(due, |other| other.min(due)));
        }
    }

    /// Waits for what is due to be kept. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<(), String> {
        if self.writing.is_none() {
            match self.due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
            self.begin();
        }
        let Some(writing) = &mut self.writing else { return Ok(()) };
        let outcome = writing.await;
        self.writing = None;
        let in_hand = std::mem::take(&mut self.in_hand);
        if outcome.is_err() {
            // Newer words stand.
            self.changed = in_hand.into_iter().chain(std::mem::take(&mut self.changed)).collect();
            self.due = Some(Instant::now() + RETRY);
        }
        outcome
    }

    /// Keeps what there is without waiting for a pause, since nobody will type any more.
    pub async fn finish(&mut self) {
        if self.writing.is_some() && self.next().await.is_err() {
            return;
        }
        if !self.changed.is_empty() {
            self.due = Some(Instant::now());
            let _ = self.next().await;
        }
    }

    fn begin(&mut self) {
        self.due = None;
        self.in_hand = std::mem::take(&mut self.changed);
        self.writing = self.keeper.as_ref().map(|keeper| keeper.keep(self.in_hand.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// Remembers what it was given; refuses the first times.
    #[derive(Default)]
    struct Desk {
        given: Mutex<Vec<BTreeMap<Slot, String>>>,
        refusals: Mutex<u32>,
    }

    impl KeepDrafts for Desk {
        fn keep(&self, changed: BTreeMap<Slot, String>) -> Kept {
            self.given.lock().unwrap().push(changed);
            let mut refusals = self.refusals.lock().unwrap();
            let outcome = if *refusals > 0 { Err("the disk is full".to_owned()) } else { Ok(()) };
            *refusals = refusals.saturating_sub(1);
            Box::pin(std::future::ready(outcome))
        }
    }

    fn change(keeping: &mut Keeping, text: &str) {
        keeping.change(Slot::new("line 1"), text.to_owned());
    }

    fn last(desk: &Desk) -> Vec<String> {
        desk.given.lock().unwrap().last().unwrap().values().cloned().collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_typed_without_a_pause_is_kept_within_half_a_second() {
        let desk = Arc::new(Desk::default());
        let mut keeping = Keeping::with(Some(Arc::clone(&desk) as _));
        let began = Instant::now();
        change(&mut keeping, "f");
        change(&mut keeping, "f pool");
        assert_eq!(keeping.next().await, Ok(()));
        assert!(began.elapsed() < Duration::from_millis(500));
        assert_eq!(last(&desk), ["f pool"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_kept_is_tried_again_with_the_newest_words() {
        let desk = Arc::new(Desk { refusals: Mutex::new(1), ..Desk::default() });
        let mut keeping = Keeping::with(Some(Arc::clone(&desk) as _));
        change(&mut keeping, "f old");
        assert!(keeping.next().await.is_err());
        change(&mut keeping, "f new");
        assert_eq!(keeping.next().await, Ok(()));
        assert_eq!(last(&desk), ["f new"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_is_to_see_again_is_let_go_at_once() {
        let desk = Arc::new(Desk::default());
        let mut keeping = Keeping::with(Some(Arc::clone(&desk) as _));
        change(&mut keeping, "f pool");
        change(&mut keeping, "");
        let began = Instant::now();
        assert_eq!(keeping.next().await, Ok(()));
        assert_eq!((last(&desk), began.elapsed()), (vec![String::new()], Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_words_wait_for_no_pause() {
        let desk = Arc::new(Desk::default());
        let mut keeping = Keeping::with(Some(Arc::clone(&desk) as _));
        change(&mut keeping, "f last");
        let began = Instant::now();
        keeping.finish().await;
        assert_eq!((last(&desk), began.elapsed()), (vec!["f last".to_owned()], Duration::ZERO));
    }
}
