//! Whether this is a moment to release: a hundred, less a printed weight for everything that speaks against it.

use super::rule::{Finding, Place};
use super::rules::rule;
use super::say::list;
use super::situation::{Confidence, ConfidenceLevel, Gravity, Level, Reason, State};
use super::view::View;

/// What an issue takes away, and what a finding that is no issue does.
pub(super) const WEIGHTS: [(Gravity, i64, i64); 3] =
    [(Gravity::High, -15, -5), (Gravity::Medium, -8, -4), (Gravity::Low, -4, -2)];

/// What every critical service takes away of which nothing is known.
pub(super) const UNKNOWN: i64 = -8;

/// More of them are counted and not named.
const NAMED: usize = 3;

/// From here on confidence is high, or guarded; below it is low.
pub(super) const HIGH: i64 = 80;
pub(super) const GUARDED: i64 = 50;

/// Of a system that nobody has looked at nothing is known, whatever speaks against it.
pub(super) fn confidence(view: &View<'_>, findings: &[Finding], state: &State) -> Confidence {
    let system = state.level;
    let mut reasons: Vec<Reason> = findings.iter().filter_map(reason).collect();
    reasons.extend(unseen(view, state).filter(|_| system > Level::Unknown));
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

fn unseen(view: &View<'_>, state: &State) -> Option<Reason> {
    let (unknown, _) = view.unknown_critical(&state.services);
    let weight = UNKNOWN * i64::try_from(unknown.len()).ok().filter(|count| *count > 0)?;
    let mut named: Vec<_> = unknown.iter().take(NAMED).map(ToString::to_string).collect();
    named.extend((unknown.len() > NAMED).then(|| format!("{} more", unknown.len() - NAMED)));
    let are = if unknown.len() == 1 { "is" } else { "are" };
    Some(Reason { text: format!("Critical and unknown: nothing tells how {} {are}", list(&named)), weight })
}

fn reason(finding: &Finding) -> Option<Reason> {
    const PLACES: [Place; 4] = [Place::Issue, Place::Exposure, Place::Operational, Place::PullRequests];
    let text = PLACES.iter().find_map(|place| finding.says_at(*place).next())?;
    let (_, issue, other) = WEIGHTS.iter().find(|(gravity, ..)| *gravity == finding.severity)?;
    let title = rule(finding.rule).map_or(finding.rule, |rule| rule.title);
    let weight = if finding.is_issue() { *issue } else { *other };
    Some(Reason { text: format!("{title}: {text}"), weight })
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::Story;
    use crate::domain::signal::AlarmState;

    #[test]
    fn a_critical_service_that_nothing_measures_is_said_and_weighs() {
        let story = Story::new().alarm(30, "api", "api-5xx", AlarmState::Ok);
        let one = story.situation();
        let said = "Nothing is known to be wrong, but 1 of 2 critical services was never measured.";
        assert_eq!(one.state.sentence, said);
        let reasons: Vec<_> = one.confidence.reasons.iter().map(|it| (it.weight, it.text.as_str())).collect();
        assert!(reasons.contains(&(-8, "Critical and unknown: nothing tells how web is")), "{reasons:?}");
        let both = story.alarm(30, "web", "web-5xx", AlarmState::Ok).situation();
        assert_eq!(both.state.sentence, "System operating within normal range.");
        assert!(both.confidence.score > one.confidence.score);
    }
}
