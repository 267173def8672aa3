//! What stands on the Readiness screen in detail: what an item needs and why, who signed it and when, what a budget
//! allows, the steps of a runbook, who is on call.

use super::{Line, link_role, named, paragraph};
use crate::diagnosis::Budget;
use crate::domain::catalog::{OnCall, Runbook};
use crate::domain::readiness::{Act, Did, Standing, Suggestion, on_duty, standing};
use crate::domain::{SeriesName, ServiceName, Time};
use crate::theme::Role;
use crate::tui::frame::is_address;
use crate::tui::screens::readiness::{Subject, day_minute, minutes};
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;

/// Lines being written, for a window of so many columns.
struct Page {
    lines: Vec<Line>,
    columns: usize,
}

pub fn lines(subject: &Subject, ui: &Ui, world: World<'_>, columns: usize) -> Vec<Line> {
    let mut page = Page { lines: Vec::new(), columns };
    let readiness = &world.snapshot.catalog.readiness;
    let known = match subject {
        Subject::Item(id) => standing(&world.snapshot.catalog, &world.snapshot.room, id, world.now)
            .map(|standing| item(&mut page, &standing, ui, world.now)),
        Subject::Objective(id) => {
            let found = world.situation.budgets.iter().find(|budget| budget.id == *id);
            found.map(|found| budget(&mut page, found, world))
        }
        Subject::Runbook(id) => readiness.runbook(id).map(|found| runbook(&mut page, found, world.now)),
        Subject::Schedule(name) => {
            readiness.schedule(name).map(|found| schedule(&mut page, found, world.now))
        }
        Subject::Playbook(title) => readiness.playbooks.iter().find(|it| it.title == *title).map(|it| {
            page.title(&it.title);
            page.said("a customer", &it.when);
            page.said("answer", &it.answer);
            page.said("owner", &it.owner);
            page.link("link", &it.link);
        }),
        Subject::Claim(title) => readiness.claims.iter().find(|it| it.title == *title).map(|it| {
            page.title(&it.title);
            page.said("claim", &it.claim);
            page.named("bound", &it.bound, Role::Info);
            let beside: Vec<_> = it.beside.iter().map(ToString::to_string).collect();
            page.said("no sign-off", &beside.join(", "));
            page.link("link", &it.link);
        }),
    };
    if known.is_none() {
        page.lines = paragraph("This is not in the catalog any more.", Role::Dim, columns);
    }
    page.lines
}

impl Page {
    fn title(&mut self, said: &str) {
        self.lines.extend(paragraph(said, Role::Strong, self.columns));
        self.lines.push(Line::new());
    }

    fn heading(&mut self, said: &str) {
        self.lines.push(Line::new());
        self.lines.extend(paragraph(said, Role::Title, self.columns));
    }

    fn said(&mut self, name: &str, value: &str) {
        self.named(name, value, Role::Text);
    }

    fn named(&mut self, name: &str, value: &str, role: Role) {
        if !value.trim().is_empty() {
            self.lines.extend(named(name, value, role, self.columns));
        }
    }

    /// What can be opened; a path within a repository is only words.
    fn link(&mut self, name: &str, place: &str) {
        self.named(name, place, link_role(is_address(place)));
    }
}

fn item(page: &mut Page, standing: &Standing<'_>, ui: &Ui, now: Time) {
    let item = standing.item;
    page.title(&item.title);
    page.said("item", item.id.as_str());
    page.said("state", &state(standing, now));
    page.said("gating", item.gating.word());
    page.said("phase", &item.phase);
    page.said("owner", &item.owner);
    page.said("needs", &item.needs);
    page.said("why", &item.why);
    item.evidence.iter().for_each(|place| page.link("evidence", place));
    page.said("related", &item.related.join(", "));
    if let Some(holds_for) = item.expires_after {
        page.said("holds for", &holds_for.to_string());
    }
    if standing.is_reworded() {
        page.named("reworded", "What it needs reads otherwise than when it was signed.", Role::Elevated);
    }
    checks(page, standing, ui);
    for claim in &standing.claims {
        page.heading(&format!("{} is there, and no sign-off", claim.title));
        page.said("claim", &claim.claim);
        page.named("bound", &claim.bound, Role::Info);
    }
    page.heading("Who signed");
    if standing.acts.is_empty() {
        page.lines.extend(paragraph("Nobody has ever signed it.", Role::Dim, page.columns));
    }
    standing.acts.iter().rev().for_each(|act| history(page, act));
}

fn state(standing: &Standing<'_>, now: Time) -> String {
    let ends = match (standing.expires, standing.acts.last()) {
        (_, Some(Act { did: Did::Withdrew { .. }, by, at, .. })) => {
            format!(", withdrawn by {by} {}", moment(*at))
        }
        (Some(expires), _) if expires > now => {
            format!(", until {} ({} from now)", moment(expires), expires - now)
        }
        (Some(expires), _) => format!(", since {}", moment(expires)),
        (None, _) => String::new(),
    };
    format!("{}{ends}", standing.state.word())
}

/// What happened in another year says so.
fn moment(at: Time) -> String {
    format!("{} {} UTC", at.date(&TimeZone::UTC), at.hour_minute(&TimeZone::UTC))
}

