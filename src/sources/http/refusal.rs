//! Why there is no answer, in words a person can act on, and what kind of failure it is.

use super::super::{Failure, SourceError};
use super::headers::{number, retry_after, text};
use crate::domain::text::clean;
use crate::domain::{Span, Time};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::error::Error;

pub(super) enum Refused {
    Network(String),
    Slow(Span),
    BrokenOff,
    TooLarge(usize),
    Senseless,
    /// The secret has characters no header can have.
    Unwritable,
    /// It does not know us.
    Unknown(String),
    /// It knows us and says no; with the permission it wants, where it says so.
    Forbidden {
        message: String,
        wants: Option<String>,
    },
    /// It knows us, and the organisation wants the token to be authorized at this address.
    Unauthorized {
        message: String,
        at: String,
    },
    NotThere,
    Throttled {
        what: &'static str,
        retry_after: Option<Span>,
    },
    Server(StatusCode),
    Unexpected(StatusCode, String),
}

/// Told nothing else, a secondary limit wants to be left alone for this long.
const SECONDARY: Span = Span::minutes(1);
/// Longer words of a server are not read.
const LONGEST: usize = 200;

impl Refused {
    /// `now` is on the server's clock.
    pub(super) fn of(status: StatusCode, headers: &HeaderMap, body: &str, now: Time) -> Self {
        let message = message(body);
        match status {
            StatusCode::UNAUTHORIZED => Self::Unknown(message),
            StatusCode::TOO_MANY_REQUESTS => {
                Self::Throttled { what: "asks for fewer requests", retry_after: pause(headers, now) }
            }
            StatusCode::FORBIDDEN => Self::forbidden(headers, message, now),
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::NotThere,
            status if status.is_server_error() => Self::Server(status),
            status => Self::Unexpected(status, message),
        }
    }

    /// A 403 is a limit as often as a refusal.
    fn forbidden(headers: &HeaderMap, message: String, now: Time) -> Self {
        if message.to_lowercase().contains("secondary rate limit") {
            let retry_after = retry_after(headers, now).or(Some(SECONDARY));
            return Self::Throttled { what: "asks for fewer requests at a time", retry_after };
        }
        if headers.contains_key("retry-after") || number(headers, "x-ratelimit-remaining") == Some(0) {
            return Self::Throttled { what: "has no requests left for us", retry_after: pause(headers, now) };
        }
        if let Some(sso) = text(headers, "x-github-sso").and_then(|said| said.split("url=").nth(1)) {
            return Self::Unauthorized { message, at: clean(sso) };
        }
        let wants =
            text(headers, "x-accepted-github-permissions").or(text(headers, "x-accepted-oauth-scopes"));
        Self::Forbidden { message, wants: wants.filter(|wants| !wants.is_empty()).map(clean) }
    }

    pub(super) fn into_error(self, host: &str, renew: &str) -> SourceError {
        let network = "check the network, the VPN and the proxy";
        match self {
            Self::Network(words) => failure(Failure::Transient, format!("{host}: {words}"), network),
            Self::Slow(limit) => {
                failure(Failure::Transient, format!("{host}: no answer within {limit}"), network)
            }
            Self::BrokenOff => failure(Failure::Transient, format!("{host}: the answer broke off"), network),
            Self::TooLarge(limit) => {
                let what = format!("{host}: an answer larger than {} MiB was not read", limit >> 20);
                SourceError::broken(what, "")
            }
            Self::Senseless => SourceError::broken(
                format!("{host}: the answer is no JSON"),
                "check the url, and that no proxy answers",
            ),
            Self::Unwritable => {
                SourceError::denied(format!("{host}: the token has characters no token has"), renew)
            }
            Self::Unknown(message) => {
                SourceError::denied(format!("{host} does not accept the token{}", behind(&message)), renew)
            }
            Self::Forbidden { message, wants } => {
                let fix = wants.map_or_else(
                    || "give the token the permissions of docs/SOURCES.md".to_owned(),
                    |wants| format!("give the token the permission {wants}"),
                );
                SourceError::denied(format!("{host} refuses{}", behind(&message)), fix)
            }
            Self::Unauthorized { message, at } => SourceError::denied(
                format!("{host} refuses{}", behind(&message)),
                format!("authorize the token at {at}"),
            ),
            Self::NotThere => SourceError::denied(
                "not there, or not for this token",
                "check the name and the token's permissions",
            ),
            Self::Throttled { what, retry_after } => {
                SourceError::throttled(format!("{host} {what}"), retry_after)
            }
            Self::Server(status) => {
                failure(Failure::Transient, format!("{host}: trouble of its own ({status})"), "")
            }
            Self::Unexpected(status, message) => {
                SourceError::broken(format!("{host} answered {status}{}", behind(&message)), "")
            }
        }
    }
}

/// The deepest cause says what happened; what is above it repeats the address.
pub(super) fn words(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let deepest = cause.to_string();
    let deepest = deepest.split(" (os error").next().unwrap_or_default();
    let words = if error.is_timeout() { "no connection in time".to_owned() } else { clean(deepest) };
    words.chars().take(LONGEST).collect::<String>().to_lowercase()
}

fn failure(kind: Failure, what: String, fix: &str) -> SourceError {
    SourceError { what, fix: fix.to_owned(), kind }
}

/// Until `Retry-After` says, else until the limit is filled up again.
fn pause(headers: &HeaderMap, now: Time) -> Option<Span> {
    let reset = || {
        let at = i64::try_from(number(headers, "x-ratelimit-reset")?).ok()?;
        Some((Time::from_millis(at.saturating_mul(1_000)) - now).max(Span::ZERO))
    };
    retry_after(headers, now).or_else(reset)
}

/// What a server says is wrong: GitHub in `message`, Bitbucket in `error.message`.
fn message(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let message = body.get("message").or_else(|| body.pointer("/error/message"));
    let message = clean(message.and_then(serde_json::Value::as_str).unwrap_or_default());
    message.chars().take(LONGEST).collect()
}

fn behind(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}
