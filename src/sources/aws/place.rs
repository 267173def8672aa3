//! Which target a metric of the catalog is asked of: the one that could have it. What two could have is asked of none,
//! because what both told would be no one series.

use super::target::Target;
use crate::domain::Catalog;
use crate::domain::catalog::{CloudWatch, Metric, Service};
use std::sync::Arc;

/// The metrics of CloudWatch in the catalog.
pub(super) fn metrics(catalog: &Catalog) -> impl Iterator<Item = (&Service, &Metric, &CloudWatch)> {
    let services = catalog.services.iter();
    let all = services.flat_map(|service| service.metrics.iter().map(move |metric| (service, metric)));
    all.filter_map(|(service, metric)| Some((service, metric, metric.cloudwatch.as_ref()?)))
}

/// Why a metric is asked of none of them.
pub(super) fn unplaced(
    targets: &[Arc<Target>],
    (service, metric, from): (&Service, &Metric, &CloudWatch),
) -> Option<String> {
    let named: Vec<_> = able(targets, from).map(|target| target.source().as_str()).collect();
    let why = match named.as_slice() {
        [_] => return None,
        [] => "no [aws.NAME] has its account and region; correct them".to_owned(),
        several => format!("{} could have it; say its account or region", several.join(" and ")),
    };
    Some(format!("{}/{} is not asked: {why}", service.name, metric.name))
}

pub(super) fn able<'a>(
    targets: &'a [Arc<Target>],
    from: &'a CloudWatch,
) -> impl Iterator<Item = &'a Arc<Target>> {
    targets.iter().filter(|target| target.could_have(from))
}
