//! The current state: a level for each service and for the whole, and one sentence.

use super::anomaly::Elevation;
use super::history::Seen;
use super::rule::{Finding, Place};
use super::rules::blind_spot::never_heard;
use super::rules::elevated::level_of;
use super::rules::elevated_after_deploy::blamed;
use super::rules::failing_check::last_word;
use super::series::Series;
use super::situation::{Level, ServiceState, Spark, State};
use super::stats::rounded;
use super::view::View;
use crate::domain::catalog::{Measures, Mode};
use crate::domain::signal::Deploy;
use crate::domain::{ServiceName, Span, Time};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::slice;
use std::sync::Arc;

const SPARK_MINUTES: usize = 60;
/// A measured service of which nothing came for so long, and for three of its usual pauses, is not known to be well.
const SILENT: Span = Span::minutes(5);

pub(super) fn state(view: &View<'_>, findings: &[Finding]) -> State {
    let heard = heard(view);
    let catalog = view.catalog.services.iter().map(|service| &service.name);
    let names: BTreeSet<_> =
        catalog.chain(heard.keys().copied()).filter(|it| !it.as_str().is_empty()).collect();
    let mut services: Vec<ServiceState> =
        names.into_iter().map(|name| service(view, findings, name, heard.get(name))).collect();
    let told = |name: &ServiceName| {
        let place = view.elevations().iter().position(|elevation| elevation.series.service == *name);
        place.unwrap_or(usize::MAX)
    };
    services.sort_by_cached_key(|service| {
        let weight = (service.level > Level::Normal).then(|| view.weight(Some(&service.name)));
        (Reverse(service.level), told(&service.name), weight, service.name.clone())
    });
    let worst = services.first().map_or(Level::Unknown, |worst| worst.level);
    let at_large = at_large(findings).filter(|finding| finding.level > worst);
    let level = at_large.map_or(worst, |finding| finding.level);
    let is_proven = level != Level::Normal || never_heard(view).is_empty();
    let level = if is_proven { level } else { Level::Unknown };
    State { level, sentence: sentence(view, &services, &heard, at_large), services }
}

/// What was heard of one service from the signals that say how one is.
#[derive(Default)]
struct Heard<'a> {
    series: Vec<&'a Series>,
    /// The deploy that put there what is running.
    deployed: Option<&'a Seen<Deploy>>,
    changed: Option<Time>,
    checked: Option<Time>,
    has_alarm: bool,
}

/// In one go over everything, since a catalog may have thousands of services.
fn heard<'a>(view: &View<'a>) -> HashMap<&'a ServiceName, Heard<'a>> {
    let mut heard: HashMap<&ServiceName, Heard<'_>> = HashMap::new();
    for series in view.history.series.values().filter(|series| !series.until(view.now).is_empty()) {
        heard.entry(&series.service).or_default().series.push(series);
    }
    for (deploy, name) in of_a_service(view.history.deploys.until(view.now)) {
        let of_it = heard.entry(name).or_default();
        if deploy.took_effect() {
            of_it.deployed = Some(deploy);
        }
    }
    for (change, name) in of_a_service(view.history.changes.until(view.now)) {
        heard.entry(name).or_default().changed = Some(change.at());
    }
    for (_, name) in view.standing_alarms().flat_map(|latest| of_a_service(slice::from_ref(latest))) {
        heard.entry(name).or_default().has_alarm = true;
    }
    for (check, name) in view.checks().flat_map(|past| of_a_service(&past[past.len() - 1..])) {
        let of_it = heard.entry(name).or_default();
        of_it.checked = of_it.checked.max(Some(last_word(view, check)));
    }
    heard
}

fn of_a_service<T>(seen: &[Seen<T>]) -> impl Iterator<Item = (&Seen<T>, &ServiceName)> {
    seen.iter().filter_map(|seen| Some((seen, seen.service.as_ref()?)))
}

