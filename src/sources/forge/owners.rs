//! Which services a change belongs to: by the repositories of the catalog, and within one by its services' paths.

use crate::domain::{Catalog, ServiceName};
use crate::sources::catalog::Current;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// By the catalog as it is at the moment of each question.
#[derive(Debug)]
pub struct Owners {
    catalog: Current,
    known: Mutex<(Arc<Catalog>, Arc<Shares>)>,
}

/// The same by one catalog.
#[derive(Debug)]
struct Shares(BTreeMap<String, Vec<Owner>>);

#[derive(Clone, Debug)]
struct Owner {
    service: ServiceName,
    /// Empty where everything in the repository is its own that is nobody else's.
    paths: Vec<String>,
}

impl Owners {
    pub fn by(catalog: Current) -> Self {
        let now = catalog.get();
        let shares = Arc::new(Shares::of(&now));
        Self { catalog, known: Mutex::new((now, shares)) }
    }

    /// The services whose files these are, each once.
    pub fn touched<'a>(&self, repository: &str, files: impl Iterator<Item = &'a str>) -> Vec<ServiceName> {
        self.now().touched(repository, files)
    }

    /// Whether files have to be looked at to tell the services of a repository apart.
    pub fn need_files(&self, repository: &str) -> bool {
        self.now().in_repository(repository).iter().any(|owner| !owner.paths.is_empty())
    }

    /// The service that is named in one of the words, or else the only one there is.
    pub fn named(&self, repository: &str, words: &[&str]) -> Option<ServiceName> {
        self.now().named(repository, words)
    }

    fn now(&self) -> Arc<Shares> {
        let catalog = self.catalog.get();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&known.0, &catalog) {
            let shares = Arc::new(Shares::of(&catalog));
            *known = (catalog, shares);
        }
        Arc::clone(&known.1)
    }
}

impl Shares {
    fn of(catalog: &Catalog) -> Self {
        let mut owners: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        for service in &catalog.services {
            let paths: Vec<_> = service.paths.iter().map(|path| path.trim_matches('/').to_owned()).collect();
            for repository in &service.repositories {
                let owner = Owner { service: service.name.clone(), paths: paths.clone() };
                owners.entry(repository.clone()).or_default().push(owner);
            }
        }
        Self(owners)
    }

    fn touched<'a>(&self, repository: &str, files: impl Iterator<Item = &'a str>) -> Vec<ServiceName> {
        let owners = self.in_repository(repository);
        let mut touched = vec![false; owners.len()];
        for file in files {
            let claimed: Vec<_> = owners.iter().map(|owner| owner.claims(file)).collect();
            let is_claimed = claimed.contains(&true);
            for (place, owner) in owners.iter().enumerate() {
                touched[place] |= if is_claimed { claimed[place] } else { owner.paths.is_empty() };
            }
        }
        owners.iter().zip(touched).filter(|(_, touched)| *touched).map(|(o, _)| o.service.clone()).collect()
    }

    fn named(&self, repository: &str, words: &[&str]) -> Option<ServiceName> {
        let owners = self.in_repository(repository);
        let is_named = |owner: &&Owner| words.iter().any(|word| names(word, owner.service.as_str()));
        let named = owners.iter().find(is_named);
        let only = owners.first().filter(|_| owners.len() == 1);
        named.or(only).map(|owner| owner.service.clone())
    }

    fn in_repository(&self, repository: &str) -> &[Owner] {
        self.0.get(repository).map_or(&[], Vec::as_slice)
    }
}

impl Owner {
    fn claims(&self, file: &str) -> bool {
        self.paths
            .iter()
            .any(|path| file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }
}

/// `deploy:payment-api` and `payment-api/production` both name payment-api, `payment-api-v2` does not.
fn names(word: &str, service: &str) -> bool {
    word.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').any(|part| part == service)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners() -> Owners {
        let text = "[[service]]\nname = \"api\"\nrepositories = [\"team/mono\"]\npaths = [\"services/api\"]\n\
                    [[service]]\nname = \"web\"\nrepositories = [\"team/mono\"]\npaths = [\"/services/web/\"]\n\
                    [[service]]\nname = \"rest\"\nrepositories = [\"team/mono\"]\n\
                    [[service]]\nname = \"ledger\"\nrepositories = [\"team/ledger\"]\n";
        Owners::by(Current::from(toml::from_str::<Catalog>(text).unwrap()))
    }

    fn touched(repository: &str, files: &[&str]) -> Vec<String> {
        owners().touched(repository, files.iter().copied()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn files_belong_to_whoever_claims_their_folder_and_the_rest_to_the_rest() {
        assert_eq!(touched("team/mono", &["services/api/main.rs"]), ["api"]);
        assert_eq!(
            touched("team/mono", &["services/web/a", "services/api/b", "services/web"]),
            ["api", "web"]
        );
        assert_eq!(touched("team/mono", &["services/api-next/main.rs"]), ["rest"]);
        assert_eq!(touched("team/ledger", &["anything"]), ["ledger"]);
        assert!(touched("somebody/else", &["anything"]).is_empty());
    }

    #[test]
    fn a_deploy_belongs_to_the_service_it_names_or_to_the_only_one() {
        let named = |repository, word| owners().named(repository, &[word]).map(|name| name.to_string());
        assert_eq!(named("team/mono", "deploy:web").as_deref(), Some("web"));
        assert_eq!(named("team/mono", "web-next"), None);
        assert_eq!(named("team/ledger", "production").as_deref(), Some("ledger"));
    }
}
