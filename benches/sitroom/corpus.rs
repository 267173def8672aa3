//! Days made up by a generator: quiet ones with everything that fools a naive rule, and ones with a fault whose
//! cause is known. What the diagnosis makes of them is counted, and `docs/RULES.md` quotes the figures.
//!
//! Deterministic: the same number gives the same day on every machine.

use sitroom::diagnosis::{Diagnosis, Policy, Situation};
use sitroom::domain::catalog::{Measures, Metric, Service, Unit};
use sitroom::domain::signal::{Body, Change, Deploy, Outcome, Sample};
use sitroom::domain::{
    Catalog, SeriesName, ServiceName, Signal, SignalId, SignalLog, SourceName, Span, Time,
};
use std::collections::BTreeSet;

pub const DAYS: u64 = 200;

/// Before the part of a day that is judged, so that there is a baseline.
const LEAD_MINUTES: i64 = 26 * 60;
const JUDGED_MINUTES: i64 = 24 * 60;

/// How long after its beginning a fault may still be found.
const PATIENCE: i64 = 30;

const SERVICES: [&str; 6] = ["gate", "cart", "orders", "prices", "stock", "mail"];

/// Who calls whom.
const CALLS: [(&str, &[&str]); 6] = [
    ("gate", &["cart", "orders"]),
    ("cart", &["prices", "stock"]),
    ("orders", &["stock", "mail"]),
    ("prices", &[]),
    ("stock", &[]),
    ("mail", &[]),
];

/// What came of all days.
#[derive(Debug, Default)]
pub struct Figures {
    pub false_alarms: usize,
    pub found: usize,
    pub minutes_to_find: Vec<i64>,
    pub cause_first: usize,
    pub cause_first_later: usize,
}

pub fn figures() -> Figures {
    let mut figures = Figures::default();
    for day in 0..DAYS {
        figures.false_alarms += false_alarms(day);
        judge_fault(day, &mut figures);
    }
    figures.minutes_to_find.sort_unstable();
    figures
}

/// Issues opened on a day on which nothing was wrong.
fn false_alarms(day: u64) -> usize {
    let mut dice = Dice(day * 2);
    let mut world = World::new();
    world.harmless_changes(&mut dice, 12);
    world.measure(&mut dice, LEAD_MINUTES + JUDGED_MINUTES, None);
    let mut diagnosis = world.diagnosis();
    let mut opened = BTreeSet::new();
    for minute in LEAD_MINUTES..LEAD_MINUTES + JUDGED_MINUTES {
        let situation = diagnosis.situation(&[], at(minute));
        opened.extend(situation.issues.into_iter().map(|issue| issue.id));
    }
    opened.len()
}

/// A change that did harm, and the harm.
struct Fault {
    begins: i64,
    service: &'static str,
    is_latency: bool,
    factor: f64,
    ramp: i64,
}

fn judge_fault(day: u64, figures: &mut Figures) {
    let mut dice = Dice(day * 2 + 1);
    let mut world = World::new();
    let begins = LEAD_MINUTES + dice.below(12 * 60) as i64;
    let changed = SERVICES[dice.below(SERVICES.len() as u64) as usize];
    let fault = Fault {
        begins,
        service: affected_by(changed, &mut dice),
        is_latency: dice.below(3) == 0,
        factor: 2.2 + dice.unit() * 4.0,
        ramp: [1, 1, 3, 6][dice.below(4) as usize],
    };
    let cause = world.change(begins - dice.below(4) as i64, changed, dice.below(4));
    world.harmless_changes(&mut dice, 8);
    for _ in 0..3 {
        let minute = begins - 60 + dice.below(90) as i64;
        let service = SERVICES[dice.below(SERVICES.len() as u64) as usize];
        world.change(minute, service, dice.below(4));
    }
    world.measure(&mut dice, begins + PATIENCE + 15, Some(&fault));
    let mut diagnosis = world.diagnosis();
    let known = issues(&diagnosis.situation(&[], at(begins - 1)));
    let found = (begins..=begins + PATIENCE).find(|minute| {
        let situation = diagnosis.situation(&[], at(*minute));
        issues(&situation).difference(&known).next().is_some()
    });
    let Some(minute) = found else { return };
    figures.found += 1;
    figures.minutes_to_find.push(minute - begins);
    let mut is_first = |minute| {
        let situation = diagnosis.situation(&[], at(minute));
        situation.suspects.first().is_some_and(|suspect| suspect.change.id == cause)
    };
    figures.cause_first += usize::from(is_first(minute));
    figures.cause_first_later += usize::from(is_first(minute + 10));
}

fn issues(situation: &Situation) -> BTreeSet<String> {
    situation.issues.iter().map(|issue| issue.id.clone()).collect()
}

