//! Verbs of the retro: opening it, going through its sections, and writing its rows.

use super::{Able, Deed};
use crate::domain::event::{ItemState, RetroState};
use crate::domain::incident::{RetroItem, Status};
use crate::domain::retro::{self, SECTIONS};
use crate::domain::{Incident, IncidentId, Intent, RetroId};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::drafts::Slot;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::pull::Pull;
use crate::tui::overlays::retro::form::Form;
use crate::tui::overlays::retro::{Edit, Retro};
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::RetroOpen, able: may_open, run: open },
    Deed { verb: Verb::RetroAdd, able: is_open, run: add },
    Deed { verb: Verb::RetroWhy, able: may_ask_why, run: why },
    Deed { verb: Verb::RetroEdit, able: has_row, run: edit },
    Deed { verb: Verb::RetroStrike, able: can_be_struck, run: strike },
    Deed { verb: Verb::RetroDone, able: can_be_done, run: done },
    Deed { verb: Verb::RetroPull, able: may_pull, run: pull },
    Deed { verb: Verb::RetroMove, able: is_open, run: go_on },
];

/// The incident whose retro one means: on its screen the one that is shown or under the cursor, or that it went on in;
/// anywhere else the last that is over and not closed, else the last that is closed.
fn meant<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    let room = &world.snapshot.room;
    if ui.screen == Screen::Incident {
        let shown = ui.incident.shown(room).map(|incident| incident.id);
        return room.goes_on_in(shown.or_else(|| ui.incident.listed(room))?);
    }
    let last = |wanted: Status| {
        let mut incidents = room.incidents.values().rev().map(AsRef::as_ref);
        incidents.find(|incident: &&Incident| incident.status == wanted)
    };
    last(Status::Resolved).or_else(|| last(Status::Closed))
}

fn may_open(ui: &Ui, world: World<'_>) -> Able {
    match meant(ui, world) {
        None => Able::No("no incident is resolved yet".to_owned()),
        Some(incident) => {
            Able::when(incident.status != Status::Open, "it is still open; a retro comes after")
        }
    }
}

fn open(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some(incident) = meant(ui, world) {
        ui.overlays.push(Overlay::Retro(Retro::open(incident)));
    }
    Vec::new()
}

/// The retro of an incident at what a dimension of the gate looks at; one that is open already turns there.
pub fn open_at(ui: &mut Ui, world: World<'_>, id: IncidentId, dimension: Option<&str>) -> Vec<Effect> {
    let Some(incident) = world.snapshot.room.incident(id) else { return Vec::new() };
    if incident.status == Status::Open {
        ui.say(format!("{id} is still open; a retro comes after"));
        return Vec::new();
    }
    let retro = dimension.map_or_else(|| Retro::open(incident), |word| Retro::open_at(incident, word));
    put(ui, retro);
    Vec::new()
}

/// The retro of an incident at one of its rows.
pub fn open_on(ui: &mut Ui, world: World<'_>, id: IncidentId, row: RetroId) -> Vec<Effect> {
    if let Some(incident) = world.snapshot.room.incident(id) {
        put(ui, Retro::open_on(incident, row));
    }
    Vec::new()
}

fn put(ui: &mut Ui, retro: Retro) {
    ui.overlays.retain(|overlay| !matches!(overlay, Overlay::Retro(open) if open.incident == retro.incident));
    ui.overlays.push(Overlay::Retro(retro));
}

fn here<'a, 'b>(ui: &'b Ui, world: World<'a>) -> Option<(&'b Retro, &'a Incident)> {
    match ui.overlays.last() {
        Some(Overlay::Retro(retro)) => Some((retro, world.snapshot.room.incident(retro.incident)?)),
        _ => None,
    }
}

fn row<'a>(ui: &Ui, world: World<'a>) -> Option<(&'a Incident, &'a RetroItem)> {
    let (retro, incident) = here(ui, world)?;
    Some((incident, retro.row(incident)?))
}

pub fn is_in_front(ui: &Ui) -> bool {
    matches!(ui.overlays.last(), Some(Overlay::Retro(_)))
}

fn is_open(ui: &Ui, world: World<'_>) -> Able {
    Able::when(here(ui, world).is_some(), "no retro is open; R opens it on a resolved incident")
}

fn has_row(ui: &Ui, world: World<'_>) -> Able {
    Able::when(row(ui, world).is_some(), "no row is under the cursor")
}

