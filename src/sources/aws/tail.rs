//! Lines of a log as they are written: one session of Live Tail over the groups of a target.
//!
//! A session costs by the minute, so it only runs while somebody looks; otherwise, and wherever it is not allowed,
//! lines are asked for. It is the one call whose name has a part before the host; another server than AWS has no
//! such name, so for it that part is taken off again.

use super::target::Target;
use crate::domain::Time;
use crate::sources::SourceError;
use aws_sdk_cloudwatchlogs::config::http::HttpRequest;
use aws_sdk_cloudwatchlogs::operation::start_live_tail::StartLiveTailOutput;
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionUpdate, StartLiveTailResponseStream as Event};
use std::time::Duration;
use tokio::time::timeout;

pub(super) const START: &str = "logs:StartLiveTail";
const GROUPS: &str = "logs:DescribeLogGroups";
/// A session tells something every second, even when nothing was written.
const SILENCE: Duration = Duration::from_secs(6);
/// The most groups of one session.
pub(super) const MOST: usize = 10;
const PREFIX: &str = "stream-";

#[derive(Debug)]
pub(super) struct Tail(StartLiveTailOutput);

impl Tail {
    pub async fn start(target: &Target, now: Time, groups: &[String]) -> Result<Self, SourceError> {
        let mut arns = Vec::new();
        for group in groups {
            arns.push(arn(target, now, group).await?);
        }
        let clients = target.within_budget(now).await?;
        let asked = clients.logs.start_live_tail().set_log_group_identifiers(Some(arns));
        let asked = asked.set_log_event_filter_pattern(target.account().log_filter.clone()).customize();
        let started = match target.account().endpoint_url {
            None => asked.send().await,
            Some(_) => asked.mutate_request(without_prefix).send().await,
        };
        started.map(Self).map_err(|error| target.trouble(START, &error))
    }

    /// What was written since; nothing when the session has ended.
    pub async fn next(&mut self) -> Result<Option<LiveTailSessionUpdate>, SourceError> {
        loop {
            let heard = timeout(SILENCE, self.0.response_stream.recv()).await;
            let heard = heard.map_err(|_| SourceError::transient(format!("{START} fell silent")))?;
            match heard.map_err(|_| SourceError::transient(format!("{START} broke off")))? {
                Some(Event::SessionUpdate(update)) => return Ok(Some(update)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }
}

/// Live Tail wants to be told groups by their ARN.
async fn arn(target: &Target, now: Time, name: &str) -> Result<String, SourceError> {
    let clients = target.within_budget(now).await?;
    let found = clients.logs.describe_log_groups().log_group_name_prefix(name).send().await;
    let found = found.map_err(|error| target.trouble(GROUPS, &error))?;
    let group = found.log_groups().iter().find(|group| group.log_group_name() == Some(name));
    let arn = group.and_then(|group| group.log_group_arn().or(group.arn()));
    let arn = arn.map(|arn| arn.trim_end_matches(":*").to_owned());
    arn.ok_or_else(|| SourceError::broken(format!("there is no log group {name}"), "correct log_groups"))
}

fn without_prefix(request: &mut HttpRequest) {
    let plain = request.uri().replacen(&format!("://{PREFIX}"), "://", 1);
    // An address that was one with more in front of its host still is.
    let _ = request.set_uri(plain);
}
