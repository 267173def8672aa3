//! The ordinary weeks before a story, given compactly: deploys, merged pull requests and reviews, spread over
//! working hours.
//!
//! What a block promises holds exactly on the signals it gives: so many deploys fail, the reviews of any stretch
//! have that median, each reviewer wrote that many.

use super::chance::Chance;
use super::form::{deploy_title, signal};
use super::moment::{midnight, span};
use super::setting::Setting;
use crate::domain::signal::{Deploy, Outcome, PullRequest, PullRequestState, Review, Verdict};
use crate::domain::text::clean;
use crate::domain::{Body, Signal, Span, Time};
use crate::sources::forge::observed::review_title;
use crate::sources::written::Mistake;
use serde::Deserialize;
use std::collections::BTreeMap;

const MOST: usize = 5_000;
const LONGEST: Span = Span::days(400);
const DAY_BEGINS: Span = Span::hours(8);
const DAY_LASTS: Span = Span::hours(9);

/// `[[deploys]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeploysBlock {
    services: Vec<String>,
    from: String,
    to: String,
    count: usize,
    #[serde(default)]
    failed: usize,
    #[serde(default)]
    causes: Vec<String>,
    /// `v1.%.0`: the sign becomes a number that counts up for each service.
    version: String,
    #[serde(default)]
    first: usize,
    #[serde(default = "five_minutes")]
    took: String,
}

/// `[[pull_requests]]`, one merged for each number of lines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PullRequestsBlock {
    repositories: Vec<String>,
    from: String,
    to: String,
    lines: Vec<u64>,
    /// The number of the first.
    number: u64,
    authors: Vec<String>,
    #[serde(default = "five_hours")]
    open: String,
}

/// `[[reviews]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewsBlock {
    repositories: Vec<String>,
    from: String,
    to: String,
    median: String,
    /// How far the fastest and the slowest lie from the median.
    #[serde(default)]
    spread: Option<String>,
    /// How many each wrote.
    reviewers: BTreeMap<String, usize>,
    /// The number of the first pull request reviewed.
    number: u64,
}

impl DeploysBlock {
    pub(super) fn read(&self, setting: &Setting<'_>) -> Result<Vec<Signal>, Mistake> {
        let services =
            self.services.iter().map(|name| setting.service(name)).collect::<Result<Vec<_>, _>>()?;
        not_empty("services", &services)?;
        if self.failed > self.count {
            return Err(Mistake::new("more deploys fail than there are", "lower `failed` or raise `count`"));
        }
        let took = span(&self.took)?;
        let times = spread(self.count, &self.from, &self.to, &self.version, setting)?;
        let deploys = times.into_iter().enumerate().map(|(place, at)| {
            let service = &services[place % services.len()];
            let round = self.first.saturating_add(place / services.len());
            let version = |round: usize| self.version.replace('%', &round.to_string());
            let fails = fails(place, self.failed, self.count);
            let deploy = Deploy {
                version: version(round),
                environment: "production".to_owned(),
                outcome: if fails { Outcome::Failed } else { Outcome::Succeeded },
                previous: round.checked_sub(1).map(version),
                took: Some(took),
                cause: self.causes.get(place % self.causes.len().max(1)).filter(|_| fails).cloned(),
            };
            let title = deploy_title(service, &deploy);
            signal(at, "aws", Some(service.clone()), title, Body::Deploy(deploy))
        });
        Ok(deploys.collect())
    }
}

impl PullRequestsBlock {
    pub(super) fn read(&self, setting: &Setting<'_>) -> Result<Vec<Signal>, Mistake> {
        not_empty("repositories", &self.repositories)?;
        not_empty("authors", &self.authors)?;
        let open = span(&self.open)?;
        let seed = format!("pull requests from {}", self.number);
        let times = spread(self.lines.len(), &self.from, &self.to, &seed, setting)?;
        let merged = (self.number..).zip(times).zip(&self.lines).enumerate();
        merged
            .map(|(place, ((number, at), lines))| {
                let repository = turn(&self.repositories, place);
                let owner = setting.owner_of(repository)?;
                let removed = lines / 4;
                let body = PullRequest {
                    repository: repository.clone(),
                    number,
                    state: PullRequestState::Merged,
                    author: self.authors[place % self.authors.len()].clone(),
                    added: lines - removed,
                    removed,
                    services: vec![owner.clone()],
                    ready_at: Some(at - open),
                };
                let title = format!("#{number} merged");
                Ok(signal(at, setting.host_of(repository), Some(owner), title, Body::PullRequest(body)))
            })
            .collect()
    }
}

