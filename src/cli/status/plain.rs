//! The situation in words, a statement a line under a heading each: for eyes, for screen readers, for `grep`.

use super::{Front, sums};
use crate::cli::looking::Seen;
use crate::cli::paint::painted;
use crate::diagnosis::{Level, Situation, Statement, Suspect};
use crate::domain::text::clean;
use crate::domain::{Span, Time};
use crate::theme::{Role, Theme};
use jiff::tz::TimeZone;

/// How many changes are told; the rest are counted.
const CHANGES: usize = 12;
const DAY: Span = Span::days(1);

struct Page<'t> {
    text: String,
    theme: Option<&'t Theme>,
}

pub(super) fn written(
    seen: &Seen,
    incident: Option<&Front>,
    situation: &Situation,
    theme: Option<&Theme>,
) -> String {
    let Seen { room, source, .. } = seen;
    let mut page = Page { text: String::new(), theme };
    let at = situation.at;
    page.line(&format!(
        "Room {room} ({source}) at {} {} UTC",
        at.date(&TimeZone::UTC),
        at.clock(&TimeZone::UTC)
    ));
    if let Some(front) = incident {
        page.line(&in_front(front, at));
    }
    page.state(situation);
    if situation.state.level == Level::Unknown {
        page.line(
            "  Configure a source, or `sitroom emit` a signal; `sitroom doctor` says which sources answer.",
        );
    }
    if let Some(counts) = sums(seen) {
        page.line(&format!("Readiness: {counts}"));
    }
    if seen.signals.is_empty() {
        return page.text;
    }
    page.section("What changed", changes(situation));
    page.section("Primary exposure", statements(&situation.exposure));
    page.section("Priority actions", actions(situation));
    page.section(&format!("Active issues: {}", situation.issues.len()), issues(situation));
    let confidence = &situation.confidence;
    let reasons = confidence.reasons.iter().map(|reason| format!("{:+}  {}", reason.weight, reason.text));
    page.section(
        &match confidence.score {
            Some(score) => format!("Release confidence: {}, {score} of 100", confidence.level),
            None => format!("Release confidence: {}", confidence.level),
        },
        reasons.collect(),
    );
    // A room whose catalog names none is not told that there are none.
    if !situation.modes.is_empty() {
        page.section("Degradation modes", modes(situation));
    }
    if !situation.triggers.is_empty() {
        page.section("Rollback triggers", triggers(situation));
    }
    page.section("PR and review signals", statements(&situation.signals.pr));
    page.section("Operational signals", statements(&situation.signals.operational));
    page.section("Suspects", situation.suspects.iter().map(|suspected| suspect(suspected, at)).collect());
    page.section("Runtime sequence", sequence(situation));
    page.section("Sources", sources(situation));
    page.text
}

fn in_front(front: &Front, now: Time) -> String {
    let Front { id, title, severity, declared_at, holder, others } = front;
    let command = holder.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let others = if *others == 0 { String::new() } else { format!("; {others} more open") };
    format!(
        "Incident: {id} SEV-{severity} {}, open for {}, command: {}{others}",
        clean(title),
        now - *declared_at,
        clean(&command)
    )
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paint(&self, role: Role, text: &str) -> String {
        self.theme.map_or_else(|| text.to_owned(), |theme| painted(theme.style(role), text))
    }

    fn state(&mut self, situation: &Situation) {
        let state = &situation.state;
        let level = self.paint(Role::Strong, &state.level.word().to_uppercase());
        self.line(&format!("State: {level}. {}", state.sentence));
        for service in &state.services {
            let level = if service.level <= Level::Normal { "" } else { service.level.word() };
            let version =
                service.version.as_deref().map_or_else(String::new, |version| format!(", {version}"));
            let since =
                service.since.map_or_else(String::new, |since| format!(", {}", since.age(situation.at)));
            let text = [level, service.text.as_str()].join(" ");
            self.line(&format!("  {}: {}{version}{since}", service.name, text.trim()));
        }
    }

    /// An empty section says so, rather than being missed.
    fn section(&mut self, heading: &str, lines: Vec<String>) {
        let heading = self.paint(Role::Title, heading);
        self.line("");
        self.line(&heading);
        if lines.is_empty() {
            self.line("  none");
        }
        for line in lines {
            self.line(&format!("  {line}"));
        }
    }
}

