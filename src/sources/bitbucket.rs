//! Bitbucket Cloud: pull requests with their reviews and sizes, pipelines on the main branch, deployments.
//!
//! It has no conditions and gives a thousand requests an hour, so a workspace is asked which of its repositories have
//! changed, what has not changed since the last time is recognised by when it did, and only the rest is looked into.

mod deployments;
pub mod oauth;
mod pipelines;
mod pull_requests;
mod workspaces;

use super::SourceError;
use super::forge::{Asking, Host, Listening, Owners, Page, Part, Want, time};
use super::http::{Answer, Api, Manners};
use crate::domain::Time;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub const URL: &str = "https://api.bitbucket.org/2.0";

/// Half of what Bitbucket gives.
const REQUESTS_PER_HOUR: u32 = 500;

const FEEDS: &[&str] = &["pull requests", "pipelines", "deployments"];

pub struct Bitbucket {
    api: Api,
    owners: Owners,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The main branch by repository.
    branches: HashMap<Arc<str>, String>,
    /// The names of environments by their ids.
    environments: HashMap<String, String>,
    /// When each pull request had last changed when it was last looked into.
    looked_into: HashMap<(Arc<str>, u64), String>,
}

/// How Bitbucket likes to be asked; `renew` is what to do about a token that has expired.
pub fn manners(renew: String) -> Manners {
    Manners { accept: "application/json", version: None, requests_per_hour: REQUESTS_PER_HOUR, renew }
}

impl Bitbucket {
    pub fn new(api: Api, owners: Owners) -> Self {
        Self { api, owners, known: Mutex::default() }
    }

    async fn page(&self, want: &Want) -> Result<Page, SourceError> {
        match (want.feed, &want.part) {
            (0, Part::Detail(request)) => pull_requests::detail(self, want, request).await,
            (0, _) => pull_requests::page(self, want).await,
            (1, _) => pipelines::page(self, want).await,
            _ => deployments::page(self, want).await,
        }
    }

    async fn list(&self, want: &Want, first: &str) -> Result<Answer, SourceError> {
        match &want.part {
            Part::Older(next) => self.api.get(next).await,
            _ => self.api.get(first).await,
        }
    }

    /// All pages of a list, at most so many.
    async fn all(&self, first: String, pages: usize) -> Result<Vec<Value>, SourceError> {
        let mut values = Vec::new();
        let mut next = Some(first);
        for _ in 0..pages {
            let Some(address) = next else { break };
            let mut answer = self.api.get(&address).await?;
            next = self::next(&answer.body);
            if let Some(Value::Array(listed)) = answer.body.get_mut("values").map(Value::take) {
                values.extend(listed);
            }
        }
        Ok(values)
    }

    async fn main_branch(&self, repository: &Arc<str>) -> Result<String, SourceError> {
        let known = self.known().branches.get(repository).cloned();
        if let Some(branch) = known {
            return Ok(branch);
        }
        let answer = self.api.get(&format!("repositories/{repository}")).await?;
        let branch =
            answer.body.pointer("/mainbranch/name").and_then(Value::as_str).unwrap_or("main").to_owned();
        self.known().branches.insert(Arc::clone(repository), branch.clone());
        Ok(branch)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Bitbucket {
    fn api(&self) -> &Api {
        &self.api
    }

    fn feeds(&self) -> &'static [&'static str] {
        FEEDS
    }

    fn ask<'a>(&'a self, want: &'a Want) -> Asking<'a> {
        Box::pin(self.page(want))
    }

    fn stirred<'a>(&'a self, repositories: &'a [Arc<str>], since: Time) -> Option<Listening<'a>> {
        Some(Box::pin(workspaces::stirred(self, repositories, since)))
    }
}

fn next(body: &Value) -> Option<String> {
    body["next"].as_str().map(str::to_owned)
}

/// What somebody is called; Bitbucket has told three names over the years, not all of them everywhere.
fn person(user: &Value) -> String {
    let name = ["nickname", "display_name", "username"].iter().find_map(|name| user[*name].as_str());
    crate::domain::text::clean(name.unwrap_or("somebody"))
}

/// The moments the things on a list have under a name.
fn moments<'v>(body: &'v Value, pointer: &'v str) -> impl Iterator<Item = Time> + 'v {
    let values = body["values"].as_array().into_iter().flatten();
    values.filter_map(move |value| time(value.pointer(pointer)))
}
