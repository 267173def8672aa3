//! One region of one account: its clients, made when they are first needed and anew when nobody knows them, its budget, and how its signals are named.
//!
//! The SDK itself never tries again: when to come back is decided once for all sources, with everything that has
//! been seen of this one.

use super::account::Account;
use super::clock::ServerClock;
use super::weight::Weight;
use crate::domain::catalog::CloudWatch;
use crate::domain::text::{clean, clean_lines};
use crate::domain::{Body, Catalog, ServiceName, Signal, SignalId, SourceName, Time, Usage};
use crate::sources::SourceError;
use crate::sources::catalog::Current;
use crate::sources::onlookers::Onlookers;
use crate::sources::pace::Pace;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

const CONNECT: Duration = Duration::from_secs(5);
/// Shorter than what a poll is given, so that a server that never answers is named and not only cut off.
const WHOLE: Duration = Duration::from_millis(9_500);
const REQUESTS_A_MINUTE: u32 = 120;
/// One in so many requests is for what says how things are: what floods or reaches far back does without.
const RESERVED: u32 = 6;
/// The region spoken of while nobody has named one.
const NOWHERE: &str = "us-east-1";

pub struct Target {
    account: Account,
    region: Option<String>,
    source: SourceName,
    catalog: Current,
    /// Requests a minute, and those of the last one.
    most: u32,
    pace: Mutex<Pace>,
    clock: ServerClock,
    /// Who looks at lines of the log as they come.
    onlookers: Onlookers,
    clients: Mutex<Arc<OnceCell<Arc<Clients>>>>,
}

pub(super) struct Clients {
    pub region: String,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub codedeploy: aws_sdk_codedeploy::Client,
    pub cloudtrail: aws_sdk_cloudtrail::Client,
}

/// A signal that still lacks what is the same for all of a target.
pub(super) struct Observed {
    /// What AWS calls it; the same observation has the same name for ever.
    pub external: String,
    pub at: Time,
    pub service: Option<ServiceName>,
    pub title: String,
    pub body: Body,
    pub link: Option<String>,
    pub raw: Option<Value>,
}

impl Target {
    pub fn new(account: Account, region: Option<String>, catalog: Current) -> Self {
        let source = match &region {
            Some(region) if account.regions.len() > 1 => format!("aws-{}-{}", account.name, clean(region)),
            _ => format!("aws-{}", account.name),
        };
        Self {
            source: SourceName::new(source),
            most: account.requests_per_minute.unwrap_or(REQUESTS_A_MINUTE),
            pace: Mutex::default(),
            clock: ServerClock::default(),
            onlookers: Onlookers::default(),
            account,
            region,
            catalog,
            clients: Mutex::default(),
        }
    }

    pub fn source(&self) -> &SourceName {
        &self.source
    }

    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    /// Whether a source or an action is of what the account is asked.
    pub(super) fn wants(&self, source: &str) -> bool {
        let word = source.rsplit('/').next().unwrap_or(source);
        !self.account.without.iter().any(|without| without == word)
    }

    pub(super) fn catalog(&self) -> Arc<Catalog> {
        self.catalog.get()
    }

    /// Whether a metric may be here, by what the catalog says of its place.
    pub(super) fn could_have(&self, from: &CloudWatch) -> bool {
        let is_of_account = from.account.as_ref().is_none_or(|name| *name == self.account.name);
        // The region of a profile has no name before it is asked, and no other beside it.
        let is_of_region = match (&from.region, &self.region) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        is_of_account && is_of_region
    }

    pub fn onlookers(&self) -> &Onlookers {
        &self.onlookers
    }

    pub(super) fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// A moment of ours by the clock of AWS, as far as that is known.
    pub(super) fn there(&self, here: Time) -> Time {
        self.clock.there(here)
    }

    /// What everything asked of this target has cost, by our own clock.
    pub(super) fn usage(&self, now: Time) -> Usage {
        let calls = self.pace().in_a_minute(now);
        Usage {
            calls: Some(calls),
            left: Some(self.most.saturating_sub(calls)),
            budget: Some(self.most),
            server: None,
            history: None,
        }
    }

    /// The clients, for one request that is within the budget.
    pub(super) async fn within_budget(&self, now: Time) -> Result<Arc<Clients>, SourceError> {
        self.spend(now, self.most)?;
        Ok(self.clients().await)
    }

    /// The same for what can wait, so that alarms, measurements and people never have to.
    pub(super) async fn within_its_share(&self, now: Time) -> Result<Arc<Clients>, SourceError> {
        self.spend(now, self.most - self.most / RESERVED)?;
        Ok(self.clients().await)
    }

    fn spend(&self, now: Time, most: u32) -> Result<(), SourceError> {
        let mut pace = self.pace();
        if let Some(wait) = pace.until_below(most, now) {
            return Err(SourceError::waiting("this minute's requests are used up; the rest follows", wait));
        }
        pace.one_more(now);
        Ok(())
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // Counting cannot be left half done.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn clients(&self) -> Arc<Clients> {
        let cell = Arc::clone(&self.clients.lock().unwrap_or_else(PoisonError::into_inner));
        let made = || async { Arc::new(Clients::of(&self.configuration().await, &self.clock)) };
        Arc::clone(cell.get_or_init(made).await)
    }

