//! Moving through lines: where the cursor stands and which line is the first in sight.

/// How far a verb moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Line(isize),
    HalfPage(isize),
    Page(isize),
    Top,
    Bottom,
}

impl Step {
    /// As a number of lines, given how many a page has.
    pub fn lines(self, page: usize) -> isize {
        let page = isize::try_from(page.max(1)).unwrap_or(isize::MAX);
        match self {
            Self::Line(n) => n,
            Self::HalfPage(n) => n * (page / 2).max(1),
            Self::Page(n) => n * (page - 1).max(1),
            Self::Top => isize::MIN,
            Self::Bottom => isize::MAX,
        }
    }
}

/// A cursor over lines that do not move by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub line: usize,
    pub first: usize,
}

impl Cursor {
    /// Moves the cursor among `count` lines, `page` of them in sight.
    pub fn step(&mut self, step: Step, count: usize, page: usize) {
        self.line = self.line.saturating_add_signed(step.lines(page)).min(count.saturating_sub(1));
        self.keep_in_sight(count, page);
    }

    /// Scrolls text that has no cursor line of its own.
    pub fn scroll(&mut self, step: Step, count: usize, page: usize) {
        self.first = self.first.saturating_add_signed(step.lines(page)).min(count.saturating_sub(page));
        self.line = self.first;
    }

    pub fn keep_in_sight(&mut self, count: usize, page: usize) {
        let page = page.max(1);
        self.line = self.line.min(count.saturating_sub(1));
        self.first = self.first.clamp((self.line + 1).saturating_sub(page), self.line);
        self.first = self.first.min(count.saturating_sub(page));
    }
}

/// Where what was selected stands now: of several lines that are the same, the one nearest to where it stood last, or the
/// cursor could never pass the second.
pub fn nearest(same: impl Iterator<Item = usize>, last: usize) -> Option<usize> {
    same.min_by_key(|line| line.abs_diff(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_the_list_and_in_sight() {
        let mut cursor = Cursor::default();
        cursor.step(Step::Bottom, 100, 10);
        assert_eq!(cursor, Cursor { line: 99, first: 90 });
        cursor.step(Step::Page(-1), 100, 10);
        assert_eq!(cursor, Cursor { line: 90, first: 90 });
        cursor.step(Step::Line(-1), 100, 10);
        assert_eq!(cursor, Cursor { line: 89, first: 89 });
        cursor.step(Step::Top, 0, 10);
        assert_eq!(cursor, Cursor::default());
    }
}
