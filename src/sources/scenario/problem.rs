//! What is wrong with a scenario file, collected while it is read to its end, so that all of it is shown at once.

use crate::domain::problem::Problem;

/// A mistake whose place is known only to whoever called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) what: String,
    pub(super) fix: String,
}

impl Mistake {
    pub(super) fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into() }
    }

    /// A word that is none of the known ones, with the nearest of them.
    pub(super) fn unknown(thing: &str, word: &str, known: &[&str]) -> Self {
        let fix = match (nearest(word, known), known) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => String::new(),
            (None, known) => format!("write one of {}", known.join(", ")),
        };
        Self::new(format!("`{word}` is not {thing}"), fix)
    }
}

/// Collects what is wrong while a file is read.
pub(super) struct Problems<'t> {
    file: &'t str,
    text: &'t str,
    found: Vec<Problem>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    /// The line, counted from 1, on which a byte of the file stands.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        let end = offset.min(self.text.len());
        1 + self.text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count()
    }

    pub(super) fn at_line(&mut self, line: usize, mistake: Mistake) {
        let Mistake { what, fix } = mistake;
        self.found.push(Problem { file: self.file.to_owned(), line, what, fix });
    }

    pub(super) fn at(&mut self, offset: usize, mistake: Mistake) {
        self.at_line(self.line_of(offset), mistake);
    }

    /// Keeps what went well and reports what did not.
    pub(super) fn keep<T>(&mut self, offset: usize, result: Result<T, Mistake>) -> Option<T> {
        result.map_err(|mistake| self.at(offset, mistake)).ok()
    }

    /// The problems, in the order of the file.
    pub(super) fn into_found(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }
}

/// The known word that a misspelt one most likely stands for.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let bearable = (word.chars().count() / 3).max(1);
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= bearable)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_a_strange_one_does_not() {
        assert_eq!(nearest("depoly", &["alarm", "deploy"]), Some("deploy"));
        assert_eq!(nearest("zebra", &["alarm", "deploy"]), None);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let problems = Problems::new("x", "a\nb\nc");
        assert_eq!((problems.line_of(0), problems.line_of(2), problems.line_of(99)), (1, 2, 3));
    }
}
