//! Everything a team can say of a service has a place: a payment service written out in full, and each thing found.

use sitroom::domain::catalog::completeness::{gaps, score};
use sitroom::domain::catalog::{
    AlertTier, Backoff, Behaviour, CheckKind, Criticality, DashboardKind, DependencyKind, LogLevel,
    MetricGroup, MetricKind, Mode, Overload, Part, PoolKind, RiskKind, RiskLevel, Strategy,
};
use sitroom::domain::{Service, Span};
use sitroom::sources::catalog::service_problems;

const TEXT: &str = include_str!("payment-api.toml");

fn payments() -> Service {
    assert_eq!(service_problems("payment-api.toml", TEXT), []);
    toml::from_str(TEXT).unwrap()
}

#[test]
fn what_it_is_and_how_it_is_asked_whether_it_is_well() {
    let it = payments();
    assert_eq!(
        (it.name.as_str(), it.criticality, it.runs_on.as_str()),
        ("PaymentAPI", Criticality::Critical, "Kubernetes cluster")
    );
    let [live, ready, start] = it.health_checks.as_slice() else { panic!("three checks") };
    assert_eq!(
        (live.kind, live.endpoint.as_str(), live.timeout, live.threshold),
        (CheckKind::Liveness, "/health", Some(Span::seconds(5)), Some(3))
    );
    assert!(!live.failure_means.is_empty() && !live.why.is_empty() && live.checks.len() == 2);
    assert_eq!(
        (ready.kind, ready.interval, ready.timeout),
        (CheckKind::Readiness, Some(Span::seconds(30)), Some(Span::seconds(10)))
    );
    assert_eq!(ready.checks.len(), 5);
    assert!(ready.checks.iter().all(|check| !check.how.is_empty() && !check.why.is_empty()));
    assert_eq!(ready.checks[2].timeout, Some(Span::seconds(5)));
    let weighed = &ready.trade_offs[0];
    assert!([&weighed.alternative, &weighed.decision, &weighed.result].iter().all(|text| !text.is_empty()));
    let parts = start.start.iter().fold(Span::ZERO, |all, step| all + step.takes);
    assert_eq!(
        (start.kind, start.period, parts),
        (CheckKind::Startup, Some(Span::seconds(40)), Span::seconds(40))
    );
}

#[test]
fn what_happens_when_what_it_stands_on_fails() {
    let it = payments();
    let of =
        |name: &str| (it.dependency(name).unwrap().kind, it.dependency(name).unwrap().failures[0].clone());
    let (kind, database) = of("Database");
    assert_eq!(
        (kind, database.behaviour, database.timeout),
        (DependencyKind::Database, Some(Behaviour::FailFast), Some(Span::seconds(2)))
    );
    assert_eq!(database.options.len(), Behaviour::ALL.len());
    let breaker = database.breaker.unwrap();
    assert_eq!((breaker.opens_after, breaker.half_open_after), (5, Some(Span::seconds(30))));
    assert_eq!((database.does.len(), database.why.len(), database.retry.unwrap().attempts), (4, 4, 0));
    assert_eq!(
        (database.watch.metrics.len(), database.watch.logs.len(), database.watch.alerts.len()),
        (2, 1, 1)
    );
    let (kind, cache) = of("Redis");
    assert_eq!(
        (kind, cache.behaviour, cache.timeout),
        (DependencyKind::Cache, Some(Behaviour::Degrade), Some(Span::millis(500)))
    );
    assert!(
        !cache.fallback.is_empty() && cache.watch.alerts.iter().all(|alert| alert.tier == AlertTier::Warning)
    );
    let (kind, stripe) = of("Stripe");
    assert_eq!(
        (kind, stripe.behaviour, stripe.total_timeout),
        (DependencyKind::External, Some(Behaviour::Retry), Some(Span::seconds(10)))
    );
    let retry = stripe.retry.unwrap();
    assert_eq!((retry.attempts, retry.backoff), (3, Some(Backoff::Exponential)));
    assert_eq!(retry.waits, [1, 2, 4].map(Span::seconds));
    assert!(
        !stripe.idempotency.is_empty()
            && !stripe.callers.is_empty()
            && !stripe.breaker.unwrap().counts.is_empty()
    );
    assert!(it.needs_services().is_empty() && it.needs().len() == 3);
}

