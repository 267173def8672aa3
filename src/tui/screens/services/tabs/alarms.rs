//! Who would be told: endpoints and the alarms that watch them, alarms that are wanted, and what is measured.

use super::page::{about, joined};
use super::{Page, Told};
use crate::diagnosis::{Covered, CoveredEndpoint, WantedAlarm};
use crate::domain::catalog::{Alert, Alerting, Metric, TierUse};
use crate::domain::signal::AlarmState;
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let coverage = &told.situation().coverage;
    if coverage.listed_at.is_none() {
        page.said("Which alarms there are is not known yet: no source has listed them.", Role::Dim);
    }
    let own = coverage.services.iter().find(|covered| covered.service == *told.name);
    if let Some(covered) = own {
        endpoints(told, covered, coverage.listed_at.is_some(), page);
    } else {
        page.said("The catalog names no endpoint of it and wants no alarm.", Role::Dim);
    }
    let Some(service) = told.service else { return };
    if let Some(it) = &service.alerting {
        alerting(it, page);
    }
    if !service.alerts.is_empty() {
        page.title("Somebody is told when");
        service.alerts.iter().for_each(|it| alert(it, page));
    }
    if !service.metrics.is_empty() {
        page.title("Measured");
        service.metrics.iter().for_each(|it| metric(it, page));
    }
}

fn endpoints(told: &Told<'_>, covered: &Covered, is_listed: bool, page: &mut Page) {
    let missing = |it: &&CoveredEndpoint| it.critical && it.alarms.is_empty();
    let without = covered.endpoints.iter().filter(missing).count();
    if is_listed && without > 0 {
        let s = if without == 1 { " lacks" } else { "s lack" };
        page.said(&format!("{without} critical endpoint{s} an alarm on latency"), Role::Critical);
    }
    if !covered.endpoints.is_empty() {
        page.title("Endpoints");
    }
    for it in &covered.endpoints {
        let (sign, role) = match (it.alarms.is_empty(), it.critical && is_listed) {
            (false, _) => (told.glyphs.normal, Role::Ok),
            (true, true) => (told.glyphs.elevated, Role::Critical),
            (true, false) => (told.glyphs.unknown, Role::Dim),
        };
        let critical = if it.critical { "  critical" } else { "" };
        let alarms = match (it.alarms.is_empty(), is_listed) {
            (false, _) => it.alarms.join(", "),
            (true, true) => "no alarm".to_owned(),
            (true, false) => String::new(),
        };
        page.line(vec![
            (format!("{sign} "), role),
            (it.name.clone(), Role::Text),
            (format!("  {}", it.path), Role::Dim),
            (critical.to_owned(), Role::Strong),
            (format!("  {alarms}"), if it.alarms.is_empty() { role } else { Role::Dim }),
        ]);
    }
    if !covered.wanted.is_empty() {
        page.title("Alarms that ought to exist");
    }
    for it in &covered.wanted {
        page.line(wanted(told, it, is_listed));
    }
}

fn wanted(told: &Told<'_>, it: &WantedAlarm, is_listed: bool) -> Vec<(String, Role)> {
    let (sign, role, said) = match (it.state, is_listed) {
        (Some(AlarmState::Ok), _) => (told.glyphs.normal, Role::Ok, "ok"),
        (Some(AlarmState::Alarm), _) => (told.glyphs.critical, Role::Critical, "rings"),
        (Some(AlarmState::NoData), _) => (told.glyphs.unknown, Role::Stale, "no data"),
        (Some(AlarmState::Gone) | None, true) => (told.glyphs.elevated, Role::Elevated, "is not there"),
        (Some(AlarmState::Gone) | None, false) => (told.glyphs.unknown, Role::Dim, "not known"),
    };
    vec![(format!("{sign} "), role), (it.name.clone(), Role::Text), (format!("  {said}"), role)]
}

/// How soon somebody is at an alert of each tier; what the team wants of all of them comes after that.
fn alerting(it: &Alerting, page: &mut Page) {
    if !it.tiers.is_empty() || !it.philosophy.is_empty() {
        page.title("How alerts are answered");
    }
    for TierUse { tier, means, how, respond_within, investigate_by } in &it.tiers {
        let soon =
            respond_within.map_or_else(String::new, |span| format!("answered within {}", span.exact()));
        let by =
            if investigate_by.is_empty() { String::new() } else { format!("looked into {investigate_by}") };
        let asks = joined([how.clone(), soon, by]);
        page.named(tier.word(), if asks.is_empty() { "nobody is told" } else { &asks });
        page.each("", means);
    }
    page.each("all of them", &it.philosophy);
}

fn alert(it: &Alert, page: &mut Page) {
    page.named(it.tier.word(), &joined([it.when.clone(), it.name.clone(), it.note.clone()]));
    page.each("look at", &it.investigate);
}

fn metric(it: &Metric, page: &mut Page) {
    let rings = if it.alert.is_empty() { String::new() } else { format!("rings when {}", it.alert) };
    let by = if it.by.is_empty() { String::new() } else { format!("by {}", it.by.join(" and ")) };
    page.named(
        &it.name,
        &joined([it.measures.word().to_owned(), about(&it.dependency, &it.what), by, rings]),
    );
    page.each("", &it.why);
}
