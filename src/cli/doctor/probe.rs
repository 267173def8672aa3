//! The health checks of the catalog that have an address, each asked once. Those that answer well are counted, the others named.

use super::Check;
use crate::cli::open::live::asker;
use crate::cli::wait::wait;
use crate::cli::{Failure, Start, catalog};
use crate::sources::probe::{self, AT_ONCE, Tried};
use std::sync::Arc;
use tokio::task::JoinSet;

/// More than this are only counted.
const NAMED: usize = 20;

pub(super) fn checks(start: &Start) -> Vec<Check> {
    let checks = probe::checks(&catalog::configured(start).0);
    if checks.is_empty() {
        return Vec::new();
    }
    let all = checks.len();
    let asked = asker(start).and_then(|asker| wait(async { Ok::<_, Failure>(asked(checks, asker).await) }));
    let mut tried = match asked {
        Ok(tried) => tried,
        Err(failure) => return vec![Check::fail("probe", failure.what, failure.fix)],
    };
    let unknown = all - tried.len();
    tried.retain(|(_, tried)| tried.found.is_err());
    tried.sort_by(|(one, _), (other, _)| (&one.service, &one.name).cmp(&(&other.service, &other.name)));
    let summary = format!("{} of {all} health checks answer well", all - unknown - tried.len());
    let more = tried.len().saturating_sub(NAMED);
    let mut lines = vec![Check::ok("probe", summary)];
    lines.extend(tried.iter().take(NAMED).map(|(check, tried)| line(check, tried)));
    if unknown > 0 {
        let fix = "this is a fault of sitroom's own: please report it";
        lines.push(Check::warn("probe", format!("{unknown} could not be asked to the end"), fix));
    }
    if more > 0 {
        lines.push(Check::warn("probe", format!("{more} more do not"), ""));
    }
    lines
}

async fn asked(checks: Vec<probe::Check>, asker: probe::Asker) -> Vec<(probe::Check, Tried)> {
    let asker = Arc::new(asker);
    let (mut waiting, mut asking, mut tried) = (checks.into_iter(), JoinSet::new(), Vec::new());
    loop {
        for check in waiting.by_ref().take(AT_ONCE - asking.len()) {
            let asker = Arc::clone(&asker);
            asking.spawn(async move {
                let tried = asker.ask(check.question()).await;
                (check, tried)
            });
        }
        match asking.join_next().await {
            Some(joined) => tried.extend(joined.ok()),
            None => return tried,
        }
    }
}

fn line(check: &probe::Check, tried: &Tried) -> Check {
    let why = tried.found.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let what = format!("{} {}: {why}, after {} ms", check.service, check.name, tried.took.as_millis());
    Check::warn("probe", what, "see whether the service is up, and the url of its health_check")
}
