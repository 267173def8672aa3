//! CloudWatch alarms: which there are and what they watch, and every change of their state, with its reason.
//!
//! The listing makes alarms known, which the coverage of endpoints is judged by; the history tells what happened. An alarm
//! that does not change is told anew every day, as it was when the day began, so that it is still known when its last
//! change is forgotten. One that is deleted is told to be gone, from the history or because it is listed no more. Where the
//! history does not come, the listing tells what has changed.

use super::pages::Pages;
use super::target::{Observed, Target, date, text, time};
use super::window::Window;
use super::{Concern, DENIED_PAUSE, EVERY, GOING_ON, console};
use crate::domain::signal::{Alarm, AlarmState, Body};
use crate::domain::{Service, ServiceName, Signal, Span, Time};
use crate::sources::SourceError;
use crate::sources::words::state_value;
use aws_sdk_cloudwatch::types::{
    AlarmHistoryItem, AlarmType, CompositeAlarm, Dimension, HistoryItemType, Metric, MetricAlarm, ScanBy,
    StateValue, Statistic,
};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

const LIST: &str = "cloudwatch:DescribeAlarms";
const HISTORY: &str = "cloudwatch:DescribeAlarmHistory";
/// CloudWatch keeps 30 days; findings look back no further than this.
const LOOK_BACK: Span = Span::days(7);
const OVERLAP: Span = Span::minutes(5);
const DAY: Span = Span::days(1);
/// Pages of one poll: what can be told at once is told at once, and the rest a second later.
const PAGES: usize = 3;
const PAGE: i32 = 100;
/// Dimensions that name an endpoint.
const ENDPOINTS: [&str; 6] = ["Endpoint", "Path", "Route", "Resource", "Operation", "ApiName"];

pub(super) struct Alarms {
    listing: Pages,
    is_listed: bool,
    known: HashMap<String, Known>,
    /// The names in the listing that is being read, and those that are in another state than they were told in.
    listed: HashSet<String>,
    changed: Vec<(Listed, Watch)>,
    history: Pages,
    window: Window,
    /// Why the history does not come, and until when it is not asked for again.
    trouble: Option<(SourceError, Time)>,
    held: Vec<Signal>,
}

/// An alarm as it was told last.
struct Known {
    watch: Watch,
    /// The day it was told.
    day: Time,
    state: AlarmState,
    since: Time,
}

/// What an alarm watches.
#[derive(Clone, Debug, Default, PartialEq)]
struct Watch {
    service: Option<ServiceName>,
    metric: Option<String>,
    statistic: Option<String>,
    endpoint: Option<String>,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            listing: Pages::default(),
            is_listed: false,
            known: HashMap::new(),
            listed: HashSet::new(),
            changed: Vec::new(),
            history: Pages::default(),
            window: Window::new(LOOK_BACK, OVERLAP),
            trouble: None,
            held: Vec::new(),
        }
    }
}

impl Concern for Alarms {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        for _ in 0..PAGES {
            if !self.is_listed {
                self.list(target, now).await?;
            } else if !self.goes_on_with_history(target, now).await {
                self.is_listed = false;
                self.tell_what_only_the_listing_shows(target, now).await;
                return Ok(EVERY);
            }
        }
        Ok(GOING_ON)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    fn afresh(&mut self) {
        (self.listing, self.is_listed) = (Pages::default(), false);
    }

    fn note(&self) -> String {
        let said = |(why, _): &(SourceError, Time)| format!("told as listed, without history: {why}");
        self.trouble.as_ref().map(said).unwrap_or_default()
    }
}

impl Alarms {
    /// One page of the listing; after the last one comes the history.
    async fn list(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let token = self.listing.token();
        if token.is_none() {
            self.listed.clear();
            self.changed.clear();
        }
        let asked = clients.cloudwatch.describe_alarms().max_records(PAGE).set_next_token(token);
        let asked = asked.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        let page = asked.send().await.map_err(|error| target.trouble(LIST, &error))?;
        for alarm in page.metric_alarms() {
            self.make_known(target, now, &clients.region, Listed::metric(alarm), watched_by(target, alarm));
        }
        for alarm in page.composite_alarms() {
            let watch = Watch { service: target.service_in(&text(alarm.alarm_name())), ..Watch::default() };
            self.make_known(target, now, &clients.region, Listed::composite(alarm), watch);
        }
        self.is_listed = !self.listing.turn(LIST, page.next_token())?;
        Ok(())
    }

