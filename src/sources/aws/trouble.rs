//! What a refusal or a failure of AWS means: to be waited out, to be asked less, or for a person to mend.
//!
//! Only the code and the message AWS itself sent are repeated. What the providers of credentials print may hold
//! what it should not, so of them only the fact is told.

use super::target::Target;
use super::weight::TooLarge;
use crate::domain::Span;
use crate::domain::text::clean;
use crate::sources::SourceError;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudwatch::config::http::HttpResponse;
use aws_sdk_cloudwatch::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::io;

/// What an error code of AWS stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Throttled,
    Expired,
    Unknown,
    Skewed,
    Forbidden,
}

const CODES: [(&str, Means); 20] = [
    ("Throttling", Means::Throttled),
    ("ThrottlingException", Means::Throttled),
    ("ThrottledException", Means::Throttled),
    ("TooManyRequestsException", Means::Throttled),
    ("RequestLimitExceeded", Means::Throttled),
    ("LimitExceededException", Means::Throttled),
    ("SlowDown", Means::Throttled),
    ("ExpiredToken", Means::Expired),
    ("ExpiredTokenException", Means::Expired),
    ("RequestExpired", Means::Skewed),
    ("RequestTimeTooSkewed", Means::Skewed),
    ("InvalidSignatureException", Means::Skewed),
    ("SignatureDoesNotMatch", Means::Unknown),
    ("UnrecognizedClientException", Means::Unknown),
    ("InvalidClientTokenId", Means::Unknown),
    ("MissingAuthenticationToken", Means::Unknown),
    ("AccessDenied", Means::Forbidden),
    ("AccessDeniedException", Means::Forbidden),
    ("UnauthorizedOperation", Means::Forbidden),
    ("OptInRequired", Means::Forbidden),
];

const MOST_SECONDS: i64 = 86_400;

impl Target {
    /// Why asking for `action`, `cloudwatch:DescribeAlarms`, gave nothing.
    pub(super) fn trouble<E>(&self, action: &str, error: &SdkError<E, HttpResponse>) -> SourceError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            told if has_cause::<TooLarge>(told) => SourceError::broken(format!("{action}: {TooLarge}"), ""),
            SdkError::ServiceError(told) => self.refused(action, told.err(), told.raw()),
            SdkError::TimeoutError(_) => SourceError::transient(format!("{action} gave no answer in time")),
            SdkError::ResponseError(told) if told.raw().status().as_u16() == 429 => {
                SourceError::throttled(format!("{action} answered 429"), retry_after(told.raw()))
            }
            SdkError::ResponseError(told) if told.raw().status().is_server_error() => {
                SourceError::transient(format!("{action} answered {}", told.raw().status().as_u16()))
            }
            SdkError::ResponseError(_) if has_cause::<io::Error>(error) => {
                SourceError::transient(format!("{action}: the answer broke off"))
            }
            SdkError::ResponseError(told) => {
                let status = told.raw().status().as_u16();
                SourceError::broken(format!("{action} answered {status} with something unreadable"), "")
            }
            SdkError::DispatchFailure(told) if told.is_timeout() => {
                SourceError::transient(format!("{action} gave no answer in time"))
            }
            SdkError::DispatchFailure(told) if told.is_io() => {
                let why = cause::<io::Error>(error).map_or_else(String::new, |why| format!(": {why}"));
                SourceError::transient(format!("{action}: the server cannot be reached{why}"))
            }
            told if has_cause::<CredentialsError>(told) => {
                self.unknown(format!("{action}: there are no credentials for {}", self.source()))
            }
            // What the SDK itself stumbles over is not for a person to renew.
            _ => SourceError::broken(
                format!("{action} could not be asked by the SDK"),
                "check [aws] in config.toml; if it is right, please report this as a bug",
            ),
        }
    }

    /// Nobody is known by the credentials there were.
    fn unknown(&self, what: String) -> SourceError {
        self.forget_clients();
        SourceError::denied(what, self.account().renewal())
    }

    fn refused<E: ProvideErrorMetadata>(&self, action: &str, error: &E, raw: &HttpResponse) -> SourceError {
        let status = raw.status().as_u16();
        let code = error.code().unwrap_or_default();
        let code = code.rsplit('#').next().unwrap_or(code);
        let what = format!("{action}: {}", harmless(error.message().unwrap_or(code)));
        match meaning(code, error.message().unwrap_or_default()) {
            Some(Means::Throttled) => SourceError::throttled(what, retry_after(raw)),
            Some(Means::Expired) => {
                self.unknown(format!("the credentials of {} have expired", self.source()))
            }
            Some(Means::Unknown) => self.unknown(what),
            // The answer told their time, by which the next one is signed.
            Some(Means::Skewed) if self.clock().skew() != Span::ZERO => {
                SourceError::transient(format!("{what} ({})", self.clock().said()))
            }
            Some(Means::Skewed) => SourceError::denied(what, "set the clock of this machine"),
            Some(Means::Forbidden) => {
                SourceError::denied(what, format!("allow {action}, see docs/SOURCES_AWS.md"))
            }
            None if status == 429 => SourceError::throttled(what, retry_after(raw)),
            None if status >= 500 => SourceError::transient(format!("{action} answered {status}")),
            None => SourceError::broken(format!("{action} answered {status}: {}", harmless(code)), ""),
        }
    }
}

