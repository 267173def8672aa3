//! Alarms that have nothing to look at.

use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::{AlarmState, Kind};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "silent-alarm",
    version: 1,
    title: "Alarm without data",
    about: "An alarm that has had no data for a while: it could not ring if it had to.",
    looks_at: &[Kind::Alarm],
    thresholds: &[Threshold::new("minutes", 30.0, "without data")],
    says: "{alarm} has no data",
    step: Span::minutes(5),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let patience = Span::minutes(view.limit(&RULE, "minutes") as i64);
    view.alarms()
        .filter_map(|(latest, past)| {
            let silent = past.iter().rev().take_while(|seen| seen.body.state == AlarmState::NoData);
            let first = silent.last()?;
            if view.now - first.since() < patience {
                return None;
            }
            let name = &latest.body.name;
            let mut finding = Finding::new(&RULE, name.as_str(), first.since())
                .weighing(Gravity::Low)
                .issue(format!("{name} has no data"), "What it watches could fail without a sound.")
                .says(Place::Exposure, format!("{name} watches nothing: no data"))
                .remedy("feed-alarm", vec![("alarm", name.clone())])
                .signal(first);
            finding.service = latest.service.clone();
            Some(finding)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn an_alarm_without_data_is_told_after_a_while() {
        let silent = |ago| Story::new().alarm(ago, "db", "db-lag", AlarmState::NoData);
        assert_eq!(silent(10).found(&RULE), []);
        assert_eq!(silent(40).said(&RULE, Place::Issue), ["db-lag has no data"]);
    }
}
