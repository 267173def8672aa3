//! Who may come in: `people.toml`, read again at every login, so that what it says holds at once.
//!
//! A key opens the room for the person it stands under; a certificate for the person it names, if an authority that
//! stands here has signed it. A list that cannot be read, or is gone under a running server, leaves things as they were
//! and says so; a key of it that is none is passed over and said, and keeps nobody else in or out.

mod edit;

pub use edit::{add, remove};

use crate::domain::event::Role;
use crate::domain::rights::Right;
use crate::domain::text::clean;
use crate::domain::{Fingerprint, Person};
use crate::engine::Guest;
use russh::keys::ssh_key::AuthorizedKeys;
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::ssh_key::{Certificate, Fingerprint as KeyPrint};
use russh::keys::{Algorithm, HashAlg, PublicKey};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How long a file may take to be read before the list stays as it was.
const A_MOMENT: Duration = Duration::from_secs(1);
/// More than this is nobody's list.
const MAX_FILE: u64 = 1 << 20;

pub type Visitor = Guest;

/// The list as it was last found good.
#[derive(Debug)]
pub struct People {
    file: PathBuf,
    last: Mutex<Last>,
    /// One reading at a time, however many are at the door.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Last {
    good: Arc<Register>,
    /// What was said of the file since; said once.
    wrong: Option<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Register {
    pub people: Vec<Listed>,
    pub authorities: Vec<Authority>,
    /// What of the list was passed over, and why.
    pub troubles: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub person: Person,
    pub right: Right,
    /// What they usually do in an incident; offered to them, never given.
    pub role: Option<Role>,
    pub seat: Seat,
    pub keys: Vec<KeyPrint>,
}

/// What somebody's screen is for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    #[default]
    Person,
    /// A display on a wall, at which nobody sits.
    Wall,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    pub key: KeyPrint,
    /// The most a certificate of theirs gives.
    pub right: Right,
}

/// Why a key or a certificate that was offered opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Key,
    Authority,
    Conditions,
    Principal,
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("{}: {error}", file.display())]
    Disk { file: PathBuf, error: io::Error },
    #[error("{}: {what}", file.display())]
    Wrong { file: PathBuf, what: String },
    #[error("this key is {whose}'s already")]
    Taken { whose: Person },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    person: Vec<PersonTable>,
    #[serde(default)]
    authority: Vec<AuthorityTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonTable {
    name: String,
    rights: Right,
    role: Option<String>,
    #[serde(default)]
    kiosk: bool,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    authorized_keys: Vec<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityTable {
    key: String,
    rights: Right,
}

impl People {
    pub fn open(file: PathBuf) -> Result<Self, PeopleError> {
        let good = Arc::new(Register::read(&file)?);
        good.say_troubles();
        let last = Last { good, wrong: None };
        Ok(Self { file, last: Mutex::new(last), turn: tokio::sync::Mutex::default() })
    }

    /// The list as it last made sense.
    pub fn last(&self) -> Arc<Register> {
        Arc::clone(&self.last.lock().unwrap_or_else(PoisonError::into_inner).good)
    }

    /// The list as the file has it now. A file that does not answer in a moment, as on a lost mount, is taken as it
    /// was: it keeps nobody in or out.
    pub async fn read(&self) -> Arc<Register> {
        if timeout(A_MOMENT, self.look()).await.is_err() {
            self.learn(Err("it does not answer".to_owned()));
        }
        self.last()
    }

    async fn look(&self) {
        let _turn = self.turn.lock().await;
        let (file, is_empty) = (self.file.clone(), *self.last() == Register::default());
        let read = spawn_blocking(move || {
            // Some editors and tools put a file away before they put the next one there.
            if !is_empty && !file.try_exists().unwrap_or(true) {
                return Err("it is gone; an empty one lets nobody in".to_owned());
            }
            Register::read(&file).map_err(|error| error.to_string())
        })
        .await;
        self.learn(read.unwrap_or_else(|error| Err(error.to_string())));
    }

    fn learn(&self, read: Result<Register, String>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(read) => {
                last.wrong = None;
                if read != *last.good {
                    read.say_troubles();
                    last.good = Arc::new(read);
                }
            }
            Err(why) if last.wrong.as_ref() == Some(&why) => {}
            Err(why) => {
                tracing::error!(file = %self.file.display(), why, "the list of people stays as it was");
                last.wrong = Some(why);
            }
        }
    }
}

