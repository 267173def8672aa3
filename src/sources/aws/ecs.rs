//! ECS services: their deployments from start to outcome, how many tasks are wanted, and what ECS says of them.
//!
//! A cluster that is refused is left alone for a while and the others go on; what it missed it tells afterwards.

use super::pages::Pages;
use super::target::{Observed, Target, text, time};
use super::window::Window;
use super::{Concern, DENIED_PAUSE, EVERY, GOING_ON, console};
use crate::domain::signal::{Body, Change, Deploy, Log, Outcome};
use crate::domain::{ServiceName, Signal, Span, Time};
use crate::sources::SourceError;
use crate::sources::words::{deploy_title, environment};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, ServiceEvent};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, VecDeque};

const CLUSTERS: &str = "ecs:ListClusters";
const SERVICES: &str = "ecs:ListServices";
const DESCRIBE: &str = "ecs:DescribeServices";
/// The most services ECS describes at once.
const AT_ONCE: usize = 10;
const STEPS: usize = 8;
const PAGE: i32 = 100;
const LOOK_BACK: Span = Span::days(7);
/// ECS shows deployments and messages some seconds after the time it gives them, and changes them later.
const OVERLAP: Span = Span::minutes(10);
/// What a message of ECS says when something is wrong.
const WORRYING: [&str; 5] = ["unable", "failed", "unhealthy", "rolling back", "was unable"];

#[derive(Default)]
pub(super) struct Services {
    pages: Pages,
    to_do: VecDeque<Step>,
    /// Those that have been asked, by how they are called.
    clusters: BTreeMap<String, Cluster>,
    desired: HashMap<String, i32>,
    held: Vec<Signal>,
}

struct Cluster {
    window: Window,
    /// Why it cannot be read, and until when it is not asked again.
    trouble: Option<(SourceError, Time)>,
}

#[derive(Clone)]
enum Step {
    Clusters,
    Cluster(String),
    Services(String, Vec<String>),
}

impl Step {
    fn cluster(&self) -> Option<&str> {
        match self {
            Self::Clusters => None,
            Self::Cluster(name) | Self::Services(name, _) => Some(name),
        }
    }
}

/// Where a service runs, for titles and links.
struct Place<'a> {
    target: &'a Target,
    region: &'a str,
    cluster: String,
    name: String,
    service: ServiceName,
}

impl Default for Cluster {
    fn default() -> Self {
        Self { window: Window::new(LOOK_BACK, OVERLAP), trouble: None }
    }
}

impl Concern for Services {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        if self.to_do.is_empty() {
            self.begin(target, now);
        }
        for _ in 0..STEPS {
            // A step stays until it is done, so that a poll cut off halfway goes on with it.
            let Some(step) = self.to_do.front().cloned() else { break };
            let done = match &step {
                Step::Clusters => self.list_clusters(target, now).await,
                Step::Cluster(cluster) => self.services(target, now, cluster.clone()).await,
                Step::Services(cluster, names) => self.describe(target, now, cluster, names.clone()).await,
            };
            match (done, step.cluster()) {
                (Err(error), Some(cluster)) if error.kind.is_of_the_question() => {
                    self.leave_alone(cluster, error, now);
                }
                (done, _) => done?,
            }
        }
        if !self.to_do.is_empty() {
            return Ok(GOING_ON);
        }
        self.close(target.there(now));
        self.common_trouble()?;
        Ok(EVERY)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    fn afresh(&mut self) {
        self.pages = Pages::default();
        self.to_do.clear();
    }

    fn note(&self) -> String {
        let mut troubled = self.clusters.iter().filter_map(|(name, it)| Some((name, it.trouble.as_ref()?)));
        let said =
            |(name, (why, _)): (&String, &(SourceError, Time))| format!("{}: {why}", text(Some(last(name))));
        troubled.next().map(said).unwrap_or_default()
    }
}

