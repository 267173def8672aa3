//! A command line cut into words the way a shell does it, and nothing else a shell does: no variables, no globs, no
//! commands within commands. Pure.

/// The words, or what is not finished.
pub fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => quoted(&mut characters, word.get_or_insert_default())?,
            '"' => double_quoted(&mut characters, word.get_or_insert_default())?,
            '\\' => {
                let next = characters.next().ok_or("nothing follows the last backslash")?;
                word.get_or_insert_default().push(next);
            }
            space if space.is_ascii_whitespace() => words.extend(word.take()),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(characters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    for character in characters {
        if character == '\'' {
            return Ok(());
        }
        word.push(character);
    }
    Err("a ' is never closed")
}

fn double_quoted(characters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    while let Some(character) = characters.next() {
        match character {
            '"' => return Ok(()),
            '\\' => match characters.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some(next) => word.extend(['\\', next]),
                None => break,
            },
            plain => word.push(plain),
        }
    }
    Err("a \" is never closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_a_shell_cuts_them() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("  status   --json ", &["status", "--json"]),
            ("note 'f -7m it''s down'", &["note", "f -7m its down"]),
            (r#"note "say \"no\" to \n""#, &["note", r#"say "no" to \n"#]),
            (r"a\ b c", &["a b", "c"]),
            ("'' x", &["", "x"]),
            ("note '$HOME; rm *'", &["note", "$HOME; rm *"]),
        ];
        for (line, words) in cases {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
    }

    #[test]
    fn what_is_not_finished_is_said() {
        for line in ["note 'f", "note \"f", "note f\\", "\"a\\"] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
