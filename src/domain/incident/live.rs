//! Whether a live check holds: an alarm quiet, or a series on its good side, for as long as was asked.
//!
//! Silence is not health: where nothing was observed, the answer is that nothing is known. Reported, never
//! recorded; that a criterion is met is for a person to say.

use crate::domain::event::{LiveCheck, Side};
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

/// What one observation says, newest first, until nothing older matters.
enum Seen {
    Good(Time),
    Bad(Time, String),
    Blind,
}

pub fn check(check: &LiveCheck, log: &SignalLog, now: Time) -> CheckState {
    match check {
        LiveCheck::Alarm { name, service, good_for } => {
            let seen = newest_first(log, now).filter_map(|signal| alarm(signal, name, service.as_ref()));
            // An alarm speaks only when it changes, so its last word holds however old it is.
            settle(seen, *good_for, None, &format!("nothing is known of the alarm {name}"), now)
        }
        LiveCheck::Series { series, side, limit, good_for } => {
            let Ok(limit) = limit.parse::<f64>() else {
                return CheckState::Unknown { reason: format!("`{limit}` is not a number") };
            };
            // A silence of that length ends the search, so nothing older can matter.
            let from = now - (*good_for + *good_for);
            let recent = newest_first(log, now).take_while(|signal| signal.at() >= from);
            let seen = recent.filter_map(|signal| sample(signal, series, *side, limit));
            settle(seen, *good_for, Some(*good_for), &format!("nothing is known of {series}"), now)
        }
    }
}

fn newest_first(log: &SignalLog, now: Time) -> impl Iterator<Item = SignalRef<'_>> {
    log.iter().rev().skip_while(move |signal| signal.at() > now)
}

/// `patience` is how long a silence may last before nothing is known any more.
fn settle(
    seen: impl Iterator<Item = Seen>,
    good_for: Span,
    patience: Option<Span>,
    nothing: &str,
    now: Time,
) -> CheckState {
    let mut since = None;
    let too_quiet = |from: Time, to: Time| patience.is_some_and(|patience| to - from > patience);
    for seen in seen {
        match seen {
            Seen::Good(at) if too_quiet(at, since.unwrap_or(now)) => break,
            Seen::Good(at) => since = Some(at),
            Seen::Bad(at, what) if since.is_none() && !too_quiet(at, now) => {
                return CheckState::Bad { at, what };
            }
            Seen::Bad(..) | Seen::Blind => break,
        }
        if since.is_some_and(|since| patience.is_some() && now - since >= good_for) {
            break;
        }
    }
    match since {
        None => CheckState::Unknown { reason: nothing.to_owned() },
        Some(since) if now - since >= good_for => CheckState::Met { since },
        Some(since) => CheckState::NotYet { since, met_at: since + good_for },
    }
}

fn alarm(signal: SignalRef<'_>, name: &str, service: Option<&ServiceName>) -> Option<Seen> {
    let of_service = service.is_none_or(|service| service.as_str() == signal.service());
    if signal.kind() != Kind::Alarm || !of_service {
        return None;
    }
    let Body::Alarm(alarm) = signal.body() else { return None };
    (alarm.name == name).then(|| match alarm.state {
        AlarmState::Ok => Seen::Good(alarm.since.unwrap_or(signal.at())),
        AlarmState::Alarm => Seen::Bad(signal.at(), signal.title().to_owned()),
        AlarmState::NoData => Seen::Blind,
    })
}

fn sample(signal: SignalRef<'_>, series: &SeriesName, side: Side, limit: f64) -> Option<Seen> {
    if signal.kind() != Kind::Sample || !signal.body_json().contains(series.as_str()) {
        return None;
    }
    let Body::Sample(Sample { series: of, value }) = signal.body() else { return None };
    let good = match side {
        Side::Below => value < limit,
        Side::Above => value > limit,
    };
    (of == *series).then(|| match good {
        true => Seen::Good(signal.at()),
        false => Seen::Bad(signal.at(), format!("{series} is {}", (value * 10_000.0).round() / 10_000.0)),
    })
}
