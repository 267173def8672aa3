//! The lines of the Readiness screen, part by part, as data: what stands in each, and in which role.

use crate::diagnosis::{Budget, Level};
use crate::domain::catalog::{Claim, Demand, Gating, OnCall, Playbook, Runbook};
use crate::domain::readiness::{Did, Register, SignOff, Standing, Suggestion, on_duty};
use crate::domain::{ItemId, Person, Time};
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;
use crate::tui::ui::World;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Item(ItemId),
    /// A budget by its id.
    Objective(String),
    Runbook(String),
    Schedule(String),
    Playbook(String),
    Claim(String),
}

/// Lines under one heading.
#[derive(Debug)]
pub(super) struct Part {
    title: &'static str,
    pub rows: Vec<Arc<Row>>,
}

/// One line; a heading stands for nothing.
#[derive(Debug)]
pub(super) struct Row {
    pub subject: Option<Subject>,
    pub mark: Mark,
    /// The word that says how it stands, and its role.
    pub word: (String, Role),
    pub text: String,
    /// At the right end, the last piece last.
    pub tail: Vec<(String, Role)>,
    /// What is said in place of them where there is room for all of it.
    pub whole: Option<(String, Role)>,
    pub bar: Option<Bar>,
    /// What limits or explains it, below it.
    pub below: Vec<(String, Role)>,
    /// All of it in small letters, to be searched.
    said: String,
}

/// How much is left, drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    /// In percent.
    pub left: f64,
    pub role: Role,
    /// So many pieces at the end of the line come before it, where there is not room for everything.
    pub after: usize,
}

/// Later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    None,
    Ok,
    Open,
    Elevated,
    Degraded,
    Critical,
}

impl Mark {
    pub(super) const fn drawn(self, glyphs: &Glyphs) -> (&'static str, Role) {
        match self {
            Self::None => ("", Role::Dim),
            Self::Ok => (glyphs.normal, Role::Ok),
            Self::Open => (glyphs.unknown, Role::Dim),
            Self::Elevated => (glyphs.elevated, Role::Elevated),
            Self::Degraded => (glyphs.degraded, Role::Degraded),
            Self::Critical => (glyphs.critical, Role::Critical),
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::None | Self::Open => Role::Dim,
            Self::Ok => Role::Ok,
            Self::Elevated => Role::Elevated,
            Self::Degraded => Role::Degraded,
            Self::Critical => Role::Critical,
        }
    }
}

pub(super) fn parts(register: &Register<'_>, world: World<'_>) -> Vec<Part> {
    let now = world.now;
    let readiness = &world.snapshot.catalog.readiness;
    let parts: [(&str, Vec<Row>); 6] = [
        ("SIGN-OFFS", register.items.iter().map(|it| sign_off(it, now)).collect()),
        ("ERROR BUDGETS, WHAT IS LEFT", budgets(&world.situation.budgets)),
        ("ON CALL", readiness.on_call.iter().map(|it| schedule(it, now)).collect()),
        ("RUNBOOKS", runbooks(&readiness.runbooks, now)),
        ("PLAYBOOKS", readiness.playbooks.iter().map(playbook).collect()),
        ("WHAT IS THERE, AND HOW FAR IT REACHES", readiness.claims.iter().map(claim).collect()),
    ];
    let searched = |rows: Vec<Row>| rows.into_iter().map(|row| Arc::new(row.searched())).collect();
    parts.into_iter().map(|(title, rows)| Part { title, rows: searched(rows) }).collect()
}

/// Every part that has lines, those that hold what is asked for, each below its heading.
pub(super) fn narrowed(parts: &[Part], asked: &str) -> Vec<Arc<Row>> {
    let wanted: Vec<_> = asked.split_whitespace().map(str::to_lowercase).collect();
    let mut all = Vec::new();
    for Part { title, rows } in parts {
        let holds = |row: &&Arc<Row>| wanted.iter().all(|word| row.said.contains(word));
        let at = all.len();
        all.extend(rows.iter().filter(holds).cloned());
        if all.len() > at {
            all.insert(at, Arc::new(heading(title, all.len() - at)));
        }
    }
    all
}

