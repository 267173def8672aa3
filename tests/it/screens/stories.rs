//! What a person does and then sees, through a whole session on a real engine.

use super::super::support::story::Story;
use sitroom::domain::{Body, Signal, SignalId, SourceName, Span};

fn notes(story: &Story, count: i64) -> Vec<Signal> {
    let now = story.now();
    let note = |n: i64| Signal {
        id: SignalId::of("inbox", &format!("{now} {n}")),
        at: now + Span::millis(n),
        source: SourceName::new("inbox"),
        service: None,
        title: format!("note {n}"),
        body: Body::Note,
        link: None,
        raw: None,
    };
    (0..count).map(note).collect()
}

/// What does not change as time goes by: all of the row but the age at its end.
fn without_age(row: &str) -> &str {
    row.rsplit_once(' ').map_or(row, |(row, _)| row)
}

#[test]
fn a_filter_narrows_while_it_is_typed_and_escape_takes_it_back() {
    let mut story = Story::at_the_end();
    let whole = story.press("screen.feed").body();
    story.press("filter.open").type_text("kind:deploy").shows("Deploy").hides("Runtime");
    story.type_text(" checkout").shows("checkout-service").hides("notification");
    story.press("text.cancel").shows("Runtime");
    assert_eq!(story.body(), whole);
}

#[test]
fn a_filter_that_is_taken_stays_until_escape_clears_it() {
    let mut story = Story::at_the_end();
    story.press("screen.feed").press("filter.open").type_text("kind:deploy").press("text.accept");
    story.shows("/kind:deploy").hides("Runtime");
    story.press("filter.clear").hides("/kind:deploy").shows("Runtime");
}

#[test]
fn the_cursor_stays_on_its_signal_while_a_thousand_arrive() {
    let mut story = Story::at_the_end();
    story.press("screen.feed").press_times(5, "list.down");
    let (place, row) = story.cursor();
    let notes = notes(&story, 1_000);
    story.tell(notes);
    let (place_after, row_after) = story.cursor();
    assert_eq!((place, without_age(&row)), (place_after, without_age(&row_after)));
}

#[test]
fn the_feed_follows_until_somebody_moves_and_then_counts_what_is_new() {
    let mut story = Story::at_the_end();
    story.press("screen.feed").shows("following").press("list.down").hides("following");
    let arrived = notes(&story, 1_000);
    story.tell(arrived).shows("1000 new").hides("note 999");
    story.press("list.top").shows("following").shows("note 999").hides("1000 new");
}

#[test]
fn news_never_eats_what_is_being_typed() {
    let mut story = Story::at_the_end();
    story.press("filter.open").type_text("note 99");
    let arrived = notes(&story, 1_000);
    story.tell(arrived).type_text("8").shows("/ note 998").press("text.accept");
    assert!(story.cursor().1.contains("note 998"), "{}", story.screen());
}

#[test]
fn the_palette_finds_a_verb_and_does_it() {
    let mut story = Story::at_the_end();
    story.press("app.palette").type_text("all signals").shows("screen.feed");
    story.press("overlay.accept").shows("SIGNAL").shows("following");
}

#[test]
fn a_verb_that_cannot_be_done_says_why() {
    let mut story = Story::at_the_end();
    story.press("time.live").shows("This is now already");
    story.press("app.palette").type_text("time.live").shows("(this is now already)");
    story.press("overlay.accept").shows("This is now already").shows("Verbs");
    story.press("overlay.close").hides("Verbs");
}

#[test]
fn help_shows_the_keys_of_the_screen_it_lies_over() {
    const OF_THE_FEED: &str = "Stay with the newest signal, or stop";
    let mut story = Story::at_the_end();
    story.resize(100, 90);
    story.press("app.help").shows("Keys here").shows("Find a verb by its name").hides(OF_THE_FEED);
    story.press("overlay.close").hides("Keys here");
    story.press("screen.feed").press("app.help").shows(OF_THE_FEED);
}

#[test]
fn a_theme_is_worn_while_the_cursor_is_on_it_and_cancelling_puts_the_old_one_back() {
    let mut story = Story::at_the_end();
    let worn = |story: &Story| story.terminal().screen().cell(3, 3).unwrap().bgcolor();
    let before = worn(&story);
    story.press("theme.pick").press("list.down").shows("dark");
    assert_ne!(worn(&story), before);
    story.press("overlay.close");
    assert_eq!(worn(&story), before);
    story.press("theme.pick").press("list.down").press("overlay.accept").shows("This session wears dark");
    assert_ne!(worn(&story), before);
}

#[test]
fn a_copy_reaches_the_clipboard_of_the_terminal_in_front_of_the_person() {
    let mut story = Story::at_the_end();
    story.press("screen.feed").press("filter.open").type_text("kind:deploy v2.14.3").press("text.accept");
    story.press("item.copy").shows("Copied");
    let copied = story.terminal().copied().to_vec();
    assert_eq!(copied.len(), 1, "{copied:?}");
    assert!(copied[0].contains("Deploy  checkout-service"), "{copied:?}");
}

#[test]
fn a_paste_of_many_lines_into_the_filter_is_one_line() {
    let mut story = Story::at_the_end();
    story.press("filter.open").paste("kind:deploy\r\ncheckout\nv2.14.3\n");
    story.shows("/ kind:deploy checkout v2.14.3").press("text.accept").shows("1 of ");
    story.paste("lost").shows("Nothing here takes a paste");
}

#[test]
fn what_is_explained_is_opened_scrolled_and_closed() {
    let mut story = Story::at_the_end();
    let before = story.body();
    story.press("item.explain").shows("Explained").shows("severity").shows("rule");
    story.press("list.bottom").hides("severity").shows("↑");
    story.press("list.top").shows("severity").press("overlay.close").hides("Explained");
    assert_eq!(story.body(), before);
}

#[test]
fn a_terminal_of_one_cell_is_survived_and_grows_back() {
    let mut story = Story::at_the_end();
    let before = story.body();
    for overlay in ["app.help", "app.palette", "theme.pick", "item.explain", "filter.open", "time.goto"] {
        story.press(overlay).resize(1, 1).type_text("7").resize(80, 24);
        story.press("overlay.close").press("screen.situation").press("filter.clear");
    }
    assert_eq!(story.press("app.redraw").body(), before);
}

#[test]
fn keys_that_mean_nothing_do_nothing() {
    let mut story = Story::at_the_end();
    for screen in ["screen.situation", "screen.feed"] {
        let before = story.press(screen).body();
        story.type_text("=;%&").send(b"\x1b[24~\x1bOS\x14\x1b[<35;1;1M\x1b[99;99R");
        assert_eq!(story.body(), before);
    }
}

#[test]
fn a_sequence_that_arrives_in_pieces_is_one_key() {
    let mut story = Story::at_the_end();
    let (place, _) = story.press("screen.feed").cursor();
    story.send_in_pieces(&[b"\x1b", b"[", b"B"]);
    assert_eq!(story.cursor().0, place + 1);
}

#[test]
fn leaving_ends_the_session() {
    let mut story = Story::at_the_end();
    assert!(!story.is_over());
    assert!(story.press("app.quit").is_over());
}

#[test]
fn what_is_pasted_into_the_palette_finds_its_verb_wherever_the_cursor_was() {
    let mut story = Story::at_the_end();
    story.press("app.palette").send(b"\x0e\x0e\x0e\x0e").paste("app.quit").send(b"\r");
    assert!(story.is_over());
}
