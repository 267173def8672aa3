//! The live sources, each repository and permission tried once: how long it took, what was found, and the fix.

use super::Check;
use crate::cli::wait::wait;
use crate::cli::{Failure, Start, catalog, open};
use crate::domain::Time;
use crate::sources::SourceError;
use crate::sources::catalog::Current;
use crate::sources::forge::{Forge, Trial};

pub(super) fn checks(start: &Start) -> Vec<Check> {
    let catalog = Current::from(catalog::configured(start).0);
    let clock = start.clock();
    let now = clock.now();
    open::live::forges(start, &catalog, &clock)
        .into_iter()
        .flat_map(|named| match named.forge {
            Ok(forge) => tried(named.name.as_str(), &forge, now),
            Err(error) => vec![refused("source", named.name.as_str(), &error)],
        })
        .collect()
}

fn tried(name: &str, forge: &Forge, now: Time) -> Vec<Check> {
    match wait(async { Ok::<_, Failure>(forge.trial(now).await) }) {
        Ok(trials) => trials.iter().map(|trial| line(name, trial)).collect(),
        Err(failure) => vec![Check::fail("source", format!("{name}: {}", failure.what), failure.fix)],
    }
}

fn line(name: &str, trial: &Trial) -> Check {
    let took = trial.took.as_millis();
    let thing = format!("{name} {} {}", trial.repository, trial.feed);
    match &trial.found {
        Ok(found) => Check::ok("source", format!("{thing}: {found} on the first page, {took} ms")),
        Err(error) => refused("source", &format!("{thing} after {took} ms"), error),
    }
}

fn refused(check: &'static str, thing: &str, error: &SourceError) -> Check {
    Check::fail(check, format!("{thing}: {}", error.what), error.fix.clone())
}
