//! Triggers over generated series: exact boundaries, gaps, what comes late, silence, and what belongs to a deploy.

use super::*;
use crate::diagnosis::rules::rollback_trigger::RULE;
use crate::diagnosis::testing::{NOW, Story};
use crate::diagnosis::{Policy, situation};
use crate::domain::signal::{Body, Outcome, Sample};
use crate::domain::{Signal, SignalId, SignalLog, SourceName};
use proptest::prelude::*;

const CATALOG: &str = r#"
[[service]]
name = "api"
criticality = "critical"
depends_on = ["store"]
consequence = "Orders fail."
metric = [
    { name = "5xx", measures = "errors", unit = "percent" },
    { name = "latency-p95", measures = "latency", unit = "milliseconds" },
    { name = "resets", measures = "errors" },
]
[service.rollback]
triggers = ["error rate > 5 % for 2 minutes"]
[[service.degradation]]
name = "without the store"
mode = "critical"
trigger = "store unreachable"
works = "reading"
fails = ["writing", "search"]
recovery = "by itself, once the store answers"

[[service]]
name = "store"
"#;

fn at(minutes: i64) -> Time {
    NOW + Span::minutes(minutes)
}

/// Samples of the error rate at minutes after a beginning.
fn told(samples: &[(i64, f64)]) -> Vec<(Time, f64)> {
    samples.iter().map(|(minute, value)| (at(*minute), *value)).collect()
}

fn catalog(trigger: &str) -> Catalog {
    let mut catalog: Catalog = toml::from_str(CATALOG).unwrap();
    let rollback = catalog.services[0].rollback.as_mut().unwrap();
    rollback.triggers = vec![trigger.to_owned()];
    catalog
}

fn state_of(trigger: &str, series: &str, samples: &[(Time, f64)], now: Time) -> TriggerState {
    let mut log = SignalLog::new();
    for (at, value) in samples {
        let sample = Sample::new(SeriesName::new(series), *value);
        log.insert(&Signal {
            id: SignalId::of("test", &format!("{at} {value}")),
            at: *at,
            source: SourceName::new("aws"),
            service: Some(ServiceName::new("api")),
            title: String::new(),
            body: Body::Sample(sample),
            link: None,
            raw: None,
        });
    }
    situation(&log, &catalog(trigger), &Policy::default(), &[], now).triggers.remove(0)
}

fn errors(samples: &[(i64, f64)], now: i64) -> TriggerState {
    state_of("error rate > 5 % for 2 minutes", "api/5xx", &told(samples), at(now))
}

#[test]
fn it_is_met_when_it_held_for_exactly_as_long_as_was_asked() {
    let says = |samples, now| {
        let state = errors(samples, now);
        (state.standing.word(), state.says)
    };
    assert_eq!(says(&[(0, 1.2), (1, 1.2)], 1), ("clear", "1.2 %, limit 5 %, held 0 of 2 min".into()));
    assert_eq!(says(&[(0, 1.0), (1, 6.0)], 1), ("holding", "6 %, limit 5 %, held 0 of 2 min".into()));
    assert_eq!(
        says(&[(0, 1.0), (1, 6.0), (2, 7.0)], 2),
        ("holding", "7 %, limit 5 %, held 1 of 2 min".into())
    );
    let exactly = errors(&[(0, 1.0), (1, 6.0), (2, 7.0), (3, 8.0)], 3);
    assert_eq!(exactly.standing, Standing::Met { since: at(1), met_at: at(3) });
    assert_eq!(exactly.says, "8 %, limit 5 %, held for 2m");
}

#[test]
fn exactly_at_the_limit_is_not_above_it() {
    assert_eq!(errors(&[(0, 5.0), (1, 5.0), (2, 5.0)], 2).standing, Standing::Clear);
    let least = state_of("5xx >= 5 % for 2 min", "api/5xx", &told(&[(0, 5.0), (1, 5.0), (2, 5.0)]), at(2));
    assert_eq!(least.standing.word(), "met");
}

