//! Every AWS account and region, each permission tried once, as it is asked for later.

use super::Check;
use crate::cli::{Failure, Start, aws, catalog, wait};
use crate::sources::aws::{Probed, probe, targets};
use crate::sources::catalog::Current;

pub(super) fn checks(start: &Start) -> Vec<Check> {
    let (accounts, _) = aws::accounts(start);
    if accounts.is_empty() {
        return Vec::new();
    }
    let (clock, catalog) = (start.clock(), Current::from(catalog::configured(start).0));
    let targets = accounts.iter().flat_map(|account| targets(account, &catalog));
    let tried = wait::wait(async {
        let mut probed = Vec::new();
        for target in targets {
            probed.extend(probe(&target, &clock).await);
        }
        Ok::<_, Failure>(probed)
    });
    tried.map_or_else(|_| Vec::new(), |probed| probed.into_iter().map(check).collect())
}

fn check(probed: Probed) -> Check {
    let Probed { what, took, found } = probed;
    let took = took.as_millis();
    match found {
        Ok(found) => Check::ok("aws", format!("{what}: {found}, in {took} ms")),
        Err(error) => Check::fail("aws", format!("{what}: {error}, after {took} ms"), error.fix),
    }
}
