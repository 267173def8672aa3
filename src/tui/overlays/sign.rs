//! Signing an item off, or withdrawing that: what is signed is said above the form, and a question names it once more
//! before it is in the journal.

use super::confirm::Confirm;
use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::event::Evidence;
use crate::domain::readiness::{Standing, standing};
use crate::domain::{Intent, ItemId};
use crate::keymap::Chord;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::{Draft, Slot};
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::form::{Entered, Form, Row};
use ratatui::layout::Rect;

const EVIDENCE: usize = 0;
const NOTE: usize = 1;
const REASON: usize = 0;

#[derive(Debug)]
pub struct SignForm {
    item: ItemId,
    does: Does,
    form: Form,
    /// What stood in it when it was opened.
    begun: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Sign,
    Withdraw,
}

impl TakesText for SignForm {
    fn field(&mut self) -> Option<&mut Field> {
        self.form.field()
    }

    fn key(&mut self, chord: Chord) -> bool {
        self.form.key(chord)
    }

    fn step(&mut self, by: isize) {
        self.form.step(by);
    }

    fn draft(&self) -> Option<(Slot, String)> {
        if self.form.is_sent() { None } else { self.kept() }
    }

    fn awaits(&self) -> Option<Slot> {
        (self.words() == self.begun).then(|| self.slot())
    }

    fn resume(&mut self, kept: &str) {
        let Ok(words) = serde_json::from_str::<Vec<String>>(kept) else { return };
        for (row, said) in words.iter().enumerate().take(self.begun.len()) {
            self.form.set(row, said, "");
        }
    }
}

impl SignForm {
    /// Where the catalog says that the evidence lies is where it is looked for first.
    pub fn open(does: Does, standing: &Standing<'_>) -> Self {
        let form = match does {
            Does::Sign => {
                // What is typed next is another link, and not the end of the last one.
                let known: String = standing.item.evidence.iter().map(|link| format!("{link} ")).collect();
                let evidence = Field::holding("links to what shows it, several with a blank between", &known);
                let note = Field::new("what whoever reads this later should know");
                let rows = vec![Row::text("Evidence", evidence, 2), Row::text("Note", note, 2)];
                Form::new(rows, "asks once more, and signs it")
            }
            Does::Withdraw => {
                let rows = vec![Row::text("Why", Field::new("what does not hold any more"), 2)];
                Form::new(rows, "asks once more, and withdraws it")
            }
        };
        let mut opened = Self { item: standing.item.id.clone(), does, form, begun: Vec::new() };
        opened.begun = opened.words();
        opened
    }

    fn words(&self) -> Vec<String> {
        let rows: &[usize] = match self.does {
            Does::Sign => &[EVIDENCE, NOTE],
            Does::Withdraw => &[REASON],
        };
        rows.iter().map(|row| self.form.text(*row).to_owned()).collect()
    }

    fn slot(&self) -> Slot {
        let word = match self.does {
            Does::Sign => "sign",
            Does::Withdraw => "withdraw",
        };
        Slot::new(format!("{word} {}", self.item))
    }

    /// What a person wrote, if they wrote anything.
    pub fn kept(&self) -> Option<Draft> {
        let words = self.words();
        let kept = serde_json::to_string(&words).ok()?;
        (words != self.begun).then(|| (self.slot(), kept))
    }

    pub fn form(&mut self) -> &mut Form {
        &mut self.form
    }

    /// The question Enter leads to, once the form can be sent.
    pub fn enter(&mut self, ui: &Ui, world: World<'_>) -> Option<Confirm> {
        if self.form.enter() == Entered::Next {
            return None;
        }
        match self.does {
            Does::Sign => self.sign(ui, world),
            Does::Withdraw => self.withdraw(ui),
        }
    }

