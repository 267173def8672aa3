//! What is half typed, as it is to be found again after a crash, a kill or a closed window.
//!
//! Pure: it compares what is half typed with what was kept last, and the difference is an effect. A line that was
//! handed over is half typed until it is durable, so a draft goes only when what it became is on disk.

mod offer;

pub use offer::{offer, restore, settle};

use super::asks::{Origin, Ticket};
use super::damage::Damage;
use super::message::Effect;
use super::overlays::Overlay;
use super::overlays::scribe::revision;
use super::ui::{Ui, World};
use crate::domain::{Intent, Time};
use std::collections::BTreeMap;
use std::fmt;

/// Where something is typed, as a key of what is kept of one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(String);

#[derive(Debug, Default)]
pub struct Drafts {
    /// Which session this is: two windows of one person do not overwrite each other's line.
    session: String,
    /// What the driver was asked to keep last.
    kept: BTreeMap<Slot, String>,
    /// Sentences that are typed nowhere at the moment, each waiting for its place to be opened again.
    parked: BTreeMap<Slot, String>,
    /// When the lines that are not durable yet were handed over.
    since: BTreeMap<Ticket, Time>,
    /// Lines an earlier session handed over; the journal has to say whether they became durable.
    unsettled: Vec<(Time, String)>,
    /// Whether the person knows that drafts cannot be kept at the moment.
    has_complained: bool,
}

impl Slot {
    /// Where else somebody types; two places never share a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn declaration() -> Self {
        Self::new("declaration")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn line(session: &str) -> Self {
        Self(format!("{LINE}{session}"))
    }

    fn handed(session: &str) -> Self {
        Self(format!("{HANDED}{session}"))
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const LINE: &str = "line ";
const HANDED: &str = "handed ";

impl Drafts {
    /// Keeps a sentence until its place is opened again.
    pub fn park(&mut self, slot: Slot, text: String) {
        if text.trim().is_empty() {
            self.parked.remove(&slot);
        } else {
            self.parked.insert(slot, text);
        }
    }

    /// Hands out what waits for a place that is opened.
    pub fn take(&mut self, slot: &Slot) -> Option<String> {
        self.parked.remove(slot)
    }
}

/// What the driver has to keep, after whatever has just been done; an empty text is nothing to keep.
pub fn changes(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let handed = handed(ui, world.present());
    let wording = wording(ui, handed);
    let before = std::mem::take(&mut ui.drafts.kept);
    let gone = before.keys().filter(|slot| !wording.contains_key(*slot));
    let gone = gone.map(|slot| Effect::KeepDraft { slot: slot.clone(), text: String::new() });
    let new = wording.iter().filter(|(slot, text)| before.get(*slot) != Some(*text));
    let new = new.map(|(slot, text)| Effect::KeepDraft { slot: slot.clone(), text: text.clone() });
    let effects = gone.chain(new).collect();
    ui.drafts.kept = wording;
    effects
}

/// The driver could not keep what is typed, or could again.
pub fn kept(ui: &mut Ui, outcome: Result<(), String>) {
    match outcome {
        Err(why) if !ui.drafts.has_complained => {
            ui.drafts.has_complained = true;
            ui.complain(format!("What is half typed would not survive a crash: {why}"));
        }
        Ok(()) if ui.drafts.has_complained => {
            ui.drafts.has_complained = false;
            ui.say("What is half typed is kept again");
        }
        Ok(()) | Err(_) => ui.damage = Damage::NONE,
    }
}

fn wording(ui: &Ui, handed: String) -> BTreeMap<Slot, String> {
    let mut wording = ui.drafts.parked.clone();
    wording.extend(ui.overlays.iter().filter_map(sentence));
    wording.extend(ui.undeclared.iter().filter_map(|form| form.draft()));
    wording.extend(ui.asks.waiting().iter().filter_map(|asked| match (&asked.origin, &asked.intent) {
        (Origin::Sentence { slot, text }, _) => Some((slot.clone(), text.clone())),
        (Origin::Typed(wants, text), _) => Some((wants.slot(), text.clone())),
        (Origin::Line(line), Intent::Revise(incident, entry, _)) => {
            Some((revision(*incident, *entry), line.clone()))
        }
        _ => None,
    }));
    wording.extend(ui.scribe.revision_draft());
    wording.insert(Slot::line(&ui.drafts.session), ui.scribe.line_draft());
    wording.insert(Slot::handed(&ui.drafts.session), handed);
    wording.retain(|_, text| !text.trim().is_empty());
    wording
}

/// What is typed in an overlay, where it holds a person's sentence.
fn sentence(overlay: &Overlay) -> Option<(Slot, String)> {
    match overlay {
        Overlay::Ask(ask) => Some((ask.slot(), ask.field.text().to_owned())),
        Overlay::Typed(typed) => Some((typed.wants.slot(), typed.field.text().to_owned())),
        Overlay::Declare(form) => form.draft(),
        // The line belongs to the session; what is looked for is no sentence.
        Overlay::Scribe
        | Overlay::Help(_)
        | Overlay::Palette(_)
        | Overlay::Themes(_)
        | Overlay::Detail(_)
        | Overlay::Filter(_)
        | Overlay::Goto(_)
        | Overlay::Catchup(_)
        | Overlay::Command(_)
        | Overlay::Confirm(_)
        | Overlay::Board(_)
        | Overlay::Update(_)
        | Overlay::HandOver(_)
        | Overlay::Packet(_)
        | Overlay::Queries(_)
        | Overlay::Sources(_)
        | Overlay::Retro(_)
        | Overlay::RetroForm(_) => None,
    }
}

/// The lines that are on their way, each with the moment it was handed over.
fn handed(ui: &mut Ui, now: Time) -> String {
    let waiting: Vec<_> = ui.asks.waiting().iter().filter(|asked| is_line(&asked.origin)).collect();
    let before = std::mem::take(&mut ui.drafts.since);
    let since = |ticket: &Ticket| before.get(ticket).copied().unwrap_or(now);
    ui.drafts.since = waiting.iter().map(|asked| (asked.ticket, since(&asked.ticket))).collect();
    let on_their_way = waiting.iter().filter_map(|asked| match (&asked.origin, &asked.intent) {
        (Origin::Line(line), Intent::Write(..)) => Some((ui.drafts.since[&asked.ticket], line.as_str())),
        _ => None,
    });
    let unsettled = ui.drafts.unsettled.iter().map(|(at, line)| (*at, line.as_str()));
    let lines: Vec<_> =
        unsettled.chain(on_their_way).map(|(at, line)| format!("{} {line}", at.millis())).collect();
    lines.join("\n")
}

const fn is_line(origin: &Origin) -> bool {
    matches!(origin, Origin::Line(_))
}
