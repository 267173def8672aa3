//! A statement of the situation in detail: the rule that made it, the numbers, the signals, the series drawn.

use super::{Line, named, paragraph};
use crate::diagnosis::rules;
use crate::diagnosis::{Changed, Evidence, Issue, Reason, Remedy, ServiceState, Statement, Step, chart};
use crate::domain::{SeriesName, Span, Time};
use crate::theme::Role;
use crate::tui::screens::services::tabs::triggers::standing;
use crate::tui::screens::situation::lines::Subject;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets;

const CHART_ROWS: usize = 7;
/// How much is drawn around a moment that is marked.
const AROUND: Span = Span::minutes(60);

/// What all subjects are told from.
struct Told<'a> {
    ui: &'a Ui,
    world: World<'a>,
    columns: usize,
    lines: Vec<Line>,
}

pub fn lines(subject: &Subject, ui: &Ui, world: World<'_>, columns: usize) -> Vec<Line> {
    let mut told = Told { ui, world, columns, lines: Vec::new() };
    match subject {
        Subject::Service(service) => told.service(service),
        Subject::Issue(issue) => told.issue(issue),
        Subject::Change(change) => told.change(change),
        Subject::Action(action) => told.action(action),
        Subject::Statement(statement) => told.statement(statement),
        Subject::Suspect(suspect) => {
            told.change(&suspect.change);
            told.reasons(suspect.score, &suspect.reasons);
        }
        Subject::Step(step) => told.step(step),
    }
    told.lines
}