#[test]
fn a_dip_a_gap_and_silence_begin_it_anew() {
    let dip = errors(&[(0, 6.0), (1, 6.0), (2, 4.0), (3, 6.0), (4, 6.0)], 4);
    assert_eq!(dip.standing, Standing::Holding { since: at(3) });
    let gap = errors(&[(0, 6.0), (1, 6.0), (2, 6.0), (3, 6.0), (4, 6.0), (14, 6.0)], 14);
    assert_eq!(gap.standing, Standing::Holding { since: at(14) });
    let silent = errors(&[(0, 6.0), (1, 6.0), (2, 6.0)], 13);
    assert_eq!(
        (silent.standing, silent.says.as_str()),
        (Standing::Unknown, "api/5xx was not measured for 11m")
    );
}

#[test]
fn time_that_was_not_measured_does_not_count_and_what_comes_late_does() {
    let early = errors(&[(0, 1.0), (1, 6.0), (2, 6.0)], 4);
    assert_eq!(early.says, "6 %, limit 5 %, held 1 of 2 min");
    let late = errors(&[(0, 1.0), (1, 6.0), (3, 6.0), (2, 6.0)], 4);
    assert_eq!(late.standing, Standing::Met { since: at(1), met_at: at(3) });
    let contradicted = errors(&[(0, 1.0), (1, 6.0), (3, 6.0), (2, 0.0)], 4);
    assert_eq!(contradicted.standing, Standing::Holding { since: at(3) });
}

#[test]
fn units_baselines_sums_and_words_between_conditions() {
    let slow = told(&[(0, 2_100.0), (1, 2_100.0)]);
    let seconds = state_of("p95 > 2 s for 1 minute", "api/latency-p95", &slow, at(1));
    assert_eq!(
        (seconds.standing.word(), seconds.says.as_str()),
        ("met", "2100 ms, limit 2000 ms, held for 1m")
    );
    let steady: Vec<_> =
        (-1_800..=0).map(|minute| (at(minute), if minute > -3 { 4.1 } else { 2.0 })).collect();
    let usual = state_of("5xx > 2 x baseline for 2 minutes", "api/5xx", &steady, at(0));
    assert_eq!((usual.standing.word(), usual.says.as_str()), ("met", "4.1 %, limit 4 %, held for 2m"));
    let counts = told(&[(0, 3.0), (1, 3.0)]);
    let both = state_of("resets > 5 in 2 minutes", "api/resets", &counts, at(1));
    assert_eq!((both.standing.word(), both.says.as_str()), ("met", "6, limit 5 within 2 min"));
    assert_eq!(state_of("resets > 5 in 2 minutes", "api/resets", &counts, at(3)).standing, Standing::Clear);
    let either = state_of("error rate > 9 % or resets > 5 in 2 minutes", "api/resets", &counts, at(1));
    assert_eq!((either.standing.word(), either.conditions.len()), ("met", 2));
    let each = state_of("error rate > 9 % and resets > 5 in 2 minutes", "api/resets", &counts, at(1));
    assert_eq!(
        (each.standing, each.says.as_str()),
        (Standing::Unknown, "api/5xx is not measured yet; 6, limit 5 within 2 min")
    );
}

#[test]
fn what_cannot_be_understood_or_found_says_so() {
    let says = |trigger| {
        let state = state_of(trigger, "api/5xx", &told(&[(0, 1.0)]), at(0));
        (state.standing, state.says)
    };
    let unknown = |why: &str| (Standing::Unknown, why.to_owned());
    assert_eq!(says("error rate > lots"), unknown("column 14: expected a number, found `lots`"));
    assert_eq!(
        says("beauty < 5"),
        unknown("api has no metric that is `beauty`; it has 5xx, latency-p95, resets")
    );
}

fn met() -> Story {
    Story::of(CATALOG).series("api/5xx", 1.0, 10, 8.0)
}

#[test]
fn a_deploy_that_meets_a_trigger_is_to_be_rolled_back_first_of_all() {
    let story =
        met().deploy(3_000, "api", "v6", Outcome::Succeeded).deploy(12, "api", "v7", Outcome::Succeeded);
    let found = story.found(&RULE);
    assert_eq!(found[0].id(), "rollback-trigger:api/v7");
    assert_eq!(found[0].since, at(-7));
    let situation = story.situation();
    assert_eq!(
        situation.actions[0].text,
        "Roll back api v7 to v6: error rate > 5 % for 2 minutes met since 02:33 UTC, after the deploy at 02:28 UTC."
    );
    assert_eq!(situation.actions[0].because, "it has been met for 7 min: 7.5 %, limit 5 %, held for 9m");
    assert_eq!(situation.actions.iter().filter(|action| action.text.starts_with("Roll back")).count(), 1);
    assert!(situation.triggers[0].demands_rollback);
    assert_eq!(situation.triggers[0].watch.as_ref().map(|watch| watch.until), Some(at(48)));
}