    /// The SDK reads a profile once. Whoever renews its keys writes them there, so it is read anew for what is asked next.
    pub(super) fn forget_clients(&self) {
        *self.clients.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    pub(super) fn signal(&self, observed: Observed) -> Signal {
        let Observed { external, at, service, title, body, link, raw } = observed;
        let external = format!("{}/{}/{external}", self.account.name, self.region.as_deref().unwrap_or(""));
        Signal {
            id: SignalId::of("aws", &external),
            at: self.clock.here(at),
            source: self.source.clone(),
            service,
            title: clean(&title),
            body,
            link,
            raw: raw.map(|raw| clean_lines(&format!("{raw:#}"))),
        }
    }

    /// The service of the catalog a name speaks of: the longest that stands in it as a word of its own.
    pub(super) fn service_in(&self, text: &str) -> Option<ServiceName> {
        let catalog = self.catalog();
        let names = catalog.services.iter().map(|service| &service.name);
        names.filter(|name| stands_in(name.as_str(), text)).max_by_key(|name| name.as_str().len()).cloned()
    }

    async fn configuration(&self) -> SdkConfig {
        let base = self.loader().load().await;
        let Some(role) = &self.account.role else { return base };
        let mut provider = AssumeRoleProvider::builder(role).session_name("sitroom").configure(&base);
        if let Some(id) = &self.account.external_id {
            provider = provider.external_id(id);
        }
        let provider = provider.build().await;
        base.into_builder()
            .credentials_provider(aws_sdk_cloudwatch::config::SharedCredentialsProvider::new(provider))
            .build()
    }

    fn loader(&self) -> ConfigLoader {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(WHOLE).build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .app_name(AppName::new("sitroom").expect("the name has only letters"))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &self.account.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(profile) = &self.account.profile {
            // A profile that is named goes over variables that happen to be set, as it does for the command line.
            loader = loader.profile_name(profile).credentials_provider(self.of_profile(profile));
        }
        if let Some(files) = self.profile_files() {
            loader = loader.profile_files(files);
        }
        loader
    }

    fn of_profile(&self, profile: &str) -> ProfileFileCredentialsProvider {
        let region = self.region.clone().map(Region::new);
        let mut provider = ProfileFileCredentialsProvider::builder()
            .profile_name(profile)
            .configure(&ProviderConfig::without_region().with_region(region));
        if let Some(files) = self.profile_files() {
            provider = provider.profile_files(files);
        }
        provider.build()
    }

    fn profile_files(&self) -> Option<EnvConfigFiles> {
        let file = self.account.config_file.as_ref()?;
        Some(EnvConfigFiles::builder().with_file(EnvConfigFileKind::Config, file).build())
    }
}

impl Clients {
    fn of(configuration: &SdkConfig, clock: &ServerClock) -> Self {
        macro_rules! client {
            ($sdk:ident) => {
                $sdk::Client::from_conf(
                    $sdk::config::Builder::from(configuration)
                        .interceptor(clock.clone())
                        .interceptor(Weight)
                        .build(),
                )
            };
        }
        Self {
            region: configuration.region().map_or(NOWHERE, AsRef::as_ref).to_owned(),
            cloudwatch: client!(aws_sdk_cloudwatch),
            logs: client!(aws_sdk_cloudwatchlogs),
            ecs: client!(aws_sdk_ecs),
            codedeploy: client!(aws_sdk_codedeploy),
            cloudtrail: client!(aws_sdk_cloudtrail),
        }
    }
}

/// A text that AWS may have left out, made harmless.
pub(super) fn text(raw: Option<&str>) -> String {
    clean(raw.unwrap_or_default())
}

/// A moment AWS told; one that no clock can have shown counts as not told.
pub(super) fn time(at: Option<&aws_sdk_cloudwatch::primitives::DateTime>) -> Option<Time> {
    at.and_then(|at| at.to_millis().ok()).map(Time::from_millis)
}

pub(super) fn date(at: Time) -> aws_sdk_cloudwatch::primitives::DateTime {
    aws_sdk_cloudwatch::primitives::DateTime::from_millis(at.millis())
}

fn stands_in(name: &str, text: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !name.is_empty()
        && text.match_indices(name).any(|(place, _)| {
            !is_part(text[..place].chars().next_back()) && !is_part(text[place + name.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::scenario;

    #[test]
    fn the_longest_name_that_stands_by_itself_is_the_service() {
        let text =
            "[[service]]\nname = \"api\"\n[[service]]\nname = \"payment-api\"\n[[service]]\nname = \"web\"";
        let (catalog, problems) = scenario::catalog("catalog", text);
        assert_eq!(problems.len(), 0, "{problems:?}");
        let target = Target::new(Account::default(), None, catalog.into());
        let service = |text| target.service_in(text).map(|name| name.to_string());
        assert_eq!(service("payment-api-5xx-high").as_deref(), Some("payment-api"));
        assert_eq!(service("/ecs/web"), Some("web".to_owned()));
        assert_eq!(service("webhooks-latency"), None);
    }
}
