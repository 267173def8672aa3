//! Turning the pages of an answer: to the end, but not for ever.

use crate::sources::SourceError;
use std::collections::HashSet;

/// More pages than this are nobody's answer.
const MOST: usize = 5_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    token: Option<String>,
    turned: HashSet<String>,
}

impl Pages {
    /// What to hand in for the page that comes next.
    pub fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Takes what a page says of the next; whether there is one. A page that leads back is an answer without end.
    pub fn turn(&mut self, action: &str, next: Option<&str>) -> Result<bool, SourceError> {
        let Some(next) = next.filter(|next| !next.is_empty()) else {
            *self = Self::default();
            return Ok(false);
        };
        let what = match self.turned.insert(next.to_owned()) {
            true if self.turned.len() <= MOST => None,
            true => Some(format!("{action} has more than {MOST} pages; what lies behind them is left out")),
            false => Some(format!("the pages of {action} lead back to one another")),
        };
        if let Some(what) = what {
            *self = Self::default();
            return Err(SourceError::broken(what, ""));
        }
        self.token = Some(next.to_owned());
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_turned_to_the_end_and_never_in_a_circle() {
        let mut pages = Pages::default();
        assert_eq!(pages.turn("x", Some("a")), Ok(true));
        assert_eq!(pages.turn("x", Some("b")), Ok(true));
        assert_eq!(pages.token().as_deref(), Some("b"));
        assert!(pages.turn("x", Some("a")).is_err());
        assert_eq!((pages.token(), pages.turn("x", Some(""))), (None, Ok(false)));
    }
}
