//! CloudTrail: settings and sizes that were changed, by whom, from what to what where it is told.
//!
//! [`NOTABLE`] is the table of calls that change how something runs. CloudTrail tells of them minutes later, and of
//! whatever else an account does as well; so what is new is read first, and what lies further back by the way.

use super::pages::Pages;
use super::target::{Observed, Target, date, text, time};
use super::window::Window;
use super::{Concern, EVERY, GOING_ON, console};
use crate::domain::signal::{Body, Change};
use crate::domain::{Signal, Span, Time};
use crate::sources::SourceError;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use serde_json::Value;
use std::collections::HashMap;

const LOOKUP: &str = "cloudtrail:LookupEvents";
const LOOK_BACK: Span = Span::days(3);
/// Events arrive up to a quarter of an hour late.
const OVERLAP: Span = Span::minutes(20);
/// CloudTrail answers two lookups a second, to everybody in the account together.
const PAGES: usize = 2;
/// Pages of what was read before that are looked at once more for what has arrived since, where an account is busy.
const KNOWN_PAGES: usize = 4;
/// Between two pages of what lies further back, and the most of them.
const BETWEEN: Span = Span::seconds(5);
const PAST_PAGES: usize = 360;
const PAGE: i32 = 50;
/// Values under such names are nobody's business here.
const SECRET: [&str; 7] =
    ["password", "secret", "token", "credential", "accesskey", "environment", "privatekey"];

/// A call worth knowing of.
struct Notable {
    event: &'static str,
    key: &'static str,
    body: fn(Change) -> Body,
    /// Where the request names what was changed, the first that is there.
    what: &'static [&'static str],
    /// Where the request says the new value.
    after: &'static [&'static str],
}

const NOTABLE: [Notable; 22] = [
    of("UpdateService", "desired-count", Body::Scaling, &["service"], &["desiredCount"]),
    of("UpdateService", "task-definition", Body::Config, &["service"], &["taskDefinition"]),
    of("RegisterScalableTarget", "least-capacity", Body::Scaling, &["resourceId"], &["minCapacity"]),
    of("RegisterScalableTarget", "most-capacity", Body::Scaling, &["resourceId"], &["maxCapacity"]),
    of(
        "PutScalingPolicy",
        "scaling-policy",
        Body::Config,
        &["resourceId", "autoScalingGroupName"],
        &["policyName"],
    ),
    of(
        "SetDesiredCapacity",
        "desired-capacity",
        Body::Scaling,
        &["autoScalingGroupName"],
        &["desiredCapacity"],
    ),
    of(
        "UpdateAutoScalingGroup",
        "desired-capacity",
        Body::Scaling,
        &["autoScalingGroupName"],
        &["desiredCapacity"],
    ),
    of(
        "PutFunctionConcurrency",
        "concurrency",
        Body::Config,
        &["functionName"],
        &["reservedConcurrentExecutions"],
    ),
    of("DeleteFunctionConcurrency", "concurrency", Body::Config, &["functionName"], &[]),
    of(
        "PutProvisionedConcurrencyConfig",
        "provisioned-concurrency",
        Body::Config,
        &["functionName"],
        &["provisionedConcurrentExecutions"],
    ),
    of("UpdateFunctionConfiguration", "memory", Body::Config, &["functionName"], &["memorySize"]),
    of("UpdateFunctionConfiguration", "timeout", Body::Config, &["functionName"], &["timeout"]),
    of("UpdateFunctionCode", "code", Body::Config, &["functionName"], &["imageUri", "s3Key"]),
    of("PutParameter", "parameter", Body::Config, &["name"], &[]),
    of("PutSecretValue", "secret", Body::Config, &["secretId"], &[]),
    of("ModifyDBInstance", "instance-class", Body::Scaling, &["dBInstanceIdentifier"], &["dBInstanceClass"]),
    of("ModifyDBParameterGroup", "parameter-group", Body::Config, &["dBParameterGroupName"], &[]),
    of("UpdateTable", "table", Body::Config, &["tableName"], &["billingMode"]),
    of("ModifyTargetGroup", "target-group", Body::Config, &["targetGroupArn"], &["healthCheckPath"]),
    of("DisableAlarmActions", "alarm-actions", Body::Config, &["alarmNames"], &[]),
    of(
        "StartDeployment",
        "configuration-version",
        Body::Config,
        &["applicationId"],
        &["configurationVersion"],
    ),
    of("ChangeResourceRecordSets", "records", Body::Config, &["hostedZoneId"], &[]),
];

