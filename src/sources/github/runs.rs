//! Workflow runs on the default branch that came to an end: the ones that failed, and the ones that mended it.

use super::GitHub;
use crate::domain::signal::{Outcome, Run};
use crate::domain::text::clean;
use crate::domain::{Body, Time};
use crate::sources::SourceError;
use crate::sources::forge::{Observed, Page, Want, each};
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct WorkflowRun {
    id: u64,
    #[serde(default)]
    run_attempt: u64,
    name: Option<String>,
    #[serde(default)]
    run_number: u64,
    #[serde(default)]
    event: String,
    conclusion: Option<String>,
    created_at: Time,
    updated_at: Time,
    html_url: Option<String>,
}

pub(super) async fn page(host: &GitHub, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let branch = host.default_branch(repository).await?;
    let answer = host.list(want, &address(repository, &branch)).await?;
    if answer.is_unchanged {
        return Ok(Page { is_unchanged: true, ..Page::default() });
    }
    let mut page = Page { next: answer.next.clone(), ..Page::default() };
    for (run, _) in each::<WorkflowRun>(answer.body.get("workflow_runs"), "workflow runs")? {
        page.oldest = Some(page.oldest.map_or(run.created_at, |oldest| oldest.min(run.created_at)));
        let Some(outcome) = outcome(run.conclusion.as_deref()) else { continue };
        let workflow = clean(run.name.as_deref().unwrap_or("workflow"));
        let said = if outcome == Outcome::Failed { "failed" } else { "succeeded" };
        page.observed.push(Observed {
            external: format!("{repository}/run/{}/{}", run.id, run.run_attempt),
            at: run.updated_at,
            service: host.owners.named(repository, &[&workflow]),
            title: format!("{workflow} #{} {said} on {branch} of {repository}", run.run_number),
            link: run.html_url,
            raw: json!({
                "id": run.id, "run_attempt": run.run_attempt, "name": workflow, "event": run.event,
                "conclusion": run.conclusion, "updated_at": run.updated_at,
            }),
            body: Body::Run(Run {
                repository: repository.to_string(),
                workflow,
                branch: branch.clone(),
                outcome,
            }),
        });
    }
    host.api.remember(&answer);
    Ok(page)
}

fn address(repository: &str, branch: &str) -> String {
    let mut query = Url::parse("http://h/").expect("a constant");
    let parts =
        [("branch", branch), ("status", "completed"), ("exclude_pull_requests", "true"), ("per_page", "50")];
    query.query_pairs_mut().extend_pairs(parts);
    format!("repos/{repository}/actions/runs?{}", query.query().unwrap_or_default())
}

/// What was cancelled or skipped says nothing about the branch.
fn outcome(conclusion: Option<&str>) -> Option<Outcome> {
    match conclusion? {
        "success" => Some(Outcome::Succeeded),
        "failure" | "timed_out" | "startup_failure" => Some(Outcome::Failed),
        _ => None,
    }
}