fn struck<'a>(ui: &Ui, world: World<'a>) -> Option<(&'a Incident, &'a RetroItem)> {
    let (retro, incident) = here(ui, world)?;
    Some((incident, retro.struck(incident)?))
}

fn can_be_struck(ui: &Ui, world: World<'_>) -> Able {
    if struck(ui, world).is_some() { Able::Yes } else { has_row(ui, world) }
}

fn can_be_done(ui: &Ui, world: World<'_>) -> Able {
    let can = row(ui, world).is_some_and(|(_, item)| item.content.can_be_done());
    Able::when(can, "only an action item, a question or a next step is done")
}

fn may_ask_why(ui: &Ui, world: World<'_>) -> Able {
    let kind = row(ui, world).map(|(_, item)| retro::Kind::of(&item.content).word);
    Able::when(matches!(kind, Some("factor" | "why")), "a why is asked of a factor or of another why")
}

fn may_pull(ui: &Ui, world: World<'_>) -> Able {
    match row(ui, world) {
        None => has_row(ui, world),
        Some((_, item)) if item.content.support().is_none() => {
            Able::No("this kind of row rests on no evidence".to_owned())
        }
        Some(_) => Able::Yes,
    }
}

/// Turns to the next section or the one before; false where no retro is in front.
pub fn turn(ui: &mut Ui, is_forward: bool) -> bool {
    let Some(Overlay::Retro(retro)) = ui.overlays.last_mut() else { return false };
    retro.turn(if is_forward { 1 } else { SECTIONS.len() - 1 });
    true
}

fn add(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let form = here(ui, world).map(|(retro, incident)| Form::empty(incident.id, retro.kind(incident)));
    ui.overlays.extend(form.map(|form| Overlay::RetroForm(Box::new(form))));
    Vec::new()
}

fn why(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let kind = SECTIONS.iter().flat_map(|section| section.kinds).find(|kind| kind.word == "why");
    if let (Some(kind), Some((incident, item))) = (kind, row(ui, world)) {
        let form = Form::empty(incident.id, kind).saying("of", &item.id.to_string());
        ui.overlays.push(Overlay::RetroForm(Box::new(form)));
    }
    Vec::new()
}

fn edit(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let form = row(ui, world).map(|(incident, item)| Form::of(incident.id, item.id, &item.content));
    ui.overlays.extend(form.map(|form| Overlay::RetroForm(Box::new(form))));
    Vec::new()
}

fn ask(ui: &mut Ui, intent: Option<Intent>) -> Vec<Effect> {
    intent.map_or_else(Vec::new, |intent| asks::submit(ui, intent, Origin::Key))
}

fn strike(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some((incident, item)) = struck(ui, world) {
        return ask(ui, Some(Intent::RestoreItem(incident.id, item.id)));
    }
    if let Some((incident, item)) = row(ui, world) {
        ui.overlays.push(Overlay::Confirm(Confirm {
            question: format!("Strike {}?", item.id),
            means: format!("{}. It stays readable in the journal.", item.content.text()),
            intent: Intent::StrikeItem(incident.id, item.id, String::new()),
        }));
    }
    Vec::new()
}

fn done(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let intent = row(ui, world).map(|(incident, item)| {
        let state = if item.state == ItemState::Done { ItemState::Open } else { ItemState::Done };
        Intent::MarkItem(incident.id, item.id, state, String::new())
    });
    ask(ui, intent)
}

/// What the row under the cursor says.
pub fn copied(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match row(ui, world) {
        Some((_, item)) => {
            vec![Effect::Copy { what: item.id.to_string(), text: item.content.text().to_owned() }]
        }
        None => {
            ui.say("No row is under the cursor");
            Vec::new()
        }
    }
}

/// Entries, findings and signals to choose from.
fn pull(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let pull = row(ui, world).map(|(incident, item)| Pull::open(incident, item.id, ui, world));
    ui.overlays.extend(pull.map(Overlay::Pull));
    Vec::new()
}

