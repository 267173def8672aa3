//! What each pane of the plan has to say, line by line, independent of where it is drawn.

use super::{Pane, page};
use crate::diagnosis::plan::{FailureSeen, MetricState, PlanState, Reading, RiskState, VectorState, Verdict};
use crate::domain::ServiceName;
use crate::domain::catalog::plan::{Phase, Progress, Risk, Share, Task, Vector};
use crate::domain::catalog::{Plan, Unit};
use crate::domain::goal::Measure;
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;
use crate::tui::overlays::detail::Page;
use crate::tui::ui::World;

#[derive(Debug)]
pub(super) struct Row {
    /// What stays the same while numbers move.
    pub id: String,
    pub mark: Mark,
    pub lead: String,
    /// Columns at the right, from left to right.
    pub pieces: Vec<Piece>,
    /// Everything about it.
    pub page: Page,
    /// All of it in small letters, to be searched.
    pub said: String,
}

/// The sign a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    Good,
    Bad,
    /// A risk that has come true.
    Worst,
    /// Going on now.
    Now,
    Unknown,
}

#[derive(Debug)]
pub(super) enum Piece {
    /// At the left of so many columns.
    Left(String, u16, Role),
    /// At their right.
    Right(String, u16, Role),
    /// Measured, and what was said, in percent.
    Bar(Option<f64>, Option<Share>),
    /// A line from nothing up to the most there was.
    Trend(Vec<Option<f64>>),
    /// The first where there is room for it, else the second.
    Said([String; 2], Role),
}

impl Row {
    fn of(id: String, mark: Mark, lead: String, pieces: Vec<Piece>, page: Page) -> Self {
        let said = format!("{lead} {}", page.said()).to_lowercase();
        Self { id, mark, lead, pieces, page, said }
    }
}

impl Mark {
    pub const fn drawn(self, glyphs: &Glyphs) -> (&'static str, Role) {
        match self {
            Self::None => ("", Role::Text),
            Self::Good => (glyphs.normal, Role::Ok),
            Self::Bad => (glyphs.elevated, Role::Elevated),
            Self::Worst => (glyphs.critical, Role::Critical),
            Self::Now => (glyphs.diagnosis, Role::Accent),
            Self::Unknown => (glyphs.unknown, Role::Dim),
        }
    }

    const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Met => Self::Good,
            Verdict::NotMet => Self::Bad,
            Verdict::NotMeasured | Verdict::ForPeople => Self::Unknown,
        }
    }
}

pub(super) fn of(pane: Pane, world: World<'_>) -> Vec<Row> {
    let plan = &world.snapshot.catalog.plan;
    let Some(state) = &world.situation.plan else { return Vec::new() };
    match pane {
        Pane::Vectors => vectors(plan, state),
        Pane::Phases => phases(plan, state),
        Pane::Metrics => metrics(state, plan),
        Pane::Risks => risks(plan, state),
        Pane::Order => order(state),
    }
}

/// What most failures are of comes first.
fn vectors(plan: &Plan, state: &PlanState) -> Vec<Row> {
    let mut pairs: Vec<_> = plan.vectors.iter().zip(&state.vectors).collect();
    pairs.sort_by_key(|(_, measured)| std::cmp::Reverse(measured.failures));
    let mut rows: Vec<_> =
        pairs.into_iter().map(|(vector, measured)| self::vector(vector, measured)).collect();
    if state.failures.unrecognised > 0 {
        rows.push(unrecognised(&state.failures.seen, state));
    }
    rows
}

fn vector(vector: &Vector, measured: &VectorState) -> Row {
    let mut pieces = compared(measured.share, vector.failures);
    pieces.extend(compared(measured.recovery_share, vector.recovery));
    Row::of(vector.id.clone(), Mark::None, vector.title().to_owned(), pieces, page::vector(vector, measured))
}

fn unrecognised(seen: &[FailureSeen], state: &PlanState) -> Row {
    let share = state.failures.unrecognised as f64 / state.failures.failed.max(1) as f64 * 100.0;
    Row::of(
        String::new(),
        Mark::Unknown,
        "of no vector".to_owned(),
        [compared(Some(share), None), compared(None, None)].into_iter().flatten().collect(),
        page::unrecognised(seen, state),
    )
}

