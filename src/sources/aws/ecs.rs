//! ECS services: their deployments from start to outcome, how many tasks are wanted, and what ECS says of them.

use super::pages::Pages;
use super::target::{Observed, Target, text, time};
use super::window::Window;
use super::{Concern, EVERY, GOING_ON, console};
use crate::domain::signal::{Body, Change, Deploy, Log, Outcome};
use crate::domain::{ServiceName, Signal, Span, Time};
use crate::sources::{Polled, SourceError};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, ServiceEvent};
use serde_json::json;
use std::collections::{HashMap, VecDeque};

const CLUSTERS: &str = "ecs:ListClusters";
const SERVICES: &str = "ecs:ListServices";
const DESCRIBE: &str = "ecs:DescribeServices";
/// The most services ECS describes at once.
const AT_ONCE: usize = 10;
const STEPS: usize = 8;
const PAGE: i32 = 100;
const LOOK_BACK: Span = Span::days(7);
/// What a message of ECS says when something is wrong.
const WORRYING: [&str; 5] = ["unable", "failed", "unhealthy", "rolling back", "was unable"];

pub(super) struct Services {
    pages: Pages,
    to_do: VecDeque<Step>,
    desired: HashMap<String, i32>,
    window: Window,
    held: Vec<Signal>,
}

enum Step {
    Clusters,
    Cluster(String),
    Services(String, Vec<String>),
}

/// Where a service runs, for titles and links.
struct Place<'a> {
    target: &'a Target,
    region: &'a str,
    cluster: String,
    name: String,
    service: ServiceName,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            pages: Pages::default(),
            to_do: VecDeque::new(),
            desired: HashMap::new(),
            window: Window::new(LOOK_BACK, Span::ZERO),
            held: Vec::new(),
        }
    }
}

impl Concern for Services {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Polled, SourceError> {
        if self.to_do.is_empty() {
            self.begin(target);
        }
        for _ in 0..STEPS {
            let Some(step) = self.to_do.front() else { break };
            // A step stays until it is done, so that a poll cut off halfway goes on with it.
            match step {
                Step::Clusters => self.clusters(target, now).await?,
                Step::Cluster(cluster) => self.services(target, now, cluster.clone()).await?,
                Step::Services(cluster, names) => {
                    let (cluster, names) = (cluster.clone(), names.clone());
                    self.describe(target, now, &cluster, names).await?;
                }
            }
        }
        let again_in = if self.to_do.is_empty() { EVERY } else { GOING_ON };
        if self.to_do.is_empty() {
            self.window.close();
        }
        Ok(Polled { signals: std::mem::take(&mut self.held), again_in })
    }
}

impl Services {
    fn begin(&mut self, target: &Target) {
        let named = &target.account().clusters;
        self.to_do = match named.is_empty() {
            true => [Step::Clusters].into(),
            false => named.iter().cloned().map(Step::Cluster).collect(),
        };
    }

    async fn clusters(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let asked = clients.ecs.list_clusters().max_results(PAGE).set_next_token(self.pages.token());
        let page = asked.send().await.map_err(|error| target.trouble(CLUSTERS, &error))?;
        self.to_do.extend(page.cluster_arns().iter().cloned().map(Step::Cluster));
        self.turn(CLUSTERS, page.next_token())
    }

    async fn services(&mut self, target: &Target, now: Time, cluster: String) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let asked = clients.ecs.list_services().cluster(&cluster).max_results(PAGE);
        let page = asked.set_next_token(self.pages.token()).send().await;
        let page = page.map_err(|error| target.trouble(SERVICES, &error))?;
        let some = page.service_arns().chunks(AT_ONCE);
        self.to_do.extend(some.map(|names| Step::Services(cluster.clone(), names.to_vec())));
        self.turn(SERVICES, page.next_token())
    }

    fn turn(&mut self, action: &str, next: Option<&str>) -> Result<(), SourceError> {
        let goes_on = self.pages.turn(action, next).inspect_err(|_| self.to_do.clear())?;
        if !goes_on {
            self.to_do.pop_front();
        }
        Ok(())
    }

    async fn describe(
        &mut self,
        target: &Target,
        now: Time,
        cluster: &str,
        names: Vec<String>,
    ) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let asked = clients.ecs.describe_services().cluster(cluster).set_services(Some(names));
        let page = asked.send().await.map_err(|error| target.trouble(DESCRIBE, &error))?;
        let (from, _) = self.window.open(now);
        for service in page.services() {
            let place = Place::of(target, &clients.region, cluster, service);
            let mut told = deployments(&place, service);
            told.extend(service.events().iter().filter_map(|event| said(&place, event)));
            told.extend(self.scaling(&place, service, now));
            told.retain(|signal| signal.at >= from && self.window.is_new(signal));
            self.held.extend(told);
        }
        self.to_do.pop_front();
        Ok(())
    }

    /// How many are wanted, where it is not what it was when last looked.
    fn scaling(&mut self, place: &Place<'_>, service: &Service, now: Time) -> Option<Signal> {
        let after = service.desired_count();
        let before = self.desired.insert(service.service_arn().unwrap_or_default().to_owned(), after)?;
        let title = format!("{} desired-count {before} → {after}", place.service);
        let body = Body::Scaling(Change {
            key: "desired-count".to_owned(),
            before: Some(before.to_string()),
            after: Some(after.to_string()),
            by: String::new(),
        });
        let external = format!("desired/{}/{}", place.name, now.millis());
        (before != after).then(|| place.signal(&external, now, title, body, "health"))
    }
}

