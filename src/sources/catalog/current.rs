//! The catalog as it is now, shared by whoever asks by it: it may be renewed while a room is open.

use crate::domain::Catalog;
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Clone, Debug, Default)]
pub struct Current(Arc<RwLock<Arc<Catalog>>>);

impl Current {
    /// The same one again for as long as nothing has changed.
    pub fn get(&self) -> Arc<Catalog> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on everybody who shares it has this one.
    pub fn renew(&self, catalog: Arc<Catalog>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = catalog;
    }
}

impl From<Catalog> for Current {
    fn from(catalog: Catalog) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(catalog))))
    }
}