    /// An alarm is told the first time it is seen, again when it watches something else, and each day. What it watches
    /// is another when it was changed, or the catalog was; then it is told as of now.
    fn make_known(&mut self, target: &Target, now: Time, region: &str, listed: Listed, watch: Watch) {
        let (name, Some(since)) = (&listed.name, listed.since) else { return };
        if name.is_empty() {
            return;
        }
        self.listed.insert(name.clone());
        let today = day(target.there(now));
        let known = self.known.get(name);
        if known.is_some_and(|known| known.watch == watch && known.day == today) {
            if known.is_some_and(|known| known.state != listed.state) {
                self.changed.push((listed, watch));
            }
            return;
        }
        let is_another = known.is_some_and(|known| known.watch != watch);
        let at = if is_another { since.max(target.there(now)) } else { since.max(today) };
        let body = watch.body(name, listed.state, None, Some(listed.reason.clone()));
        let signal = target.signal(Observed {
            external: format!("alarm/{name}/known/{}", at.millis()),
            at,
            service: watch.service.clone(),
            title: format!("{name} is {}", state_value(listed.state)),
            body: Body::Alarm(Alarm { since: (since < at).then(|| target.clock().here(since)), ..body }),
            link: Some(console::alarm(region, name)),
            raw: Some(
                json!({"alarmName": name, "stateValue": state_value(listed.state), "rule": listed.rule,
                "stateUpdatedTimestamp": since.to_string(),
                "stateReason": listed.reason, "stateReasonData": parsed(&listed.data)}),
            ),
        });
        self.held.push(signal);
        let known = Known { watch, day: today, state: listed.state, since };
        self.known.insert(listed.name, known);
    }

    /// Whether there is more of the history to read. What goes wrong with it costs only what it alone would tell.
    async fn goes_on_with_history(&mut self, target: &Target, now: Time) -> bool {
        self.trouble.take_if(|(_, until)| *until <= now);
        if self.trouble.is_some() {
            return false;
        }
        match self.read_history(target, now).await {
            Ok(goes_on) => goes_on,
            Err(error) => {
                let is_refused = error.kind.is_of_the_question();
                if is_refused {
                    self.history = Pages::default();
                    self.window.give_up();
                }
                self.trouble = Some((error, now + if is_refused { DENIED_PAUSE } else { EVERY }));
                false
            }
        }
    }

    /// Alarms that are not listed any more, and what has changed where the history does not tell it.
    async fn tell_what_only_the_listing_shows(&mut self, target: &Target, now: Time) {
        let there = target.there(now);
        let is_gone = |name: &&String| !self.listed.contains(*name);
        let mut gone: Vec<_> = self.known.keys().filter(is_gone).cloned().collect();
        gone.sort_unstable();
        for name in gone {
            let Some(known) = self.known.remove(&name) else { continue };
            self.held.push(known.watch.gone(target, &name, Some(known.state), there));
        }
        let changed = std::mem::take(&mut self.changed);
        if self.trouble.is_none() {
            return;
        }
        let clients = target.clients().await;
        for (listed, watch) in changed {
            let Some(known) = self.known.get_mut(&listed.name) else { continue };
            let (was, Some(since)) = (known.state, listed.since) else { continue };
            if was != listed.state {
                (known.state, known.since) = (listed.state, since);
                let (reason, raw) = (Some(listed.reason), Some(parsed(&listed.data)));
                let change = Change { name: listed.name, was: Some(was), is: listed.state, reason, raw };
                self.held.push(watch.changed(target, &clients.region, since, change));
            }
        }
    }

    async fn read_history(&mut self, target: &Target, now: Time) -> Result<bool, SourceError> {
        let (from, until) = self.window.open(target.there(now));
        let clients = target.within_budget(now).await?;
        let asked = clients.cloudwatch.describe_alarm_history();
        let asked = asked.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        let asked = asked.scan_by(ScanBy::TimestampDescending);
        let asked = asked.start_date(date(from)).end_date(date(until)).max_records(PAGE);
        let page = asked.set_next_token(self.history.token()).send().await;
        let page = page.map_err(|error| target.trouble(HISTORY, &error))?;
        for item in page.alarm_history_items() {
            let signal = self.transition(target, &clients.region, item);
            self.held.extend(signal.filter(|signal| self.window.is_new(signal)));
        }
        let goes_on = self.history.turn(HISTORY, page.next_token())?;
        if !goes_on {
            self.window.close(target.there(now));
        }
        Ok(goes_on)
    }

