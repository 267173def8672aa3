//! The store as the keeper of an engine's signals.

use super::keep::{KeepError, Keeping, SignalKeeper};
use crate::domain::Signal;
use crate::domain::log::Chunk;
use crate::store::{Loading, Position, Stirs, Store, StoreError};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

pub struct StoreKeeper {
    store: Store,
    stirs: Stirs,
    /// What is still to be loaded; taken by whoever loads.
    loading: Mutex<Option<Loading>>,
    /// How far is known what is in the store.
    position: Mutex<Position>,
}

impl StoreKeeper {
    /// Finds what is kept, and reads nothing of it yet.
    pub async fn open(store: Store) -> Result<Self, StoreError> {
        let loading = store.load().await?;
        let position = Mutex::new(loading.position());
        Ok(Self { stirs: store.stirs(), store, loading: Mutex::new(Some(loading)), position })
    }

    fn position(&self) -> Position {
        *self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignalKeeper for StoreKeeper {
    fn load(&self, pieces: mpsc::Sender<Vec<Chunk>>) -> Keeping<'_> {
        let loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(async move {
            let Some(mut loading) = loading else { return Ok(()) };
            while let Some(chunks) = loading.next().await? {
                if pieces.send(chunks).await.is_err() {
                    return Ok(());
                }
            }
            unreadable(loading.unreadable())
        })
    }

    fn keep(&self, signals: Vec<Signal>) -> Keeping<'_> {
        Box::pin(async move {
            self.store.keep(&signals).await?;
            Ok(())
        })
    }

    fn follow(&self) -> Keeping<'_, Vec<Chunk>> {
        Box::pin(async move {
            let news = self.store.follow(self.position()).await?;
            *self.position.lock().unwrap_or_else(PoisonError::into_inner) = news.position;
            Ok(news.chunks)
        })
    }

    fn stirred(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.stirs.next())
    }
}

fn unreadable(segments: usize) -> Result<(), KeepError> {
    if segments == 0 {
        return Ok(());
    }
    let what = format!("{segments} pieces could not be read, and were passed over");
    Err(KeepError {
        what,
        fix: "the sources may tell it again; nothing that people wrote is lost".to_owned(),
    })
}

impl From<StoreError> for KeepError {
    fn from(error: StoreError) -> Self {
        Self { what: error.to_string(), fix: error.fix().to_owned() }
    }
}