pub(super) struct Changes {
    pages: Pages,
    window: Window,
    /// Pages of the open window that reach back into the one before it.
    known_pages: usize,
    /// When to look for news next.
    next_news: Time,
    past: Past,
    /// The value last told of each setting, which is the one before the next.
    values: HashMap<(String, &'static str), (Time, String)>,
    held: Vec<Signal>,
}

/// What happened before it was first asked.
#[derive(Default)]
struct Past {
    /// From when to when, once that is known.
    of: Option<(Time, Time)>,
    pages: Pages,
    read: usize,
    is_read: bool,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            pages: Pages::default(),
            window: Window::new(LOOK_BACK, OVERLAP),
            known_pages: 0,
            next_news: Time::MIN,
            past: Past::default(),
            values: HashMap::new(),
            held: Vec::new(),
        }
    }
}

impl Concern for Changes {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        if now < self.next_news {
            self.page_of_the_past(target, now).await?;
            return Ok(self.pause(now));
        }
        for _ in 0..PAGES {
            if !self.page_of_news(target, now).await? {
                self.window.close(target.there(now));
                (self.pages, self.known_pages) = (Pages::default(), 0);
                self.next_news = now + EVERY;
                return Ok(self.pause(now));
            }
        }
        Ok(GOING_ON)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    fn afresh(&mut self) {
        (self.pages, self.known_pages, self.past.pages) = (Pages::default(), 0, Pages::default());
        self.window.give_up();
    }

    fn note(&self) -> String {
        match self.past.read {
            PAST_PAGES.. => format!("left after {PAST_PAGES} pages, what is older is not told"),
            _ => String::new(),
        }
    }
}

impl Changes {
    fn pause(&self, now: Time) -> Span {
        let news = self.next_news - now;
        if self.past.is_read { news } else { news.min(BETWEEN) }
    }

    /// What has happened since the last look, the newest first, and some of what was known then.
    async fn page_of_news(&mut self, target: &Target, now: Time) -> Result<bool, SourceError> {
        let there = target.there(now);
        if self.window.reached().is_none() {
            self.past.of = Some((there - LOOK_BACK, there));
            self.window.reach(there);
        }
        let reached = self.window.reached();
        let (window, token) = (self.window.open(there), self.pages.token());
        let page = self.page(target, now, window, token).await?;
        let oldest = page.events().last().and_then(|event| time(event.event_time()));
        self.known_pages += usize::from(oldest.zip(reached).is_some_and(|(oldest, known)| oldest < known));
        Ok(self.pages.turn(LOOKUP, page.next_token())? && self.known_pages < KNOWN_PAGES)
    }

    async fn page_of_the_past(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        let Some(of) = self.past.of.filter(|_| !self.past.is_read) else { return Ok(()) };
        let page = self.page(target, now, of, self.past.pages.token()).await?;
        self.past.read += 1;
        let goes_on = self.past.pages.turn(LOOKUP, page.next_token())?;
        self.past.is_read = !goes_on || self.past.read >= PAST_PAGES;
        Ok(())
    }

