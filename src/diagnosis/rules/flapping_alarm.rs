//! Alarms that go on and off until nobody looks.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::{View, went_off};
use crate::domain::Span;
use crate::domain::signal::{Alarm, Kind};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "flapping-alarm",
    version: 1,
    title: "Flapping alarm",
    about: "An alarm that went off again and again within a few hours.",
    looks_at: &[Kind::Alarm],
    thresholds: &[Threshold::new("times", 4.0, "it went off"), Threshold::new("hours", 12.0, "within")],
    says: "{alarm} is flapping: {n} times in {hours} h",
    step: Span::minutes(5),
    evaluate,
};

pub(in crate::diagnosis) fn is_flapping(view: &View<'_>, past: &[Seen<Alarm>]) -> bool {
    rings(view, past).len() as f64 >= view.limit(&RULE, "times")
}

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let flapping = view.alarms().filter(|(_, past)| is_flapping(view, past));
    flapping.filter_map(|(_, past)| finding(view, &rings(view, past))).collect()
}

fn rings<'a>(view: &View<'_>, past: &'a [Seen<Alarm>]) -> Vec<&'a Seen<Alarm>> {
    let from = view.now - Span::hours(view.limit(&RULE, "hours") as i64);
    let place = past.partition_point(|seen| seen.at() <= from).saturating_sub(1);
    went_off(&past[place..]).filter(|seen| seen.at() > from).collect()
}

fn finding(view: &View<'_>, rings: &[&Seen<Alarm>]) -> Option<Finding> {
    let times = view.limit(&RULE, "times") as usize;
    let since = rings.get(times.saturating_sub(1)).or(rings.last())?;
    let name = &since.body.name;
    let hours = view.limit(&RULE, "hours");
    let mut finding = Finding::new(&RULE, name.as_str(), since.at())
        .weighing(Gravity::Low)
        .issue(format!("{name} is flapping"), "An alarm that cries often is not heard when it matters.")
        .says(Place::Operational, format!("{name} went off {} times in {hours} h", rings.len()))
        .number("went off", rings.len() as f64, "")
        .remedy("calm-alarm", vec![("alarm", name.clone())])
        .signals(rings.iter().copied());
    finding.service = since.service.clone();
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::signal::AlarmState;

    #[test]
    fn an_alarm_that_goes_on_and_off_flaps_since_the_fourth_time() {
        let flapping = |times: i64| {
            (1..=times).fold(Story::new(), |story, time| {
                story.alarm(time * 60 + 9, "api", "api-high", AlarmState::Ok).alarm(
                    time * 60,
                    "api",
                    "api-high",
                    AlarmState::Alarm,
                )
            })
        };
        assert_eq!(flapping(3).found(&RULE), []);
        let story = flapping(5);
        assert_eq!(story.said(&RULE, Place::Issue), ["api-high is flapping"]);
        assert_eq!(story.found(&RULE)[0].since, NOW - Span::minutes(120));
    }
}
