//! How long after a deploy the alarm rang.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::say::counted;
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::{View, rang_at};
use crate::domain::signal::{Alarm, Deploy, Kind};
use crate::domain::{Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "deploy-to-alarm",
    version: 1,
    title: "Deploy to alarm",
    about: "The interval from a production deploy to the first alarm that rings after it on the same service or \
            one next to it.",
    looks_at: &[Kind::Deploy, Kind::Alarm],
    thresholds: &[Threshold::new("within-minutes", 60.0, "from the deploy to the alarm")],
    says: "Deploy-to-alarm interval: {n} minutes from rollout to {statistic} alert",
    step: Span::minutes(15),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut rang: Vec<&Seen<Alarm>> = view.ringing().filter_map(|(_, past)| rang_at(past)).collect();
    rang.sort_by_key(|alarm| std::cmp::Reverse((alarm.since(), alarm.key)));
    let pairs = rang.into_iter().filter_map(|alarm| Some((deploy_before(view, alarm)?, alarm)));
    // Several alarms that follow one deploy are told by the first of them.
    let mut told: Vec<(&Seen<Deploy>, &Seen<Alarm>)> = Vec::new();
    for (deploy, alarm) in pairs {
        match told.iter_mut().find(|(known, _)| known.key == deploy.key) {
            Some(known) => known.1 = alarm,
            None => told.push((deploy, alarm)),
        }
    }
    told.into_iter().map(|(deploy, alarm)| finding(deploy, alarm)).collect()
}

pub(in crate::diagnosis) fn deploy_before<'a>(
    view: &View<'a>,
    alarm: &Seen<Alarm>,
) -> Option<&'a Seen<Deploy>> {
    deploy_near(view, alarm.service_name(), alarm.since())
}

/// The last deploy on a service or one next to it, not long before a moment.
pub(in crate::diagnosis) fn deploy_near<'a>(
    view: &View<'a>,
    service: &str,
    at: Time,
) -> Option<&'a Seen<Deploy>> {
    let within = Span::minutes(view.limit(&RULE, "within-minutes") as i64);
    let near = |deploy: &&Seen<Deploy>| {
        let distance = view.topology.distance(deploy.service_name(), service);
        deploy.took_effect() && distance.is_some_and(|distance| distance <= 1)
    };
    view.history.deploys.between(at - within, at).iter().rfind(near)
}

fn finding(deploy: &Seen<Deploy>, alarm: &Seen<Alarm>) -> Finding {
    let minutes = (alarm.since() - deploy.at()).as_minutes();
    let watched = alarm.body.statistic.as_ref().or(alarm.body.metric.as_ref());
    let alert = watched.map_or_else(|| "alert".to_owned(), |what| format!("{what} alert"));
    let interval = counted(usize::try_from(minutes).unwrap_or(0), "minute");
    let mut finding = Finding::new(&RULE, deploy.key.id.to_string(), alarm.since())
        .weighing(Gravity::Medium)
        .says(Place::Operational, format!("Deploy-to-alarm interval: {interval} from rollout to {alert}"))
        .number("deploy to alarm", minutes as f64, "min")
        .signal(deploy)
        .signal(alarm)
        .window(deploy.at(), alarm.since());
    finding.service = alarm.service.clone();
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;
    use crate::domain::signal::{AlarmState, Outcome};

    #[test]
    fn the_interval_runs_to_the_first_alarm() {
        let story = Story::new()
            .deploy(25, "db", "v5", Outcome::Succeeded)
            .alarm(14, "api", "api-high", AlarmState::Alarm)
            .alarm(10, "api", "api-slow", AlarmState::Alarm);
        assert_eq!(
            story.said(&RULE, Place::Operational),
            ["Deploy-to-alarm interval: 11 minutes from rollout to alert"]
        );
    }

    #[test]
    fn what_is_only_told_anew_did_not_ring_after_the_deploy() {
        let story = Story::new().deploy(25, "db", "v5", Outcome::Succeeded).told_anew(
            14,
            "api",
            "api-high",
            (AlarmState::Alarm, 60_000),
        );
        assert_eq!(story.found(&RULE), []);
    }
}
