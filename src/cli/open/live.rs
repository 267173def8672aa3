//! The live sources a configuration names, made ready to be asked; nothing is asked here.

use crate::cli::{Failure, Start};
use crate::config::forge::{Access, Account, Forge as Kind, account};
use crate::config::secret::resolve::resolve;
use crate::config::{Environment, Paths, Secret, SecretRef};
use crate::domain::{Catalog, Clock, Health, SourceName, SourceStatus};
use crate::sources::bitbucket::{self, Bitbucket, oauth};
use crate::sources::forge::{Forge, Host, Owners, Plan};
use crate::sources::github::{self, GitHub};
use crate::sources::http::{Api, Credential, Fetch, Limits};
use crate::sources::probe::{self, Asker, Bounds, Probe};
use crate::sources::{Source, SourceError};
use crate::tui::asking::AskLogs;
use std::sync::Arc;
use std::time::Duration;

/// How long a token command may take: less than a poll.
const PATIENCE: Duration = Duration::from_secs(8);

/// One account of the configuration, or why it is off.
pub(in crate::cli) struct Named {
    pub(in crate::cli) name: SourceName,
    pub(in crate::cli) forge: Result<Forge, SourceError>,
}

/// Every account on a server that keeps code.
pub(in crate::cli) fn forges(start: &Start, catalog: &Catalog, clock: &Clock) -> Vec<Named> {
    let settings = start.settings();
    let sections = [(Kind::GitHub, &settings.github), (Kind::Bitbucket, &settings.bitbucket)];
    let named = sections.into_iter().flat_map(|(kind, accounts)| {
        accounts.iter().map(move |(name, table)| {
            let section = kind.section();
            let source = if accounts.len() == 1 { section.to_owned() } else { format!("{section}-{name}") };
            let place = format!("{section}.{name}");
            let account = account(kind, table).map_err(|wrong| {
                let problem =
                    start.loaded().problem(&format!("{place}.{}", wrong.key), wrong.what, wrong.fix);
                SourceError::denied(format!("[{place}] {}: {}", problem.place, problem.what), problem.fix)
            });
            (kind, SourceName::new(&source), account)
        })
    });
    named
        .map(|(kind, name, account)| {
            let made = account.and_then(|account| made(start, kind, &account, catalog, clock));
            let forge = made.map(|(host, plan)| Forge::new(name.clone(), host, plan));
            Named { name, forge }
        })
        .collect()
}

/// Where health checks may lead.
pub(in crate::cli) fn bounds(start: &Start) -> Bounds {
    if start.settings().probe.allow_private { Bounds::Private } else { Bounds::Public }
}

/// Who asks health checks, within the bounds that are configured.
pub(in crate::cli) fn asker(start: &Start) -> Result<Asker, Failure> {
    Asker::new(bounds(start))
        .map_err(|why| Failure::unable(format!("health checks cannot be run: {why}"), ""))
}

/// The health checks of the catalog that have an address, if there are any.
fn probe(start: &Start, catalog: &Catalog) -> Option<Result<Box<dyn Source>, SourceStatus>> {
    let checks = probe::checks(catalog);
    if checks.is_empty() {
        return None;
    }
    Some(match asker(start) {
        Ok(asker) => Ok(Box::new(Probe::new(checks, asker))),
        Err(failure) => Err(SourceStatus::new(SourceName::new(probe::NAME), Health::Off, failure.what)),
    })
}

/// What can be asked, and what is shown as off.
pub(super) struct Live {
    pub(super) sources: Vec<Box<dyn Source>>,
    pub(super) off: Vec<SourceStatus>,
    pub(super) logs: Option<Arc<dyn AskLogs>>,
}

pub(super) fn sources(start: &Start, catalog: &Catalog, clock: &Clock) -> Live {
    let ((mut sources, logs), mut off) = (accounts(start, catalog, clock), Vec::new());
    for named in forges(start, catalog, clock) {
        match named.forge {
            Ok(forge) => sources.push(Box::new(forge)),
            Err(error) => {
                let message = [error.what, error.fix].join("; ");
                off.push(SourceStatus::new(named.name, Health::Off, message));
            }
        }
    }
    match probe(start, catalog) {
        Some(Ok(probe)) => sources.push(probe),
        Some(Err(status)) => off.push(status),
        None => {}
    }
    Live { sources, off, logs }
}

