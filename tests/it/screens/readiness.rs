//! The Readiness screen: pictures of it, and what its keys do.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::pictures::picture;
use sitroom::domain::event::Event;
use sitroom::domain::rights::Right;
use sitroom::domain::{Intent, Person, Record, Seq, Span};
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);

fn shown(stage: &mut Stage) {
    stage.press("screen.readiness");
}

#[test]
fn what_has_to_be_true_stands_in_parts_in_every_size() {
    for size in [SMALL, MIDDLE, LARGE] {
        picture("readiness", Scene::at_the_end(), size, shown);
    }
}

#[test]
fn an_empty_catalog_says_what_to_write() {
    for size in [SMALL, MIDDLE, LARGE] {
        picture("readiness-empty", Scene::empty(), size, shown);
    }
}

#[test]
fn an_item_is_explained_with_its_checks_its_bounds_and_who_signed() {
    picture("readiness-item", Scene::at_the_end(), SMALL, |stage| {
        shown(stage);
        stage.press("list.down").press("item.explain");
    });
}

/// One item is signed, one was for too long ago, one was withdrawn, two nobody has ever signed.
#[test]
fn what_people_signed_and_took_back_stands_with_its_history() {
    for size in [SMALL, MIDDLE] {
        picture("readiness-history", Scene::of_the_migration(), size, |stage| {
            shown(stage);
            stage.press("list.down");
        });
    }
}

#[test]
fn the_filter_says_how_many_of_all_lines_are_left() {
    let mut stage = Stage::new(Scene::of_the_migration(), 80, 24);
    shown(&mut stage);
    stage.press("filter.open").type_text("migration");
    assert!(stage.picture().contains("2 of 13"), "{}", stage.picture());
    stage.press("text.accept").press("screen.plan").press("filter.open").type_text("migration");
    assert!(stage.picture().contains(" of 32"), "{}", stage.picture());
    stage.type_text(" nowhere");
    assert!(stage.picture().contains("0 of 32"), "{}", stage.picture());
}

#[test]
fn a_budget_and_a_runbook_are_explained() {
    picture("readiness-budget", Scene::at_the_end(), SMALL, |stage| {
        shown(stage);
        stage.press("pane.next").press("item.explain");
    });
    picture("readiness-runbook", Scene::at_the_end(), SMALL, |stage| {
        shown(stage);
        stage.press("pane.next").press("pane.next").press("pane.next").press("item.explain");
    });
}

fn line_of<'a>(picture: &'a str, words: &str) -> &'a str {
    picture.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {picture}"))
}

/// Most of the month's budget is left, and it goes thirteen times as fast as it may.
#[test]
fn a_budget_that_burns_is_not_well_whatever_is_left_of_it_and_nobody_seems_to_have_agreed() {
    for (width, height) in [SMALL, MIDDLE, LARGE] {
        let scene = Scene::of_built_in("payments-migration", "2026-03-16T14:28:00Z");
        let mut stage = Stage::new(scene, width, height);
        stage.press("screen.readiness");
        let picture = stage.picture();
        let line = line_of(&picture, "transaction-service av");
        for words in ["▲ burning", " %  burns 1", "×  not agreed"] {
            assert!(line.contains(words), "{words}: {line}");
        }
    }
}

#[test]
fn how_many_lines_are_below_is_not_written_over_the_counts() {
    for (width, height) in [SMALL, MIDDLE, LARGE] {
        let mut stage = Stage::new(Scene::at_the_end(), width, height);
        stage.press("screen.readiness").press("pane.next");
        let picture = stage.picture();
        let line = line_of(&picture, "of 7 signed off");
        assert!(line.contains("7 never signed off "), "{line}");
        assert!(line.contains(" ↓") || height > 40, "{line}");
    }
}

