//! Whether a live check holds: an alarm quiet, or a series on its good side, for as long as was asked.
//!
//! Silence is not health: where nothing was observed, the answer is that nothing is known, and a series counts from one
//! measurement to another. Reported, never recorded; that a criterion is met is for a person to say.

use crate::domain::event::{LiveCheck, Side};
use crate::domain::held::{DISTANCES, SILENCE, gap, run};
use crate::domain::signal::{AlarmState, Body, Kind, Sample};
use crate::domain::time::{Span, Time};
use crate::domain::{SeriesName, ServiceName, SignalLog, SignalRef};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// Good for long enough.
    Met {
        since: Time,
    },
    /// Good, but not for long enough; it is met at that moment if it stays so.
    NotYet {
        since: Time,
        met_at: Time,
    },
    Bad {
        at: Time,
        what: String,
    },
    Unknown {
        reason: String,
    },
}

/// What one word of an alarm says, newest first, until nothing older matters.
enum Seen {
    Good(Time),
    Bad(Time, String),
    Blind,
}

/// Before the time that is asked for, at least so much is looked at to see how often there is a measurement.
const LOOK_BACK: Span = Span::hours(1);

pub fn check(check: &LiveCheck, log: &SignalLog, now: Time) -> CheckState {
    match check {
        LiveCheck::Alarm { name, service, good_for } => {
            // As a body has it, so that the bodies of other alarms need not be read.
            let written = serde_json::to_string(name).unwrap_or_default();
            let known = newest_first(log, Kind::Alarm, now).filter(|it| it.body_json().contains(&written));
            let seen = known.filter_map(|signal| alarm(signal, name, service.as_ref()));
            settle(seen, *good_for, &format!("nothing is known of the alarm {name}"), now)
        }
        LiveCheck::Series { series, side, limit, good_for } => match limit.parse::<f64>() {
            Ok(limit) => measured(log, series, (*side, limit, *good_for), now),
            Err(_) => CheckState::Unknown { reason: format!("`{limit}` is not a number") },
        },
    }
}

fn newest_first(log: &SignalLog, kind: Kind, now: Time) -> impl Iterator<Item = SignalRef<'_>> {
    log.of_kind(kind).rev().skip_while(move |signal| signal.at() > now)
}

fn measured(
    log: &SignalLog,
    series: &SeriesName,
    (side, limit, good_for): (Side, f64, Span),
    now: Time,
) -> CheckState {
    let is_good = |value: f64| match side {
        Side::Below => value < limit,
        Side::Above => value > limit,
    };
    let from = now - (good_for + good_for.max(LOOK_BACK));
    let recent = newest_first(log, Kind::Sample, now).take_while(|signal| signal.at() >= from);
    let mut points: Vec<(Time, f64)> = Vec::new();
    for (at, value) in recent.filter_map(|signal| sample(signal, series)) {
        points.push((at, value));
        let is_settled = !is_good(value) || points[0].0 - at >= good_for;
        if is_settled && points.len() > DISTANCES {
            break;
        }
    }
    let Some((newest, value)) = points.first().copied() else {
        return CheckState::Unknown { reason: format!("nothing is known of {series}") };
    };
    let gap = gap(points.iter().map(|(at, _)| *at));
    if now - newest > SILENCE.max(gap) {
        let reason = format!("{series} was not measured for {}", newest.age(now));
        return CheckState::Unknown { reason };
    }
    match run(points.iter().map(|(at, value)| (*at, is_good(*value))), gap).last() {
        None => {
            let what = format!("{series} is {}", (value * 10_000.0).round() / 10_000.0);
            CheckState::Bad { at: newest, what }
        }
        Some(since) if newest - *since >= good_for => CheckState::Met { since: *since },
        Some(since) => CheckState::NotYet { since: *since, met_at: *since + good_for },
    }
}

/// An alarm speaks only when it changes, so its last word holds however old it is.
fn settle(seen: impl Iterator<Item = Seen>, good_for: Span, nothing: &str, now: Time) -> CheckState {
    let mut since = None;
    for seen in seen {
        match seen {
            Seen::Good(at) => since = Some(at),
            Seen::Bad(at, what) if since.is_none() => return CheckState::Bad { at, what },
            Seen::Bad(..) | Seen::Blind => break,
        }
    }
    match since {
        None => CheckState::Unknown { reason: nothing.to_owned() },
        Some(since) if now - since >= good_for => CheckState::Met { since },
        Some(since) => CheckState::NotYet { since, met_at: since + good_for },
    }
}

fn alarm(signal: SignalRef<'_>, name: &str, service: Option<&ServiceName>) -> Option<Seen> {
    if service.is_some_and(|service| service.as_str() != signal.service()) {
        return None;
    }
    let Body::Alarm(alarm) = signal.body() else { return None };
    (alarm.name == name).then(|| match alarm.state {
        AlarmState::Ok => Seen::Good(alarm.since.unwrap_or(signal.at())),
        AlarmState::Alarm => Seen::Bad(signal.at(), signal.title().to_owned()),
        AlarmState::NoData | AlarmState::Gone => Seen::Blind,
    })
}

fn sample(signal: SignalRef<'_>, series: &SeriesName) -> Option<(Time, f64)> {
    if !signal.body_json().contains(series.as_str()) {
        return None;
    }
    let Body::Sample(Sample { series: of, value, .. }) = signal.body() else { return None };
    (of == *series).then_some((signal.at(), value))
}
