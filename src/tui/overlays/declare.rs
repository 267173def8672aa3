//! The form that declares an incident: filled in as far as the cursor tells, so that Enter three times is enough.

mod draft;
mod view;

use super::takes_text::TakesText;
use crate::diagnosis::Level;
use crate::domain::event::{Evidence, Severity};
use crate::domain::incident::Status;
use crate::domain::text::clean;
use crate::domain::{Incident, Intent, Room, ServiceName};
use crate::keymap::{Chord, Key};
use crate::tui::asks::Ticket;
use crate::tui::drafts::Slot;
use crate::tui::evidence::Frozen;
use crate::tui::ui::World;
use crate::tui::widgets::field::Field;
use std::collections::BTreeSet;

#[derive(Debug)]
pub struct Declare {
    title: Field,
    impact: Field,
    severity: Severity,
    services: Services,
    evidence: Vec<Evidence>,
    takes_command: bool,
    part: Part,
    state: State,
    /// The answer it waits for.
    pub ticket: Option<Ticket>,
    /// What it said when it was opened, before anybody touched it.
    opened: String,
    /// Somebody was told that an open incident is about the same, and goes on.
    is_another: bool,
}

/// The lines of the form, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Title,
    Severity,
    Services,
    Impact,
    Command,
    Send,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Filling,
    Sent,
    Refused(String),
}

/// What the catalog offers, what is picked, and where the cursor stands among them.
#[derive(Debug, Default)]
struct Services {
    offered: Vec<ServiceName>,
    picked: BTreeSet<ServiceName>,
    at: usize,
}

const TITLE: &str = "what is wrong, in a few words";
const IMPACT: &str = "what customers feel; it can be said later";

/// What Enter does.
#[derive(Clone, Debug, PartialEq)]
pub enum Entered {
    Next,
    Send(Box<Intent>),
}

impl Part {
    const ALL: [Self; 6] =
        [Self::Title, Self::Severity, Self::Services, Self::Impact, Self::Command, Self::Send];

    fn step(self, by: isize) -> Self {
        let place = Self::ALL.iter().position(|part| *part == self).unwrap_or(0);
        let count = Self::ALL.len();
        Self::ALL[(place + count).wrapping_add_signed(by) % count]
    }

    /// Enter passes over what may be left as it is.
    const fn after_enter(self) -> Self {
        match self {
            Self::Title => Self::Severity,
            _ => Self::Send,
        }
    }
}

impl Declare {
    pub fn open(frozen: Option<Frozen>, world: World<'_>) -> Self {
        let mut offered: Vec<_> = world.snapshot.catalog.services.iter().map(|it| it.name.clone()).collect();
        let (text, service, evidence) = match frozen {
            Some(frozen) => (frozen.title, frozen.service, frozen.evidence),
            None => (String::new(), None, Vec::new()),
        };
        offered.extend(service.clone().filter(|service| !offered.contains(service)));
        let at = offered.iter().position(|it| Some(it) == service.as_ref()).unwrap_or(0);
        let mut form = Self {
            title: Field::proposing(TITLE, &clean(&text)),
            impact: Field::new(IMPACT),
            severity: severity_for(world.situation.state.level),
            services: Services { offered, picked: service.into_iter().collect(), at },
            evidence,
            takes_command: false,
            part: Part::Title,
            state: State::Filling,
            ticket: None,
            opened: String::new(),
            is_another: false,
        };
        form.opened = form.spelled();
        form
    }

    pub const fn takes_command(&self) -> bool {
        self.takes_command
    }

    pub fn refuse(&mut self, why: String) {
        self.state = State::Refused(why);
    }

    pub const fn is_sent(&self) -> bool {
        matches!(self.state, State::Sent)
    }

