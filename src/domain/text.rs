//! Text from outside made harmless, once, at the boundary where it comes in.
//!
//! [`clean`] takes out whatever could drive a terminal or lie about what is read: control characters, escape
//! sequences, bidirectional overrides, and combining marks piled without end. What people type is kept exactly
//! in the journal instead and made safe where it is drawn.

/// Longest line kept of anything a source sends; what is cut is said with an ellipsis.
pub const MAX_LINE: usize = 2_000;

/// A stack of more marks than this on one letter is an attack on the screen, not a language.
const MAX_MARKS: usize = 4;

/// One line of harmless text: line breaks and tabs become spaces.
pub fn clean(raw: &str) -> String {
    cleaned(raw, MAX_LINE)
}

/// Harmless text that keeps its lines, for payloads and notes of many lines.
pub fn clean_lines(raw: &str) -> String {
    raw.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// One line of harmless text, however long: what people wrote is kept whole where there is room for it.
pub fn whole(raw: &str) -> String {
    cleaned(raw, usize::MAX)
}

/// The same with its lines.
pub fn whole_lines(raw: &str) -> String {
    raw.lines().map(whole).collect::<Vec<_>>().join("\n")
}

fn cleaned(raw: &str, longest: usize) -> String {
    // Most of what people write is plain, and there may be ten thousand lines of it.
    if raw.len() <= longest && raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return raw.trim_end_matches(' ').to_owned();
    }
    let plain = strip_escapes(raw);
    let mut line = String::with_capacity(plain.len().min(longest));
    let mut marks = 0;
    for c in plain.chars() {
        let c = if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') { ' ' } else { c };
        if is_hostile(c) {
            continue;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            continue;
        }
        if line.len() + c.len_utf8() > longest {
            line.push('…');
            break;
        }
        line.push(c);
    }
    line.truncate(line.trim_end().len());
    line
}

/// Whether a character must never reach a screen, an export or a file name.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' |
            '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_mark(c: char) -> bool {
    c != '\u{200d}' && unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

/// Takes out whole escape sequences, so that their parameters do not stay behind as text.
fn strip_escapes(raw: &str) -> std::borrow::Cow<'_, str> {
    if !raw.contains(['\u{1b}', '\u{90}', '\u{9b}', '\u{9d}']) {
        return raw.into();
    }
    let mut kept = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => skip_until(&mut chars, |c| ('\u{40}'..='\u{7e}').contains(&c)),
                Some(']' | 'P' | '_' | '^' | 'X') => skip_string(&mut chars),
                _ => {}
            },
            '\u{9b}' => skip_until(&mut chars, |c| ('\u{40}'..='\u{7e}').contains(&c)),
            '\u{90}' | '\u{9d}' => skip_string(&mut chars),
            c => kept.push(c),
        }
    }
    kept.into()
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn skip_until(chars: &mut Chars<'_>, is_end: impl Fn(char) -> bool) {
    for c in chars.by_ref() {
        if is_end(c) {
            return;
        }
    }
}

/// An operating-system command runs to BEL or to ST (`ESC \`).
fn skip_string(chars: &mut Chars<'_>) {
    while let Some(c) = chars.next() {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' if chars.peek() == Some(&'\\') => {
                chars.next();
                return;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_leave_nothing_behind() {
        assert_eq!(clean("a\u{1b}[31mred\u{1b}[0m b"), "ared b");
        assert_eq!(clean("x\u{1b}]0;owned\u{7}y\u{1b}]8;;http://e\u{1b}\\z"), "xyz");
        assert_eq!(clean("\u{9b}2Jgone\u{0}\u{8}"), "gone");
    }

    #[test]
    fn bidi_overrides_go_and_scripts_stay() {
        assert_eq!(clean("user\u{202e}gpj.exe"), "usergpj.exe");
        assert_eq!(clean("שלום 日本 👩‍👩‍👧 é"), "שלום 日本 👩‍👩‍👧 é");
    }

    #[test]
    fn what_is_kept_whole_is_harmless_and_not_cut() {
        let long = "x".repeat(MAX_LINE + 500);
        assert_eq!(whole(&long), long);
        assert_eq!(whole_lines(&format!("a\u{1b}[2J\n{long}")), format!("a\n{long}"));
    }

    #[test]
    fn absurd_width_is_bounded() {
        assert!(clean(&"x".repeat(100_000)).len() <= MAX_LINE + 3);
        assert!(clean(&format!("z{}", "\u{301}".repeat(500))).chars().count() <= 1 + MAX_MARKS);
    }

    proptest! {
        #[test]
        fn nothing_hostile_survives(raw in ".*") {
            prop_assert!(!clean(&raw).chars().any(is_hostile));
        }

        #[test]
        fn cleaning_twice_changes_nothing(raw in ".{0,200}") {
            let once = clean(&raw);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