impl Register {
    /// A list that is not there is an empty one.
    pub fn read(file: &Path) -> Result<Self, PeopleError> {
        let disk = |error| PeopleError::Disk { file: file.to_owned(), error };
        let text = match read(file).and_then(|text| String::from_utf8(text).map_err(io::Error::other)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(disk(error)),
        };
        let wrong = |what: String| PeopleError::Wrong { file: file.to_owned(), what };
        let document: Document = toml::from_str(&text).map_err(|error| wrong(placed(&text, &error)))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut register = Self::default();
        for table in document.person {
            let listed = table.listed(folder, &mut register.troubles);
            register.people.extend(listed);
        }
        for AuthorityTable { key, rights } in document.authority {
            match fingerprint(&key) {
                Ok(key) => register.authorities.push(Authority { key, right: rights }),
                Err(what) => register.troubles.push(format!("an authority: {what}")),
            }
        }
        Ok(register)
    }

    fn say_troubles(&self) {
        self.troubles.iter().for_each(|what| tracing::warn!(what, "the list of people"));
    }

    pub fn listed(&self, person: &Person) -> Option<&Listed> {
        self.people.iter().find(|listed| listed.person == *person)
    }

    /// Whom a key belongs to.
    pub fn of_key(&self, key: &PublicKey) -> Option<Visitor> {
        let key = key.fingerprint(HashAlg::Sha256);
        let listed = self.people.iter().find(|listed| listed.keys.contains(&key))?;
        Some(Visitor {
            person: listed.person.clone(),
            right: listed.right,
            key: Fingerprint::new(key.to_string()),
        })
    }

    /// Whom a certificate names. One with conditions we do not check is no good.
    pub fn of_certificate(&self, certificate: &Certificate) -> Result<Visitor, Unknown> {
        let signed = |authority: &&Authority| certificate.validate([&authority.key]).is_ok();
        let authority = self.authorities.iter().find(signed).ok_or(Unknown::Authority)?;
        if certificate.cert_type() != CertType::User || !certificate.critical_options().is_empty() {
            return Err(Unknown::Conditions);
        }
        let named = |listed: &&Listed| {
            certificate.valid_principals().iter().any(|name| name == listed.person.as_str())
        };
        let listed = self.people.iter().find(named).ok_or(Unknown::Principal)?;
        let key = PublicKey::from(certificate.public_key().clone()).fingerprint(HashAlg::Sha256);
        Ok(Visitor {
            person: listed.person.clone(),
            right: listed.right.min(authority.right),
            key: Fingerprint::new(format!(
                "{key} certified {} by {}",
                clean(certificate.key_id()),
                authority.key
            )),
        })
    }

    /// Whether an offered key is worth a signature.
    pub fn may_know(&self, key: &PublicKey) -> bool {
        !self.authorities.is_empty() || self.of_key(key).is_some()
    }

    /// Whether somebody who came in would come in again, with the same rights.
    pub fn still_knows(&self, visitor: &Visitor) -> bool {
        let is_same = |listed: &&Listed| listed.person == visitor.person;
        let Some(listed) = self.people.iter().find(is_same) else { return false };
        if let Some((_, authority)) = visitor.key.as_str().rsplit_once(" by ") {
            let authority = self.authorities.iter().find(|known| known.key.to_string() == authority);
            return authority.is_some_and(|authority| listed.right.min(authority.right) == visitor.right);
        }
        listed.right == visitor.right && listed.keys.iter().any(|key| key.to_string() == visitor.key.as_str())
    }
}

impl Unknown {
    pub const fn why(self) -> &'static str {
        match self {
            Self::Key => "the key is on no list",
            Self::Authority => "no authority of the list signed it, or not for now",
            Self::Conditions => "it is no certificate of a person, or has critical options",
            Self::Principal => "it names nobody of the list",
        }
    }
}

impl PersonTable {
    /// Somebody with what of their keys can be used; none whom no command could name.
    fn listed(self, folder: &Path, troubles: &mut Vec<String>) -> Option<Listed> {
        let Self { name, rights, role, kiosk, keys, authorized_keys } = self;
        let mut said = |what: String| troubles.push(format!("{}: {what}", shortened(&name)));
        let person = name.parse().map_err(|what: &str| said(what.to_owned())).ok()?;
        let mut known = Vec::new();
        for key in keys {
            fingerprint(&key).map_or_else(&mut said, |key| known.push(key));
        }
        for file in authorized_keys {
            of_file(&folder.join(file)).map_or_else(&mut said, |keys| known.extend(keys));
        }
        let role = role.and_then(|word| word.parse::<Role>().map_err(&mut said).ok());
        // Whoever walks past a wall could press a key.
        let (seat, right) = if kiosk { (Seat::Wall, Right::Observe) } else { (Seat::Person, rights) };
        Some(Listed { person, right, role, seat, keys: known })
    }
}