    /// The open incident about the same title, service or evidence, the youngest of them; asked once, when the form is sent.
    pub fn declared_before<'r>(&mut self, room: &'r Room) -> Option<&'r Incident> {
        if self.part != Part::Send
            || self.state == State::Sent
            || std::mem::replace(&mut self.is_another, true)
        {
            return None;
        }
        let title = self.title.text().trim().to_lowercase();
        let is_it = |incident: &&Incident| {
            incident.status == Status::Open
                && (incident.title.trim().to_lowercase() == title
                    || incident.services.iter().any(|service| self.services.picked.contains(service))
                    || incident.evidence.iter().any(|evidence| self.evidence.contains(evidence)))
        };
        room.incidents.values().map(|incident| &**incident).rev().find(is_it)
    }

    /// Nothing is sent twice, and nothing without a title.
    pub fn enter(&mut self) -> Entered {
        if self.part != Part::Send || self.state == State::Sent {
            self.part = self.part.after_enter();
            return Entered::Next;
        }
        let title = self.title.text().trim().to_owned();
        if title.is_empty() {
            self.part = Part::Title;
            self.refuse("say in a few words what is wrong".to_owned());
            return Entered::Next;
        }
        self.state = State::Sent;
        Entered::Send(Box::new(Intent::Declare {
            title,
            severity: self.severity,
            services: self.services.picked.iter().cloned().collect(),
            impact: self.impact.text().trim().to_owned(),
            evidence: self.evidence.clone(),
        }))
    }
}

impl TakesText for Declare {
    fn field(&mut self) -> Option<&mut Field> {
        match self.part {
            Part::Title => Some(&mut self.title),
            Part::Impact => Some(&mut self.impact),
            _ => None,
        }
    }

    fn key(&mut self, chord: Chord) -> bool {
        match self.part {
            Part::Title | Part::Impact => return self.field().is_some_and(|field| field.key(chord)),
            Part::Severity => self.severity = severity_by(self.severity, chord),
            Part::Services => self.services.key(chord),
            Part::Command | Part::Send if chord.typed() == Some(' ') => {
                self.takes_command = !self.takes_command;
            }
            Part::Command | Part::Send => {
                if chord.typed().is_some() && !self.is_sent() {
                    self.refuse("nothing is typed on this line: space marks it, tab goes on".to_owned());
                }
            }
        }
        false
    }

    fn step(&mut self, by: isize) {
        self.part = self.part.step(by);
    }

    fn draft(&self) -> Option<(Slot, String)> {
        if self.is_sent() { None } else { self.kept() }
    }

    fn awaits(&self) -> Option<Slot> {
        (self.spelled() == self.opened).then(Slot::declaration)
    }

    fn resume(&mut self, kept: &str) {
        self.take_up(kept);
    }
}

impl Services {
    fn key(&mut self, chord: Chord) {
        let last = self.offered.len().saturating_sub(1);
        match (chord.key, chord.typed()) {
            (Key::Left, _) => self.at = self.at.saturating_sub(1),
            (Key::Right, _) => self.at = (self.at + 1).min(last),
            (_, Some(' ')) => self.toggle(),
            (_, Some(letter)) => self.jump(letter),
            _ => {}
        }
    }

    fn toggle(&mut self) {
        if let Some(service) = self.offered.get(self.at)
            && !self.picked.remove(service)
        {
            self.picked.insert(service.clone());
        }
    }

    /// To the next service that begins with a letter.
    fn jump(&mut self, letter: char) {
        let begins =
            |n: &usize| self.offered[*n].as_str().to_lowercase().starts_with(letter.to_ascii_lowercase());
        let count = self.offered.len();
        let next = (1..=count).map(|n| (self.at + n) % count).find(begins);
        self.at = next.unwrap_or(self.at);
    }
}

/// When in doubt, higher.
const fn severity_for(level: Level) -> Severity {
    match level {
        Level::Critical => Severity::Sev1,
        Level::Degraded | Level::Elevated => Severity::Sev2,
        Level::Normal | Level::Unknown => Severity::Sev3,
    }
}

fn severity_by(severity: Severity, chord: Chord) -> Severity {
    let all = Severity::ALL;
    let place = all.iter().position(|it| *it == severity).unwrap_or(0);
    let to = match (chord.key, chord.typed()) {
        (Key::Left, _) => place.saturating_sub(1),
        (Key::Right, _) => place + 1,
        (_, Some(digit)) => digit.to_digit(10).and_then(|n| (n as usize).checked_sub(1)).unwrap_or(place),
        _ => place,
    };
    all.get(to).copied().unwrap_or(severity)
}

