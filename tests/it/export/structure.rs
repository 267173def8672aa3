//! The pack of the whole story set beside one that a team wrote by hand: the same sections, the same columns, the same
//! kinds of row, as many of them, and the same durations.

use super::story::told;
use super::{pack, part, scores};
use sitroom::domain::event::*;
use sitroom::domain::{EntryId, Intent};
use sitroom::export::Dimension;
use std::collections::BTreeSet;

/// The sections of the handwritten pack, by the words that tell them apart.
const SECTIONS: [&str; 9] = [
    "retro brief and agenda",
    "facts and timeline",
    "contributing factors",
    "learnings and decisions",
    "action tracker",
    "kill criteria",
    "dissemination",
    "risks, open questions, next steps",
    "quality gate",
];

/// The tables of the handwritten pack: section, table, its columns in order, and how many rows it has.
type Table = (usize, &'static str, &'static [&'static str], usize);

const TABLES: [Table; 17] = [
    (0, "Retro brief", &["Field", "Said"], 12),
    (0, "Agenda", &["Topic", "Minutes"], 7),
    (1, "Impact snapshot", &["Field", "Said"], 4),
    (1, "Timeline", &["Time (UTC)", "Event", "Evidence", "Fact or hypothesis"], 13),
    (
        2,
        "Contributing factors",
        &["Cluster", "Factor", "Evidence", "Why it made sense at the time", "Fix direction"],
        7,
    ),
    (2, "5 whys", &["Depth", "Why", "Because"], 10),
    (2, "Root-cause hypotheses", &["Hypothesis", "Confidence", "Evidence", "Notes"], 3),
    (3, "Learnings", &["Learning", "Evidence", "Implication"], 5),
    (3, "Decisions, with trade-offs", &["Decision", "Why", "Trade-offs", "Owner"], 4),
    (
        4,
        "Action items",
        &["#", "Action", "Type", "Owner", "Due date", "Success signal", "Follow-up date", "Notes", "State"],
        7,
    ),
    (4, "Parked ideas", &[], 3),
    (
        5,
        "Kill criteria",
        &["Signal", "Window", "Threshold", "Committed action", "Owner", "Evidence source"],
        5,
    ),
    (6, "Top actions", &["Action", "Owner", "Due date"], 3),
    (7, "Risks", &[], 4),
    (7, "Open questions", &["Question", "Owner", "Due date"], 5),
    (7, "Next steps", &["Step", "By"], 5),
    (8, "Scores", &["Dimension", "Score", "Reason", "What is missing"], 7),
];

#[test]
fn every_section_table_and_column_is_there_with_as_many_rows() {
    let pack = pack(&told());
    for (section, words) in pack.sections.iter().zip(SECTIONS) {
        assert!(section.title.to_lowercase().contains(words), "{} is not {words}", section.title);
    }
    assert_eq!(pack.sections.len(), SECTIONS.len());
    for (section, title, columns, rows) in TABLES {
        let part = part(&pack, title);
        assert!(pack.sections[section].parts.iter().any(|it| it.title == title), "{title} is elsewhere");
        assert_eq!(part.columns, columns, "{title}");
        // What the journal records by itself stands in the timeline, and what nobody said among the questions.
        let added = match title {
            "Timeline" => part.rows.iter().filter(|row| row[3] == "Recorded by the journal").count(),
            "Open questions" => part.rows.iter().filter(|row| row[1] == "to be named").count(),
            _ => 0,
        };
        assert_eq!(part.rows.len() - added, rows, "{title}");
    }
}

#[test]
fn the_rows_are_of_the_same_kinds() {
    let pack = pack(&told());
    let column = |title: &str, place: usize| -> BTreeSet<String> {
        part(&pack, title).rows.iter().map(|row| row[place].clone()).collect()
    };
    let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(
        column("Contributing factors", 0),
        set(&["Tech", "Process", "People", "Comms", "Environment"])
    );
    assert_eq!(column("5 whys", 0), set(&["0", "1", "2", "3", "4"]));
    assert_eq!(column("Root-cause hypotheses", 1), set(&["high", "medium"]));
    let types = ["Guardrail", "Process", "Fix", "Instrumentation", "Training"];
    assert_eq!(column("Action items", 2), set(&types));
    let facts = part(&pack, "Timeline").rows.iter().filter(|row| row[3] == "Fact").count();
    let settled = "Hypothesis, confirmed: the slow query log";
    let settled = part(&pack, "Timeline").rows.iter().filter(|row| row[3] == settled).count();
    assert_eq!((facts, settled), (10, 3));
    assert!(part(&pack, "Timeline").rows.iter().any(|row| row[0] == "~14:10–14:25"));
    let agenda: Vec<_> = part(&pack, "Agenda").rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(agenda, ["5 min", "20 min", "25 min", "15 min", "15 min", "5 min", "5 min"]);
}

#[test]
fn the_durations_are_the_same() {
    let pack = pack(&told());
    let said = |title: &str| {
        part(&pack, "Key durations").rows.iter().find(|row| row[0] == title).unwrap()[1].clone()
    };
    assert_eq!(said("Time to detect"), "~10 min");
    assert_eq!(said("Time to escalate"), "~30 min");
    assert_eq!(said("Time to resolve"), "~90 min");
    assert_eq!(said("Time without an IC"), "20 min");
}

#[test]
fn the_gate_gives_the_whole_story_all_points() {
    let gate = pack(&told()).gate;
    let missing: Vec<_> = gate.dimensions.iter().flat_map(Dimension::missing).collect();
    assert_eq!((gate.total, gate.passed, missing), (12, true, Vec::new()));
}

#[test]
fn a_part_that_was_not_said_is_not_invented() {
    let mut life = told();
    life.strike(|content| matches!(content, RetroContent::Parked { .. }));
    let pack = pack(&life);
    assert!(part(&pack, "Parked ideas").rows.is_empty());
    assert!(
        super::written(&pack, sitroom::export::Format::Markdown)
            .contains("### Parked ideas\n\nnot captured\n")
    );
}

/// What is taken out of the story, and the scores that are left.
type Break = (&'static str, fn(&mut super::story::Life), [u32; 6]);

const BREAKS: [Break; 13] = [
    (
        "the owners of actions",
        |life| {
            life.revise(|content| {
                if let RetroContent::ActionItem(item) = content {
                    item.owner = None;
                }
            });
        },
        [2, 2, 2, 1, 2, 2],
    ),
    (
        "the due dates of actions",
        |life| {
            life.revise(|content| {
                if let RetroContent::ActionItem(item) = content {
                    item.due = None;
                }
            });
        },
        [2, 2, 2, 1, 2, 2],
    ),
    (
        "a settled hypothesis",
        |life| {
            let open = Intent::Judge(super::story::ID, EntryId(2), Verdict::Open, String::new(), None);
            life.says("sam", 200, open);
        },
        [2, 1, 2, 2, 2, 2],
    ),
    (
        "the impact",
        |life| life.strike(|content| matches!(content, RetroContent::Impact { .. })),
        [2, 1, 2, 2, 2, 2],
    ),
    (
        "why it made sense",
        |life| {
            life.revise(|content| {
                if let RetroContent::Factor { made_sense, .. } = content {
                    made_sense.clear();
                }
            });
        },
        [2, 2, 1, 2, 2, 2],
    ),
    (
        "the whys and root causes",
        |life| {
            life.strike(|content| {
                matches!(content, RetroContent::Why { .. } | RetroContent::RootCause { .. })
            });
        },
        [2, 2, 1, 2, 2, 2],
    ),
    (
        "what the actions answer",
        |life| {
            life.revise(|content| {
                if let RetroContent::ActionItem(item) = content {
                    item.addresses.clear();
                }
            });
        },
        [2, 2, 2, 1, 2, 2],
    ),
    (
        "the decisions",
        |life| life.strike(|content| matches!(content, RetroContent::Decision { .. })),
        [2, 2, 2, 1, 2, 2],
    ),
    (
        "the brief",
        |life| life.strike(|content| matches!(content, RetroContent::Brief { .. })),
        [0, 2, 2, 2, 2, 2],
    ),
    (
        "the shareout",
        |life| life.strike(|content| matches!(content, RetroContent::Share { .. })),
        [2, 2, 2, 2, 0, 2],
    ),
    (
        "the kill criteria",
        |life| life.strike(|content| matches!(content, RetroContent::KillCriterion(_))),
        [2, 2, 2, 2, 2, 0],
    ),
    (
        "the commitments",
        |life| {
            life.revise(|content| {
                if let RetroContent::KillCriterion(criterion) = content {
                    criterion.commitment = "discuss it".into();
                }
            });
        },
        [2, 2, 2, 2, 2, 1],
    ),
    (
        "blameless words",
        |life| {
            life.revise(|content| {
                if let RetroContent::Risk { text, .. } = content {
                    *text = "somebody may be careless again".into();
                }
            });
        },
        [1, 2, 2, 2, 2, 2],
    ),
];

#[test]
fn the_gate_falls_exactly_where_something_is_missing_and_says_so() {
    for (what, broken, expected) in BREAKS {
        let mut life = told();
        broken(&mut life);
        assert_eq!(scores(&life), expected, "without {what}");
        for dimension in pack(&life).gate.dimensions {
            assert_eq!(
                dimension.missing().next().is_some(),
                dimension.score < 2,
                "{what}: {}",
                dimension.word
            );
        }
    }
}
