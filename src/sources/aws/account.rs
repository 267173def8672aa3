//! What a configuration says of one account: whose credentials, which regions, what to look at.

use super::CONCERNS;
use crate::domain::Span;
use crate::domain::text::clean;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[aws.NAME]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// The name of its table, which its signals come from.
    #[serde(skip)]
    pub name: String,
    /// A profile of `~/.aws/config`; without one, whatever the machine itself is given.
    pub profile: Option<String>,
    /// Files to find the profile in, instead of `~/.aws/config` and `~/.aws/credentials`.
    pub config_file: Option<PathBuf>,
    /// Without any, the region of the profile.
    pub regions: Vec<String>,
    /// A role to take on with those credentials.
    pub role: Option<String>,
    pub external_id: Option<String>,
    /// Another server that speaks the same interfaces.
    pub endpoint_url: Option<String>,
    /// Without any, every cluster that can be listed.
    pub clusters: Vec<String>,
    pub log_groups: Vec<String>,
    /// What a line must match, in the language of CloudWatch Logs.
    pub log_filter: Option<String>,
    /// How lines come in.
    pub log_tail: LogTail,
    /// Lines a minute that become signals; what is grave has as many again.
    pub log_lines_per_minute: Option<u32>,
    /// Questions in the language of Logs Insights, by what people call them.
    pub queries: BTreeMap<String, Query>,
    /// The command that renews the credentials, for whoever reads that they have expired.
    pub renew: Option<String>,
    /// What is not asked, of [`CONCERNS`](super::CONCERNS).
    pub without: Vec<String>,
    /// Requests a minute, of everything asked of one region together.
    pub requests_per_minute: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogTail {
    /// By Live Tail while somebody looks, which costs by the minute; otherwise they are asked for.
    #[default]
    Watched,
    /// They are always asked for.
    Never,
}

/// `[aws.NAME.queries.QUERY]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub query: String,
    /// Without any, those of the account.
    #[serde(default)]
    pub groups: Vec<String>,
    /// How far back it looks, as in `"1h"`.
    #[serde(default)]
    pub since: Option<String>,
}

const SINCE: Span = Span::hours(1);

impl Query {
    pub(super) fn span(&self) -> Result<Span, String> {
        let Some(since) = &self.since else { return Ok(SINCE) };
        let span: Span =
            since.parse().map_err(|_| format!("since is \"{}\", not a span as in \"1h\"", clean(since)))?;
        if span > Span::ZERO { Ok(span) } else { Err("since is no time at all".to_owned()) }
    }
}

impl Account {
    /// The account as it is written, or what is wrong with it, in words.
    pub fn read(name: &str, table: &toml::Table) -> Result<Self, String> {
        let account: Self =
            table.clone().try_into().map_err(|error: toml::de::Error| clean(error.message()))?;
        if account.requests_per_minute == Some(0) {
            return Err("requests_per_minute is 0, which asks nothing".to_owned());
        }
        if let Some(unknown) = account.without.iter().find(|word| !CONCERNS.contains(&word.as_str())) {
            return Err(format!(
                "without has \"{}\", which is none of {}",
                clean(unknown),
                CONCERNS.join(", ")
            ));
        }
        for (name, query) in &account.queries {
            query.span().map_err(|wrong| format!("queries.{}: {wrong}", clean(name)))?;
            if query.groups.is_empty() && account.log_groups.is_empty() {
                return Err(format!("queries.{} has no groups, and the account no log_groups", clean(name)));
            }
        }
        Ok(Self { name: clean(name), ..account })
    }

    /// What to do when credentials are missing or have expired.
    pub(super) fn renewal(&self) -> String {
        match (&self.renew, &self.profile) {
            (Some(command), _) => format!("run `{}`", clean(command)),
            (None, Some(profile)) => {
                format!("run `aws sso login --profile {}`, or whatever renews its keys", clean(profile))
            }
            (None, None) => {
                format!("renew the credentials of this machine, or give [aws.{}] a profile", self.name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Account, String> {
        Account::read("prod", &text.parse().unwrap())
    }

    #[test]
    fn an_account_may_say_nothing_at_all() {
        assert_eq!(read("").unwrap(), Account { name: "prod".to_owned(), ..Account::default() });
    }

    #[test]
    fn an_unknown_key_is_named_with_the_known_ones() {
        let said = read("regoin = \"eu-west-1\"").unwrap_err();
        assert!(said.contains("`regoin`") && said.contains("`regions`"), "{said}");
        assert!(read("requests_per_minute = 0").is_err());
        assert!(read("without = [\"codedeploy\"]").is_ok());
        assert!(read("without = [\"deploys\"]").unwrap_err().contains("none of alarms, ecs, changes"));
    }

    #[test]
    fn a_saved_query_says_what_where_and_how_far_back() {
        let account =
            read("log_groups = [\"/a\"]\nqueries.slow = { query = \"fields @message\", since = \"30m\" }")
                .unwrap();
        assert_eq!(account.queries["slow"].span(), Ok(Span::minutes(30)));
        for wrong in ["{ query = \"x\", since = \"soon\" }", "{ query = \"x\", sinc = \"1h\" }"] {
            assert!(read(&format!("log_groups = [\"/a\"]\nqueries.slow = {wrong}")).is_err(), "{wrong}");
        }
        assert!(read("queries.slow = { query = \"x\" }").unwrap_err().contains("no groups"));
    }

    #[test]
    fn the_renewal_names_the_command_for_the_profile() {
        let renewal = read("profile = \"live\"").unwrap().renewal();
        assert_eq!(renewal, "run `aws sso login --profile live`, or whatever renews its keys");
        assert_eq!(read("renew = \"vault login\"").unwrap().renewal(), "run `vault login`");
        assert!(read("").unwrap().renewal().contains("[aws.prod]"));
    }
}
