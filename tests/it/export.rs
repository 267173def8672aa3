//! The post-mortem pack: the story of a migration told through the journal, judged, and read back in every format.

mod around;
mod honest;
mod redaction;
mod story;
mod structure;

use proptest::prelude::*;
use pulldown_cmark::{Event as Mark, Options, Parser, Tag};
use sitroom::domain::event::*;
use sitroom::domain::text::is_hostile;
use sitroom::domain::{Intent, Person, RetroId};
use sitroom::export::{Format, Model, Pack, Part, Templates, render};
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
fn what_fails_is_a_fact_and_who_fails_is_a_judgement() {
    let mut life = Life::declared();
    for text in [
        "payments failed to arrive",
        "the page lazy loads",
        "the forgot password mail is late",
        "the alarm should have a lower threshold",
    ] {
        life.says("dana", 30, Intent::Write(ID, story::content(EntryKind::Fact, text)));
    }
    assert_eq!(pack(&life).gate.language, []);
    for text in ["the engineer failed to look", "sam should have asked, dana forgot", "a Human Error"] {
        life.says("sam", 31, Intent::Write(ID, story::content(EntryKind::Fact, text)));
    }
    let found = pack(&life).gate.language;
    let found: Vec<_> = found.iter().map(|it| (it.place.as_str(), it.words.as_str())).collect();
    assert_eq!(found, [("E5", "failed to"), ("E6", "should have"), ("E6", "forgot"), ("E7", "human error")]);
}

#[test]
fn an_incident_of_three_notes_gives_a_short_honest_pack_and_a_list_of_what_to_do() {
    let mut life = Life::declared();
    for text in ["errors rise", "we look", "it is better"] {
        let note = Content { evidence: Vec::new(), ..story::content(EntryKind::Note, text) };
        life.says("dana", 30, Intent::Write(ID, note));
    }
    let pack = pack(&life);
    assert!(!pack.gate.passed && pack.gate.total <= 2, "{}", pack.gate.total);
    let markdown = written(&pack, Format::Markdown);
    assert!(markdown.contains("**Goal:** not captured"));
    assert!(markdown.lines().count() < 250, "{}", markdown.lines().count());
    let questions = &part(&pack, "Open questions").rows;
    assert!(questions.iter().all(|row| row[1] == "to be named"));
    for wanted in [
        "When was “Detected”, or did it not happen?",
        "Whose is payment-api, and who needs it? The catalog does not know it.",
        "What could be known at “Declared”? No signals of that time are kept.",
        "Clarity of scope and safety: say the goal",
        "Evidence and timeline quality: say how we know the impact",
        "Systems thinking: name contributing factors of at least two clusters",
        "Decisions and actionability: give each action item an owner: there is none yet",
        "Learning dissemination: say it for the shareout: what happened",
        "Kill criteria and triggers: give each kill criterion a committed action: there is none yet",
    ] {
        assert!(questions.iter().any(|row| row[0] == wanted), "{wanted}");
    }
}

#[test]
fn a_long_text_is_whole_in_every_format() {
    let mut life = Life::declared();
    let long = format!("it begins {} and ends", "word ".repeat(2_000));
    life.says("dana", 30, Intent::Write(ID, story::content(EntryKind::Fact, &long)));
    life.row(RetroContent::Risk { text: long.clone(), notes: String::new() });
    let pack = pack(&life);
    for format in Format::ALL {
        assert!(written(&pack, *format).contains(long.as_str()), "{format:?}");
    }
}

#[test]
fn a_drill_is_marked_as_one_in_every_format() {
    let mut life = Life::drilled();
    life.says("dana", 30, Intent::Write(ID, story::content(EntryKind::Fact, "errors rise")));
    let pack = pack(&life);
    for format in Format::ALL {
        assert!(written(&pack, *format).to_uppercase().contains("DRILL"), "{format:?}");
        assert!(!written(&self::pack(&told()), *format).to_uppercase().contains("DRILL"), "{format:?}");
    }
    let csv = written(&pack, Format::Csv);
    assert!(csv.lines().skip(1).all(|line| line.contains("\"DRILL: ")), "{csv}");
}

#[test]
fn ten_thousand_entries_are_all_there_and_the_same_bytes_twice() {
    let mut life = told();
    for number in 0..10_000 {
        let text = format!("fact number {number}");
        life.says("sam", 96, Intent::Write(ID, story::content(EntryKind::Fact, &text)));
    }
    let (one, two) = (pack(&life), pack(&life));
    for format in Format::ALL {
        let text = written(&one, *format);
        assert!(text.contains("fact number 9999"), "{format:?}");
        assert!(text == written(&two, *format), "{format:?} is not the same twice");
    }
    let csv = written(&one, Format::Csv);
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().count(), one.model.timeline.len());
}

#[test]
fn the_same_journal_gives_the_same_bytes() {
    let (one, two) = (pack(&told()), pack(&told()));
    for format in Format::ALL {
        assert_eq!(written(&one, *format), written(&two, *format));
    }
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
        "\u{9b}2J\u{90}q\u{9c}",
        "\u{202e}desrever\u{2066}",
        "\r\n=1+1",
        "&lt;b&gt;",
        "</style><style>*{}",
        "@SUM(A1)",
        "---\n***",
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
            let is_line = |c: char| matches!(c, '\n' | '\r');
            prop_assert!(!out.chars().any(|c| is_hostile(c) && !is_line(c)), "{format:?}");
        }
        let html = written(&pack, Format::Html);
        prop_assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"));
        prop_assert_eq!(html.matches("<style").count(), 2, "the page's own, and the picture's");
        prop_assert!(!written(&pack, Format::Svg).contains("<img"));
        let markdown = written(&pack, Format::Markdown);
        let bare = written(&self::pack(&plain()), Format::Markdown);
        prop_assert_eq!(marks(&markdown), marks(&bare));
        let csv = written(&pack, Format::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert_eq!(record.len(), 11);
            let formula = |cell: &str| cell.trim_start().starts_with(['=', '+', '@', '-', '|', '\t', '\r']);
            prop_assert!(!record.iter().any(formula));
            prop_assert!(!record.iter().any(|cell| cell.contains('\n')), "a row is a line");
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
    assert_eq!(found.iter().filter(|mark| mark.starts_with("Table(")).count(), 15);
    assert!(!found.iter().any(|mark| mark == "html"));
}

#[test]
fn rows_are_known_by_the_person_who_owns_them() {
    let life = told();
    let model = Model::of(life.room.incident(ID).unwrap(), None);
    assert!(model.row(RetroId(1)).is_some());
    assert!(model.incident.people.contains_key(&Person::new("dana")));
}
