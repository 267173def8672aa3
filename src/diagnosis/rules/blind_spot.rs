//! What cannot be seen: sources that are stale or failing.

use crate::diagnosis::rule::{Finding, Place, Rule};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::{Health, SourceStatus, Span};
use std::collections::BTreeMap;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "blind-spot",
    version: 2,
    title: "Blind spot",
    about: "A source that is stale or failing; several parts of one account are one. What it would have told is \
            missing from every other statement, so it is an exposure of its own, and weighs on release confidence. \
            While a source of alarms or measurements fails that has never answered, nothing is called normal.",
    looks_at: &[],
    thresholds: &[],
    says: "Signals incomplete: {source} unseen for {age}",
    step: Span::ZERO,
    evaluate,
};

/// What a reader misses with a source, by the kind of source; others are simply signals.
const MISSING: [(&str, &str); 4] = [
    ("git", "Review signals"),
    ("bit", "Review signals"),
    ("aws", "Runtime and deploy signals"),
    ("prom", "Runtime signals"),
];

/// The parts of an account without which nobody would hear that something is wrong.
const WATCHING: [&str; 2] = ["alarms", "metrics"];

/// Sources of alarms and measurements that fail and have never answered: as long as they do, nobody can know that
/// all is well.
pub(in crate::diagnosis) fn never_heard<'a>(view: &View<'a>) -> Vec<&'a SourceStatus> {
    let is_watching = |source: &&SourceStatus| WATCHING.contains(&part_of(source).1);
    let is_unheard = |source: &&SourceStatus| source.health == Health::Failing && source.last_good.is_none();
    view.sources.iter().filter(is_watching).filter(is_unheard).collect()
}

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut accounts = BTreeMap::<&str, Vec<&SourceStatus>>::new();
    for source in view.sources.iter().filter(|source| source.health != Health::Off) {
        accounts.entry(part_of(source).0).or_default().push(source);
    }
    accounts.into_iter().filter_map(|(account, parts)| unseen(view, account, &parts)).collect()
}

/// What of an account is not seen: one part by its name, several as the account they are of.
fn unseen(view: &View<'_>, account: &str, parts: &[&SourceStatus]) -> Option<Finding> {
    let is_unseen = |source: &&SourceStatus| matches!(source.health, Health::Stale | Health::Failing);
    let unseen: Vec<_> = parts.iter().copied().filter(is_unseen).collect();
    let first = unseen.first()?;
    let name = if unseen.len() == 1 { first.name.as_str() } else { account };
    let what = MISSING.iter().find(|(start, _)| name.starts_with(start)).map_or("Signals", |row| row.1);
    let oldest = unseen.iter().filter_map(|source| source.last_good).min();
    let age =
        oldest.map_or_else(|| "never seen".to_owned(), |good| format!("unseen for {}", good.age(view.now)));
    let which = match unseen.len() {
        1 => format!("{name} {age}"),
        some => format!("{name} {age} ({some} of {} parts)", parts.len()),
    };
    let since = oldest.unwrap_or(view.now).min(view.now);
    let why = first.message.clone();
    let finding = Finding::new(&RULE, name, since)
        .weighing(if unseen.len() == 1 { Gravity::Medium } else { Gravity::High })
        .says(Place::Exposure, format!("{what} incomplete: {which}"))
        .number("unseen", since.age(view.now).as_minutes() as f64, "min")
        .number("parts unseen", unseen.len() as f64, "")
        .remedy("see-again", vec![("source", name.to_owned()), ("why", why)]);
    Some(finding)
}

/// `aws-prod/alarms` is a part of `aws-prod`; what has no parts is all of itself.
fn part_of(source: &SourceStatus) -> (&str, &str) {
    source.name.as_str().split_once('/').unwrap_or((source.name.as_str(), ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::{SourceName, SourceStatus};

    #[test]
    fn a_source_unseen_is_an_exposure() {
        let status = |health| SourceStatus {
            last_good: Some(NOW - Span::hours(3)),
            ..SourceStatus::new(SourceName::new("bitbucket"), health, "401")
        };
        assert_eq!(
            Story::new().source(status(Health::Failing)).said(&RULE, Place::Exposure),
            ["Review signals incomplete: bitbucket unseen for 3h"]
        );
        assert_eq!(Story::new().source(status(Health::Live)).found(&RULE), []);
    }

    #[test]
    fn an_account_that_is_broken_is_one_finding() {
        let part = |name: &str, health| SourceStatus::new(SourceName::new(name), health, "refused");
        let story = ["alarms", "ecs", "logs"].into_iter().fold(Story::new(), |story, word| {
            story.source(part(&format!("aws-prod/{word}"), Health::Failing))
        });
        let story = story
            .source(part("aws-prod/changes", Health::Live))
            .source(part("aws-prod/metrics", Health::Off));
        let said = ["Runtime and deploy signals incomplete: aws-prod never seen (3 of 4 parts)"];
        assert_eq!(story.said(&RULE, Place::Exposure), said);
        let story = Story::new().source(part("aws-prod/ecs", Health::Failing));
        let said = ["Runtime and deploy signals incomplete: aws-prod/ecs never seen"];
        assert_eq!(story.said(&RULE, Place::Exposure), said);
    }
}