impl Row {
    fn of(subject: Subject, mark: Mark, word: &str, text: &str) -> Self {
        Self {
            subject: Some(subject),
            mark,
            word: (word.to_owned(), mark.role()),
            text: text.to_owned(),
            tail: Vec::new(),
            whole: None,
            bar: None,
            below: Vec::new(),
            said: String::new(),
        }
    }

    fn ending(mut self, said: impl Into<String>, role: Role) -> Self {
        let said = said.into();
        if !said.is_empty() {
            self.tail.push((said, role));
        }
        self
    }

    fn below(mut self, said: impl Into<String>, role: Role) -> Self {
        self.below.push((said.into(), role));
        self
    }

    fn searched(mut self) -> Self {
        let pieces = self.tail.iter().chain(&self.whole).chain(&self.below).map(|(said, _)| said.as_str());
        let said = [self.word.0.as_str(), self.text.as_str()].into_iter().chain(pieces);
        self.said = said.collect::<Vec<_>>().join(" ").to_lowercase();
        self
    }
}

fn heading(title: &str, count: usize) -> Row {
    Row {
        subject: None,
        mark: Mark::None,
        word: (String::new(), Role::Title),
        text: title.to_owned(),
        tail: vec![(count.to_string(), Role::Dim)],
        whole: None,
        bar: None,
        below: Vec::new(),
        said: String::new(),
    }
}

fn sign_off(standing: &Standing<'_>, now: Time) -> Row {
    let item = standing.item;
    let mark = match (standing.state, item.gating) {
        (SignOff::Passed, _) => Mark::Ok,
        (SignOff::Expired, _) => Mark::Degraded,
        (SignOff::Pending, Gating::SoftGating) => Mark::Open,
        (SignOff::Pending, _) => Mark::Elevated,
    };
    let mut row = Row::of(Subject::Item(item.id.clone()), mark, standing.state.word(), &item.title);
    row = match standing.suggestion() {
        Suggestion::Sign => row.ending("ready to sign?", Role::Accent),
        Suggestion::Doubt => row.ending("in doubt", Role::Elevated),
        Suggestion::Nothing => row,
    };
    let last = standing.acts.last();
    row = match last.map(|act| (format!("{} {} ago", act.by, act.at.age(now)), &act.did)) {
        Some((said, Did::Signed { .. })) => row.ending(said, Role::Dim),
        Some((said, Did::Withdrew { .. })) => row.ending(format!("withdrawn, {said}"), Role::Elevated),
        None => row,
    };
    row = row.ending(format!("{:>4}", item.gating.short()), gate_role(item.gating));
    let lead = if standing.state == SignOff::Passed { "no longer" } else { "not yet" };
    for failing in standing.checks.iter().filter(|check| !check.holds) {
        row = row.below(format!("{lead}: {}", failing.said), Role::Dim);
    }
    if let Some(Did::Withdrew { reason }) = standing.acts.last().map(|act| &act.did) {
        row = row.below(format!("withdrawn: {reason}"), Role::Elevated);
    }
    for claim in &standing.claims {
        row = row.below(format!("{}: {}", claim.title, claim.bound), Role::Info);
    }
    row
}

const fn gate_role(gating: Gating) -> Role {
    match gating {
        Gating::GaBlocking => Role::Strong,
        Gating::MarketplaceBlocking => Role::Text,
        Gating::SoftGating => Role::Dim,
    }
}

/// What has to be seen of one of the budgets has a column in all of them, before their bars.
#[derive(Clone, Copy)]
struct Columns {
    burns: bool,
    agreed: bool,
}

