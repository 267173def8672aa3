//! Pipelines on the main branch that came to an end.

use super::{Bitbucket, moments, next};
use crate::domain::signal::{Outcome, Run};
use crate::domain::text::clean;
use crate::domain::{Body, Time};
use crate::sources::SourceError;
use crate::sources::forge::{Observed, Page, Want, each};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Pipeline {
    uuid: String,
    build_number: u64,
    state: Value,
    #[serde(default)]
    target: Value,
    completed_on: Option<Time>,
}

pub(super) async fn page(host: &Bitbucket, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let branch = host.main_branch(repository).await?;
    let first = format!("repositories/{repository}/pipelines?sort=-created_on&pagelen=50");
    let body = host.list(want, &first).await?.body;
    let newest = moments(&body, "/created_on").chain(moments(&body, "/completed_on")).max();
    let oldest = moments(&body, "/created_on").min();
    let mut page = Page { next: next(&body), oldest, newest, ..Page::default() };
    for (pipeline, _) in each::<Pipeline>(body.get("values"), "pipelines")? {
        let is_main = pipeline.target["ref_name"] == branch.as_str();
        let outcome = pipeline.state.pointer("/result/name").and_then(Value::as_str).and_then(outcome);
        if let (true, Some(outcome), Some(at)) = (is_main, outcome, pipeline.completed_on) {
            page.observed.push(observed(host, repository, &branch, &pipeline, outcome, at));
        }
    }
    Ok(page)
}

fn observed(
    host: &Bitbucket,
    repository: &str,
    branch: &str,
    pipeline: &Pipeline,
    outcome: Outcome,
    at: Time,
) -> Observed {
    let workflow = workflow(&pipeline.target);
    let said = if outcome == Outcome::Failed { "failed" } else { "succeeded" };
    let web = host.api.web();
    Observed {
        external: format!("{repository}/pipeline/{}", pipeline.uuid),
        at,
        service: host.owners.named(repository, &[&workflow]),
        title: format!("{workflow} #{} {said} on {branch} of {repository}", pipeline.build_number),
        link: Some(format!("{web}/{repository}/pipelines/results/{}", pipeline.build_number)),
        raw: json!({"uuid": pipeline.uuid, "build_number": pipeline.build_number, "state": pipeline.state}),
        body: Body::Run(Run {
            repository: repository.to_owned(),
            workflow,
            branch: branch.to_owned(),
            outcome,
        }),
    }
}

/// A custom pipeline has a name of its own; all others are the pipeline of the branch.
fn workflow(target: &Value) -> String {
    let is_custom = target.pointer("/selector/type").and_then(Value::as_str) == Some("custom");
    let name = target.pointer("/selector/pattern").and_then(Value::as_str).filter(|_| is_custom);
    clean(name.unwrap_or("pipeline"))
}

fn outcome(result: &str) -> Option<Outcome> {
    match result {
        "SUCCESSFUL" => Some(Outcome::Succeeded),
        "FAILED" | "ERROR" => Some(Outcome::Failed),
        _ => None,
    }
}
