//! Which deploy of a service is young enough to be rolled back for what happens now.

use super::standing::{Standing, Watch};
use crate::diagnosis::history::Seen;
use crate::diagnosis::rules::rollback_trigger::{RULE, taken_back};
use crate::diagnosis::view::View;
use crate::domain::signal::{Deploy, Outcome};
use crate::domain::{ServiceName, Span, Time};

/// How long a deploy that says neither when it began nor how long it took may have run before it was reported.
const UNSAID: Span = Span::ZERO;

/// A deploy, and the time in which its service's triggers are watched.
#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct Watched<'a> {
    pub deploy: &'a Seen<Deploy>,
    /// When the first of it ran.
    pub from: Time,
    pub until: Time,
}

/// The last deploy to production, unless it failed, was rolled back or takes another one back, or is too long ago.
pub(super) fn watched<'a>(
    view: &View<'a>,
    service: &ServiceName,
    within: Option<Span>,
) -> Option<Watched<'a>> {
    let within = self::within(view, within);
    // What is met within its time stays met after it, for as long as it holds and the rule remembers.
    let remembered = Span::hours(view.limit(&RULE, "remembered-hours") as i64).max(within);
    let recent = view.history.deploys.between(view.now - remembered, view.now);
    let mut own =
        recent.iter().rev().filter(|seen| seen.service.as_ref() == Some(service) && seen.is_production());
    let deploy = own.next()?;
    let is_undone = matches!(deploy.body.outcome, Outcome::Failed | Outcome::RolledBack);
    if is_undone || taken_back(view, deploy).is_some() {
        return None;
    }
    let began = own.take_while(|seen| seen.body.version == deploy.body.version).last();
    let from = began.map_or_else(|| deploy.at() - deploy.body.took.unwrap_or(UNSAID), Seen::at);
    Some(Watched { deploy, from, until: deploy.at() + within })
}

/// For how long after a deploy its triggers are watched.
pub(super) fn within(view: &View<'_>, said: Option<Span>) -> Span {
    said.unwrap_or_else(|| Span::minutes(view.limit(&RULE, "within-minutes") as i64))
}

impl Watched<'_> {
    /// Whether what stands so began with the deploy and was met in its time: what was bad before is none of its doing.
    pub fn brought(&self, standing: Standing) -> bool {
        matches!(standing, Standing::Met { since, met_at } if since >= self.from && met_at <= self.until)
    }

    /// Whether it is still to be watched, or has met what it was watched for.
    pub fn counts(&self, standing: Standing, now: Time) -> bool {
        now <= self.until || self.brought(standing)
    }

    pub fn state(&self) -> Watch {
        Watch { version: self.deploy.body.version.clone(), deployed_at: self.deploy.at(), until: self.until }
    }
}