impl Told<'_> {
    fn service(&mut self, service: &ServiceState) {
        self.heading(service.name.as_str());
        self.named("level", service.level.word(), Role::Text);
        self.named("state", &service.text, Role::Text);
        self.named("version", service.version.as_deref().unwrap_or("unknown"), Role::Text);
        self.since(service.since);
        self.modes(service);
        self.triggers(service);
        if let Some(spark) = &service.spark {
            self.series(&spark.series, None);
        }
    }

    /// What works in the mode a service is in, what does not, and how it comes back.
    fn modes(&mut self, service: &ServiceState) {
        let modes = self.world.situation.modes.iter().filter(|mode| mode.service == service.name);
        for mode in modes {
            self.blank();
            self.title(&format!("{} ({})", mode.name, mode.mode.word()));
            self.named("known by", &format!("{}: {}", mode.trigger, mode.says), Role::Text);
            self.since(Some(mode.since));
            self.named("works", &mode.works.join("; "), Role::Ok);
            self.named("does not", &mode.fails.join("; "), Role::Critical);
            self.named("users", &mode.users.join("; "), Role::Text);
            self.named("recovery", &mode.recovery, Role::Text);
        }
    }

    /// How far the rollback triggers of a service are.
    fn triggers(&mut self, service: &ServiceState) {
        let own = self.world.situation.triggers.iter().filter(|trigger| trigger.service == service.name);
        let own: Vec<_> = own.collect();
        let Some(first) = own.first() else { return };
        self.blank();
        self.title("Rollback triggers");
        if let Some(watch) = &first.watch {
            let until = watch.until.hour_minute(&self.ui.zone.shown());
            self.named("watched", &format!("for {}, until {until}", watch.version), Role::Text);
        }
        for trigger in own {
            let (word, role) = standing(trigger);
            self.named(word, &format!("{}: {}", trigger.trigger, trigger.says), role);
        }
    }

    fn issue(&mut self, issue: &Issue) {
        self.heading(&issue.text);
        self.named("means", &issue.consequence, Role::Text);
        self.named("severity", issue.severity.word(), Role::Text);
        self.since(Some(issue.since));
        self.rule(issue.rule);
        self.evidence(&issue.evidence);
    }

    fn change(&mut self, change: &Changed) {
        self.heading(&change.text);
        self.named("tag", &change.tag, Role::Text);
        if let Some(service) = &change.service {
            self.named("service", service.as_str(), Role::Text);
        }
        self.since(Some(change.at));
        self.evidence(&change.evidence);
    }

    fn action(&mut self, action: &Remedy) {
        self.heading(&action.text);
        self.named("because", &action.because, Role::Text);
        self.named("impact", action.impact.word(), Role::Text);
        self.named("when", action.horizon.word(), Role::Text);
        self.rule(action.rule);
        self.evidence(&action.evidence);
    }

    fn statement(&mut self, statement: &Statement) {
        self.heading(&statement.text);
        self.rule(statement.rule);
        self.evidence(&statement.evidence);
    }

    fn step(&mut self, step: &Step) {
        self.heading(&step.text);
        self.named("kind", step.kind.word(), Role::Text);
        self.since(Some(step.at));
        if let Some(gap) = step.gap_minutes {
            self.named("gap", &format!("{gap} min after the step before"), Role::Text);
        }
    }

    fn reasons(&mut self, score: i64, reasons: &[Reason]) {
        self.blank();
        self.title(&format!("Suspected with {score}, which is"));
        for reason in reasons {
            let weight = format!("{:+5} ", reason.weight);
            self.lines.push(vec![(weight, Role::Strong), (reason.text.clone(), Role::Text)]);
        }
    }

    fn rule(&mut self, id: &str) {
        let Some(rule) = rules::rule(id) else { return };
        self.named("rule", &format!("{id} v{}: {}", rule.version, rule.about), Role::Text);
    }

    fn evidence(&mut self, evidence: &[Evidence]) {
        self.numbers(evidence);
        for found in evidence {
            if let Evidence::Series { name, marked_at } = found {
                self.series(name, *marked_at);
            }
        }
        self.signals(evidence);
    }

    fn numbers(&mut self, evidence: &[Evidence]) {
        let mut is_first = true;
        for found in evidence {
            let (name, said) = match found {
                Evidence::Number { name, value, unit } => {
                    ((*name).to_owned(), format!("{} {unit}", rounded(*value)))
                }
                Evidence::Window { from, to } => {
                    let zone = self.ui.zone.shown();
                    let said = format!(
                        "{} {} to {}",
                        from.date(&zone),
                        from.hour_minute(&zone),
                        to.hour_minute(&zone)
                    );
                    ("window".to_owned(), said)
                }
                _ => continue,
            };
            if is_first {
                self.blank();
                self.title("Numbers");
                is_first = false;
            }
            self.lines.push(vec![(format!("{name:<28} "), Role::Dim), (said, Role::Text)]);
        }
    }

    fn signals(&mut self, evidence: &[Evidence]) {
        let zone = self.ui.zone.shown();
        let mut is_first = true;
        for found in evidence {
            let line = match found {
                Evidence::Signal { at, title, .. } => {
                    let when = format!("{} {}  ", &at.date(&zone)[5..], at.hour_minute(&zone));
                    vec![(when, Role::Dim), (title.clone(), Role::Text)]
                }
                Evidence::Link { url } => vec![(url.clone(), Role::Link)],
                _ => continue,
            };
            if is_first {
                self.blank();
                self.title("Evidence");
                is_first = false;
            }
            self.lines.push(line);
        }
    }

    fn series(&mut self, name: &SeriesName, marked_at: Option<Time>) {
        let now = self.world.now;
        let from = marked_at.map_or(now - AROUND, |at| at.min(now) - AROUND);
        let snapshot = self.world.snapshot;
        let (signals, catalog, policy) = (&snapshot.signals, &snapshot.catalog, &snapshot.policy);
        let Some(found) = chart(signals, catalog, policy, name, from, now) else { return };
        self.blank();
        self.title(name.as_str());
        let zone = self.ui.zone.shown();
        let drawn =
            widgets::chart::lines(&found, marked_at, self.columns, CHART_ROWS, &zone, self.ui.look.glyphs);
        self.lines.extend(drawn);
    }

    fn heading(&mut self, said: &str) {
        self.lines.extend(paragraph(said, Role::Strong, self.columns));
        self.blank();
    }

    fn title(&mut self, said: &str) {
        self.lines.extend(paragraph(said, Role::Title, self.columns));
    }

    fn named(&mut self, name: &str, value: &str, role: Role) {
        if !value.is_empty() {
            self.lines.extend(named(name, value, role, self.columns));
        }
    }

    fn since(&mut self, since: Option<Time>) {
        if let Some(since) = since {
            let age = since.age(self.world.now);
            self.named("since", &format!("{since}, {age} ago"), Role::Text);
        }
    }

    fn blank(&mut self) {
        self.lines.push(Line::new());
    }
}

fn rounded(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.2}") }
}