fn service(
    view: &View<'_>,
    findings: &[Finding],
    name: &ServiceName,
    heard: Option<&Heard<'_>>,
) -> ServiceState {
    let elevation = view.elevations().iter().find(|elevation| elevation.series.service == *name);
    let finding = findings
        .iter()
        .filter(|finding| finding.service.as_ref() == Some(name) && finding.level > Level::Normal)
        .max_by(|a, b| a.level.cmp(&b.level).then(b.since.cmp(&a.since)).then(b.about.cmp(&a.about)));
    let silence = heard.and_then(|heard| heard.silence(view.now));
    let is_well = heard.is_some_and(Heard::is_measured) && silence.is_none();
    let least = if is_well { Level::Normal } else { Level::Unknown };
    let measured = elevation.map_or(least, |elevation| level_of(view, elevation));
    let found = finding.map_or(measured, |finding| measured.max(finding.level));
    let modes: Vec<_> = view.modes().iter().filter(|mode| mode.service == *name).collect();
    let level = modes.iter().map(|mode| level_in(mode.mode)).fold(found, Ord::max);
    let told = elevation.map(|elevation| (described(elevation), elevation.detected(view)));
    let told = told.or_else(|| finding.map(|finding| (first_words(finding), finding.since)));
    let (text, since) = match (modes.first(), told) {
        (Some(mode), Some((text, since))) => (format!("{}: {text}", mode.name), Some(since)),
        (Some(mode), None) => (mode.name.clone(), Some(mode.since)),
        (None, Some((text, since))) => (text, Some(since)),
        (None, None) if level == Level::Unknown => (unknown(heard, silence), None),
        (None, None) => ("ok".to_owned(), heard.and_then(Heard::last_change)),
    };
    let spark = elevation.map(|elevation| elevation.series).or_else(|| heard?.main_series(view, name));
    ServiceState {
        name: name.clone(),
        level,
        text,
        modes: modes.iter().map(|mode| mode.name.clone()).collect(),
        version: heard.and_then(|heard| heard.deployed?.running()).map(str::to_owned),
        since,
        spark: spark.and_then(|series| spark_of(series, view.now)),
    }
}

fn unknown(heard: Option<&Heard<'_>>, silence: Option<Span>) -> String {
    match (heard, silence) {
        (_, Some(silence)) => format!("not measured for {silence}"),
        (Some(_), None) => "not measured".to_owned(),
        (None, None) => "not observed".to_owned(),
    }
}

impl Heard<'_> {
    /// That something was deployed or changed says nothing about how it does since.
    fn is_measured(&self) -> bool {
        !self.series.is_empty() || self.checked.is_some() || self.has_alarm
    }

    /// Since when nothing was measured or checked that usually is. An alarm that watches a service speaks for it.
    fn silence(&self, now: Time) -> Option<Span> {
        if self.has_alarm {
            return None;
        }
        let measured = self.series.iter().filter_map(|series| {
            let [.., before, last] = series.until(now) else { return None };
            let pause = (last.key.at - before.key.at).min(Span::hours(1));
            Some((last.key.at, SILENT.max(pause + pause + pause)))
        });
        let (newest, patience) = measured.chain(self.checked.map(|at| (at, SILENT))).max()?;
        let silence = now - newest;
        (silence > patience).then_some(silence)
    }

    fn last_change(&self) -> Option<Time> {
        self.deployed.map(Seen::at).max(self.changed)
    }

    /// The series that tells most of a service that is well: errors, then latency, in the catalog's order.
    fn main_series(&self, view: &View<'_>, name: &ServiceName) -> Option<&Series> {
        let metrics = view.catalog.service(name.as_str()).map(|service| &service.metrics);
        let place = |series: &Series| metrics?.iter().position(|metric| metric.name == series.metric);
        let order = |series: &&&Series| {
            let kind = match series.measures {
                Measures::Errors => 0,
                Measures::Latency => 1,
                Measures::Saturation => 2,
                Measures::Traffic | Measures::Other => 3,
            };
            (kind, place(series).unwrap_or(usize::MAX))
        };
        self.series.iter().min_by_key(order).copied()
    }
}

/// A service that serves less on purpose is not well, and what is left says how unwell.
const fn level_in(mode: Mode) -> Level {
    match mode {
        Mode::Degraded => Level::Elevated,
        Mode::Critical => Level::Degraded,
        Mode::Failure => Level::Critical,
    }
}

/// `5xx 2.5 % (0.5 %)`.
fn described(elevation: &Elevation<'_>) -> String {
    let series = elevation.series;
    format!("{} {} ({})", series.metric, series.say(elevation.value), series.say(elevation.from))
}

fn first_words(finding: &Finding) -> String {
    let mut texts = finding.says_at(Place::Issue).chain(finding.says_at(Place::Operational));
    texts.next().unwrap_or_default().to_owned()
}

fn spark_of(series: &Series, now: Time) -> Option<Spark> {
    let from = now - Span::minutes(SPARK_MINUTES as i64);
    let points = series.between(from, now);
    let mut last = points.first()?.value;
    let mut values = Vec::with_capacity(SPARK_MINUTES);
    let mut place = 0;
    for minute in 1..=SPARK_MINUTES {
        let until = from + Span::minutes(minute as i64);
        while let Some(point) = points.get(place).filter(|point| point.key.at <= until) {
            last = point.value;
            place += 1;
        }
        values.push(last);
    }
    let baseline = series.baseline(now).map_or(values[0], |baseline| baseline.center);
    let value = series.recent(now, Span::minutes(5), 1).unwrap_or(last);
    Some(Spark {
        series: series.name.clone(),
        unit: series.unit,
        value: rounded(value),
        baseline: rounded(baseline),
        values: Arc::from(values),
    })
}

