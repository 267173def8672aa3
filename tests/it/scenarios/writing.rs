//! Writing a scenario: what is said about mistakes, what the manual promises, and that no text does harm.

use super::{lines, read, told};
use proptest::prelude::*;
use sitroom::sources::scenario::{FORMS, Scenario};

const DOCUMENTATION: &str = include_str!("../../../docs/SCENARIOS.md");

/// A small file without mistakes, to make mistakes in.
const SMALL: &str = r#"title = "Small"
room = "test"
ends = "2026-03-18T14:29:00Z"
plays_from = "-10m"
speed = 10

[[service]]
name = "api"
repositories = ["team/api"]
metric = [{ name = "5xx", measures = "errors", unit = "percent" }]
endpoint = [{ name = "pay", critical = true }]

[[service]]
name = "worker"
depends_on = ["api"]

[[series]]
service = "api"
metric = "5xx"
from = "-1h"
base = 0.5

[[reviews]]
repositories = ["team/api"]
from = "-14d"
to = "-1d"
median = "1.4h"
reviewers = { dana = 3 }
number = 1

[[scene]]
name = "all there is"
signals = '''
-5m  deploy api v1.2.3 took=4m
-4m  alarm api api-5xx ok -> alarm metric=5xx
-3m  pr team/api #7 merged by=lee lines=+10-2 "Seven"
-2m  config worker concurrency 40 -> 120
'''
steps = '''
-1m dana declare 2 "It fails" services=api
-1m sam ic take
-9s lee f -1m it has begun #api
'''
"#;

/// What is broken, how, and what is said about it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("deploy api", "depoly api", "34: `depoly` is not a kind of signal; did you mean `deploy`?"),
    ("deploy api", "deploy apy", "34: `apy` is not a service of the catalog; did you mean `api`?"),
    ("took=4m", "tok=4m", "34: `tok` is not a key of this line; did you mean `took`?"),
    ("took=4m", "took=4", "34: `4` is not a span; write 90s, 12m, 1h30m, 2.6h or 3d"),
    (
        "took=4m",
        "took=4m twice",
        "34: `twice` is one word too many; text of several words goes in double quotes, a comment after `# `",
    ),
    (
        " v1.2.3 took=4m",
        "",
        "34: the version is missing; write `TIME deploy SERVICE VERSION [took=…] [from=…] [outcome=…] [cause=…] [env=…]`",
    ),
    ("-5m ", "5 ", "34: `5` is not a time; write -23m, 14:06, -3d@09:30 or 2026-03-16T14:06"),
    ("ok -> alarm", "ok -> alram", "35: `alram` is not a state; did you mean `alarm`?"),
    ("ok -> alarm", "alarm ->", "35: `metric=5xx` is not a state; write one of ok, alarm, no-data, gone"),
    ("metric=5xx\n", "metric=5xx endpoint=pya\n", "35: `pya` is not an endpoint of api; did you mean `pay`?"),
    (
        "team/api #7",
        "team/apis #7",
        "36: `team/apis` is not a repository of any service; did you mean `team/api`?",
    ),
    ("#7 merged", "7 merged", "36: `7` is not a number; write it as #42"),
    ("\"Seven\"", "\"Seven", "36: a quoted text does not end; close it with \""),
    ("+10-2", "12", "36: `lines=12` cannot be read; write lines=+640-172"),
    (
        "-2m  config",
        "-5m  deploy api v1.2.3\n-2m  config",
        "37: this is the signal of line 34 once more; change its time or leave it out",
    ),
    ("declare 2", "declare 9", "40: `9` is not a severity; write 1, 2, 3, 4 or 5"),
    ("ic take", "ic tkae", "41: `tkae` is not done with command; did you mean `take`?"),
    (
        "lee f -1m",
        "lee say -1m",
        "42: `say` is not what a person can do; write one of declare, ic, role, sev, resolve, close, sign, withdraw, f, h, d, a, c, q, n",
    ),
    ("base = 0.5", "bsae = 0.5", "21: unknown field `bsae`; did you mean `base`?"),
    ("base = 0.5", "base = -1.0", "17: `base = -1` cannot be; write a number from 0 up"),
    ("metric = \"5xx\"", "metric = \"5x\"", "17: `5x` is not a metric of api; did you mean `5xx`?"),
    ("from = \"-1h\"", "from = \"-1h\"\nevery = \"5ms\"", "17: `every = 5ms` is too often; write 1s or more"),
    ("median = \"1.4h\"", "median = \"fast\"", "23: `fast` is not a span; write 90s, 12m, 1h30m, 2.6h or 3d"),
    (
        "reviewers = { dana = 3 }",
        "reviewers = {}",
        "23: nobody reviews; write reviewers = { dana = 9, sam = 8 }",
    ),
    (
        "depends_on = [\"api\"]",
        "depends_on = [\"apo\"]",
        "15: `apo` is not what worker depends on: it is not in the catalog; did you mean `api`?",
    ),
    (
        "name = \"worker\"",
        "name = \"worker\"\nteir = \"core\"",
        "15: unknown field `teir`; did you mean `tier`?",
    ),
    ("[[series]]", "[[seires]]", "17: unknown field `seires`; did you mean `series`?"),
    (
        "ends = \"2026-03-18T14:29:00Z\"",
        "ends = \"noon\"",
        "3: `ends = noon` is not a moment; write ends = \"2026-03-16T16:00:00Z\"",
    ),
    ("speed = 10", "speed = 0", "5: `speed = 0` leads nowhere; write how many times faster, speed = 30"),
    (
        "plays_from = \"-10m\"",
        "plays_from = \"+10m\"",
        "4: `plays_from` comes after the end; write plays_from = \"-25m\"",
    ),
];

