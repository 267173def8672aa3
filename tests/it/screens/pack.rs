//! The post-mortem pack from the keyboard: where it went, what may be taken along, what it still lacks, and what is left
//! of all incidents afterwards.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::retro::{Desk, ID, scene};
use sitroom::domain::event::*;
use sitroom::domain::rights::Right;
use sitroom::domain::{IncidentId, Intent, Person, Record, RetroId, Room, Span, Time, decide};
use sitroom::tui::chores::{Covered, Names, Order, Packed, Place, Wants, Written};
use sitroom::tui::clipboard::LONGEST;
use sitroom::tui::message::{Effect, Message};
use sitroom::tui::overlays::Overlay;
use std::sync::Arc;

fn order(wants: Wants, names: Names) -> Order {
    Order { incident: ID, wants, names }
}

fn written(place: Place) -> Packed {
    let folder = "/home/dana/postmortems/2026-03-16-inc-1-checkout-fails-after-v2-14-3".to_owned();
    let files = ["postmortem.html", "postmortem.json", "timeline.csv", "timeline.svg"].map(str::to_owned);
    let edited =
        "postmortem.new.md (beside postmortem.md, which somebody edited: 3 lines only here, 1 only there)";
    let files = std::iter::once(edited.to_owned()).chain(files).collect();
    Packed::Folder(Written { folder, place, files, markdown: 12_345 })
}

fn answer(desk: &mut Desk, wants: Wants, names: Names, packed: Packed) -> Vec<Effect> {
    desk.tell(Message::Packed { order: order(wants, names), outcome: Ok(packed) })
}

#[test]
fn one_key_writes_the_pack_and_offers_the_path_and_the_markdown() {
    let mut desk = Desk::new();
    assert_eq!(desk.press("X"), [Effect::Pack(order(Wants::Folder, Names::Kept))]);
    answer(&mut desk, Wants::Folder, Names::Kept, written(Place::Here));
    let copied = desk.press("enter");
    assert!(matches!(copied.as_slice(), [Effect::Copy { text, .. }] if text.starts_with("/home/dana/")));
    assert_eq!(desk.press("j enter"), [Effect::Pack(order(Wants::Markdown, Names::Kept))]);
    let copied = answer(&mut desk, Wants::Markdown, Names::Kept, Packed::Markdown("# it".into()));
    assert!(
        matches!(copied.as_slice(), [Effect::Copy { what, text }] if what == "the Markdown" && text == "# it")
    );
}

#[test]
fn what_would_be_hidden_is_looked_at_before_it_is_written() {
    let mut desk = Desk::new();
    desk.press("X");
    answer(&mut desk, Wants::Folder, Names::Kept, written(Place::Here));
    assert_eq!(desk.press("j j enter"), [Effect::Pack(order(Wants::Preview, Names::Hidden))]);
    let covered = vec![Covered { was: "dana".into(), is: "person-1".into(), times: 4 }];
    answer(&mut desk, Wants::Preview, Names::Hidden, Packed::Preview(covered));
    assert_eq!(desk.press("enter"), [Effect::Pack(order(Wants::Markdown, Names::Hidden))]);
}

#[test]
fn who_may_only_look_has_nothing_written_and_can_copy_the_markdown() {
    let mut desk = Desk::new();
    desk.ui.right = Right::Observe;
    assert_eq!(desk.press("X"), []);
    assert_eq!(desk.press("enter"), [Effect::Pack(order(Wants::Markdown, Names::Kept))]);
}

#[test]
fn a_folder_that_cannot_be_written_says_why_and_can_be_tried_again() {
    let mut desk = Desk::new();
    desk.press("X");
    let outcome = Err("/srv: permission denied; name a folder you may write to".to_owned());
    desk.tell(Message::Packed { order: order(Wants::Folder, Names::Kept), outcome });
    assert_eq!(desk.press("enter"), [Effect::Pack(order(Wants::Folder, Names::Kept))]);
}

#[test]
fn who_has_gone_on_is_told_where_it_went() {
    let mut desk = Desk::new();
    desk.press("X esc");
    answer(&mut desk, Wants::Folder, Names::Kept, written(Place::Here));
    assert!(desk.ui.toast.as_ref().unwrap().text.contains("/home/dana/postmortems/"));
}

#[test]
fn what_lacks_leads_to_where_it_is_written() {
    let mut desk = Desk::new();
    desk.press("P");
    assert!(matches!(desk.ui.overlays.last(), Some(Overlay::Gate(_))));
    desk.press("enter");
    assert!(matches!(desk.ui.overlays.last(), Some(Overlay::Retro(retro)) if retro.incident == ID));
}