/// What was measured, drawn, and what was said.
fn compared(measured: Option<f64>, said: Option<Share>) -> Vec<Piece> {
    let (text, role) = match measured {
        Some(percent) => (format!("{percent:.0} %"), Role::Strong),
        None => ("-".to_owned(), Role::Dim),
    };
    let said_text = said.map_or_else(|| "-".to_owned(), |said| said.to_string());
    vec![Piece::Right(text, 5, role), Piece::Bar(measured, said), Piece::Left(said_text, 8, Role::Dim)]
}

fn phases(plan: &Plan, state: &PlanState) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, phase) in plan.phases.iter().enumerate() {
        let metrics: Vec<_> = state.metrics.iter().filter(|metric| metric.phase == place).collect();
        rows.push(self::phase(phase, &metrics, state.day));
        rows.extend(phase.tasks.iter().map(|task| self::task(phase, task, state.day)));
    }
    rows
}

fn phase(phase: &Phase, metrics: &[&MetricState], day: Option<i64>) -> Row {
    let met = metrics.iter().filter(|metric| metric.verdict == Verdict::Met).count();
    let progress = phase.progress();
    let is_done = progress.is_none_or(Progress::is_done) && met == metrics.len();
    let (mark, when, role) = match day {
        Some(day) if phase.days.contains(day) => (Mark::Now, format!("today, day {day}"), Role::Accent),
        Some(day) if day > i64::from(phase.days.last) && is_done => {
            (Mark::Good, "over".to_owned(), Role::Dim)
        }
        Some(day) if day > i64::from(phase.days.last) => {
            (Mark::Bad, "over, not done".to_owned(), Role::Elevated)
        }
        _ => (Mark::Unknown, format!("from day {}", phase.days.first), Role::Dim),
    };
    let percent = progress.map(|progress| f64::from(progress.percent()));
    Row::of(
        phase.name.clone(),
        mark,
        format!("{}  {}", phase.days, phase.name),
        vec![
            Piece::Bar(percent, None),
            Piece::Right(
                percent.map_or_else(String::new, |percent| format!("{percent:.0} %")),
                5,
                Role::Strong,
            ),
            Piece::Right(format!("{met}/{} met", metrics.len()), 8, Role::Dim),
            Piece::Left(when, 14, role),
        ],
        page::phase(phase, metrics),
    )
}

fn task(phase: &Phase, task: &Task, day: Option<i64>) -> Row {
    let days = task.days.unwrap_or(phase.days);
    let is_late = day.is_some_and(|day| day > i64::from(days.last)) && !task.progress.is_done();
    let (when, role) = match is_late {
        true => (format!("late, day {days}"), Role::Elevated),
        false => (format!("day {days}"), Role::Dim),
    };
    Row::of(
        format!("{}/{}", phase.name, task.title),
        Mark::None,
        format!("  {}", task.title),
        vec![
            Piece::Bar(Some(f64::from(task.progress.percent())), None),
            Piece::Right(task.progress.to_string(), 5, Role::Text),
            Piece::Right(task.owner.clone(), 8, Role::Dim),
            Piece::Left(when, 14, role),
        ],
        page::task(phase, task),
    )
}

/// The columns of a metric, from its trend on.
pub(super) const TREND: u16 = 8;
pub(super) const NOW: u16 = 12;
pub(super) const OVER: u16 = 4;
pub(super) const TO_BE: u16 = 10;
pub(super) const WAS: u16 = 8;

fn said(words: &str, role: Role) -> Piece {
    Piece::Said([words.to_owned(), words.to_owned()], role)
}

/// `6 failures`: a number of things with the name of what it counts; others have their unit.
fn counted(reading: Reading, measure: Option<&Measure>) -> String {
    let noun = measure.filter(|_| reading.unit == Unit::Count).map_or("", Measure::noun);
    let noun = if reading.value == 1.0 { noun.strip_suffix('s').unwrap_or(noun) } else { noun };
    format!("{} {noun}", reading.say()).trim_end().to_owned()
}

