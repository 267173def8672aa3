//! What a person points at, frozen: the words, the moment and the evidence that go along into the timeline or
//! into a declaration. Evidence says what was asked of whom, about which window, and when the answer was read.

mod reading;

pub use reading::{of_check, sample_of};

use super::overlays::detail::About;
use super::screens::situation::lines::Subject;
use super::ui::World;
use crate::diagnosis;
use crate::domain::event::{Content, EntryKind, Evidence, When};
use crate::domain::{ServiceName, SignalRef, Time};
use reading::Reader;

#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// What it is about, in a few words.
    pub title: String,
    /// The whole of it, with the numbers as they were read.
    pub text: String,
    pub at: Time,
    pub kind: EntryKind,
    pub service: Option<ServiceName>,
    pub evidence: Vec<Evidence>,
}

/// Nothing when it is not there any more, or is of the timeline itself.
pub fn frozen(about: &About, world: World<'_>) -> Option<Frozen> {
    match about {
        About::Signal(key) => world.snapshot.signals.get(*key).map(|signal| of_signal(&signal, world)),
        About::Finding(subject) => Some(of_finding(subject, world)),
        About::Service(name) => {
            let state = world.situation.state.services.iter().find(|state| state.name == *name)?;
            Some(of_finding(&Subject::Service(state.clone()), world))
        }
        About::Entry(..) | About::Page(_) | About::Ready(_) | About::Incident(_) => None,
    }
}

/// Whether [`frozen`] would give something, found out without reading a series.
pub fn can_be_frozen(about: &About, world: World<'_>) -> bool {
    match about {
        About::Signal(key) => world.snapshot.signals.get(*key).is_some(),
        About::Finding(_) => true,
        About::Service(name) => world.situation.state.services.iter().any(|state| state.name == *name),
        About::Entry(..) | About::Page(_) | About::Ready(_) | About::Incident(_) => false,
    }
}

impl Frozen {
    pub fn content(self) -> Content {
        Content {
            entry_kind: self.kind,
            happened: When::exactly(self.at),
            text: self.text,
            owner: None,
            labels: Vec::new(),
            evidence: self.evidence,
        }
    }
}

fn of_signal(signal: &SignalRef<'_>, world: World<'_>) -> Frozen {
    let (service, title) = (signal.service(), signal.title());
    let is_named = service.is_empty() || title.contains(service);
    let mut evidence = vec![Evidence::Signal { id: signal.id(), at: signal.at(), title: title.to_owned() }];
    evidence.extend(signal.link().map(|url| Evidence::Link { url: url.to_owned() }));
    evidence.extend(Reader::new(world).observed(signal));
    let text = if is_named { title.to_owned() } else { format!("{service}: {title}") };
    Frozen {
        title: text.clone(),
        text,
        at: signal.at(),
        kind: EntryKind::Fact,
        service: (!service.is_empty()).then(|| ServiceName::new(service)),
        evidence,
    }
}

fn of_finding(subject: &Subject, world: World<'_>) -> Frozen {
    let reader = Reader::new(world);
    let fact =
        |text: &str, at: Option<Time>, service: Option<&ServiceName>, evidence: Vec<Evidence>| Frozen {
            title: text.to_owned(),
            text: text.to_owned(),
            at: at.unwrap_or(world.situation.at),
            kind: EntryKind::Fact,
            service: service.cloned(),
            evidence,
        };
    let ruled = |text: &str, rule: &str, rests_on: &[diagnosis::Evidence]| {
        let whole = fact(&with_numbers(text, rests_on), None, None, reader.finding(rule, text, rests_on));
        Frozen { title: text.to_owned(), ..whole }
    };
    match subject {
        Subject::Service(service) => {
            let text = format!("{}: {}", service.name, service.text);
            let evidence = service.spark.iter().flat_map(|spark| reader.series(&spark.series, service.since));
            fact(&text, service.since, Some(&service.name), evidence.collect())
        }
        Subject::Issue(issue) => Frozen {
            at: issue.since,
            service: issue.service.clone(),
            ..ruled(&issue.text, issue.rule, &issue.evidence)
        },
        Subject::Change(change) => {
            let evidence = reader.all(&change.evidence);
            let text = with_numbers(&change.text, &change.evidence);
            let frozen = fact(&text, Some(change.at), change.service.as_ref(), evidence);
            Frozen { title: change.text.clone(), ..frozen }
        }
        Subject::Action(remedy) => ruled(&remedy.text, remedy.rule, &remedy.evidence),
        Subject::Statement(statement) => ruled(&statement.text, statement.rule, &statement.evidence),
        Subject::Suspect(suspect) => {
            let change = &suspect.change;
            let text = format!("{} is the cause", change.text);
            // A suspicion is no fact, however well it is founded; and it is had now, not when the change was made.
            let frozen = fact(&text, None, change.service.as_ref(), reader.all(&change.evidence));
            Frozen { kind: EntryKind::Hypothesis, ..frozen }
        }
        Subject::Step(step) => {
            let signal = step.signal.and_then(|key| world.snapshot.signals.get(key));
            signal.map_or_else(
                || fact(&step.text, Some(step.at), None, Vec::new()),
                |signal| of_signal(&signal, world),
            )
        }
    }
}

/// The numbers a finding rests on are read now and would be others later, so they are written down with it.
fn with_numbers(text: &str, evidence: &[diagnosis::Evidence]) -> String {
    let numbers: Vec<_> = evidence
        .iter()
        .filter_map(|found| match found {
            diagnosis::Evidence::Number { name, value, unit } => {
                Some(format!("{name} {} {unit}", (value * 100.0).round() / 100.0).trim_end().to_owned())
            }
            _ => None,
        })
        .collect();
    if numbers.is_empty() { text.to_owned() } else { format!("{text} ({})", numbers.join(", ")) }
}