impl ReviewsBlock {
    pub(super) fn read(&self, setting: &Setting<'_>) -> Result<Vec<Signal>, Mistake> {
        not_empty("repositories", &self.repositories)?;
        let median = span(&self.median)?;
        let spread_by = self.spread.as_deref().map_or(Ok(Span::ZERO), span)?;
        if spread_by > median {
            return Err(Mistake::new(
                "the spread is wider than the median",
                "no review takes less than no time",
            ));
        }
        let reviewers = turns(&self.reviewers)?;
        let times =
            spread(reviewers.len(), &self.from, &self.to, &format!("reviews from {}", self.number), setting)?;
        let written = (self.number..).zip(times).zip(reviewers).enumerate();
        written
            .map(|(place, ((number, at), reviewer))| {
                let repository = turn(&self.repositories, place);
                let owner = setting.owner_of(repository)?;
                let body = Review {
                    repository: repository.clone(),
                    number,
                    reviewer: clean(reviewer),
                    verdict: if place % 5 == 3 { Verdict::ChangesRequested } else { Verdict::Approved },
                    turnaround: around(median, spread_by, place),
                };
                let title = review_title(&body);
                Ok(signal(at, setting.host_of(repository), Some(owner), title, Body::Review(body)))
            })
            .collect()
    }
}

/// One in three takes the median itself, and of the others one is as much slower as the next is faster: so the
/// median of any stretch is the median of all.
fn around(median: Span, by: Span, place: usize) -> Span {
    let far = (place / 3 * 7 % 10 + 1) as i64;
    let away = Span::minutes(Span::millis(by.as_millis() / 10 * far).as_minutes());
    match place % 3 {
        0 => median,
        1 => median + away,
        _ => median - away,
    }
}

/// Who writes which review, mixed so that everybody's share is the same in any stretch.
fn turns(reviewers: &BTreeMap<String, usize>) -> Result<Vec<&str>, Mistake> {
    let total = reviewers.values().fold(0_usize, |sum, count| sum.saturating_add(*count));
    if total == 0 {
        return Err(Mistake::new("nobody reviews", "write reviewers = { dana = 9, sam = 8 }"));
    }
    bounded(total)?;
    let mut turns: Vec<_> = reviewers
        .iter()
        .flat_map(|(name, count)| {
            (0..*count).map(move |turn| ((2 * turn + 1) as f64 / *count as f64, name.as_str()))
        })
        .collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    Ok(turns.into_iter().map(|(_, name)| name).collect())
}

/// Failures fall evenly among the others.
fn fails(place: usize, failed: usize, count: usize) -> bool {
    (place + 1) * failed / count > place * failed / count
}

/// So many moments between two, in working hours, none at the same distance from the next.
fn spread(
    count: usize,
    from: &str,
    to: &str,
    seed: &str,
    setting: &Setting<'_>,
) -> Result<Vec<Time>, Mistake> {
    bounded(count)?;
    let (from, to) = (setting.moments.read(from)?, setting.moments.read(to)?);
    if to <= from || to - from > LONGEST {
        return Err(Mistake::new(
            "`to` must come after `from`, by 400 days at most",
            "write from = \"-30d\", to = \"-1d\"",
        ));
    }
    let shifts = shifts(from, to);
    let total: i64 = shifts.iter().map(|(begins, ends)| (*ends - *begins).as_millis()).sum();
    if total == 0 {
        return Err(Mistake::new(
            "there are no working hours between `from` and `to`",
            "take in a weekday between 8:00 and 17:00",
        ));
    }
    let chance = Chance::of(seed);
    let share = |place: usize| (place as f64 + 0.3 + 0.4 * chance.even(place as u64)) / count as f64;
    Ok((0..count).map(|place| within(&shifts, (share(place) * total as f64) as i64)).collect())
}

