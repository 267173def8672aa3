//! AWS, read only: alarms, measurements, deployments, changes and logs of several accounts and regions.
//!
//! Each account and region is a [`Target`]; each thing asked of it is a source of its own, so that a permission
//! that is missing, a limit that is reached or a page that hangs costs only what it is about. Nothing is connected
//! before a source is polled for the first time.

mod account;
mod alarms;
mod changes;
mod clock;
mod codedeploy;
mod console;
mod ecs;
pub mod insights;
mod intake;
mod logs;
mod metrics;
mod pages;
mod place;
mod probe;
mod tail;
mod target;
mod trouble;
mod weight;
mod window;

pub use account::{Account, LogTail};
pub use probe::{Probed, probe};
pub use target::Target;

use super::catalog::Current;
use super::{Polled, Polling, Source, SourceError};
use crate::domain::{Signal, SourceName, Span, Time, Usage};
use std::sync::Arc;

/// How often a source asks, and how soon it goes on with what one poll could not finish.
const EVERY: Span = Span::seconds(60);
const GOING_ON: Span = Span::seconds(1);

/// What is asked of a target, and what each source is called behind its account.
pub const CONCERNS: [&str; 6] = ["alarms", "ecs", "changes", "codedeploy", "metrics", "logs"];

/// Whoever allows what was refused wants to see it before the next coffee.
const DENIED_PAUSE: Span = Span::minutes(5);

/// One thing asked of a target. What it has read stays with it until it is told, whatever happens to a poll.
trait Concern: Send + 'static {
    /// Reads on; how long to wait before there is more to read.
    fn read(&mut self, target: &Target, now: Time) -> impl Future<Output = Result<Span, SourceError>> + Send;

    /// What it has read and nobody was told.
    fn held(&mut self) -> &mut Vec<Signal>;

    /// Forgets how far it had come: what was refused is not asked for in the same words again, and what was to be read
    /// then is asked for once more.
    fn afresh(&mut self);

    /// What is worth knowing of it while all is well.
    fn note(&self) -> String {
        String::new()
    }
}

struct Asked<C> {
    name: SourceName,
    target: Arc<Target>,
    concern: C,
    /// When it was asked last, and whether there was more than one poll could read.
    asked_at: Time,
    is_going_on: bool,
    /// A failure that is told once what was read before it has been delivered.
    failure: Option<SourceError>,
}

/// Everything there is to ask of the accounts, as sources.
pub fn sources(accounts: &[Account], catalog: &Current, now: Time) -> Vec<Box<dyn Source>> {
    let targets: Vec<_> = accounts.iter().flat_map(|account| targets(account, catalog)).collect();
    of_targets(&targets, now)
}

/// Metrics of the catalog that none of the accounts is asked for, and why.
pub fn unplaced(accounts: &[Account], catalog: &Current) -> Vec<String> {
    let targets: Vec<_> = accounts.iter().flat_map(|account| targets(account, catalog)).collect();
    match targets.is_empty() {
        true => Vec::new(),
        false => place::metrics(&catalog.get()).filter_map(|one| place::unplaced(&targets, one)).collect(),
    }
}

/// An account once for each of its regions.
pub fn targets(account: &Account, catalog: &Current) -> Vec<Arc<Target>> {
    let of = |region| Arc::new(Target::new(account.clone(), region, catalog.clone()));
    if account.regions.is_empty() {
        return vec![of(None)];
    }
    account.regions.iter().map(|region| of(Some(region.clone()))).collect()
}

/// Everything there is to ask of these targets, which are all there are.
pub fn of_targets(targets: &[Arc<Target>], now: Time) -> Vec<Box<dyn Source>> {
    targets.iter().flat_map(|target| of_target(target, targets, now)).collect()
}

fn of_target(target: &Arc<Target>, targets: &[Arc<Target>], now: Time) -> Vec<Box<dyn Source>> {
    let mut sources: Vec<Box<dyn Source>> = vec![
        asked("alarms", target, alarms::Alarms::default()),
        asked("ecs", target, ecs::Services::default()),
        asked("changes", target, changes::Changes::default()),
        asked("codedeploy", target, codedeploy::Deployments::default()),
        asked("metrics", target, metrics::Metrics::of(target, targets)),
    ];
    if !target.account().log_groups.is_empty() {
        sources.push(asked("logs", target, logs::Logs::of(target, now)));
    }
    sources.retain(|source| target.wants(source.name().as_str()));
    sources
}

fn asked<C: Concern>(word: &str, target: &Arc<Target>, concern: C) -> Box<dyn Source> {
    let name = SourceName::new(format!("{}/{word}", target.source()));
    let target = Arc::clone(target);
    Box::new(Asked { name, target, concern, asked_at: Time::MIN, is_going_on: false, failure: None })
}

impl<C: Concern> Source for Asked<C> {
    fn name(&self) -> &SourceName {
        &self.name
    }

    /// Concerns live by our clock; only what they ask for and what they read is by that of AWS.
    fn poll(&mut self, now: Time) -> Polling<'_> {
        self.asked_at = now;
        Box::pin(async move {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            self.target.clock().begin(now);
            let read = self.concern.read(&self.target, now).await;
            if read.as_ref().is_err_and(|error| error.kind.is_of_the_question()) {
                self.concern.afresh();
            }
            self.is_going_on = read == Ok(GOING_ON);
            let signals = std::mem::take(self.concern.held());
            let again_in = match read {
                Err(failure) if signals.is_empty() => return Err(failure),
                Err(failure) => {
                    self.failure = Some(failure);
                    Span::ZERO
                }
                Ok(again_in) => again_in,
            };
            Ok(Polled { signals, again_in })
        })
    }

    fn note(&self) -> String {
        let parts = [self.concern.note(), self.target.clock().said()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// Whoever waits for a request within the budget is not stale meanwhile.
    fn lap(&self) -> Span {
        EVERY
    }

    fn usage(&self) -> Usage {
        Usage { history: Some(u32::from(self.is_going_on)), ..self.target.usage(self.asked_at) }
    }
}
