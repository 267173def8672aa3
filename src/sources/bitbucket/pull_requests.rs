//! Pull requests: a page lists them, and each that has changed is looked into for its size and its reviews.

use super::{Bitbucket, moments, next, person};
use crate::domain::signal::{PullRequest, PullRequestState, Review, Verdict};
use crate::domain::{Body, ServiceName, Time};
use crate::sources::SourceError;
use crate::sources::forge::observed::{request_title, review_title};
use crate::sources::forge::{Observed, Page, Want, each, time};
use serde::Deserialize;
use serde_json::{Value, json};

/// More than this of files or of activity is not looked at for one pull request.
const MOST_PAGES: usize = 10;

#[derive(Deserialize)]
struct Request {
    id: u64,
    #[serde(default)]
    title: String,
    state: String,
    #[serde(default)]
    draft: bool,
    created_on: Time,
    updated_on: Time,
}

/// What a pull request's files say about it.
struct Size {
    added: u64,
    removed: u64,
    services: Vec<ServiceName>,
}

/// Something done to a pull request, out of its activity.
struct Deed {
    at: Time,
    by: Value,
    verdict: Verdict,
    external: String,
    raw: Value,
}

pub(super) async fn page(host: &Bitbucket, want: &Want) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let states = "state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED";
    let first = format!(
        "repositories/{repository}/pullrequests?{states}&sort=-updated_on&pagelen=50&fields=%2Bvalues.participants"
    );
    let body = host.list(want, &first).await?.body;
    let (oldest, newest) = (moments(&body, "/updated_on").min(), moments(&body, "/updated_on").max());
    let mut page = Page { next: next(&body), oldest, newest, ..Page::default() };
    for (request, raw) in each::<Request>(body.get("values"), "pull requests")? {
        if request.state == "OPEN" {
            page.open = page.open.max(Some(request.updated_on));
        }
        let key = (repository.clone(), request.id);
        let known = host.known().looked_into.get(&key).cloned();
        let is_another = known.as_ref().is_some_and(|known| *known != stir(&request, &raw));
        if is_another || (known.is_none() && request.updated_on >= want.since) {
            page.details.push(raw);
        }
    }
    Ok(page)
}

pub(super) async fn detail(host: &Bitbucket, want: &Want, raw: &Value) -> Result<Page, SourceError> {
    let repository = &want.repository;
    let request = Request::deserialize(raw)
        .map_err(|_| SourceError::broken("a pull request nobody here can read", ""))?;
    let base = format!("repositories/{repository}/pullrequests/{}", request.id);
    let files = host.all(format!("{base}/diffstat?pagelen=500"), MOST_PAGES).await?;
    let activity = host.all(format!("{base}/activity?pagelen=50"), MOST_PAGES).await?;
    let size = size(host, repository, &files);
    let mut observed = states(repository, &request, raw, &size, &activity);
    let author = person(&raw["author"]);
    let deeds = activity.iter().filter_map(deed).filter(|deed| person(&deed.by) != author);
    observed.extend(deeds.map(|deed| review(repository, &request, raw, &size, &activity, &deed)));
    let stir = stir(&request, raw);
    host.known().looked_into.insert((repository.clone(), request.id), stir);
    Ok(Page { observed, ..Page::default() })
}

/// What is another when something was done to it: an approval need not move when it was updated.
fn stir(request: &Request, raw: &Value) -> String {
    let people = raw["participants"].as_array().into_iter().flatten();
    let did = people.map(|one| format!(" {} {}", one["state"], one["participated_on"]));
    let did: String = did.collect();
    format!("{} {}{did}", request.updated_on, raw["comment_count"])
}

fn size(host: &Bitbucket, repository: &str, files: &[Value]) -> Size {
    let sum = |name: &str| files.iter().filter_map(|file| file[name].as_u64()).sum();
    let path = |file: &'_ Value, side: &str| {
        file.pointer(&format!("/{side}/path")).and_then(Value::as_str).map(str::to_owned)
    };
    let paths: Vec<String> =
        files.iter().flat_map(|file| [path(file, "old"), path(file, "new")]).flatten().collect();
    let services = host.owners.touched(repository, paths.iter().map(String::as_str));
    Size { added: sum("lines_added"), removed: sum("lines_removed"), services }
}

