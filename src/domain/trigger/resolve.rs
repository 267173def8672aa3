//! What a trigger measures, found in the catalog: a metric by its name, or by what it measures.
//!
//! `error rate` is the metric that measures errors, `payment failures` the one that is called so, `ledger/5xx` the one of
//! another service. Where nothing fits, or two things fit alike, nothing is guessed: the answer says what there is.

use super::{Broken, Condition, Limit, Measured, Trigger, What};
use crate::domain::catalog::{Catalog, HealthCheck, Measures, Metric, Service, Unit};
use crate::domain::id::{SeriesName, ServiceName};
use std::cmp::Reverse;

/// A metric of the catalog and the series it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved<'c> {
    pub service: &'c Service,
    pub metric: &'c Metric,
    /// The limit in the metric's own unit; none where it is a multiple of what is usual.
    pub limit: Option<f64>,
}

/// What is meant by something that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every check of a service, or of what it stands on.
    Service(ServiceName),
    Check(ServiceName, String),
    Alarm(String),
}

/// What cannot be found in the catalog of what a service's trigger names, a sentence each.
pub fn problems(catalog: &Catalog, service: &Service, trigger: &Trigger) -> Vec<String> {
    let of = |condition: &&Condition| match condition {
        Condition::Measured(measured) => metric(catalog, service, measured).err(),
        Condition::Broken(broken) => target(catalog, service, broken).err(),
    };
    trigger.conditions().iter().filter_map(of).collect()
}

pub fn metric<'c>(
    catalog: &'c Catalog,
    service: &'c Service,
    measured: &Measured,
) -> Result<Resolved<'c>, String> {
    let (service, subject) = elsewhere(catalog, service, &measured.subject);
    let fitting = fitting(service, subject);
    if fitting.is_empty() {
        return Err(unknown(service, subject));
    }
    let limit = |metric: &Metric| match measured.limit {
        Limit::Amount(amount) => amount.in_unit(metric.unit).map(Some),
        Limit::Baseline(_) => Some(None),
    };
    let measurable: Vec<_> =
        fitting.iter().filter_map(|(fit, metric)| Some((*fit, *metric, limit(metric)?))).collect();
    match measurable[..] {
        [] => Err(incomparable(service, fitting[0].1, measured)),
        [(best, one, _), (next, other, _), ..] if best == next => {
            Err(format!("`{subject}` may be {} or {} of {}; write which", one.name, other.name, service.name))
        }
        [(_, metric, limit), ..] => Ok(Resolved { service, metric, limit }),
    }
}

pub fn target(catalog: &Catalog, service: &Service, broken: &Broken) -> Result<Target, String> {
    let name = match &broken.what {
        What::Checks => return Ok(Target::Service(service.name.clone())),
        What::Alarm(alarm) => return Ok(Target::Alarm(alarm.clone())),
        What::Named(name) => name,
    };
    let is_named = |known: &str| words(known) == words(name);
    if let Some(check) = service.health_checks.iter().find(|check| is_named(check.called())) {
        return Ok(Target::Check(service.name.clone(), check.called().to_owned()));
    }
    let others = catalog.services.iter().map(|other| &other.name).chain(service.needs());
    match others.into_iter().find(|other| is_named(other.as_str())) {
        Some(other) => Ok(Target::Service(other.clone())),
        None => Err(format!(
            "{} has no health check and stands on no service called `{name}`{}",
            service.name,
            having(service.health_checks.iter().map(HealthCheck::called))
        )),
    }
}

impl Resolved<'_> {
    pub fn series(&self) -> SeriesName {
        SeriesName::new(format!("{}/{}", self.service.name, self.metric.name))
    }
}

/// How well a metric fits: its own rather than a dependency's that is not named, by more of the words of its name, by
/// more of what it says of itself, with less besides.
type Fit = (bool, Reverse<usize>, Reverse<usize>, usize);

/// The metrics that every word of the subject fits, best first.
fn fitting<'c>(service: &'c Service, subject: &str) -> Vec<(Fit, &'c Metric)> {
    if let Some(metric) = service.metrics.iter().find(|metric| words(&metric.name) == words(subject)) {
        return vec![((false, Reverse(usize::MAX), Reverse(0), 0), metric)];
    }
    let mut fitting: Vec<_> =
        service.metrics.iter().filter_map(|metric| Some((fit(metric, subject)?, metric))).collect();
    fitting.sort_by_key(|(fit, _)| *fit);
    fitting
}

