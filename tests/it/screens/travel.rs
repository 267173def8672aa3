//! Going to another moment: every screen shows the room as it was then and says so.

use super::super::support::story::Story;
use sitroom::diagnosis::Situation;
use sitroom::domain::Time;
use sitroom::engine::Snapshot;

#[test]
fn every_screen_says_that_it_is_not_now_and_escape_returns() {
    let mut story = Story::at_the_end();
    for screen in ["screen.situation", "screen.feed"] {
        story.press(screen).hides("AS OF").press("time.back-far").shows("AS OF");
        story.press("filter.clear").hides("AS OF");
    }
}

#[test]
fn the_past_holds_nothing_that_came_later() {
    let mut story = Story::at_the_end();
    story.press("screen.feed").shows("14:17");
    story.press("time.goto").type_text("14:10").press("text.accept").shows("AS OF").hides("14:17:");
    story.press("screen.situation").hides("14:17").shows("14:06");
    story.press("time.live").hides("AS OF").shows("14:17");
}

#[test]
fn forward_beyond_what_has_happened_is_now() {
    let mut story = Story::at_the_end();
    story.press("time.back").press("time.back").shows("AS OF");
    story.press("time.forward").shows("AS OF").press("time.forward-far").hides("AS OF");
}

#[test]
fn a_moment_that_is_none_is_asked_for_again() {
    let mut story = Story::at_the_end();
    story.press("time.goto").type_text("soon").press("text.accept").shows("is no moment").shows("Go to");
    story.press("text.clear").type_text("-20m").press("text.accept").shows("AS OF").hides("Go to");
}

#[test]
fn a_moment_that_cannot_be_worked_out_is_not_shown_as_if_it_were() {
    let mut story = Story::begin(std::sync::Arc::new(|_: &Snapshot, _: Time| -> Situation {
        panic!("the diagnosis is broken")
    }));
    story.press("time.back").shows("could not be worked out").hides("AS OF");
}
