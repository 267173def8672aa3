//! CodeDeploy: deployments that were started, and how each ended.
//!
//! Deployments that are refused are left alone for a while and the others are told; their window stays open.

use super::pages::Pages;
use super::target::{Observed, Target, date, text, time};
use super::window::Window;
use super::{Concern, DENIED_PAUSE, EVERY, GOING_ON, console};
use crate::domain::signal::{Body, Deploy, Outcome};
use crate::domain::{ServiceName, Signal, Span, Time};
use crate::sources::words::{deploy_title, environment};
use crate::sources::{Failure, SourceError};
use aws_sdk_codedeploy::types::{
    DeploymentCreator, DeploymentInfo, DeploymentStatus, RevisionLocation, TimeRange,
};
use serde_json::json;
use std::collections::{HashSet, VecDeque};

const LIST: &str = "codedeploy:ListDeployments";
const GET: &str = "codedeploy:BatchGetDeployments";
const LOOK_BACK: Span = Span::days(7);
/// A deployment may run for long before it ends; whatever began within this is looked at again.
const OVERLAP: Span = Span::hours(6);
/// The most deployments CodeDeploy tells of at once.
const AT_ONCE: usize = 25;
const STEPS: usize = 6;

pub(super) struct Deployments {
    pages: Pages,
    is_listed: bool,
    ids: VecDeque<String>,
    /// Whether any deployment could be looked at since they were listed.
    is_answered: bool,
    refused: Option<Refused>,
    window: Window,
    held: Vec<Signal>,
}

/// Deployments that cannot be read, why, and until when they are not asked for again.
struct Refused {
    ids: HashSet<String>,
    why: SourceError,
    until: Time,
}

impl Default for Deployments {
    fn default() -> Self {
        Self {
            pages: Pages::default(),
            is_listed: false,
            ids: VecDeque::new(),
            is_answered: false,
            refused: None,
            window: Window::new(LOOK_BACK, OVERLAP),
            held: Vec::new(),
        }
    }
}

impl Concern for Deployments {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        for _ in 0..STEPS {
            match (self.is_listed, self.ids.is_empty()) {
                (false, _) => self.list(target, now).await?,
                (true, false) => match self.get(target, now).await {
                    Err(error) if error.kind == Failure::Broken => self.leave_out(error, now),
                    got => got?,
                },
                (true, true) => {
                    self.end(target.there(now))?;
                    return Ok(EVERY);
                }
            }
        }
        Ok(GOING_ON)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    fn afresh(&mut self) {
        (self.pages, self.is_listed, self.is_answered) = (Pages::default(), false, false);
        self.ids.clear();
        self.window.give_up();
    }

    fn note(&self) -> String {
        self.refused.as_ref().map(|refused| refused.why.to_string()).unwrap_or_default()
    }
}

impl Deployments {
    async fn list(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        self.refused.take_if(|refused| refused.until <= now);
        let (from, until) = self.window.open(target.there(now));
        let clients = target.within_its_share(now).await?;
        let created = TimeRange::builder().start(date(from)).end(date(until)).build();
        let asked = clients.codedeploy.list_deployments().create_time_range(created);
        let page = asked.set_next_token(self.pages.token()).send().await;
        let page = page.map_err(|error| target.trouble(LIST, &error))?;
        let is_refused =
            |id: &&String| self.refused.as_ref().is_some_and(|refused| refused.ids.contains(*id));
        self.ids.extend(page.deployments().iter().filter(|id| !is_refused(id)).cloned());
        self.is_listed = !self.pages.turn(LIST, page.next_token())?;
        Ok(())
    }

    /// Leaves out those that were asked for last.
    fn leave_out(&mut self, why: SourceError, now: Time) {
        let ids = self.ids.drain(..self.ids.len().min(AT_ONCE));
        let known = self.refused.take().map(|refused| refused.ids).unwrap_or_default();
        let ids = known.into_iter().chain(ids).collect();
        self.refused = Some(Refused { ids, why, until: now + DENIED_PAUSE });
    }

