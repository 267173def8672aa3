//! What is wrong with a file somebody wrote, collected while it is read to its end, so that all of it is shown at
//! once; of a file that is nothing but mistakes, the first few hundred.

use crate::domain::problem::Problem;

/// More than this nobody reads, and a hostile file must not cost more.
const MOST: usize = 200;
/// More known words than this are not listed.
const LISTED: usize = 24;

/// A mistake whose place is known only to whoever called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sources) struct Mistake {
    pub(in crate::sources) what: String,
    pub(in crate::sources) fix: String,
}

impl Mistake {
    pub(in crate::sources) fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into() }
    }

    /// A word that is none of the known ones, with the nearest of them.
    pub(in crate::sources) fn unknown(thing: &str, word: &str, known: &[&str]) -> Self {
        let fix = match (nearest(word, known), known) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => String::new(),
            (None, known) if known.len() > LISTED => {
                format!("there are {}, {} and {} more", known[0], known[1], known.len() - 2)
            }
            (None, known) => format!("write one of {}", known.join(", ")),
        };
        Self::new(format!("`{word}` is not {thing}"), fix)
    }
}

/// Collects what is wrong while a file is read.
pub(in crate::sources) struct Problems<'t> {
    file: &'t str,
    /// Where lines end.
    ends: Vec<usize>,
    found: Vec<Problem>,
}

impl<'t> Problems<'t> {
    pub(in crate::sources) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, ends: memchr::memchr_iter(b'\n', text.as_bytes()).collect(), found: Vec::new() }
    }

    pub(in crate::sources) fn file(&self) -> &'t str {
        self.file
    }

    pub(in crate::sources) fn any(&self) -> bool {
        !self.found.is_empty()
    }

    /// The line, counted from 1, on which a byte of the file stands.
    pub(in crate::sources) fn line_of(&self, offset: usize) -> usize {
        1 + self.ends.partition_point(|end| *end < offset)
    }

    pub(in crate::sources) fn at_line(&mut self, line: usize, mistake: Mistake) {
        let Mistake { what, fix } = mistake;
        if self.found.len() >= MOST {
            return;
        }
        self.found.push(Problem { file: self.file.to_owned(), line, what, fix });
    }

    pub(in crate::sources) fn at(&mut self, offset: usize, mistake: Mistake) {
        self.at_line(self.line_of(offset), mistake);
    }

    /// What was found elsewhere.
    pub(in crate::sources) fn extend(&mut self, found: Vec<Problem>) {
        self.found.extend(found);
    }

    /// Keeps what went well and reports what did not.
    pub(in crate::sources) fn keep<T>(&mut self, offset: usize, result: Result<T, Mistake>) -> Option<T> {
        result.map_err(|mistake| self.at(offset, mistake)).ok()
    }

    /// The problems, in the order of the file.
    pub(in crate::sources) fn into_found(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }
}

/// The known word that a misspelt one most likely stands for.
pub(in crate::sources) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
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