fn changes(situation: &Situation) -> Vec<String> {
    let now = situation.at;
    let recent: Vec<_> =
        situation.changes.iter().filter(|change| change.at.age(situation.at) <= DAY).collect();
    let told = recent
        .iter()
        .take(CHANGES)
        .map(|change| format!("{} [{}] {}", clock(change.at, now), change.tag, change.text));
    let mut lines: Vec<_> = told.collect();
    let more = situation.changes.len() - lines.len();
    if more > 0 {
        lines.push(format!("and {more} more within 72 hours"));
    }
    lines
}

fn statements(statements: &[Statement]) -> Vec<String> {
    statements.iter().map(|statement| statement.text.clone()).collect()
}

fn actions(situation: &Situation) -> Vec<String> {
    let said = situation.actions.iter().map(|remedy| {
        format!(
            "{} (impact {}, {}; suggested because {})",
            remedy.text, remedy.impact, remedy.horizon, remedy.because
        )
    });
    said.collect()
}

fn issues(situation: &Situation) -> Vec<String> {
    let said = situation.issues.iter().map(|issue| {
        let consequence =
            if issue.consequence.is_empty() { String::new() } else { format!(": {}", issue.consequence) };
        format!("{} ({}, for {}){consequence}", issue.text, issue.severity, issue.since.age(situation.at))
    });
    said.collect()
}

fn modes(situation: &Situation) -> Vec<String> {
    let said = situation.modes.iter().map(|mode| {
        let part = |name: &str, said: &[String]| {
            if said.is_empty() { String::new() } else { format!("; {name} {}", said.join(", ")) }
        };
        format!(
            "{}: {} ({}, for {}; {}: {}){}{}{}",
            mode.service,
            mode.name,
            mode.mode.word(),
            mode.since.age(situation.at),
            mode.trigger,
            mode.says,
            part("works:", &mode.works),
            part("does not:", &mode.fails),
            part("recovery:", &nothing_empty(&mode.recovery)),
        )
    });
    said.collect()
}

fn nothing_empty(said: &str) -> Vec<String> {
    Some(said.to_owned()).filter(|said| !said.is_empty()).into_iter().collect()
}

fn triggers(situation: &Situation) -> Vec<String> {
    let said = situation.triggers.iter().map(|trigger| {
        let standing = if trigger.demands_rollback { "ROLL BACK" } else { trigger.standing.word() };
        let watched = trigger.watch.as_ref().map_or_else(String::new, |watch| {
            format!("; watched for {} until {}", watch.version, clock(watch.until, situation.at))
        });
        format!("{}: {}: {standing}, {}{watched}", trigger.service, trigger.trigger, trigger.says)
    });
    said.collect()
}

fn suspect(suspect: &Suspect, now: Time) -> String {
    let reasons: Vec<_> =
        suspect.reasons.iter().map(|reason| format!("{:+} {}", reason.weight, reason.text)).collect();
    let change = &suspect.change;
    format!(
        "{} [{}] {}: score {} ({})",
        clock(change.at, now),
        change.tag,
        change.text,
        suspect.score,
        reasons.join(", ")
    )
}

fn sequence(situation: &Situation) -> Vec<String> {
    let now = situation.at;
    let said = situation.sequence.iter().map(|step| {
        let gap = step.gap_minutes.map_or_else(String::new, |gap| format!(", {gap} min later"));
        format!("{} {}: {}{gap}", clock(step.at, now), step.kind, step.text)
    });
    said.collect()
}

fn sources(situation: &Situation) -> Vec<String> {
    let said = situation.sources.iter().map(|source| {
        let age =
            source.age_seconds.map_or_else(|| "never seen".to_owned(), |age| Span::seconds(age).to_string());
        format!("{}: {}, {age} {}", source.name, source.state.word(), source.message).trim_end().to_owned()
    });
    said.collect()
}

/// The time, and the day in front of it when it is another.
fn clock(at: Time, now: Time) -> String {
    let (day, clock) = (at.date(&TimeZone::UTC), at.hour_minute(&TimeZone::UTC));
    if day == now.date(&TimeZone::UTC) { clock } else { format!("{day} {clock}") }
}
