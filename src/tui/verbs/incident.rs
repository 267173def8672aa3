//! Verbs that run an incident: declare it, write into it, command it, and answer the questions on the way.

use super::items::item;
use super::{Able, Deed, app, perform};
use crate::domain::{Incident, Intent};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::drafts::Slot;
use crate::tui::evidence::{Frozen, can_be_frozen, frozen};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::command::Menu;
use crate::tui::overlays::confirm::{Question, Then};
use crate::tui::overlays::declare::Declare;
use crate::tui::overlays::editor::Editor;
use crate::tui::screens::Screen;
use crate::tui::ui::{Travel, Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed::always(Verb::ScreenIncident, |ui, world| {
        ui.incident.show_front(&world.snapshot.room);
        app::go(ui, Screen::Incident)
    }),
    Deed::always(Verb::IncidentDeclare, declare),
    Deed::always(Verb::EntryNew, write),
    Deed { verb: Verb::EntryPull, able: may_pull, run: pull },
    Deed { verb: Verb::CommandTake, able: has_incident, run: command },
    Deed { verb: Verb::ConfirmYes, able: is_asked, run: yes },
    Deed {
        verb: Verb::ConfirmNo,
        able: is_asked,
        run: |ui, _| {
            ui.overlays.pop();
            Vec::new()
        },
    },
];

/// The incident a person means: the one they look at, or the one in front.
pub fn target<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    let room = &world.snapshot.room;
    let shown = if ui.screen == Screen::Incident { ui.incident.shown(room) } else { None };
    shown.or_else(|| ui.incident.in_front(room))
}

pub fn has_incident(ui: &Ui, world: World<'_>) -> Able {
    match target(ui, world) {
        Some(_) => Able::Yes,
        None if is_unread(world) => Able::No("the journal is still being read".to_owned()),
        None => Able::No("no incident is open: D declares one".to_owned()),
    }
}

/// Nobody knows yet which incidents there are.
pub fn is_unread(world: World<'_>) -> bool {
    world.snapshot.loading && world.snapshot.seq.0 == 0
}

/// The form opens while the journal is still being read, and what it sends waits for that: a key that did nothing
/// would leave the title that is typed after it to be taken for keys.
pub fn declare(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let about = item(ui, world).filter(|_| !is_reading(ui));
    let form = Declare::open(about.and_then(|about| frozen(&about, world)), world);
    ui.overlays.push(Overlay::Declare(Box::new(form)));
    Vec::new()
}

/// A page that was left goes on before a line does. Where no incident is open the line is taken all the same: somebody who
/// types on would set off a key with every letter.
fn write(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let page = target(ui, world).map(|incident| (incident.id, Slot::page(incident.id, None)));
    let kept = page.and_then(|(incident, slot)| Some((incident, ui.drafts.take(&slot)?)));
    ui.scribe.open(target(ui, world).map(|incident| incident.id));
    ui.overlays.push(match kept {
        Some((incident, text)) => Overlay::Editor(Box::new(Editor::open(incident, &text))),
        None => Overlay::Scribe,
    });
    Vec::new()
}

/// While another moment is being worked out, what is under the cursor is of neither.
fn is_reading(ui: &Ui) -> bool {
    ui.travel.as_ref().is_some_and(Travel::is_reading)
}

/// What is under the cursor, frozen: a row of an answer, a signal or a finding.
fn pulled(ui: &Ui, world: World<'_>) -> Option<Frozen> {
    if let Some(Overlay::Queries(queries)) = ui.overlays.last() {
        return queries.frozen(world);
    }
    item(ui, world).and_then(|about| frozen(&about, world))
}

/// Whether there is anything to freeze, which is asked for every picture and so freezes nothing.
fn can_be_pulled(ui: &Ui, world: World<'_>) -> bool {
    if let Some(Overlay::Queries(queries)) = ui.overlays.last() {
        return queries.has_row();
    }
    item(ui, world).is_some_and(|about| can_be_frozen(&about, world))
}

fn may_pull(ui: &Ui, world: World<'_>) -> Able {
    match has_incident(ui, world) {
        Able::Yes if is_reading(ui) => Able::No("the room as of then is still being read".to_owned()),
        Able::Yes => Able::when(can_be_pulled(ui, world), "no signal or finding is under the cursor"),
        no => no,
    }
}

fn pull(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match (pulled(ui, world), target(ui, world)) {
        (Some(found), Some(incident)) => {
            asks::submit(ui, Intent::Write(incident.id, found.content()), Origin::Key)
        }
        _ => Vec::new(),
    }
}

fn command(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some(incident) = target(ui, world) {
        let menu = Menu::open(incident, ui, world);
        ui.overlays.push(Overlay::Command(menu));
    }
    Vec::new()
}