#[test]
fn what_happens_when_something_runs_out_and_what_keeps_it_from_spreading() {
    let it = payments();
    let memory = &it.exhaustions[0];
    assert_eq!(
        (memory.resource.as_str(), memory.behaviour, memory.threshold.as_str()),
        ("memory", Some(Overload::ShedLoad), "memory > 90 %")
    );
    assert!(
        [&memory.detection, &memory.rejection, &memory.back_pressure, &memory.recovery]
            .iter()
            .all(|text| !text.is_empty())
    );
    assert_eq!((memory.why.len(), memory.watch.metrics.len(), memory.watch.alerts.len()), (4, 2, 2));
    let cascade = it.cascade.unwrap();
    assert_eq!(cascade.request_timeout.unwrap().timeout, Span::seconds(10));
    assert_eq!(cascade.rate_limits.unwrap().per_client, Some(100.0));
    assert_eq!(cascade.bulkheads.len(), 1);
    let pressure = cascade.back_pressure.unwrap();
    assert!(!pressure.to_callers.is_empty() && !pressure.from_dependencies.is_empty());
}

#[test]
fn what_is_measured_written_traced_and_shown() {
    let it = payments();
    let count = |group| it.metrics.iter().filter(|metric| metric.group == Some(group)).count();
    assert_eq!(MetricGroup::ALL.iter().map(|group| count(*group)).collect::<Vec<_>>(), [3, 5, 6, 3]);
    assert!(
        it.metrics
            .iter()
            .filter(|metric| metric.group == Some(MetricGroup::Custom))
            .all(|metric| !metric.why.is_empty())
    );
    assert_eq!(it.metrics[0].kind, Some(MetricKind::Counter));
    let logs = it.logs.unwrap();
    assert_eq!((logs.format.as_str(), logs.fields.len(), logs.levels.len()), ("JSON", 8, 4));
    assert_eq!((logs.points.len(), logs.redacted.len()), (6, 4));
    assert_eq!(logs.points[4].level_on_failure, Some(LogLevel::Error));
    let traces = it.traces.unwrap();
    assert_eq!((traces.propagation.len(), traces.spans.len(), traces.sampling.len()), (3, 5, 3));
    assert_eq!(traces.sampling[2].percent, 10.0);
    let kinds: Vec<_> = it.dashboards.iter().map(|dashboard| dashboard.kind).collect();
    assert_eq!(kinds, [DashboardKind::Operational, DashboardKind::Dependency, DashboardKind::Capacity]);
    assert_eq!(it.dashboards[0].refresh, Some(Span::seconds(10)));
    let alerting = it.alerting.unwrap();
    assert_eq!((alerting.philosophy.len(), alerting.tiers.len()), (3, 3));
    assert!(alerting.tiers[0].respond_within.is_some() && !alerting.tiers[1].investigate_by.is_empty());
    let critical = it.alerts.iter().filter(|alert| alert.tier == AlertTier::Critical);
    assert!(critical.clone().all(|alert| !alert.investigate.is_empty()));
    assert_eq!((critical.count(), it.alerts.len()), (5, 8));
}

#[test]
fn how_it_serves_less() {
    let it = payments();
    let normal = it.normal.unwrap();
    assert_eq!((normal.healthy.len(), normal.performance.len()), (3, 2));
    let modes: Vec<_> = it.degradations.iter().map(|mode| mode.mode).collect();
    assert_eq!(modes, [Mode::Degraded, Mode::Degraded, Mode::Critical, Mode::Failure]);
    assert!(
        it.degradations
            .iter()
            .all(|mode| !mode.why.is_empty()
                && [&mode.trigger, &mode.cause].iter().any(|text| !text.is_empty()))
    );
    let cache = &it.degradations[0];
    assert!(
        !cache.works.is_empty()
            && !cache.fails.is_empty()
            && !cache.users.is_empty()
            && !cache.performance.is_empty()
    );
    assert!(!cache.detection.is_empty() && !cache.transition.is_empty() && !cache.recovery.is_empty());
    let signalling = it.signalling.unwrap();
    assert!(
        !signalling.callers.status.is_empty()
            && !signalling.callers.headers.is_empty()
            && !signalling.callers.body.is_empty()
    );
    assert!(!signalling.operators.is_empty());
}

