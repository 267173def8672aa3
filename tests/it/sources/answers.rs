//! What GitHub and Bitbucket answer, in their words: made here, used by their stubs, and held to what both publish of
//! their interfaces where that is at hand.

use serde_json::{Value, json};

/// A pull request of GitHub's GraphQL.
pub fn github_pull(number: u64, created: &str, updated: &str, reviews: &[Value]) -> Value {
    json!({
        "number": number, "title": format!("Change {number}"), "state": "OPEN", "isDraft": false,
        "url": format!("https://github.example.com/team/api/pull/{number}"),
        "createdAt": created, "updatedAt": updated, "mergedAt": null, "closedAt": null,
        "additions": 10, "deletions": 2, "author": {"__typename": "User", "login": "lee"},
        "files": {"nodes": [{"path": "services/payment/main.rs"}], "pageInfo": {"hasNextPage": false}},
        "timelineItems": {"nodes": []}, "reviews": {"nodes": reviews},
    })
}

pub fn github_review(id: &str, by: &str, state: &str, at: &str) -> Value {
    json!({
        "id": id, "state": state, "submittedAt": at, "author": {"__typename": "User", "login": by},
        "url": "https://github.example.com/team/api/pull/1#review",
    })
}

pub fn github_deployment(created: &str, statuses: &[Value]) -> Value {
    json!({
        "databaseId": 5, "environment": "production", "task": "deploy:checkout", "description": null,
        "createdAt": created, "commitOid": "0123456789abcdef", "ref": {"name": "v2.14.3", "prefix": "refs/tags/"},
        "creator": {"__typename": "User", "login": "lee"}, "statuses": {"nodes": statuses},
    })
}

pub fn github_status(id: &str, state: &str, at: &str) -> Value {
    json!({"id": id, "state": state, "createdAt": at, "description": null, "environmentUrl": null,
        "logUrl": "https://ci.example.com/5"})
}

/// A page of a list in GraphQL.
pub fn github_page(nodes: &[Value], next: Option<&str>) -> Value {
    json!({"repository": {"list": {"nodes": nodes, "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next}}}})
}

pub fn github_release(created: &str, published: &str) -> Value {
    json!({
        "id": 9, "tag_name": "v2.14.3", "created_at": created, "published_at": published,
        "html_url": "https://github.example.com/team/api/releases/v2.14.3",
    })
}

pub fn github_run(id: u64, conclusion: &str, created: &str, updated: &str) -> Value {
    json!({
        "id": id, "run_attempt": 1, "name": "build", "run_number": id, "event": "push", "conclusion": conclusion,
        "created_at": created, "updated_at": updated,
        "html_url": "https://github.example.com/team/api/actions/runs/1",
    })
}

pub fn bitbucket_pull(id: u64, state: &str, created: &str, updated: &str) -> Value {
    json!({
        "id": id, "title": format!("Change {id}"), "state": state, "draft": false,
        "author": {"nickname": "lee", "display_name": "Lee"}, "created_on": created, "updated_on": updated,
        "links": {"html": {"href": format!("https://bitbucket.example.com/team/api/pull-requests/{id}")}},
    })
}

pub fn bitbucket_file(path: &str, added: u64, removed: u64) -> Value {
    json!({"lines_added": added, "lines_removed": removed, "new": {"path": path}, "old": null})
}

pub fn bitbucket_pipeline(number: u64, branch: &str, result: &str, created: &str, completed: &str) -> Value {
    json!({
        "uuid": format!("{{{number}}}"), "build_number": number, "created_on": created, "completed_on": completed,
        "target": {"ref_name": branch}, "state": {"name": "COMPLETED", "result": {"name": result}},
    })
}

pub fn bitbucket_deployment(started: &str, completed: &str) -> Value {
    json!({
        "uuid": "{d}", "environment": {"uuid": "{e}"},
        "state": {"name": "COMPLETED", "status": {"name": "SUCCESSFUL"}, "start_date": started, "completion_date": completed},
        "release": {"name": "v7", "url": "https://bitbucket.example.com/team/api/pipelines/results/7"},
    })
}

pub fn bitbucket_repository(name: &str, updated: &str) -> Value {
    json!({"full_name": name, "updated_on": updated})
}
