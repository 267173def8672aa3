//! GitHub, github.com or Enterprise: pull requests with their reviews, deployments, releases, and runs on the
//! default branch.
//!
//! Whether anything has changed is asked with a condition, which costs nothing of the server's limit while nothing
//! has; what has changed is asked in one GraphQL question a page.

#[cfg(feature = "github")]
pub mod app;
mod deployments;
mod graphql;
mod pull_requests;
mod releases;
mod runs;

use super::SourceError;
use super::forge::{Asking, Host, Owners, Page, Part, Want};
use super::http::{Answer, Api, Manners};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Where github.com answers.
pub const URL: &str = "https://api.github.com";

/// A fifth of what GitHub gives a token; what has not changed counts neither there nor here.
const REQUESTS_PER_HOUR: u32 = 1_000;

const FEEDS: &[&str] = &["pull requests", "deployments", "releases", "workflow runs"];

pub struct GitHub {
    api: Api,
    owners: Owners,
    /// The default branch by repository.
    branches: Mutex<HashMap<Arc<str>, String>>,
}

/// How GitHub likes to be asked; `renew` is what to do about a token that has expired.
pub fn manners(renew: String) -> Manners {
    Manners {
        accept: "application/vnd.github+json",
        version: Some(("x-github-api-version", "2022-11-28")),
        requests_per_hour: REQUESTS_PER_HOUR,
        renew,
    }
}

impl GitHub {
    pub fn new(api: Api, owners: Owners) -> Self {
        Self { api, owners, branches: Mutex::default() }
    }

    async fn page(&self, want: &Want) -> Result<Page, SourceError> {
        match want.feed {
            0 => pull_requests::page(self, want).await,
            1 => deployments::page(self, want).await,
            2 => releases::page(self, want).await,
            _ => runs::page(self, want).await,
        }
    }

    /// The first page of a list by its address, any other by the address it was pointed to with.
    async fn list(&self, want: &Want, first: &str) -> Result<Answer, SourceError> {
        match &want.part {
            Part::Older(next) => self.api.get(next).await,
            _ => self.api.get_if_new(first).await,
        }
    }

    async fn default_branch(&self, repository: &Arc<str>) -> Result<String, SourceError> {
        let known = self.branches.lock().unwrap_or_else(PoisonError::into_inner).get(repository).cloned();
        if let Some(branch) = known {
            return Ok(branch);
        }
        let answer = self.api.get(&format!("repos/{repository}")).await?;
        let branch = answer.body["default_branch"].as_str().unwrap_or("main").to_owned();
        let mut branches = self.branches.lock().unwrap_or_else(PoisonError::into_inner);
        branches.insert(Arc::clone(repository), branch.clone());
        Ok(branch)
    }
}

impl Host for GitHub {
    fn api(&self) -> &Api {
        &self.api
    }

    fn feeds(&self) -> &'static [&'static str] {
        FEEDS
    }

    fn ask<'a>(&'a self, want: &'a Want) -> Asking<'a> {
        Box::pin(self.page(want))
    }
}
