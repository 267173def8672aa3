//! One line of a scene, cut into words: plain words, `a -> b` changes, `key=value` pairs and one quoted text.
//!
//! The readers of the kinds take from it what they know; what is left over is a mistake, so that nothing anybody
//! wrote is silently ignored.

use crate::sources::written::Mistake;
use std::collections::VecDeque;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Plain(String),
    Change(String, String),
}

/// What is still to be read of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    words: VecDeque<Word>,
    keys: Vec<(String, String)>,
    text: Option<String>,
}

/// Something between blanks, and whether it was in quotes.
struct Token {
    text: String,
    /// Where its first quotation mark stood.
    quoted_from: Option<usize>,
}

impl Line {
    /// `None` for an empty line or one that is a comment.
    pub(super) fn read(line: &str) -> Result<Option<Self>, Mistake> {
        if line.trim_start().starts_with('#') {
            return Ok(None);
        }
        let mut read = Self::default();
        let mut tokens = tokens(line)?.into_iter().peekable();
        if tokens.peek().is_none() {
            return Ok(None);
        }
        while let Some(token) = tokens.next() {
            let before = match (token.is_arrow(), tokens.next_if(Token::is_arrow)) {
                (true, _) => Some(String::new()),
                (false, Some(_)) => Some(token.text.clone()),
                (false, None) => None,
            };
            if let Some(before) = before {
                let after = tokens.next().ok_or_else(|| {
                    Mistake::new(format!("`{before} ->` leads nowhere"), "write `40 -> 120`")
                })?;
                read.words.push_back(Word::Change(before, after.text));
            } else {
                read.place(token)?;
            }
        }
        Ok(Some(read))
    }

    fn place(&mut self, token: Token) -> Result<(), Mistake> {
        if token.quoted_from == Some(0) {
            let double = self.text.replace(token.text).is_some();
            return if double {
                Err(Mistake::new("two quoted texts in one line", "keep one"))
            } else {
                Ok(())
            };
        }
        match (token.key(), token.text.split_once("->")) {
            (Some((key, value)), _) => self.keys.push((key.to_owned(), value.to_owned())),
            (None, Some((before, after))) => {
                self.words.push_back(Word::Change(before.to_owned(), after.to_owned()));
            }
            (None, None) => self.words.push_back(Word::Plain(token.text)),
        }
        Ok(())
    }

    /// The next word; `what` is said when there is none.
    pub(super) fn word(&mut self, what: &str) -> Result<String, Mistake> {
        match self.words.pop_front() {
            Some(Word::Plain(word)) => Ok(word),
            Some(Word::Change(before, after)) => {
                Err(Mistake::new(format!("`{before} -> {after}` stands where {what} should"), ""))
            }
            None => Err(Mistake::new(format!("{what} is missing"), "")),
        }
    }

    /// The next word, which may be one state or a change from one to another.
    pub(super) fn change(&mut self, what: &str) -> Result<(Option<String>, String), Mistake> {
        match self.words.pop_front() {
            Some(Word::Plain(word)) => Ok((None, word)),
            Some(Word::Change(before, after)) => Ok((Some(before).filter(|b| !b.is_empty()), after)),
            None => Err(Mistake::new(format!("{what} is missing"), "")),
        }
    }

    pub(super) fn key(&mut self, key: &str) -> Option<String> {
        let place = self.keys.iter().position(|(name, _)| name == key)?;
        Some(self.keys.remove(place).1)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        self.text.take()
    }

    /// Nothing may be left.
    pub(super) fn finish(self, keys: &[&str]) -> Result<(), Mistake> {
        if let Some(word) = self.words.front() {
            let word = match word {
                Word::Plain(word) => word.clone(),
                Word::Change(before, after) => format!("{before} -> {after}"),
            };
            let fix = "text of several words goes in double quotes, a comment after `# `";
            return Err(Mistake::new(format!("`{word}` is one word too many"), fix));
        }
        match self.keys.first() {
            Some((key, _)) if keys.contains(&key.as_str()) => {
                Err(Mistake::new(format!("`{key}` is given twice"), "keep one"))
            }
            Some((key, _)) => Err(Mistake::unknown("a key of this line", key, keys)),
            None if self.text.is_some() => {
                Err(Mistake::new("this line takes no quoted text", "leave it out"))
            }
            None => Ok(()),
        }
    }
}

impl Token {
    fn is_arrow(&self) -> bool {
        self.text == "->" && self.quoted_from.is_none()
    }

    /// `took=4m`: lower-case letters and dashes before the sign, none of it quoted.
    fn key(&self) -> Option<(&str, &str)> {
        let (key, value) = self.text.split_once('=')?;
        let is_name = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let unquoted = self.quoted_from.is_none_or(|from| from > key.len());
        (is_name && unquoted).then_some((key, value))
    }
}

fn tokens(line: &str) -> Result<Vec<Token>, Mistake> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !is_comment(rest) {
        let (token, after) = token(rest)?;
        found.push(token);
        rest = after.trim_start();
    }
    Ok(found)
}

/// `# words` is a comment, `#4127` a number.
fn is_comment(rest: &str) -> bool {
    rest.strip_prefix('#').is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
}

fn token(rest: &str) -> Result<(Token, &str), Mistake> {
    let mut token = Token { text: String::new(), quoted_from: None };
    let mut is_open = false;
    for (place, c) in rest.char_indices() {
        match c {
            '"' => {
                is_open = !is_open;
                token.quoted_from.get_or_insert(token.text.len());
            }
            c if c.is_whitespace() && !is_open => return Ok((token, &rest[place..])),
            c => token.text.push(c),
        }
    }
    if is_open {
        Err(Mistake::new("a quoted text does not end", "close it with \""))
    } else {
        Ok((token, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::read(text).unwrap().unwrap()
    }

    #[test]
    fn words_changes_keys_and_text_are_told_apart() {
        let mut line = line(r#"a 40 -> 120 ok->alarm took=4m why="two words" "said so"  # aside"#);
        assert_eq!(line.word("x"), Ok("a".to_owned()));
        assert_eq!(line.change("x"), Ok((Some("40".to_owned()), "120".to_owned())));
        assert_eq!(line.change("x"), Ok((Some("ok".to_owned()), "alarm".to_owned())));
        assert_eq!(line.key("why").as_deref(), Some("two words"));
        assert_eq!(line.text().as_deref(), Some("said so"));
        assert!(line.clone().finish(&["took"]).is_err());
        assert_eq!(line.key("took").as_deref(), Some("4m"));
        assert_eq!(line.finish(&["took"]), Ok(()));
    }

    #[test]
    fn a_number_is_no_comment_and_a_comment_is_no_word() {
        assert_eq!(line("x #4127").words.len(), 2);
        assert_eq!(line("x # 4127").words.len(), 1);
        assert!(Line::read("  # all of it").unwrap().is_none());
        assert!(Line::read("").unwrap().is_none());
    }
}
