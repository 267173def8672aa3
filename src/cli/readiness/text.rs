//! Readiness as text, for people and pipes: one line a thing, what stands in the way first.

use super::Seen;
use crate::diagnosis::Budget;
use crate::domain::readiness::{Standing, Suggestion, on_duty, register};
use crate::domain::text::clean;
use crate::domain::{ItemId, Person};
use std::fmt::Write as _;

pub(super) fn written(seen: &Seen) -> String {
    let register = register(&seen.catalog, &seen.room, seen.at);
    let readiness = &seen.catalog.readiness;
    let mut text = format!("{}\n", register.counts);
    register.items.iter().for_each(|standing| text.push_str(&item(standing)));
    part(&mut text, "error budgets", seen.budgets.iter().map(budget).collect());
    let duties = readiness.on_call.iter().map(|schedule| {
        let duty = on_duty(schedule, seen.at);
        let holder = duty.holder.map_or("nobody", Person::as_str);
        let hole = duty.holes.first();
        let holes =
            hole.map_or_else(|| "no hole in 14 days".to_owned(), |hole| format!("nobody from {}", hole.from));
        format!("{holder:<9} {}  {holes}", schedule.name)
    });
    part(&mut text, "on call", duties.collect());
    let runbooks = readiness.runbooks.iter().map(|runbook| {
        let word = if runbook.is_fresh(seen.at) { "valid" } else { "stale" };
        let validated =
            runbook.validated.map_or_else(|| "never validated".to_owned(), |day| format!("validated {day}"));
        format!("{word:<9} {}  {validated}  {}", runbook.title, runbook.link)
    });
    part(&mut text, "runbooks", runbooks.collect());
    let claims = readiness
        .claims
        .iter()
        .map(|it| format!("{}: {}\n    honest bound: {}", it.title, it.claim, it.bound));
    part(&mut text, "what is there, and how far it reaches", claims.collect());
    text
}

pub(super) fn one(seen: &Seen, id: &ItemId) -> String {
    let register = register(&seen.catalog, &seen.room, seen.at);
    let standing = register.item(id.as_str()).map(item).unwrap_or_default();
    format!("{standing}{}\n", register.counts)
}

fn part(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}\n");
    for line in lines {
        let _ = writeln!(text, "  {}", line.lines().map(clean).collect::<Vec<_>>().join("\n    "));
    }
}

fn item(standing: &Standing<'_>) -> String {
    let item = standing.item;
    let signed = match standing.last_signed() {
        Some(act) => format!("signed by {} at {}", clean(act.by.as_str()), act.at),
        None => "never signed off".to_owned(),
    };
    let mut text = format!(
        "  {:<8} {:<20} {}  {}  {signed}\n",
        standing.state.word(),
        item.gating.word(),
        clean(item.id.as_str()),
        clean(&item.title),
    );
    match standing.suggestion() {
        Suggestion::Sign => text.push_str("           ready to sign, as far as can be looked up\n"),
        Suggestion::Doubt => text.push_str("           in doubt: something does not hold any more\n"),
        Suggestion::Nothing => {}
    }
    for check in standing.checks.iter().filter(|check| !check.holds) {
        let _ = writeln!(text, "           not yet: {}", clean(&check.said));
    }
    for claim in &standing.claims {
        let _ = writeln!(text, "           {}: {}", clean(&claim.title), clean(&claim.bound));
    }
    text
}

fn budget(budget: &Budget) -> String {
    let target = budget.objective.map_or_else(|| "no number agreed".to_owned(), |share| format!("{share} %"));
    let agreed = if budget.objective.is_some() && budget.agreed.is_none() { ", not agreed" } else { "" };
    let left = match (budget.left_percent, budget.left_minutes) {
        (Some(percent), Some(minutes)) => {
            format!("{percent:.0} % left ({minutes:.0} min){}", measured(budget))
        }
        _ => "not measured".to_owned(),
    };
    let burns = budget.burn_rate.map_or_else(String::new, |rate| format!(", burns {rate:.1}×"));
    let demands = budget.demands.as_ref();
    let demands = demands
        .map_or_else(String::new, |it| format!(": {} ({}), because {}", it.demand, it.text, it.because));
    format!("{}  {target} of {}{agreed}: {left}{burns}{demands}", budget.title, budget.window.exact())
}

/// What is left says little where hardly anything of the window was measured.
fn measured(budget: &Budget) -> String {
    let (measured, window) = (budget.measured, budget.window);
    if measured.as_millis() * 10 >= window.as_millis() * 9 {
        return String::new();
    }
    format!(", {measured} of {} measured", window.exact())
}
