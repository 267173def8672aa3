//! The scribe line: what people say, typed as fast as they say it, into the timeline.
//!
//! What is typed belongs to the session, not to the overlay: leaving the line keeps it, and so does a journal that
//! refuses it. Enter hands over what is understood and leaves what is not in the line.

mod draft;
mod preview;
pub mod spelling;
mod typing;

pub use preview::{draw, understood};

use crate::domain::event::{Content, Evidence, When};
use crate::domain::scribe::{self, Doubt};
use crate::domain::{EntryId, IncidentId, Intent, Time};
use crate::tui::widgets::field::Field;
use jiff::tz::TimeZone;

/// Lines remembered for the key that brings them back.
const HISTORY: usize = 200;
/// A paste of more lines than this is a file.
pub const MOST_LINES: usize = 500;

const PLACEHOLDER: &str = "f -7m what is so  h what may be so  d decided  a done  c told  q asked";

#[derive(Debug)]
pub struct Scribe {
    pub field: Field,
    /// Lines that were pasted and stand above the one being typed.
    block: Vec<String>,
    writes: Writes,
    /// Where a new entry goes: the incident that was meant when the line was opened, whatever is in front by now.
    into: Option<IncidentId>,
    history: Vec<String>,
    recalled: Option<Recalled>,
    unsaved: Vec<Unsaved>,
    /// How the word being completed began, and what it was completed to last.
    completing: Option<(String, String)>,
    problem: Option<String>,
}

/// What the line becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Writes {
    #[default]
    Entry,
    Revision {
        incident: IncidentId,
        entry: EntryId,
        was: Box<Content>,
        /// What was half typed before, to go back to.
        draft: String,
        /// What the line said before anything was changed in it.
        begun: String,
    },
}

/// A line from the history stands in the field.
#[derive(Clone, Debug)]
struct Recalled {
    place: usize,
    typed: String,
}

/// A line the room did not take, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unsaved {
    line: String,
    why: String,
}

impl Default for Scribe {
    fn default() -> Self {
        Self {
            field: Field::new(PLACEHOLDER),
            block: Vec::new(),
            writes: Writes::Entry,
            into: None,
            history: Vec::new(),
            recalled: None,
            unsaved: Vec::new(),
            completing: None,
            problem: None,
        }
    }
}

impl Scribe {
    /// From now on new entries go there.
    pub fn open(&mut self, incident: Option<IncidentId>) {
        self.into = incident;
    }

    /// The incident that what is typed goes into.
    pub fn incident(&self) -> Option<IncidentId> {
        match &self.writes {
            Writes::Entry => self.into,
            Writes::Revision { incident, .. } => Some(*incident),
        }
    }

    /// Takes the line for the new words of an entry.
    pub fn revise(
        &mut self,
        incident: IncidentId,
        entry: EntryId,
        was: &Content,
        now: Time,
        zone: &TimeZone,
    ) {
        let draft = self.field.text().to_owned();
        let begun = spelling::spell(was, now, zone);
        self.set(&begun);
        self.writes = Writes::Revision { incident, entry, was: Box::new(was.clone()), draft, begun };
    }

    /// Leaves the line; what is half typed stays, unless it was to be a revision.
    pub fn leave(&mut self) {
        self.problem = None;
        self.recalled = None;
        if let Writes::Revision { draft, .. } = std::mem::take(&mut self.writes) {
            self.set(&draft);
        }
    }

    /// Gives away what stands in the line, with the lines above it unless they wait for something else.
    pub fn hand_on(&mut self) -> String {
        let typed = self.field.text().to_owned();
        if self.writes != Writes::Entry {
            self.leave();
            return typed;
        }
        let lines = std::mem::take(&mut self.block).into_iter().chain((!typed.is_empty()).then_some(typed));
        let text = lines.collect::<Vec<_>>().join("\n");
        self.field.clear();
        text
    }

    pub fn has_draft(&self) -> bool {
        self.writes == Writes::Entry && !(self.field.text().is_empty() && self.block.is_empty())
    }

    pub fn writes(&self) -> &Writes {
        &self.writes
    }

    /// What Enter hands over: each line that is understood with its intent. What is not stays to be mended.
    pub fn take(&mut self, incident: IncidentId, now: Time, zone: &TimeZone) -> Vec<(String, Intent)> {
        self.recalled = None;
        self.problem = None;
        let typed = self.field.text().trim().to_owned();
        if let Writes::Revision { .. } = self.writes {
            return self.take_revision(typed, now, zone).into_iter().collect();
        }
        let lines = std::mem::take(&mut self.block).into_iter().chain((!typed.is_empty()).then_some(typed));
        let mut taken = Vec::new();
        let mut kept = Vec::new();
        for line in lines {
            match settled(&line, now, zone) {
                Ok(content) => {
                    self.remember(&line);
                    taken.push((line, Intent::Write(incident, content)));
                }
                Err(problem) => {
                    self.problem.get_or_insert(problem);
                    kept.push(line);
                }
            }
        }
        self.set(&kept.pop().unwrap_or_default());
        self.block = kept;
        taken
    }

    fn take_revision(&mut self, typed: String, now: Time, zone: &TimeZone) -> Option<(String, Intent)> {
        let Writes::Revision { incident, entry, was, .. } = &self.writes else { return None };
        let revised = match settled(&typed, now, zone) {
            Ok(content) => spelling::over(was, content, now, zone),
            Err(problem) => {
                self.problem = Some(problem);
                return None;
            }
        };
        let intent = Intent::Revise(*incident, *entry, revised, Some(was.clone()));
        self.leave();
        Some((typed, intent))
    }

