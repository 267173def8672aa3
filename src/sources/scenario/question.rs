//! The saved questions of a scenario, in the part of the language of Logs Insights that its own lines can answer.
//!
//! What is not understood is named, and then nothing is answered: half an answer would look like a whole one.

use crate::domain::Span;
use std::iter::{Cloned, Peekable};
use std::slice::Iter;

/// Commands in the order in which they are carried out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question(pub(super) Vec<Command>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    Show(Vec<String>),
    Filter(Condition),
    /// How many lines there are of each.
    Count {
        name: String,
        by: Vec<Key>,
    },
    Sort {
        field: String,
        order: Order,
    },
    Limit(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Is { field: String, value: String },
    Contains { field: String, part: String },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    Field(String),
    /// The time, in steps of so long.
    Bin(Span),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// What is not understood, in the words of the question.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not understood here")]
pub(super) struct Strange(pub(super) String);

/// What is understood, for whoever wrote something else.
pub(super) const UNDERSTOOD: &str = "a scenario answers fields, display, filter with =, != and like, joined by and, or \
                                     and not, stats count(*) by fields and bin(5m), sort and limit";

/// What a parenthesis within parentheses within … is not read beyond.
const DEEPEST: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// Between quotes.
    Text(String),
    /// Between slashes.
    Pattern(String),
    Sign(String),
}

type Tokens<'t> = Peekable<Cloned<Iter<'t, Token>>>;

pub(super) fn read(text: &str) -> Result<Question, Strange> {
    let tokens = tokens(text)?;
    let commands = tokens.split(|token| *token == Token::Sign("|".to_owned()));
    let commands = commands.map(|tokens| command(tokens.iter().cloned().peekable(), text));
    commands.collect::<Result<_, _>>().map(Question)
}

fn command(mut tokens: Tokens<'_>, text: &str) -> Result<Command, Strange> {
    let Some(Token::Word(name)) = tokens.next() else { return Err(Strange(text.to_owned())) };
    let read = match name.to_lowercase().as_str() {
        "fields" | "display" => Command::Show(names(&mut tokens)?),
        "filter" => Command::Filter(any(&mut tokens, DEEPEST)?),
        "stats" => count(&mut tokens)?,
        "sort" => sort(&mut tokens)?,
        "limit" => limit(&mut tokens)?,
        _ => return Err(Strange(name)),
    };
    tokens.next().map_or(Ok(read), |more| Err(strange(Some(more))))
}

fn names(tokens: &mut Tokens<'_>) -> Result<Vec<String>, Strange> {
    let mut names = vec![word(tokens)?];
    while takes_sign(tokens, ",") {
        names.push(word(tokens)?);
    }
    Ok(names)
}

fn any(tokens: &mut Tokens<'_>, deep: usize) -> Result<Condition, Strange> {
    let mut any = vec![all(tokens, deep)?];
    while takes(tokens, "or") {
        any.push(all(tokens, deep)?);
    }
    Ok(one_or(any, Condition::Any))
}

fn all(tokens: &mut Tokens<'_>, deep: usize) -> Result<Condition, Strange> {
    let mut all = vec![test(tokens, deep)?];
    while takes(tokens, "and") {
        all.push(test(tokens, deep)?);
    }
    Ok(one_or(all, Condition::All))
}

fn one_or(mut conditions: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match conditions.len() {
        1 => conditions.remove(0),
        _ => several(conditions),
    }
}

fn test(tokens: &mut Tokens<'_>, deep: usize) -> Result<Condition, Strange> {
    let Some(deeper) = deep.checked_sub(1) else { return Err(Strange("(".to_owned())) };
    if takes(tokens, "not") {
        return Ok(Condition::Not(Box::new(test(tokens, deeper)?)));
    }
    if takes_sign(tokens, "(") {
        let inside = any(tokens, deeper)?;
        return if takes_sign(tokens, ")") { Ok(inside) } else { Err(strange(tokens.next())) };
    }
    let field = word(tokens)?;
    let is_not = takes(tokens, "not");
    let said = if takes(tokens, "like") {
        Condition::Contains { field, part: part(tokens)? }
    } else if !is_not && takes_sign(tokens, "=") {
        Condition::Is { field, value: value(tokens)? }
    } else if !is_not && takes_sign(tokens, "!=") {
        return Ok(Condition::Not(Box::new(Condition::Is { field, value: value(tokens)? })));
    } else {
        return Err(strange(tokens.next()));
    };
    Ok(if is_not { Condition::Not(Box::new(said)) } else { said })
}

/// What a text is to have in it; an expression that is more than words is not guessed at.
fn part(tokens: &mut Tokens<'_>) -> Result<String, Strange> {
    match tokens.next() {
        Some(Token::Pattern(part)) if part.contains(|c: char| r"\.*+?[](){}|^$".contains(c)) => {
            Err(Strange(format!("/{part}/")))
        }
        Some(Token::Pattern(part) | Token::Text(part)) => Ok(part),
        other => Err(strange(other)),
    }
}

fn value(tokens: &mut Tokens<'_>) -> Result<String, Strange> {
    match tokens.next() {
        Some(Token::Text(value) | Token::Word(value)) => Ok(value),
        other => Err(strange(other)),
    }
}

