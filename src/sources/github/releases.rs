//! Releases: what was published, which is not yet what runs.

use super::GitHub;
use crate::domain::text::clean;
use crate::domain::{Body, Time};
use crate::sources::SourceError;
use crate::sources::forge::{Observed, Page, Want, each};
use serde::Deserialize;

#[derive(Deserialize)]
struct Release {
    id: u64,
    tag_name: String,
    #[serde(default)]
    prerelease: bool,
    /// None of a draft.
    published_at: Option<Time>,
    created_at: Time,
    html_url: Option<String>,
}

pub(super) async fn page(host: &GitHub, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let answer = host.list(want, &format!("repos/{repository}/releases?per_page=30")).await?;
    if answer.is_unchanged {
        return Ok(Page { is_unchanged: true, ..Page::default() });
    }
    let mut page = Page { next: answer.next.clone(), ..Page::default() };
    for (release, mut raw) in each::<Release>(Some(&answer.body), "releases")? {
        page.oldest = Some(page.oldest.map_or(release.created_at, |oldest| oldest.min(release.created_at)));
        let Some(at) = release.published_at else { continue };
        if let Some(fields) = raw.as_object_mut() {
            fields.retain(|name, _| !["assets", "body", "reactions"].contains(&name.as_str()));
        }
        let kind = if release.prerelease { "prerelease" } else { "release" };
        page.observed.push(Observed {
            external: format!("{repository}/release/{}", release.id),
            at,
            service: host.owners.named(repository, &[&release.tag_name]),
            title: format!("{kind} {} of {repository} published", clean(&release.tag_name)),
            body: Body::Note,
            link: release.html_url,
            raw,
        });
    }
    host.api.remember(&answer);
    Ok(page)
}
