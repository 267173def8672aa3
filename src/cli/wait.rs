//! The one place a command waits for what takes time: the journal and the store.

use super::Failure;
use std::future::Future;

/// Runs to the end on this thread; a command has nothing else to do meanwhile.
pub(super) fn wait<T, E: Into<Failure>>(work: impl Future<Output = Result<T, E>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::unable(format!("no runtime: {error}"), "end other programs, and try again")
    })?;
    runtime.block_on(work).map_err(Into::into)
}
