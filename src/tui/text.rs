//! Text measured, cut and wrapped by the columns it takes on a screen.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns a text takes; control characters are drawn as one.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(grapheme_width).sum() }
}

pub fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width().max(usize::from(grapheme.chars().any(char::is_control))).min(2)
}

/// Printable ASCII, where a byte is a column.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// As much as fits, with an ellipsis at the end when something is missing.
pub fn fit<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return text.into();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let kept = head(text, room);
    if columns == 0 { "".into() } else { format!("{kept}{ellipsis}").into() }
}

/// As much of both ends as fits, for names whose ends tell them apart.
pub fn fit_middle<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return text.into();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let tail_room = room / 2;
    let tail_from = text
        .grapheme_indices(true)
        .rev()
        .scan(0, |taken, (at, grapheme)| {
            *taken += grapheme_width(grapheme);
            (*taken <= tail_room).then_some(at)
        })
        .last()
        .unwrap_or(text.len());
    let head = head(text, room - width(&text[tail_from..]));
    if columns == 0 { "".into() } else { format!("{head}{ellipsis}{}", &text[tail_from..]).into() }
}

/// The longest beginning that takes at most so many columns.
pub fn head(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += grapheme_width(grapheme);
        if taken > columns {
            return &text[..at];
        }
    }
    text
}

/// A reason, as it is said when it stands alone.
pub fn sentence(said: &str) -> String {
    let mut letters = said.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lines of at most so many columns, broken at blanks where there are any, but not between a number and its unit; line
/// breaks are kept.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    text.lines().flat_map(|line| wrap_line(line, columns)).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut taken = 0;
    for word in words(line, columns) {
        // The blank after a word may hang over the end of the line.
        if taken + width(word.trim_end()) > columns && taken > 0 {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
            taken = 0;
        }
        let mut rest = word;
        let hanging = word.len() - word.trim_end().len();
        loop {
            let part = head(rest, columns);
            if part.len() + hanging >= rest.len() {
                break;
            }
            let part = if part.is_empty() { rest.graphemes(true).next().unwrap_or(rest) } else { part };
            lines.push(part.to_owned());
            rest = &rest[part.len()..];
        }
        current.push_str(rest);
        taken += width(rest);
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// The words of a line with the blanks behind them, a number together with its unit as long as both have room.
fn words(line: &str, columns: usize) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut at = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        let end = at + word.len();
        let whole = |number: &&mut &str| &line[at - number.len()..end];
        let belongs = |number: &&mut &str| {
            number.trim_end().ends_with(|c: char| c.is_ascii_digit())
                && is_unit(word)
                && width(whole(number).trim_end()) <= columns
        };
        match words.last_mut().filter(belongs) {
            Some(number) => *number = whole(&number),
            None => words.push(word),
        }
        at = end;
    }
    words
}

/// `%`, `ms,`, `h)`.
fn is_unit(word: &str) -> bool {
    let unit = word.trim_end().trim_end_matches([',', '.', ';', ':', ')']);
    unit == "%" || (1..=3).contains(&unit.len()) && unit.bytes().all(|b| b.is_ascii_alphabetic())
}

/// `56,244`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_is_left_alone_and_what_does_not_says_so() {
        assert_eq!(fit("payment-api", 11, "…"), "payment-api");
        assert_eq!(fit("payment-api", 8, "…"), "payment…");
        assert_eq!(fit("日本語", 5, "…"), "日本…");
        assert_eq!(fit_middle("checkout-worker-eu-west-1", 13, "…"), "checko…west-1");
        assert_eq!(fit("x", 0, "…"), "");
    }

    #[test]
    fn a_word_without_an_end_is_looked_at_once() {
        let word = "é".repeat(64 * 1024);
        let lines = wrap(&word, 80);
        assert_eq!((lines.len(), lines.concat() == word), (820, true));
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("error rate up after deploy", 10), ["error rate", "up after", "deploy"]);
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("failed (config) now.", 7), ["failed", "(config", ") now."]);
    }

    #[test]
    fn a_number_is_not_parted_from_its_unit() {
        assert_eq!(wrap("5xx 31 % (0.4 %)", 14), ["5xx 31 %", "(0.4 %)"]);
        assert_eq!(wrap("limit 2000 ms, held", 10), ["limit", "2000 ms,", "held"]);
        assert_eq!(wrap("31 % of it", 2), ["31", "%", "of", "it"]);
    }

    proptest! {
        #[test]
        fn nothing_is_ever_wider_than_asked(text in ".{0,80}", columns in 0_usize..40) {
            prop_assert!(width(&fit(&text, columns, "…")) <= columns);
            prop_assert!(width(&fit_middle(&text, columns, "…")) <= columns);
            for line in wrap(&text, columns.max(2)) {
                prop_assert!(width(&line) <= columns.max(2), "{:?}", line);
            }
        }
    }
}
