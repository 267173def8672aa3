//! Alarms open for longer than they ever were.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::stats::median;
use crate::diagnosis::view::{View, rang_at};
use crate::domain::Span;
use crate::domain::signal::{Alarm, AlarmState, Kind};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "long-alarm",
    version: 1,
    title: "Open longer than usual",
    about: "An alarm that has been ringing for several times the median of how long it rang before.",
    looks_at: &[Kind::Alarm],
    thresholds: &[
        Threshold::new("times", 3.0, "times the median of its past durations"),
        Threshold::new("least-minutes", 15.0, "ringing"),
        Threshold::new("least-episodes", 3.0, "in its past, below which it has no history"),
    ],
    says: "{alarm} has been open for {minutes} min, usually {minutes} min",
    step: Span::minutes(1),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    view.ringing().filter_map(|(_, past)| lasting(view, past)).collect()
}

fn lasting(view: &View<'_>, past: &[Seen<Alarm>]) -> Option<Finding> {
    let rang = rang_at(past)?;
    let mut before = durations(past);
    if (before.len() as f64) < view.limit(&RULE, "least-episodes") {
        return None;
    }
    let episodes = before.len();
    let usual = median(&mut before)?;
    let limit = (usual * view.limit(&RULE, "times")).max(view.limit(&RULE, "least-minutes"));
    let open = (view.now - rang.since()).as_minutes() as f64;
    if open < limit {
        return None;
    }
    let name = &rang.body.name;
    let mut finding = Finding::new(&RULE, name.as_str(), rang.since() + Span::minutes(limit as i64))
        .weighing(Gravity::Medium)
        .issue(
            format!("{name} has been open longer than its history suggests"),
            "What used to end by itself has not.",
        )
        .says(Place::Operational, format!("{name} open for {open} min, usually {usual:.0} min"))
        .number("open", open, "min")
        .number("usually", usual, "min")
        .number("episodes before", episodes as f64, "")
        .remedy("look", vec![("alarm", name.clone())])
        .signal(rang);
    finding.service = rang.service.clone();
    Some(finding)
}

/// How many minutes it rang each time that is over.
fn durations(past: &[Seen<Alarm>]) -> Vec<f64> {
    let mut durations = Vec::new();
    let mut rang = None;
    for seen in past {
        match (seen.body.state, rang) {
            (AlarmState::Alarm, None) => rang = Some(seen.since()),
            (AlarmState::Ok, Some(at)) => {
                durations.push((seen.since() - at).as_minutes() as f64);
                rang = None;
            }
            (AlarmState::Gone, _) => rang = None,
            _ => {}
        }
    }
    durations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn longer_than_its_own_past_is_told() {
        let open_for = |minutes| {
            (1..=3)
                .fold(Story::new(), |story, time| {
                    story.alarm(time * 500, "api", "api-high", AlarmState::Alarm).alarm(
                        time * 500 - 10,
                        "api",
                        "api-high",
                        AlarmState::Ok,
                    )
                })
                .alarm(minutes, "api", "api-high", AlarmState::Alarm)
        };
        assert_eq!(open_for(20).found(&RULE), []);
        assert_eq!(
            open_for(45).said(&RULE, Place::Operational),
            ["api-high open for 45 min, usually 10 min"]
        );
    }
}