/// The working hours between two moments.
fn shifts(from: Time, to: Time) -> Vec<(Time, Time)> {
    let days = (0..=LONGEST.as_hours_f64() as i64 / 24 + 1).map(|day| midnight(from) + Span::days(day));
    days.take_while(|day| *day <= to)
        .filter(|day| !is_weekend(*day))
        .map(|day| ((day + DAY_BEGINS).max(from), (day + DAY_BEGINS + DAY_LASTS).min(to)))
        .filter(|(begins, ends)| begins < ends)
        .collect()
}

/// The first of January 1970 was a Thursday.
fn is_weekend(day: Time) -> bool {
    matches!((day.millis().div_euclid(86_400_000) + 3).rem_euclid(7), 5 | 6)
}

/// The moment after so much working time, in whole seconds.
fn within(shifts: &[(Time, Time)], mut worked: i64) -> Time {
    for (begins, ends) in shifts {
        let lasts = (*ends - *begins).as_millis();
        if worked < lasts {
            return *begins + Span::seconds(worked / 1_000);
        }
        worked -= lasts;
    }
    shifts.last().map_or(Time::MIN, |(_, ends)| *ends)
}

/// Takes turns, a different first one each round, so that a repository meets every kind of review.
fn turn(repositories: &[String], place: usize) -> &String {
    &repositories[(place + place / repositories.len()) % repositories.len()]
}

fn not_empty<T>(what: &str, list: &[T]) -> Result<(), Mistake> {
    if list.is_empty() {
        Err(Mistake::new(format!("`{what}` is empty"), "name at least one"))
    } else {
        Ok(())
    }
}

fn bounded(count: usize) -> Result<(), Mistake> {
    if (1..=MOST).contains(&count) {
        return Ok(());
    }
    Err(Mistake::new(format!("a block gives 1 to {MOST} signals, not {count}"), "split it or shorten it"))
}

fn five_minutes() -> String {
    "5m".to_owned()
}

fn five_hours() -> String {
    "5h".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use crate::sources::scenario::Scenario;

    const HEAD: &str = "title = \"t\"\nroom = \"r\"\nends = \"2026-03-18T14:29:00Z\"\n\
        [[service]]\nname = \"api\"\nrepositories = [\"team/api\"]\n";

    fn told(block: &str) -> Vec<Signal> {
        let scenario = Scenario::parse("history", &format!("{HEAD}{block}")).unwrap();
        scenario.signals_until(scenario.end()).collect()
    }

    #[test]
    fn as_many_deploys_fail_as_were_asked_for() {
        let signals = told(
            "[[deploys]]\nservices = [\"api\"]\nfrom = \"-30d\"\nto = \"-1d\"\ncount = 40\nfailed = 7\n\
             causes = [\"configuration\"]\nversion = \"v1.%\"",
        );
        let failed = signals.iter().filter(
            |signal| matches!(&signal.body, Body::Deploy(d) if d.outcome == Outcome::Failed && d.cause.is_some()),
        );
        assert_eq!((signals.len(), failed.count()), (40, 7));
    }

    #[test]
    fn ordinary_work_happens_in_working_hours() {
        let signals = told(
            "[[pull_requests]]\nrepositories = [\"team/api\"]\nauthors = [\"lee\"]\nfrom = \"-20d\"\nto = \"-1d\"\n\
             number = 1\nlines = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]",
        );
        assert_eq!(signals.iter().filter(|signal| signal.kind() == Kind::PullRequest).count(), 20);
        for at in signals.iter().map(|signal| signal.at) {
            let hour = at - midnight(at);
            assert!(
                !is_weekend(midnight(at)) && hour >= DAY_BEGINS && hour <= DAY_BEGINS + DAY_LASTS,
                "{at}"
            );
        }
    }

    #[test]
    fn any_stretch_of_reviews_has_the_median_that_was_asked_for() {
        let hours: Vec<_> = (0..60).map(|place| around(Span::hours(2), Span::hours(1), place)).collect();
        for stretch in hours.windows(9) {
            let mut sorted = stretch.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted[4], Span::hours(2));
        }
    }
}
