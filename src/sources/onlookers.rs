//! Whether somebody looks at something right now, for a source that can do more while they do, at a price.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counted by everybody who looks, read by the source.
#[derive(Clone, Debug, Default)]
pub struct Onlookers(Arc<AtomicUsize>);

/// Somebody looks for as long as this lives.
#[derive(Debug)]
pub struct Looking(Arc<AtomicUsize>);

impl Onlookers {
    pub fn look(&self) -> Looking {
        self.0.fetch_add(1, Ordering::Relaxed);
        Looking(Arc::clone(&self.0))
    }

    pub fn are_there(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_looks_until_the_last_one_has_left() {
        let onlookers = Onlookers::default();
        let (one, two) = (onlookers.look(), onlookers.look());
        drop(one);
        assert!(onlookers.are_there());
        drop(two);
        assert!(!onlookers.are_there());
    }
}