fn is_asked(ui: &Ui, _: World<'_>) -> Able {
    let is_asked = matches!(ui.overlays.last(), Some(Overlay::Confirm(_) | Overlay::Question(_)));
    Able::when(is_asked, "nothing is asked")
}

fn yes(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match ui.overlays.pop() {
        Some(Overlay::Question(Question { then: Then::Quit, .. })) => vec![Effect::Quit],
        Some(Overlay::Question(Question { then: Then::Show(incident), .. })) => {
            // The form waits as a draft, should it have been another trouble after all.
            let effects = perform(Verb::OverlayClose, ui, world);
            ui.screen = Screen::Incident;
            ui.incident.show(incident);
            effects
        }
        Some(Overlay::Confirm(confirm)) => {
            // A form that asked stays until the answer is there.
            let origin = match ui.overlays.last() {
                Some(Overlay::Sign(form)) => Origin::Form { kept: form.kept() },
                _ => Origin::Key,
            };
            asks::submit(ui, confirm.intent, origin)
        }
        other => {
            ui.overlays.extend(other);
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{EntryKind, Severity, Verdict};
    use crate::domain::{Person, Record, Refusal, Room, Seq, Span, Time, decide};
    use crate::engine::{Snapshot, SubmitError};
    use crate::keymap::Chord;
    use crate::theme::Theme;
    use crate::tui::asks::Ticket;
    use crate::tui::carrier::Abilities;
    use crate::tui::damage::Damage;
    use crate::tui::follow::Following;
    use crate::tui::frame::Frame;
    use crate::tui::input::Input;
    use crate::tui::message::Message;
    use crate::tui::ui::{Look, Zone};
    use crate::tui::update::update;
    use crate::tui::view::view;
    use jiff::tz::TimeZone;
    use ratatui::buffer::Cell;
    use ratatui::layout::Size;
    use std::sync::Arc;

    /// One person's session on a room whose journal answers when it is told to.
    struct Table {
        ui: Ui,
        snapshot: Snapshot,
        asked: Vec<(Ticket, Intent)>,
    }

    impl Table {
        fn new() -> Self {
            let now: Time = "2026-03-16T14:29:30Z".parse().unwrap();
            let mut snapshot = Snapshot::empty("room", now);
            snapshot.loading = false;
            let look = Look::only(Theme::default(), false);
            let size = Size::new(120, 40);
            let zone = Zone::new(TimeZone::UTC);
            let ui = Ui::new(Person::new("dana"), look, Arc::default(), zone, Abilities::default(), size);
            Self { ui, snapshot, asked: Vec::new() }
        }

        fn with_incident() -> Self {
            let mut table = Self::new();
            table.press("D").type_in("Checkout fails").press("enter enter enter").answer();
            table
        }

        fn tell(&mut self, message: Message) {
            let now = "2026-03-16T14:29:30Z".parse().unwrap();
            let world = World { snapshot: &self.snapshot, situation: &self.snapshot.situation, now };
            for effect in update(&mut self.ui, message, world) {
                if let Effect::Submit { ticket, intent } = effect {
                    self.asked.push((ticket, *intent));
                }
            }
        }

        fn press(&mut self, keys: &str) -> &mut Self {
            for chord in Chord::sequence(keys).unwrap() {
                self.tell(Message::Input(Input::Key(chord)));
            }
            self
        }

        fn type_in(&mut self, text: &str) -> &mut Self {
            self.tell(Message::Input(Input::Paste(text.to_owned())));
            self
        }

        fn intents(&self) -> Vec<Intent> {
            self.asked.iter().map(|(_, intent)| intent.clone()).collect()
        }

        /// The journal takes everything it was asked.
        fn answer(&mut self) -> &mut Self {
            while !self.asked.is_empty() {
                let (ticket, intent) = self.asked.remove(0);
                let by = self.ui.me.clone();
                let outcome = decide(&self.snapshot.room, &by, intent).map(|event| {
                    let at = "2026-03-16T14:29:30Z".parse().unwrap();
                    let record = Record { key: None, seq: self.snapshot.seq.next(), at, by, event };
                    let mut room = Room::clone(&self.snapshot.room);
                    room.apply(&record);
                    self.snapshot.seq = room.seq;
                    self.snapshot.room = Arc::new(room);
                    record
                });
                let outcome = Box::new(outcome.map_err(SubmitError::from));
                self.tell(Message::Answered { ticket, outcome });
            }
            self
        }

        fn refuse(&mut self, error: &SubmitError) {
            for (ticket, _) in std::mem::take(&mut self.asked) {
                self.tell(Message::Answered { ticket, outcome: Box::new(Err(error.clone())) });
            }
        }

        fn incident(&self) -> &Incident {
            self.snapshot.room.in_front().unwrap()
        }
    }

    #[test]
    fn an_incident_is_declared_and_commanded_in_one_breath() {
        let mut table = Table::new();
        table.press("D").type_in("Checkout fails").press("enter enter space enter");
        assert!(
            matches!(table.intents().as_slice(), [Intent::Declare { title, .. }] if title == "Checkout fails")
        );
        assert!(
            matches!(table.ui.overlays.last(), Some(Overlay::Declare(_))),
            "it stays until it is durable"
        );
        table.answer();
        assert_eq!((table.ui.screen, table.ui.overlays.len()), (Screen::Incident, 0));
        assert_eq!(table.incident().command.holder, Some(Person::new("dana")));
    }

    #[test]
    fn what_is_typed_before_the_journal_is_read_is_text_and_no_keys() {
        let mut table = Table::new();
        table.snapshot.loading = true;
        table.press("D").type_in("Checkout fails").press("enter enter enter").answer();
        assert_eq!(table.incident().title, "Checkout fails");
        let mut table = Table::new();
        table.snapshot.loading = true;
        table.press("n f q enter");
        assert_eq!(table.toast(), "The journal is still being read: enter again in a moment");
        table.press("esc I");
        assert_eq!(table.toast(), "The journal is still being read");
        let room = Arc::clone(&Table::with_incident().snapshot.room);
        table.snapshot = Snapshot { seq: room.seq, room, loading: false, ..table.snapshot };
        table.press("n enter").answer();
        assert_eq!(table.incident().entries.len(), 1);
    }

    #[test]
    fn lines_are_written_one_after_the_other_without_waiting() {
        let mut table = Table::with_incident();
        table.press("1 n").type_in("f -7m pool is full").press("enter").type_in("h a leak").press("enter");
        assert_eq!((table.asked.len(), table.ui.asks.waiting().len()), (2, 2));
        assert!(matches!(table.ui.overlays.last(), Some(Overlay::Scribe)));
        table.answer();
        let kinds: Vec<_> = table.incident().entries.values().map(|it| it.content.entry_kind).collect();
        assert_eq!(kinds, [EntryKind::Fact, EntryKind::Hypothesis]);
        assert!(table.ui.asks.waiting().is_empty());
    }

    #[test]
    fn a_line_that_was_not_saved_is_back_in_the_line_with_the_reason() {
        let mut table = Table::with_incident();
        table.press("n").type_in("f pool is full").press("enter");
        table.refuse(&SubmitError::NotSaved { what: "the disk is full".into(), fix: "free some".into() });
        assert_eq!(table.ui.scribe.field.text(), "f pool is full");
        table.press("enter").answer();
        assert_eq!(table.incident().entries.len(), 1);
    }

    #[test]
    fn leaving_the_line_keeps_what_is_half_typed() {
        let mut table = Table::with_incident();
        table.press("n").type_in("f half").press("esc 1 n");
        assert_eq!(table.ui.scribe.field.text(), "f half");
    }

    #[test]
    fn a_key_changes_the_selected_entry_and_only_that() {
        let mut table = Table::with_incident();
        table.press("n").type_in("f one").press("enter").type_in("f two").press("enter esc").answer();
        table.press("d");
        assert_eq!(table.intents(), [], "nothing is selected yet");
        table.press("k h").answer().press("-").type_in("it is not").press("enter");
        assert!(matches!(
            table.intents().as_slice(),
            [Intent::Judge(_, entry, Verdict::Refuted, reason, _)] if entry.0 == 2 && reason == "it is not"
        ));
    }

    #[test]
    fn relieving_somebody_wants_a_yes() {
        let mut table = Table::with_incident();
        table.ui.me = Person::new("sam");
        table.press("I enter").answer();
        table.ui.me = Person::new("dana");
        table.press("I enter enter");
        assert_eq!(table.intents(), [], "enter is no answer to the question");
        table.press("y");
        let relieving = Some(Person::new("sam"));
        assert_eq!(table.intents(), [Intent::TakeCommand { incident: table.incident().id, relieving }]);
    }

    #[test]
    fn without_an_incident_there_is_nothing_to_write_into() {
        let mut table = Table::new();
        table.press("p I");
        assert_eq!((table.ui.overlays.len(), table.intents().len()), (0, 0));
        assert!(table.ui.toast.is_some());
        table.press("D").type_in("x").press("enter enter enter");
        table.refuse(&SubmitError::Refused(Refusal::NoTitle));
        assert!(matches!(table.ui.overlays.last(), Some(Overlay::Declare(_))));
        assert_eq!(table.snapshot.seq, Seq::default());
    }

    impl Table {
        /// Somebody else declares meanwhile.
        fn hear_of(&mut self, title: &str, severity: Severity) -> &mut Self {
            let intent = Intent::Declare {
                title: title.into(),
                severity,
                services: Vec::new(),
                impact: String::new(),
                evidence: Vec::new(),
            };
            let (me, mine) = (self.ui.me.clone(), std::mem::take(&mut self.asked));
            self.ui.me = Person::new("sam");
            self.asked = vec![(Ticket::default(), intent)];
            self.answer();
            (self.ui.me, self.asked) = (me, mine);
            self.tell(Message::News);
            self
        }

        fn top_row(&self) -> String {
            let now = "2026-03-16T14:29:30Z".parse().unwrap();
            let now = self.ui.travel.as_ref().map_or(now, |travel| travel.at);
            let world = World { snapshot: &self.snapshot, situation: &self.snapshot.situation, now };
            let mut frame = Frame::new(self.ui.size);
            view(&self.ui, world, &mut frame, Damage::All);
            frame.buffer.content[..usize::from(self.ui.size.width)].iter().map(Cell::symbol).collect()
        }

        fn toast(&self) -> &str {
            self.ui.toast.as_ref().map_or("", |toast| &toast.text)
        }
    }

    #[test]
    fn a_line_is_taken_before_there_is_an_incident_and_goes_into_the_next() {
        let mut table = Table::new();
        table.press("n").type_in("t q D quiet").press("enter");
        assert!(matches!(table.ui.overlays[..], [Overlay::Scribe]), "{:?}", table.ui.overlays);
        assert!(table.intents().is_empty() && table.toast().contains("D declares one"), "{}", table.toast());
        table.hear_of("Checkout fails", Severity::Sev2).press("enter");
        let intents = table.intents();
        let [Intent::Write(_, content)] = &intents[..] else { panic!("{intents:?}") };
        assert!(content.text.contains("quiet"));
    }

    #[test]
    fn a_line_goes_into_the_incident_it_was_begun_for_whatever_is_in_front_by_then() {
        let mut table = Table::with_incident();
        let begun_for = table.incident().id;
        table.press("1 n").type_in("f pool is full").hear_of("Everything is down", Severity::Sev1);
        assert_ne!(table.incident().id, begun_for, "another one is in front");
        table.press("enter");
        let [Intent::Write(into, _)] = table.intents()[..] else { panic!("{:?}", table.intents()) };
        assert_eq!(into, begun_for);
    }

    #[test]
    fn an_answer_closes_the_declaration_it_is_of_and_no_other() {
        let mut table = Table::new();
        table.press("D").type_in("Checkout fails").press("enter enter enter");
        let first = std::mem::take(&mut table.asked);
        table.ui.overlays.push(Overlay::Declare(Box::new({
            let now = "2026-03-16T14:29:30Z".parse().unwrap();
            let world = World { snapshot: &table.snapshot, situation: &table.snapshot.situation, now };
            Declare::open(None, world)
        })));
        table.type_in("Logins fail");
        table.asked = first;
        table.answer();
        assert_eq!(table.ui.overlays.len(), 1, "the other one is still being filled in");
        table.press("enter enter enter");
        assert!(matches!(&table.intents()[..], [Intent::Declare { title, .. }] if title == "Logins fail"));
        table.refuse(&SubmitError::Refused(Refusal::NoTitle));
        assert_eq!(table.ui.overlays.len(), 1);
    }

    #[test]
    fn while_another_moment_is_worked_out_the_header_says_so_and_nothing_is_frozen() {
        let mut table = Table::with_incident();
        table.press("1 [");
        assert!(table.top_row().contains("reading, AS OF"), "{}", table.top_row());
        table.press("p");
        assert_eq!((table.intents(), table.toast()), (vec![], "The room as of then is still being read"));
        let at = table.ui.travel.as_ref().unwrap().at;
        table.tell(Message::NotLookedBack(at - Span::minutes(1)));
        assert!(table.ui.travel.is_some(), "what nobody waits for any more is none of their business");
        table.tell(Message::NotLookedBack(at));
        assert!(table.ui.travel.is_none() && table.toast().contains("could not be worked out"));
    }

    #[test]
    fn who_looks_on_changes_nothing_they_do_not_see() {
        let mut table = Table::with_incident();
        let picture = Arc::new(Frame::new(table.ui.size));
        table.ui.company.following = Some(Following { person: Person::new("sam"), picture });
        table.ui.screen = Screen::Feed;
        for keys in ["n", "D", "I", "p"] {
            table.press(keys);
            assert_eq!((table.ui.overlays.len(), table.intents()), (0, vec![]), "{keys}");
            assert!(table.toast().contains("This is sam's screen"), "{keys}: {}", table.toast());
        }
        table.press("2");
        assert!(table.ui.company.following.is_none(), "whoever goes somewhere goes their own way");
    }
}