    /// A line that was not saved is back in the field, or beside it while something else is being typed.
    pub fn give_back(&mut self, line: String, why: String) {
        if self.field.text().is_empty() && self.writes == Writes::Entry {
            self.set(&line);
            self.problem = Some(why);
        } else {
            self.remember(&line);
            self.unsaved.push(Unsaved { line, why });
        }
    }

    fn set(&mut self, text: &str) {
        self.field.clear();
        self.field.paste(text);
    }

    /// Keeps a line for the key that brings it back.
    pub fn remember(&mut self, line: &str) {
        self.unsaved.retain(|unsaved| unsaved.line != line);
        if self.history.last().is_none_or(|last| last != line) {
            self.history.push(line.to_owned());
        }
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
    }
}

fn settled(line: &str, now: Time, zone: &TimeZone) -> Result<Content, String> {
    let said = |doubt: Doubt| format!("{doubt}; {}", doubt.fix());
    let content = scribe::parse(line, now, zone).settled().map_err(said)?;
    if content.text.trim().is_empty() { Err("an entry needs its words".to_owned()) } else { Ok(content) }
}

/// What a line without a word about time means.
fn is_untimed(happened: When, now: Time) -> bool {
    happened == When::exactly(now)
}

fn is_link(evidence: &Evidence) -> bool {
    matches!(evidence, Evidence::Link { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::EntryKind;
    use crate::tui::overlays::takes_text::TakesText as _;

    const INCIDENT: IncidentId = IncidentId(1);

    fn now() -> Time {
        "2026-03-16T14:29:30Z".parse().unwrap()
    }

    fn taken(scribe: &mut Scribe) -> Vec<String> {
        let taken = scribe.take(INCIDENT, now(), &TimeZone::UTC);
        let text = |(_, intent): &(String, Intent)| match intent {
            Intent::Write(_, content) | Intent::Revise(_, _, content, _) => content.text.clone(),
            other => format!("{other:?}"),
        };
        taken.iter().map(text).collect()
    }

    #[test]
    fn a_line_is_taken_and_the_next_begins_empty() {
        let mut scribe = Scribe::default();
        scribe.paste("f -7m pool exhausted");
        assert_eq!(taken(&mut scribe), ["pool exhausted"]);
        assert_eq!(scribe.field.text(), "");
        assert_eq!(taken(&mut scribe), [""; 0]);
        scribe.step(-1);
        assert_eq!(scribe.field.text(), "f -7m pool exhausted");
        scribe.step(1);
        assert_eq!(scribe.field.text(), "");
    }

    #[test]
    fn a_pasted_block_is_as_many_entries_and_what_is_in_doubt_stays() {
        let mut scribe = Scribe::default();
        scribe.paste("f one\r\rh 25:10 two\r\nd three\n");
        assert_eq!(taken(&mut scribe), ["one", "three"]);
        assert_eq!(scribe.field.text(), "h 25:10 two");
        assert!(scribe.problem.as_ref().is_some_and(|problem| problem.contains("25:10")));
    }

    #[test]
    fn what_was_not_saved_is_back_and_never_over_what_is_being_typed() {
        let mut scribe = Scribe::default();
        scribe.give_back("f one".into(), "the disk is full".into());
        assert_eq!(scribe.field.text(), "f one");
        scribe.give_back("f two".into(), "the disk is full".into());
        assert_eq!((scribe.field.text(), scribe.unsaved.len()), ("f one", 1));
        scribe.step(-1);
        assert_eq!(scribe.field.text(), "f two");
        assert_eq!(taken(&mut scribe), ["two"]);
        assert!(scribe.unsaved.is_empty());
    }

    #[test]
    fn a_name_is_completed_and_completed_again_to_the_next() {
        let known = ["#db", "@sally", "@sam"].map(String::from);
        let mut scribe = Scribe::default();
        scribe.paste("f see @sa");
        let mut completed = || {
            scribe.complete(&|| known.to_vec());
            scribe.field.text().to_owned()
        };
        assert_eq!([completed(), completed(), completed()], ["f see @sally", "f see @sam", "f see @sally"]);
        let services = ["checkout-worker", "payment-api"].map(String::from);
        scribe.set("f the pods of pay");
        scribe.complete(&|| services.to_vec());
        assert_eq!(scribe.field.text(), "f the pods of payment-api");
        scribe.set("f");
        scribe.complete(&|| vec!["fulfilment".to_owned()]);
        assert_eq!(scribe.field.text(), "f", "a kind is no beginning of a service");
        scribe.set("f see @x");
        scribe.complete(&|| known.to_vec());
        assert_eq!(scribe.field.text(), "f see @x");
    }

    #[test]
    fn a_revision_gives_the_half_typed_line_back() {
        let mut scribe = Scribe::default();
        scribe.paste("f half");
        let was = settled("h -7m pool is full @sam #db", now(), &TimeZone::UTC).unwrap();
        scribe.revise(INCIDENT, EntryId(3), &was, now(), &TimeZone::UTC);
        assert_eq!(scribe.field.text(), "h 14:22:30 pool is full @sam #db");
        scribe.leave();
        assert_eq!(scribe.field.text(), "f half");
        scribe.revise(INCIDENT, EntryId(3), &was, now(), &TimeZone::UTC);
        scribe.set("f pool was full");
        let [(_, Intent::Revise(_, entry, content, _))] = &scribe.take(INCIDENT, now(), &TimeZone::UTC)[..]
        else {
            panic!("a revision is handed over")
        };
        assert_eq!(
            (*entry, content.entry_kind, content.happened),
            (EntryId(3), EntryKind::Fact, was.happened)
        );
        assert_eq!(scribe.field.text(), "f half");
    }
}
