//! Addresses and tokens, told by their form alone.

use super::is_joint;
use std::net::IpAddr;

pub(super) const ADDRESS: &str = "[address]";
pub(super) const TOKEN: &str = "[token]";

/// The part of a run that is not for everybody, and what stands for it.
pub(super) struct Secret {
    pub(super) was: String,
    pub(super) is: &'static str,
}

/// Shorter words may be anything; longer ones with digits in them are nobody's prose.
const SHORTEST_TOKEN: usize = 20;
const TOKENS: [&str; 10] =
    ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "eyJ", "sk-"];
/// What follows one of these after a sign of equality is nobody's business.
const ANNOUNCES: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "api-key", "authorization"];

pub(super) fn find(run: &str) -> Option<Secret> {
    let found = |was: &str, is| Some(Secret { was: was.to_owned(), is });
    // Before it is trimmed, because `::1` begins with what also joins words.
    if run.parse::<IpAddr>().is_ok() {
        return found(run, ADDRESS);
    }
    if let Some((name, value)) = run.split_once(':')
        && is_announcement(name)
        && !value.is_empty()
    {
        return found(value, TOKEN);
    }
    let word = run.trim_matches(is_joint);
    if is_address(word) {
        return found(word, ADDRESS);
    }
    if is_token(word) { found(word, TOKEN) } else { None }
}

/// Whether what comes after this word is a secret: `password: …`, `token=…`.
pub(super) fn announces(run: &str, between: Option<&str>) -> bool {
    let is_set = run.ends_with(':') || between.is_some_and(|between| between.trim_start().starts_with('='));
    is_set && is_announcement(run.trim_matches(is_joint))
}

fn is_announcement(word: &str) -> bool {
    ANNOUNCES.contains(&word.to_lowercase().as_str())
}

fn is_address(word: &str) -> bool {
    let is_mail = word.split_once('@').is_some_and(|(to, at)| !to.is_empty() && at.contains('.'));
    let host = word.rsplit_once(':').map_or(word, |(host, _)| host);
    let is_network = |text: &str| text.parse::<IpAddr>().is_ok();
    // Machines are named after their addresses: `ip-10-0-0-7`.
    let named =
        || word.strip_prefix("ip-").map(|rest| rest.split('.').next().unwrap_or(rest).replace('-', "."));
    is_mail || is_network(word) || is_network(host) || named().is_some_and(|host| is_network(&host))
}

/// Moments and words joined by hyphens are long too, but a token has no such parts.
fn is_token(word: &str) -> bool {
    if TOKENS.iter().any(|start| word.starts_with(start) && word.len() > start.len() + 6) {
        return true;
    }
    let part = word.split(['-', '.', ':', '@', '+']).max_by_key(|part| part.len()).unwrap_or("");
    let has = |wanted: fn(char) -> bool| part.chars().any(wanted);
    part.len() >= SHORTEST_TOKEN && has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_alphabetic())
}
