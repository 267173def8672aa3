//! Lines as they come in: those that are waiting already are taken together, without waiting for more.

use crate::cli::Failure;
use std::io::{self, BufRead, BufReader, Read};

/// Nobody types more than this; what is longer was not meant for here.
const LONGEST: usize = 64 * 1_024;

/// The most lines of one write.
const TOGETHER: usize = 500;

pub(super) struct Line {
    pub(super) number: u64,
    pub(super) text: Result<String, Failure>,
}

pub(super) struct Lines<R> {
    from: BufReader<R>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from: BufReader::with_capacity(LONGEST, from), number: 0 }
    }

    /// Waits for a line, and takes what has come with it; empty at the end. Blank lines are passed over.
    pub(super) fn waiting(&mut self) -> io::Result<Vec<Line>> {
        let mut lines = Vec::new();
        while lines.is_empty() || (lines.len() < TOGETHER && self.from.buffer().contains(&b'\n')) {
            match self.next()? {
                None => break,
                Some(line) if line.text.as_ref().is_ok_and(|text| text.trim().is_empty()) => {}
                Some(line) => lines.push(line),
            }
        }
        Ok(lines)
    }

    fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = LONGEST as u64 + 1;
        if self.from.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = bytes.ends_with(b"\n") || bytes.len() <= LONGEST;
        if !is_whole {
            self.from.skip_until(b'\n')?;
        }
        Ok(Some(Line { number: self.number, text: text(bytes, is_whole) }))
    }
}

fn text(bytes: Vec<u8>, is_whole: bool) -> Result<String, Failure> {
    if !is_whole {
        return Err(Failure::no("the line is longer than 64 KiB", "write it as several entries"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::no("the line is no text in UTF-8", "send it in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_taken_together_and_what_is_too_long_costs_only_itself() {
        let long = "x".repeat(3 * LONGEST);
        let input = format!("one\n\ntwo\n{long}\nthree");
        let mut lines = Lines::new(input.as_bytes());
        let mut seen = Vec::new();
        for _ in 0..10 {
            seen.extend(lines.waiting().unwrap());
        }
        let seen: Vec<_> =
            seen.iter().map(|line| (line.number, line.text.as_deref().map(str::trim).ok())).collect();
        assert_eq!(seen, [(1, Some("one")), (3, Some("two")), (4, None), (5, Some("three"))]);
    }
}