#[test]
fn what_it_can_take() {
    let capacity = payments().capacity.unwrap();
    let compute = capacity.compute.unwrap();
    assert_eq!((compute.cpu.as_str(), compute.memory.as_str()), ("2 cores", "4 GB"));
    let storage = capacity.storage.unwrap();
    assert!(
        [&storage.growth, &storage.retention, &storage.projected, &storage.cleanup]
            .iter()
            .all(|it| !it.is_empty())
    );
    let network = capacity.network.unwrap();
    assert_eq!(network.requests_per_second, Some(500.0));
    let fan_out: f64 = network.fan_out.iter().map(|it| it.calls).sum();
    assert!((fan_out - 1.5).abs() < 1e-9);
    let pools: Vec<_> = capacity.pools.iter().map(|pool| (pool.kind, pool.size)).collect();
    assert_eq!(pools, [(PoolKind::Threads, 200), (PoolKind::Connections, 50), (PoolKind::Connections, 20)]);
    assert!(capacity.pools.iter().all(|pool| !pool.why.is_empty() && !pool.exhausted.is_empty()));
    let limits = capacity.rate_limits.unwrap();
    assert_eq!(
        (limits.global, limits.per_client, limits.burst.is_empty()),
        (Some(5000.0), Some(100.0), false)
    );
    let scaling = capacity.scaling.unwrap();
    assert_eq!((scaling.min, scaling.max), (Some(3), Some(20)));
    assert!(
        !scaling.up.is_empty()
            && !scaling.down.is_empty()
            && !scaling.up_rate.is_empty()
            && !scaling.down_rate.is_empty()
    );
    assert_eq!(capacity.tests[0].lasts, Some(Span::minutes(10)));
    assert!(capacity.vertical.is_some());
}

#[test]
fn how_a_version_comes_out_and_goes_back() {
    let it = payments();
    let deployment = it.deployment.unwrap();
    assert_eq!((deployment.strategy, deployment.why.len()), (Some(Strategy::Rolling), 4));
    assert_eq!((deployment.validation.len(), deployment.readiness.len()), (6, 3));
    let steps: Vec<_> = deployment
        .steps
        .iter()
        .map(|step| (step.part, step.takes.unwrap().as_minutes(), step.deeds.len()))
        .collect();
    assert_eq!(
        steps,
        [(Part::Prepare, 5, 4), (Part::Deploy, 15, 5), (Part::Validate, 10, 5), (Part::After, 30, 5)]
    );
    assert_eq!(deployment.takes(), Some(Span::minutes(60)));
    let rollback = it.rollback.unwrap();
    assert_eq!(
        (rollback.triggers.len(), rollback.steps.len(), rollback.target),
        (4, 7, Some(Span::minutes(5)))
    );
    assert!(
        !rollback.also_when.is_empty()
            && rollback.within.is_some()
            && !rollback.notes.is_empty()
            && !rollback.why.is_empty()
    );
    let risk = it.risk.unwrap();
    let kinds: Vec<_> = risk.factors.iter().map(|factor| factor.kind).collect();
    assert_eq!(
        (risk.level, kinds.as_slice(), risk.precautions.len()),
        (Some(RiskLevel::Medium), RiskKind::ALL, 4)
    );
    assert_eq!(it.documents.len(), 5);
    assert!(it.documents.iter().all(|document| !document.link.is_empty() && !document.updated.is_empty()));
}

#[test]
fn nothing_is_missing_of_it_but_what_it_does_not_promise() {
    let it = payments();
    let open: Vec<_> = gaps(&it).into_iter().map(|gap| gap.text).collect();
    assert_eq!(open, ["critical service without a service level objective"]);
    assert!(score(&it).percent() > 90);
}
