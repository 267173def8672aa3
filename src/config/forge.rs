//! `[github.NAME]` and `[bitbucket.NAME]`: accounts on servers that keep code, read from the tables the file has.
//!
//! A mistake switches off the one account it is in. What is reported never repeats a value, which may be a secret.

use super::SecretRef;
use crate::domain::Span;
use crate::domain::problem::nearest;
use crate::domain::text::clean;
use toml::{Table, Value};

/// One account: what is asked there, and as whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub url: Option<String>,
    pub repositories: Vec<String>,
    pub interval: Span,
    pub history: Span,
    pub access: Access,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    Token(SecretRef),
    /// A name and an app password or API token.
    Password {
        user: String,
        password: SecretRef,
    },
    /// A GitHub App: its number, the number of its installation, its private key.
    App {
        app: u64,
        installation: u64,
        key: SecretRef,
    },
    /// An OAuth client that buys tokens.
    Client {
        key: String,
        secret: SecretRef,
        url: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    GitHub,
    Bitbucket,
}

/// What is wrong with an account, and the fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub key: String,
    pub what: String,
    pub fix: String,
}

/// Half a minute is as often as anybody looks; the limits of the servers are by the hour.
const SHORTEST: Span = Span::seconds(30);
/// More than this is no room but a company.
const MOST_REPOSITORIES: usize = 200;

const KEYS: [(&str, &[&str]); 2] = [
    (
        "github",
        &["url", "repositories", "interval", "history", "token", "app", "installation", "private_key"],
    ),
    (
        "bitbucket",
        &[
            "url",
            "repositories",
            "interval",
            "history",
            "token",
            "user",
            "password",
            "client",
            "client_secret",
            "oauth_url",
        ],
    ),
];

impl Forge {
    pub const fn section(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::Bitbucket => "bitbucket",
        }
    }

    /// GitHub gives five thousand requests an hour, Bitbucket a thousand.
    const fn interval(self) -> Span {
        match self {
            Self::GitHub => Span::minutes(1),
            Self::Bitbucket => Span::minutes(3),
        }
    }
}

/// Reads one account.
pub fn account(forge: Forge, table: &Table) -> Result<Account, Wrong> {
    let keys = KEYS.iter().find(|(section, _)| *section == forge.section()).map_or(&[][..], |(_, keys)| keys);
    if let Some(unknown) = table.keys().find(|key| !keys.contains(&key.as_str())) {
        let near = nearest(unknown, keys.iter().copied());
        let meant = near.map_or_else(String::new, |near| format!(", did you mean \"{near}\"?"));
        return Err(wrong(
            unknown,
            format!("unknown key \"{}\"{meant}", clean(unknown)),
            "take the line out",
        ));
    }
    Ok(Account {
        url: text(table, "url")?,
        repositories: repositories(table)?,
        interval: span(table, "interval", forge.interval(), SHORTEST)?,
        history: span(table, "history", Span::days(30), Span::days(1))?,
        access: if forge == Forge::GitHub { github(table)? } else { bitbucket(table)? },
    })
}

fn github(table: &Table) -> Result<Access, Wrong> {
    if let Some(token) = secret(table, "token")? {
        return Ok(Access::Token(token));
    }
    match (number(table, "app")?, number(table, "installation")?, secret(table, "private_key")?) {
        (Some(app), Some(installation), Some(key)) => Ok(Access::App { app, installation, key }),
        (None, None, None) => Err(wrong(
            "token",
            "nothing says who asks".to_owned(),
            r#"write token = { command = ["gh", "auth", "token"] }"#,
        )),
        _ => Err(wrong(
            "app",
            "a GitHub App is app, installation and private_key together".to_owned(),
            "write all three, or a token",
        )),
    }
}

fn bitbucket(table: &Table) -> Result<Access, Wrong> {
    if let Some(token) = secret(table, "token")? {
        return Ok(Access::Token(token));
    }
    if let (Some(user), Some(password)) = (text(table, "user")?, secret(table, "password")?) {
        return Ok(Access::Password { user, password });
    }
    if let (Some(key), Some(secret)) = (text(table, "client")?, secret(table, "client_secret")?) {
        return Ok(Access::Client { key, secret, url: text(table, "oauth_url")? });
    }
    Err(wrong(
        "token",
        "nothing says who asks".to_owned(),
        r#"write token = { env = "BITBUCKET_TOKEN" }, or user and password, or client and client_secret"#,
    ))
}

