//! Everything a goal is measured by, put together once.

use super::attempt::{Attempt, attempts};
use super::episode::{Episode, episodes};
use super::state::Reading;
use super::vector::Recognising;
use crate::diagnosis::history::Seen;
use crate::diagnosis::series::values;
use crate::diagnosis::stats::mean;
use crate::diagnosis::view::View;
use crate::domain::goal::{Measure, Of, Stat, What};
use crate::domain::signal::{Kind, Outcome, Run};
use crate::domain::{Room, SeriesName, Span, Time};

pub(super) struct Known<'k, 'v> {
    pub view: &'k View<'v>,
    pub attempts: Vec<Attempt>,
    /// Of each attempt that failed, the place of its vector in the plan and why it is that one.
    pub vectors: Vec<Option<(usize, String)>>,
    pub episodes: Vec<Episode>,
}

impl<'k, 'v> Known<'k, 'v> {
    pub fn of(view: &'k View<'v>, room: &Room) -> Self {
        let episodes = episodes(room, view.now);
        let attempts = attempts(view, &episodes);
        let vectors = {
            let recognising = Recognising { view, episodes: &episodes };
            attempts.iter().map(|attempt| recognising.vector(attempt)).collect()
        };
        Self { view, attempts, vectors, episodes }
    }

    /// Attempts that ended within a window, each with the place of its vector.
    pub fn within(&self, from: Time, to: Time) -> impl Iterator<Item = (&Attempt, Option<usize>)> {
        let all = self.attempts.iter().zip(&self.vectors);
        all.filter(move |(attempt, _)| from < attempt.at() && attempt.at() <= to)
            .map(|(attempt, vector)| (attempt, vector.as_ref().map(|(place, _)| *place)))
    }

    /// What a measure comes to at a moment, or why that cannot be said.
    pub fn measure(&self, measure: &Measure, at: Time) -> Result<Reading, String> {
        match measure {
            Measure::Series { series, stat, window } => self.series(series, *stat, at - *window, at),
            Measure::Room { what, of, stat, window } => {
                let asked = Asked { known: self, of, from: at - *window, to: at, window: *window };
                asked.measure(*what, stat.unwrap_or(Stat::Mean))
            }
        }
    }

    fn series(&self, name: &SeriesName, stat: Stat, from: Time, to: Time) -> Result<Reading, String> {
        let series =
            self.view.history.series.get(name).ok_or_else(|| format!("nothing measures {name} yet"))?;
        let values = values(series.between(from, to));
        let value = one(stat, values).ok_or_else(|| format!("{name} was not measured in that time"))?;
        Ok(Reading::new(value, series.unit))
    }
}

/// A measure of the room within a window.
struct Asked<'a, 'k, 'v> {
    known: &'a Known<'k, 'v>,
    of: &'a Of,
    from: Time,
    to: Time,
    window: Span,
}

impl<'a> Asked<'a, '_, '_> {
    fn measure(&self, what: What, stat: Stat) -> Result<Reading, String> {
        let reading = |value: f64| Reading::new(value, what.row().yields.unit());
        match what {
            What::DeploySuccessRate => self.rate(|attempt| attempt.failure.is_none()).map(reading),
            What::DeployFailureRate => self.rate(|attempt| attempt.failure.is_some()).map(reading),
            What::Deploys => self.counted(self.attempts().count(), self.deployed_since()).map(reading),
            What::Failures => self.failures().map(reading),
            What::FailureShare => self.failure_share().map(reading),
            What::RecoveryShare => self.recovery_share().map(reading),
            What::RecoveryTime => {
                let lengths = self.failed()?.into_iter().filter_map(recovery);
                self.length(stat, lengths.collect(), "no recovery was measured").map(reading)
            }
            What::RollbackTime => {
                let lengths = self.attempts().filter_map(|(attempt, _)| attempt.rollback());
                self.length(stat, lengths.collect(), "nothing was rolled back").map(reading)
            }
            What::DetectTime => {
                let lengths = self.episodes()?.into_iter().filter_map(Episode::detection);
                let nothing = "no incident says both when its impact began and when it was detected";
                self.length(stat, lengths.collect(), nothing).map(reading)
            }
            What::Incidents => {
                self.counted(self.episodes()?.len(), self.known.view.history.since()).map(reading)
            }
            What::BuildSuccessRate => self.builds().map(reading),
        }
    }

    fn attempts(&self) -> impl Iterator<Item = (&'a Attempt, Option<usize>)> {
        let service = self.of.service.as_ref();
        let all = self.known.within(self.from, self.to);
        all.filter(move |(attempt, _)| service.is_none_or(|service| attempt.service == *service))
    }

    /// The place of the vector that is asked for.
    fn vector(&self) -> Result<Option<usize>, String> {
        let Some(id) = &self.of.vector else { return Ok(None) };
        let vectors = &self.known.view.catalog.plan.vectors;
        let place = vectors.iter().position(|vector| vector.id == *id);
        place.map(Some).ok_or_else(|| format!("the plan has no vector `{id}`"))
    }

