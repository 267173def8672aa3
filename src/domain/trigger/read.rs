//! From the line to the trigger, by recursive descent: `or` of `and` of conditions.
//!
//! A condition reaches to the next `and`, `or` or parenthesis. Where it has a comparison, everything before that is
//! the name of what is measured; otherwise its last word has to say what is wrong, `failing`.

use super::{Broken, Condition, Limit, Measured, Scope, Trigger, What, Window};
use crate::domain::phrase::{Amount, Compare, Fault, Piece, Tokens, span};
use crate::domain::time::Span;

/// Parentheses within one another; nobody reads more, and a hostile line must not go deeper.
const DEEPEST: usize = 16;

const COMPARISON: &str = "a comparison such as `> 5 %`, or `failing`";

/// Words that say of what precedes them that it is not well.
pub(super) const STATES: [&str; 9] =
    ["failing", "fails", "fail", "failed", "unreachable", "unavailable", "down", "rings", "ringing"];

const FRESH: [&str; 7] = ["tasks", "pods", "instances", "hosts", "containers", "replicas", "nodes"];

pub(super) fn trigger(text: &str) -> Result<Trigger, Fault> {
    let mut tokens = Tokens::of(text)?;
    let trigger = any(&mut tokens, 0)?;
    tokens.ends().map_err(|fault| Fault { expected: "`and`, `or` or the end".to_owned(), ..fault })?;
    Ok(trigger)
}

fn any(tokens: &mut Tokens<'_>, depth: usize) -> Result<Trigger, Fault> {
    joined(tokens, "or", Trigger::Any, |tokens| {
        joined(tokens, "and", Trigger::All, |tokens| one(tokens, depth))
    })
}