impl Services {
    fn begin(&mut self, target: &Target, now: Time) {
        for cluster in self.clusters.values_mut() {
            cluster.trouble.take_if(|(_, until)| *until <= now);
        }
        let named = &target.account().clusters;
        if named.is_empty() {
            self.to_do.push_back(Step::Clusters);
        }
        named.iter().for_each(|cluster| self.ask(cluster));
    }

    fn ask(&mut self, cluster: &str) {
        let is_left_alone = self.clusters.get(cluster).is_some_and(|known| known.trouble.is_some());
        if !is_left_alone {
            self.to_do.push_back(Step::Cluster(cluster.to_owned()));
        }
    }

    /// Drops what was still to be asked of a cluster; its window stays where it is.
    fn leave_alone(&mut self, cluster: &str, error: SourceError, now: Time) {
        self.pages = Pages::default();
        self.to_do.retain(|step| step.cluster() != Some(cluster));
        let left = self.clusters.entry(cluster.to_owned()).or_default();
        left.window.give_up();
        left.trouble = Some((error, now + DENIED_PAUSE));
    }

    fn close(&mut self, there: Time) {
        let read = self.clusters.values_mut().filter(|cluster| cluster.trouble.is_none());
        read.for_each(|cluster| cluster.window.close(there));
    }

    /// What is wrong when no cluster can be read.
    fn common_trouble(&self) -> Result<(), SourceError> {
        let is_everywhere = self.clusters.values().all(|cluster| cluster.trouble.is_some());
        let first = self.clusters.values().next().and_then(|cluster| cluster.trouble.clone());
        first.filter(|_| is_everywhere).map_or(Ok(()), |(error, _)| Err(error))
    }

    async fn list_clusters(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let asked = clients.ecs.list_clusters().max_results(PAGE).set_next_token(self.pages.token());
        let page = asked.send().await.map_err(|error| target.trouble(CLUSTERS, &error))?;
        page.cluster_arns().iter().for_each(|cluster| self.ask(cluster));
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
        if !self.pages.turn(action, next)? {
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
        let window = &mut self.clusters.entry(cluster.to_owned()).or_default().window;
        let (from, _) = window.open(target.there(now));
        // What is told has been turned to our clock.
        let from = target.clock().here(from);
        for service in page.services() {
            let place = Place::of(target, &clients.region, cluster, service);
            let mut told = deployments(&place, service);
            told.extend(service.events().iter().filter_map(|event| said(&place, event)));
            told.extend(scaling(&mut self.desired, &place, service, target.there(now)));
            told.retain(|signal| signal.at >= from && window.is_new(signal));
            self.held.extend(told);
        }
        self.to_do.pop_front();
        Ok(())
    }
}

/// How many are wanted, where it is not what it was when last looked.
fn scaling(
    desired: &mut HashMap<String, i32>,
    place: &Place<'_>,
    service: &Service,
    there: Time,
) -> Option<Signal> {
    let after = service.desired_count();
    let before = desired.insert(service.service_arn().unwrap_or_default().to_owned(), after)?;
    let title = format!("{} desired-count {before} → {after}", place.service);
    let body = Body::Scaling(Change {
        key: "desired-count".to_owned(),
        before: Some(before.to_string()),
        after: Some(after.to_string()),
        by: String::new(),
    });
    let external = format!("desired/{}/{}", place.name, there.millis());
    (before != after).then(|| place.signal(&external, there, title, body, "health"))
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
        let environment = environment(&[&place.cluster]);
        let body = Deploy { version, environment, outcome, previous, took, cause };
        let title = deploy_title(place.service.as_str(), &body);
        // What failed may turn out to be taken back.
        let moment = match outcome {
            Outcome::Started => "began",
            Outcome::Succeeded | Outcome::Failed => "ended",
            Outcome::RolledBack => "rolled-back",
        };
        let external = format!("{id}/{moment}");
        let mut signal = place.signal(&external, at, title, Body::Deploy(body), "deployments");
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

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
