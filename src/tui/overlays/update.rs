//! Writing a status update: composed from what is there, edited by the person, promised again for a moment.
//!
//! Each audience has a draft of its own: what was said inside never turns up in words for those outside.

use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::event::{Audience, Brief, UpdateContent, When};
use crate::domain::incident::{ClockPolicy, draft_update, promised};
use crate::domain::{Incident, IncidentId, Intent, Time};
use crate::keymap::Chord;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::form::{Entered, Form, Row};
use jiff::tz::TimeZone;

const AUDIENCE: usize = 0;
const CONDITION: usize = 1;
const ACTIONS: usize = 2;
const NEEDS: usize = 3;
const NEXT: usize = 4;

const WORDS: [&str; 2] = ["internal", "external"];

#[derive(Debug)]
pub struct UpdateForm {
    incident: IncidentId,
    form: Form,
    audience: Audience,
    /// What stands in the form for the other audience meanwhile.
    other: Words,
    /// What was composed for the two audiences, to tell what a person changed.
    composed: [Words; 2],
}

/// Condition, actions, needs, next.
type Words = [String; 4];

impl UpdateForm {
    pub fn open(incident: &Incident, audience: Audience, world: World<'_>) -> Self {
        let composed =
            [Audience::Internal, Audience::External].map(|audience| composed(incident, audience, world));
        let [internal, external] = composed.clone();
        let (mine, other) = match audience {
            Audience::Internal => (internal, external),
            Audience::External => (external, internal),
        };
        let [condition, actions, needs, next] = &mine;
        let rows = vec![
            Row::pick("For", &WORDS, place(audience)),
            Row::text("Condition", Field::proposing("what is so, as far as anybody knows", condition), 2),
            Row::text("Actions", Field::proposing("what is being done about it", actions), 2),
            Row::text("Needs", Field::proposing("what is wanted of those who read this", needs), 2),
            Row::text("Next one", Field::proposing("30m, 14:50, or none", next), 1),
        ];
        let form = Form::new(rows, "keeps it in the timeline").at(CONDITION);
        Self { incident: incident.id, form, audience, other, composed }
    }

    pub fn form(&mut self) -> &mut Form {
        &mut self.form
    }

    /// What a person wrote for the two audiences, if they wrote anything.
    pub fn kept(&self) -> Option<(Slot, String)> {
        let said = self.said();
        let kept = serde_json::to_string(&said).ok()?;
        (said != self.composed).then(|| (self.slot(), kept))
    }

    fn slot(&self) -> Slot {
        Slot::new(format!("update {}", self.incident))
    }

    /// The words for those inside, and for those outside.
    fn said(&self) -> [Words; 2] {
        match self.audience {
            Audience::Internal => [self.words(), self.other.clone()],
            Audience::External => [self.other.clone(), self.words()],
        }
    }

    fn put(&mut self, mine: &Words) {
        let composed = &self.composed[place(self.audience)];
        for ((row, said), composed) in (CONDITION..=NEXT).zip(mine).zip(composed) {
            self.form.set(row, said, composed);
        }
    }

    /// What Enter asks of the engine, if it asks anything.
    pub fn enter(&mut self, zone: &TimeZone, now: Time) -> Option<Intent> {
        if self.form.enter() == Entered::Next {
            return None;
        }
        let [condition, actions, needs, next] = self.words();
        let brief = Brief { condition, actions, needs };
        if brief.is_empty() {
            self.form.refuse("an update says something: its condition at least", Some(CONDITION));
            return None;
        }
        match promised(&next, zone, now) {
            Ok(next) => {
                let content =
                    UpdateContent { audience: self.audience, happened: When::exactly(now), brief, next };
                Some(Intent::PostUpdate(self.incident, content))
            }
            Err(why) => {
                self.form.refuse(why, Some(NEXT));
                None
            }
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let title = format!("Status update of {}", self.incident);
        let hint = "enter next, tab moves, an arrow edits what is proposed, esc keeps it";
        let inside = window(canvas, centred(ui, 96, 13), &title, hint);
        let taken = self.form.draw(canvas, inside);
        let note = "Sitroom sends nothing: say it where people read it, then keep it here.";
        if taken + 1 < inside.height {
            canvas.put_fit(
                inside.x + 2,
                inside.bottom() - 1,
                inside.width.saturating_sub(2),
                note,
                Role::Dim,
            );
        }
    }

    fn words(&self) -> Words {
        [CONDITION, ACTIONS, NEEDS, NEXT].map(|row| self.form.text(row).to_owned())
    }
}

impl TakesText for UpdateForm {
    fn field(&mut self) -> Option<&mut Field> {
        self.form.field()
    }

    fn key(&mut self, chord: Chord) -> bool {
        let is_changed = self.form.key(chord);
        let audience = if self.form.picked(AUDIENCE) == 0 { Audience::Internal } else { Audience::External };
        if audience != self.audience {
            self.audience = audience;
            let before = self.words();
            let mine = std::mem::replace(&mut self.other, before);
            self.put(&mine);
        }
        is_changed
    }

    fn step(&mut self, by: isize) {
        self.form.step(by);
    }

    fn draft(&self) -> Option<(Slot, String)> {
        if self.form.is_sent() { None } else { self.kept() }
    }

    fn awaits(&self) -> Option<Slot> {
        (self.said() == self.composed).then(|| self.slot())
    }

    fn resume(&mut self, kept: &str) {
        let Ok([internal, external]) = serde_json::from_str::<[Words; 2]>(kept) else { return };
        let (mine, other) = match self.audience {
            Audience::Internal => (internal, external),
            Audience::External => (external, internal),
        };
        self.put(&mine);
        self.other = other;
    }
}

const fn place(audience: Audience) -> usize {
    match audience {
        Audience::Internal => 0,
        Audience::External => 1,
    }
}

fn composed(incident: &Incident, audience: Audience, world: World<'_>) -> Words {
    let Brief { condition, actions, needs } = draft_update(incident, audience, world.present()).brief;
    let next = match audience {
        Audience::Internal => every(incident, &world.snapshot.clocks),
        Audience::External => String::new(),
    };
    [condition, actions, needs, next].map(|said| said.replace('\n', " ").trim().to_owned())
}

fn every(incident: &Incident, policy: &ClockPolicy) -> String {
    let every = policy.internal.get(incident.severity);
    every.map_or_else(String::new, String::from)
}
