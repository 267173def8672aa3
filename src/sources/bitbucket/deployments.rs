//! Deployments of pipelines to environments.

use super::{Bitbucket, next};
use crate::domain::signal::{Deploy, Outcome, is_production};
use crate::domain::text::clean;
use crate::domain::{Body, ServiceName, Time};
use crate::sources::SourceError;
use crate::sources::forge::{Observed, Page, Want, each, time};
use crate::sources::words::deploy_title;
use serde::Deserialize;
use serde_json::Value;

/// Nobody has more environments in a repository.
const MOST_PAGES: usize = 5;

/// What its moments are called: as it is seen to tell them, and as its description has them.
const STARTED: [&str; 2] = ["started_on", "start_date"];
const ENDED: [&str; 2] = ["completed_on", "completion_date"];

#[derive(Deserialize)]
struct Deployment {
    uuid: String,
    state: Value,
    #[serde(default)]
    environment: Value,
    #[serde(default)]
    release: Value,
}

pub(super) async fn page(host: &Bitbucket, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let first = format!("repositories/{repository}/deployments?sort=-state.started_on&pagelen=50");
    let body = host.list(want, &first).await?.body;
    let mut page = Page { next: next(&body), ..Page::default() };
    for (deployment, raw) in each::<Deployment>(body.get("values"), "deployments")? {
        let Some(started) = moment(&deployment.state, STARTED) else { continue };
        page.oldest = Some(page.oldest.map_or(started, |oldest| oldest.min(started)));
        let ended_at = ended(&deployment).map(|(_, at)| at);
        page.newest = page.newest.max(Some(started)).max(ended_at);
        if started >= want.since || ended_at.is_some_and(|at| at >= want.since) {
            let environment = environment(host, repository, &deployment.environment).await?;
            page.observed.extend(observed(host, repository, &deployment, started, &environment, &raw));
        }
    }
    Ok(page)
}

async fn environment(host: &Bitbucket, repository: &str, told: &Value) -> Result<String, SourceError> {
    let Some(uuid) = told["uuid"].as_str() else { return Ok("production".to_owned()) };
    let known = host.known().environments.get(uuid).cloned();
    if let Some(name) = known {
        return Ok(name);
    }
    let listed = host.all(format!("repositories/{repository}/environments?pagelen=100"), MOST_PAGES).await?;
    let mut known = host.known();
    for environment in &listed {
        if let (Some(uuid), Some(name)) = (environment["uuid"].as_str(), environment["name"].as_str()) {
            let kind = environment.pointer("/environment_type/name").and_then(Value::as_str);
            known.environments.insert(uuid.to_owned(), called(&clean(name).to_lowercase(), kind));
        }
    }
    // One that was taken away since is asked for only once.
    Ok(known
        .environments
        .entry(uuid.to_owned())
        .or_insert_with(|| "an environment that is gone".to_owned())
        .clone())
}

/// Bitbucket says of each environment what it is for, whatever a team calls it.
fn called(name: &str, kind: Option<&str>) -> String {
    let is_said = is_production(name);
    if kind == Some("Production") && !is_said { format!("production ({name})") } else { name.to_owned() }
}

fn observed(
    host: &Bitbucket,
    repository: &str,
    deployment: &Deployment,
    started: Time,
    environment: &str,
    raw: &Value,
) -> Vec<Observed> {
    let text = |pointer: &str| deployment.release.pointer(pointer).and_then(Value::as_str);
    let commit = text("/commit/hash").map(|hash| hash.chars().take(7).collect::<String>());
    let version = clean(&text("/name").map(str::to_owned).or(commit).unwrap_or_default());
    let service = host.owners.named(repository, &[environment]);
    let link = text("/url").or_else(|| deployment.state["url"].as_str()).map(str::to_owned);
    let told = |word: &str, at: Time, outcome: Outcome| {
        let what = service.as_ref().map_or(repository, ServiceName::as_str);
        let took = (outcome != Outcome::Started).then(|| at - started);
        let (version, environment) = (version.clone(), environment.to_owned());
        let is_stopped = outcome == Outcome::Failed && status(deployment) == Some("STOPPED");
        let cause = is_stopped.then(|| "stopped".to_owned());
        let body = Deploy { version, environment, outcome, previous: None, took, cause };
        Observed {
            external: format!("{repository}/deployment/{}/{word}", deployment.uuid),
            at,
            title: deploy_title(what, &body),
            service: service.clone(),
            body: Body::Deploy(body),
            link: link.clone(),
            raw: raw.clone(),
        }
    };
    let end = ended(deployment).map(|(outcome, at)| told("ended", at, outcome));
    std::iter::once(told("started", started, Outcome::Started)).chain(end).collect()
}

fn moment(state: &Value, names: [&str; 2]) -> Option<Time> {
    names.iter().find_map(|name| time(state.get(*name)))
}

fn status(deployment: &Deployment) -> Option<&str> {
    deployment.state.pointer("/status/name").and_then(Value::as_str)
}

fn ended(deployment: &Deployment) -> Option<(Outcome, Time)> {
    let outcome = match status(deployment)? {
        "SUCCESSFUL" => Outcome::Succeeded,
        "FAILED" | "ERROR" | "STOPPED" => Outcome::Failed,
        _ => return None,
    };
    Some((outcome, moment(&deployment.state, ENDED)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_environment_for_production_is_that_whatever_it_is_called() {
        assert_eq!(called("live eu", Some("Production")), "live eu");
        assert_eq!(called("customers", Some("Production")), "production (customers)");
        assert_eq!(called("customers", Some("Staging")), "customers");
    }

    #[test]
    fn a_deployment_that_was_stopped_has_ended() {
        let deployment = json!({"uuid": "u", "state": {"status": {"name": "STOPPED"},
            "completed_on": "2026-03-18T14:00:00Z"}});
        let deployment: Deployment = serde_json::from_value(deployment).unwrap();
        assert_eq!(ended(&deployment).map(|(outcome, _)| outcome), Some(Outcome::Failed));
    }
}