    /// What happened to an alarm, if it is something to tell.
    fn transition(&mut self, target: &Target, region: &str, item: &AlarmHistoryItem) -> Option<Signal> {
        let (name, at) = (text(item.alarm_name()), time(item.timestamp())?);
        let data: Value = serde_json::from_str(item.history_data().unwrap_or_default()).unwrap_or_default();
        match item.history_item_type()? {
            HistoryItemType::StateUpdate => {}
            HistoryItemType::ConfigurationUpdate if data["type"] == "Delete" => {
                return Some(self.deletion(target, &name, at, &data["deletedAlarm"]));
            }
            _ => return None,
        }
        let state = |which: &str| state_of(data[which]["stateValue"].as_str());
        let (was, is) = match (state("oldState"), state("newState")) {
            (was, Some(is)) => (was, is),
            _ => states_of(item.history_summary()?)?,
        };
        let reason = data["newState"]["stateReason"].as_str().map(|reason| text(Some(reason)));
        let known = self.known.get_mut(&name);
        let mut watch = known.as_ref().map(|known| known.watch.clone()).unwrap_or_default();
        if let Some(known) = known.filter(|known| known.since < at) {
            (known.state, known.since) = (is, at);
        }
        watch.service = watch.service.or_else(|| target.service_in(&name));
        let raw = Some(data).filter(|data| !data.is_null());
        Some(watch.changed(target, region, at, Change { name, was, is, reason, raw }))
    }

    /// One that was made again since is known still.
    fn deletion(&mut self, target: &Target, name: &str, at: Time, was: &Value) -> Signal {
        let known = self.known.get(name).map(|known| (known.watch.clone(), known.state));
        if !self.listed.contains(name) {
            self.known.remove(name);
        }
        let (mut watch, state) = known.unzip();
        let values = was["dimensions"].as_array().into_iter().flatten();
        let mut speaks = std::iter::once(name).chain(values.filter_map(|one| one["value"].as_str()));
        let service = speaks.find_map(|text| target.service_in(text));
        watch.get_or_insert(Watch { service, ..Watch::default() }).gone(target, name, state, at)
    }
}

/// What an alarm has come to.
struct Change {
    name: String,
    was: Option<AlarmState>,
    is: AlarmState,
    reason: Option<String>,
    raw: Option<Value>,
}

impl Watch {
    fn body(&self, name: &str, state: AlarmState, was: Option<AlarmState>, reason: Option<String>) -> Alarm {
        let Self { metric, statistic, endpoint, .. } = self.clone();
        let reason = reason.filter(|reason| !reason.is_empty());
        Alarm { name: name.to_owned(), state, was, since: None, metric, statistic, endpoint, reason }
    }

    fn changed(&self, target: &Target, region: &str, at: Time, change: Change) -> Signal {
        let Change { name, was, is, reason, raw } = change;
        target.signal(Observed {
            external: format!("alarm/{name}/{}/{}", at.millis(), state_value(is)),
            at,
            service: self.service.clone(),
            title: format!("{name} {} → {}", was.map_or("?", state_value), state_value(is)),
            body: Body::Alarm(self.body(&name, is, was, reason)),
            link: Some(console::alarm(region, &name)),
            raw,
        })
    }

    fn gone(&self, target: &Target, name: &str, was: Option<AlarmState>, at: Time) -> Signal {
        target.signal(Observed {
            external: format!("alarm/{name}/{}/gone", at.millis()),
            at,
            service: self.service.clone(),
            title: format!("{name} was deleted"),
            body: Body::Alarm(self.body(name, AlarmState::Gone, was, None)),
            link: None,
            raw: None,
        })
    }
}

/// An alarm of either kind, as the listing shows it.
struct Listed {
    name: String,
    state: AlarmState,
    /// Since when it is in that state.
    since: Option<Time>,
    reason: String,
    data: String,
    /// What a composite alarm is made of.
    rule: Option<String>,
}

