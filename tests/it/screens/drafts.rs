//! What is half typed survives a kill wherever it is typed, and what became durable is not offered again.

use super::super::support::story::Story;
use std::time::Duration;

/// What is half typed is kept within this.
const KEPT_WITHIN: Duration = Duration::from_millis(500);
const AT_ONCE: Duration = Duration::ZERO;

fn declared() -> Story {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story
}

/// Presses verbs, and what is no verb is typed.
fn does(story: &mut Story, steps: &[&str]) {
    for step in steps {
        match step.strip_prefix('\'') {
            Some(text) => story.type_text(text),
            None => story.press(step),
        };
    }
}

/// What has to be there before the place can be opened; how it is opened; what is typed there.
const PLACES: &[(&str, &[&str], &[&str], &str)] = &[
    ("the line", &[], &["entry.new"], "f half a fact"),
    ("an update", &[], &["incident.update"], " and half a condition"),
    ("a hand-over", &["command.take", "overlay.accept"], &["command.hand-over"], "@s"),
    ("a task", &[], &["work.tasks", "work.add"], "restart half of the pods"),
    ("a criterion", &[], &["work.tasks", "work.next", "work.add"], "half of support is calm"),
    (
        "the reason of a strike",
        &["entry.new", "'f wrong", "text.accept", "text.cancel", "list.up"],
        &["entry.strike"],
        "half a reason",
    ),
    (
        "the reason of a verdict",
        &["entry.new", "'h wrong", "text.accept", "text.cancel", "list.up"],
        &["entry.refute"],
        "half a proof",
    ),
    (
        "the new words of an entry",
        &["entry.new", "'f wrong", "text.accept", "text.cancel", "list.up"],
        &["entry.edit"],
        " but half right",
    ),
    ("a sign-off", &["screen.readiness"], &["screen.readiness", "readiness.sign"], " half a link"),
];

#[test]
fn whatever_is_half_typed_is_there_again_after_a_kill() {
    for (place, before, opened, typed) in PLACES {
        let mut story = declared();
        does(&mut story, before);
        does(&mut story, opened);
        story.type_text(typed).killed_after(KEPT_WITHIN).hides(typed);
        story.press("screen.incident");
        if before.last() == Some(&"list.up") {
            story.press("list.up");
        }
        does(&mut story, opened);
        assert!(story.screen().contains(typed.trim()), "{place}: {}", story.screen());
    }
}

#[test]
fn a_declaration_that_was_left_and_one_that_was_killed_are_there_again() {
    let mut story = Story::at_the_end();
    story.press("incident.declare").type_text("Half a title").press("text.cancel").hides("Half a title");
    story.press("incident.declare").shows("Half a title").type_text(" more");
    story.killed_after(KEPT_WITHIN).press("incident.declare").shows("Half a title more");
    story.press("text.accept").press("text.accept").press("text.accept").shows("is declared");
    story.killed_after(AT_ONCE).press("incident.declare").hides("Half a title more");
}

#[test]
fn the_row_of_a_retro_is_there_again_after_a_kill() {
    let mut story = declared();
    story.press("command.take");
    for _ in 0..20 {
        if !story.screen().contains("▸ Resolve") {
            story.press("list.down");
        }
    }
    story.press("overlay.accept").press("confirm.yes").press("retro.open").press("retro.add");
    story.type_text("half a row").killed_after(KEPT_WITHIN).press("screen.incident");
    story.press("list.up").press("overlay.accept");
    story.press("retro.open").press("retro.add").shows("half a row");
}

#[test]
fn a_line_that_was_saved_is_not_offered_again_though_its_draft_outlived_it() {
    let mut story = declared();
    story.press("entry.new").type_text("f said but once").killed_after(KEPT_WITHIN);
    story.press("screen.incident").press("entry.new").shows("f said but once").with_a_slow_disk();
    story.press("text.accept").killed_after(AT_ONCE).hides("is back");
    story.press("screen.incident").shows("said but once").press("entry.new").hides("f said but once");
    // Said once more on purpose, it is a line of its own.
    story.type_text("f said but once").killed_after(KEPT_WITHIN);
    story.press("screen.incident").press("entry.new").shows("f said but once");
}

#[test]
fn a_line_that_was_handed_over_and_not_saved_is_back() {
    let mut story = declared();
    story.press("entry.new").type_text("f never saved").killed_after(KEPT_WITHIN).shows("is back");
    story.press("entry.new").shows("f never saved");
}

#[test]
fn the_new_words_of_an_entry_are_not_offered_again_once_it_says_them() {
    let mut story = declared();
    story.press("entry.new").type_text("f wrong").press("text.accept").press("text.cancel");
    story.press("list.up").press("entry.edit").press("text.clear").type_text("f right after all");
    story.killed_after(KEPT_WITHIN).press("screen.incident").press("list.up").press("entry.edit");
    story.shows("f right after all").with_a_slow_disk().press("text.accept").killed_after(AT_ONCE);
    story.hides("is kept").press("screen.incident").shows("right after all");
}

#[test]
fn lines_that_come_as_keys_are_lines_of_their_own() {
    let mut story = declared();
    story.press("entry.new").send(b"f pool is full\nf and the queue grows\nh half");
    story.shows("pool is full").shows("and the queue grows").press("text.cancel").shows("The line is kept");
    story.press("entry.new").shows("h half");
}
