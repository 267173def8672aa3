//! The latest runtime sequence: what was changed, what rang, when the diagnosis settled, what was done, what recovered.

use super::history::Seen;
use super::rules::deploy_to_alarm::{deploy_before, deploy_near};
use super::rules::elevated_after_deploy::blamed;
use super::rules::failing_check::failed;
use super::rules::flapping_alarm::is_flapping;
use super::situation::{Step, StepKind, in_order};
use super::suspects::{episode, setting_text};
use super::view::{View, went_off};
use crate::domain::signal::{Alarm, AlarmState, Deploy, Health, Kind, Outcome};
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
    onset: Option<Onset>,
    began: Time,
    /// Whatever is done near this service belongs to it.
    service: String,
}

/// What rang or failed, and when that was over.
struct Onset {
    step: Step,
    service: String,
    recovery: Option<Step>,
}

/// `settled` gives the last moment within a window at which the diagnosis changed.
pub(super) fn sequence(view: &View<'_>, mut settled: impl FnMut(Time, Time) -> Option<Moment>) -> Vec<Step> {
    let Some(story) = story(view) else { return Vec::new() };
    let until = story.until(view).min(story.began + SETTLES_WITHIN);
    let mut steps: Vec<Step> = Vec::new();
    steps.extend(first_setting(view));
    steps.extend(story.deploy.map(|deploy| {
        let text = format!("Deploy completed: {} {}", deploy.service_name(), deploy.body.version);
        step(deploy.key, StepKind::Deploy, text)
    }));
    steps.extend(story.onset.iter().map(|onset| onset.step.clone()));
    steps.extend(settled(story.began, until).map(|moment| Step {
        at: moment.at,
        kind: StepKind::Diagnosis,
        text: moment.text,
        gap_minutes: None,
        signal: None,
    }));
    steps.extend(actions(view, &story));
    steps.extend(story.onset.and_then(|onset| onset.recovery));
    in_order(steps)
}

impl Story<'_> {
    /// When it was over, or now.
    fn until(&self, view: &View<'_>) -> Time {
        let recovery = self.onset.as_ref().and_then(|onset| onset.recovery.as_ref());
        recovery.map_or(view.now, |recovery| recovery.at)
    }
}

fn step(key: SignalKey, kind: StepKind, text: String) -> Step {
    Step { at: key.at, kind, text, gap_minutes: None, signal: Some(key) }
}

fn story<'a>(view: &View<'a>) -> Option<Story<'a>> {
    let alarm = first_alarm(view);
    let elevation = view.elevations().first();
    let Some(began) = alarm.map(Seen::at).or_else(|| elevation.map(|elevation| elevation.crossed)) else {
        return failing(view);
    };
    let deploy = elevation
        .and_then(|elevation| blamed(view, elevation))
        .or_else(|| alarm.and_then(|alarm| deploy_before(view, alarm)));
    let elevated = || elevation.map(|elevation| elevation.series.service.to_string());
    let service = alarm.map(|alarm| alarm.service_name().to_owned()).or_else(elevated).unwrap_or_default();
    Some(Story { deploy, onset: alarm.map(|alarm| ringing(view, alarm)), began, service })
}

fn ringing(view: &View<'_>, alarm: &Seen<Alarm>) -> Onset {
    let ok =
        |ok: &Seen<Alarm>| step(ok.key, StepKind::Recovery, format!("Recovered: {} is ok", ok.body.name));
    Onset {
        step: step(alarm.key, StepKind::Alarm, format!("Runtime alarm triggered: {}", alarm.body.name)),
        service: alarm.service_name().to_owned(),
        recovery: recovered(view, alarm).map(ok),
    }
}

/// Where nothing rang and nothing measured rose, a story begins with a check that failed or a trigger that is met: the
/// first near what came last.
fn failing<'a>(view: &View<'a>) -> Option<Story<'a>> {
    let mut onsets: Vec<Onset> = view.checks().filter_map(|past| failed_check(view, past)).collect();
    onsets.extend(view.demands().iter().map(|demand| Onset {
        step: Step {
            at: demand.met_at,
            kind: StepKind::Alarm,
            text: format!("Rollback trigger met: {}", demand.trigger),
            gap_minutes: None,
            signal: None,
        },
        service: demand.service.to_string(),
        recovery: None,
    }));
    onsets.retain(|onset| onset.step.at > view.now - LATEST);
    onsets.sort_by_key(|onset| onset.step.at);
    let last = onsets.last()?;
    let (since, center) = (last.step.at - SAME_STORY, last.service.clone());
    let near = |service: &str| view.topology.distance(service, &center).is_some_and(|distance| distance <= 1);
    let onset = onsets.into_iter().find(|onset| onset.step.at > since && near(&onset.service))?;
    let (began, service) = (onset.step.at, onset.service.clone());
    let deploy = deploy_near(view, &service, began);
    Some(Story { deploy, onset: Some(onset), began, service })
}

fn failed_check(view: &View<'_>, past: &[Seen<Health>]) -> Option<Onset> {
    let (first, well) = failed(view, past)?;
    let (service, check) = (first.service_name(), &first.body.check);
    let recovered = |well: &Seen<Health>| {
        step(well.key, StepKind::Recovery, format!("Recovered: {service} {check} is healthy"))
    };
    Some(Onset {
        step: step(first.key, StepKind::Alarm, format!("Health check failing: {service} {check}")),
        service: service.to_owned(),
        recovery: well.map(recovered),
    })
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
    let until = story.until(view);
    let near =
        |service: &str| view.topology.distance(service, &story.service).is_some_and(|distance| distance <= 1);
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
    fn a_check_that_fails_after_a_deploy_is_a_story_of_its_own() {
        let told = |story: Story| {
            let steps = story.situation().sequence.into_iter();
            steps
                .map(|step| (step.kind, step.text))
                .filter(|it| it.0 != StepKind::Diagnosis)
                .collect::<Vec<_>>()
        };
        let failing = || {
            let story = Story::new().deploy(20, "api", "v7", Outcome::Succeeded);
            story.check(15, "api", false).check(14, "api", false)
        };
        let mut expected = vec![
            (StepKind::Deploy, "Deploy completed: api v7".to_owned()),
            (StepKind::Alarm, "Health check failing: api ready".to_owned()),
        ];
        assert_eq!(told(failing()), expected);
        let over = failing().deploy(5, "api", "v6", Outcome::Succeeded).check(3, "api", true);
        expected.push((StepKind::Action, "Deployed: api v6".to_owned()));
        expected.push((StepKind::Recovery, "Recovered: api ready is healthy".to_owned()));
        assert_eq!(told(over), expected);
    }

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
