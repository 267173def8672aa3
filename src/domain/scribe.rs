//! The scribe line: one typed line read as a timeline entry. `docs/SCRIBE.md` is the grammar for people.
//!
//! Pure and total. A moment that could mean two things, or lies ahead, is a [`Doubt`] and never a guess; beside it
//! stands what was understood of the rest, so that a preview can follow the typing.

mod criterion;
mod marks;
mod moment;
mod task;
mod when;
mod zone;

pub use criterion::{check_line, criterion, criterion_line};
pub use moment::moment;
pub use task::{born_late, task, task_line};

use super::event::{Content, EntryKind, When};
use super::time::Time;
use jiff::tz::TimeZone;

/// The letters before an entry.
pub const KINDS: [(&str, EntryKind); 7] = [
    ("f", EntryKind::Fact),
    ("h", EntryKind::Hypothesis),
    ("d", EntryKind::Decision),
    ("a", EntryKind::Action),
    ("c", EntryKind::Comms),
    ("q", EntryKind::Question),
    ("n", EntryKind::Note),
];

/// The line in a few rows, for whoever asks what can be typed; `docs/SCRIBE.md` has all of it.
pub const GRAMMAR: &[(&str, &str)] = &[
    ("f h d a c q n", "fact, hypothesis, decision, action, comms, question, note"),
    ("14:25 ~14:25", "when it happened, or about then; nothing is now"),
    ("14:10-14:25", "from, to; ~14:10 - 14:25 about from, to"),
    ("-7m -1h30m", "that long ago"),
    ("yesterday 23:50", "the day before; 2026-03-16 14:25 is any day"),
    ("14:25Z 14:25 CET", "in UTC, or in the zone named"),
    ("+5m! 14:50!", "still to come, and meant so"),
    ("https://…", "kept as evidence"),
    ("@sam #db", "the owner, of whom there is one, and labels"),
];

/// What a line says. Where there is a doubt about the time, `content` has the moment it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    pub content: Content,
    pub doubts: Vec<Doubt>,
}

/// What could not be understood in one way only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("`{0}` is not a time of day")]
    NotATime(String),
    #[error("`{0}` is not how long ago something was")]
    NotASpan(String),
    #[error("{word} is still to come: it is {now}")]
    Ahead { word: String, now: String },
    #[error("`{0}` ends before it begins")]
    EndsFirst(String),
    #[error("{0} happened twice that day, as the clocks were turned back")]
    Twice(String),
    #[error("{0} did not happen that day, as the clocks were turned forward")]
    Never(String),
    #[error("{0} is the name of more than one zone")]
    WhichZone(String),
    #[error("@{0} and @{1}: an entry has one owner")]
    TwoOwners(String, String),
}

impl Doubt {
    pub fn fix(&self) -> &'static str {
        match self {
            Self::NotATime(_) => "write 14:25, or put a word before it if it is no time",
            Self::NotASpan(_) => "write -7m or -1h30m, or put a word before it if it is no time",
            Self::Ahead { .. } => {
                "put a ! after the time if it is to come; the day before is `yesterday 23:50`"
            }
            Self::EndsFirst(_) => "write the earlier time first; over midnight it is `yesterday 23:50-00:10`",
            Self::Twice(_) | Self::Never(_) | Self::WhichZone(_) => "write the time in UTC, as in 14:25Z",
            Self::TwoOwners(..) => "leave the @ of all but one away",
        }
    }
}

impl Understood {
    /// The entry, if there is no doubt about it.
    pub fn settled(self) -> Result<Content, Doubt> {
        match self.doubts.into_iter().next() {
            None => Ok(self.content),
            Some(doubt) => Err(doubt),
        }
    }
}

/// Reads a line typed at `now` by somebody whose times of day are those of `zone`.
pub fn parse(line: &str, now: Time, zone: &TimeZone) -> Understood {
    let (entry_kind, rest) = kind(line.trim());
    let (happened, rest, mut doubts) = match when::read(rest, now, zone) {
        when::Reading::None => (When::exactly(now), rest, Vec::new()),
        when::Reading::Moment(happened, rest) => (happened, rest, Vec::new()),
        when::Reading::Doubt(doubt, rest) => (When::exactly(now), rest, vec![doubt]),
    };
    let marks = marks::read(rest);
    doubts.extend(marks.doubt);
    let text = marks.text.to_owned();
    let content = Content {
        entry_kind,
        happened,
        text,
        owner: marks.owner,
        labels: marks.labels,
        evidence: marks.evidence,
    };
    Understood { content, doubts }
}

