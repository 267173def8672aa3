//! The ways a service serves less than everything: what each is known by, what still works, how it ends.

use super::failures::watch;
use super::{Page, Told};
use crate::domain::catalog::{Degradation, Signalling};
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let Some(service) = told.service.filter(|service| !service.degradations.is_empty()) else {
        return page.said(
            "How it serves less is not written down: [[service.degradation]] does that, with its trigger.",
            Role::Dim,
        );
    };
    now(told, page);
    for mode in &service.degradations {
        page.title(&format!("{} ({})", mode.name, mode.mode.word()));
        one(mode, page);
    }
    if let Some(normal) = &service.normal {
        page.title("Full service");
        page.each("works", &normal.works);
        page.each("has to be well", &normal.healthy);
        page.each("performance", &normal.performance);
    }
    if let Some(it) = &service.signalling {
        signalling(it, page);
    }
}

/// The modes it is in, before those it may come to.
fn now(told: &Told<'_>, page: &mut Page) {
    let mut is_whole = true;
    for mode in told.modes() {
        is_whole = false;
        let since = mode.since.age(told.world.now);
        page.named_as("NOW", &format!("{} ({}) for {since}", mode.name, mode.mode.word()), Role::Elevated);
        page.named("", &format!("{}: {}", mode.trigger, mode.says));
    }
    if is_whole {
        page.named("now", "in none of these, as far as their triggers say");
    }
}

fn one(mode: &Degradation, page: &mut Page) {
    page.named("known by", &mode.trigger);
    page.named("because of", &mode.cause);
    for line in &mode.works {
        page.named_as("works", line, Role::Ok);
    }
    for line in &mode.fails {
        page.named_as("does not", line, Role::Elevated);
    }
    page.each("does", &mode.does);
    page.each("performance", &mode.performance);
    page.each("users notice", &mode.users);
    page.named("found out", &mode.detection);
    page.named("goes over", &mode.transition);
    page.named("comes back", &mode.recovery);
    page.each("why", &mode.why);
    watch(&mode.watch, page);
}

fn signalling(it: &Signalling, page: &mut Page) {
    page.title("How others learn of it");
    page.each("status", &it.callers.status);
    page.each("headers", &it.callers.headers);
    page.each("body", &it.callers.body);
    watch(&it.operators, page);
}