    fn sign(&mut self, ui: &Ui, world: World<'_>) -> Option<Confirm> {
        let links = self.form.text(EVIDENCE).split_whitespace();
        let evidence: Vec<_> = links.map(|url| Evidence::Link { url: url.to_owned() }).collect();
        if evidence.is_empty() {
            self.form.refuse("a signature rests on something: say where it can be seen", Some(EVIDENCE));
            return None;
        }
        let is_two = |link: &str| link.matches("://").count() > 1;
        if let Some(two) = self.form.text(EVIDENCE).split_whitespace().find(|link| is_two(link)) {
            self.form.refuse(format!("{two} is two links in one: put a blank between them"), Some(EVIDENCE));
            return None;
        }
        let seen = evidence.iter().map(Evidence::said).collect::<Vec<_>>().join(", ");
        let note = self.form.text(NOTE).to_owned();
        let readiness = &world.snapshot.catalog.readiness;
        match readiness.sign_off(&self.item, evidence, note) {
            Ok(intent) => {
                let item = readiness.item(self.item.as_str())?;
                let ends = item
                    .expires_after
                    .map_or_else(String::new, |it| format!(" It holds for {}.", it.exact()));
                let means = format!(
                    "{} signs that this is so: {} As {seen} shows. It stays in the journal for ever, with your \
                     name.{ends}",
                    ui.me,
                    sentence(if item.needs.is_empty() { &item.title } else { &item.needs }),
                );
                Some(Confirm { question: format!("Sign off {}?", self.item), means, intent })
            }
            Err(refusal) => {
                self.form.refuse(refusal.to_string(), None);
                None
            }
        }
    }

    fn withdraw(&mut self, ui: &Ui) -> Option<Confirm> {
        let reason = self.form.text(REASON).to_owned();
        if reason.is_empty() {
            self.form.refuse("say why, for those who relied on it", Some(REASON));
            return None;
        }
        let means = format!("{} says that it does not hold any more. What was signed stays readable.", ui.me);
        let intent = Intent::WithdrawSignOff { item: self.item.clone(), reason };
        Some(Confirm { question: format!("Withdraw the sign-off of {}?", self.item), means, intent })
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let title = match self.does {
            Does::Sign => format!("Sign off {}", self.item),
            Does::Withdraw => format!("Withdraw the sign-off of {}", self.item),
        };
        let area = centred(ui, 96, 18);
        let inside = window(canvas, area, &title, "enter next, tab and arrows move, esc leaves and keeps it");
        let (catalog, room) = (&world.snapshot.catalog, &world.snapshot.room);
        let Some(standing) = standing(catalog, room, &self.item, world.now) else { return };
        let about = about(&standing, usize::from(inside.width));
        let kept = about.len().min(usize::from(inside.height.saturating_sub(6)));
        for (y, (said, role)) in (inside.y..inside.bottom()).zip(&about[..kept]) {
            canvas.put_fit(inside.x, y, inside.width, said, *role);
        }
        let taken = u16::try_from(kept).unwrap_or(0) + 1;
        self.form.draw(canvas, Rect { y: inside.y + taken, height: inside.height - taken, ..inside });
    }
}

/// What somebody is about to put their name to, what speaks against it first.
fn about(standing: &Standing<'_>, columns: usize) -> Vec<(String, Role)> {
    let item = standing.item;
    let mut said = vec![(item.title.clone(), Role::Strong)];
    let failing = standing.checks.iter().filter(|check| !check.holds);
    said.extend(failing.map(|check| (format!("Not yet: {}", check.said), Role::Elevated)));
    said.push((item.needs.clone(), Role::Text));
    said.extend(
        standing.claims.iter().map(|claim| (format!("{}: {}", claim.title, claim.bound), Role::Info)),
    );
    let wrapped = |(said, role): (String, Role)| {
        text::wrap(&said, columns).into_iter().map(move |line| (line, role)).collect::<Vec<_>>()
    };
    said.into_iter().filter(|(said, _)| !said.is_empty()).flat_map(wrapped).collect()
}

fn sentence(said: &str) -> String {
    let said = said.trim();
    if said.ends_with(['.', '!', '?']) { said.to_owned() } else { format!("{said}.") }
}
