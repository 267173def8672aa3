//! What a machine says by itself of the sources somebody may want: profiles of AWS, hosts `gh` is logged in to, and
//! where the repository one stands in comes from. Only names are read, never a secret.

use crate::config::Environment;
use crate::domain::text::clean;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) profiles: Vec<Profile>,
    pub(super) gh_hosts: BTreeSet<String>,
    pub(super) remotes: BTreeSet<Remote>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) region: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Remote {
    pub(super) host: String,
    /// `owner/name`.
    pub(super) repository: String,
}

/// What is not there, or cannot be read, is not found.
pub(super) fn look(environment: &Environment) -> Found {
    let home = environment.get("HOME").map(PathBuf::from).unwrap_or_default();
    let at = |variable: &str, otherwise: &str| {
        environment.get(variable).map_or_else(|| home.join(otherwise), PathBuf::from)
    };
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let here = environment.get("PWD").map(PathBuf::from);
    Found {
        profiles: profiles(&read(at("AWS_CONFIG_FILE", ".aws/config"))),
        gh_hosts: gh_hosts(&read(at("GH_CONFIG_DIR", ".config/gh").join("hosts.yml"))),
        remotes: here.and_then(|here| git_config(&here)).map_or_else(BTreeSet::new, |text| remotes(&text)),
    }
}

/// That of the repository a directory lies in.
fn git_config(here: &Path) -> Option<String> {
    here.ancestors().find_map(|above| fs::read_to_string(above.join(".git/config")).ok())
}

fn profiles(text: &str) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let mut is_profile = false;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let name = section.strip_prefix("profile ").or((section == "default").then_some(section));
            is_profile = name.is_some();
            profiles.extend(name.map(|name| Profile { name: clean(name.trim()), region: None }));
        } else if let Some(("region", value)) =
            line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))
            && let Some(profile) = profiles.last_mut().filter(|_| is_profile)
        {
            profile.region = Some(clean(value));
        }
    }
    profiles
}

/// The hosts are the keys at the left edge.
fn gh_hosts(text: &str) -> BTreeSet<String> {
    let keys = text.lines().filter_map(|line| line.strip_suffix(':'));
    keys.filter(|key| !key.starts_with([' ', '#', '\t']) && key.contains('.')).map(clean).collect()
}

fn remotes(text: &str) -> BTreeSet<Remote> {
    let values = text.lines().filter_map(|line| line.split_once('='));
    values.filter(|(key, _)| key.trim() == "url").filter_map(|(_, url)| remote(url.trim())).collect()
}

/// `git@HOST:OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME`, `https://HOST/OWNER/NAME.git`.
fn remote(url: &str) -> Option<Remote> {
    let after_scheme = url.split_once("://").map(|(_, rest)| rest);
    let (host, path) = match after_scheme {
        Some(rest) => rest.split_once('/')?,
        None => url.split_once(':')?,
    };
    let host = host.rsplit('@').next()?.split(':').next()?;
    let path = path.trim_matches('/').trim_end_matches(".git");
    let is_repository = path.split('/').count() == 2 && !path.contains([' ', '"']) && host.contains('.');
    is_repository.then(|| Remote { host: clean(host), repository: clean(path) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_named_with_their_region_and_sessions_are_none() {
        let text = "[default]\nregion=eu-west-1\n[profile prod read]\noutput = json\nregion = eu-central-1\n\
                    [sso-session team]\nsso_region = us-east-1\nregion = us-east-1\n[profile bare]\n";
        let of = |name: &str, region: Option<&str>| Profile {
            name: name.to_owned(),
            region: region.map(str::to_owned),
        };
        assert_eq!(
            profiles(text),
            [of("default", Some("eu-west-1")), of("prod read", Some("eu-central-1")), of("bare", None)]
        );
    }

    #[test]
    fn hosts_of_gh_are_the_keys_at_the_edge() {
        let text = "github.com:\n    user: dana\n    oauth_token: planted\ngit.example.com:\n    users:\n";
        assert_eq!(gh_hosts(text), BTreeSet::from(["git.example.com", "github.com"].map(String::from)));
    }

    #[test]
    fn a_remote_is_read_however_it_is_written_and_its_secret_is_not() {
        let of = |host: &str, repository: &str| {
            Some(Remote { host: host.to_owned(), repository: repository.to_owned() })
        };
        assert_eq!(remote("git@github.com:acme/api.git"), of("github.com", "acme/api"));
        assert_eq!(remote("ssh://git@git.example.com:7999/acme/api"), of("git.example.com", "acme/api"));
        assert_eq!(
            remote("https://dana:planted@bitbucket.org/acme/ledger.git"),
            of("bitbucket.org", "acme/ledger")
        );
        for none in ["/srv/git/api.git", "../api", "https://example.com/a/b/c", "host:api"] {
            assert_eq!(remote(none), None, "{none}");
        }
    }
}
