//! The zones people write behind a time, `14:25 CET`, as far as everybody means the same by the letters.

use jiff::tz::Offset;

/// What the letters stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stated {
    Offset(Offset),
    /// Those letters are used for several zones far apart.
    Several,
}

/// Minutes ahead of UTC; none where the letters name more than one zone.
const ZONES: &[(&str, Option<i32>)] = &[
    ("UTC", Some(0)),
    ("GMT", Some(0)),
    ("WET", Some(0)),
    ("WEST", Some(60)),
    ("CET", Some(60)),
    ("CEST", Some(120)),
    ("EET", Some(120)),
    ("EEST", Some(180)),
    ("MSK", Some(180)),
    ("SAST", Some(120)),
    ("EST", Some(-300)),
    ("EDT", Some(-240)),
    ("MDT", Some(-360)),
    ("PST", Some(-480)),
    ("PDT", Some(-420)),
    ("BRT", Some(-180)),
    ("SGT", Some(480)),
    ("HKT", Some(480)),
    ("JST", Some(540)),
    ("KST", Some(540)),
    ("AEST", Some(600)),
    ("AEDT", Some(660)),
    ("NZST", Some(720)),
    ("NZDT", Some(780)),
    ("AST", None),
    ("BST", None),
    ("CDT", None),
    ("CST", None),
    ("IST", None),
    ("MST", None),
];

pub(super) fn is_name(word: &str) -> bool {
    ZONES.iter().any(|(name, _)| *name == word)
}

/// What is in no table is nobody's zone, and was never taken for one.
pub(super) fn stated(word: &str) -> Stated {
    let minutes = ZONES.iter().find(|(name, _)| *name == word).and_then(|(_, minutes)| *minutes);
    minutes.and_then(|it| Offset::from_seconds(it * 60).ok()).map_or(Stated::Several, Stated::Offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_zone_stands_once_and_is_an_offset_or_in_doubt() {
        let names: BTreeSet<_> = ZONES.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), ZONES.len());
        for (name, minutes) in ZONES {
            assert_eq!(matches!(stated(name), Stated::Offset(_)), minutes.is_some(), "{name}");
        }
    }
}
