//! The latest runtime sequence: what was changed, what rang, when the diagnosis settled, what was done, what recovered.

use super::history::Seen;
use super::rules::deploy_to_alarm::deploy_before;
use super::rules::elevated_after_deploy::blamed;
use super::rules::flapping_alarm::is_flapping;
use super::situation::{Step, StepKind, in_order};
use super::suspects::{episode, setting_text};
use super::view::{View, went_off};
use crate::domain::signal::{Alarm, AlarmState, Deploy, Kind, Outcome};
use crate::domain::{SignalKey, Span, Time};

/// A story older than this is no longer the latest thing that happened.
const LATEST: Span = Span::hours(24);

/// Alarms of neighbours within this began as one story.
const SAME_STORY: Span = Span::minutes(45);

/// How long after the beginning a diagnosis still belongs to the story.
const SETTLES_WITHIN: Span = Span::minutes(60);

/// When the set of findings or the first suspect changed, and to what.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    pub at: Time,
    pub text: String,
}

/// What the sequence is about.
struct Story<'a> {
    deploy: Option<&'a Seen<Deploy>>,
    alarm: Option<&'a Seen<Alarm>>,
    recovery: Option<&'a Seen<Alarm>>,
    began: Time,
}

/// `settled` gives the last moment within a window at which the diagnosis changed.
pub(super) fn sequence(view: &View<'_>, mut settled: impl FnMut(Time, Time) -> Option<Moment>) -> Vec<Step> {
    let Some(story) = story(view) else { return Vec::new() };
    let until = story.recovery.map_or(view.now, Seen::at).min(story.began + SETTLES_WITHIN);
    let mut steps: Vec<Step> = Vec::new();
    steps.extend(first_setting(view));
    steps.extend(story.deploy.map(|deploy| {
        let text = format!("Deploy completed: {} {}", deploy.service_name(), deploy.body.version);
        step(deploy.key, StepKind::Deploy, text)
    }));
    steps.extend(story.alarm.map(|alarm| {
        step(alarm.key, StepKind::Alarm, format!("Runtime alarm triggered: {}", alarm.body.name))
    }));
    steps.extend(settled(story.began, until).map(|moment| Step {
        at: moment.at,
        kind: StepKind::Diagnosis,
        text: moment.text,
        gap_minutes: None,
        signal: None,
    }));
    steps.extend(actions(view, &story));
    steps.extend(
        story.recovery.map(|alarm| {
            step(alarm.key, StepKind::Recovery, format!("Recovered: {} is ok", alarm.body.name))
        }),
    );
    in_order(steps)
}

fn step(key: SignalKey, kind: StepKind, text: String) -> Step {
    Step { at: key.at, kind, text, gap_minutes: None, signal: Some(key) }
}

fn story<'a>(view: &View<'a>) -> Option<Story<'a>> {
    let alarm = first_alarm(view);
    let elevation = view.elevations().first();
    let deploy = elevation
        .and_then(|elevation| blamed(view, elevation))
        .or_else(|| alarm.and_then(|alarm| deploy_before(view, alarm)));
    let began = alarm.map(Seen::at).or_else(|| elevation.map(|elevation| elevation.crossed))?;
    let recovery = alarm.and_then(|alarm| recovered(view, alarm));
    Some(Story { deploy, alarm, recovery, began })
}

/// The alarm the story began with: the first near what is elevated, or else near what rang last.
fn first_alarm<'a>(view: &View<'a>) -> Option<&'a Seen<Alarm>> {
    let calm = view.alarms().filter(|(_, past)| !is_flapping(view, past));
    let mut rang: Vec<&Seen<Alarm>> =
        calm.flat_map(|(_, past)| went_off(past)).filter(|seen| seen.at() > view.now - LATEST).collect();
    rang.sort_by_key(|seen| seen.key);
    let near = |a: &str, b: &str| view.topology.distance(a, b).is_some_and(|distance| distance <= 1);
    if let Some(elevation) = view.elevations().first() {
        let onset = episode(view, elevation).onset;
        let service = elevation.series.service.as_str();
        return rang.into_iter().find(|seen| seen.at() >= onset && near(seen.service_name(), service));
    }
    let last = *rang.last()?;
    rang.into_iter()
        .find(|seen| seen.at() > last.at() - SAME_STORY && near(seen.service_name(), last.service_name()))
}

fn recovered<'a>(view: &View<'a>, alarm: &Seen<Alarm>) -> Option<&'a Seen<Alarm>> {
    let (latest, past) = view
        .alarms()
        .find(|(latest, _)| latest.body.name == alarm.body.name && latest.service == alarm.service)?;
    let after = past.iter().filter(|seen| seen.key > alarm.key);
    let run = after.rev().take_while(|seen| seen.body.state == AlarmState::Ok);
    run.last().filter(|_| latest.body.state == AlarmState::Ok)
}

/// A setting stands in the sequence when it is the first suspect.
fn first_setting(view: &View<'_>) -> Option<Step> {
    let suspect = view.suspects().first()?;
    let kind = match suspect.kind {
        Kind::Config => StepKind::Config,
        Kind::Scaling => StepKind::Scaling,
        _ => return None,
    };
    Some(step(suspect.key, kind, format!("Changed: {}", suspect.text)))
}

/// What was undone or deployed near the story after it began.
fn actions(view: &View<'_>, story: &Story<'_>) -> Vec<Step> {
    let until = story.recovery.map_or(view.now, Seen::at);
    let elevated = || view.elevations().first().map(|elevation| elevation.series.service.as_str());
    let center = story.alarm.map(Seen::service_name).or_else(elevated).unwrap_or_default();
    let near = |service: &str| view.topology.distance(service, center).is_some_and(|distance| distance <= 1);
    let deploys = view.history.deploys.between(story.began, until).iter();
    let deploys = deploys.filter(|seen| seen.took_effect() && near(seen.service_name())).map(|seen| {
        let text = match seen.body.outcome {
            Outcome::RolledBack => seen.rolled_back(),
            _ => format!("Deployed: {} {}", seen.service_name(), seen.body.version),
        };
        step(seen.key, StepKind::Action, text)
    });
    let changes = view.history.changes.between(story.began, until).iter();
    let changes = changes.filter(|seen| near(seen.service_name())).map(|seen| {
        let text = format!("Changed: {} {}", seen.service_name(), setting_text(&seen.body.1));
        step(seen.key, StepKind::Action, text)
    });
    deploys.chain(changes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn what_was_done_is_told_where_no_alarm_rang() {
        let story = Story::new()
            .series("api/5xx", 0.5, 20, 2.5)
            .deploy(22, "api", "v7", Outcome::Succeeded)
            .config(5, "api", "pool", "1", "2");
        let steps = story.situation().sequence;
        let actions = steps.iter().filter(|step| step.kind == StepKind::Action);
        assert_eq!(actions.map(|step| step.text.as_str()).collect::<Vec<_>>(), ["Changed: api pool 1 → 2"]);
    }
}