fn joined(
    tokens: &mut Tokens<'_>,
    word: &str,
    many: fn(Vec<Trigger>) -> Trigger,
    part: impl Fn(&mut Tokens<'_>) -> Result<Trigger, Fault>,
) -> Result<Trigger, Fault> {
    let first = part(tokens)?;
    if !is(tokens.peek(), word) {
        return Ok(first);
    }
    let mut parts = vec![first];
    while tokens.takes_word(word) {
        parts.push(part(tokens)?);
    }
    Ok(many(parts))
}

fn one(tokens: &mut Tokens<'_>, depth: usize) -> Result<Trigger, Fault> {
    if tokens.peek() != Some(Piece::Open) {
        return condition(tokens).map(Trigger::One);
    }
    if depth == DEEPEST {
        return Err(tokens.fault("fewer parentheses within one another"));
    }
    tokens.take();
    let inner = any(tokens, depth + 1)?;
    if tokens.takes(Piece::Close) { Ok(inner) } else { Err(tokens.fault("`and`, `or` or `)`")) }
}

fn condition(tokens: &mut Tokens<'_>) -> Result<Condition, Fault> {
    let length = (0..).take_while(|by| !ends(tokens.ahead(*by))).count();
    if length == 0 {
        return Err(tokens.fault("what is measured, such as `error rate`"));
    }
    if let Some(at) = (0..length).find(|by| comparison(tokens, *by).is_some()) {
        return measured(tokens, at).map(Condition::Measured);
    }
    let state = |by: &usize| STATES.iter().any(|word| is(tokens.ahead(*by), word));
    match (0..length).rev().find(state) {
        Some(at) => broken(tokens, at).map(Condition::Broken),
        None => Err(tokens.fault_at(length, COMPARISON)),
    }
}

fn ends(piece: Option<Piece<'_>>) -> bool {
    piece.is_none_or(|it| matches!(it, Piece::Open | Piece::Close)) || is(piece, "and") || is(piece, "or")
}

/// A sign, or a word before something that begins like a number.
fn comparison(tokens: &Tokens<'_>, by: usize) -> Option<Compare> {
    match (tokens.ahead(by)?, tokens.ahead(by + 1)) {
        (Piece::Compare(compare), _) => Some(compare),
        (Piece::Run(word), Some(Piece::Run(next)))
            if next.starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
        {
            Compare::of_word(word)
        }
        _ => None,
    }
}

fn measured(tokens: &mut Tokens<'_>, at: usize) -> Result<Measured, Fault> {
    let is_spoken = at > 1 && is(tokens.ahead(at - 1), "is");
    let subject =
        subject(tokens, if is_spoken { at - 1 } else { at }, "what is measured, such as `error rate`")?;
    if is_spoken {
        tokens.take();
    }
    let compare = comparison(tokens, 0).ok_or_else(|| tokens.fault(COMPARISON))?;
    tokens.take();
    let limit = limit(tokens)?;
    Ok(Measured { subject: subject.text, compare, limit, window: window(tokens)? })
}

fn limit(tokens: &mut Tokens<'_>) -> Result<Limit, Fault> {
    let amount = Amount::read(tokens)?;
    if !tokens.takes_word("x") && !tokens.takes_word("times") {
        return Ok(Limit::Amount(amount));
    }
    tokens.takes_word("the");
    let is_usual = ["baseline", "usual", "normal"].iter().any(|word| tokens.takes_word(word));
    if is_usual { Ok(Limit::Baseline(amount.value)) } else { Err(tokens.fault("`baseline`")) }
}

fn window(tokens: &mut Tokens<'_>) -> Result<Window, Fault> {
    if tokens.takes_word("in") || tokens.takes_word("within") {
        return span(tokens).map(Window::Within);
    }
    Ok(match held(tokens)? {
        Some(held) => Window::Held(held),
        None => Window::Now,
    })
}

fn held(tokens: &mut Tokens<'_>) -> Result<Option<Span>, Fault> {
    let is_sustained = tokens.takes_word("sustained");
    if tokens.takes_word("for") {
        return span(tokens).map(Some);
    }
    if is_sustained { Err(tokens.fault("`for`")) } else { Ok(None) }
}

fn broken(tokens: &mut Tokens<'_>, at: usize) -> Result<Broken, Fault> {
    let rings = ["rings", "ringing"].iter().any(|word| is(tokens.ahead(at), word));
    let is_alarm = rings && at > 1 && is(tokens.peek(), "alarm");
    if is_alarm {
        tokens.take();
    }
    let to = if is_alarm { at - 1 } else { at };
    let is_spoken = to > 1 && (is(tokens.ahead(to - 1), "is") || is(tokens.ahead(to - 1), "are"));
    let subject = subject(tokens, if is_spoken { to - 1 } else { to }, "what fails, such as `checks`")?;
    if is_spoken {
        tokens.take();
    }
    tokens.take();
    let what = match subject {
        Subject { text, .. } if is_alarm => What::Alarm(text),
        Subject { is_quoted: false, text } if is_checks(&text) => What::Checks,
        Subject { text, .. } => What::Named(text),
    };
    Ok(Broken { what, scope: scope(tokens)?, held: held(tokens)?.unwrap_or(Span::ZERO) })
}

fn scope(tokens: &mut Tokens<'_>) -> Result<Scope, Fault> {
    if !tokens.takes_word("on") {
        return Ok(Scope::Anywhere);
    }
    let wanted = "`new tasks`";
    if !tokens.takes_word("new") || !FRESH.iter().any(|word| tokens.takes_word(word)) {
        return Err(tokens.fault(wanted));
    }
    Ok(Scope::NewTasks)
}

fn is_checks(text: &str) -> bool {
    ["checks", "check", "health checks", "health check", "any check", "any health check"]
        .iter()
        .any(|words| text.eq_ignore_ascii_case(words))
}

struct Subject {
    text: String,
    is_quoted: bool,
}

/// The name that takes up so many tokens: one in quotation marks, or words.
fn subject(tokens: &mut Tokens<'_>, length: usize, wanted: &str) -> Result<Subject, Fault> {
    if length == 1
        && let Some(Piece::Quoted(text)) = tokens.peek()
    {
        if text.trim().is_empty() {
            return Err(tokens.fault(wanted));
        }
        tokens.take();
        return Ok(Subject { text: text.to_owned(), is_quoted: true });
    }
    let mut words = Vec::with_capacity(length);
    for _ in 0..length {
        let Some(Piece::Run(word)) = tokens.peek() else { return Err(tokens.fault(wanted)) };
        words.push(word);
        tokens.take();
    }
    if words.is_empty() {
        return Err(tokens.fault(wanted));
    }
    Ok(Subject { text: words.join(" "), is_quoted: false })
}

fn is(piece: Option<Piece<'_>>, word: &str) -> bool {
    matches!(piece, Some(Piece::Run(run)) if run.eq_ignore_ascii_case(word))
}
