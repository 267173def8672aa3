//! Goals against what is measured: the verdict, what it was before, and the way in between.

use super::record::Known;
use super::state::{MetricState, Reading, RiskState, Verdict};
use crate::domain::catalog::Unit;
use crate::domain::catalog::plan::{Metric, Plan, Risk};
use crate::domain::goal::{Goal, Measure, Target, Way};
use crate::domain::{Day, Time};

/// Points a trend is drawn with.
const POINTS: i64 = 16;

/// What a goal comes to.
struct Judged {
    verdict: Verdict,
    why: String,
    target: Option<Reading>,
    now: Option<Reading>,
}

pub(super) fn metrics(known: &Known<'_, '_>) -> Vec<MetricState> {
    let plan = &known.view.catalog.plan;
    let all =
        plan.phases.iter().enumerate().flat_map(|(phase, it)| it.metrics.iter().map(move |it| (phase, it)));
    all.map(|(phase, metric)| state(known, phase, metric)).collect()
}

fn state(known: &Known<'_, '_>, phase: usize, metric: &Metric) -> MetricState {
    let plan = &known.view.catalog.plan;
    let Some(goal) = &metric.goal else {
        return MetricState {
            phase,
            name: metric.name.clone(),
            goal: None,
            verdict: Verdict::ForPeople,
            why: "no expression measures it: people judge it".to_owned(),
            wanted: String::new(),
            target: None,
            baseline: None,
            now: None,
            trend: Vec::new(),
        };
    };
    let baseline = baseline(known, goal, metric);
    let judged = judged(known, goal, baseline.as_ref().map_err(String::as_str).copied());
    MetricState {
        phase,
        name: metric.name.clone(),
        goal: Some(goal.to_string()),
        verdict: judged.verdict,
        why: judged.why,
        wanted: goal.target.to_string().trim_start_matches("vs baseline ").to_owned(),
        target: judged.target,
        baseline: baseline.ok(),
        now: judged.now,
        trend: trend(known, plan, &goal.measure),
    }
}

/// A risk has come true when its expression says so.
pub(super) fn risks(known: &Known<'_, '_>) -> Vec<RiskState> {
    let state = |risk: &Risk| {
        let name = risk.name.clone();
        let Some(goal) = &risk.when else {
            let why = match risk.trigger.trim() {
                "" => "nothing says when it has come true",
                _ => "its trigger is in words: people judge it",
            };
            return RiskState { name, verdict: Verdict::ForPeople, why: why.to_owned(), now: None };
        };
        let before = at_first(known, &goal.measure);
        let Judged { verdict, why, now, .. } =
            judged(known, goal, before.as_ref().map_err(String::as_str).copied());
        RiskState { name, verdict, why, now }
    };
    known.view.catalog.plan.risks.iter().map(state).collect()
}

/// What it was before: as somebody entered it, or measured on the plan's first day.
fn baseline(known: &Known<'_, '_>, goal: &Goal, metric: &Metric) -> Result<Reading, String> {
    let Some(entered) = metric.baseline else { return at_first(known, &goal.measure) };
    let unit = unit(known, &goal.measure);
    let value =
        entered.0.in_unit(unit).ok_or_else(|| format!("a baseline of {} is of another kind", entered.0))?;
    Ok(Reading::new(value, unit))
}

fn at_first(known: &Known<'_, '_>, measure: &Measure) -> Result<Reading, String> {
    let plan = &known.view.catalog.plan;
    let started = plan.started.ok_or("the plan does not say on which day it started")?.start();
    if started > known.view.now {
        return Err("the plan has not started".to_owned());
    }
    known.measure(measure, started)
}

fn unit(known: &Known<'_, '_>, measure: &Measure) -> Unit {
    match measure {
        Measure::Room { what, .. } => what.row().yields.unit(),
        Measure::Series { series, .. } => known.view.history.series.get(series).map_or_else(
            || known.view.catalog.metric(series).map_or(Unit::Count, |metric| metric.unit),
            |series| series.unit,
        ),
    }
}

fn judged(known: &Known<'_, '_>, goal: &Goal, baseline: Result<Reading, &str>) -> Judged {
    let unit = unit(known, &goal.measure);
    let target = target(goal, unit, baseline);
    let unknown = |why: String, target, now| Judged { verdict: Verdict::NotMeasured, why, target, now };
    let now = match known.measure(&goal.measure, known.view.now) {
        Ok(now) => now,
        Err(why) => return unknown(why, target.ok(), None),
    };
    let target = match target {
        Ok(target) => target,
        Err(why) => return unknown(why, None, Some(now)),
    };
    let is_met = match goal.target {
        Target::Limit(compare, _) => compare.holds(now.value, target.value),
        Target::Change(Way::Down, _) => now.value <= target.value,
        Target::Change(Way::Up, _) => now.value >= target.value,
    };
    let verdict = if is_met { Verdict::Met } else { Verdict::NotMet };
    Judged { verdict, why: said(goal, now, target, baseline), target: Some(target), now: Some(now) }
}

/// The number it is to come to.
fn target(goal: &Goal, unit: Unit, baseline: Result<Reading, &str>) -> Result<Reading, String> {
    match goal.target {
        Target::Limit(_, amount) => {
            let value = amount.in_unit(unit);
            let value = value.ok_or_else(|| format!("{amount} cannot be compared with {}", goal.measure))?;
            Ok(Reading::new(value, unit))
        }
        Target::Change(way, by) => {
            let before = baseline.map_err(|why| format!("what it was before is not known: {why}"))?;
            if before.value == 0.0 {
                return Err("there was none before".to_owned());
            }
            let factor = match way {
                Way::Down => 1.0 - by / 100.0,
                Way::Up => 1.0 + by / 100.0,
            };
            Ok(Reading::new(before.value * factor, before.unit))
        }
    }
}

/// `31 %, to be > 90 %`, `8, was 14: down 43 % of 60 %`.
fn said(goal: &Goal, now: Reading, target: Reading, baseline: Result<Reading, &str>) -> String {
    match (goal.target, baseline) {
        (Target::Change(way, by), Ok(before)) => {
            let change = (now.value - before.value) / before.value * 100.0;
            let change = if way == Way::Down { 0.0 - change } else { change };
            format!("{}, was {}: {} {change:.0} % of {by} %", now.say(), before.say(), way.word())
        }
        (Target::Limit(compare, _), _) => format!("{}, to be {compare} {}", now.say(), target.say()),
        (Target::Change(..), Err(_)) => now.say(),
    }
}

/// Since the plan's first day, or over twice what the measure looks back on.
fn trend(known: &Known<'_, '_>, plan: &Plan, measure: &Measure) -> Vec<Option<f64>> {
    let now = known.view.now;
    let twice = now - measure.window() - measure.window();
    let from = plan.started.map(Day::start).filter(|start| *start < now).unwrap_or(twice);
    let length = (now - from).as_millis();
    let moment = |point: i64| Time::from_millis(now.millis() - length * (POINTS - 1 - point) / (POINTS - 1));
    (0..POINTS).map(|point| known.measure(measure, moment(point)).ok().map(|reading| reading.value)).collect()
}