    /// All that were listed have been looked at, or left out; that nothing could be is a failure.
    fn end(&mut self, there: Time) -> Result<(), SourceError> {
        self.is_listed = false;
        let is_answered = std::mem::take(&mut self.is_answered);
        match &self.refused {
            None => self.window.close(there),
            Some(_) => self.window.give_up(),
        }
        let refused = self.refused.as_ref().filter(|_| !is_answered);
        refused.map_or(Ok(()), |refused| Err(refused.why.clone()))
    }

    async fn get(&mut self, target: &Target, now: Time) -> Result<(), SourceError> {
        let clients = target.within_its_share(now).await?;
        let some = self.ids.iter().take(AT_ONCE).cloned().collect();
        let asked = clients.codedeploy.batch_get_deployments().set_deployment_ids(Some(some));
        let page = asked.send().await.map_err(|error| target.trouble(GET, &error))?;
        let told = page.deployments_info().iter().flat_map(|one| deployment(target, &clients.region, one));
        let told: Vec<_> = told.filter(|signal| self.window.is_new(signal)).collect();
        self.held.extend(told);
        self.ids.drain(..self.ids.len().min(AT_ONCE));
        self.is_answered = true;
        Ok(())
    }
}

fn deployment(target: &Target, region: &str, one: &DeploymentInfo) -> Vec<Signal> {
    let (Some(began), Some(id)) = (time(one.start_time().or(one.create_time())), one.deployment_id()) else {
        return Vec::new();
    };
    let ended = one.status().and_then(ending).zip(time(one.complete_time()));
    let moments = std::iter::once((Outcome::Started, began)).chain(ended);
    moments.map(|(outcome, at)| moment(target, region, one, (id, began), (outcome, at))).collect()
}

fn moment(
    target: &Target,
    region: &str,
    one: &DeploymentInfo,
    (id, began): (&str, Time),
    (outcome, at): (Outcome, Time),
) -> Signal {
    let (application, group) = (text(one.application_name()), text(one.deployment_group_name()));
    let named = target.service_in(&application).or_else(|| target.service_in(&group));
    let service = named.unwrap_or_else(|| ServiceName::new(&application));
    let version = one.revision().map_or_else(|| text(Some(id)), version);
    let outcome =
        if outcome == Outcome::Failed && is_rolled_back(one) { Outcome::RolledBack } else { outcome };
    let why = one.error_information().and_then(|error| error.message());
    let body = Deploy {
        version,
        environment: environment(&[&group, &application]),
        outcome,
        previous: one.previous_revision().map(self::version),
        took: (outcome != Outcome::Started).then_some(at - began),
        cause: why.map(|why| text(Some(why))).filter(|_| outcome != Outcome::Started),
    };
    target.signal(Observed {
        external: format!("codedeploy/{id}/{}", if outcome == Outcome::Started { "began" } else { "ended" }),
        at,
        title: deploy_title(service.as_str(), &body),
        service: Some(service),
        body: Body::Deploy(body),
        link: Some(console::deployment(region, id)),
        raw: Some(json!({
            "deploymentId": id, "applicationName": application, "deploymentGroupName": group,
            "status": one.status().map(DeploymentStatus::as_str), "errorInformation": why,
            "creator": one.creator().map(DeploymentCreator::as_str),
        })),
    })
}

fn ending(status: &DeploymentStatus) -> Option<Outcome> {
    match status {
        DeploymentStatus::Succeeded => Some(Outcome::Succeeded),
        DeploymentStatus::Failed | DeploymentStatus::Stopped => Some(Outcome::Failed),
        _ => None,
    }
}

fn is_rolled_back(one: &DeploymentInfo) -> bool {
    one.rollback_info().is_some_and(|back| back.rollback_deployment_id().is_some())
}

/// The commit, the object or the digest, whatever the revision is named by.
fn version(revision: &RevisionLocation) -> String {
    let commit = revision.git_hub_location().and_then(|git| git.commit_id());
    let object = revision.s3_location().and_then(|object| object.key());
    let digest = revision.app_spec_content().and_then(|content| content.sha256());
    let name = commit.or(object).or(digest).unwrap_or("a revision without a name");
    text(Some(name.get(..12).filter(|_| commit.or(digest).is_some()).unwrap_or(name)))
}