fn budgets(budgets: &[Budget]) -> Vec<Row> {
    let columns = Columns {
        burns: budgets.iter().any(|budget| burning(budget) > Mark::Ok),
        agreed: budgets.iter().any(|budget| budget.left_percent.is_some() && budget.agreed.is_none()),
    };
    budgets.iter().map(|it| budget(it, columns)).collect()
}

fn budget(budget: &Budget, columns: Columns) -> Row {
    let subject = Subject::Objective(budget.id.clone());
    let Some(left) = budget.left_percent else {
        let word = if budget.objective.is_some() { "no data" } else { "not set" };
        return Row::of(subject, Mark::Open, word, &budget.title).ending(number(budget), Role::Dim);
    };
    let burning = burning(budget);
    let remains = remaining(left).max(burning);
    let demand = budget.demands.as_ref().map(|demanded| demanded.demand);
    let mark = demand.map_or(remains, |demand| remains.max(demand_mark(demand)));
    let word = match demand {
        Some(demand) => demand.word(),
        None if left <= 0.0 => "spent",
        None if burning > Mark::Ok => "burning",
        None if remains > Mark::Ok => "low",
        None => "ok",
    };
    let mut row = Row::of(subject, mark, word, &budget.title);
    // What met the policy is told over the time that the policy looks at, or the word before it seems to be wrong.
    let met = budget.demands.as_ref().and_then(|demanded| demanded.burns);
    let burns = match (met, budget.burn_rate) {
        (Some((rate, over)), _) => {
            let places = usize::from(rate < 9.95);
            format!("in {:<3}{rate:>4.places$}×", over.exact())
        }
        (None, Some(rate)) => format!("burns {rate:>4.1}×"),
        (None, None) => " ".repeat(11),
    };
    let burns = (burns, if burning > Mark::Ok { burning.role() } else { Role::Dim });
    let agreed = if budget.agreed.is_some() { "          " } else { "not agreed" };
    let minutes = (format!("{:>9}", minutes(budget.left_minutes.unwrap_or(0.0))), Role::Text);
    let pieces = [
        (columns.burns, burns.clone()),
        (columns.agreed, (agreed.to_owned(), Role::Dim)),
        (true, minutes),
        (!columns.burns, burns),
        (true, (format!("{:<14}", number(budget)), Role::Dim)),
    ];
    row.tail.push((format!("{left:>4.0} %"), remains.role()));
    row.tail.extend(pieces.into_iter().filter_map(|(is_there, piece)| is_there.then_some(piece)));
    let after = 1 + usize::from(columns.burns) + usize::from(columns.agreed);
    let role = if remains > Mark::Ok { Role::ChartMark } else { Role::Chart };
    row.bar = Some(Bar { left, role, after });
    if let Some(demanded) = &budget.demands {
        let said = format!("{}: {}", demanded.demand, demanded.text);
        row = row
            .below(said, demand_mark(demanded.demand).role())
            .below(format!("because {}", demanded.because), Role::Dim);
    }
    row
}

const fn remaining(left: f64) -> Mark {
    match left {
        left if left <= 0.0 => Mark::Critical,
        left if left < 25.0 => Mark::Degraded,
        left if left < 50.0 => Mark::Elevated,
        _ => Mark::Ok,
    }
}

/// How grave the rule finds it; what burned faster than it may within the hour is not well because it has stopped.
fn burning(budget: &Budget) -> Mark {
    match budget.burning {
        Some(Level::Critical) => Mark::Critical,
        Some(Level::Degraded) => Mark::Degraded,
        Some(_) => Mark::Elevated,
        None if budget.burn_rate.is_some_and(|rate| rate >= 1.0) => Mark::Elevated,
        None => Mark::Ok,
    }
}

const fn demand_mark(demand: Demand) -> Mark {
    match demand {
        Demand::Watch => Mark::Elevated,
        Demand::Escalate => Mark::Degraded,
        Demand::Freeze => Mark::Critical,
    }
}

