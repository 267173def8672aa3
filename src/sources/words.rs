//! Words that several sources have in common: how a deploy is told, what its environment is called, and what AWS calls
//! the states of alarms.

use crate::domain::signal::{AlarmState, Deploy, Outcome};

/// `payment-api v2.14.3 deployed to production`.
pub(super) fn deploy_title(what: &str, deploy: &Deploy) -> String {
    let came_to = match deploy.outcome {
        Outcome::Started => "deploying to",
        Outcome::Succeeded => "deployed to",
        Outcome::Failed => "failed to deploy to",
        Outcome::RolledBack => "rolled back in",
    };
    format!("{what} {} {came_to} {}", deploy.version, deploy.environment)
}

/// The environment the first of these names says in a word of its own; whatever says none is production.
#[cfg(feature = "aws")]
pub(super) fn environment(names: &[&str]) -> String {
    const OTHERS: [&str; 6] = ["staging", "stage", "test", "dev", "qa", "sandbox"];
    let mut words = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let named = words.find(|word| OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other)));
    named.map_or_else(|| "production".to_owned(), str::to_lowercase)
}

/// What CloudWatch calls a state.
pub(super) fn state_value(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Ok => "OK",
        AlarmState::Alarm => "ALARM",
        AlarmState::NoData => "INSUFFICIENT_DATA",
        AlarmState::Gone => "DELETED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deploy_is_told_in_the_words_of_its_outcome() {
        let told = |outcome| {
            let (version, environment) = ("v2".to_owned(), "staging".to_owned());
            let deploy = Deploy { version, environment, outcome, previous: None, took: None, cause: None };
            deploy_title("api", &deploy)
        };
        assert_eq!(told(Outcome::Failed), "api v2 failed to deploy to staging");
        assert_eq!(told(Outcome::RolledBack), "api v2 rolled back in staging");
    }

    #[cfg(feature = "aws")]
    #[test]
    fn a_name_says_its_environment_in_a_word_of_its_own_and_the_first_that_does_is_heard() {
        assert_eq!(environment(&["prod-eu"]), "production");
        assert_eq!(environment(&["web-Staging"]), "staging");
        assert_eq!(environment(&["latest"]), "production");
        assert_eq!(environment(&["blue", "payment-api-qa"]), "qa");
    }
}