/// The worst that was found and belongs to no service, such as an alarm that nobody has put down to one.
fn at_large(findings: &[Finding]) -> Option<&Finding> {
    let is_of_nobody =
        |finding: &&Finding| finding.service.as_ref().is_none_or(|service| service.as_str().is_empty());
    let loud = findings.iter().filter(|finding| finding.level > Level::Normal).filter(is_of_nobody);
    loud.max_by(|a, b| a.level.cmp(&b.level).then(b.since.cmp(&a.since)).then(b.about.cmp(&a.about)))
}

fn of_no_service(finding: &Finding) -> String {
    let words = first_words(finding);
    match finding.level {
        Level::Elevated => {
            format!("System operating within normal range, with an eye on what is of no service: {words}.")
        }
        level => format!("The system is {level}: {words}."),
    }
}

fn sentence(
    view: &View<'_>,
    services: &[ServiceState],
    heard: &HashMap<&ServiceName, Heard<'_>>,
    at_large: Option<&Finding>,
) -> String {
    if view.history.is_empty_at(view.now) {
        return "No signals yet: nothing is known about the system.".to_owned();
    }
    if let Some(finding) = at_large {
        return of_no_service(finding);
    }
    let silence = |it: &ServiceState| heard.get(&it.name)?.silence(view.now);
    let silent = services.iter().filter_map(|it| Some((&it.name, silence(it)?)));
    let quietest = silent.max_by_key(|(_, silence)| *silence);
    let Some(worst) = services.first().filter(|worst| worst.level > Level::Unknown) else {
        return match quietest {
            Some((_, silence)) => {
                format!("Nothing was measured for {silence}: nothing is known about how it is now.")
            }
            None => "No service was measured yet: nothing is known about how they are.".to_owned(),
        };
    };
    if worst.level == Level::Normal {
        if let [first, more @ ..] = never_heard(view).as_slice() {
            let (name, more) = (&first.name, never_heard_more(more.len()));
            return format!("{name}{more} never answered; nothing is known to be wrong.");
        }
        return match quietest {
            Some((name, silence)) => {
                format!("Nothing is known to be wrong, but {name} has not been measured for {silence}.")
            }
            None => {
                unseen(view, services).unwrap_or_else(|| "System operating within normal range.".to_owned())
            }
        };
    }
    let elevation = view.elevations().iter().find(|elevation| elevation.series.service == worst.name);
    let others = services.iter().skip(1).filter(|service| service.level > Level::Normal).count();
    match (worst.level, elevation) {
        (Level::Elevated, Some(elevation)) => format!(
            "System operating within normal range, with {} {} still elevated{}{}.",
            worst.name,
            plural(elevation),
            after(view, elevation),
            unwell(others),
        ),
        (Level::Elevated | Level::Normal | Level::Unknown, None | Some(_)) => {
            format!("{} needs an eye: {}{}.", worst.name, worst.text, unwell(others))
        }
        (level, Some(elevation)) => {
            let after = after(view, elevation);
            format!("{} is {level}{after}: {}{}.", worst.name, worst.text, unwell(others))
        }
        (level, None) => format!("{} is {level}: {}{}.", worst.name, worst.text, unwell(others)),
    }
}

/// What keeps anybody from saying that all is well: critical services that nobody has ever looked into.
fn unseen(view: &View<'_>, services: &[ServiceState]) -> Option<String> {
    let (unknown, all) = view.unknown_critical(services);
    let was = if unknown.len() == 1 { "was" } else { "were" };
    let said = format!("{} of {all} critical services {was} never measured", unknown.len());
    (!unknown.is_empty()).then(|| format!("Nothing is known to be wrong, but {said}."))
}

fn never_heard_more(more: usize) -> String {
    match more {
        0 => " has".to_owned(),
        more => format!(" and {more} more have"),
    }
}

/// How many services beside the worst are not well.
fn unwell(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => ", and 1 more service is not well".to_owned(),
        many => format!(", and {many} more services are not well"),
    }
}

