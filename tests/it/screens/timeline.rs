//! The timeline on screen: empty, with ten entries of every kind, with ten thousand, and with entries meant to do harm;
//! declaring, and writing over many lines.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use super::pictures::picture;
use sitroom::domain::event::{Content, Event, Record, Severity, Verdict};
use sitroom::domain::text::is_hostile;
use sitroom::domain::{EntryId, IncidentId, Person, Room, Span, scribe};
use std::sync::Arc;

/// Saves a page: ctrl-s.
const SAVE: &[u8] = b"\x13";
const ID: IncidentId = IncidentId(1);
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// What happened after the declaration, each so many minutes ago.
fn scene(events: impl IntoIterator<Item = (i64, &'static str, Event)>) -> Scene {
    let mut scene = Scene::at_the_end();
    let declared = Event::IncidentDeclared {
        incident: ID,
        title: "Payments fail at checkout".into(),
        severity: Severity::Sev2,
        services: vec!["payment-api".into()],
        impact: "one in fifty payments fails".into(),
        evidence: Vec::new(),
    };
    let mut room = Room::default();
    for (minutes, by, event) in std::iter::once((25, "sam", declared)).chain(events) {
        let at = scene.now - Span::minutes(minutes);
        room.apply(&Record { key: None, seq: room.seq.next(), at, by: Person::new(by), event });
    }
    scene.snapshot.seq = room.seq;
    scene.snapshot.room = Arc::new(room);
    scene
}

/// A line as it is typed when the story is told.
fn content(line: &str) -> Content {
    let now = "2026-03-18T14:29:00Z".parse().unwrap();
    scribe::parse(line, now, &jiff::tz::TimeZone::UTC).settled().unwrap()
}

fn written(entry: u32, line: &str) -> Event {
    Event::EntryWritten { incident: ID, entry: EntryId(entry), content: content(line) }
}

/// Ten entries with all that can be said about one.
fn ten() -> Scene {
    let lines = [
        (24, "f yesterday 23:50 the new pool size was merged https://git.example.org/4127"),
        (23, "f ~14:00-14:06 checkout-service v2.14.3 goes out #deploy"),
        (11, "f 14:10 payments answer 500"),
        (10, "h the pool of v2.14.3 is too small @sam #db"),
        (9, "h the ledger is slow"),
        (8, "d checkout-service goes back to v2.14.2"),
        (7, "a rolled back in one region @sam"),
        (6, "c support was told what to answer"),
        (5, "q does the bank see it too?"),
        (4, "n the first half of the call is in the recording"),
    ];
    let entries = lines.into_iter().zip(1..).map(|((minutes, line), n)| (minutes, "lee", written(n, line)));
    let judged = |entry, verdict, reason: &str| Event::HypothesisJudged {
        incident: ID,
        entry: EntryId(entry),
        verdict,
        reason: reason.into(),
    };
    let after = [
        (3, "dana", judged(4, Verdict::Confirmed, "the pool is at its limit")),
        (3, "dana", judged(5, Verdict::Refuted, "its latency is as ever")),
        (2, "dana", Event::EntryPinned { incident: ID, entry: EntryId(6), pinned: true }),
        (2, "lee", Event::EntryStruck { incident: ID, entry: EntryId(10), reason: "said twice".into() }),
    ];
    scene(entries.chain(after))
}

fn ten_thousand() -> Scene {
    let kinds = ["f", "h", "d", "a", "c", "q", "n"];
    let lines = (1..=10_000_u32).map(|n| {
        let (kind, ago) = (kinds[n as usize % kinds.len()], (10_000 - n) / 10);
        (0, "lee", written(n, &format!("{kind} -{ago}s said {n} of all there is to say #db")))
    });
    scene(lines)
}

fn in_every_size(name: &str, scene: impl Fn() -> Scene, keys: impl Fn(&mut Stage)) {
    for size in SIZES {
        picture(name, scene(), size, &keys);
    }
}

#[test]
fn an_empty_timeline_says_how_to_begin() {
    in_every_size(
        "timeline-empty",
        || scene([]),
        |stage| {
            stage.press("screen.incident");
        },
    );
}

#[test]
fn ten_entries_say_when_who_what_and_what_became_of_them() {
    in_every_size("timeline-ten", ten, |stage| {
        stage.press("screen.incident").press("list.up").press("list.up");
    });
}

#[test]
fn ten_thousand_entries_are_a_page_like_any_other() {
    in_every_size("timeline-ten-thousand", ten_thousand, |stage| {
        stage.press("screen.incident").press("list.up").press("list.page-up");
    });
}

#[test]
fn declaring_is_a_form_that_is_filled_in_already() {
    in_every_size("declare", Scene::at_the_end, |stage| {
        stage.press("incident.declare");
    });
}

#[test]
fn an_entry_is_written_over_many_lines_with_the_same_preview() {
    picture("editor", ten(), (80, 24), |stage| {
        stage.press("screen.incident").press("entry.new").type_text("d ~14:20 the plan").press("text.editor");
        stage.type_text("\rdrain the pool first, then restart @sam #db");
    });
}

#[test]
fn a_step_of_the_cursor_draws_two_rows_and_the_status_line() {
    let mut stage = Stage::new(ten(), 120, 40);
    stage.press("screen.incident").press("list.up").press("list.up");
    stage.picture();
    assert!(stage.damaged_by("list.up") <= 5, "two rows of at most two lines, and the status line");
    assert!(stage.damaged_by("entry.new") > 30, "an overlay is drawn with all that is below it");
}

#[test]
fn a_page_is_kept_gone_on_with_saved_and_written_anew() {
    let mut story = declared();
    story.press("entry.new").type_text("d the plan").press("text.editor").shows("INC-1 entry");
    story.type_text("\r- drain the pool").shows("Decision").press("text.cancel").hides("drain the pool");
    story.press("entry.new").shows("drain the pool").type_text("\r- restart @sam").send(SAVE);
    story.press("screen.incident").shows("- drain the pool").shows("- restart");
    story.press("list.up").press("entry.edit").shows("E1 anew").type_text("please, ").send(SAVE);
    story.shows("edited").shows("please,");
}

#[test]
fn a_page_that_was_refused_says_why_and_stays() {
    let mut story = declared();
    story.press("entry.new").type_text("f 25:10 odd").press("text.editor").send(SAVE);
    story.shows("is not a time of day").shows("INC-1 entry");
}

#[test]
fn what_can_be_typed_is_in_the_help_also_from_within_the_line() {
    let mut story = declared();
    story.resize(100, 100).press("entry.new").send(b"\x1bOP").shows("The scribe line");
    story.shows("14:25Z 14:25 CET").shows("the owner, of whom there is one, and labels");
}

fn declared() -> Story {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story
}

/// Meant to drive a terminal, to lie about what is read, or to be wider than any screen.
fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("escape", "f \x1b[2J\x1b[31mred\x1b[0m \x1b]52;c;AAAA\x07 escape".to_owned()),
        ("override", "f abc\u{202e}txt.exe\u{202c} override".to_owned()),
        ("zerowidth", "f zero\u{200b}width and \u{feff}mark".to_owned()),
        ("family", "f a family 👨\u{200d}👩\u{200d}👧\u{200d}👦 and a flag 🏳\u{fe0f}\u{200d}🌈".to_owned()),
        ("rtl", "f rtl שלום עולם مرحبا بالعالم".to_owned()),
        ("marks", format!("f marks Z{}algo", "\u{0301}".repeat(60))),
        ("long", format!("f long {}", "0123456789".repeat(1_000))),
    ]
}

