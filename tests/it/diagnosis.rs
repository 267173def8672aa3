//! The diagnosis over whole stories: what it says of the built-in scenario, and what it says when that changes.

mod book;
mod page;
mod perturbed;
mod properties;
mod rollback;

use sitroom::diagnosis::{Policy, Situation, situation};
use sitroom::domain::{SignalLog, Time};
use sitroom::sources::scenario::Scenario;

fn scenario(text: &str) -> Scenario {
    Scenario::parse("checkout-deploy", text).unwrap()
}

fn story() -> &'static str {
    include_str!("../../assets/scenarios/checkout-deploy.toml")
}

fn situation_at(scenario: &Scenario, now: Time) -> Situation {
    let log: SignalLog = scenario.signals_until(now).collect();
    situation(&log, scenario.catalog(), &Policy::default(), &[], now)
}

fn situation_of(text: &str) -> Situation {
    let scenario = scenario(text);
    situation_at(&scenario, scenario.end())
}
