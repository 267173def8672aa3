//! Who we are to a server: a secret that is fetched when it is first needed, and again when it is not believed any more.

use super::super::SourceError;
use crate::config::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where a secret comes from: a variable, a command, a file, a server that sells tokens by the hour.
pub type Fetch =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Secret, SourceError>> + Send>> + Send + Sync>;

pub struct Credential {
    scheme: Scheme,
    fetch: Fetch,
    kept: Mutex<Kept>,
}

enum Scheme {
    Bearer,
    /// The name that goes with the secret.
    Basic(String),
}

#[derive(Default)]
struct Kept {
    secret: Option<Secret>,
    /// Whether it has served before, so that a refusal may mean that it is too old.
    has_served: bool,
}

impl Credential {
    pub fn bearer(fetch: Fetch) -> Self {
        Self { scheme: Scheme::Bearer, fetch, kept: Mutex::default() }
    }

    pub fn basic(user: impl Into<String>, fetch: Fetch) -> Self {
        Self { scheme: Scheme::Basic(user.into()), fetch, kept: Mutex::default() }
    }

    pub(super) async fn get(&self) -> Result<Secret, SourceError> {
        {
            let mut kept = self.kept();
            if let Some(secret) = kept.secret.clone() {
                kept.has_served = true;
                return Ok(secret);
            }
        }
        let secret = (self.fetch)().await?;
        *self.kept() = Kept { secret: Some(secret.clone()), has_served: false };
        Ok(secret)
    }

    /// Forgets a secret the server refuses; whether it is worth fetching another at once.
    pub(super) fn renewable(&self, refused: &Secret) -> bool {
        let mut kept = self.kept();
        if kept.secret.as_ref() != Some(refused) {
            return true;
        }
        let has_served = kept.has_served;
        *kept = Kept::default();
        has_served
    }

    pub(super) fn header(&self, secret: &Secret) -> String {
        match &self.scheme {
            Scheme::Bearer => format!("Bearer {}", secret.expose()),
            Scheme::Basic(user) => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{}", secret.expose())))
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
