//! Pull requests with their size, the services they touch, and every review with its turnaround.

use super::{GitHub, graphql};
use crate::domain::signal::{PullRequest, PullRequestState, Review, Verdict};
use crate::domain::text::clean;
use crate::domain::{Body, ServiceName, Time};
use crate::sources::SourceError;
use crate::sources::forge::observed::{request_title, review_title};
use crate::sources::forge::{Observed, Page, Part, Want, each};
use serde::Deserialize;
use serde_json::{Value, json};

const QUESTION: &str = "query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    list: pullRequests(first: 25, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number title url state isDraft createdAt updatedAt mergedAt closedAt additions deletions
        author { __typename login }
        files(first: 100) { nodes { path } pageInfo { hasNextPage } }
        timelineItems(last: 10, itemTypes: [READY_FOR_REVIEW_EVENT]) {
          nodes { ... on ReadyForReviewEvent { createdAt } }
        }
        reviews(last: 100) { nodes { id state submittedAt url author { __typename login } } }
      }
    }
  }
}";

/// GitHub lists no more files than this of one pull request.
const MOST_FILE_PAGES: usize = 30;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    number: u64,
    #[serde(default)]
    title: String,
    url: Option<String>,
    state: String,
    #[serde(default)]
    is_draft: bool,
    created_at: Time,
    updated_at: Time,
    merged_at: Option<Time>,
    closed_at: Option<Time>,
    #[serde(default)]
    additions: u64,
    #[serde(default)]
    deletions: u64,
    author: Option<Author>,
    files: Option<Nodes>,
    timeline_items: Option<Nodes>,
    reviews: Option<Nodes>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(default, rename = "__typename")]
    kind: String,
    login: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Nodes {
    #[serde(default)]
    nodes: Vec<Option<Value>>,
    page_info: Option<PageInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    id: String,
    state: String,
    /// None while it is being written.
    submitted_at: Option<Time>,
    url: Option<String>,
    author: Option<Author>,
}

pub(super) async fn page(host: &GitHub, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    if let Part::Detail(raw) = &want.part {
        return detail(host, repository, raw).await;
    }
    let probe = match want.part {
        Part::Older(_) => None,
        _ => {
            let list = format!("repos/{repository}/pulls?state=all&sort=updated&direction=desc&per_page=25");
            let probe = host.api.get_if_new(&list).await?;
            if probe.is_unchanged {
                return Ok(Page { is_unchanged: true, ..Page::default() });
            }
            Some(probe)
        }
    };
    let listed = graphql::list(host, want, QUESTION).await?;
    let mut page = Page { next: listed.next, ..Page::default() };
    for (request, raw) in each::<Request>(listed.list.get("nodes"), "pull requests")? {
        page.oldest = Some(page.oldest.map_or(request.updated_at, |oldest| oldest.min(request.updated_at)));
        if request.updated_at < want.since {
            continue;
        }
        if request.has_more_files() && host.owners.need_files(repository) {
            page.details.push(raw);
        } else {
            let services = host.owners.touched(repository, request.files().iter().map(String::as_str));
            page.observed.extend(observed(repository, &request, &services, &raw));
        }
    }
    if let Some(probe) = probe {
        host.api.remember(&probe);
    }
    Ok(page)
}

/// A request with more files than its page has said; where the others are not told, those have to do.
async fn detail(host: &GitHub, repository: &str, raw: &Value) -> Result<Page, SourceError> {
    let Ok(request) = Request::deserialize(raw) else { return Ok(Page::default()) };
    let mut files = request.files();
    match all_files(host, repository, request.number).await {
        Ok(all) => files.extend(all),
        Err(error) if error.kind.is_of_the_question() && !host.api.is_turned_away() => {}
        Err(error) => return Err(error),
    }
    let services = host.owners.touched(repository, files.iter().map(String::as_str));
    Ok(Page { observed: observed(repository, &request, &services, raw), ..Page::default() })
}

async fn all_files(host: &GitHub, repository: &str, number: u64) -> Result<Vec<String>, SourceError> {
    let mut files = Vec::new();
    let mut next = Some(format!("repos/{repository}/pulls/{number}/files?per_page=100"));
    for _ in 0..MOST_FILE_PAGES {
        let Some(address) = next else { break };
        let answer = host.api.get(&address).await?;
        let listed = answer.body.as_array().into_iter().flatten();
        files.extend(listed.filter_map(|file| Some(file["filename"].as_str()?.to_owned())));
        next = answer.next;
    }
    Ok(files)
}