fn count(tokens: &mut Tokens<'_>) -> Result<Command, Strange> {
    let counted = word(tokens)?;
    if !counted.eq_ignore_ascii_case("count") {
        return Err(Strange(counted));
    }
    for sign in ["(", "*", ")"] {
        if !takes_sign(tokens, sign) {
            return Err(strange(tokens.next()));
        }
    }
    let name = if takes(tokens, "as") { word(tokens)? } else { "count(*)".to_owned() };
    let mut by = Vec::new();
    if takes(tokens, "by") {
        by.push(key(tokens)?);
        while takes_sign(tokens, ",") {
            by.push(key(tokens)?);
        }
    }
    Ok(Command::Count { name, by })
}

fn key(tokens: &mut Tokens<'_>) -> Result<Key, Strange> {
    let field = word(tokens)?;
    if !(field.eq_ignore_ascii_case("bin") && takes_sign(tokens, "(")) {
        return Ok(Key::Field(field));
    }
    let long = word(tokens)?;
    let is_closed = takes_sign(tokens, ")");
    let step = long.parse().ok().filter(|step| *step >= Span::seconds(1) && is_closed);
    step.map(Key::Bin).ok_or(Strange(format!("bin({long})")))
}

fn sort(tokens: &mut Tokens<'_>) -> Result<Command, Strange> {
    let field = word(tokens)?;
    let order = if takes(tokens, "asc") {
        Order::Ascending
    } else {
        // It may be said, and is what is meant where nothing is.
        takes(tokens, "desc");
        Order::Descending
    };
    Ok(Command::Sort { field, order })
}

fn limit(tokens: &mut Tokens<'_>) -> Result<Command, Strange> {
    let most = word(tokens)?;
    most.parse().map(Command::Limit).map_err(|_| Strange(most))
}

fn word(tokens: &mut Tokens<'_>) -> Result<String, Strange> {
    match tokens.next() {
        Some(Token::Word(word)) => Ok(word),
        other => Err(strange(other)),
    }
}

fn takes(tokens: &mut Tokens<'_>, wanted: &str) -> bool {
    let is_it = |token: &Token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted));
    tokens.next_if(is_it).is_some()
}

fn takes_sign(tokens: &mut Tokens<'_>, wanted: &str) -> bool {
    tokens.next_if(|token| matches!(token, Token::Sign(sign) if sign == wanted)).is_some()
}

fn strange(token: Option<Token>) -> Strange {
    Strange(match token {
        Some(Token::Word(said) | Token::Text(said) | Token::Sign(said)) => said,
        Some(Token::Pattern(said)) => format!("/{said}/"),
        None => "a question that ends too early".to_owned(),
    })
}

fn tokens(text: &str) -> Result<Vec<Token>, Strange> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        rest = match first {
            '"' | '\'' | '/' | '`' => {
                let (inside, behind) = behind.split_once(first).ok_or_else(|| Strange(rest.to_owned()))?;
                let inside = inside.to_owned();
                tokens.push(match first {
                    '/' => Token::Pattern(inside),
                    '`' => Token::Word(inside),
                    _ => Token::Text(inside),
                });
                behind
            }
            '!' if behind.starts_with('=') => {
                tokens.push(Token::Sign("!=".to_owned()));
                &behind[1..]
            }
            first if is_of_word(first) => {
                let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                &rest[end..]
            }
            sign => {
                tokens.push(Token::Sign(sign.to_string()));
                behind
            }
        }
        .trim_start();
    }
    Ok(tokens)
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || "@_-.".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_command_by_command() {
        let asked = "fields @timestamp, @message | filter level = 'error' and not (@message like /503/ or service != \"web\")
            | stats count(*) as errors by service, bin(5m) | sort errors desc | limit 20";
        let is =
            |field: &str, value: &str| Condition::Is { field: field.to_owned(), value: value.to_owned() };
        let has = Condition::Contains { field: "@message".to_owned(), part: "503".to_owned() };
        let other = Condition::Not(Box::new(is("service", "web")));
        let Question(commands) = read(asked).unwrap();
        assert_eq!(
            commands,
            [
                Command::Show(vec!["@timestamp".to_owned(), "@message".to_owned()]),
                Command::Filter(Condition::All(vec![
                    is("level", "error"),
                    Condition::Not(Box::new(Condition::Any(vec![has, other])))
                ])),
                Command::Count {
                    name: "errors".to_owned(),
                    by: vec![Key::Field("service".to_owned()), Key::Bin(Span::minutes(5))]
                },
                Command::Sort { field: "errors".to_owned(), order: Order::Descending },
                Command::Limit(20),
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let table = [
            ("parse @message '* *' as a, b", "parse"),
            ("stats avg(latency)", "avg"),
            ("filter level > 3", ">"),
            ("filter @message like /5\\d\\d/", "/5\\d\\d/"),
            ("filter", "a question that ends too early"),
            ("filter level = 'error", "'error"),
            ("stats count(*) by bin(soon)", "bin(soon)"),
            ("limit many", "many"),
            ("sort level desc twice", "twice"),
            ("", ""),
        ];
        for (asked, named) in table {
            assert_eq!(read(asked), Err(Strange(named.to_owned())), "{asked}");
        }
        let deep = format!("filter {}a = b", "(".repeat(10_000));
        assert_eq!(read(&deep), Err(Strange("(".to_owned())));
    }
}
