//! What `config init` asks a person at a terminal: a few lines, each with an answer that Enter takes.
//!
//! Nothing here reads a disk or asks a server: what was found comes in, and what is to be written comes out.

use super::found::{Found, Profile, Remote};
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};

/// What was answered, as tables to append to a file and values for its first lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) room: String,
    pub(super) me: String,
    pub(super) tables: String,
}

const BITBUCKET: &str = "bitbucket.org";
/// Nobody types more than this.
const LONGEST: u64 = 4_096;

/// Asks everything; an end of the input takes what would be taken by Enter.
pub(super) fn ask(
    input: &mut impl BufRead,
    out: &mut impl Write,
    found: &Found,
    me: &str,
) -> io::Result<Answers> {
    let mut asking = Asking { input, out };
    let mut tables = String::new();
    for profile in &found.profiles {
        aws(&mut asking, profile, &mut tables)?;
    }
    for host in &found.gh_hosts {
        github(&mut asking, host, &of_host(found, host), &mut tables)?;
    }
    bitbucket(&mut asking, &of_host(found, BITBUCKET), &mut tables)?;
    let proposed = if tables.is_empty() { "" } else { "team" };
    let room = asking.line("The room's name; without one, a scenario is played", proposed)?;
    let me = asking.line("Who you are in the journal", me)?;
    Ok(Answers { room, me, tables })
}

/// Whether what was tried is to be kept.
pub(super) fn is_to_be_written(input: &mut impl BufRead, out: &mut impl Write) -> io::Result<bool> {
    Asking { input, out }.yes("Write this configuration?", true)
}

struct Asking<'a, R, W> {
    input: &'a mut R,
    out: &'a mut W,
}

impl<R: BufRead, W: Write> Asking<'_, R, W> {
    fn line(&mut self, question: &str, proposed: &str) -> io::Result<String> {
        let hint = if proposed.is_empty() { String::new() } else { format!(" [{proposed}]") };
        write!(self.out, "{question}{hint}: ")?;
        self.out.flush()?;
        let mut line = String::new();
        io::Read::take(&mut *self.input, LONGEST).read_line(&mut line)?;
        let said = crate::domain::text::clean(line.trim());
        Ok(if said.is_empty() { proposed.to_owned() } else { said })
    }

    fn yes(&mut self, question: &str, proposed: bool) -> io::Result<bool> {
        loop {
            let said = self.line(&format!("{question} ({})", if proposed { "Y/n" } else { "y/N" }), "")?;
            match said.to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                "" => return Ok(proposed),
                _ => writeln!(self.out, "{said} is neither y nor n.")?,
            }
        }
    }
}

fn of_host<'a>(found: &'a Found, host: &str) -> Vec<&'a Remote> {
    found.remotes.iter().filter(|remote| remote.host == host).collect()
}

fn aws<R: BufRead, W: Write>(
    asking: &mut Asking<'_, R, W>,
    profile: &Profile,
    tables: &mut String,
) -> io::Result<()> {
    let region = profile.region.as_ref().map_or_else(String::new, |region| format!(" in {region}"));
    if !asking.yes(&format!("Read AWS with the profile {}{region}?", profile.name), false)? {
        return Ok(());
    }
    let regions = match &profile.region {
        Some(region) => region.clone(),
        None => asking.line("Which regions, with spaces between", "eu-west-1")?,
    };
    let regions: Vec<_> = regions.split_whitespace().collect();
    let _ = writeln!(tables, "\n[aws.{}]", quoted(&profile.name));
    let _ = writeln!(tables, "profile = {}\nregions = {}", quoted(&profile.name), list(&regions));
    let groups = asking.line("Which log groups, with spaces between; none reads no logs", "")?;
    let groups: Vec<_> = groups.split_whitespace().collect();
    if !groups.is_empty() {
        let _ = writeln!(tables, "log_groups = {}", list(&groups));
    }
    Ok(())
}

fn github<R: BufRead, W: Write>(
    asking: &mut Asking<'_, R, W>,
    host: &str,
    remotes: &[&Remote],
    tables: &mut String,
) -> io::Result<()> {
    if !asking.yes(&format!("Read repositories on {host}, with the token gh has?"), true)? {
        return Ok(());
    }
    let Some(repositories) = repositories(asking, remotes)? else { return Ok(()) };
    let is_dot_com = host == "github.com";
    let name = if is_dot_com { "github".to_owned() } else { host.to_owned() };
    let _ = writeln!(tables, "\n[github.{}]\nrepositories = {repositories}", quoted(&name));
    if is_dot_com {
        let _ = writeln!(tables, "token = {{ command = [\"gh\", \"auth\", \"token\"] }}");
    } else {
        let command = list(&["gh", "auth", "token", "--hostname", host]);
        let _ = writeln!(tables, "url = {}", quoted(&format!("https://{host}/api/v3")));
        let _ = writeln!(tables, "token = {{ command = {command} }}");
    }
    Ok(())
}

