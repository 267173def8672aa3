//! Plans that are wrong, and what follows from one that is not.

use super::*;

fn wrong(text: &str) -> String {
    toml::from_str::<Plan>(text).unwrap_err().message().to_owned()
}

#[test]
fn what_is_wrong_is_refused_with_the_way_to_write_it() {
    assert!(wrong("failure_rate = \"most\"").contains("write 70 % or 40-50 %"));
    assert!(wrong("failure_rate = \"50-40 %\"").contains("not a share"));
    assert!(wrong("[[phase]]\nname = 'x'\ndays = '9-2'").contains("write 1-7 or 4"));
    let task = "[[phase]]\nname = 'x'\ndays = '1'\ntask = [{ title = 'y', progress = 101 }]";
    assert!(wrong(task).contains("0 to 100"));
    let goal = "[[phase]]\nname = 'x'\ndays = '1'\nmetric = [{ name = 'y', goal = 'mttd(3d) < 5 %' }]";
    assert!(
        wrong(goal).contains("column 12: expected how long") || wrong(goal).contains("column 13"),
        "{}",
        wrong(goal)
    );
    assert!(
        wrong("[[vector]]\nid = 'x'\nrecognised = { kinds = ['confg'] }").contains("not a kind of signal")
    );
}

#[test]
fn days_are_counted_from_the_first_of_the_plan() {
    let plan: Plan = toml::from_str("started = '2026-03-02'\n[[phase]]\nname = 'x'\ndays = '1-7'").unwrap();
    let day = |text: &str| plan.day(text.parse().unwrap());
    assert_eq!(day("2026-03-01T23:59:59Z"), None);
    assert_eq!(day("2026-03-02T00:00:00Z"), Some(1));
    assert_eq!(day("2026-03-16T16:00:00Z"), Some(15));
    assert!(plan.phases[0].days.contains(7) && !plan.phases[0].days.contains(8));
}

#[test]
fn a_phase_has_come_as_far_as_its_tasks_on_average() {
    let phase = |tasks: &str| {
        let plan = toml::from_str::<Plan>(&format!("[[phase]]\nname = 'x'\ndays = '1'\ntask = [{tasks}]"));
        plan.unwrap().phases[0].progress().map(Progress::percent)
    };
    assert_eq!(phase(""), None);
    assert_eq!(phase("{ title = 'a', progress = 100 }, { title = 'b' }"), Some(50));
}

#[test]
fn a_share_said_as_a_range_holds_what_lies_in_it() {
    let share: Share = "40–50 %".parse().unwrap();
    assert_eq!(share.to_string(), "40-50 %");
    assert!(share.holds(43.75) && share.holds(39.6) && !share.holds(51.0));
}