/// What falls short comes first, what nobody knows next.
fn metrics(state: &PlanState, plan: &Plan) -> Vec<Row> {
    let mut metrics: Vec<_> = state.metrics.iter().collect();
    let weight = |verdict| match verdict {
        Verdict::NotMet => 0,
        Verdict::NotMeasured => 1,
        Verdict::ForPeople => 2,
        Verdict::Met => 3,
    };
    metrics.sort_by_key(|metric| weight(metric.verdict));
    metrics.into_iter().map(|metric| self::metric(metric, plan)).collect()
}

fn metric(metric: &MetricState, plan: &Plan) -> Row {
    let say = |reading: Option<Reading>| reading.map_or_else(String::new, Reading::say);
    let entered = plan.phases.get(metric.phase).into_iter().flat_map(|phase| &phase.metrics);
    let goal =
        entered.filter(|entered| entered.name == metric.name).find_map(|entered| entered.goal.as_ref());
    let measure = goal.map(|goal| &goal.measure);
    let role = match metric.verdict {
        Verdict::Met => Role::Ok,
        Verdict::NotMet => Role::Elevated,
        Verdict::NotMeasured | Verdict::ForPeople => Role::Dim,
    };
    let pieces = match metric.now.filter(|_| matches!(metric.verdict, Verdict::Met | Verdict::NotMet)) {
        None if metric.verdict == Verdict::ForPeople => vec![said("for people to judge", Role::Dim)],
        None => vec![Piece::Said(
            [format!("{}: {}", metric.verdict.word(), metric.why), metric.verdict.word().to_owned()],
            Role::Dim,
        )],
        Some(now) => vec![
            Piece::Trend(metric.trend.clone()),
            Piece::Right(counted(now, measure), NOW, role),
            Piece::Left(measure.map_or_else(String::new, |it| String::from(it.window())), OVER, Role::Dim),
            Piece::Left(metric.wanted.clone(), TO_BE, Role::Text),
            Piece::Left(say(metric.baseline), WAS, Role::Dim),
        ],
    };
    Row::of(
        format!("{}/{}", metric.phase, metric.name),
        Mark::of(metric.verdict),
        metric.name.clone(),
        pieces,
        page::metric(metric, plan),
    )
}

fn risks(plan: &Plan, state: &PlanState) -> Vec<Row> {
    let pairs = plan.risks.iter().zip(&state.risks);
    let mut rows: Vec<_> = pairs.map(|(risk, state)| self::risk(risk, state)).collect();
    rows.sort_by_key(|row| row.mark != Mark::Worst);
    rows.extend(plan.compliance.iter().map(|kept| {
        Row::of(
            format!("kept/{}", kept.name),
            Mark::None,
            format!("{}: {}", kept.name, kept.text),
            vec![said("to be kept", Role::Dim)],
            page::kept(kept),
        )
    }));
    rows
}

fn risk(risk: &Risk, state: &RiskState) -> Row {
    let (mark, word, role) = match state.verdict {
        Verdict::Met => (Mark::Worst, "has come true", Role::Critical),
        Verdict::NotMet => (Mark::Good, "watched", Role::Ok),
        Verdict::NotMeasured => (Mark::Unknown, "not measured", Role::Dim),
        Verdict::ForPeople => (Mark::Unknown, "for people to judge", Role::Dim),
    };
    let piece = match (state.now, &risk.when) {
        (Some(now), Some(goal)) => {
            let short = format!("{word}: {} {}", now.say(), goal.measure.noun());
            let over = String::from(goal.measure.window());
            Piece::Said([format!("{short} in {over}, {}", goal.target), short], role)
        }
        _ => said(word, role),
    };
    Row::of(risk.name.clone(), mark, risk.name.clone(), vec![piece], page::risk(risk, state))
}

fn order(state: &PlanState) -> Vec<Row> {
    let stage = |(place, services): (usize, &Vec<ServiceName>)| {
        let names: Vec<_> = services.iter().map(ServiceName::as_str).collect();
        let lead = format!("{}  {}", place + 1, names.join(", "));
        Row::of(place.to_string(), Mark::None, lead, Vec::new(), page::stage(place, &names))
    };
    state.deploy_order.iter().enumerate().map(stage).collect()
}