#[test]
fn hostile_entries_are_drawn_safely_in_every_size_and_found() {
    let is_safe = |picture: &str| !picture.contains(|c: char| c != '\n' && is_hostile(c));
    for (width, height) in SIZES {
        let lines = hostile().into_iter().zip(1..);
        let written = lines.map(|((_, line), n)| (5, "lee", written(n, &line)));
        let mut stage = Stage::new(scene(written), width, height);
        let whole = stage.press("screen.incident").picture();
        assert!(is_safe(&whole), "{whole}");
        for (word, _) in hostile() {
            let found = stage.press("filter.open").type_text(word).press("text.accept").picture();
            assert!(found.contains("1 of 7 match") && is_safe(&found), "{word}: {found}");
            let explained = stage.press("list.up").press("item.explain").picture();
            assert!(is_safe(&explained), "{word}: {explained}");
            stage.press("overlay.close").press("filter.clear");
        }
    }
}

#[test]
fn hostile_lines_are_typed_previewed_and_never_reach_the_terminal_as_they_are() {
    let mut story = declared();
    story.press("screen.incident").press("entry.new");
    for (word, line) in hostile() {
        let line: String = line.chars().filter(|c| *c != '\x1b').collect();
        story.paste(&line).press("text.accept");
        assert!(story.terminal().copied().is_empty(), "{word} wrote to the clipboard");
    }
    story.press("text.cancel").press("list.up").press("list.top").press("list.bottom").shows("TIMELINE");
}
