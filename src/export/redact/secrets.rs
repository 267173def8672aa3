//! Addresses, tokens and passwords, told by their form or by the word that announces them.

use super::{is_joint, pieces, words};
use std::net::IpAddr;
use std::ops::Range;

pub(super) const ADDRESS: &str = "[address]";
pub(super) const TOKEN: &str = "[token]";

/// Where something stands that is not for everybody, and what stands for it.
pub(super) struct Secret {
    pub(super) range: Range<usize>,
    pub(super) is: &'static str,
}

/// Shorter words may be anything; longer ones with digits in them are nobody's prose.
const SHORTEST_TOKEN: usize = 20;
/// With strokes in it, it may be a path, unless it is as long as a key and as mixed.
const SHORTEST_KEY: usize = 32;
/// A word that follows `Basic` and is as long may be what it announces.
const SHORTEST_BASIC: usize = 8;
const TOKENS: [&str; 10] =
    ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "eyJ", "sk-"];
/// What is set to a name of which a part ends like this is nobody's business: `DB_PASSWORD`, `PGPASSWORD`, `client_secret`.
const ANNOUNCES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "bearer",
];
/// The same behind another part: `api_key`, `DB_PASS`.
const ANNOUNCE_LAST: [&str; 2] = ["key", "pass"];

/// Everything of the kind in a text, in no order; one may lie in another.
pub(super) fn all(text: &str) -> Vec<Secret> {
    let mut found: Vec<_> = words(text).filter_map(|(at, word)| by_form(at, word)).collect();
    for (at, chunk) in pieces(text, |c| !c.is_whitespace() && !is_quote(c)) {
        found.extend(of_user(at, chunk));
        found.extend(keys(at, chunk));
    }
    let named = pieces(text, |c| c.is_alphanumeric() || "_-.".contains(c));
    found.extend(named.flat_map(|(at, name)| announced(text, at, name)));
    found
}

fn by_form(at: usize, word: &str) -> Option<Secret> {
    // Before it is trimmed, because `::1` begins with what also joins words.
    if word.parse::<IpAddr>().is_ok() {
        return Some(Secret { range: at..at + word.len(), is: ADDRESS });
    }
    let (from, bare) = trimmed(at, word);
    let is = if is_address(bare) { ADDRESS } else { TOKEN };
    (is == ADDRESS || is_token(bare)).then_some(Secret { range: from..from + bare.len(), is })
}

fn trimmed(at: usize, word: &str) -> (usize, &str) {
    let bare = word.trim_start_matches(is_joint);
    (at + word.len() - bare.len(), bare.trim_end_matches(is_joint))
}

/// `app:hunter2@db` and `postgres://app:hunter2@db/x`.
fn of_user(at: usize, chunk: &str) -> Option<Secret> {
    let from = chunk.find("://").map_or(0, |place| place + 3);
    let end = chunk.rfind('@').filter(|end| *end > from)?;
    let from = from + chunk[from..end].find(':')? + 1;
    (from < end).then_some(Secret { range: at + from..at + end, is: TOKEN })
}

/// Keys in base 64 may have strokes in them, as the paths of links and files do.
fn keys(at: usize, chunk: &str) -> Vec<Secret> {
    if chunk.contains("://") {
        return Vec::new();
    }
    let keys = pieces(chunk, |c| c.is_ascii_alphanumeric() || "/+=".contains(c)).filter(|(_, key)| {
        let has = |wanted: fn(char) -> bool| key.contains(wanted);
        let is_mixed = has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_lowercase()) && has_hump(key);
        key.len() >= SHORTEST_KEY && is_mixed
    });
    keys.map(|(from, key)| Secret { range: at + from..at + from + key.len(), is: TOKEN }).collect()
}

/// A capital after a small letter, as no word has one.
fn has_hump(word: &str) -> bool {
    word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// What a name announces: `DB_PASSWORD=…`, `"password": "…"`, `--token …`, `Authorization: Bearer …`.
fn announced(text: &str, at: usize, name: &str) -> Option<Secret> {
    let after = at + name.len();
    let is_option = name.starts_with("--") || name.eq_ignore_ascii_case("bearer");
    let from = if is_announcement(name) {
        set(text, after).or_else(|| is_option.then(|| blank(text, after)).flatten())?
    } else if name.eq_ignore_ascii_case("basic") {
        blank(text, after).filter(|from| is_basic(&text[value(text, *from)]))?
    } else {
        return None;
    };
    let mut range = value(text, from);
    let is_header = name.to_ascii_lowercase().ends_with("authorization");
    // The name of a scheme is no secret, but what follows it.
    if is_header && text[range.clone()].bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') {
        range.end = blank(text, range.end).map_or(range.end, |next| value(text, next).end);
    }
    (!range.is_empty()).then_some(Secret { range, is: TOKEN })
}

fn is_announcement(name: &str) -> bool {
    let parts = parts(name);
    parts.iter().any(|part| ANNOUNCES.iter().any(|word| part.ends_with(word)))
        || parts.iter().skip(1).any(|part| ANNOUNCE_LAST.contains(&part.as_str()))
}

/// `DB_PASSWORD`, `client-secret` and `clientSecret` in small parts.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        let begins = !c.is_alphanumeric() || (was_small && c.is_uppercase());
        if begins {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Where what is set begins: behind quotes, a colon or a sign of equality, and quotes.
fn set(text: &str, after: usize) -> Option<usize> {
    let skip =
        |at: usize, of: fn(char) -> bool| at + text[at..].len() - text[at..].trim_start_matches(of).len();
    let sign = skip(after, |c| c.is_whitespace() || is_quote(c));
    let begins = skip(sign, |c| ":=>".contains(c));
    (begins > sign && !text[sign..].starts_with('>')).then(|| skip(begins, char::is_whitespace))
}

/// Where the next word begins, if nothing but white space is before it.
fn blank(text: &str, after: usize) -> Option<usize> {
    let rest = text[after..].trim_start();
    let from = text.len() - rest.len();
    (from > after && !rest.is_empty()).then_some(from)
}

/// All of a quotation, or else as far as there is no white space, without what ends a sentence.
fn value(text: &str, from: usize) -> Range<usize> {
    let rest = text[from..].trim_start_matches('\\');
    let quote = rest.chars().next().filter(|c| is_quote(*c));
    let from = text.len() - rest.len() + quote.map_or(0, char::len_utf8);
    let rest = &text[from..];
    let said = match quote.and_then(|quote| rest.find(closing(quote))) {
        Some(end) => rest[..end].trim_end_matches('\\'),
        None => {
            let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
            word.trim_end_matches(|c| is_quote(c) || ",;.)]}".contains(c))
        }
    };
    from..from + said.len()
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\\' | '“' | '”' | '‘' | '’')
}

const fn closing(quote: char) -> char {
    match quote {
        '“' => '”',
        '‘' => '’',
        other => other,
    }
}

/// What is no word: with a digit, padding, or a capital inside.
fn is_basic(word: &str) -> bool {
    let is_key = |c: char| c.is_ascii_digit() || c == '=';
    word.len() >= SHORTEST_BASIC && (word.contains(is_key) || has_hump(word))
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