impl PeopleError {
    pub fn fix(&self) -> &'static str {
        match self {
            Self::Disk { .. } => "make it readable for whoever runs `sitroom serve`",
            Self::Wrong { .. } => "correct it there; docs/SERVE.md shows how it is written",
            Self::Taken { .. } => "give the key of the other person, or remove the one who has it",
        }
    }
}

/// Whether a key can open anything here: RSA is left to those who serve what is older.
pub fn is_modern(key: &PublicKey) -> bool {
    !matches!(key.algorithm(), Algorithm::Rsa { .. } | Algorithm::Dsa)
}

/// The fingerprint of a key as it stands in a `.pub` file.
fn fingerprint(key: &str) -> Result<KeyPrint, String> {
    let read = PublicKey::from_openssh(key)
        .map_err(|_| format!("{:?} is no public key of OpenSSH", shortened(key)))?;
    if !is_modern(&read) {
        return Err(format!("{:?} is an RSA key: one of `ssh-keygen -t ed25519` is wanted", shortened(key)));
    }
    Ok(read.fingerprint(HashAlg::Sha256))
}

/// The keys of an `authorized_keys` file. Its options bind a shell there is none of here, so a line with any is passed
/// over; a file that is gone lets nobody in.
fn of_file(file: &Path) -> Result<Vec<KeyPrint>, String> {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", file.display())),
    };
    let text = String::from_utf8_lossy(&text);
    let entries = AuthorizedKeys::new(&text).filter_map(Result::ok);
    let plain = entries.filter(|entry| entry.config_opts().is_empty() && is_modern(entry.public_key()));
    Ok(plain.map(|entry| entry.public_key().fingerprint(HashAlg::Sha256)).collect())
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(file)?.len() > MAX_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(file)
}

fn shortened(key: &str) -> String {
    clean(key).chars().take(40).collect()
}

fn placed(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    match line {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_placed_on_its_own_line() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("people.toml");
        fs::write(&file, "[[person]]\nname = \"dana\"\nrights = \"observe\"\nkees = []\n").unwrap();
        let said = Register::read(&file).unwrap_err().to_string();
        assert!(said.contains("line 4: unknown field `kees`"), "{said}");
    }

    #[test]
    fn what_one_person_has_wrong_keeps_nobody_else_in_or_out() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("people.toml");
        let comment =
            b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti J\xfcrgen\n";
        fs::write(home.path().join("latin"), comment).unwrap();
        let text = "[[person]]\nname = \"sam\"\nrights = \"respond\"\nkeys = [\"ssh-ed25519 AAAAtypo\"]\n\
                    authorized_keys = [\".\"]\n\
                    [[person]]\nname = \"eve@example.com\"\nrights = \"respond\"\n\
                    [[person]]\nname = \"dana\"\nrights = \"respond\"\nauthorized_keys = [\"latin\"]\n";
        fs::write(&file, text).unwrap();
        let register = Register::read(&file).unwrap();
        let keys: Vec<_> = register.people.iter().map(|it| (it.person.as_str(), it.keys.len())).collect();
        assert_eq!(keys, [("sam", 0), ("dana", 1)]);
        let said = register.troubles.join("\n");
        assert_eq!(register.troubles.len(), 3, "{said}");
        assert!(said.contains("sam: \"ssh-ed25519 AAAAtypo\" is no") && said.contains("one word"), "{said}");
    }

    #[tokio::test]
    async fn a_list_that_is_gone_for_a_moment_throws_nobody_out() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("people.toml");
        fs::write(&file, "[[person]]\nname = \"dana\"\nrights = \"observe\"\n").unwrap();
        let people = People::open(file.clone()).unwrap();
        fs::remove_file(&file).unwrap();
        assert!(people.read().await.listed(&Person::new("dana")).is_some());
        fs::write(&file, "").unwrap();
        assert!(people.read().await.listed(&Person::new("dana")).is_none());
    }

    #[tokio::test]
    async fn a_list_that_does_not_answer_stays_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("people.toml");
        fs::write(&file, "[[person]]\nname = \"dana\"\nrights = \"observe\"\n").unwrap();
        let people = People::open(file.clone()).unwrap();
        fs::remove_file(&file).unwrap();
        // A pipe nobody writes to is read for ever, as a file on a lost mount is.
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        assert!(people.read().await.listed(&Person::new("dana")).is_some());
        drop(fs::OpenOptions::new().write(true).open(&file).unwrap());
    }
}
