//! A rollback trigger of the catalog that a deploy has met.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::View;
use crate::diagnosis::watches::{Rolling, Standing, Watched};
use crate::domain::signal::{Deploy, Kind, Outcome};
use crate::domain::{ServiceName, SignalKey, Span, Time};
use jiff::tz::TimeZone;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "rollback-trigger",
    version: 2,
    title: "Rollback trigger met",
    about: "A trigger under `[service.rollback]` of the catalog that was met within the time it is watched after a \
            production deploy of its service, for as long as it holds. It has to have held for its whole window, \
            from one measurement to another: a gap longer than the series usually has begins the count anew, and \
            exactly the window is enough. What was so before the deploy began is none of its doing. A deploy \
            that puts out again what ran before the last one takes that one back, and is held to none. One issue per \
            deploy, with the trigger that was met first.",
    looks_at: &[Kind::Sample, Kind::Deploy, Kind::Health, Kind::Alarm],
    thresholds: &[
        Threshold::new(
            "within-minutes",
            60.0,
            "after a deploy its triggers are watched, unless the service says",
        ),
        Threshold::new(
            "remembered-hours",
            6.0,
            "a deploy is held to a trigger that was met in time and holds still",
        ),
        Threshold::new(
            "silence-minutes",
            10.0,
            "without a measurement, after which nothing is known of a trigger",
        ),
    ],
    says: "Roll back {service} {version}: {trigger} is met; {trigger} has held since {time}, after {service} \
           {version} was deployed at {time}",
    step: Span::ZERO,
    evaluate,
};

/// A deploy that has met a trigger of its service.
#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct Demand {
    pub deploy: SignalKey,
    pub service: ServiceName,
    /// As the team wrote it.
    pub trigger: String,
    pub met_at: Time,
    finding: Finding,
}

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    view.demands().iter().map(|demand| demand.finding.clone()).collect()
}

/// What the catalog demands to be rolled back now.
pub(in crate::diagnosis) fn demands(view: &View<'_>) -> Vec<Demand> {
    view.watches.rollbacks.iter().filter_map(|rolling| demand(view, rolling)).collect()
}

fn demand(view: &View<'_>, rolling: &Rolling) -> Option<Demand> {
    let watched = rolling.watched(view)?;
    let met = rolling.triggers.iter().filter_map(|tree| {
        let verdict = tree.verdict(view, Some(watched.from));
        match verdict.standing {
            Standing::Met { since, met_at } if watched.brought(verdict.standing) => {
                Some((met_at, since, tree.text.as_str(), verdict))
            }
            _ => None,
        }
    });
    let mut met: Vec<_> = met.collect();
    met.sort_by_key(|(met_at, ..)| *met_at);
    let (met_at, since, text, first) = met.first()?;
    let others = met.len() - 1;
    let finding = finding(view, rolling, &watched, (*met_at, *since), (text, &first.says, others));
    let evidence = met.iter().flat_map(|(.., verdict)| verdict.evidence());
    let finding = evidence.fold(finding, Finding::evidence).window(*since, view.now);
    let (service, trigger) = (rolling.service.clone(), (*text).to_owned());
    Some(Demand { deploy: watched.deploy.key, service, trigger, met_at: *met_at, finding })
}

fn finding(
    view: &View<'_>,
    rolling: &Rolling,
    watched: &Watched<'_>,
    (met_at, since): (Time, Time),
    (trigger, says, others): (&str, &str, usize),
) -> Finding {
    let (service, version) = (rolling.service.as_str(), watched.deploy.body.version.as_str());
    let clock = |at: Time| format!("{} UTC", at.hour_minute(&TimeZone::UTC));
    let more = match others {
        0 => String::new(),
        1 => ", and so is another trigger".to_owned(),
        others => format!(", and so are {others} other triggers"),
    };
    let met_for = match met_at.age(view.now) {
        short if short < Span::minutes(1) => short.to_string(),
        long => format!("{} min", long.as_minutes()),
    };
    let words = vec![
        ("service", service.to_owned()),
        ("version", version.to_owned()),
        ("previous", previous(view, watched.deploy)),
        ("trigger", trigger.to_owned()),
        ("deployed", clock(watched.deploy.at())),
        ("met", clock(met_at)),
        ("for", met_for),
        ("says", says.to_owned()),
        ("more", more),
    ];
    Finding::new(&RULE, format!("{service}/{version}"), met_at)
        .of(&rolling.service)
        .weighing(Gravity::High)
        .making(Level::Degraded)
        .issue(format!("Roll back {service} {version}: {trigger} is met"), view.consequence(&rolling.service))
        .says(
            Place::Exposure,
            format!(
                "{trigger} has held since {}, after {service} {version} was deployed at {}",
                clock(since),
                clock(watched.deploy.at())
            ),
        )
        .remedy("roll-back", words)
        .signal(watched.deploy)
        .number("met for", met_at.age(view.now).as_minutes() as f64, "min")
}

/// The deploy that this one takes back: it puts out again what ran before that one, not long after it.
pub(in crate::diagnosis) fn taken_back<'a>(
    view: &View<'a>,
    deploy: &Seen<Deploy>,
) -> Option<&'a Seen<Deploy>> {
    if deploy.body.outcome != Outcome::Succeeded || !deploy.is_production() {
        return None;
    }
    let remembered = Span::hours(view.limit(&RULE, "remembered-hours") as i64);
    let recent = view.history.deploys.between(deploy.at() - remembered, deploy.at());
    let taken = recent.iter().rfind(|earlier| {
        earlier.service == deploy.service
            && earlier.key < deploy.key
            && earlier.is_production()
            && earlier.body.version != deploy.body.version
    })?;
    (previous(view, taken) == deploy.body.version).then_some(taken)
}

/// What ran before a deploy, as far as that is known.
pub(in crate::diagnosis) fn previous(view: &View<'_>, deploy: &Seen<Deploy>) -> String {
    let before = || {
        let mut earlier = view.history.deploys.until(deploy.at()).iter().rev();
        // What was rolled back was not running any more, even where nobody said what was instead.
        let found = earlier.find(|earlier| {
            earlier.service == deploy.service
                && earlier.key < deploy.key
                && earlier.took_effect()
                && earlier.running() != Some(&deploy.body.version)
        });
        found.and_then(Seen::running).map(str::to_owned)
    };
    let previous = deploy.body.previous.clone().or_else(before);
    previous.unwrap_or_else(|| "the version before".to_owned())
}