    async fn page(
        &mut self,
        target: &Target,
        now: Time,
        (from, until): (Time, Time),
        token: Option<String>,
    ) -> Result<LookupEventsOutput, SourceError> {
        let clients = target.within_its_share(now).await?;
        let changing = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::ReadOnly)
            .attribute_value("false")
            .build()
            .expect("both of its parts are given");
        let asked = clients.cloudtrail.lookup_events().lookup_attributes(changing).max_results(PAGE);
        let asked = asked.start_time(date(from)).end_time(date(until)).set_next_token(token);
        let page = asked.send().await.map_err(|error| target.trouble(LOOKUP, &error))?;
        // They come newest first; what was before is only known the other way round.
        for event in page.events().iter().rev() {
            self.tell(target, &clients.region, event);
        }
        Ok(page)
    }

    fn tell(&mut self, target: &Target, region: &str, event: &Event) {
        let (Some(at), Some(id)) = (time(event.event_time()), event.event_id()) else { return };
        let raw: Value =
            serde_json::from_str(event.cloud_trail_event().unwrap_or_default()).unwrap_or_default();
        // What was refused has changed nothing.
        if !raw["errorCode"].is_null() {
            return;
        }
        for notable in NOTABLE.iter().filter(|notable| notable.is(event.event_name().unwrap_or_default())) {
            let Some((what, after)) = notable.change(&raw["requestParameters"]) else { continue };
            let before = after.as_ref().and_then(|after| self.before(&what, notable.key, at, after));
            let by = who(event, &raw);
            let service = target.service_in(&what);
            let named = service.as_ref().map_or(what.as_str(), |service| service.as_str());
            let signal = target.signal(Observed {
                external: format!("trail/{id}/{}", notable.key),
                at,
                title: title(named, notable.key, before.as_deref(), after.as_deref(), &by),
                service,
                body: (notable.body)(Change { key: notable.key.to_owned(), before, after, by }),
                link: Some(console::event(region, id)),
                raw: Some(without_secrets(raw.clone())),
            });
            if self.window.is_new(&signal) {
                self.held.push(signal);
            }
        }
    }

    fn before(&mut self, what: &str, key: &'static str, at: Time, after: &str) -> Option<String> {
        let place = (what.to_owned(), key);
        let known = self.values.get(&place).cloned();
        if known.as_ref().is_none_or(|(told, _)| *told < at) {
            self.values.insert(place, (at, after.to_owned()));
        }
        known.filter(|(told, _)| *told < at).map(|(_, value)| value)
    }
}

impl Notable {
    /// Lambda adds the date of its interface to the names of its calls.
    fn is(&self, event: &str) -> bool {
        event
            .strip_prefix(self.event)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// What was changed and to what; nothing where the request says nothing of it.
    fn change(&self, request: &Value) -> Option<(String, Option<String>)> {
        let find = |names: &[&str]| names.iter().find_map(|name| said(&request[*name]));
        let after = find(self.after);
        if after.is_none() && !self.after.is_empty() {
            return None;
        }
        Some((find(self.what).unwrap_or_default(), after))
    }
}

const fn of(
    event: &'static str,
    key: &'static str,
    body: fn(Change) -> Body,
    what: &'static [&'static str],
    after: &'static [&'static str],
) -> Notable {
    Notable { event, key, body, what, after }
}

fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(word) => Some(text(Some(word))),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(several) => several.first().and_then(said),
        _ => None,
    }
}

/// The person or role behind a call, without the account it belongs to.
fn who(event: &Event, raw: &Value) -> String {
    let identity = &raw["userIdentity"];
    let session = identity["arn"].as_str().and_then(|arn| arn.rsplit('/').next());
    text(event.username().filter(|name| !name.is_empty()).or(session))
}

fn title(what: &str, key: &str, before: Option<&str>, after: Option<&str>, by: &str) -> String {
    let change = match (before, after) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (None, Some(after)) => format!("set to {after}"),
        _ => "changed".to_owned(),
    };
    let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
    format!("{what} {key} {change}{by}").trim().to_owned()
}

fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| {
                let plain = name.to_lowercase();
                let is_secret = SECRET.iter().any(|word| plain.contains(word)) || (plain == "value");
                (name, if is_secret { Value::String("…".to_owned()) } else { without_secrets(value) })
            })
            .collect(),
        Value::Array(several) => several.into_iter().map(without_secrets).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_in_a_request_are_taken_out_wherever_they_stand() {
        let raw = json!({"userIdentity": {"accessKeyId": "AKIA"}, "requestParameters":
            {"name": "/web/key", "value": "s3cret", "list": [{"masterUserPassword": "s3cret"}]}});
        let kept = without_secrets(raw).to_string();
        assert!(!kept.contains("s3cret") && !kept.contains("AKIA") && kept.contains("/web/key"), "{kept}");
    }

    #[test]
    fn a_call_is_known_with_the_date_of_its_interface_and_nothing_else_behind_it() {
        let is = |event: &str| NOTABLE.iter().any(|notable| notable.is(event));
        assert!(is("PutFunctionConcurrency20171031") && is("UpdateService"));
        assert!(!is("UpdateServicePrimaryTaskSet") && !is("DescribeServices"));
    }

    #[test]
    fn a_request_that_changes_nothing_of_the_key_is_passed_over() {
        let counts = &NOTABLE[0];
        assert_eq!(counts.change(&json!({"service": "web", "taskDefinition": "web:4"})), None);
        assert_eq!(
            counts.change(&json!({"service": "web", "desiredCount": 4})),
            Some(("web".to_owned(), Some("4".to_owned())))
        );
    }
}