fn observed(repository: &str, request: &Request, services: &[ServiceName], raw: &Value) -> Vec<Observed> {
    let mut observed = Vec::new();
    let moments = request.ready_moments();
    let ready_at = moments.last().copied().filter(|_| !request.is_draft || request.merged_at.is_some());
    let told = |state, at: Time, observed: &mut Vec<Observed>| {
        let body = request.body(repository, state, services, ready_at);
        observed.push(Observed {
            external: format!("{repository}/pull/{}/{}/{}", request.number, word(state), at.millis()),
            at,
            service: services.first().cloned(),
            title: request_title(&body, &request.title),
            body: Body::PullRequest(body),
            link: request.url.clone(),
            raw: summary(raw),
        });
    };
    if let Some(ready_at) = ready_at {
        told(PullRequestState::Ready, ready_at, &mut observed);
    }
    match (request.state.as_str(), request.merged_at, request.closed_at) {
        ("MERGED", Some(at), _) => told(PullRequestState::Merged, at, &mut observed),
        ("CLOSED", _, Some(at)) => told(PullRequestState::Closed, at, &mut observed),
        _ => {}
    }
    let given = request.reviews.iter().flat_map(Nodes::each);
    observed.extend(given.filter_map(|given| review(repository, request, &moments, services, given)));
    observed
}

fn review(
    repository: &str,
    request: &Request,
    ready: &[Time],
    services: &[ServiceName],
    raw: &Value,
) -> Option<Observed> {
    let given = Given::deserialize(raw).ok()?;
    let (at, author) = (given.submitted_at?, given.author.filter(|author| author.kind != "Bot")?);
    let is_own = request.author.as_ref().is_some_and(|own| own.login == author.login);
    let verdict = verdict(&given.state).filter(|_| !is_own)?;
    // What was said of a draft was not waited for.
    let since = ready.iter().rev().find(|ready| **ready <= at).copied().unwrap_or(at);
    let body = Review {
        repository: repository.to_owned(),
        number: request.number,
        reviewer: clean(&author.login),
        verdict,
        turnaround: at - since,
    };
    Some(Observed {
        external: format!("{repository}/review/{}", given.id),
        at,
        service: services.first().cloned(),
        title: review_title(&body),
        body: Body::Review(body),
        link: given.url,
        raw: json!({"pullRequest": request.number, "review": raw}),
    })
}

impl Request {
    /// The files its page says.
    fn files(&self) -> Vec<String> {
        let listed = self.files.iter().flat_map(Nodes::each);
        listed.filter_map(|file| Some(file["path"].as_str()?.to_owned())).collect()
    }

    fn has_more_files(&self) -> bool {
        let page = self.files.as_ref().and_then(|files| files.page_info.as_ref());
        page.is_some_and(|page| page.has_next_page)
    }

    /// When it became ready, each time; one that was opened ready was ready from the beginning.
    fn ready_moments(&self) -> Vec<Time> {
        let events = self.timeline_items.iter().flat_map(Nodes::each);
        let mut moments: Vec<Time> =
            events.filter_map(|event| event["createdAt"].as_str()?.parse().ok()).collect();
        if moments.is_empty() && !self.is_draft {
            moments.push(self.created_at);
        }
        moments.sort_unstable();
        moments
    }

    fn body(
        &self,
        repository: &str,
        state: PullRequestState,
        services: &[ServiceName],
        ready_at: Option<Time>,
    ) -> PullRequest {
        PullRequest {
            repository: repository.to_owned(),
            number: self.number,
            state,
            author: self.author.as_ref().map_or_else(String::new, |author| clean(&author.login)),
            added: self.additions,
            removed: self.deletions,
            services: services.to_vec(),
            ready_at,
        }
    }
}

impl Nodes {
    fn each(&self) -> impl Iterator<Item = &Value> {
        self.nodes.iter().flatten()
    }
}

fn word(state: PullRequestState) -> &'static str {
    match state {
        PullRequestState::Ready => "ready",
        PullRequestState::Merged => "merged",
        PullRequestState::Closed => "closed",
    }
}

/// One that was dismissed still was a look at it; what nobody here knows is left out.
fn verdict(state: &str) -> Option<Verdict> {
    match state {
        "APPROVED" => Some(Verdict::Approved),
        "CHANGES_REQUESTED" => Some(Verdict::ChangesRequested),
        "COMMENTED" | "DISMISSED" => Some(Verdict::Commented),
        _ => None,
    }
}

/// The request without its files, reviews and history, which are signals of their own.
fn summary(raw: &Value) -> Value {
    let mut summary = raw.clone();
    if let Some(fields) = summary.as_object_mut() {
        fields.retain(|name, _| !["files", "reviews", "timelineItems"].contains(&name.as_str()));
    }
    summary
}
