//! How far the rollback triggers of a service are from being met, as the situation has them.

use super::{Page, Told};
use crate::diagnosis::{Standing, TriggerState};
use crate::theme::Role;

/// A word for how a trigger stands, and how loudly it is said.
pub const fn standing(trigger: &TriggerState) -> (&'static str, Role) {
    match trigger.standing {
        _ if trigger.demands_rollback => ("ROLL BACK", Role::Critical),
        Standing::Met { .. } | Standing::Holding { .. } => (trigger.standing.word(), Role::Elevated),
        Standing::Clear => ("clear", Role::Text),
        Standing::Unknown => ("unknown", Role::Stale),
    }
}

/// Those of one service, in the order of the situation: what demands a rollback first.
pub fn of<'a>(told: &Told<'a>) -> impl Iterator<Item = &'a TriggerState> {
    let name = told.name;
    told.situation().triggers.iter().filter(move |trigger| trigger.service == *name)
}

/// All of them, with the deploy they are watched for.
pub fn write(told: &Told<'_>, page: &mut Page) {
    for trigger in of(told) {
        let (word, role) = standing(trigger);
        page.named_as(word, &format!("{}: {}", trigger.trigger, trigger.says), role);
    }
    let watch = of(told).find_map(|trigger| trigger.watch.as_ref());
    if let Some(watch) = watch {
        let (from, until) = (watch.deployed_at.hour_minute(&told.zone), watch.until.hour_minute(&told.zone));
        page.named("watched", &format!("for {}, deployed at {from}, until {until}", watch.version));
    }
}
