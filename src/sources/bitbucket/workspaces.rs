//! Which repositories of a workspace have changed: one question for up to a hundred of them.
//!
//! A repository counts as changed when somebody pushed to it or changed its settings; comments, approvals, pipelines
//! and deployments leave no trace there.

use super::Bitbucket;
use crate::domain::Time;
use crate::sources::SourceError;
use crate::sources::forge::{Stirred, each, time};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Nobody has more repositories that all change at once.
const MOST_PAGES: usize = 10;

#[derive(Deserialize)]
struct Repository {
    full_name: String,
    updated_on: Value,
}

pub(super) async fn stirred(
    host: &Bitbucket,
    repositories: &[Arc<str>],
    since: Time,
) -> Result<Stirred, SourceError> {
    let workspaces: BTreeSet<&str> =
        repositories.iter().filter_map(|name| Some(name.split_once('/')?.0)).collect();
    let mut stirred = Vec::new();
    for workspace in workspaces {
        let listed = host.all(question(workspace, since), MOST_PAGES).await?;
        let listed = Value::Array(listed);
        for (repository, _) in each::<Repository>(Some(&listed), "repositories")? {
            let known = repositories.iter().find(|name| name.eq_ignore_ascii_case(&repository.full_name));
            stirred.extend(known.cloned().zip(time(Some(&repository.updated_on))));
        }
    }
    Ok(stirred)
}

/// Only the two fields that are read; a plus in the moment would be a space.
fn question(workspace: &str, since: Time) -> String {
    let since = since.to_string().replace('Z', "%2B00:00");
    format!(
        "repositories/{workspace}?q=updated_on%3E{since}&sort=-updated_on\
         &fields=next,values.full_name,values.updated_on&pagelen=100"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_language_of_queries_wants_it() {
        let asked = question("team", Time::from_millis(1_773_844_140_000));
        assert!(
            asked.starts_with("repositories/team?q=updated_on%3E2026-03-18T14:29:00.000%2B00:00&sort="),
            "{asked}"
        );
    }
}