#[test]
fn a_mistake_is_named_with_its_line_and_its_fix() {
    let mut wrong = Vec::new();
    for (whole, broken, expected) in MISTAKES {
        let said = match Scenario::parse("small.toml", &SMALL.replacen(whole, broken, 1)) {
            Ok(_) => String::new(),
            Err(problems) => problems.first().unwrap().to_string(),
        };
        if said.strip_prefix("small.toml:").unwrap_or(&said) != *expected {
            wrong.push(format!("{broken}\n  says   {said}\n  not    {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn many_mistakes_are_shown_at_once_in_the_order_of_the_file() {
    let broken = SMALL
        .replace("title = ", "titel = ")
        .replace("deploy api", "depoly api")
        .replace("sam ic take", "sam ic tkae")
        .replace("base = 0.5", "bsae = 0.5");
    let problems = Scenario::parse("small.toml", &broken).unwrap_err();
    assert_eq!(problems.len(), 4, "{}", lines(&problems));
    assert!(problems.is_sorted_by_key(|problem| problem.line));
}

#[test]
fn every_form_of_a_line_is_documented() {
    for form in &FORMS {
        assert!(DOCUMENTATION.contains(form.shape), "{} is missing", form.shape);
        for key in form.keys {
            assert!(DOCUMENTATION.contains(&format!("`{key}")), "{}: {key} is missing", form.shape);
        }
    }
}

#[test]
fn the_example_of_the_documentation_is_a_scenario() {
    let example = DOCUMENTATION.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let scenario = read("example.toml", example);
    assert!(told(&scenario).len() > 1_000 && !scenario.steps().is_empty());
}

#[test]
fn hostile_text_is_harmless_once_it_is_read() {
    let hostile =
        SMALL.replace("\"Seven\"", "\"Se\u{202e}ven\"").replace("\"Small\"", r#""\u001b]0;x\u0007Small""#);
    let scenario = read("small.toml", &hostile);
    let titles: String =
        told(&scenario).into_iter().map(|signal| signal.title + &signal.raw.unwrap_or_default()).collect();
    assert!(titles.contains("Seven") && !titles.chars().any(sitroom::domain::text::is_hostile));
    assert_eq!(scenario.title(), "Small");
}

fn mutated(text: &str, place: usize, cut: usize, insert: &str) -> String {
    let from = text.floor_char_boundary(place % (text.len() + 1));
    let to = text.floor_char_boundary((from + cut).min(text.len()));
    format!("{}{insert}{}", &text[..from], &text[to..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
        let _ = Scenario::parse("any.toml", &text);
    }

    #[test]
    fn no_line_makes_the_parser_panic(line in "[-+0-9a-z:@#\"=>'. ]{0,60}", kind in 0_usize..11, step in "[-0-9a-z:# \"=]{0,60}") {
        let shape = FORMS[kind].shape;
        let text = SMALL.replace("-5m  deploy", &format!("-6m {shape} {line}\n-5m  deploy"));
        let text = text.replace("'''\n-1m dana", &format!("'''\n{step}\n-1m dana"));
        let _ = Scenario::parse("any.toml", &text);
    }

    #[test]
    fn no_change_to_a_small_file_makes_it_panic(place in 0_usize..10_000, cut in 0_usize..12, insert in "[-+0-9a-z\"'=\\[\\]{}>#. \n]{0,12}") {
        if let Ok(scenario) = Scenario::parse("any.toml", &mutated(SMALL, place, cut, &insert)) {
            prop_assert!(scenario.signals_until(scenario.end()).take(2_000).count() <= 2_000);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_change_to_a_built_in_makes_it_panic(which in 0_usize..2, place in 0_usize..100_000, cut in 0_usize..40, insert in "[-+0-9a-z\"'=>#. \n]{0,12}") {
        let text = Scenario::built_in()[which % Scenario::built_in().len()].text;
        let _ = Scenario::parse("any.toml", &mutated(text, place, cut, &insert));
    }
}
