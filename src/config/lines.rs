//! From a place in a text to the line and column people count in.

use std::ops::Range;

pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line, counted from 1, that holds a byte.
    pub(super) fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The column in characters, counted from 1.
    pub(super) fn column(&self, offset: usize) -> u32 {
        let start = self.starts[self.line(offset) as usize - 1];
        let before = self.text.get(start..offset).map_or(0, |text| text.chars().count());
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    /// The bytes of a line, its break included; empty past the end.
    pub(super) fn range(&self, line: u32) -> Range<usize> {
        let line = line as usize;
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied();
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        start.unwrap_or(end)..end
    }

    /// A line without its break; empty past the end.
    pub(super) fn text(&self, line: u32) -> &'a str {
        self.text[self.range(line)].trim_end_matches(['\n', '\r'])
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_as_people_do() {
        let lines = Lines::of("a\r\nüb = 1\n");
        assert_eq!((lines.line(0), lines.column(0)), (1, 1));
        assert_eq!((lines.line(5), lines.column(5)), (2, 2));
        assert_eq!((lines.text(1), lines.text(2), lines.text(9)), ("a", "üb = 1", ""));
        assert_eq!((lines.line(99), lines.count()), (3, 3));
    }
}
