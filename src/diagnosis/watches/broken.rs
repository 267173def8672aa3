//! Whether a health check fails or an alarm rings, and for how long it has.
//!
//! Unlike a measurement, a check or an alarm speaks when it changes, so its last word holds until the next one.

use super::standing::{ConditionState, Standing, Verdict, held_of};
use crate::diagnosis::history::Seen;
use crate::diagnosis::situation::Evidence;
use crate::diagnosis::view::{View, rang_at};
use crate::domain::signal::{AlarmState, Health};
use crate::domain::trigger::resolve::Target;
use crate::domain::{ServiceName, Span, Time};

/// `deployed` where only what broke after a deploy counts: since when something new runs, if anything does.
pub(super) fn verdict(
    view: &View<'_>,
    text: &str,
    (service, target): (&ServiceName, &Target),
    deployed: Option<Option<Time>>,
    held: Span,
) -> Verdict {
    if deployed == Some(None) {
        return one(text, Standing::Clear, "nothing new runs".to_owned(), Vec::new());
    }
    let from = deployed.flatten();
    match target {
        Target::Service(name) => checks(view, text, (name, None), from, held),
        Target::Check(name, check) => checks(view, text, (name, Some(check)), from, held),
        Target::Alarm(name) => alarm(view, text, (service, name), from, held),
    }
}

fn checks(
    view: &View<'_>,
    text: &str,
    (service, check): (&ServiceName, Option<&String>),
    from: Option<Time>,
    held: Span,
) -> Verdict {
    let is_meant = |past: &&[Seen<Health>]| {
        past.last().is_some_and(|last| check.is_none_or(|check| last.body.check == *check))
    };
    let known: Vec<_> = view.checks_of(service.as_str()).filter(is_meant).collect();
    if known.is_empty() {
        let what = check.map_or_else(String::new, |check| format!(" called {check}"));
        return Verdict::unknown(text, format!("no health check of {service}{what} was observed yet"));
    }
    let failing = known.iter().filter_map(|past| {
        let run = past.iter().rev().take_while(|seen| !seen.body.healthy).last()?;
        from.is_none_or(|from| run.at() >= from).then_some(run)
    });
    match failing.min_by_key(|seen| seen.key) {
        None => one(text, Standing::Clear, format!("{} of {service} healthy", said(known.len())), Vec::new()),
        Some(first) => {
            let what = format!("{} fails for {}", first.body.check, first.at().age(view.now));
            since(view, text, first.at(), what, (held, first.evidence().collect()))
        }
    }
}

fn alarm(
    view: &View<'_>,
    text: &str,
    (service, name): (&ServiceName, &str),
    from: Option<Time>,
    held: Span,
) -> Verdict {
    let own =
        |past: &&[_]| rang_at(past).is_some_and(|rang: &Seen<_>| rang.service.as_ref() == Some(service));
    let named: Vec<_> = view
        .alarms()
        .filter(|(last, _)| last.body.name == name && last.body.state != AlarmState::Gone)
        .collect();
    let Some((last, past)) = named.iter().find(|(_, past)| own(past)).or_else(|| named.first()) else {
        return Verdict::unknown(text, format!("nothing is known of the alarm {name}"));
    };
    match (last.body.state, rang_at(past)) {
        (AlarmState::NoData, _) => Verdict::unknown(text, format!("the alarm {name} has no data")),
        (AlarmState::Alarm, Some(rang)) if from.is_none_or(|from| rang.since() >= from) => {
            let what = format!("rings for {}", rang.since().age(view.now));
            since(view, text, rang.since(), what, (held, rang.evidence().collect()))
        }
        _ => one(text, Standing::Clear, format!("{name} is quiet"), Vec::new()),
    }
}

fn since(
    view: &View<'_>,
    text: &str,
    since: Time,
    what: String,
    (held, evidence): (Span, Vec<Evidence>),
) -> Verdict {
    let so_far = since.age(view.now);
    let standing = if so_far >= held {
        Standing::Met { since, met_at: since + held }
    } else {
        Standing::Holding { since }
    };
    let says = if held == Span::ZERO { what } else { format!("{what}, {}", held_of(so_far, held)) };
    one(text, standing, says, evidence)
}

fn one(text: &str, standing: Standing, says: String, evidence: Vec<Evidence>) -> Verdict {
    Verdict::one(ConditionState { condition: text.to_owned(), standing, says, measured: None, evidence })
}

fn said(count: usize) -> String {
    if count == 1 { "the check".to_owned() } else { format!("all {count} checks") }
}
