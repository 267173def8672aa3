//! A GitHub App: its key signs for a token of one installation, which serves for an hour.

use crate::config::Secret;
use crate::sources::SourceError;
use octocrab::Octocrab;
use octocrab::models::{AppId, InstallationId};
use octocrab::secrecy::ExposeSecret as _;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installation {
    pub app: u64,
    pub installation: u64,
}

/// A fresh token. The key never leaves this machine; what it signs does.
pub async fn token(url: &str, of: Installation, key: &Secret) -> Result<Secret, SourceError> {
    let unusable = |_| {
        SourceError::denied("the app's private key is no RSA key in PEM", "download a new key of the app")
    };
    let app = Octocrab::builder()
        .set_connect_timeout(Some(Duration::from_secs(5)))
        .set_read_timeout(Some(Duration::from_secs(10)))
        .base_uri(url)
        .map_err(|_| {
            SourceError::denied("its url is no address of a server", "correct the url in config.toml")
        })?
        .app_from_rsa_pem(AppId(of.app), key.expose())
        .map_err(unusable)?
        .build()
        .map_err(|_| SourceError::broken("no client for the app", ""))?;
    let sold = app.installation_and_token(InstallationId(of.installation)).await;
    let (_, token) = sold.map_err(|error| refused(&error, of))?;
    Ok(Secret::new(token.expose_secret()))
}

fn refused(error: &octocrab::Error, of: Installation) -> SourceError {
    match error {
        octocrab::Error::GitHub { source, .. } => {
            let what = format!(
                "no token for app {} and installation {}: {}",
                of.app, of.installation, source.message
            );
            SourceError::denied(what, "check both numbers, the app's key, and this computer's clock")
        }
        _ => SourceError::transient(format!("no token for app {}: GitHub did not answer", of.app)),
    }
}
