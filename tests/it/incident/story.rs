//! The payments outage of one March afternoon, told as it was lived: ranges, `~` times, facts and hypotheses, and
//! the durations that come of it.

use super::{ID, Life, at, told};
use sitroom::domain::event::{EntryKind, Moment, MomentValue, Severity, When};
use sitroom::domain::incident::{DURATIONS, Line, impossible_orders, measure};
use sitroom::domain::{EntryId, Intent, Time};

use EntryKind::{Fact, Hypothesis};

fn about(minute: i64) -> When {
    When::about(at(minute))
}

fn roughly(from: i64, to: i64) -> When {
    When { approximate: true, ..When::between(at(from), at(to)) }
}

/// Written down as it came in, some of it late.
const TOLD: &[(i64, EntryKind, (i64, i64), &str)] = &[
    (21, Fact, (10, 10), "paged: payments API errors"),
    (22, Fact, (0, 0), "database migration deployed to production"),
    (23, Fact, (5, 10), "payments API returns timeouts and 500s"),
    (24, Hypothesis, (0, 5), "the migration locks a high-volume table"),
    (26, Fact, (25, 25), "rollback playbook is outdated, it does not cover this migration"),
    (31, Fact, (30, 30), "more engineers pulled in"),
    (46, Fact, (30, 40), "confusion over who is incident commander"),
    (71, Fact, (40, 70), "cannot simply be reverted, partial state; an own fix"),
    (86, Fact, (70, 85), "fix applied, payments API recovers"),
    (91, Fact, (90, 90), "error rates back to baseline"),
];

fn lived() -> Life {
    let mut life = Life::declared(Severity::Sev1, 20);
    for &(minute, kind, (from, to), text) in TOLD.iter().filter(|(minute, ..)| *minute < 40) {
        life.writes("sam", minute, kind, when(from, to), text);
    }
    life.says("dana", 40, Intent::TakeCommand { incident: ID, relieving: None });
    for &(minute, kind, (from, to), text) in TOLD.iter().filter(|(minute, ..)| *minute >= 40) {
        life.writes("sam", minute, kind, when(from, to), text);
    }
    life.says("dana", 92, Intent::Resolve(ID));
    for (moment, minute) in
        [(Moment::ImpactStart, 0), (Moment::Detected, 10), (Moment::Escalated, 40), (Moment::Resolved, 90)]
    {
        let value = MomentValue::Happened { when: about(minute) };
        life.says(
            "sam",
            95,
            Intent::SetMoment {
                incident: ID,
                moment,
                value,
                reason: String::new(),
                evidence: Vec::new(),
                basis: None,
            },
        );
    }
    life
}

fn when(from: i64, to: i64) -> When {
    if from == to { about(from) } else { roughly(from, to) }
}

fn said(life: &Life, word: &str) -> String {
    let duration = DURATIONS.iter().find(|duration| duration.word == word).unwrap();
    measure(life.incident(), duration).say(life.incident().status)
}

#[test]
fn its_durations_are_those_that_were_lived() {
    let life = lived();
    let expected = [
        ("detect", "~10 min"),
        ("acknowledge", "not captured: Acknowledged"),
        ("declare", "~10 min"),
        ("escalate", "~30 min"),
        ("ic-gap", "20 min"),
        ("mitigate", "not captured: Mitigated"),
        ("resolve", "~90 min"),
    ];
    assert_eq!(expected.map(|(word, _)| (word, said(&life, word))), expected.map(|(w, s)| (w, s.to_owned())));
    assert!(impossible_orders(life.incident()).is_empty());
}

#[test]
fn its_timeline_is_in_the_order_it_happened() {
    let life = lived();
    let lines = life.lines();
    assert_eq!(
        told(&lines),
        [
            "~14:00 database migration deployed to production",
            "~14:00 the migration locks a high-volume table",
            "~14:00 Impact start",
            "~14:05 payments API returns timeouts and 500s",
            "~14:10 paged: payments API errors",
            "~14:10 Detected",
            "14:20 dana declared SEV-1: Payments fail",
            "~14:25 rollback playbook is outdated, it does not cover this migration",
            "~14:30 more engineers pulled in",
            "~14:30 confusion over who is incident commander",
            "14:40 dana took command",
            "~14:40 cannot simply be reverted, partial state; an own fix",
            "~14:40 Escalated",
            "~15:10 fix applied, payments API recovers",
            "~15:30 error rates back to baseline",
            "~15:30 Resolved",
            "15:32 dana resolved the incident",
        ]
    );
    assert!(lines.iter().all(|line| line.written_at() >= line.when.end() || line.when.approximate));
}

#[test]
fn the_short_story_leaves_out_what_was_only_supposed_or_struck() {
    let mut life = lived();
    life.says("sam", 100, Intent::Strike(ID, EntryId(1), "said twice".into()));
    let lines = life.lines();
    let curated: Vec<_> = lines.iter().filter(|line| line.is_curated()).map(Line::text).collect();
    assert!(!curated.contains(&"paged: payments API errors"));
    assert!(!curated.contains(&"the migration locks a high-volume table"));
    assert!(curated.contains(&"Detected") && curated.contains(&"dana took command"));
    assert_eq!(lines[0].when.from, "2026-03-16T14:00:00Z".parse::<Time>().unwrap());
}
