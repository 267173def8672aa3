//! The retro of an incident on screen: what it shows in every size, and a section's way through an editor.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use sitroom::domain::event::*;
use sitroom::domain::{EntryId, IncidentId, Intent, Person, Record, RetroId, Room, SignalLog, Time, decide};
use sitroom::engine::SubmitError;
use sitroom::keymap::Chord;
use sitroom::theme::Theme;
use sitroom::tui::carrier::Abilities;
use sitroom::tui::input::Input;
use sitroom::tui::message::{Effect, Message};
use sitroom::tui::overlays::Overlay;
use sitroom::tui::ui::{Look, Ui, World, Zone};
use sitroom::tui::update::update;
use std::sync::Arc;

pub(super) const ID: IncidentId = IncidentId(1);

fn factor(cluster: Cluster, text: &str) -> RetroContent {
    let support = Support { evidence: "E3, the release log".into(), grounds: Vec::new() };
    let made_sense = "it had worked in every drill before".into();
    RetroContent::Factor { cluster, text: text.into(), support, made_sense, fix: String::new() }
}

fn why(of: u32, text: &str, answer: &str) -> RetroContent {
    let of = Some(RetroId(of));
    RetroContent::Why { of, text: text.into(), answer: answer.into(), support: Support::default() }
}

/// An incident that is over, with a retro that has begun.
pub(super) fn scene() -> Scene {
    let mut scene = Scene::at_the_end();
    let mut room = Room::default();
    let declare = Intent::Declare {
        title: "Checkout fails after v2.14.3".into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let rows = [
        factor(Cluster::Tech, "The rollback had never been tried against the new schema"),
        factor(Cluster::Process, "The rollback playbook was outdated, and nobody was named to keep it"),
        why(2, "Why was the playbook outdated?", "No step of a release looks at it"),
        why(3, "Why does no step look at it?", "The checklist is older than the playbook"),
    ];
    let rows = rows.into_iter().map(|row| Intent::WriteItem(ID, row));
    for intent in [declare, Intent::Resolve(ID)].into_iter().chain(rows) {
        let by = Person::new("dana");
        let event = decide(&room, &by, intent).unwrap();
        room.apply(&Record { key: None, seq: room.seq.next(), at: scene.now, by, event });
    }
    scene.snapshot.seq = room.seq;
    scene.snapshot.room = Arc::new(room);
    scene
}

fn open(stage: &mut Stage) {
    stage.press("screen.incident").press("item.explain").press("retro.open");
}

#[test]
fn the_retro_goes_section_by_section_in_every_size() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::new(scene(), width, height);
        open(&mut stage);
        stage.press("pane.next").press("pane.next");
        for _ in 0..4 {
            stage.press("list.down");
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("retro-{width}x{height}"), stage.picture()));
    }
}

/// One person with an editor.
pub(super) struct Desk {
    pub(super) ui: Ui,
    pub(super) scene: Scene,
}

impl Desk {
    pub(super) fn new() -> Self {
        let look = Look::only(Theme::default(), false);
        let able = Abilities { editor: true, ..Abilities::default() };
        let zone = Zone::new(TimeZone::UTC);
        let ui = Ui::new(Person::new("dana"), look, Arc::default(), zone, able, Size::new(120, 40));
        Self { ui, scene: scene() }
    }

    pub(super) fn tell(&mut self, message: Message) -> Vec<Effect> {
        let Scene { snapshot, now } = &self.scene;
        let now: Time = *now;
        update(&mut self.ui, message, World { snapshot, situation: &snapshot.situation, now })
    }

    pub(super) fn press(&mut self, keys: &str) -> Vec<Effect> {
        let chords = Chord::sequence(keys).unwrap();
        chords.into_iter().flat_map(|chord| self.tell(Message::Input(Input::Key(chord)))).collect()
    }

