//! The post-mortem pack: the story of a migration told through the journal, judged, and read back in every format.

mod story;

use proptest::prelude::*;
use pulldown_cmark::{Event as Mark, Options, Parser, Tag};
use sitroom::domain::event::*;
use sitroom::domain::{Intent, Person, RetroId};
use sitroom::export::{Dimension, Format, Model, Pack, Part, Templates, redact, render};
use story::{ID, Life, told};

fn pack(life: &Life) -> Pack {
    Pack::of(Model::of(life.room.incident(ID).unwrap(), None))
}

fn written(pack: &Pack, format: Format) -> String {
    render(pack, format, &Templates::default()).unwrap()
}

fn scores(life: &Life) -> Vec<u32> {
    pack(life).gate.dimensions.iter().map(|dimension| dimension.score).collect()
}

fn part<'a>(pack: &'a Pack, title: &str) -> &'a Part {
    pack.sections.iter().flat_map(|section| &section.parts).find(|part| part.title == title).unwrap()
}

#[test]
fn the_story_has_every_section_table_and_kind_of_row() {
    let pack = pack(&told());
    assert_eq!(pack.sections.len(), 9);
    let shapes = [
        ("Agenda", 2, 7),
        ("Contributing factors", 5, 5),
        ("5 whys", 3, 5),
        ("Root-cause hypotheses", 4, 1),
        ("Learnings", 3, 1),
        ("Decisions, with trade-offs", 4, 1),
        ("Action items", 9, 3),
        ("Kill criteria", 6, 1),
        ("Top actions", 3, 3),
        ("Next steps", 2, 1),
    ];
    for (title, columns, rows) in shapes {
        let part = part(&pack, title);
        assert_eq!((part.columns.len(), part.rows.len()), (columns, rows), "{title}");
    }
    let durations = &part(&pack, "Key durations").rows;
    let said = |title: &str| durations.iter().find(|row| row[0] == title).unwrap()[1].clone();
    assert_eq!(said("Time to detect"), "~10 min");
    assert_eq!(said("Time to escalate"), "~30 min");
    assert_eq!(said("Time to resolve"), "~90 min");
    for part in pack.sections.iter().flat_map(|section| &section.parts) {
        let has_rows = !part.rows.is_empty() || part.title == "Picture";
        assert!(has_rows, "{} is empty", part.title);
        assert!(part.rows.iter().all(|row| part.columns.is_empty() || row.len() == part.columns.len()));
    }
}

#[test]
fn the_gate_gives_the_whole_story_all_points() {
    let gate = pack(&told()).gate;
    let missing: Vec<_> = gate.dimensions.iter().flat_map(Dimension::missing).collect();
    assert_eq!((gate.total, gate.passed, missing), (12, true, Vec::new()));
}

#[test]
fn the_gate_falls_exactly_where_something_is_missing() {
    let mut life = told();
    life.revise(|content| {
        if let RetroContent::ActionItem(item) = content {
            item.owner = None;
        }
    });
    assert_eq!(scores(&life), [2, 2, 2, 1, 2, 2]);
    let mut life = told();
    life.says("sam", 200, Intent::Judge(ID, sitroom::domain::EntryId(2), Verdict::Open, String::new()));
    assert_eq!(scores(&life), [2, 1, 2, 2, 2, 2]);
    type Row = fn(&RetroContent) -> bool;
    let emptied: [(Row, [u32; 6]); 4] = [
        (|content| matches!(content, RetroContent::Brief { .. }), [0, 2, 2, 2, 2, 2]),
        (
            |content| matches!(content, RetroContent::Why { .. } | RetroContent::RootCause { .. }),
            [2, 2, 1, 2, 2, 2],
        ),
        (|content| matches!(content, RetroContent::Share { .. }), [2, 2, 2, 2, 0, 2]),
        (|content| matches!(content, RetroContent::KillCriterion(_)), [2, 2, 2, 2, 2, 0]),
    ];
    for (gone, expected) in emptied {
        let mut life = told();
        life.strike(gone);
        assert_eq!(scores(&life), expected);
    }
}

#[test]
fn wording_that_judges_is_found_with_its_place_and_a_kinder_one() {
    let mut life = told();
    let text = "dana was careless with the migration".to_owned();
    life.row(RetroContent::Risk { text: text.clone(), notes: String::new() });
    let root = RetroContent::RootCause {
        text,
        confidence: Confidence::Low,
        notes: String::new(),
        support: Support::default(),
    };
    life.row(root);
    let language = pack(&life).gate.language;
    let words: Vec<_> = language.iter().map(|judging| judging.words.as_str()).collect();
    assert_eq!(words, ["careless", "careless", "dana"]);
    assert!(language.iter().all(|judging| judging.place.starts_with('R') && !judging.kinder.is_empty()));
    assert_eq!(scores(&life), [1, 2, 2, 2, 2, 2]);
}