const fn meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Sev1 => "down, or data or money at risk: everybody, now",
        Severity::Sev2 => "badly broken for many customers",
        Severity::Sev3 => "broken for some, or there is a way around it",
        Severity::Sev4 => "a nuisance; working hours will do",
        Severity::Sev5 => "a near miss, or a question",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Time;
    use crate::domain::event::EntryKind;
    use crate::engine::Snapshot;

    fn form(frozen: Option<Frozen>) -> Declare {
        let snapshot = Snapshot::empty("room", Time::from_millis(0));
        let world = World { snapshot: &snapshot, situation: &snapshot.situation, now: Time::from_millis(0) };
        Declare::open(frozen, world)
    }

    fn alarm() -> Frozen {
        let evidence = vec![Evidence::Link { url: "https://alarm".into() }];
        Frozen {
            title: "5xx of payment-api".into(),
            text: "5xx of payment-api (peak 2 %)".into(),
            at: Time::from_millis(0),
            kind: EntryKind::Fact,
            service: Some(ServiceName::new("payment-api")),
            evidence,
        }
    }

    #[test]
    fn enter_three_times_is_enough() {
        let mut form = form(Some(alarm()));
        assert_eq!([form.enter(), form.enter()], [Entered::Next, Entered::Next]);
        let Entered::Send(intent) = form.enter() else { panic!("the third declares") };
        let expected = Intent::Declare {
            title: "5xx of payment-api".into(),
            severity: Severity::Sev3,
            services: vec![ServiceName::new("payment-api")],
            impact: String::new(),
            evidence: alarm().evidence,
        };
        assert_eq!(*intent, expected);
        assert_eq!(form.enter(), Entered::Next);
    }

    #[test]
    fn typing_replaces_the_proposed_title_and_an_arrow_edits_it() {
        let mut fresh = form(Some(alarm()));
        for c in "no sales".chars() {
            fresh.key(Chord::plain(Key::Char(c)));
        }
        assert_eq!(fresh.title.text(), "no sales");
        let mut edited = form(Some(alarm()));
        edited.key(Chord::plain(Key::Left));
        edited.key(Chord::plain(Key::Char('x')));
        assert_eq!(edited.title.text(), "5xx of payment-apxi");
    }

    #[test]
    fn a_form_that_was_left_comes_back_as_it_was() {
        let mut begun = form(Some(alarm()));
        begun.step(1);
        begun.key(Chord::plain(Key::Char('1')));
        let (slot, kept) = begun.draft().unwrap();
        let mut again = form(None);
        assert_eq!(again.awaits(), Some(slot));
        again.resume("{\"title\":");
        assert!(again.draft().is_none(), "what is no form is no draft");
        again.resume(&kept);
        assert_eq!((again.awaits(), again.draft()), (None, begun.draft()));
        again.part = Part::Send;
        begun.part = Part::Send;
        assert_eq!(again.enter(), begun.enter());
        assert!(
            again.draft().is_none() && again.kept().is_some(),
            "what was sent is kept by who waits for it"
        );
    }

    #[test]
    fn without_a_title_it_asks_for_one() {
        let mut form = form(None);
        form.step(-1);
        assert_eq!((form.enter(), form.part), (Entered::Next, Part::Title));
        assert!(matches!(form.state, State::Refused(_)));
    }

    #[test]
    fn severity_and_services_are_picked_with_the_arrows() {
        let mut form = form(Some(alarm()));
        form.step(1);
        form.key(Chord::plain(Key::Left));
        assert_eq!(form.severity, Severity::Sev2);
        form.key(Chord::plain(Key::Char('5')));
        assert_eq!(form.severity, Severity::Sev5);
        form.step(1);
        form.key(Chord::plain(Key::Char(' ')));
        assert!(form.services.picked.is_empty());
    }
}