/// What was chosen becomes what the row rests on; what it rests on already is not added twice.
pub fn pulled(ui: &mut Ui, world: World<'_>, pull: &Pull) -> Vec<Effect> {
    let item =
        world.snapshot.room.incident(pull.incident).and_then(|incident| incident.retro.items.get(&pull.row));
    let Some(mut content) = item.map(|item| item.content.clone()) else { return Vec::new() };
    let was = Some(Box::new(content.clone()));
    let Some(support) = content.support_mut() else { return Vec::new() };
    let before = support.grounds.len();
    let found = pull.grounds(world);
    if found.is_empty() {
        ui.say("What was listed is older than what is kept now");
        return Vec::new();
    }
    for ground in found {
        if !support.grounds.contains(&ground) {
            support.grounds.push(ground);
        }
    }
    if support.grounds.len() == before {
        ui.say(format!("{} rests on it already", pull.row));
        return Vec::new();
    }
    ask(ui, Some(Intent::ReviseItem(pull.incident, pull.row, content, was)))
}

/// From draft to in review, reviewed and closed, and from there to draft again; always asked.
fn go_on(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some((_, incident)) = here(ui, world) {
        let to = match incident.retro.state() {
            RetroState::Draft => RetroState::InReview,
            RetroState::InReview => RetroState::Reviewed,
            RetroState::Reviewed => RetroState::Closed,
            RetroState::Closed => RetroState::Draft,
        };
        let id = incident.id;
        ui.overlays.push(Overlay::Confirm(Confirm {
            question: format!("The retro of {id} is {to}?"),
            means: format!("It is {} now.", incident.retro.state()),
            intent: Intent::MoveRetro(id, to),
        }));
    }
    Vec::new()
}

/// The section as Markdown. What came back and could not be read is given out again, with what is wrong above it, and
/// so are rows the journal did not take; either waits until it comes back.
pub fn editor(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some((open, incident)) = here(ui, world) else { return Vec::new() };
    let (place, section) = open.section();
    let misread = ui.drafts.parked(&Slot::misread(incident.id, place));
    let misread = misread.and_then(|kept| serde_json::from_str::<[String; 2]>(kept).ok());
    let [given, mut text] = misread.unwrap_or_else(|| {
        let given = retro::write(section, incident);
        [given.clone(), given]
    });
    let rows = ui.drafts.edited_rows(incident.id, place);
    for (_, row) in &rows {
        text.push_str(row);
    }
    let waiting = rows.into_iter().map(|(slot, _)| slot).collect();
    ui.retro.editing = Some(Edit { incident: incident.id, section: place, given, waiting });
    vec![Effect::Edit(text)]
}

/// Takes what the editor left, or keeps it with what is wrong in it.
pub fn edited(ui: &mut Ui, text: &str, world: World<'_>) -> Vec<Effect> {
    let Some(edit) = ui.retro.editing.take() else { return Vec::new() };
    let Some(incident) = world.snapshot.room.incident(edit.incident) else { return Vec::new() };
    let misread = Slot::misread(edit.incident, edit.section);
    let read = retro::read(&SECTIONS[edit.section], incident, &edit.given, text);
    // Whatever waited was in the text, and is in what it came to.
    for slot in edit.waiting.iter().chain([&misread]) {
        ui.drafts.take(slot);
    }
    match read {
        Ok(intents) if intents.is_empty() => {
            ui.say("Nothing was changed");
            Vec::new()
        }
        Ok(intents) => {
            let rows = intents.into_iter().enumerate();
            rows.flat_map(|(place, intent)| submit_row(ui, &edit, place, intent)).collect()
        }
        Err(wrong) => {
            let first = wrong.first().map(ToString::to_string).unwrap_or_default();
            ui.complain(format!("Not taken, {first}; e has the text with {} marked", wrong.len()));
            let kept = serde_json::to_string(&[edit.given, retro::marked(text, &wrong)]);
            ui.drafts.park(misread, kept.unwrap_or_default());
            Vec::new()
        }
    }
}

/// The words of a row wait as a draft until they are in the journal.
fn submit_row(ui: &mut Ui, edit: &Edit, place: usize, intent: Intent) -> Vec<Effect> {
    let text = match &intent {
        Intent::WriteItem(_, content) => retro::row(None, content),
        Intent::ReviseItem(_, row, content, _) => retro::row(Some(*row), content),
        _ => return asks::submit(ui, intent, Origin::Key),
    };
    let mut slots = (place..).map(|place| Slot::edited_row(edit.incident, edit.section, place));
    let is_free = |slot: &Slot| !ui.drafts.has(slot) && !ui.asks.is_kept_at(slot);
    let slot = slots.find(is_free);
    let origin = slot.map_or(Origin::Key, |slot| Origin::Sentence { slot, text });
    asks::submit(ui, intent, origin)
}