/// `99.9 % of 30d`.
fn number(budget: &Budget) -> String {
    let window = budget.window.exact();
    match budget.objective {
        None => "no number agreed".to_owned(),
        Some(share) => format!("{share} % of {window}"),
    }
}

/// `27m left`, `12m over`: minutes, however many.
pub fn minutes(left: f64) -> String {
    format!("{:.0}m {}", left.abs(), if left < 0.0 { "over" } else { "left" })
}

fn schedule(schedule: &OnCall, now: Time) -> Row {
    let duty = on_duty(schedule, now);
    let mark = match (duty.holder, duty.holes.first()) {
        (None, _) => Mark::Critical,
        (_, Some(_)) => Mark::Elevated,
        _ => Mark::Ok,
    };
    let word = duty.holder.map_or("nobody", Person::as_str);
    let mut row = Row::of(Subject::Schedule(schedule.name.clone()), mark, word, &schedule.name);
    let role = mark.role();
    match (duty.until, duty.holes.first().map(|hole| hole.from)) {
        (until, None) => {
            let until = until.map_or_else(String::new, |until| format!("until {}", day_minute(until)));
            row.ending("no hole in 14 days", Role::Dim).ending(until, Role::Dim)
        }
        (None, Some(_)) => row,
        (Some(until), Some(hole)) if until == hole => {
            row.ending(format!("until {}, then nobody", day_minute(until)), role)
        }
        // One after the other, so that nobody takes the turn that ends for one that lasts until the hole.
        (Some(until), Some(hole)) => {
            let said = format!("until {}, then nobody from {}", day_minute(until), day_minute(hole));
            row.whole = Some((said, role));
            row.ending(format!("until {}, nobody from {}", day(until), day(hole)), role)
        }
    }
}

fn day(at: Time) -> String {
    let date = at.date(&TimeZone::UTC);
    date.get(5..).unwrap_or(&date).to_owned()
}

/// `03-21 08:00`, in UTC, as schedules are written.
pub fn day_minute(at: Time) -> String {
    format!("{} {} UTC", day(at), at.hour_minute(&TimeZone::UTC))
}

/// What cannot be relied upon first.
fn runbooks(runbooks: &[Runbook], now: Time) -> Vec<Row> {
    let mut sorted: Vec<_> = runbooks.iter().collect();
    sorted.sort_by_key(|it| it.is_fresh(now));
    sorted.into_iter().map(|it| runbook(it, now)).collect()
}

fn runbook(runbook: &Runbook, now: Time) -> Row {
    let (mark, word, said) = match runbook.age(now) {
        None => (Mark::Elevated, "untried", "never validated".to_owned()),
        Some(age) if runbook.is_fresh(now) => (Mark::Ok, "valid", format!("validated {age} ago")),
        Some(age) => (Mark::Elevated, "stale", format!("validated {age} ago")),
    };
    let steps = match runbook.steps.len() {
        0 => String::new(),
        count => format!("{count} steps"),
    };
    Row::of(Subject::Runbook(runbook.id.clone()), mark, word, &runbook.title)
        .ending(steps, Role::Dim)
        .ending(said, if mark == Mark::Ok { Role::Dim } else { mark.role() })
        .ending(runbook.owner.clone(), Role::Dim)
}

fn playbook(playbook: &Playbook) -> Row {
    Row::of(Subject::Playbook(playbook.title.clone()), Mark::None, "", &playbook.title)
        .ending(playbook.owner.clone(), Role::Dim)
}

/// A claim is never seen without its bound.
fn claim(claim: &Claim) -> Row {
    let said = if claim.claim.is_empty() {
        claim.title.clone()
    } else {
        format!("{}: {}", claim.title, claim.claim)
    };
    Row::of(Subject::Claim(claim.title.clone()), Mark::None, "", &said)
        .below(format!("honest bound: {}", claim.bound), Role::Info)
}