/// The kind a line names with its first letter; without one it is a note.
fn kind(line: &str) -> (EntryKind, &str) {
    let (first, rest) = first_word(line);
    match KINDS.iter().find(|(letter, _)| *letter == first) {
        Some((_, kind)) => (*kind, rest),
        None => (EntryKind::Note, line),
    }
}

/// The first word, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Evidence;
    use crate::domain::{Person, Span};
    use proptest::prelude::*;

    fn now() -> Time {
        "2026-03-16T14:29:30Z".parse().unwrap()
    }

    fn at(time: &str) -> Time {
        format!("2026-03-{time}Z").parse().unwrap()
    }

    fn read(line: &str) -> Understood {
        parse(line, now(), &TimeZone::UTC)
    }

    fn content(line: &str) -> Content {
        read(line).settled().unwrap()
    }

    fn doubt(line: &str) -> Doubt {
        read(line).settled().unwrap_err()
    }

    #[test]
    fn a_whole_line_is_understood() {
        let entry = content("f -7m rollback playbook is outdated https://wiki/rollback @sam #db");
        assert_eq!(
            entry,
            Content {
                entry_kind: EntryKind::Fact,
                happened: When::exactly(now() - Span::minutes(7)),
                text: "rollback playbook is outdated".into(),
                owner: Some(Person::new("sam")),
                labels: vec!["db".into()],
                evidence: vec![Evidence::Link { url: "https://wiki/rollback".into() }],
            }
        );
    }

    #[test]
    fn every_letter_is_its_kind_and_no_letter_is_a_note() {
        for (letter, kind) in KINDS {
            assert_eq!(content(&format!("{letter} said")).entry_kind, kind);
        }
        let plain = content("found it");
        assert_eq!((plain.entry_kind, plain.text.as_str()), (EntryKind::Note, "found it"));
        assert_eq!(plain.happened, When::exactly(now()));
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let exactly = |time| (When::exactly(at(time)), "x");
        let about =
            |from, to: Option<&str>, approximate| (When { from: at(from), to: to.map(at), approximate }, "x");
        for (line, (happened, text)) in [
            ("f 14:25 x", exactly("16T14:25:00")),
            ("f 9:05 x", exactly("16T09:05:00")),
            ("14:25:10 x", exactly("16T14:25:10")),
            ("f 14:25Z x", exactly("16T14:25:00")),
            ("f ~14:25 x", about("16T14:25:00", None, true)),
            ("f 14:10-14:25 x", about("16T14:10:00", Some("16T14:25:00"), false)),
            ("f 14:10–14:25 x", about("16T14:10:00", Some("16T14:25:00"), false)),
            ("f ~14:00 - 14:05 x", about("16T14:00:00", Some("16T14:05:00"), true)),
            ("f 14:00 - ~14:05 x", about("16T14:00:00", Some("16T14:05:00"), true)),
            ("f -7m x", exactly("16T14:22:30")),
            ("f ~-1h30m x", about("16T12:59:30", None, true)),
            ("f yesterday 23:50 x", exactly("15T23:50:00")),
            ("f yesterday ~23:50 x", about("15T23:50:00", None, true)),
            ("f yesterday 23:50-00:10 x", about("15T23:50:00", Some("16T00:10:00"), false)),
            ("f yesterday 23:10 - 23:20 x", about("15T23:10:00", Some("15T23:20:00"), false)),
            ("f 2026-03-14T08:00:00Z x", exactly("14T08:00:00")),
            ("f 2026-03-14 8:00 x", exactly("14T08:00:00")),
            ("f 2026-03-14 ~23:50 - 00:10 x", about("14T23:50:00", Some("15T00:10:00"), true)),
            ("f 14:25 CET x", exactly("16T13:25:00")),
            ("f ~14:10-14:25 CEST x", about("16T12:10:00", Some("16T12:25:00"), true)),
            ("f yesterday 18:30 PST x", exactly("16T02:30:00")),
            ("f 2026-03-14 08:00 JST x", exactly("13T23:00:00")),
            ("d +5m! x", exactly("16T14:34:30")),
            ("d 14:50! x", exactly("16T14:50:00")),
            ("d 15:00Z! x", exactly("16T15:00:00")),
            ("d ~14:40-14:50! x", about("16T14:40:00", Some("16T14:50:00"), true)),
            ("d 2026-03-17T00:00:00Z! x", exactly("17T00:00:00")),
        ] {
            let entry = content(line);
            assert_eq!((entry.happened, entry.text.as_str()), (happened, text), "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_a_time_is_text() {
        for text in [
            "16:9 is the ratio",
            "yesterday we deployed",
            "~50 % of requests fail",
            "- a list",
            "7m of errors",
            "--force was used",
            "at 14:25 it rang",
            "1:000 odds",
            "+5 pods were added",
            "+5% of errors",
            "wow! it works",
            "2026-03-16 was a long day",
            "CET is not the zone of the logs",
        ] {
            let entry = content(&format!("f {text}"));
            assert_eq!((entry.happened, entry.text.as_str()), (When::exactly(now()), text));
        }
        assert_eq!(content("f 14:00 - 5 pods died").text, "- 5 pods died");
        assert_eq!(content("f 14:00 CPU is busy").text, "CPU is busy");
        assert_eq!(content("f 14:00Z CET is what the logs say").text, "CET is what the logs say");
    }

    #[test]
    fn what_is_ahead_or_has_two_meanings_is_never_guessed() {
        assert!(
            matches!(doubt("f 14:30 x"), Doubt::Ahead { word, now } if word == "14:30" && now == "14:29 UTC")
        );
        assert!(matches!(doubt("f 14:10-14:40 x"), Doubt::Ahead { .. }));
        assert!(matches!(doubt("d +5m deploy again"), Doubt::Ahead { word, .. } if word == "+5m"));
        assert!(matches!(doubt("f 2026-03-17T00:00:00Z x"), Doubt::Ahead { .. }));
        assert_eq!(doubt("f 25:10 x"), Doubt::NotATime("25:10".into()));
        assert_eq!(doubt("f 14:10-14:75 x"), Doubt::NotATime("14:75".into()));
        assert_eq!(doubt("f -7 x"), Doubt::NotASpan("-7".into()));
        assert_eq!(doubt("f -7y x"), Doubt::NotASpan("-7y".into()));
        assert_eq!(doubt("f 14:25-14:10 x"), Doubt::EndsFirst("14:25-14:10".into()));
        assert_eq!(doubt("f 14:10 IST x"), Doubt::WhichZone("IST".into()));
        assert!(matches!(doubt("f 11:00 PST x"), Doubt::Ahead { word, .. } if word == "11:00"));
        assert_eq!(read("f 14:30 what it says stays readable").content.text, "what it says stays readable");
    }

    #[test]
    fn a_clock_that_was_turned_is_no_place_for_a_guess() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let read = |line, now: &str| parse(line, now.parse().unwrap(), &berlin).settled();
        let autumn = "2026-10-25T12:00:00Z";
        assert_eq!(read("f 02:30 x", autumn), Err(Doubt::Twice("02:30".into())));
        assert_eq!(read("f 02:30 x", "2026-03-29T12:00:00Z"), Err(Doubt::Never("02:30".into())));
        let settled = read("f 00:30Z x", autumn).unwrap();
        assert_eq!(settled.happened, When::exactly("2026-10-25T00:30:00Z".parse().unwrap()));
        assert_eq!(read("f 12:00 CET x", autumn), read("f 12:00 x", autumn), "the zone one is in");
        let local = read("f 13:30 x", autumn);
        assert!(matches!(local, Err(Doubt::Ahead { now, .. }) if now == "13:00 CET"));
    }

    #[test]
    fn marks_inside_a_sentence_stay_in_it() {
        let entry = content("a @sam restarted the #db, see (https://x/y).");
        assert_eq!(entry.text, "@sam restarted the #db, see (https://x/y).");
        assert_eq!((entry.owner, entry.labels), (Some(Person::new("sam")), vec!["db".to_owned()]));
        assert_eq!(entry.evidence, [Evidence::Link { url: "https://x/y".into() }]);
        assert_eq!(content("f https://x").text, "https://x");
    }

    #[test]
    fn what_only_looks_like_a_mark_is_text() {
        let entry = content("f #4127 by dana@example.org @ 5 # x http://");
        assert_eq!((entry.owner, entry.labels.len(), entry.evidence.len()), (None, 0, 0));
        assert_eq!(entry.text, "#4127 by dana@example.org @ 5 # x http://");
    }

    #[test]
    fn an_entry_has_one_owner() {
        assert_eq!(doubt("a x @sam @lee"), Doubt::TwoOwners("sam".into(), "lee".into()));
        assert_eq!(content("a x @sam and @sam #db #db").labels, ["db"]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in "\\PC{0,80}", millis in any::<i64>()) {
            let understood = parse(&line, Time::from_millis(millis), &TimeZone::UTC);
            prop_assert!(understood.content.happened.from <= Time::from_millis(millis));
        }

        #[test]
        fn no_time_is_too_strange(line in "[fhn]? ?(yesterday )?~?[0-9:~Zmh -]{0,14} x") {
            let happened = read(&line).content.happened;
            prop_assert!(happened.from <= now() && happened.to.is_none_or(|to| happened.from <= to && to <= now()));
        }
    }
}