fn repositories(table: &Table) -> Result<Vec<String>, Wrong> {
    let fix = r#"write repositories = ["owner/name"]"#;
    let bad = |what: &str| wrong("repositories", what.to_owned(), fix);
    let listed =
        table.get("repositories").and_then(Value::as_array).ok_or_else(|| bad("no list of repositories"))?;
    let mut repositories = Vec::new();
    for name in listed {
        let name = name.as_str().filter(|name| is_repository(name));
        let name = name.ok_or_else(|| bad("a repository is named owner/name"))?;
        if !repositories.iter().any(|known| known == name) {
            repositories.push(name.to_owned());
        }
    }
    match repositories.len() {
        0 => Err(bad("no repositories")),
        1..=MOST_REPOSITORIES => Ok(repositories),
        _ => Err(bad("more than 200 repositories")),
    }
}

/// What goes into an address as it is.
fn is_repository(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && part.chars().any(|c| c != '.')
    };
    name.split('/').count() == 2 && name.split('/').all(is_part)
}

fn text(table: &Table, key: &str) -> Result<Option<String>, Wrong> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let text = value.as_str().filter(|text| !text.is_empty() && clean(text) == *text);
    text.map(|text| Some(text.to_owned()))
        .ok_or_else(|| wrong(key, format!("{key} must be text in quotes"), ""))
}

fn number(table: &Table, key: &str) -> Result<Option<u64>, Wrong> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
    number.map(Some).ok_or_else(|| wrong(key, format!("{key} must be a number"), ""))
}

fn span(table: &Table, key: &str, default: Span, least: Span) -> Result<Span, Wrong> {
    let Some(value) = table.get(key) else { return Ok(default) };
    let span = value.as_str().and_then(|text| text.parse::<Span>().ok());
    let span = span.filter(|span| *span >= least && *span <= Span::days(90));
    span.ok_or_else(|| wrong(key, format!("{key} must be a span from {least} to 90d"), ""))
}

fn secret(table: &Table, key: &str) -> Result<Option<SecretRef>, Wrong> {
    let Some(value) = table.get(key) else { return Ok(None) };
    let secret = SecretRef::of(value).map(Some);
    secret.ok_or_else(|| {
        let fix = format!(r#"write {key} = {{ env = "NAME" }}, {{ command = ["…"] }} or {{ file = "…" }}"#);
        wrong(key, format!("{key} must say where the secret is kept"), &fix)
    })
}

fn wrong(key: &str, what: String, fix: &str) -> Wrong {
    Wrong { key: clean(key), what, fix: fix.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(forge: Forge, text: &str) -> Result<Account, Wrong> {
        account(forge, &toml::from_str(text).unwrap())
    }

    #[test]
    fn an_account_needs_repositories_and_somebody_who_asks() {
        let good = read(Forge::GitHub, "repositories = [\"team/api\"]\ntoken = { env = \"T\" }\n").unwrap();
        assert_eq!(good.interval, Span::minutes(1));
        assert_eq!(good.access, Access::Token(SecretRef::Variable("T".to_owned())));
        for (text, key) in [
            ("token = { env = \"T\" }", "repositories"),
            ("repositories = [\"team\"]", "repositories"),
            ("repositories = [\"../..\"]", "repositories"),
            ("repositories = [\"team/api?x=\"]", "repositories"),
            ("repositories = [\"team/api\"]", "token"),
            ("repositories = [\"team/api\"]\napp = 1", "app"),
            ("repositories = [\"team/api\"]\ntoken = { env = \"T\" }\ninterval = \"1s\"", "interval"),
            ("repositorys = []", "repositorys"),
        ] {
            assert_eq!(read(Forge::GitHub, text).unwrap_err().key, key, "{text}");
        }
    }

    #[test]
    fn a_token_written_into_the_file_is_refused_and_not_repeated() {
        let text = "repositories = [\"team/api\"]\ntoken = \"ghp_planted\"\n";
        let wrong = read(Forge::GitHub, text).unwrap_err();
        assert!(!format!("{wrong:?}").contains("planted"), "{wrong:?}");
    }

    #[test]
    fn bitbucket_knows_three_ways_of_saying_who_asks() {
        let with = |access: &str| {
            read(Forge::Bitbucket, &format!("repositories = [\"t/a\"]\n{access}")).unwrap().access
        };
        assert!(matches!(with("token = { env = \"T\" }"), Access::Token(_)));
        assert!(matches!(with("user = \"dana\"\npassword = { env = \"T\" }"), Access::Password { .. }));
        assert!(matches!(with("client = \"key\"\nclient_secret = { env = \"T\" }"), Access::Client { .. }));
    }
}
