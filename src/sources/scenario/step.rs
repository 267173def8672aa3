//! What people do in a story, for drills: who declares, who takes command, who writes what and when.

use super::line::Line;
use super::setting::Setting;
use crate::domain::event::{Role, Severity};
use crate::domain::{ItemId, Person, ServiceName, Time};
use crate::sources::written::Mistake;

/// One thing one person does at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Time,
    pub by: Person,
    pub act: Act,
}

/// The acts that concern an incident are about the one declared last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Declare {
        title: String,
        severity: Severity,
        services: Vec<ServiceName>,
        impact: String,
    },
    TakeCommand,
    OfferCommand(Person),
    AcceptCommand,
    ReleaseCommand,
    TakeRole(Role),
    DropRole(Role),
    SetSeverity(Severity),
    /// A line of the scribe, as it is typed: `f -7m the playbook is outdated #db`.
    Write(String),
    Resolve,
    Close,
    Attest(Attest),
}

/// What somebody does about an item of the readiness register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attest {
    /// With links where it can be seen.
    Sign {
        item: ItemId,
        evidence: Vec<String>,
        note: String,
    },
    Withdraw {
        item: ItemId,
        reason: String,
    },
}

const ENTRY_PREFIXES: [&str; 7] = ["f", "h", "d", "a", "c", "q", "n"];
const VERBS: [&str; 8] = ["declare", "ic", "role", "sev", "resolve", "close", "sign", "withdraw"];
const HOW: &str =
    "write `14:40 dana declare 1 \"title\"`, `14:41 sam ic take` or `14:42 lee f what is known`";

/// The step a line stands for; `None` when the line is empty or a comment.
pub(super) fn read(text: &str, setting: &Setting<'_>) -> Result<Option<Step>, Mistake> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let how = || Mistake::new("a step is a time, a person and what they do", HOW);
    let (time, rest) = text.split_once(char::is_whitespace).ok_or_else(how)?;
    let at = setting.moments.read(time)?;
    let (person, what) = rest.trim_start().split_once(char::is_whitespace).ok_or_else(how)?;
    let act = act(what.trim_start(), setting)?;
    Ok(Some(Step { at, by: Person::new(person), act }))
}

fn act(what: &str, setting: &Setting<'_>) -> Result<Act, Mistake> {
    let (verb, rest) = what.split_once(char::is_whitespace).unwrap_or((what, ""));
    if ENTRY_PREFIXES.contains(&verb) {
        return match rest.trim() {
            "" => Err(Mistake::new("the entry says nothing", HOW)),
            _ => Ok(Act::Write(what.to_owned())),
        };
    }
    let mut line = Line::read(rest)?.unwrap_or_default();
    let (act, keys): (_, &[&str]) = match verb {
        "declare" => (declare(&mut line, setting)?, &["services", "impact"]),
        "ic" => (command(&mut line)?, &[]),
        "role" => (role(&mut line)?, &[]),
        "sev" => (Act::SetSeverity(severity(&mut line)?), &[]),
        "resolve" => (Act::Resolve, &[]),
        "close" => (Act::Close, &[]),
        "sign" => (Act::Attest(sign(&mut line, setting)?), &["evidence"]),
        "withdraw" => (Act::Attest(withdraw(&mut line, setting)?), &[]),
        other => {
            return Err(Mistake::unknown(
                "what a person can do",
                other,
                &[&VERBS[..], &ENTRY_PREFIXES].concat(),
            ));
        }
    };
    line.finish(keys)?;
    Ok(act)
}

fn declare(line: &mut Line, setting: &Setting<'_>) -> Result<Act, Mistake> {
    let severity = severity(line)?;
    let title =
        line.text().ok_or_else(|| Mistake::new("the incident has no title", "add it in double quotes"))?;
    let services = line.key("services").map_or(Ok(Vec::new()), |list| {
        list.split(',').map(|name| setting.service(name)).collect::<Result<_, _>>()
    })?;
    Ok(Act::Declare { title, severity, services, impact: line.key("impact").unwrap_or_default() })
}

fn command(line: &mut Line) -> Result<Act, Mistake> {
    let word = line.word("`take`, `offer`, `accept` or `release`").map_err(hinted)?;
    match word.as_str() {
        "take" => Ok(Act::TakeCommand),
        "offer" => Ok(Act::OfferCommand(Person::new(line.word("to whom").map_err(hinted)?))),
        "accept" => Ok(Act::AcceptCommand),
        "release" => Ok(Act::ReleaseCommand),
        other => Err(Mistake::unknown("done with command", other, &["take", "offer", "accept", "release"])),
    }
}

fn role(line: &mut Line) -> Result<Act, Mistake> {
    let verb = line.word("`take` or `drop`").map_err(hinted)?;
    let word = line.word("the role").map_err(hinted)?;
    let known: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
    let role = word.parse().map_err(|_| Mistake::unknown("a role", &word, &known))?;
    match verb.as_str() {
        "take" => Ok(Act::TakeRole(role)),
        "drop" => Ok(Act::DropRole(role)),
        other => Err(Mistake::unknown("done with a role", other, &["take", "drop"])),
    }
}

fn sign(line: &mut Line, setting: &Setting<'_>) -> Result<Attest, Mistake> {
    let item = item(line, setting)?;
    let evidence: Vec<_> = std::iter::from_fn(|| line.key("evidence")).collect();
    if evidence.is_empty() {
        return Err(Mistake::new(format!("nothing is shown for {item}"), "add evidence=URL"));
    }
    Ok(Attest::Sign { item, evidence, note: line.text().unwrap_or_default() })
}

fn withdraw(line: &mut Line, setting: &Setting<'_>) -> Result<Attest, Mistake> {
    let item = item(line, setting)?;
    let reason =
        line.text().ok_or_else(|| Mistake::new("nobody says why", "add the reason in double quotes"))?;
    Ok(Attest::Withdraw { item, reason })
}

fn item(line: &mut Line, setting: &Setting<'_>) -> Result<ItemId, Mistake> {
    let word = line.word("the item of the register").map_err(hinted)?;
    let items = &setting.catalog.readiness.items;
    let known: Vec<_> = items.iter().map(|item| item.id.as_str()).collect();
    let found = items.iter().find(|item| item.id.as_str() == word);
    found
        .map(|item| item.id.clone())
        .ok_or_else(|| Mistake::unknown("an item of the register", &word, &known))
}

fn severity(line: &mut Line) -> Result<Severity, Mistake> {
    let word = line.word("the severity").map_err(hinted)?;
    word.parse().map_err(|_| Mistake::new(format!("`{word}` is not a severity"), "write 1, 2, 3, 4 or 5"))
}

fn hinted(mistake: Mistake) -> Mistake {
    Mistake::new(mistake.what, HOW)
}
