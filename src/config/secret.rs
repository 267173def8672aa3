//! Secrets: a type that never prints what it holds, and the places a secret may be kept in.
//!
//! A secret never stands in the configuration itself; the file says only where it is.

pub mod resolve;

use std::fmt;
use std::path::PathBuf;

const REDACTED: &str = "[redacted]";

#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// Where a secret is kept: `{ env = "GITHUB_TOKEN" }`, `{ command = ["gh", "auth", "token"] }` or
/// `{ file = "~/.config/sitroom/token" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    Variable(String),
    Command {
        program: String,
        arguments: Vec<String>,
    },
    /// Nobody else may be able to read it.
    File(PathBuf),
}

impl Secret {
    pub fn new(secret: impl Into<Box<str>>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one place that sends it where it belongs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Says where the secret is kept, never what it is.
impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Command { program, .. } => write!(f, "the command {program}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

impl SecretRef {
    /// What a table says; nothing where it says it in none of the three ways, or in several.
    pub(super) fn of(value: &toml::Value) -> Option<Self> {
        let table = value.as_table().filter(|table| table.len() == 1)?;
        let (key, value) = table.iter().next()?;
        let text = || value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        match key.as_str() {
            "env" => text().map(Self::Variable),
            "file" => text().map(|path| Self::File(path.into())),
            "command" => {
                let words = value.as_array()?.iter().map(|word| word.as_str().map(str::to_owned));
                let mut words = words.collect::<Option<Vec<_>>>()?.into_iter();
                let program = words.next().filter(|program| !program.is_empty())?;
                Some(Self::Command { program, arguments: words.collect() })
            }
            _ => None,
        }
    }
}

/// Takes every one of the secrets out of a text that is about to be shown or kept.
pub fn redact(text: &str, secrets: &[Secret]) -> String {
    let mut longest_first: Vec<_> =
        secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()).collect();
    longest_first.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    longest_first.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Option<SecretRef> {
        let table: toml::Table = toml::from_str(&format!("at = {toml}")).unwrap();
        SecretRef::of(&table["at"])
    }

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("hunter2");
        assert_eq!(
            format!("{secret} {secret:?} {:?}", Some(&secret)),
            "[redacted] [redacted] Some([redacted])"
        );
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn every_occurrence_is_taken_out_and_the_longest_first() {
        let secrets = [Secret::new("abc"), Secret::new("abcdef"), Secret::new("")];
        assert_eq!(redact("x abcdef y abc z", &secrets), "x [redacted] y [redacted] z");
    }

    #[test]
    fn a_reference_says_one_place_and_nothing_else_is_one() {
        assert_eq!(read(r#"{ env = "TOKEN" }"#), Some(SecretRef::Variable("TOKEN".to_owned())));
        assert_eq!(read(r#"{ file = "~/token" }"#), Some(SecretRef::File("~/token".into())));
        let (program, arguments) = ("gh".to_owned(), vec!["auth".to_owned(), "token".to_owned()]);
        let command = SecretRef::Command { program, arguments };
        assert_eq!(read(r#"{ command = ["gh", "auth", "token"] }"#), Some(command));
        for wrong in [
            "{}",
            r#"{ env = "A", file = "b" }"#,
            r#"{ command = [] }"#,
            r#"{ vault = "x" }"#,
            "\"ghp_0123456789\"",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
