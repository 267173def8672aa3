//! What is half typed, as it is to be found again after a crash, a kill or a closed window.
//!
//! Pure: it compares what is half typed with what was kept last, and the difference is an effect. A line that was
//! handed over is half typed until it is durable, so a draft goes only when what it became is on disk.

mod offer;

pub use offer::{offer, restore, settle};

use super::asks::{Asked, Origin, Ticket};
use super::damage::Damage;
use super::message::Effect;
use super::overlays::takes_text::TakesText;
use super::ui::{Ui, World};
use crate::domain::{EntryId, IncidentId, Intent, Time};
use std::collections::BTreeMap;
use std::fmt;

/// What somebody has typed, and where.
pub type Draft = (Slot, String);

/// For how long what is half typed is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lasts {
    #[default]
    Always,
    /// It could not be kept the last time, and the person knows.
    Refused,
    /// There is nowhere to keep it.
    Nowhere,
}

/// Where something is typed, as a key of what is kept of one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(String);

#[derive(Debug)]
pub struct Drafts {
    /// Which session this is: two windows of one person do not overwrite each other's line.
    session: String,
    /// What the driver was asked to keep last.
    kept: BTreeMap<Slot, String>,
    /// Sentences that are typed nowhere at the moment, each waiting for its place to be opened again.
    parked: BTreeMap<Slot, String>,
    /// When the lines that are not durable yet were handed over.
    since: BTreeMap<Ticket, Time>,
    /// What is half typed in the line, and since when it says so.
    line: (String, Time),
    /// Lines an earlier session kept, and since when; the journal has to say whether they became durable after all.
    unsettled: Vec<(Time, String)>,
    /// Whether the journal was read, and has said so.
    is_settled: bool,
    lasts: Lasts,
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

    /// Where the new words of an entry are typed.
    pub fn revision(incident: IncidentId, entry: EntryId) -> Self {
        Self(format!("{REVISION}{incident} {entry}"))
    }

    /// Where an entry is written over many lines, a new one or one anew.
    pub fn page(incident: IncidentId, entry: Option<EntryId>) -> Self {
        let entry = entry.map_or_else(|| "new".to_owned(), |entry| entry.to_string());
        Self(format!("{PAGE}{incident} {entry}"))
    }

    /// What came back from an editor for a section of a retro and could not be read.
    pub fn misread(incident: IncidentId, section: usize) -> Self {
        Self(format!("retro {incident} section {section} misread"))
    }

    /// A row that came back from an editor, while it is not in the journal.
    pub fn edited_row(incident: IncidentId, section: usize, place: usize) -> Self {
        Self(format!("{}{place}", Self::edited_rows(incident, section)))
    }

    fn edited_rows(incident: IncidentId, section: usize) -> String {
        format!("retro {incident} section {section} row ")
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
const REVISION: &str = "revision ";
const PAGE: &str = "page ";

impl Default for Drafts {
    fn default() -> Self {
        Self {
            session: String::new(),
            kept: BTreeMap::new(),
            parked: BTreeMap::new(),
            since: BTreeMap::new(),
            line: (String::new(), Time::MIN),
            unsettled: Vec::new(),
            is_settled: false,
            lasts: Lasts::default(),
        }
    }
}

impl Drafts {
    /// There is no store behind this session.
    pub fn have_no_store(&mut self) {
        self.lasts = Lasts::Nowhere;
    }

    /// Whether what is half typed outlives the session.
    pub fn outlive(&self) -> bool {
        self.lasts == Lasts::Always
    }

    /// Whether something is half typed that goes with the session.
    pub fn would_be_lost(&self) -> bool {
        !self.outlive() && !self.kept.is_empty()
    }

    /// Keeps a sentence until its place is opened again.
    pub fn park(&mut self, slot: Slot, text: String) {
        if text.trim().is_empty() {
            self.parked.remove(&slot);
        } else {
            self.parked.insert(slot, text);
        }
    }

    /// Whether something waits for a place.
    pub fn has(&self, slot: &Slot) -> bool {
        self.parked.contains_key(slot)
    }

    /// What waits for a place, which goes on waiting.
    pub fn parked(&self, slot: &Slot) -> Option<&str> {
        self.parked.get(slot).map(String::as_str)
    }

    /// The rows of a section that are not in the journal though an editor gave them back.
    pub fn edited_rows(&self, incident: IncidentId, section: usize) -> Vec<(Slot, String)> {
        let prefix = Slot::edited_rows(incident, section);
        let theirs = self.parked.iter().filter(|(slot, _)| slot.as_str().starts_with(&prefix));
        theirs.map(|(slot, text)| (slot.clone(), text.clone())).collect()
    }

    /// Hands out what waits for a place that is opened.
    pub fn take(&mut self, slot: &Slot) -> Option<String> {
        self.parked.remove(slot)
    }
}

/// What the driver has to keep, after whatever has just been done; an empty text is nothing to keep.
pub fn changes(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let wording = wording(ui, world.present());
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
        Err(why) if ui.drafts.lasts == Lasts::Always => {
            ui.drafts.lasts = Lasts::Refused;
            ui.complain(format!("What is half typed would not survive a crash: {why}"));
        }
        Ok(()) if ui.drafts.lasts == Lasts::Refused => {
            ui.drafts.lasts = Lasts::Always;
            ui.say("What is half typed is kept again");
        }
        Ok(()) | Err(_) => ui.damage = Damage::NONE,
    }
}

fn wording(ui: &mut Ui, now: Time) -> BTreeMap<Slot, String> {
    let handed = handed(ui, now);
    let line = half_typed(ui, now);
    let mut wording = ui.drafts.parked.clone();
    wording.extend(ui.overlays.iter().filter_map(|overlay| overlay.takes_text()?.draft()));
    wording.extend(ui.asks.waiting().iter().filter_map(on_its_way));
    wording.extend(ui.scribe.draft());
    wording.insert(Slot::line(&ui.drafts.session), line);
    wording.insert(Slot::handed(&ui.drafts.session), handed);
    wording.retain(|_, text| !text.trim().is_empty());
    wording
}

/// Words that were handed over and are not durable yet are still to be found where they were typed.
fn on_its_way(asked: &Asked) -> Option<Draft> {
    match (&asked.origin, &asked.intent) {
        (Origin::Line(line), Intent::Revise(incident, entry, ..)) => {
            Some((Slot::revision(*incident, *entry), line.clone()))
        }
        (origin, _) => origin.draft(),
    }
}

/// The line, with the moment since which it says so: an entry of these words that is no older is what became of it.
fn half_typed(ui: &mut Ui, now: Time) -> String {
    let line = ui.scribe.line_draft();
    if line != ui.drafts.line.0 {
        ui.drafts.line = (line, now);
    }
    let (line, since) = &ui.drafts.line;
    stamped(line.lines().map(|line| (*since, line)))
}

fn stamped<'l>(lines: impl Iterator<Item = (Time, &'l str)>) -> String {
    lines.map(|(at, line)| format!("{} {line}", at.millis())).collect::<Vec<_>>().join("\n")
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
    stamped(unsettled.chain(on_their_way))
}

const fn is_line(origin: &Origin) -> bool {
    matches!(origin, Origin::Line(_))
}