/// What accounts tell, and their logs to be asked.
pub(in crate::cli) type Accounts = (Vec<Box<dyn Source>>, Option<Arc<dyn AskLogs>>);

#[cfg(feature = "aws")]
fn accounts(start: &Start, catalog: &Catalog, clock: &Clock) -> Accounts {
    crate::cli::aws::sources(start, catalog, clock)
}

#[cfg(not(feature = "aws"))]
fn accounts(_: &Start, _: &Catalog, _: &Clock) -> Accounts {
    (Vec::new(), None)
}

type Made = (Arc<dyn Host>, Plan);

fn made(
    start: &Start,
    kind: Kind,
    account: &Account,
    catalog: &Catalog,
    clock: &Clock,
) -> Result<Made, SourceError> {
    let url = account.url.clone().unwrap_or_else(|| usual_url(kind).to_owned());
    let credential = credential(start, account, &url)?;
    let renew = renew(&account.access);
    let manners = match kind {
        Kind::GitHub => github::manners(renew),
        Kind::Bitbucket => bitbucket::manners(renew),
    };
    let api = Api::new(&url, credential, manners, Limits::default(), clock.clone())?;
    let owners = Owners::of(catalog);
    let host: Arc<dyn Host> = match kind {
        Kind::GitHub => Arc::new(GitHub::new(api, owners)),
        Kind::Bitbucket => Arc::new(Bitbucket::new(api, owners)),
    };
    let Account { repositories, interval, history, .. } = account.clone();
    Ok((host, Plan { repositories, interval, history }))
}

fn usual_url(kind: Kind) -> &'static str {
    match kind {
        Kind::GitHub => github::URL,
        Kind::Bitbucket => bitbucket::URL,
    }
}

/// What to do when the server does not believe the secret any more.
fn renew(access: &Access) -> String {
    match access {
        Access::Token(at) => format!("renew the token in {at}"),
        Access::Password { password, .. } => format!("renew the password in {password}"),
        Access::App { key, .. } => format!("check that the app is still installed, and its key in {key}"),
        Access::Client { secret, .. } => format!("check the OAuth client and its secret in {secret}"),
    }
}

fn credential(start: &Start, account: &Account, url: &str) -> Result<Credential, SourceError> {
    let keeper = |at: &SecretRef| Keeper {
        at: at.clone(),
        paths: start.paths.clone(),
        environment: start.environment.clone(),
    };
    Ok(match account.access.clone() {
        Access::Token(at) => Credential::bearer(keeper(&at).fetch()),
        Access::Password { user, password } => Credential::basic(user, keeper(&password).fetch()),
        Access::App { app, installation, key } => {
            Credential::bearer(app_token(url, app, installation, keeper(&key))?)
        }
        Access::Client { key, secret, url } => {
            let url = url.unwrap_or_else(|| oauth::URL.to_owned());
            let keeper = keeper(&secret);
            Credential::bearer(Box::new(move || {
                let (url, key, keeper) = (url.clone(), key.clone(), keeper.clone());
                Box::pin(async move { oauth::token(&url, &key, &keeper.secret().await?).await })
            }))
        }
    })
}

#[cfg(feature = "github")]
fn app_token(url: &str, app: u64, installation: u64, keeper: Keeper) -> Result<Fetch, SourceError> {
    let (url, of) = (url.to_owned(), github::app::Installation { app, installation });
    Ok(Box::new(move || {
        let (url, keeper) = (url.clone(), keeper.clone());
        Box::pin(async move { github::app::token(&url, of, &keeper.secret().await?).await })
    }))
}

#[cfg(not(feature = "github"))]
fn app_token(_: &str, _: u64, _: u64, _: Keeper) -> Result<Fetch, SourceError> {
    Err(SourceError::denied(
        "this sitroom was built without GitHub Apps",
        "give a token, or build it with --features github",
    ))
}

/// A secret that is fetched from its place each time it is asked for.
#[derive(Clone)]
struct Keeper {
    at: SecretRef,
    paths: Paths,
    environment: Environment,
}

impl Keeper {
    async fn secret(&self) -> Result<Secret, SourceError> {
        let secret = resolve(&self.at, &self.paths, &self.environment, PATIENCE).await;
        secret.map_err(|error| SourceError::denied(error.what, error.fix))
    }

    fn fetch(self) -> Fetch {
        Box::new(move || {
            let keeper = self.clone();
            Box::pin(async move { keeper.secret().await })
        })
    }
}
