//! Whether this is a moment to release: a hundred, less a printed weight for everything that speaks against it.

use super::rule::{Finding, Place};
use super::rules::rule;
use super::situation::{Confidence, ConfidenceLevel, Gravity, Level, Reason};

/// What an issue takes away, and what a finding that is no issue does.
pub(super) const WEIGHTS: [(Gravity, i64, i64); 3] =
    [(Gravity::High, -15, -5), (Gravity::Medium, -8, -4), (Gravity::Low, -4, -2)];

/// From here on confidence is high, or guarded; below it is low.
pub(super) const HIGH: i64 = 80;
pub(super) const GUARDED: i64 = 50;

/// Of a system that nobody has looked at nothing is known, whatever speaks against it.
pub(super) fn confidence(findings: &[Finding], system: Level) -> Confidence {
    let mut reasons: Vec<Reason> = findings.iter().filter_map(reason).collect();
    reasons.sort_by(|a, b| a.weight.cmp(&b.weight).then_with(|| a.text.cmp(&b.text)));
    if system == Level::Unknown {
        return Confidence::unknown(reasons);
    }
    let score = (100 + reasons.iter().map(|reason| reason.weight).sum::<i64>()).max(0);
    let level = match score {
        HIGH.. => ConfidenceLevel::High,
        GUARDED.. => ConfidenceLevel::Guarded,
        _ => ConfidenceLevel::Low,
    };
    Confidence { level, score: Some(score), reasons }
}

fn reason(finding: &Finding) -> Option<Reason> {
    const PLACES: [Place; 4] = [Place::Issue, Place::Exposure, Place::Operational, Place::PullRequests];
    let text = PLACES.iter().find_map(|place| finding.says_at(*place).next())?;
    let (_, issue, other) = WEIGHTS.iter().find(|(gravity, ..)| *gravity == finding.severity)?;
    let title = rule(finding.rule).map_or(finding.rule, |rule| rule.title);
    let weight = if finding.is_issue() { *issue } else { *other };
    Some(Reason { text: format!("{title}: {text}"), weight })
}