    fn opened(&mut self) -> String {
        match self.press("e").as_slice() {
            [Effect::Edit(text)] => text.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn intents(effects: Vec<Effect>) -> Vec<Intent> {
        let asked = effects.into_iter().filter_map(|effect| match effect {
            Effect::Submit { intent, .. } => Some(*intent),
            _ => None,
        });
        asked.collect()
    }
}

#[test]
fn a_section_comes_back_from_the_editor_and_what_cannot_be_read_is_given_out_again() {
    let mut desk = Desk::new();
    desk.press("2 enter R tab tab");
    let text = desk.opened();
    assert!(text.contains("## factor [R2]\ncluster: process\n"), "{text}");
    let broken = text.replace("cluster: process", "cluster: kitchen");
    assert_eq!(Desk::intents(desk.tell(Message::Edited(Ok(broken)))), []);
    let again = desk.opened();
    assert!(again.contains("is none of tech"), "{again}");
    let mended = again.replace("cluster: kitchen", "cluster: people");
    let intents = Desk::intents(desk.tell(Message::Edited(Ok(mended))));
    let [Intent::ReviseItem(ID, RetroId(2), RetroContent::Factor { cluster, .. }, _)] = intents.as_slice()
    else {
        panic!("{intents:?}")
    };
    assert_eq!(*cluster, Cluster::People);
}

/// Everything that was asked comes to nothing.
fn refuse_all(desk: &mut Desk, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Submit { ticket, .. } = effect {
            let error = SubmitError::NotSaved { what: "the disk is full".into(), fix: String::new() };
            desk.tell(Message::Answered { ticket, outcome: Box::new(Err(error)) });
        }
    }
}

#[test]
fn rows_the_journal_did_not_take_are_given_out_again() {
    let mut desk = Desk::new();
    desk.press("2 enter R tab tab");
    let text = desk.opened();
    let more = text.replace("cluster: process", "cluster: people")
        + "\n## why\ntext: Why one?\n\n## why\ntext: Why two?\n";
    let effects = desk.tell(Message::Edited(Ok(more)));
    assert_eq!(Desk::intents(effects.clone()).len(), 3);
    refuse_all(&mut desk, effects);
    let again = desk.opened();
    for said in ["text: Why one?", "text: Why two?", "cluster: people"] {
        assert!(again.contains(said), "{said}: {again}");
    }
    // An editor that fails takes nothing away, and what it gives back is asked once more.
    desk.tell(Message::Edited(Err("vim ended with exit status: 1".into())));
    let again = desk.opened();
    assert_eq!(Desk::intents(desk.tell(Message::Edited(Ok(again)))).len(), 3);
    assert_eq!(desk.opened(), text, "what is being saved is not given out twice");
}

#[test]
fn what_could_not_be_read_is_kept_of_every_section() {
    let mut desk = Desk::new();
    desk.press("2 enter R tab tab");
    let broken = desk.opened().replace("cluster: process", "cluster: kitchen");
    let effects = desk.tell(Message::Edited(Ok(broken)));
    let is_kept =
        |effect: &Effect| matches!(effect, Effect::KeepDraft { text, .. } if text.contains("kitchen"));
    assert!(effects.iter().any(is_kept), "a crash would take it: {effects:?}");
    desk.press("tab");
    let broken = desk.opened() + "\n## kitchen\n";
    desk.tell(Message::Edited(Ok(broken)));
    assert!(desk.opened().contains("## kitchen"));
    desk.tell(Message::Edited(Err("gone".into())));
    desk.press("shift-tab");
    assert!(desk.opened().contains("cluster: kitchen"));
}

#[test]
fn a_row_is_written_in_a_form_and_a_why_knows_what_it_asks_about() {
    let mut desk = Desk::new();
    desk.press("2 enter R tab tab j w");
    desk.tell(Message::Input(Input::Paste("Why was it never tried?".into())));
    let asked = RetroContent::Why {
        of: Some(RetroId(1)),
        text: "Why was it never tried?".into(),
        answer: String::new(),
        support: Support::default(),
    };
    assert_eq!(Desk::intents(desk.press("enter")), [Intent::WriteItem(ID, asked)]);
    desk.press("a");
    assert_eq!(Desk::intents(desk.press("enter")), [], "a row that says nothing is not taken");
}

#[test]
fn a_struck_row_stays_in_sight_and_comes_back() {
    let mut desk = Desk::new();
    let mut room = (*desk.scene.snapshot.room).clone();
    let by = Person::new("dana");
    let event = decide(&room, &by, Intent::StrikeItem(ID, RetroId(1), "said twice".into())).unwrap();
    room.apply(&Record { key: None, seq: room.seq.next(), at: desk.scene.now, by, event });
    desk.scene.snapshot.room = Arc::new(room);
    desk.press("2 enter R tab tab j j j j");
    assert_eq!(Desk::intents(desk.press("enter")), [], "what is struck is not written anew");
    assert_eq!(Desk::intents(desk.press("x")), [Intent::RestoreItem(ID, RetroId(1))]);
}

#[test]
fn the_retro_of_what_is_over_opens_with_one_key_from_every_screen() {
    for screen in ["1", "2", "3", "4", "5", "6"] {
        let mut desk = Desk::new();
        desk.press(screen);
        desk.press("R");
        let is_open = matches!(desk.ui.overlays.last(), Some(Overlay::Retro(retro)) if retro.incident == ID);
        assert!(is_open, "screen {screen}: {:?}", desk.ui.toast);
    }
}

#[test]
fn an_entry_a_finding_or_a_signal_is_pulled_in_as_what_a_row_rests_on() {
    let mut desk = Desk::new();
    let mut room = (*desk.scene.snapshot.room).clone();
    let content = Content {
        entry_kind: EntryKind::Fact,
        happened: When::exactly(desk.scene.now),
        text: "the rollback fails".into(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    };
    let by = Person::new("dana");
    let event = decide(&room, &by, Intent::Write(ID, content)).unwrap();
    room.apply(&Record { key: None, seq: room.seq.next(), at: desk.scene.now, by, event });
    desk.scene.snapshot.room = Arc::new(room);
    let mut grounds = |keys: &str| {
        desk.press("2 enter R tab tab j");
        let intents = Desk::intents(desk.press(keys));
        desk.press("esc");
        let [Intent::ReviseItem(ID, RetroId(1), content, _)] = intents.as_slice() else {
            panic!("{intents:?}")
        };
        content.support().unwrap().grounds.clone()
    };
    let entry = EntryId(1);
    assert_eq!(grounds("p enter"), [Ground::Entry { of: None, entry }]);
    let finding = grounds("p tab enter");
    assert!(
        matches!(finding.as_slice(), [Ground::Evidence { evidence: Evidence::Finding { .. } }, ..]),
        "{finding:?}"
    );
    let signal = grounds("p tab tab enter");
    assert!(
        matches!(signal.as_slice(), [Ground::Evidence { evidence: Evidence::Signal { .. } }, ..]),
        "{signal:?}"
    );
}

#[test]
fn what_can_be_pulled_in_is_listed_in_every_size() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::new(scene(), width, height);
        open(&mut stage);
        stage.press("pane.next").press("pane.next").press("list.down").press("retro.pull");
        stage.press("pane.next").press("pane.next");
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("retro-pull-{width}x{height}"), stage.picture()));
    }
}

#[test]
fn what_is_not_kept_any_more_is_not_said_to_be_there_already() {
    let mut desk = Desk::new();
    desk.press("2 enter R tab tab j p tab tab");
    desk.scene.snapshot.signals = SignalLog::new();
    assert_eq!(Desk::intents(desk.press("enter")), []);
    assert!(desk.ui.toast.as_ref().is_some_and(|toast| toast.text.contains("older than what is kept")));
}