impl Listed {
    fn metric(alarm: &MetricAlarm) -> Self {
        Self {
            name: text(alarm.alarm_name()),
            state: state(alarm.state_value()),
            since: time(alarm.state_updated_timestamp()),
            reason: text(alarm.state_reason()),
            data: alarm.state_reason_data().unwrap_or_default().to_owned(),
            rule: None,
        }
    }

    fn composite(alarm: &CompositeAlarm) -> Self {
        Self {
            name: text(alarm.alarm_name()),
            state: state(alarm.state_value()),
            since: time(alarm.state_updated_timestamp()),
            reason: text(alarm.state_reason()),
            data: alarm.state_reason_data().unwrap_or_default().to_owned(),
            rule: alarm.alarm_rule().map(str::to_owned),
        }
    }
}

fn watched_by(target: &Target, alarm: &MetricAlarm) -> Watch {
    let name = text(alarm.alarm_name());
    // An alarm on an expression says what it watches in the first of its measurements.
    let inner = alarm.metrics().iter().find_map(|query| query.metric_stat());
    let metric = inner.and_then(|stat| stat.metric());
    let dimensions: Vec<&Dimension> =
        alarm.dimensions().iter().chain(metric.into_iter().flat_map(Metric::dimensions)).collect();
    let speaks =
        dimensions.iter().filter_map(|dimension| target.service_in(dimension.value().unwrap_or_default()));
    let service = target.service_in(&name).or_else(|| speaks.into_iter().next());
    let told = dimensions.iter().find(|one| one.name().is_some_and(|name| ENDPOINTS.contains(&name)));
    let statistic = alarm
        .extended_statistic()
        .or_else(|| alarm.statistic().map(Statistic::as_str))
        .or_else(|| inner.and_then(|stat| stat.stat()));
    Watch {
        endpoint: told.map(|one| text(one.value())).or_else(|| endpoint_in(target, service.as_ref(), &name)),
        service,
        metric: alarm.metric_name().or_else(|| metric.and_then(|m| m.metric_name())).map(|m| text(Some(m))),
        statistic: statistic.map(|statistic| text(Some(statistic)).to_lowercase()),
    }
}

/// The endpoint of the catalog an alarm is named after: `checkout-confirm-p99` watches `checkout confirm`.
fn endpoint_in(target: &Target, service: Option<&ServiceName>, alarm: &str) -> Option<String> {
    let plain = |name: &str| name.to_lowercase().replace([' ', '_', '/'], "-").trim_matches('-').to_owned();
    let is_here = |one: &&Service| service.is_none_or(|name| one.name == *name);
    let catalog = target.catalog();
    let endpoints = catalog.services.iter().filter(is_here).flat_map(|one| &one.endpoints);
    let named = endpoints.filter(|endpoint| {
        let name = plain(&endpoint.name);
        !name.is_empty() && plain(alarm).contains(&name)
    });
    named.max_by_key(|endpoint| endpoint.name.len()).map(|endpoint| endpoint.name.clone())
}

/// A state this program does not know yet is no alarm, and no all-clear either.
fn state(state: Option<&StateValue>) -> AlarmState {
    state_of(state.map(StateValue::as_str)).unwrap_or(AlarmState::NoData)
}

fn state_of(word: Option<&str>) -> Option<AlarmState> {
    let word = word?;
    [AlarmState::Ok, AlarmState::Alarm, AlarmState::NoData]
        .into_iter()
        .find(|state| state_value(*state) == word)
}

/// The day a moment is in, which is the same for everybody who asks.
fn day(at: Time) -> Time {
    Time::from_millis(at.millis().div_euclid(DAY.as_millis()) * DAY.as_millis())
}

/// `Alarm updated from OK to ALARM`.
fn states_of(summary: &str) -> Option<(Option<AlarmState>, AlarmState)> {
    let (was, is) = summary.split_once(" from ")?.1.split_once(" to ")?;
    Some((state_of(Some(was.trim())), state_of(Some(is.trim()))?))
}

fn parsed(data: &str) -> Value {
    serde_json::from_str(data).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_tells_both_states_where_the_data_do_not() {
        assert_eq!(
            states_of("Alarm updated from OK to ALARM"),
            Some((Some(AlarmState::Ok), AlarmState::Alarm))
        );
        assert_eq!(states_of("Alarm updated from NEW to OK"), Some((None, AlarmState::Ok)));
        assert_eq!(states_of("Alarm created"), None);
    }
}
