//! What a room measures by itself, in one table: the word, what it gives, and what it may be narrowed by.

use crate::domain::catalog::Unit;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    DeploySuccessRate,
    DeployFailureRate,
    Deploys,
    Failures,
    FailureShare,
    RecoveryShare,
    RecoveryTime,
    RollbackTime,
    DetectTime,
    Incidents,
    BuildSuccessRate,
}

/// What kind of number comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yields {
    Percent,
    Count,
    /// How long; in milliseconds.
    Length,
}

/// What may stand in its parentheses besides how far it looks back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    pub vector: bool,
    pub service: bool,
    pub label: bool,
}

/// One row of the language.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub what: What,
    pub word: &'static str,
    pub yields: Yields,
    /// What stands behind the number: `12 failures`, `80 % of deploys failed`.
    pub noun: &'static str,
    pub takes: Takes,
    /// For a reader.
    pub about: &'static str,
}

const SERVICE: Takes = Takes { vector: false, service: true, label: false };
const VECTOR: Takes = Takes { vector: true, service: true, label: false };
const INCIDENT: Takes = Takes { vector: true, service: true, label: true };

const fn row(
    (what, word): (What, &'static str),
    (yields, noun): (Yields, &'static str),
    takes: Takes,
    about: &'static str,
) -> Row {
    Row { what, word, yields, noun, takes, about }
}

pub const WHATS: &[Row] = &[
    row(
        (What::DeploySuccessRate, "deploy_success_rate"),
        (Yields::Percent, "of deploys went well"),
        SERVICE,
        "deployments to production that did not fail, of all that ended",
    ),
    row(
        (What::DeployFailureRate, "deploy_failure_rate"),
        (Yields::Percent, "of deploys failed"),
        SERVICE,
        "deployments to production that failed, of all that ended",
    ),
    row(
        (What::Deploys, "deploys"),
        (Yields::Count, "deploys"),
        SERVICE,
        "deployments to production that ended",
    ),
    row((What::Failures, "failures"), (Yields::Count, "failures"), VECTOR, "deployments that failed"),
    row(
        (What::FailureShare, "failure_share"),
        (Yields::Percent, "of failures"),
        VECTOR,
        "deployments that failed by this vector, of all that failed",
    ),
    row(
        (What::RecoveryShare, "recovery_share"),
        (Yields::Percent, "of recovering"),
        VECTOR,
        "time spent recovering from this vector, of all time spent recovering",
    ),
    row(
        (What::RecoveryTime, "recovery_time"),
        (Yields::Length, "to recover"),
        VECTOR,
        "how long it took to recover from a failed deployment",
    ),
    row(
        (What::RollbackTime, "rollback_time"),
        (Yields::Length, "to roll back"),
        SERVICE,
        "from the first sign of trouble after a deployment until it was rolled back",
    ),
    row(
        (What::DetectTime, "mttd"),
        (Yields::Length, "to detect"),
        INCIDENT,
        "from the start of the impact of an incident until it was detected",
    ),
    row((What::Incidents, "incidents"), (Yields::Count, "incidents"), INCIDENT, "incidents that began"),
    row(
        (What::BuildSuccessRate, "build_success_rate"),
        (Yields::Percent, "of builds went well"),
        SERVICE,
        "workflow runs that succeeded, of all that ended",
    ),
];

impl What {
    pub fn row(self) -> &'static Row {
        WHATS.iter().find(|row| row.what == self).expect("every measure has a row in the table")
    }

    pub fn of_word(word: &str) -> Option<&'static Row> {
        WHATS.iter().find(|row| row.word.eq_ignore_ascii_case(word))
    }
}

impl Yields {
    pub const fn unit(self) -> Unit {
        match self {
            Self::Percent => Unit::Percent,
            Self::Count => Unit::Count,
            Self::Length => Unit::Milliseconds,
        }
    }
}
