//! What the lines of a scenario are read against: its end, its catalog, and where its repositories live.
//!
//! A name that is not in the catalog is a mistake in the file, found here with its nearest neighbour.

use super::moment::Moments;
use crate::domain::catalog::Unit;
use crate::domain::{Catalog, SeriesName, Service, ServiceName};
use crate::sources::written::Mistake;

pub(super) struct Setting<'c> {
    pub(super) moments: Moments,
    pub(super) catalog: &'c Catalog,
    /// Repositories on Bitbucket; the others are on GitHub.
    pub(super) bitbucket: &'c [String],
}

impl Setting<'_> {
    pub(super) fn service(&self, name: &str) -> Result<ServiceName, Mistake> {
        self.entry(name).map(|service| service.name.clone())
    }

    pub(super) fn endpoint(&self, service: &ServiceName, name: &str) -> Result<(), Mistake> {
        let known: Vec<_> = self.entry(service.as_str())?.endpoints.iter().map(|e| e.name.as_str()).collect();
        if known.contains(&name) {
            return Ok(());
        }
        Err(Mistake::unknown(&format!("an endpoint of {service}"), name, &known))
    }

    pub(super) fn series(&self, service: &ServiceName, metric: &str) -> Result<(SeriesName, Unit), Mistake> {
        let metrics = &self.entry(service.as_str())?.metrics;
        let Some(found) = metrics.iter().find(|known| known.name == metric) else {
            let known: Vec<_> = metrics.iter().map(|metric| metric.name.as_str()).collect();
            return Err(Mistake::unknown(&format!("a metric of {service}"), metric, &known));
        };
        Ok((SeriesName::new(format!("{service}/{metric}")), found.unit))
    }

    /// The service whose code a repository holds.
    pub(super) fn owner_of(&self, repository: &str) -> Result<ServiceName, Mistake> {
        let holds = |service: &&Service| service.repositories.iter().any(|known| known == repository);
        let known = || self.catalog.services.iter().flat_map(|service| &service.repositories);
        match self.catalog.services.iter().find(holds) {
            Some(service) => Ok(service.name.clone()),
            None => {
                let known: Vec<_> = known().map(String::as_str).collect();
                Err(Mistake::unknown("a repository of any service", repository, &known))
            }
        }
    }

    pub(super) fn host_of(&self, repository: &str) -> &'static str {
        if self.bitbucket.iter().any(|known| known == repository) { "bitbucket" } else { "github" }
    }

    fn entry(&self, name: &str) -> Result<&Service, Mistake> {
        self.catalog.service(name).ok_or_else(|| {
            let known: Vec<_> = self.catalog.services.iter().map(|service| service.name.as_str()).collect();
            Mistake::unknown("a service of the catalog", name, &known)
        })
    }
}