impl<'a> Place<'a> {
    fn of(target: &'a Target, region: &'a str, cluster: &str, service: &Service) -> Self {
        let name = text(service.service_name());
        Self {
            target,
            region,
            cluster: text(Some(last(cluster))),
            service: target.service_in(&name).unwrap_or_else(|| ServiceName::new(&name)),
            name,
        }
    }

    fn signal(&self, external: &str, at: Time, title: String, body: Body, tab: &str) -> Signal {
        self.target.signal(Observed {
            external: format!("ecs/{}/{external}", self.cluster),
            at,
            service: Some(self.service.clone()),
            title,
            body,
            link: Some(console::service(self.region, &self.cluster, &self.name, tab)),
            raw: None,
        })
    }
}

fn deployments(place: &Place<'_>, service: &Service) -> Vec<Signal> {
    service.deployments().iter().flat_map(|one| deployment(place, service, one)).collect()
}

/// That it began, and how it ended where it has.
fn deployment(place: &Place<'_>, service: &Service, one: &Deployment) -> Vec<Signal> {
    let (Some(began), Some(id)) = (time(one.created_at()), one.id()) else { return Vec::new() };
    let ended = outcome(service, one).zip(ended_at(service, one));
    let moments = std::iter::once((Outcome::Started, began)).chain(ended);
    let tell = |(outcome, at): (Outcome, Time)| {
        let (version, previous) = (version(one), previous(service, one));
        let took = (outcome != Outcome::Started).then_some(at - began);
        let cause = (outcome != Outcome::Started && outcome != Outcome::Succeeded)
            .then(|| text(one.rollout_state_reason()))
            .filter(|cause| !cause.is_empty());
        let title = format!("{} {version} {}", place.service, ending(outcome));
        let body = Body::Deploy(Deploy {
            version,
            environment: environment(&place.cluster),
            outcome,
            previous,
            took,
            cause,
        });
        let mut signal = place.signal(&format!("{id}/{}", ending(outcome)), at, title, body, "deployments");
        signal.raw = Some(place.raw(one));
        signal
    };
    moments.map(tell).collect()
}

impl Place<'_> {
    fn raw(&self, one: &Deployment) -> String {
        let raw = json!({
            "id": one.id(), "status": one.status(), "taskDefinition": one.task_definition(),
            "desiredCount": one.desired_count(), "runningCount": one.running_count(),
            "failedTasks": one.failed_tasks(), "rolloutState": one.rollout_state().map(DeploymentRolloutState::as_str),
            "rolloutStateReason": one.rollout_state_reason(), "cluster": self.cluster, "service": self.name,
        });
        crate::domain::text::clean_lines(&format!("{raw:#}"))
    }
}

fn outcome(service: &Service, one: &Deployment) -> Option<Outcome> {
    match one.rollout_state()? {
        DeploymentRolloutState::Completed => Some(Outcome::Succeeded),
        DeploymentRolloutState::Failed => {
            let is_back =
                |one: &Deployment| one.rollout_state_reason().is_some_and(|why| why.contains("rolling back"));
            Some(if service.deployments().iter().any(is_back) {
                Outcome::RolledBack
            } else {
                Outcome::Failed
            })
        }
        _ => None,
    }
}

/// ECS changes a deployment's own time whenever its counts change; its message keeps the moment.
fn ended_at(service: &Service, one: &Deployment) -> Option<Time> {
    let id = one.id()?;
    let speaks = |event: &&ServiceEvent| {
        let said = event.message().unwrap_or_default();
        said.contains(id) && (said.contains("deployment completed") || said.contains("deployment failed"))
    };
    let told = service.events().iter().find(speaks).and_then(|event| time(event.created_at()));
    told.or_else(|| time(one.updated_at()))
}

fn version(one: &Deployment) -> String {
    text(Some(last(one.task_definition().unwrap_or_default())))
}

/// What runs, or ran last, besides this deployment: the last that completed.
fn previous(service: &Service, one: &Deployment) -> Option<String> {
    let is_before = |other: &&Deployment| {
        other.id() != one.id()
            && time(other.created_at()) < time(one.created_at())
            && other.rollout_state() != Some(&DeploymentRolloutState::Failed)
    };
    service.deployments().iter().filter(is_before).max_by_key(|other| time(other.created_at())).map(version)
}

fn said(place: &Place<'_>, event: &ServiceEvent) -> Option<Signal> {
    let (id, at, message) = (event.id()?, time(event.created_at())?, text(event.message()));
    let is_worrying = WORRYING.iter().any(|word| message.contains(word));
    let level = if is_worrying { "warn" } else { "info" }.to_owned();
    let body = Body::Log(Log { level, group: format!("ecs/{}/{}", place.cluster, place.name) });
    Some(place.signal(&format!("event/{id}"), at, message, body, "events"))
}

fn ending(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Started => "started",
        Outcome::Succeeded => "deployed",
        Outcome::Failed => "failed",
        Outcome::RolledBack => "rolled back",
    }
}

/// A cluster that is named after another environment is one; all others count as production.
fn environment(cluster: &str) -> String {
    const OTHERS: [&str; 6] = ["staging", "stage", "test", "dev", "qa", "sandbox"];
    let mut words = cluster.split(|c: char| !c.is_alphanumeric());
    let named = words.find(|word| OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other)));
    named.map_or_else(|| "production".to_owned(), str::to_lowercase)
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_says_its_environment_in_a_word_of_its_own() {
        assert_eq!(environment("prod-eu"), "production");
        assert_eq!(environment("web-Staging"), "staging");
        assert_eq!(environment("latest"), "production");
    }
}
