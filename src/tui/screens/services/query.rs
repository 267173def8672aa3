//! What the list is narrowed to: words, `tier:`, `level:` and `owner:`; all of them must hold.

use super::rows::Row;
use crate::diagnosis::Level;
use crate::domain::catalog::Tier;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    asked: String,
    terms: Vec<(Must, Term)>,
    pub problem: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Must {
    Hold,
    NotHold,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Word(String),
    Owner(String),
    Tier(Option<Tier>),
    Level(Level),
}

/// Words for the tiers; what is in none is outside.
const TIERS: [(&str, Option<Tier>); 4] = [
    ("foundation", Some(Tier::Foundation)),
    ("core", Some(Tier::Core)),
    ("supporting", Some(Tier::Supporting)),
    ("outside", None),
];
const LEVELS: [Level; 5] = [Level::Unknown, Level::Normal, Level::Elevated, Level::Degraded, Level::Critical];

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut query = Self { asked: text.to_owned(), ..Self::default() };
        for word in text.to_lowercase().split_whitespace() {
            let (must, word) = match word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                Some(rest) => (Must::NotHold, rest),
                None => (Must::Hold, word),
            };
            match term(word) {
                Ok(term) => query.terms.push((must, term)),
                Err(problem) => query.problem = Some(problem),
            }
        }
        query
    }

    pub fn asked(&self) -> &str {
        &self.asked
    }

    pub fn finds(&self, row: &Row) -> bool {
        self.terms.iter().all(|(must, term)| term.holds(row) == (*must == Must::Hold))
    }
}

/// As much of a word as has been typed, so that the list narrows with the first letter.
fn term(word: &str) -> Result<Term, String> {
    match word.split_once(':') {
        Some(("tier", value)) => {
            let found = TIERS.iter().find(|(name, _)| !value.is_empty() && name.starts_with(value));
            let words: Vec<_> = TIERS.iter().map(|(name, _)| *name).collect();
            found
                .map(|(_, tier)| Term::Tier(*tier))
                .ok_or_else(|| format!("tier: wants one of {}", words.join(", ")))
        }
        Some(("level", value)) => {
            let found = LEVELS.iter().find(|level| !value.is_empty() && level.word().starts_with(value));
            let words: Vec<_> = LEVELS.iter().map(|level| level.word()).collect();
            found
                .map(|level| Term::Level(*level))
                .ok_or_else(|| format!("level: wants one of {}", words.join(", ")))
        }
        Some(("owner", value)) => Ok(Term::Owner(value.trim_start_matches('@').to_owned())),
        _ => Ok(Term::Word(word.to_owned())),
    }
}

impl Term {
    fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Word(word) => {
                row.name.as_str().to_lowercase().contains(word) || row.text.to_lowercase().contains(word)
            }
            Self::Owner(owner) => row.owner.to_lowercase().starts_with(owner),
            Self::Tier(tier) => row.tier == *tier,
            Self::Level(level) => row.level == *level,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::Trigger;
    use super::*;
    use crate::domain::ServiceName;

    fn row(name: &str, tier: Option<Tier>, level: Level) -> Row {
        Row {
            name: ServiceName::new(name),
            tier,
            level,
            rank: 0,
            trigger: Trigger::Quiet,
            complete: None,
            is_observed: true,
            text: "ok".into(),
            version: String::new(),
            since: None,
            owner: "Payments".into(),
        }
    }

    #[test]
    fn all_terms_must_hold_and_a_minus_turns_one_around() {
        let api = row("payment-api", Some(Tier::Core), Level::Critical);
        let bank = row("bank", None, Level::Normal);
        let finds = |text: &str| {
            let query = Query::parse(text);
            (query.finds(&api), query.finds(&bank), query.problem.is_some())
        };
        assert_eq!(finds("pay tier:co level:crit owner:pay"), (true, false, false));
        assert_eq!(finds("tier:outside"), (false, true, false));
        assert_eq!(finds("-level:normal"), (true, false, false));
        assert_eq!(finds("tier:x"), (true, true, true));
    }
}
