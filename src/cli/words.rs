//! Words from the command line that name something, read for clap: people, services, roles, severities.

use crate::domain::event::{Role, Severity};
use crate::domain::text::clean;
use crate::domain::{Person, ServiceName};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Said to clap by name: left to itself it would take any word as it is.
pub(super) fn person(text: &str) -> Result<Person, &'static str> {
    text.parse()
}

/// Longer than this is no name but a file somebody pasted.
const LONGEST: usize = 200;

pub(super) fn service(text: &str) -> Result<ServiceName, String> {
    let name = clean(text);
    if name.trim().is_empty() {
        Err("a service needs a name".to_owned())
    } else if name.chars().count() > LONGEST {
        Err(format!("a service's name has at most {LONGEST} letters"))
    } else {
        Ok(ServiceName::new(name.trim()))
    }
}

/// `1`, `sev1` or `SEV-1`.
pub(super) fn severity(text: &str) -> Result<Severity, String> {
    let lower = text.to_ascii_lowercase();
    let number = lower.strip_prefix("sev").map_or(lower.as_str(), |rest| rest.trim_start_matches('-'));
    number.parse().map_err(|_| "1 is the worst, 5 the least; when in doubt, higher".to_owned())
}

pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    let words = Role::ALL.iter().map(|role| role.word());
    PossibleValuesParser::new(words)
        .map(|word| word.parse().expect("clap lets only the words of roles through"))
}