/// Whose turn ends when, then from when nobody has it: two moments in their order.
#[test]
fn the_turn_that_ends_is_not_taken_for_one_that_lasts_until_the_hole() {
    let short = "until 03-23, nobody from 03-28";
    let long = "until 03-23 08:00 UTC, then nobody from 03-28 08:00 UTC";
    for ((width, height), said) in [(SMALL, short), (MIDDLE, short), (LARGE, long)] {
        let mut stage = Stage::new(Scene::at_the_end(), width, height);
        stage.press("screen.readiness").press("filter.open").type_text("primary").press("text.accept");
        let picture = stage.picture();
        let line = line_of(&picture, "▲ dana");
        assert!(line.contains(said), "{line}");
    }
    let mut stage = Stage::new(Scene::of_the_migration(), 80, 24);
    stage.press("screen.readiness").press("filter.open").type_text("then nobody").press("text.accept");
    assert!(stage.picture().contains("until 03-23 08:00 UTC, then nobody"), "{}", stage.picture());
}

#[test]
fn the_last_lines_can_be_reached() {
    picture("readiness-bottom", Scene::at_the_end(), SMALL, |stage| {
        shown(stage);
        stage.press("list.bottom");
    });
}

#[test]
fn the_glossary_stands_below_the_keys() {
    picture("readiness-help", Scene::at_the_end(), MIDDLE, |stage| {
        shown(stage);
        stage.press("app.help").press("list.bottom");
    });
}

#[test]
fn what_is_signed_is_named_and_asked_before_it_is() {
    let mut stage = Stage::new(Scene::at_the_end(), 80, 24);
    stage.press("screen.readiness").press("filter.open").type_text("dunning").press("text.accept");
    stage.press("readiness.sign").press("text.accept").press("text.accept").press("text.accept");
    assert!(stage.picture().contains("Sign off runbook-charges?"), "{}", stage.picture());
    assert!(stage.intents().is_empty(), "nothing is signed before yes");
    stage.press("confirm.yes");
    let [Intent::SignOff { item, evidence, expires_after, .. }] = stage.intents() else {
        panic!("{:?}", stage.intents())
    };
    assert_eq!((item.as_str(), evidence.len(), expires_after.is_some()), ("runbook-charges", 1, true));
}

/// The form begins with what the catalog says, and what is typed next is a link of its own.
#[test]
fn two_links_are_not_signed_as_one() {
    let mut stage = Stage::new(Scene::at_the_end(), 80, 24);
    stage.press("screen.readiness").press("readiness.sign").type_text("https://x.example/y");
    assert!(
        stage.picture().contains("https://status.payments.example https://x.example/y"),
        "{}",
        stage.picture()
    );
    stage.type_text("https://z.example");
    stage.press("text.accept").press("text.accept").press("text.accept");
    assert!(stage.picture().contains("is two links in one"), "{}", stage.picture());
    assert!(stage.intents().is_empty());
}

#[test]
fn a_form_being_filled_shows_what_is_signed() {
    picture("readiness-sign", Scene::at_the_end(), SMALL, |stage| {
        shown(stage);
        stage.press("list.down").press("readiness.sign");
    });
}

#[test]
fn a_signature_shows_with_who_and_when() {
    let mut scene = Scene::at_the_end();
    let item = scene.snapshot.catalog.readiness.items[3].clone();
    let mut room = (*scene.snapshot.room).clone();
    room.apply(&Record {
        key: None,
        seq: Seq(1),
        at: scene.now - Span::hours(3),
        by: Person::new("dana"),
        event: Event::SignedOff {
            item: item.id,
            title: item.title,
            needs: item.needs,
            evidence: Vec::new(),
            note: String::new(),
            expires_after: item.expires_after,
        },
    });
    scene.snapshot.room = Arc::new(room);
    picture("readiness-signed", scene, MIDDLE, |stage| {
        shown(stage);
        stage.press("filter.open").type_text("passed").press("text.accept");
    });
}

#[test]
fn who_may_not_sign_reads_why() {
    let mut stage = Stage::new(Scene::at_the_end(), 80, 24);
    stage.ui.right = Right::Respond;
    stage.press("screen.readiness").press("readiness.sign");
    assert!(stage.picture().contains("needs the right to command"), "{}", stage.picture());
    stage.ui.right = Right::Command;
    stage.press("time.back").press("readiness.sign");
    assert!(stage.picture().contains("This is the past"), "{}", stage.picture());
}
