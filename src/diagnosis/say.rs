//! Small words: how numbers, lists and templates are put into sentences.

/// `three` up to `ten`, then digits.
pub(super) fn count_word(count: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// `1 endpoint`, `3 endpoints`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[impl AsRef<str>]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// `3.5 h`, `35 min`.
pub(super) fn hours(hours: f64) -> String {
    if hours < 1.0 { format!("{:.0} min", hours * 60.0) } else { format!("{hours:.1} h") }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A template with `{name}` filled in; a name nobody gave stays, to be seen.
pub(super) fn fill(template: &str, words: &[(&'static str, String)]) -> String {
    words.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_as_people_write() {
        assert_eq!((count_word(3), count_word(12)), ("three".to_owned(), "12".to_owned()));
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!((hours(1.4), hours(0.5)), ("1.4 h".to_owned(), "30 min".to_owned()));
        assert_eq!(fill("{a} of {b} {c}", &[("a", "1".into()), ("b", "2".into())]), "1 of 2 {c}");
        assert_eq!(capitalised("élan"), "Élan");
    }
}
