//! Questions in GraphQL: one for a whole page of what would take a request for each thing on it.

use super::GitHub;
use crate::domain::text::clean;
use crate::sources::SourceError;
use crate::sources::forge::{Part, Want};
use serde_json::{Value, json};

/// A list within a repository, and where it goes on.
pub(super) struct Listed {
    pub(super) list: Value,
    pub(super) next: Option<String>,
}

/// Asks for one page of a list that the question calls `list`.
pub(super) async fn list(host: &GitHub, want: &Want, question: &str) -> Result<Listed, SourceError> {
    let (owner, name) = want.repository.split_once('/').unwrap_or(("", &want.repository));
    let after = match &want.part {
        Part::Older(cursor) => Some(cursor.as_str()),
        _ => None,
    };
    let variables = json!({"owner": owner, "name": name, "after": after});
    let question = json!({"query": question, "variables": variables});
    let mut body = host.api.query(address(&host.api), &question).await?.body;
    let list = body.pointer_mut("/data/repository/list").map(Value::take).unwrap_or_default();
    // A list that is there is whole but for what the error is about, which stands in it as nothing.
    if let Some(error) = body.pointer("/errors/0").filter(|_| list.is_null()) {
        return Err(refused(error, &host.api));
    }
    let has_next = list.pointer("/pageInfo/hasNextPage").and_then(Value::as_bool).unwrap_or(false);
    let cursor = list.pointer("/pageInfo/endCursor").and_then(Value::as_str);
    let next = cursor.filter(|_| has_next).map(str::to_owned);
    Ok(Listed { list, next })
}

/// Enterprise has it beside `/api/v3`, github.com under the root.
fn address(api: &crate::sources::http::Api) -> &'static str {
    if api.has_path_ending("/v3/") { "../graphql" } else { "graphql" }
}

fn refused(error: &Value, api: &crate::sources::http::Api) -> SourceError {
    let message = clean(error["message"].as_str().unwrap_or("an error without words"));
    let what = format!("{}: {message}", api.host());
    match error["type"].as_str() {
        Some("RATE_LIMITED") => SourceError::throttled(what, None),
        Some("NOT_FOUND" | "FORBIDDEN" | "INSUFFICIENT_SCOPES") => {
            SourceError::denied(what, "give the token the permissions of docs/SOURCES.md")
        }
        _ => SourceError::broken(what, ""),
    }
}
