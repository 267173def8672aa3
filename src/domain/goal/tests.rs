//! Goals as people write them, what is wrong with those that are none, and printing that reads back.

use super::*;
use crate::domain::phrase::Scale;
use proptest::prelude::*;

fn read(text: &str) -> Goal {
    text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn wrong(text: &str) -> String {
    text.parse::<Goal>().expect_err(text).to_string()
}

#[test]
fn a_goal_is_read_as_people_write_it() {
    for (text, says) in [
        ("deploy_success_rate(14d) > 90%", "deploy_success_rate(14d) > 90 %"),
        ("mttd(30d) < 2m", "mttd(30d) < 2 min"),
        ("rollback_time(14d) max <= 15 minutes", "rollback_time(14d) max <= 15 min"),
        (
            "failures(vector:configuration, 14d) vs baseline down 60 %",
            "failures(vector: configuration, 14d) vs baseline down 60 %",
        ),
        ("incidents(label: #data-loss, 2w) <= 0", "incidents(label: data-loss, 14d) <= 0"),
        ("build_success_rate(7d, service: api) above 95 %", "build_success_rate(service: api, 7d) > 95 %"),
        ("api/5xx p95 over 7d < 1 %", "api/5xx p95 over 7d < 1 %"),
        ("api/failed under 1", "api/failed mean over 7d < 1"),
    ] {
        assert_eq!(read(text).to_string(), says, "{text}");
    }
}

#[test]
fn what_is_wrong_says_where_and_what_was_expected() {
    for (text, column, expected) in [
        ("", 1, "what to measure"),
        ("deploy_succes_rate(14d) > 90 %", 1, "what to measure: deploy_success_rate"),
        ("deploy_success_rate > 90 %", 21, "how far to look back, as in `deploy_success_rate(14d)`"),
        ("deploy_success_rate(14d > 90 %", 25, "`,` or `)`"),
        ("deploy_success_rate(vector: x, 14d) > 90 %", 21, "`service: NAME`"),
        ("deploy_success_rate(14d) > 5 min", 28, "a share, such as `90 %`"),
        ("mttd(30d) < 5 %", 13, "how long, such as `15 min`"),
        ("deploys(14d, 7d) > 5", 14, "one window"),
        ("deploys(14d)", 13, "what it is to come to"),
        ("failures(14d) vs usual down 60 %", 18, "`baseline`"),
        ("failures(14d) vs baseline 60 %", 27, "`down` or `up`"),
        ("failures(14d) vs baseline down 60", 34, "`%`"),
        ("api/5xx p42 over 7d < 1 %", 9, "what it is to come to"),
        ("deploys(14d) > 5 please", 18, "the end"),
    ] {
        let said = wrong(text);
        assert!(said.starts_with(&format!("column {column}: ")) && said.contains(expected), "{text}: {said}");
    }
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{0,12}( [a-z]{1,5})?"
}

fn window() -> impl Strategy<Value = Span> {
    prop_oneof![(1_i64..400).prop_map(Span::days), (1_i64..90).prop_map(Span::hours)]
}

fn goal() -> impl Strategy<Value = Goal> {
    let room = (0..WHATS.len(), proptest::option::of(name()), name(), 0..Stat::ALL.len() + 1, window())
        .prop_map(|(row, vector, service, stat, window)| {
            let row = WHATS[row];
            let of = Of {
                vector: vector.clone().filter(|_| row.takes.vector),
                service: row.takes.service.then(|| ServiceName::new(service)),
                label: vector.filter(|_| row.takes.label),
            };
            let stat = Stat::ALL.get(stat).copied().filter(|_| row.yields == Yields::Length);
            (Measure::Room { what: row.what, of, stat, window }, row.yields)
        });
    let series =
        (name(), name(), 0..Stat::ALL.len(), window()).prop_map(|(service, metric, stat, window)| {
            let series = SeriesName::new(format!("{service}/{metric}"));
            (Measure::Series { series, stat: Stat::ALL[stat], window }, Yields::Percent)
        });
    (prop_oneof![room, series], 0..Compare::ALL.len(), 0_u32..100_000, any::<bool>()).prop_map(
        |((measure, yields), compare, hundredths, is_change)| {
            let value = f64::from(hundredths) / 100.0;
            let scale = match yields {
                Yields::Percent => Scale::Percent,
                Yields::Count => Scale::Plain,
                Yields::Length => Scale::Minutes,
            };
            let target = match is_change {
                true => Target::Change(Way::Down, value),
                false => Target::Limit(Compare::ALL[compare], Amount { value, scale }),
            };
            Goal { measure, target }
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back_the_same(goal in goal()) {
        prop_assert_eq!(goal.to_string().parse::<Goal>(), Ok(goal));
    }

    #[test]
    fn no_text_panics_and_every_fault_lies_in_it(text in ".{0,60}") {
        if let Err(fault) = text.parse::<Goal>() {
            prop_assert!((1..=text.chars().count() + 1).contains(&fault.column), "{}", fault);
        }
    }

    #[test]
    fn nearly_a_goal_never_panics(words in proptest::collection::vec("deploys|failures|[(]|[)]|,|14d|vector:|api/5xx|p95|over|>|5 %|vs|baseline|down|\"", 0..9)) {
        let _ = words.join(" ").parse::<Goal>();
    }
}