fn bitbucket<R: BufRead, W: Write>(
    asking: &mut Asking<'_, R, W>,
    remotes: &[&Remote],
    tables: &mut String,
) -> io::Result<()> {
    let is_wanted = !remotes.is_empty() && asking.yes("Read repositories on Bitbucket?", true)?;
    if !is_wanted {
        return Ok(());
    }
    let Some(repositories) = repositories(asking, remotes)? else { return Ok(()) };
    let variable = asking.line("The variable of the environment its token is in", "BITBUCKET_TOKEN")?;
    let _ = writeln!(tables, "\n[bitbucket.bitbucket]\nrepositories = {repositories}");
    let _ = writeln!(tables, "token = {{ env = {} }}", quoted(&variable));
    Ok(())
}

fn repositories<R: BufRead, W: Write>(
    asking: &mut Asking<'_, R, W>,
    remotes: &[&Remote],
) -> io::Result<Option<String>> {
    let proposed = remotes.iter().map(|remote| remote.repository.as_str());
    let proposed: Vec<_> = proposed.filter(|name| name.contains('/')).collect();
    loop {
        let said =
            asking.line("Which, as owner/name with spaces between, - for none", &proposed.join(" "))?;
        let named: Vec<_> = said.split_whitespace().filter(|name| *name != "-").collect();
        match named.iter().find(|name| !name.contains('/')) {
            Some(wrong) => writeln!(asking.out, "{wrong} is no owner/name.")?,
            None => return Ok((!named.is_empty()).then(|| list(&named))),
        }
    }
}

fn list(words: &[&str]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn found() -> Found {
        let remote = |host: &str, repository: &str| Remote {
            host: host.to_owned(),
            repository: repository.to_owned(),
        };
        Found {
            profiles: vec![Profile { name: "prod read".to_owned(), region: Some("eu-west-1".to_owned()) }],
            gh_hosts: BTreeSet::from(["github.com".to_owned()]),
            remotes: BTreeSet::from([remote("github.com", "acme/api"), remote(BITBUCKET, "acme/ledger")]),
        }
    }

    fn answered(typed: &str, found: &Found) -> Answers {
        ask(&mut typed.as_bytes(), &mut Vec::new(), found, "dana").unwrap()
    }

    #[test]
    fn enter_takes_what_is_proposed_and_an_account_only_whoever_says_yes() {
        let answers = answered("\n\n\n\n\n\n\n\n", &found());
        let tables: toml::Table = answers.tables.parse().unwrap();
        assert!(!tables.contains_key("aws"));
        assert_eq!(tables["github"]["github"]["repositories"][0].as_str(), Some("acme/api"));
        assert_eq!(tables["bitbucket"]["bitbucket"]["token"]["env"].as_str(), Some("BITBUCKET_TOKEN"));
        assert_eq!((answers.room.as_str(), answers.me.as_str()), ("team", "dana"));
    }

    #[test]
    fn what_is_typed_is_taken_and_quoted() {
        let answers = answered("y\n/ecs/a /ecs/b\nn\nn\npayments\nsam\n", &found());
        let tables: toml::Table = answers.tables.parse().unwrap();
        assert_eq!(tables["aws"]["prod read"]["log_groups"][1].as_str(), Some("/ecs/b"));
        assert_eq!((answers.room.as_str(), answers.me.as_str()), ("payments", "sam"));
        assert!(!tables.contains_key("github") && !tables.contains_key("bitbucket"));
    }

    #[test]
    fn what_is_neither_yes_nor_no_nor_a_repository_is_asked_again() {
        let typed = "try\ny\n/ecs/a\nn\ndana\ny\nn\nteam/api -\n\npayments\nsam\n";
        let answers = answered(typed, &found());
        let tables: toml::Table = answers.tables.parse().unwrap();
        assert!(tables.contains_key("aws") && !tables.contains_key("github"), "{tables:?}");
        assert_eq!(tables["bitbucket"]["bitbucket"]["repositories"][0].as_str(), Some("team/api"));
        assert_eq!((answers.room.as_str(), answers.me.as_str()), ("payments", "sam"));
    }

    #[test]
    fn with_nothing_found_and_nothing_typed_nothing_is_configured() {
        assert_eq!(answered("", &Found::default()), Answers { me: "dana".to_owned(), ..Answers::default() });
    }
}
