//! The verb that begins a rollback: the checklist of the service under the cursor, in the incident that is in front.
//! Where the cursor is on no service, the one is meant that a trigger demands to be rolled back, so that whoever has
//! just declared need not look for it.

use super::incident::{declare, has_incident, target};
use super::items::item;
use super::{Able, Deed};
use crate::diagnosis::Level;
use crate::domain::catalog::Template;
use crate::domain::{Incident, Intent, ServiceName};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::board::Board;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::detail::About;
use crate::tui::screens::situation::lines::Subject;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[Deed { verb: Verb::RollbackBegin, able: may_begin, run: begin }];

fn may_begin(ui: &Ui, world: World<'_>) -> Able {
    match (has_incident(ui, world), meant(ui, world)) {
        (Able::No(_), Some(service)) if must_go_back(world, &service) => Able::Yes,
        (Able::Yes, None) => Able::No("no trigger demands one, and the cursor is on no service".to_owned()),
        (Able::Yes, Some(service)) => {
            let why = format!("the catalog has no rollback steps for {service}");
            Able::when(world.snapshot.catalog.rollback_of(&service).is_some(), &why)
        }
        (able, _) => able,
    }
}

/// A rollback that runs already is shown rather than begun once more. It belongs into an incident: where none is open,
/// one is to be declared first.
fn begin(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(service) = meant(ui, world) else { return Vec::new() };
    let Some(incident) = target(ui, world) else {
        ui.say(format!("A rollback is done in an incident: declare it, and O begins that of {service}"));
        return declare(ui, world);
    };
    let Some(template) = world.snapshot.catalog.rollback_of(&service) else { return Vec::new() };
    ui.overlays.push(Overlay::Board(Board::open_on(incident.id, &template.name)));
    if runs(incident, &template) {
        return Vec::new();
    }
    let intent = Intent::StartChecklist(incident.id, template.content());
    if !is_well(world, &service) {
        return asks::submit(ui, intent, Origin::Key);
    }
    ui.overlays.push(Overlay::Confirm(Confirm {
        question: format!("Roll back {service}?"),
        means: format!(
            "Nothing is known to be wrong with {service}. Yes begins its rollback in {}.",
            incident.id
        ),
        intent,
    }));
    Vec::new()
}

fn is_well(world: World<'_>, service: &ServiceName) -> bool {
    let mut services = world.situation.state.services.iter();
    services.find(|state| state.name == *service).is_none_or(|state| state.level <= Level::Normal)
}

fn runs(incident: &Incident, template: &Template) -> bool {
    incident.checklists.values().any(|list| list.template == template.name && list.next_step().is_some())
}

fn must_go_back(world: World<'_>, service: &ServiceName) -> bool {
    world.situation.triggers.iter().any(|trigger| trigger.demands_rollback && trigger.service == *service)
}

fn meant(ui: &Ui, world: World<'_>) -> Option<ServiceName> {
    under_the_cursor(ui, world).or_else(|| demanded(world))
}

/// The service whose trigger is met by what its last deploy brought.
fn demanded(world: World<'_>) -> Option<ServiceName> {
    let mut triggers = world.situation.triggers.iter();
    triggers.find(|trigger| trigger.demands_rollback).map(|trigger| trigger.service.clone())
}

/// The service that the line under the cursor is about.
fn under_the_cursor(ui: &Ui, world: World<'_>) -> Option<ServiceName> {
    match item(ui, world)? {
        About::Signal(key) => {
            let signal = world.snapshot.signals.get(key)?;
            Some(signal.service()).filter(|name| !name.is_empty()).map(ServiceName::new)
        }
        About::Finding(subject) => match *subject {
            Subject::Service(service) => Some(service.name),
            Subject::Issue(issue) => issue.service,
            Subject::Change(change) => change.service,
            Subject::Action(action) => action.service,
            Subject::Suspect(suspect) => suspect.change.service,
            Subject::Statement(_) | Subject::Step(_) => None,
        },
        About::Service(name) => Some(name),
        About::Entry(..) | About::Page(_) | About::Ready(_) | About::Incident(_) => None,
    }
}
