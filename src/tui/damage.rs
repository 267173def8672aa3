//! Which rows of the screen may look different now, so that nothing else is drawn or compared.

use ratatui::layout::Rect;

const WORDS: usize = 4;

/// Rows that have to be drawn again. Screens taller than this can tell apart are drawn whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    Rows([u64; WORDS]),
    All,
}

impl Damage {
    pub const NONE: Self = Self::Rows([0; WORDS]);

    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    pub fn row(&mut self, y: u16) {
        if let Self::Rows(rows) = self {
            match rows.get_mut(usize::from(y) / 64) {
                Some(word) => *word |= 1 << (y % 64),
                None => *self = Self::All,
            }
        }
    }

    pub fn area(&mut self, area: Rect) {
        for y in area.y..area.bottom() {
            self.row(y);
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Rows(mine), Self::Rows(theirs)) => {
                Self::Rows(std::array::from_fn(|word| mine[word] | theirs[word]))
            }
            _ => Self::All,
        }
    }

    pub fn includes(self, y: u16) -> bool {
        match self {
            Self::All => true,
            Self::Rows(rows) => rows.get(usize::from(y) / 64).is_none_or(|word| word & (1 << (y % 64)) != 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_named_is_included() {
        let mut damage = Damage::NONE;
        assert!(damage.is_none());
        damage.row(3);
        damage.area(Rect { x: 0, y: 100, width: 5, height: 2 });
        let rows: Vec<_> = (0..256).filter(|y| damage.includes(*y)).collect();
        assert_eq!(rows, [3, 100, 101]);
        damage.row(300);
        assert_eq!(damage, Damage::All);
    }
}
