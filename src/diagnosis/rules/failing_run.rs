//! Pipelines of main branches that keep failing.

use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::{Kind, Outcome};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "failing-run",
    version: 1,
    title: "Failing pipeline",
    about: "A workflow of a main branch whose latest runs all failed.",
    looks_at: &[Kind::Run],
    thresholds: &[Threshold::new("in-a-row", 2.0, "failed runs before it is said")],
    says: "{workflow} of {repository} fails; {workflow} of {repository} failed {n} times in a row",
    step: Span::hours(1),
    evaluate,
};

const MAIN: [&str; 3] = ["main", "master", "trunk"];

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let in_a_row = view.limit(&RULE, "in-a-row").max(1.0);
    let mut findings = Vec::new();
    for ((repository, workflow, branch), timeline) in &view.history.runs {
        let ended: Vec<_> =
            timeline.until(view.now).iter().filter(|run| run.body.outcome != Outcome::Started).collect();
        let failed = ended.iter().rev().take_while(|run| run.body.outcome == Outcome::Failed).count();
        if !MAIN.contains(&branch.as_str()) || (failed as f64) < in_a_row {
            continue;
        }
        let first = ended[ended.len() - failed];
        let name = format!("{workflow} of {repository}");
        findings.push(
            Finding::new(&RULE, format!("{repository}/{workflow}/{branch}"), first.at())
                .weighing(Gravity::Low)
                .issue(format!("{name} fails"), "A fix could not be shipped from there now.")
                .says(Place::PullRequests, format!("{name} failed {failed} times in a row on {branch}"))
                .number("failed in a row", failed as f64, "")
                .remedy("fix-run", vec![("name", name)])
                .signal(first),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn a_main_branch_that_keeps_failing_is_told() {
        let failing = |branch| Story::new().run(60, branch, Outcome::Failed).run(9, branch, Outcome::Failed);
        assert_eq!(failing("main").said(&RULE, Place::Issue), ["build of back/api fails"]);
        assert_eq!(failing("feature").found(&RULE), []);
        assert_eq!(failing("main").run(1, "main", Outcome::Succeeded).found(&RULE), []);
    }
}
