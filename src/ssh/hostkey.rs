//! The key by which the room proves that it is the room: made at the first start, readable by its owner alone, and read
//! again at every connection, so that a change holds at once.

use crate::whole;
use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, HashAlg, PrivateKey};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How long the file may take to be read before the last key is used.
const A_MOMENT: Duration = Duration::from_secs(1);

/// In the data directory.
pub const FILE: &str = "ssh_host_ed25519_key";
/// The key that takes over at the next change, known to everybody by then.
const NEXT: &str = "ssh_host_ed25519_key.next";
const OLD: &str = "ssh_host_ed25519_key.old";

#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    #[error("{}: {error}", file.display())]
    Disk { file: PathBuf, error: io::Error },
    #[error("{}: it is no OpenSSH private key without a passphrase", file.display())]
    NotAKey { file: PathBuf },
    #[error("{}: others than its owner may read it", file.display())]
    Open { file: PathBuf },
    #[error("there is no key to change to")]
    NoNext,
}

/// The key of a running server, as it was last found good.
#[derive(Debug)]
pub struct HostKey {
    file: PathBuf,
    last: Mutex<PrivateKey>,
}

impl HostKey {
    /// Makes the key where there is none.
    pub fn open(data: &Path) -> Result<Self, HostKeyError> {
        let key = open(data)?;
        Ok(Self { file: data.join(FILE), last: Mutex::new(key) })
    }

    /// A file that went bad under a running server, or a disk that does not answer, leaves it with the key it has.
    pub async fn now(&self) -> PrivateKey {
        let file = self.file.clone();
        let read = timeout(A_MOMENT, spawn_blocking(move || read(&file))).await;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(Ok(Ok(Some(key)))) if key.public_key() != last.public_key() => {
                tracing::info!(key = fingerprint(&key), "the host key has changed");
                *last = key;
            }
            Ok(Ok(Ok(Some(_)))) => {}
            Ok(Ok(Ok(None))) => {
                tracing::warn!(file = %self.file.display(), "the host key is gone; the last one is used");
            }
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the host key cannot be read; the last one is used"),
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(file = %self.file.display(), "the host key does not answer; the last one is used");
            }
        }
        last.clone()
    }

    /// As it was last found good.
    pub fn last(&self) -> PrivateKey {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads the key, and makes one where there is none.
pub fn open(data: &Path) -> Result<PrivateKey, HostKeyError> {
    let file = data.join(FILE);
    match read(&file)? {
        Some(key) => Ok(key),
        None => make(&file),
    }
}

/// The key that is to take over, made where there is none: clients that know both of them notice no change.
pub fn announce(data: &Path) -> Result<PrivateKey, HostKeyError> {
    let file = data.join(NEXT);
    match read(&file)? {
        Some(key) => Ok(key),
        None => make(&file),
    }
}

/// The key that is to take over, where one has been announced.
pub fn announced(data: &Path) -> Result<Option<PrivateKey>, HostKeyError> {
    read(&data.join(NEXT))
}

/// The announced key takes over; the one before is kept, and used no more.
pub fn change(data: &Path) -> Result<PrivateKey, HostKeyError> {
    let next = announced(data)?.ok_or(HostKeyError::NoNext)?;
    let [now, to, old] = [FILE, NEXT, OLD].map(|name| data.join(name));
    let disk = |file: &Path| {
        let file = file.to_owned();
        move |error| HostKeyError::Disk { file, error }
    };
    if now.exists() {
        fs::copy(&now, &old).map_err(disk(&old))?;
    }
    fs::rename(&to, &now).map_err(disk(&now))?;
    Ok(next)
}

/// The key as it is; absent where the first start has not been.
pub fn read(file: &Path) -> Result<Option<PrivateKey>, HostKeyError> {
    let disk = |error| HostKeyError::Disk { file: file.to_owned(), error };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(disk(error)),
    };
    if fs::metadata(file).map_err(disk)?.permissions().mode() & 0o077 != 0 {
        return Err(HostKeyError::Open { file: file.to_owned() });
    }
    let key = PrivateKey::from_openssh(&text).ok().filter(|key| !key.is_encrypted());
    key.map(Some).ok_or_else(|| HostKeyError::NotAKey { file: file.to_owned() })
}

pub fn fingerprint(key: &PrivateKey) -> String {
    key.public_key().fingerprint(HashAlg::Sha256).to_string()
}

impl HostKeyError {
    pub fn fix(&self) -> String {
        match self {
            Self::Disk { .. } => {
                "make the directory yours to write, or choose another with --home DIR".to_owned()
            }
            Self::NotAKey { file } => format!("move {} away, and a new one is made", file.display()),
            Self::Open { file } => format!("chmod 600 {}", file.display()),
            Self::NoNext => "`sitroom hostkey announce` makes one; give people time to learn it".to_owned(),
        }
    }
}

/// Whole or not at all: a key cut in half would be taken for no key at the next start.
fn make(file: &Path) -> Result<PrivateKey, HostKeyError> {
    let disk = |error| HostKeyError::Disk { file: file.to_owned(), error };
    let key =
        PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(|e| disk(io::Error::other(e)))?;
    let text = key.to_openssh(LineEnding::LF).map_err(|e| disk(io::Error::other(e)))?;
    match whole::make(file, text.as_bytes(), 0o600) {
        Ok(()) => Ok(key),
        // Another process made one first; it is the room's.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(file)?.ok_or_else(|| disk(io::ErrorKind::NotFound.into()))
        }
        Err(error) => Err(disk(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn the_first_start_makes_a_key_that_stays() {
        let home = tempfile::tempdir().unwrap();
        let made = open(&home.path().join("data")).unwrap();
        let file = home.path().join("data").join(FILE);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fingerprint(&open(&home.path().join("data")).unwrap()), fingerprint(&made));
    }

    #[test]
    fn a_key_is_announced_before_it_takes_over() {
        let home = tempfile::tempdir().unwrap();
        let first = open(home.path()).unwrap();
        assert!(matches!(change(home.path()), Err(HostKeyError::NoNext)));
        let next = announce(home.path()).unwrap();
        assert_eq!(
            fingerprint(&announce(home.path()).unwrap()),
            fingerprint(&next),
            "announcing is no change"
        );
        assert_eq!(fingerprint(&open(home.path()).unwrap()), fingerprint(&first));
        change(home.path()).unwrap();
        assert_eq!(fingerprint(&open(home.path()).unwrap()), fingerprint(&next));
        assert!(announced(home.path()).unwrap().is_none());
        let kept = fs::metadata(home.path().join(OLD)).unwrap();
        assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_running_server_follows_a_change_and_outlives_a_bad_file() {
        let home = tempfile::tempdir().unwrap();
        let running = HostKey::open(home.path()).unwrap();
        let first = fingerprint(&running.now().await);
        let next = fingerprint(&announce(home.path()).unwrap());
        assert_eq!(fingerprint(&running.now().await), first);
        change(home.path()).unwrap();
        assert_eq!(fingerprint(&running.now().await), next);
        fs::write(home.path().join(FILE), "nonsense").unwrap();
        assert_eq!(fingerprint(&running.now().await), next);
        fs::remove_file(home.path().join(FILE)).unwrap();
        assert_eq!(fingerprint(&running.now().await), next);
    }

    #[test]
    fn a_key_that_others_can_read_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        open(home.path()).unwrap();
        let file = home.path().join(FILE);
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(open(home.path()), Err(HostKeyError::Open { .. })));
        fs::write(&file, "nonsense").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(open(home.path()), Err(HostKeyError::NotAKey { .. })));
    }
}