/// Words of what is measured, and words that say nothing of which metric is meant.
const FAMILIES: [(Measures, &[&str]); 4] = [
    (Measures::Errors, &["error", "failure", "failed", "fault", "5xx", "exception"]),
    (Measures::Latency, &["latency", "duration", "response", "time"]),
    (Measures::Traffic, &["traffic", "request", "throughput", "load"]),
    (Measures::Saturation, &["saturation", "utilization", "utilisation", "usage", "cpu", "memory", "disk"]),
];
const FILLERS: [&str; 9] =
    ["the", "of", "rate", "share", "percentage", "percent", "http", "total", "average"];

fn fit(metric: &Metric, subject: &str) -> Option<Fit> {
    let name: Vec<_> = words(&metric.name).into_iter().chain(words(&metric.dependency)).collect();
    let what = words(&metric.what);
    let family = family(metric, &name);
    let (mut named, mut described, mut known) = (0, 0, 0);
    for word in words(subject) {
        if name.contains(&word) {
            named += 1;
        } else if is_percentile(&word) {
            known += usize::from(statistic(metric)? == word);
        } else if family.contains(&word.as_str()) {
            known += 1;
        } else if what.contains(&word) {
            described += 1;
        } else if !FILLERS.contains(&word.as_str()) {
            return None;
        }
    }
    let asked = words(subject);
    let besides =
        name.iter().filter(|word| !asked.contains(word) && !family.contains(&word.as_str())).count();
    let dependency = words(&metric.dependency);
    let is_another = !dependency.is_empty() && !asked.iter().any(|word| dependency.contains(word));
    (named + described + known > 0).then_some((is_another, Reverse(named), Reverse(described), besides))
}

/// The words for what a metric measures, by the catalog or by what such metrics are called.
fn family(metric: &Metric, name: &[String]) -> &'static [&'static str] {
    let of = |measures| FAMILIES.iter().find(|(family, _)| *family == measures).map(|(_, words)| *words);
    let called = || FAMILIES.iter().find(|(_, words)| name.iter().any(|word| words.contains(&word.as_str())));
    of(metric.measures).or_else(|| called().map(|(_, words)| *words)).unwrap_or(&[])
}

/// `p95`, where that is the statistic the metric is made of.
fn statistic(metric: &Metric) -> Option<String> {
    metric.cloudwatch.as_ref().map(|cloudwatch| cloudwatch.stat.to_ascii_lowercase())
}

fn is_percentile(word: &str) -> bool {
    word.strip_prefix('p').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// `ledger/5xx` is the other service's.
fn elsewhere<'c, 't>(catalog: &'c Catalog, service: &'c Service, subject: &'t str) -> (&'c Service, &'t str) {
    let other = subject.split_once('/').and_then(|(name, rest)| Some((catalog.service(name)?, rest)));
    other.unwrap_or((service, subject))
}

/// In small letters, without the signs between them and the `s` of many.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let word = word.to_lowercase();
            match word.strip_suffix('s') {
                Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
                _ => word,
            }
        })
        .collect()
}

fn unknown(service: &Service, subject: &str) -> String {
    let names = service.metrics.iter().map(|metric| metric.name.as_str());
    format!("{} has no metric that is `{subject}`{}", service.name, having(names))
}

/// What there is instead; nothing where there is nothing.
fn having<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const ENOUGH: usize = 8;
    let mut names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(ENOUGH);
    names.truncate(ENOUGH);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    if names.is_empty() { String::new() } else { format!("; it has {}{rest}", names.join(", ")) }
}