/// Mostly the service that was changed; else one that calls it.
fn affected_by(changed: &'static str, dice: &mut Dice) -> &'static str {
    let callers: Vec<&str> =
        CALLS.iter().filter(|(_, called)| called.contains(&changed)).map(|(caller, _)| *caller).collect();
    if callers.is_empty() || dice.below(10) < 7 {
        changed
    } else {
        callers[dice.below(callers.len() as u64) as usize]
    }
}

fn catalog() -> Catalog {
    let metric =
        |name: &str, measures, unit| Metric { name: name.to_owned(), measures, unit, ..Metric::default() };
    let service = |(name, called): &(&str, &[&str])| Service {
        depends_on: called.iter().copied().map(ServiceName::new).collect(),
        metrics: vec![
            metric("errors", Measures::Errors, Unit::Percent),
            metric("latency", Measures::Latency, Unit::Milliseconds),
        ],
        ..Service::named(name)
    };
    Catalog { services: CALLS.iter().map(service).collect(), ..Catalog::default() }
}

struct World {
    log: SignalLog,
    signals: u64,
}

impl World {
    fn new() -> Self {
        Self { log: SignalLog::new(), signals: 0 }
    }

    fn diagnosis(&self) -> Diagnosis {
        let mut diagnosis = Diagnosis::new(catalog(), Policy::default());
        for signal in self.log.iter() {
            diagnosis.observe(signal);
        }
        diagnosis
    }

    fn signal(&mut self, at: Time, service: &str, body: Body) -> SignalId {
        self.signals += 1;
        let id = SignalId(self.signals);
        let (source, service) = (SourceName::new("aws"), Some(ServiceName::new(service)));
        self.log.insert(&Signal {
            id,
            at,
            source,
            service,
            title: String::new(),
            body,
            link: None,
            raw: None,
        });
        id
    }

    /// A deploy twice as often as a setting or a scaling change.
    fn change(&mut self, minute: i64, service: &str, kind: u64) -> SignalId {
        let set = |before: &str, after: &str| Change {
            key: "limit".to_owned(),
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            by: String::new(),
        };
        let body = match kind {
            0 => Body::Config(set("40", "60")),
            1 => Body::Scaling(set("4", "6")),
            _ => Body::Deploy(Deploy {
                version: format!("v{}", self.signals),
                environment: "production".to_owned(),
                outcome: Outcome::Succeeded,
                previous: None,
                took: None,
                cause: None,
            }),
        };
        self.signal(at(minute), service, body)
    }

    fn harmless_changes(&mut self, dice: &mut Dice, count: u64) {
        for _ in 0..count {
            let minute = dice.below((LEAD_MINUTES + JUDGED_MINUTES) as u64) as i64;
            let service = SERVICES[dice.below(SERVICES.len() as u64) as usize];
            self.change(minute, service, dice.below(4));
        }
    }

    /// Errors and latency of every service, a sample a minute: noise, a daily cycle, single spikes, short blips.
    fn measure(&mut self, dice: &mut Dice, minutes: i64, fault: Option<&Fault>) {
        for service in SERVICES {
            for (metric, usual, daily) in [("errors", 0.6, 0.1), ("latency", 120.0, 0.2)] {
                let usual = usual * (0.5 + dice.unit());
                let noise = 0.05 + dice.unit() * 0.1;
                let is_latency = metric == "latency";
                let fault = fault.filter(|fault| fault.service == service && fault.is_latency == is_latency);
                let name = SeriesName::new(format!("{service}/{metric}"));
                let mut blip = 0;
                for minute in 0..minutes {
                    let turn = (minute as f64 / 1_440.0) * std::f64::consts::TAU;
                    let mut value = usual * (1.0 + daily * turn.sin() + noise * dice.bell());
                    blip = if dice.below(2_000) == 0 { 2 } else { blip - 1 };
                    if blip > 0 || dice.below(400) == 0 {
                        value *= 2.0 + dice.unit() * 3.0;
                    }
                    value *= fault.map_or(1.0, |fault| harm(fault, minute));
                    let sample = Sample::new(name.clone(), value.max(0.0));
                    self.signal(at(minute), service, Body::Sample(sample));
                }
            }
        }
    }
}

fn harm(fault: &Fault, minute: i64) -> f64 {
    let share = ((minute - fault.begins + 1) as f64 / fault.ramp as f64).clamp(0.0, 1.0);
    let factor = if fault.is_latency { fault.factor.min(4.0) } else { fault.factor };
    1.0 + (factor - 1.0) * share
}

fn at(minute: i64) -> Time {
    Time::from_millis(1_770_000_000_000) + Span::minutes(minute)
}

/// Splitmix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, with a spread of one.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}