#[test]
fn a_bare_incident_gives_a_short_honest_pack() {
    let life = Life::declared();
    let pack = pack(&life);
    assert!(!pack.gate.passed);
    let markdown = written(&pack, Format::Markdown);
    assert!(markdown.contains("**Goal:** not captured"));
    assert!(markdown.contains("When was “Detected”, or did it not happen?"));
    let questions = &part(&pack, "Open questions").rows;
    assert!(questions.iter().all(|row| row[1] == "to be named"));
}

#[test]
fn the_same_journal_gives_the_same_bytes() {
    let (one, two) = (pack(&told()), pack(&told()));
    for format in Format::ALL {
        assert_eq!(written(&one, *format), written(&two, *format));
    }
}

#[test]
fn redaction_takes_names_addresses_and_tokens_out_of_every_format() {
    let mut life = told();
    let text = "asked lee@example.org from 10.0.0.7 with ghp_0123456789abcdefghij and told Sam";
    life.row(RetroContent::Risk { text: text.into(), notes: String::new() });
    let (model, hidden) = redact(&Model::of(life.room.incident(ID).unwrap(), None));
    let pack = Pack::of(model);
    for format in Format::ALL {
        let text = written(&pack, *format).to_lowercase();
        for secret in ["lee@", "10.0.0.7", "ghp_", "dana", "sam "] {
            assert!(!text.contains(secret), "{secret} in {format:?}");
        }
    }
    assert!(hidden.iter().any(|hidden| hidden.was == "10.0.0.7" && hidden.is == "[address]"));
}

#[test]
fn people_may_be_called_like_words_of_the_format() {
    let mut life = told();
    for name in ["open", "fact", "head", "text", "people", "sev2", "2026-03-16"] {
        life.says(name, 201, Intent::Write(ID, story::content(EntryKind::Note, "I was here")));
    }
    let (model, _) = redact(&Model::of(life.room.incident(ID).unwrap(), None));
    assert_eq!(model.timeline.len(), Model::of(life.room.incident(ID).unwrap(), None).timeline.len());
}

fn hostile() -> BoxedStrategy<String> {
    let nasty = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "\u{1b}]0;x\u{7}",
        "[a](javascript:x)",
        "| x | y |\n# head",
        "![i](http://x)",
        "`code`",
        "**bold** _it_",
        "\"quoted\", and , comma",
        "1. one",
        "</svg><img src=x onerror=y>",
        "{{ incident }}",
        "{% if x %}",
    ];
    let piece = prop_oneof![proptest::sample::select(nasty.to_vec()).prop_map(str::to_owned), "\\PC{0,8}"];
    proptest::collection::vec(piece, 1..4).prop_map(|pieces| format!("x{}", pieces.concat())).boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hostile_text_is_inert_in_every_format(text in hostile(), led in "[=+@|-]?") {
        let mut life = Life::declared();
        let text = format!("{led}{text}");
        life.says("dana", 5, Intent::Write(ID, story::content(EntryKind::Fact, &text)));
        life.row(RetroContent::Risk { text: text.clone(), notes: String::new() });
        let pack = pack(&life);
        for format in Format::ALL {
            let out = written(&pack, *format);
            prop_assert!(!out.chars().any(|c| c.is_control() && c != '\n' && c != '\r'), "{format:?}");
        }
        let html = written(&pack, Format::Html);
        prop_assert!(!html.contains("<script") && !html.contains("<img"));
        prop_assert!(!written(&pack, Format::Svg).contains("<img"));
        let markdown = written(&pack, Format::Markdown);
        let bare = written(&self::pack(&plain()), Format::Markdown);
        prop_assert_eq!(marks(&markdown), marks(&bare));
        let csv = written(&pack, Format::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert_eq!(record.len(), 8);
            prop_assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '@', '-', '|'])));
        }
    }
}

/// The same incident with words nobody could take for anything else.
fn plain() -> Life {
    let mut life = Life::declared();
    life.says("dana", 5, Intent::Write(ID, story::content(EntryKind::Fact, "plain")));
    life.row(RetroContent::Risk { text: "plain".into(), notes: String::new() });
    life
}

/// The structure of a Markdown text, without its words.
fn marks(text: &str) -> Vec<String> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mark = |event| match event {
        Mark::Start(Tag::Heading { level, .. }) => Some(level.to_string()),
        Mark::Start(tag) => Some(format!("{tag:?}")),
        Mark::Html(_) | Mark::InlineHtml(_) => Some("html".to_owned()),
        Mark::Code(_) => Some("code".to_owned()),
        _ => None,
    };
    parser.filter_map(mark).collect()
}

#[test]
fn the_markdown_is_read_as_headings_and_tables() {
    let text = written(&pack(&told()), Format::Markdown);
    let found = marks(&text);
    assert_eq!(found.iter().filter(|mark| *mark == "h2").count(), 9);
    assert_eq!(found.iter().filter(|mark| mark.starts_with("Table(")).count(), 13);
    assert!(!found.iter().any(|mark| mark == "html"));
}

#[test]
fn rows_are_known_by_the_person_who_owns_them() {
    let life = told();
    let model = Model::of(life.room.incident(ID).unwrap(), None);
    assert!(model.row(RetroId(1)).is_some());
    assert!(model.incident.people.contains_key(&Person::new("dana")));
}