fn checks(page: &mut Page, standing: &Standing<'_>, ui: &Ui) {
    if standing.checks.is_empty() {
        return;
    }
    page.heading(match standing.suggestion() {
        Suggestion::Sign => "Ready to sign, as far as can be looked up",
        Suggestion::Doubt => "Signed, and something does not hold any more",
        Suggestion::Nothing => "What can be looked up",
    });
    for check in &standing.checks {
        let (mark, role) = if check.holds {
            (ui.look.glyphs.normal, Role::Ok)
        } else {
            (ui.look.glyphs.unknown, Role::Elevated)
        };
        let word = if check.holds { "holds" } else { "not yet" };
        page.named(&format!("{mark} {word}"), &check.said, if check.holds { Role::Text } else { role });
    }
}

fn history(page: &mut Page, act: &Act) {
    page.said(&act.by.to_string(), &format!("{} {} (record {})", act.did.word(), moment(act.at), act.seq));
    match &act.did {
        Did::Signed { evidence, note, .. } => {
            evidence.iter().for_each(|found| page.link("", &found.said()));
            page.named("", note, Role::Dim);
        }
        Did::Withdrew { reason } => page.named("", reason, Role::Elevated),
    }
}

fn budget(page: &mut Page, budget: &Budget, world: World<'_>) {
    page.title(&budget.title);
    page.said("objective", &budget.id);
    page.said("service", budget.service.as_ref().map_or("", ServiceName::as_str));
    page.said("measured", budget.series.as_ref().map_or("by nothing", SeriesName::as_str));
    let window = String::from(budget.window);
    let target = budget.objective.map_or_else(String::new, |share| format!("{share} % good, over {window}"));
    page.said("target", &target);
    let agreement = world.snapshot.catalog.readiness.objective(&budget.id);
    match (budget.agreed, agreement) {
        (None, _) => page.named("agreed", "nobody has agreed to a number", Role::Elevated),
        (Some(share), agreement) => {
            let with = agreement.map_or("", |it| it.agreed_with.as_str());
            let with = if with.is_empty() { String::new() } else { format!(" with {with}") };
            let on =
                agreement.and_then(|it| it.agreed_on).map_or_else(String::new, |day| format!(" on {day}"));
            page.said("agreed", &format!("{share} %{with}{on}"));
        }
    }
    match (budget.left_minutes, budget.allowed_minutes, budget.left_percent) {
        (Some(left), Some(allowed), Some(percent)) => {
            page.said("budget", &format!("{} of {allowed:.0}m, {percent:.1} %", minutes(left)));
            page.said(
                "seen",
                &format!("{} of {window}; what was not measured counts as good", budget.measured),
            );
        }
        _ => page.named("budget", "not measured", Role::Dim),
    }
    if let Some(rate) = budget.burn_rate {
        page.said("burns", &format!("{rate:.1}× as fast as allowed, over the last hour"));
    }
    let Some(agreement) = agreement else { return };
    page.said("owner", &agreement.owner);
    if agreement.policy.is_empty() {
        return;
    }
    page.heading("What the policy demands");
    match &budget.demands {
        Some(now) => {
            let said = format!("{}: {}, because {}", now.demand, now.text, now.because);
            page.named("now", &said, Role::Elevated);
        }
        None => page.named("now", "nothing", Role::Ok),
    }
    for step in &agreement.policy {
        let when = match (step.burning, step.left) {
            (Some(limit), _) => format!("{limit}× {}", step.over),
            (None, Some(limit)) => format!("{limit} % left"),
            (None, None) => String::new(),
        };
        page.said(&when, &format!("{}: {}", step.demands, step.text));
    }
}

fn runbook(page: &mut Page, runbook: &Runbook, now: Time) {
    page.title(&runbook.title);
    page.said("runbook", &runbook.id);
    page.said("owner", &runbook.owner);
    page.link("link", &runbook.link);
    let services: Vec<_> = runbook.services.iter().map(ToString::to_string).collect();
    page.said("services", &services.join(", "));
    let validated = runbook.validated.zip(runbook.age(now)).map(|(day, age)| format!("{day}, {age} ago"));
    let role = if runbook.is_fresh(now) { Role::Text } else { Role::Elevated };
    page.named("validated", validated.as_deref().unwrap_or("never"), role);
    page.said("good for", &runbook.stale_after.to_string());
    page.said("RTO", &runbook.rto.map_or_else(String::new, |span| format!("{span} to be back")));
    page.said("RPO", &runbook.rpo.map_or_else(String::new, |span| format!("{span} of data may be lost")));
    if !runbook.steps.is_empty() {
        page.heading("Steps");
    }
    for (number, step) in (1..).zip(&runbook.steps) {
        page.said(&format!("{number:>2}"), step);
    }
}

fn schedule(page: &mut Page, schedule: &OnCall, now: Time) {
    let duty = on_duty(schedule, now);
    page.title(&schedule.name);
    let holder = duty.holder.map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let until = duty.until.map_or_else(String::new, |until| format!(", until {}", day_minute(until)));
    let role = if duty.holder.is_some() { Role::Text } else { Role::Critical };
    page.named("on call", &format!("{holder}{until}"), role);
    page.said("then", &schedule.escalates_to.join(", then "));
    let services: Vec<_> = schedule.services.iter().map(ToString::to_string).collect();
    page.said("services", &services.join(", "));
    schedule.alerts.iter().for_each(|alert| page.said("paged by", alert));
    page.link("link", &schedule.link);
    page.heading("The next 14 days");
    if duty.holes.is_empty() {
        page.lines.extend(paragraph("Somebody is on call at every moment.", Role::Text, page.columns));
    }
    for hole in &duty.holes {
        let said = format!("{} to {}, {}", day_minute(hole.from), day_minute(hole.to), hole.to - hole.from);
        page.named("nobody", &said, Role::Elevated);
    }
}
