//! AWS, read only: alarms, measurements, deployments, changes and logs of several accounts and regions.
//!
//! Each account and region is a [`Target`]; each thing asked of it is a source of its own, so that a permission
//! that is missing, a limit that is reached or a page that hangs costs only what it is about. Nothing is connected
//! before a source is polled for the first time.

mod account;
mod alarms;
mod changes;
mod codedeploy;
mod console;
mod ecs;
mod logs;
mod metrics;
mod pages;
mod probe;
mod target;
mod trouble;
mod window;

pub use account::Account;
pub use probe::{Probed, probe};
pub use target::Target;

use super::{Polled, Polling, Source, SourceError};
use crate::domain::{Catalog, SourceName, Span, Time};
use std::sync::Arc;

/// How often a source asks, and how soon it goes on with what one poll could not finish.
const EVERY: Span = Span::seconds(60);
const GOING_ON: Span = Span::seconds(1);

/// One thing asked of a target. What it has read stays with it until it is told, whatever happens to a poll.
trait Concern: Send + 'static {
    fn read(
        &mut self,
        target: &Target,
        now: Time,
    ) -> impl Future<Output = Result<Polled, SourceError>> + Send;
}

struct Asked<C> {
    name: SourceName,
    target: Arc<Target>,
    concern: C,
}

/// Everything there is to ask of the accounts, as sources.
pub fn sources(accounts: &[Account], catalog: &Arc<Catalog>, now: Time) -> Vec<Box<dyn Source>> {
    accounts.iter().flat_map(|account| targets(account, catalog, now)).flat_map(|t| of_target(&t)).collect()
}

/// An account once for each of its regions.
pub fn targets(account: &Account, catalog: &Arc<Catalog>, now: Time) -> Vec<Arc<Target>> {
    let of = |region| Arc::new(Target::new(account.clone(), region, Arc::clone(catalog), now));
    if account.regions.is_empty() {
        return vec![of(None)];
    }
    account.regions.iter().map(|region| of(Some(region.clone()))).collect()
}

fn of_target(target: &Arc<Target>) -> Vec<Box<dyn Source>> {
    let mut sources: Vec<Box<dyn Source>> = vec![
        asked("alarms", target, alarms::Alarms::default()),
        asked("ecs", target, ecs::Services::default()),
        asked("changes", target, changes::Changes::default()),
        asked("codedeploy", target, codedeploy::Deployments::default()),
    ];
    let metrics = metrics::Metrics::of(target);
    if !metrics.is_empty() {
        sources.push(asked("metrics", target, metrics));
    }
    if !target.account().log_groups.is_empty() {
        sources.push(asked("logs", target, logs::Logs::of(target)));
    }
    sources
}

fn asked<C: Concern>(word: &str, target: &Arc<Target>, concern: C) -> Box<dyn Source> {
    let name = SourceName::new(format!("{}/{word}", target.source()));
    Box::new(Asked { name, target: Arc::clone(target), concern })
}

impl<C: Concern> Source for Asked<C> {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        Box::pin(self.concern.read(&self.target, now))
    }
}