    /// Those that failed, of the vector that is asked for.
    fn failed(&self) -> Result<Vec<&'a Attempt>, String> {
        let wanted = self.vector()?;
        let of = |(attempt, vector): (&'a Attempt, Option<usize>)| {
            (attempt.failure.is_some() && (wanted.is_none() || vector == wanted)).then_some(attempt)
        };
        Ok(self.attempts().filter_map(of).collect())
    }

    fn rate(&self, counts: impl Fn(&Attempt) -> bool) -> Result<f64, String> {
        let all = self.some_attempts()?;
        let counted = self.attempts().filter(|(attempt, _)| counts(attempt)).count();
        Ok(share(counted as f64, all as f64))
    }

    fn some_attempts(&self) -> Result<usize, String> {
        match self.attempts().count() {
            0 => Err(format!("nothing was deployed to production in {}", self.window)),
            count => Ok(count),
        }
    }

    fn failures(&self) -> Result<f64, String> {
        let failed = self.failed()?.len();
        self.some_attempts()?;
        self.counted(failed, self.deployed_since())
    }

    fn failure_share(&self) -> Result<f64, String> {
        let all = self.attempts().filter(|(attempt, _)| attempt.failure.is_some()).count();
        let of = self.failed()?.len();
        if all == 0 {
            Err(format!("nothing failed in {}", self.window))
        } else {
            Ok(share(of as f64, all as f64))
        }
    }

    fn recovery_share(&self) -> Result<f64, String> {
        let minutes = |attempt: &Attempt| recovery(attempt).map_or(0.0, |span| span.as_millis() as f64);
        let all: f64 = self.attempts().map(|(attempt, _)| minutes(attempt)).sum();
        let of: f64 = self.failed()?.into_iter().map(minutes).sum();
        if all > 0.0 {
            Ok(share(of, all))
        } else {
            Err(format!("no recovery was measured in {}", self.window))
        }
    }

    /// Whoever watches something else sees no deployments.
    fn deployed_since(&self) -> Option<Time> {
        self.known.view.history.first(Kind::Deploy)
    }

    /// A count says something only of a window that is known from its beginning, give or take a tenth.
    fn counted(&self, count: usize, since: Option<Time>) -> Result<f64, String> {
        let slack = Span::millis(self.window.as_millis() / 10);
        match since {
            Some(since) if since <= self.from + slack => Ok(count as f64),
            Some(since) => {
                let known = (self.to - since).max(Span::ZERO);
                Err(format!("only {known} of {} are known", self.window))
            }
            None => Err("nothing is known yet".to_owned()),
        }
    }

    fn length(&self, stat: Stat, lengths: Vec<Span>, nothing: &str) -> Result<f64, String> {
        let lengths = lengths.into_iter().map(|span| span.as_millis() as f64).collect();
        one(stat, lengths).ok_or_else(|| format!("{nothing} in {}", self.window))
    }

    fn episodes(&self) -> Result<Vec<&'a Episode>, String> {
        let Of { service, label, .. } = self.of;
        let wanted = self.vector()?;
        let recognising = Recognising { view: self.known.view, episodes: &self.known.episodes };
        let is_asked_for = |episode: &&Episode| {
            self.from < episode.at
                && episode.at <= self.to
                && service.as_ref().is_none_or(|service| episode.services.contains(service))
                && label.as_ref().is_none_or(|label| episode.labels.contains(&label.to_lowercase()))
                && wanted
                    .is_none_or(|wanted| recognising.of_episode(episode).is_some_and(|(at, _)| at == wanted))
        };
        Ok(self.known.episodes.iter().filter(is_asked_for).collect())
    }

    fn builds(&self) -> Result<f64, String> {
        let view = self.known.view;
        let service = self.of.service.as_ref().map(|service| view.catalog.service(service.as_str()));
        let is_of = |run: &Run| match service {
            None => true,
            Some(service) => service.is_some_and(|service| service.repositories.contains(&run.repository)),
        };
        let runs = view.history.runs.values().flat_map(|runs| runs.between(self.from, self.to));
        let ended: Vec<&Seen<Run>> =
            runs.filter(|run| run.body.outcome != Outcome::Started && is_of(&run.body)).collect();
        let good = ended.iter().filter(|run| run.body.outcome == Outcome::Succeeded).count();
        match ended.len() {
            0 => Err(format!("no build ended in {}", self.window)),
            all => Ok(share(good as f64, all as f64)),
        }
    }
}

fn recovery(attempt: &Attempt) -> Option<Span> {
    attempt.failure.as_ref()?.recovery
}

pub(super) fn share(of: f64, all: f64) -> f64 {
    // The sum of nothing is -0.0.
    of / all * 100.0 + 0.0
}

/// One number for many; none for none.
fn one(stat: Stat, mut values: Vec<f64>) -> Option<f64> {
    let rank = |percent: usize, values: &mut Vec<f64>| {
        let place = (values.len() * percent).div_ceil(100).checked_sub(1)?;
        Some(*values.select_nth_unstable_by(place, f64::total_cmp).1)
    };
    match stat {
        Stat::Mean => mean(values.into_iter()),
        Stat::Median => crate::diagnosis::stats::median(&mut values),
        Stat::P90 => rank(90, &mut values),
        Stat::P95 => rank(95, &mut values),
        Stat::P99 => rank(99, &mut values),
        Stat::Max => values.into_iter().max_by(f64::total_cmp),
        Stat::Min => values.into_iter().min_by(f64::total_cmp),
        Stat::Last => values.pop(),
    }
}