/// The same room with what a retro promised, and with incidents before it.
fn promised() -> Scene {
    let mut scene = scene();
    let mut room = Room::clone(&scene.snapshot.room);
    let now = scene.now;
    let action = |text: &str, owner: Option<&str>, due: Option<Span>| {
        RetroContent::ActionItem(ActionItem {
            text: text.into(),
            action_type: ActionType::Guardrail,
            owner: owner.map(Person::new),
            due: due.map(|due| sitroom::domain::Day::of(now + due)),
            success: String::new(),
            follow_up: None,
            notes: String::new(),
            addresses: Vec::new(),
        })
    };
    let criterion = |signal: &str, watch: Option<Watch>| {
        RetroContent::KillCriterion(KillCriterion {
            signal: signal.into(),
            window: "60 days".into(),
            threshold: "once".into(),
            commitment: "re-train everybody on call within two weeks".into(),
            owner: Some(Person::new("dana")),
            source: "the journal".into(),
            watch,
        })
    };
    let watch = |measure, count| {
        Some(Watch { measure, at_least: None, from: None, window: Some(Span::days(60)), count })
    };
    let late = Measure::CommandLate { within: Span::minutes(10) };
    let rows = [
        action(
            "Try the rollback against the new schema in staging, every week",
            Some("sam"),
            Some(-Span::days(2)),
        ),
        action("Name somebody who keeps the playbook", None, Some(Span::days(9))),
        action("Write the release checklist anew", Some("lee"), None),
        criterion("IC not declared within 10 minutes", watch(late, 1)),
        criterion(
            "A stale playbook was used",
            watch(Measure::Labelled { label: "stale-playbook".into() }, 2),
        ),
        criterion("Another rollback fails for its schema", None),
    ];
    let dana = || Person::new("dana");
    let mut tell = |at: Time, intent: Intent| {
        let event = decide(&room, &dana(), intent).unwrap();
        room.apply(&Record { key: None, seq: room.seq.next(), at, by: dana(), event });
    };
    for row in rows {
        tell(now, Intent::WriteItem(ID, row));
    }
    for (number, minutes) in (2..).zip([4, 11, 7, 31, 9, 14]) {
        let incident = IncidentId(number);
        let declare = Intent::Declare {
            title: format!("Incident number {number}"),
            severity: Severity::Sev3,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        };
        tell(now, declare);
        tell(now + Span::minutes(minutes), Intent::TakeCommand { incident, relieving: None });
        tell(now + Span::minutes(40), Intent::Resolve(incident));
    }
    scene.snapshot.seq = room.seq;
    scene.snapshot.room = Arc::new(room);
    scene.now = now + Span::minutes(45);
    scene
}

fn pictured(name: &str, stage: &mut Stage) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, stage.picture()));
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[test]
fn what_is_left_of_all_incidents_in_every_size() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(promised(), width, height);
        stage.press("after.open");
        pictured(&format!("after-items-{width}x{height}"), &mut stage);
        stage.press("pane.next");
        pictured(&format!("after-triggers-{width}x{height}"), &mut stage);
        stage.press("pane.next");
        pictured(&format!("after-durations-{width}x{height}"), &mut stage);
    }
}

#[test]
fn what_the_post_mortem_lacks_in_every_size() {
    for (width, height) in SIZES {
        let mut stage = Stage::new(promised(), width, height);
        stage.press("screen.incident").press("gate.open");
        pictured(&format!("gate-{width}x{height}"), &mut stage);
    }
}

#[test]
fn the_exported_pack_in_every_size_on_a_host_and_with_what_it_hides() {
    let packed = |wants, names, packed| Message::Packed { order: order(wants, names), outcome: Ok(packed) };
    for (width, height) in SIZES {
        let mut stage = Stage::new(scene(), width, height);
        stage.press("screen.incident").press("item.explain").press("export.pack");
        stage.tell(packed(Wants::Folder, Names::Kept, written(Place::Here)));
        pictured(&format!("export-{width}x{height}"), &mut stage);
    }
    let mut stage = Stage::new(scene(), 80, 24);
    stage.press("screen.incident").press("item.explain").press("export.pack");
    stage.tell(packed(Wants::Folder, Names::Kept, written(Place::Host)));
    pictured("export-on-the-host-80x24", &mut stage);
    let covered = (1..=20).map(|n| Covered { was: format!("10.0.0.{n}"), is: "[address]".into(), times: n });
    stage.tell(packed(Wants::Preview, Names::Hidden, Packed::Preview(covered.collect())));
    pictured("export-preview-80x24", &mut stage);
}

#[test]
fn an_action_item_leads_to_its_row() {
    let mut desk = Desk::new();
    desk.scene = promised();
    desk.press("V enter");
    let is_there = |overlay: &Overlay| match overlay {
        Overlay::Retro(retro) => {
            retro.row(desk.scene.snapshot.room.incident(ID).unwrap()).map(|item| item.id)
        }
        _ => None,
    };
    assert_eq!(desk.ui.overlays.last().and_then(is_there), Some(RetroId(5)));
}

#[test]
fn more_than_a_terminal_takes_is_said_before_it_is_tried() {
    let mut stage = Stage::new(scene(), 120, 40);
    stage.press("screen.incident").press("item.explain").press("export.pack");
    let Packed::Folder(small) = written(Place::Here) else { panic!("a folder") };
    let outcome = Ok(Packed::Folder(Written { markdown: LONGEST + 1, ..small }));
    stage.tell(Message::Packed { order: order(Wants::Folder, Names::Kept), outcome });
    assert!(stage.picture().contains("too much for a terminal's 56,244"), "{}", stage.picture());
}
