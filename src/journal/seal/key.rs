//! The key a room seals with: made when it is first needed, readable by its owner alone; and its public half, which is
//! for everybody.

use crate::whole;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Never printed, and never written but into its file.
pub struct RoomKey(SigningKey);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{}: {error}", file.display())]
    Disk { file: PathBuf, error: io::Error },
    #[error("{}: it is no {what} in PEM", file.display())]
    NotAKey { file: PathBuf, what: &'static str },
    #[error("{}: others than its owner may read it", file.display())]
    Open { file: PathBuf },
    #[error("{}: the room's private key is gone, and {} is still there", private.display(), public.display())]
    Lost { public: PathBuf, private: PathBuf },
    #[error("{}: it is not the public half of {}", public.display(), private.display())]
    OtherHalf { public: PathBuf, private: PathBuf },
}

impl KeyError {
    pub fn fix(&self) -> String {
        match self {
            Self::Disk { error, .. } if error.kind() == io::ErrorKind::StorageFull => {
                "make room on the disk, and do it again".to_owned()
            }
            Self::Disk { .. } => "make the folder of the journal yours to write".to_owned(),
            Self::NotAKey { what, .. } => format!("restore the {what} from a backup, or name another file"),
            Self::Open { file } => format!("chmod 600 {}", file.display()),
            Self::Lost { .. } => {
                "restore it from a backup; or, to begin with another key, move journal.pub and journal.seals \
                                  away and keep them: they go on proving what they sealed"
                    .to_owned()
            }
            Self::OtherHalf { .. } => {
                "somebody replaced one of the two: find out who, then restore both from a backup".to_owned()
            }
        }
    }
}

impl RoomKey {
    /// Reads the key, and makes one with its public half where there is neither.
    pub fn open(private: &Path, public: &Path) -> Result<Self, KeyError> {
        let key = match Self::read(private)? {
            Some(key) => key,
            None if public.exists() => {
                return Err(KeyError::Lost { public: public.to_owned(), private: private.to_owned() });
            }
            None => Self::make(private)?,
        };
        match PublicKey::read(public)? {
            Some(known) if known == key.public() => {}
            Some(_) => {
                return Err(KeyError::OtherHalf { public: public.to_owned(), private: private.to_owned() });
            }
            None => {
                let text = key.public().0.to_public_key_pem(LineEnding::LF);
                let text = text.map_err(|error| disk(public)(io::Error::other(error)))?;
                match whole::make(public, text.as_bytes(), 0o644) {
                    // Another process was first, with the half of the same key.
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(disk(public)(error));
                    }
                    _ => {}
                }
            }
        }
        Ok(key)
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.0.sign(text).to_bytes()
    }

    fn read(file: &Path) -> Result<Option<Self>, KeyError> {
        let Some(text) = text_of(file)? else { return Ok(None) };
        let mode = fs::metadata(file).map_err(disk(file))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Open { file: file.to_owned() });
        }
        let key = SigningKey::from_pkcs8_pem(&text);
        let not = |_| KeyError::NotAKey { file: file.to_owned(), what: "private key" };
        key.map(|key| Some(Self(key))).map_err(not)
    }

    fn make(file: &Path) -> Result<Self, KeyError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| disk(file)(io::Error::other(error.to_string())))?;
        let key = SigningKey::from_bytes(&secret);
        let text = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| disk(file)(io::Error::other(error)))?;
        match whole::make(file, text.as_bytes(), 0o600) {
            Ok(()) => Ok(Self(key)),
            // Another process made one first; it is the room's.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::read(file)?.ok_or_else(|| disk(file)(io::ErrorKind::NotFound.into()))
            }
            Err(error) => Err(disk(file)(error)),
        }
    }
}

impl fmt::Debug for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoomKey({})", self.public())
    }
}

impl PublicKey {
    /// Absent where no journal was ever sealed.
    pub fn read(file: &Path) -> Result<Option<Self>, KeyError> {
        let Some(text) = text_of(file)? else { return Ok(None) };
        let not = |_| KeyError::NotAKey { file: file.to_owned(), what: "public key" };
        VerifyingKey::from_public_key_pem(&text).map(|key| Some(Self(key))).map_err(not)
    }

    pub(super) fn verifies(&self, text: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(text, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(self.0.as_bytes()))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nothing where these are not so many bytes in hex.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[place..place + 2], 16).ok()?;
    }
    Some(bytes)
}

fn text_of(file: &Path) -> Result<Option<String>, KeyError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk(file)(error)),
    }
}

fn disk(file: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let file = file.to_owned();
    move |error| KeyError::Disk { file, error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn the_first_use_makes_a_key_that_stays_and_is_its_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let (private, public) = (home.path().join("j.key"), home.path().join("j.pub"));
        let made = RoomKey::open(&private, &public).unwrap();
        assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(RoomKey::open(&private, &public).unwrap().public(), made.public());
        assert_eq!(PublicKey::read(&public).unwrap(), Some(made.public()));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "nothing is left over");
    }

    #[test]
    fn of_two_first_uses_at_once_both_have_the_same_key() {
        for _ in 0..20 {
            let home = tempfile::tempdir().unwrap();
            let (private, public) = (home.path().join("j.key"), home.path().join("j.pub"));
            let open = || RoomKey::open(&private, &public).unwrap().public();
            let (one, other) = std::thread::scope(|scope| {
                let other = scope.spawn(open);
                (open(), other.join().unwrap())
            });
            assert_eq!(one, other);
            assert_eq!(PublicKey::read(&public).unwrap(), Some(one));
        }
    }

    #[test]
    fn a_key_that_others_read_or_that_was_exchanged_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        let (private, public) = (home.path().join("j.key"), home.path().join("j.pub"));
        RoomKey::open(&private, &public).unwrap();
        fs::set_permissions(&private, Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(RoomKey::open(&private, &public), Err(KeyError::Open { .. })));
        fs::remove_file(&private).unwrap();
        assert!(matches!(RoomKey::open(&private, &public), Err(KeyError::Lost { .. })));
        assert!(!private.exists(), "no key is made beside the half of another");
        RoomKey::make(&private).unwrap();
        assert!(matches!(RoomKey::open(&private, &public), Err(KeyError::OtherHalf { .. })));
        fs::write(&public, "nonsense").unwrap();
        assert!(matches!(PublicKey::read(&public), Err(KeyError::NotAKey { .. })));
    }

    #[test]
    fn hex_is_read_as_it_is_written_and_nothing_else_is() {
        assert_eq!(unhex(&hex(&[0, 171, 255])), Some([0, 171, 255]));
        for wrong in ["", "00ab", "00abfg", "é0abf", "00abff0"] {
            assert_eq!(unhex::<3>(wrong), None, "{wrong}");
        }
    }
}
