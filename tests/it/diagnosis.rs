//! The diagnosis over whole stories: what it says of the built-in scenario, and what it says when that changes.

mod book;
mod page;
mod perturbed;
mod properties;

use sitroom::diagnosis::{Policy, Situation, situation};
use sitroom::domain::{SignalLog, Time};
use sitroom::sources::scenario::Scenario;

fn scenario(text: &str) -> Scenario {
    let text = tuned(text);
    Scenario::parse("checkout-deploy", &text).unwrap()
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

fn tuned(text: &str) -> String {
    text.replace(
        r#"changes = ["13:59 0.7 -> 1.3 over 2m", "14:01 -> 1.7 over 8m", "14:09 -> 1.9 over 1m"]"#,
        r#"changes = ["14:06 0.7 -> 1.9 over 11m"]

[[series]]
service = "checkout-worker"
metric = "queue-age"
from = "-72h"
base = 4
noise = 0.25
changes = ["13:58 4 -> 5 over 2m", "14:00 5 -> 6 over 17m", "14:17 6 -> 12 over 2m"]
"#,
    )
}