fn states(
    repository: &str,
    request: &Request,
    raw: &Value,
    size: &Size,
    activity: &[Value],
) -> Vec<Observed> {
    let ready_at = ready_at(request, activity, Time::MAX);
    let told = |state, word: &str, at: Time| {
        let body = PullRequest {
            repository: repository.to_owned(),
            number: request.id,
            state,
            author: person(&raw["author"]),
            added: size.added,
            removed: size.removed,
            services: size.services.clone(),
            ready_at,
        };
        Observed {
            external: format!("{repository}/pull/{}/{word}/{}", request.id, at.millis()),
            at,
            service: size.services.first().cloned(),
            title: request_title(&body, &request.title),
            body: Body::PullRequest(body),
            link: page_of(raw),
            raw: summary(raw),
        }
    };
    let ended = |state: &str| ended_at(request, activity, state);
    let ready = ready_at.map(|at| told(PullRequestState::Ready, "ready", at));
    let end = match request.state.as_str() {
        "MERGED" => Some(told(PullRequestState::Merged, "merged", ended("MERGED"))),
        state @ ("DECLINED" | "SUPERSEDED") => Some(told(PullRequestState::Closed, "closed", ended(state))),
        _ => None,
    };
    ready.into_iter().chain(end).collect()
}

fn review(
    repository: &str,
    request: &Request,
    raw: &Value,
    size: &Size,
    activity: &[Value],
    deed: &Deed,
) -> Observed {
    let ready = ready_at(request, activity, deed.at).unwrap_or(deed.at);
    let body = Review {
        repository: repository.to_owned(),
        number: request.id,
        reviewer: person(&deed.by),
        verdict: deed.verdict,
        turnaround: (deed.at - ready).max(crate::domain::Span::ZERO),
    };
    Observed {
        external: format!("{repository}/review/{}/{}", request.id, deed.external),
        at: deed.at,
        service: size.services.first().cloned(),
        title: review_title(&body),
        body: Body::Review(body),
        link: page_of(raw),
        raw: json!({"pullrequest": request.id, "activity": deed.raw}),
    }
}

/// What somebody else thinks of it: an approval, a request for changes, a comment.
fn deed(entry: &Value) -> Option<Deed> {
    const KINDS: [(&str, Verdict, &str); 4] = [
        ("approval", Verdict::Approved, "date"),
        ("changes_requested", Verdict::ChangesRequested, "date"),
        ("changes_request", Verdict::ChangesRequested, "date"),
        ("comment", Verdict::Commented, "created_on"),
    ];
    let (kind, verdict, moment) = KINDS.into_iter().find(|(kind, ..)| entry.get(*kind).is_some())?;
    let deed = &entry[kind];
    let at = time(deed.get(moment))?;
    let by = deed["user"].clone();
    let id = deed["id"].as_u64().map_or_else(|| at.millis().to_string(), |id| id.to_string());
    let external = format!("{kind}/{id}/{}", person(&by));
    let raw = json!({kind: {moment: deed[moment], "user": person(&by)}});
    (deed["deleted"] != true).then_some(Deed { at, by, verdict, external, raw })
}

/// The last time it became ready up to a moment; an activity tells of drafts that were made ready.
fn ready_at(request: &Request, activity: &[Value], until: Time) -> Option<Time> {
    let updates = activity.iter().filter_map(|entry| entry.get("update"));
    let made_ready =
        updates.filter(|update| update.pointer("/changes/draft/new") == Some(&Value::Bool(false)));
    let last = made_ready.filter_map(|update| time(update.get("date"))).filter(|at| *at <= until).max();
    last.or((!request.draft).then_some(request.created_on))
}

/// When its activity says that it came to this state, else when it last changed.
fn ended_at(request: &Request, activity: &[Value], state: &str) -> Time {
    let updates = activity.iter().filter_map(|entry| entry.get("update"));
    let ended =
        updates.filter(|update| update["state"] == state).filter_map(|update| time(update.get("date")));
    ended.min().unwrap_or(request.updated_on)
}

fn page_of(raw: &Value) -> Option<String> {
    raw.pointer("/links/html/href").and_then(Value::as_str).map(str::to_owned)
}

fn summary(raw: &Value) -> Value {
    json!({
        "id": raw["id"], "title": raw["title"], "state": raw["state"], "author": person(&raw["author"]),
        "created_on": raw["created_on"], "updated_on": raw["updated_on"],
        "branch": raw.pointer("/destination/branch/name"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_approval_is_seen_although_nothing_was_updated() {
        let raw = |participants: Value| {
            json!({"id": 4, "title": "t", "state": "OPEN", "created_on": "2026-03-18T14:00:00Z",
                "updated_on": "2026-03-18T14:00:00Z", "comment_count": 0, "participants": participants})
        };
        let stir = |raw: &Value| stir(&Request::deserialize(raw).unwrap(), raw);
        let approved = json!([{"state": "approved", "participated_on": "2026-03-18T15:00:00Z"}]);
        assert_eq!(stir(&raw(json!([]))), stir(&raw(json!([]))));
        assert_ne!(stir(&raw(json!([]))), stir(&raw(approved)));
    }
}