#[test]
fn what_was_so_before_the_deploy_or_long_after_it_is_none_of_its_doing() {
    let demands = |ago, outcome| {
        let story = met().deploy(ago, "api", "v7", outcome);
        story.situation().triggers[0].demands_rollback
    };
    assert!(
        demands(12, Outcome::Succeeded) && demands(60, Outcome::Succeeded) && demands(12, Outcome::Started)
    );
    assert!(!demands(8, Outcome::Succeeded), "it was bad before");
    assert!(!demands(70, Outcome::Succeeded), "too long after");
    assert!(!demands(12, Outcome::Failed) && !demands(12, Outcome::RolledBack));
    assert!(!met().situation().triggers[0].demands_rollback, "nothing was deployed");
    assert!(!met().deploy(12, "store", "v7", Outcome::Succeeded).situation().triggers[0].demands_rollback);
}

#[test]
fn a_trigger_met_in_time_stays_met_after_it_for_as_long_as_it_holds() {
    let story =
        Story::of(CATALOG).series("api/5xx", 1.0, 90, 8.0).deploy(92, "api", "v7", Outcome::Succeeded);
    assert!(story.situation().triggers[0].demands_rollback);
}

#[test]
fn a_mode_is_known_by_its_trigger() {
    let story = Story::of(CATALOG).check(9, "store", true);
    assert_eq!(story.situation().modes, []);
    let mode = story.check(4, "store", false).situation().modes.remove(0);
    assert_eq!((mode.name.as_str(), mode.mode, mode.since), ("without the store", Mode::Critical, at(-4)));
    assert_eq!((mode.works.len(), mode.fails.len(), mode.says.as_str()), (1, 2, "ready fails for 4m"));
}

#[test]
fn new_tasks_are_those_of_the_last_deploy() {
    let with = |ago| {
        let story =
            Story::of(&CATALOG.replace("error rate > 5 % for 2 minutes", "checks failing on new tasks"));
        let story =
            story.deploy(10, "api", "v7", Outcome::Started).check(30, "api", true).check(ago, "api", false);
        story.situation().triggers.remove(0)
    };
    assert!(with(5).demands_rollback);
    assert_eq!(with(20).standing, Standing::Clear);
}

#[test]
fn without_triggers_nothing_is_watched() {
    let story = Story::new().series("api/5xx", 0.5, 20, 8.0).deploy(22, "api", "v7", Outcome::Succeeded);
    let situation = story.situation();
    assert!(situation.triggers.is_empty() && situation.modes.is_empty());
    assert!(situation.issues.iter().all(|issue| issue.rule != RULE.id));
}

proptest! {
    /// Against the definition, minute by minute: met exactly when the last three samples, a minute apart, all hold.
    #[test]
    fn met_is_what_the_definition_says(values in prop::collection::vec(0_u8..10, 4..40)) {
        let samples: Vec<_> = (0..).zip(&values).map(|(minute, value)| (minute, f64::from(*value))).collect();
        let last = samples.len() as i64 - 1;
        let state = errors(&samples, last);
        let is_met = samples[samples.len() - 3..].iter().all(|(_, value)| *value > 5.0);
        prop_assert_eq!(state.standing.word() == "met", is_met, "{:?}", state);
    }

    /// The order in which measurements arrive changes nothing.
    #[test]
    fn what_comes_late_comes_to_the_same(mut samples in prop::collection::vec((0_i64..30, 0_u8..10), 1..30), seed in any::<u64>()) {
        samples.sort_unstable();
        samples.dedup_by_key(|(minute, _)| *minute);
        let of = |samples: &[(i64, u8)]| {
            let values: Vec<_> = samples.iter().map(|(minute, value)| (*minute, f64::from(*value))).collect();
            errors(&values, 30)
        };
        let before = of(&samples);
        let by = usize::try_from(seed % samples.len() as u64).unwrap_or(0);
        samples.rotate_left(by);
        prop_assert_eq!(of(&samples), before);
    }
}