fn incomparable(service: &Service, metric: &Metric, measured: &Measured) -> String {
    let limit = match measured.limit {
        Limit::Amount(amount) => amount.to_string(),
        Limit::Baseline(times) => times.to_string(),
    };
    let unit = match metric.unit {
        Unit::Percent => "in percent",
        Unit::Milliseconds => "in milliseconds",
        Unit::PerSecond => "per second",
        Unit::Count => "as a count",
    };
    format!(
        "{} of {} is measured {unit}, and `{limit}` is not; write the metric's unit into the catalog",
        metric.name, service.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = r#"
[[service]]
name = "payment-api"
depends_on = ["ledger"]
metric = [
    { name = "5xx", measures = "errors", unit = "percent" },
    { name = "latency-p95", measures = "latency", unit = "milliseconds" },
    { name = "latency-p99", measures = "latency", unit = "milliseconds" },
    { name = "payment-failures", measures = "errors", unit = "percent" },
    { name = "requests", measures = "traffic", unit = "per-second" },
    { name = "cpu", measures = "saturation", unit = "percent" },
    { name = "memory", measures = "saturation", unit = "percent" },
    { name = "queue_age" },
    { name = "stripe-errors", measures = "errors", unit = "percent", dependency = "stripe" },
    { name = "stripe_api_duration", measures = "latency", unit = "milliseconds", dependency = "stripe" },
]
[[service.health_check]]
kind = "readiness"
[[service.health_check]]
kind = "liveness"
name = "deep health"

[[service]]
name = "ledger"
metric = [{ name = "5xx", measures = "errors", unit = "percent" }]
"#;

    fn series(line: &str) -> Result<(String, Option<f64>), String> {
        let catalog: Catalog = toml::from_str(CATALOG).unwrap();
        let trigger: Trigger = line.parse().unwrap();
        let Condition::Measured(measured) = trigger.conditions()[0].clone() else { panic!("{line}") };
        let resolved = metric(&catalog, &catalog.services[0], &measured)?;
        Ok((resolved.series().to_string(), resolved.limit))
    }

    #[test]
    fn a_metric_is_found_by_its_name_or_by_what_it_measures() {
        for (line, name, limit) in [
            ("error rate > 5 %", "payment-api/5xx", 5.0),
            ("errors > 5 %", "payment-api/5xx", 5.0),
            ("5xx > 5 %", "payment-api/5xx", 5.0),
            ("payment-api/5xx > 5", "payment-api/5xx", 5.0),
            ("ledger/error rate > 1 %", "ledger/5xx", 1.0),
            ("latency p95 > 2 s", "payment-api/latency-p95", 2_000.0),
            ("p99 > 300 ms", "payment-api/latency-p99", 300.0),
            ("payment processing failures > 10 %", "", 0.0),
            ("payment failures > 10 %", "payment-api/payment-failures", 10.0),
            ("CPU > 70 %", "payment-api/cpu", 70.0),
            ("memory utilization > 80 %", "payment-api/memory", 80.0),
            ("queue age > 12", "payment-api/queue_age", 12.0),
            ("requests < 600/min", "payment-api/requests", 10.0),
            ("stripe latency > 5 s", "payment-api/stripe_api_duration", 5_000.0),
            ("stripe errors > 5 %", "payment-api/stripe-errors", 5.0),
        ] {
            match series(line) {
                Ok(found) => assert_eq!(found, (name.to_owned(), Some(limit)), "{line}"),
                Err(problem) => assert!(name.is_empty(), "{line}: {problem}"),
            }
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (line, says) in [
            ("goodness > 5", "payment-api has no metric that is `goodness`; it has 5xx, latency-p95"),
            ("latency > 2 s", "`latency` may be latency-p95 or latency-p99 of payment-api; write which"),
            ("5xx > 2 s", "5xx of payment-api is measured in percent, and `2 s` is not"),
            ("queue age > 5 minutes", "queue_age of payment-api is measured as a count, and `5 min` is not"),
            ("p50 > 2 s", "payment-api has no metric that is `p50`"),
        ] {
            let problem = series(line).expect_err(line);
            assert!(problem.starts_with(says), "{line}: {problem}");
        }
    }

    #[test]
    fn what_fails_is_a_check_or_a_service() {
        let catalog: Catalog = toml::from_str(CATALOG).unwrap();
        let of = |line: &str| {
            let trigger: Trigger = line.parse().unwrap();
            let Condition::Broken(broken) = trigger.conditions()[0].clone() else { panic!("{line}") };
            target(&catalog, &catalog.services[0], &broken)
        };
        let api = ServiceName::new("payment-api");
        assert_eq!(of("checks failing"), Ok(Target::Service(api.clone())));
        assert_eq!(of("readiness failing"), Ok(Target::Check(api.clone(), "readiness".into())));
        assert_eq!(of("deep health failing"), Ok(Target::Check(api, "deep health".into())));
        assert_eq!(of("ledger unreachable"), Ok(Target::Service(ServiceName::new("ledger"))));
        assert_eq!(of("alarm a-b ringing"), Ok(Target::Alarm("a-b".into())));
        assert!(of("primary unreachable").unwrap_err().ends_with("it has readiness, deep health"));
        let trigger: Trigger = "errors > 5 % and primary down and x > 1".parse().unwrap();
        assert_eq!(problems(&catalog, &catalog.services[0], &trigger).len(), 2);
    }
}
