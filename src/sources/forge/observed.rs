//! One thing that was observed, made into a clean signal in one place.

use crate::domain::signal::{PullRequest, PullRequestState, Review, Verdict};
use crate::domain::text::clean;
use crate::domain::{Body, ServiceName, Signal, SignalId, SourceName, Span, Time};
use crate::sources::http::Api;
use serde_json::Value;

/// As the host tells it: its own clock, its own words.
#[derive(Clone, Debug)]
pub struct Observed {
    /// What the host calls it; the same whenever it is told again.
    pub external: String,
    pub at: Time,
    pub service: Option<ServiceName>,
    pub title: String,
    pub body: Body,
    pub link: Option<String>,
    pub raw: Value,
}

impl Observed {
    pub(super) fn signal(&self, source: &SourceName, api: &Api) -> Signal {
        Signal {
            // By the host, so that two accounts that see the same see it once.
            id: SignalId::of(api.host(), &self.external),
            at: api.here(self.at),
            source: source.clone(),
            service: self.service.clone(),
            title: clean(&self.title),
            body: self.body.clone(),
            link: self.link.as_deref().and_then(link),
            raw: Some(harmless(&self.raw).to_string()),
        }
    }
}

/// `#4127 merged: Retry the ledger`, as a list shows it.
pub(in crate::sources) fn request_title(request: &PullRequest, title: &str) -> String {
    let state = match request.state {
        PullRequestState::Ready => "ready",
        PullRequestState::Merged => "merged",
        PullRequestState::Closed => "closed",
    };
    format!("#{} {state}: {title}", request.number)
}

pub(in crate::sources) fn review_title(review: &Review) -> String {
    let verdict = match review.verdict {
        Verdict::Approved => "approved",
        Verdict::ChangesRequested => "changes requested",
        Verdict::Commented => "commented",
    };
    format!("#{} {verdict} by {} after {}", review.number, review.reviewer, in_minutes(review.turnaround))
}

fn in_minutes(span: Span) -> String {
    let minutes = span.as_minutes();
    match minutes / 60 {
        0 => format!("{minutes} min"),
        hours => format!("{hours} h {:02} min", minutes % 60),
    }
}

/// Only what a browser may be sent to.
fn link(address: &str) -> Option<String> {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    (is_web && clean(address) == address).then(|| address.to_owned())
}

/// Every text in it made harmless, names included.
fn harmless(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => items.iter().map(harmless).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (clean(name), harmless(value))).collect())
        }
        plain => plain.clone(),
    }
}