fn plural(elevation: &Elevation<'_>) -> &'static str {
    match elevation.series.measures {
        Measures::Errors => "errors",
        Measures::Latency => "latency",
        _ => "saturation",
    }
}

fn after(view: &View<'_>, elevation: &Elevation<'_>) -> &'static str {
    if blamed(view, elevation).is_some() { " after the latest deploy" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::ConfidenceLevel;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::signal::AlarmState;
    use crate::domain::{Health, SourceName, SourceStatus};

    #[test]
    fn what_nobody_has_looked_at_is_unknown_and_not_normal() {
        let quiet = Story::new().situation();
        assert_eq!((quiet.state.level, quiet.confidence.level), (Level::Unknown, ConfidenceLevel::Unknown));
        assert!(quiet.state.services.iter().all(|service| service.text == "not observed"));
        assert!(quiet.state.sentence.starts_with("No signals yet"));

        let known = Story::new().alarm(30, "api", "api-5xx", AlarmState::Ok).situation();
        let levels: BTreeSet<_> = known.state.services.iter().map(|service| service.level).collect();
        assert_eq!(known.state.level, Level::Normal);
        assert_eq!(levels, BTreeSet::from([Level::Unknown, Level::Normal]));
        assert!(known.confidence.score.is_some());
    }

    #[test]
    fn nothing_is_normal_while_the_source_of_alarms_has_never_answered() {
        let status = |name: &str, health| SourceStatus::new(SourceName::new(name), health, "refused");
        let quiet = || Story::new().alarm(30, "api", "api-5xx", AlarmState::Ok);
        let seen = |story: Story| {
            let situation = story.situation();
            (situation.state.level, situation.confidence.level, situation.state.sentence)
        };
        let (level, confidence, sentence) = seen(quiet().source(status("aws-prod/alarms", Health::Failing)));
        assert_eq!((level, confidence), (Level::Unknown, ConfidenceLevel::Unknown));
        assert_eq!(sentence, "aws-prod/alarms has never answered; nothing is known to be wrong.");
        let both = quiet().source(status("aws-a/alarms", Health::Failing));
        let (_, _, sentence) = seen(both.source(status("aws-b/metrics", Health::Failing)));
        assert!(sentence.starts_with("aws-a/alarms and 1 more have never answered; "), "{sentence}");
        let answered = SourceStatus { last_good: Some(NOW), ..status("aws-prod/alarms", Health::Failing) };
        for source in
            [answered, status("github", Health::Failing), status("aws-prod/alarms", Health::Starting)]
        {
            assert_eq!(seen(quiet().source(source)).0, Level::Normal);
        }
        let ringing = quiet().alarm(12, "api", "api-5xx", AlarmState::Alarm);
        assert_eq!(seen(ringing.source(status("aws-a/alarms", Health::Failing))).0, Level::Elevated);
    }

    #[test]
    fn what_reviews_say_says_nothing_about_how_services_are() {
        let busy = Story::new().run(30, "main", crate::domain::signal::Outcome::Succeeded).situation();
        assert_eq!((busy.state.level, busy.confidence.score), (Level::Unknown, None));
        assert!(busy.state.sentence.starts_with("No service was measured yet"));
    }

    #[test]
    fn a_service_with_an_alarm_and_no_measurement_is_not_called_normal() {
        let ringing = |story: Story, service: &str| {
            let name = format!("{service}-cpu");
            story.alarm(30, service, &name, AlarmState::Ok).alarm(12, service, &name, AlarmState::Alarm)
        };
        let one = ringing(Story::new(), "db");
        assert_eq!(one.situation().state.sentence, "db needs an eye: db-cpu is ringing.");
        let sentence = ringing(one, "web").situation().state.sentence;
        assert!(sentence.ends_with("-cpu is ringing, and 1 more service is not well."), "{sentence}");
    }

    #[test]
    fn an_alarm_that_was_deleted_rings_no_more_and_says_nothing_of_its_service() {
        let story = Story::new().alarm(30, "db", "db-cpu", AlarmState::Alarm);
        assert_eq!(story.alarm(12, "db", "db-cpu", AlarmState::Gone).situation().state.level, Level::Unknown);
    }

    #[test]
    fn whoever_is_named_first_the_others_that_are_not_well_are_counted() {
        let of = |percent| {
            let one = Story::new().series("api/5xx", 0.1, 12, percent);
            one.series("web/5xx", 0.1, 12, percent).situation().state
        };
        for state in [of(1.9), of(40.0)] {
            assert!(state.sentence.ends_with(", and 1 more service is not well."), "{}", state.sentence);
        }
        assert_eq!([of(1.9).level, of(40.0).level], [Level::Elevated, Level::Critical]);
    }

    #[test]
    fn an_alarm_of_no_service_is_not_passed_over() {
        let story = Story::new().alarm(30, "", "db-cpu", AlarmState::Ok);
        let situation = story.alarm(12, "", "db-cpu", AlarmState::Alarm).situation();
        assert_eq!(situation.state.level, Level::Elevated);
        assert!(situation.state.sentence.ends_with("what is of no service: db-cpu is ringing."));
    }
}
