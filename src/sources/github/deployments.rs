//! Deployments and what became of them, with their statuses in the same answer.

use super::{GitHub, graphql};
use crate::domain::signal::{Deploy, Outcome};
use crate::domain::text::clean;
use crate::domain::{Body, ServiceName, Time};
use crate::sources::SourceError;
use crate::sources::forge::{Observed, Page, Part, Want, each};
use crate::sources::words::deploy_title;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

const QUESTION: &str = "query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    list: deployments(first: 50, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId environment task description createdAt commitOid ref { name prefix } creator { login }
        statuses(first: 20) { nodes { id state createdAt description logUrl environmentUrl } }
      }
    }
  }
}";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deployment {
    database_id: u64,
    environment: Option<String>,
    task: Option<String>,
    description: Option<String>,
    created_at: Time,
    commit_oid: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<Value>,
    statuses: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    id: String,
    state: String,
    created_at: Time,
    log_url: Option<String>,
    environment_url: Option<String>,
}

/// What each service runs in each environment.
type Running = HashMap<(ServiceName, String), String>;

pub(super) async fn page(host: &GitHub, want: &Want) -> Result<Page, SourceError> {
    let probe = match want.part {
        Part::Older(_) => None,
        _ => {
            let list = format!("repos/{}/deployments?per_page=50", want.repository);
            let probe = host.api.get_if_new(&list).await?;
            if probe.is_unchanged {
                return Ok(Page { is_unchanged: true, ..Page::default() });
            }
            Some(probe)
        }
    };
    let listed = graphql::list(host, want, QUESTION).await?;
    let mut page = Page { next: listed.next, ..Page::default() };
    let mut deployments = each::<Deployment>(listed.list.get("nodes"), "deployments")?;
    deployments.sort_by_key(|(deployment, _)| deployment.created_at);
    page.oldest = deployments.first().map(|(deployment, _)| deployment.created_at);
    let mut running = Running::new();
    for (deployment, raw) in &deployments {
        page.observed.extend(observed(host, &want.repository, deployment, raw, &mut running));
    }
    if let Some(probe) = probe {
        host.api.remember(&probe);
    }
    Ok(page)
}

/// The beginning, and every status that says how it ended; what ran before is only known of a service.
fn observed(
    host: &GitHub,
    repository: &str,
    deployment: &Deployment,
    raw: &Value,
    running: &mut Running,
) -> Vec<Observed> {
    let environment = clean(deployment.environment.as_deref().unwrap_or("production"));
    let version = deployment.version();
    let words =
        [deployment.task.as_deref(), deployment.environment.as_deref(), deployment.description.as_deref()];
    let words: Vec<_> = words.into_iter().flatten().collect();
    let service = host.owners.named(repository, &words);
    let place = service.clone().map(|service| (service, environment.clone()));
    let before = place.as_ref().and_then(|place| running.get(place));
    let previous = before.filter(|previous| **previous != version).cloned();
    let statuses = deployment.statuses.as_ref().and_then(|statuses| statuses.get("nodes"));
    let mut statuses = each::<Status>(statuses, "statuses").unwrap_or_default();
    statuses.sort_by_key(|(status, _)| status.created_at);
    let began = began(deployment.created_at, &statuses);
    let told = |id: String, at: Time, outcome, link: Option<String>| {
        let took = (outcome != Outcome::Started).then(|| at - began.unwrap_or(deployment.created_at));
        let body = Deploy {
            version: version.clone(),
            environment: environment.clone(),
            outcome,
            previous: previous.clone(),
            took,
            cause: None,
        };
        let page = format!("{}/{repository}/deployments", host.api.web());
        Observed {
            external: format!("{repository}/deployment/{}/{id}", deployment.database_id),
            at,
            title: deploy_title(service.as_ref().map_or(repository, ServiceName::as_str), &body),
            service: service.clone(),
            body: Body::Deploy(body),
            link: link.or(Some(page)),
            raw: json!({"deployment": raw}),
        }
    };
    let started = began.map(|began| told("started".to_owned(), began, Outcome::Started, None));
    let mut observed = Vec::from_iter(started);
    for (status, _) in statuses {
        let Some(outcome) = outcome(&status.state) else { continue };
        if let Some(place) = place.clone().filter(|_| outcome == Outcome::Succeeded) {
            running.insert(place, version.clone());
        }
        observed.push(told(status.id, status.created_at, outcome, status.log_url.or(status.environment_url)));
    }
    observed
}

impl Deployment {
    /// The tag that was deployed, else the beginning of the commit's name: a branch is another version each day.
    fn version(&self) -> String {
        let reference = self.reference.as_ref();
        let tag = reference.filter(|it| it["prefix"] == "refs/tags/").and_then(|it| it["name"].as_str());
        let commit = self.commit_oid.as_deref().map(|commit| commit.chars().take(7).collect::<String>());
        clean(&tag.map(str::to_owned).or(commit).unwrap_or_else(|| "a version without a name".to_owned()))
    }
}

/// When it began to go out: one that waits for people or for its turn has not, and then begins when it is let go.
fn began(created_at: Time, statuses: &[(Status, Value)]) -> Option<Time> {
    let waits = |state: &str| matches!(state, "WAITING" | "QUEUED" | "PENDING");
    let went_on = || statuses.iter().find(|(status, _)| !waits(&status.state));
    match statuses.first() {
        Some((first, _)) if waits(&first.state) => went_on().map(|(status, _)| status.created_at),
        _ => Some(created_at),
    }
}

/// `inactive` says only that another one came after it.
fn outcome(state: &str) -> Option<Outcome> {
    match state {
        "SUCCESS" => Some(Outcome::Succeeded),
        "FAILURE" | "ERROR" => Some(Outcome::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_no_version_and_a_tag_is() {
        let version = |reference: Value| {
            let deployment = json!({"databaseId": 1, "createdAt": "2026-03-18T14:00:00Z", "ref": reference,
                "commitOid": "0123456789abcdef"});
            serde_json::from_value::<Deployment>(deployment).unwrap().version()
        };
        assert_eq!(version(json!({"name": "v2", "prefix": "refs/tags/"})), "v2");
        for no_tag in [json!({"name": "main", "prefix": "refs/heads/"}), json!(null)] {
            assert_eq!(version(no_tag), "0123456");
        }
    }

    #[test]
    fn what_waits_for_people_has_not_begun() {
        let at = |minute: i64| Time::from_millis(minute * 60_000);
        let statuses = |states: &[&str]| -> Vec<(Status, Value)> {
            let of = |(minute, state): (i64, &&str)| {
                let status = Status {
                    id: String::new(),
                    state: (*state).to_owned(),
                    created_at: at(minute),
                    log_url: None,
                    environment_url: None,
                };
                (status, Value::Null)
            };
            (1..).zip(states).map(of).collect()
        };
        let table: [(&[&str], _); 4] = [
            (&[], Some(at(0))),
            (&["IN_PROGRESS", "SUCCESS"], Some(at(0))),
            (&["WAITING", "QUEUED"], None),
            (&["WAITING", "QUEUED", "IN_PROGRESS", "SUCCESS"], Some(at(3))),
        ];
        for (states, expected) in table {
            assert_eq!(began(at(0), &statuses(states)), expected, "{states:?}");
        }
    }
}