fn has_cause<C: Error + 'static>(error: &(impl Error + 'static)) -> bool {
    cause::<C>(error).is_some()
}

fn cause<C: Error + 'static>(error: &(impl Error + 'static)) -> Option<&C> {
    let mut cause = error.source();
    while let Some(deeper) = cause {
        if let Some(found) = deeper.downcast_ref() {
            return Some(found);
        }
        cause = deeper.source();
    }
    None
}

/// Words of a server without what may be a key: the SDK has the secrets and does not show them, but whoever answers
/// in the place of AWS has seen what was sent.
fn harmless(told: &str) -> String {
    let mut said = String::with_capacity(told.len());
    for word in clean(told).split_inclusive(|c: char| !is_of_a_key(c)) {
        // The last letter may be what the word was ended by.
        let (key, rest) = word.split_at(word.trim_end_matches(|c| !is_of_a_key(c)).len());
        said.push_str(if looks_like_a_key(key) { "(redacted)" } else { key });
        said.push_str(rest);
    }
    said
}

fn is_of_a_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | '=')
}

/// Keys and tokens of AWS are at least this long, of letters of both cases and digits.
fn looks_like_a_key(word: &str) -> bool {
    const SHORTEST: usize = 40;
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    word.len() >= SHORTEST
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

/// A signature is refused for what is wrong with the key, and for a clock that is; only the message tells.
fn meaning(code: &str, message: &str) -> Option<Means> {
    let means = CODES.iter().find(|(known, _)| *known == code).map(|(_, means)| *means)?;
    let is_late = message.contains("expired") || message.contains("not yet current");
    Some(if means == Means::Skewed && code == "InvalidSignatureException" && !is_late {
        Means::Unknown
    } else {
        means
    })
}

fn retry_after(raw: &HttpResponse) -> Option<Span> {
    let seconds: i64 = raw.headers().get("retry-after")?.trim().parse().ok()?;
    Some(Span::seconds(seconds.clamp(0, MOST_SECONDS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_signature_is_the_clock_only_where_the_message_says_so() {
        let code = "InvalidSignatureException";
        assert_eq!(meaning(code, "Signature expired: 2026 is now earlier"), Some(Means::Skewed));
        assert_eq!(meaning(code, "The request signature we calculated does not match"), Some(Means::Unknown));
        assert_eq!(meaning("NobodyKnowsThis", ""), None);
    }

    #[test]
    fn what_may_be_a_key_is_not_repeated_and_everything_else_is() {
        let key = "Zq3/planted0Key4XbT8vN1mWc6Rj5Hs2Lf7Gd9Pk";
        assert_eq!(harmless(&format!("no: {key}, {key}")), "no: (redacted), (redacted)");
        let told = "User: arn:aws:iam::123456789012:user/dana is not authorized to perform: ecs:ListClusters";
        assert_eq!(harmless(told), told);
    }
}
