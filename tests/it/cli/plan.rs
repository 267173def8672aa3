//! `sitroom plan`: what the team wrote beside what is measured, in words and in JSON.

use super::Shell;
use serde_json::Value;

const MIGRATION: [&str; 2] = ["--scenario", "payments-migration"];

fn page(shell: &Shell, arguments: &[&str]) -> Value {
    let all = [&["plan", "--json"], arguments].concat();
    serde_json::from_str(&shell.done(&all)).unwrap()
}

#[test]
fn what_is_measured_stands_beside_what_was_written() {
    let shell = Shell::new();
    let page = page(&shell, &MIGRATION);
    assert_eq!(page["schema"], "sitroom/plan/1");
    assert_eq!(page["plan"]["failure_rate"], "70 %");
    let measured = &page["measured"];
    assert_eq!((&measured["failures"]["failed"], &measured["day"]), (&Value::from(40), &Value::from(15)));
    assert_eq!(measured["vectors"][1]["share"], 25.0);
    assert_eq!(measured["deploy_order"][0], serde_json::json!(["account-service", "audit-service"]));
    let verdicts: Vec<_> = measured["metrics"].as_array().unwrap().iter().map(|it| &it["verdict"]).collect();
    assert!(verdicts.contains(&&Value::from("met")) && verdicts.contains(&&Value::from("for-people")));
}

#[test]
fn an_earlier_moment_has_its_own_numbers_and_the_same_bytes_every_time() {
    let shell = Shell::new();
    let earlier = [&MIGRATION[..], &["--at", "+1m"]].concat();
    assert_eq!(page(&shell, &earlier)["measured"]["failures"]["failed"], 39, "v3.9.0 is not out yet");
    let all = [&["plan", "--json"], &earlier[..]].concat();
    assert_eq!(shell.done(&all), shell.done(&all));
}

#[test]
fn it_is_told_in_words() {
    let text = Shell::new().done(&[&["plan"], &MIGRATION[..]].concat());
    for said in [
        "Deployments failed: 70 % (40 of 57 in 30d), 70 % said",
        "Migrations that cannot be undone: 25 % of failures (10), 25 % said; 80 % of recovery time",
        "days 15-30 (today): Seeing and running it",
        "metric Rolled back within 15 minutes: not met, 67 min, to be <= 15 min",
        "The change itself interrupts service: has come true",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn where_there_is_no_plan_it_says_how_to_come_by_one() {
    let answer = Shell::new().run(&["plan", "--scenario", "checkout-deploy"]);
    answer.complains(2, "there is no plan", "docs/PLAN.md");
}
