//! What the imitated source would have sent: its payload, cut down to the fields people look for, and the page it
//! links to.
//!
//! Shapes follow EventBridge, CloudTrail and the webhooks of GitHub and Bitbucket. Samples carry none: a room has
//! tens of thousands of them, and each says only a number.

use crate::domain::signal::{
    Alarm, Change, Deploy, Health, Log, Outcome, PullRequest, PullRequestState, Review, Run, Verdict,
};
use crate::domain::{Body, Signal};
use crate::sources::words::state_value;
use serde_json::{Value, json};

const REGION: &str = "eu-west-1";
/// The account number of Amazon's own examples.
const ACCOUNT: &str = "123456789012";
const CONSOLE: &str = "https://eu-west-1.console.aws.amazon.com";

pub(super) fn raw(signal: &Signal) -> Option<String> {
    let payload = match &signal.body {
        Body::Deploy(body) => deploy(signal, body),
        Body::Alarm(body) => alarm(signal, body),
        Body::PullRequest(body) if signal.source.as_str() == "bitbucket" => {
            bitbucket_pull_request(signal, body)
        }
        Body::PullRequest(body) => github_pull_request(signal, body),
        Body::Review(body) if signal.source.as_str() == "bitbucket" => bitbucket_review(signal, body),
        Body::Review(body) => github_review(signal, body),
        Body::Config(body) => change(signal, body, "PutParameter"),
        Body::Scaling(body) => change(signal, body, "UpdateService"),
        Body::Health(body) => health(signal, body),
        Body::Log(body) => log(signal, body),
        Body::Run(body) => run(signal, body),
        Body::Note => json!({"text": signal.title}),
        Body::Sample(_) => return None,
    };
    Some(payload.to_string())
}

pub(super) fn link(signal: &Signal) -> Option<String> {
    let service = service(signal);
    match &signal.body {
        Body::Deploy(_) => {
            Some(format!("{CONSOLE}/ecs/v2/clusters/production/services/{service}/deployments"))
        }
        Body::Alarm(Alarm { name, .. }) => Some(format!("{CONSOLE}/cloudwatch/home#alarmsV2:alarm/{name}")),
        Body::PullRequest(PullRequest { repository, number, .. })
        | Body::Review(Review { repository, number, .. }) => {
            Some(pull_request_page(signal.source.as_str(), repository, *number))
        }
        Body::Config(_) | Body::Scaling(_) => {
            Some(format!("{CONSOLE}/cloudtrailv2/home#/events?ResourceName={service}"))
        }
        Body::Log(Log { group, .. }) => Some(format!(
            "{CONSOLE}/cloudwatch/home#logsV2:log-groups/log-group/{}",
            group.replace('/', "$252F")
        )),
        Body::Run(Run { repository, .. }) => Some(format!("https://github.example.com/{repository}/actions")),
        Body::Health(_) | Body::Sample(_) | Body::Note => None,
    }
}

fn pull_request_page(source: &str, repository: &str, number: u64) -> String {
    match source {
        "bitbucket" => format!("https://bitbucket.example.com/{repository}/pull-requests/{number}"),
        _ => format!("https://github.example.com/{repository}/pull/{number}"),
    }
}

fn service(signal: &Signal) -> &str {
    signal.service.as_ref().map_or("", |service| service.as_str())
}

fn aws_event(signal: &Signal, source: &str, detail_type: &str, detail: &Value) -> Value {
    json!({
        "version": "0",
        "id": signal.id.to_string(),
        "source": source,
        "detail-type": detail_type,
        "account": ACCOUNT,
        "region": REGION,
        "time": signal.at.to_string(),
        "detail": detail,
    })
}

fn deploy(signal: &Signal, body: &Deploy) -> Value {
    let event = match body.outcome {
        Outcome::Started => "SERVICE_DEPLOYMENT_IN_PROGRESS",
        Outcome::Succeeded => "SERVICE_DEPLOYMENT_COMPLETED",
        Outcome::Failed => "SERVICE_DEPLOYMENT_FAILED",
        Outcome::RolledBack => "SERVICE_DEPLOYMENT_ROLLED_BACK",
    };
    let service = service(signal);
    let mut detail = json!({
        "eventName": event,
        "cluster": body.environment,
        "service": format!("arn:aws:ecs:{REGION}:{ACCOUNT}:service/{}/{service}", body.environment),
        "image": format!("{service}:{}", body.version),
        "previousImage": body.previous.as_ref().map(|version| format!("{service}:{version}")),
        "reason": body.cause,
    });
    if let Some(took) = body.took {
        detail["createdAt"] = json!((signal.at - took).to_string());
    }
    aws_event(signal, "aws.ecs", "ECS Deployment State Change", &detail)
}

fn alarm(signal: &Signal, body: &Alarm) -> Value {
    let detail = json!({
        "alarmName": body.name,
        "state": {"value": state_value(body.state), "reason": body.reason},
        "previousState": body.was.map(|was| json!({"value": state_value(was)})),
        "configuration": {"metrics": [{"metricStat": {
            "metric": {
                "name": body.metric,
                "dimensions": {"ServiceName": service(signal), "Endpoint": body.endpoint},
            },
            "stat": body.statistic,
        }}]},
    });
    aws_event(signal, "aws.cloudwatch", "CloudWatch Alarm State Change", &detail)
}

fn change(signal: &Signal, body: &Change, event: &str) -> Value {
    let detail = json!({
        "eventName": event,
        "eventTime": signal.at.to_string(),
        "userIdentity": {"userName": body.by},
        "requestParameters": {"service": service(signal), "name": body.key, "value": body.after},
        "previousValue": body.before,
    });
    aws_event(signal, "aws.cloudtrail", "AWS API Call via CloudTrail", &detail)
}

fn github_pull_request(signal: &Signal, body: &PullRequest) -> Value {
    let action = match body.state {
        PullRequestState::Ready => "ready_for_review",
        PullRequestState::Merged | PullRequestState::Closed => "closed",
    };
    json!({
        "action": action,
        "number": body.number,
        "pull_request": {
            "title": signal.title,
            "user": {"login": body.author},
            "merged": body.state == PullRequestState::Merged,
            "updated_at": signal.at.to_string(),
            "additions": body.added,
            "deletions": body.removed,
            "html_url": signal.link,
        },
        "repository": {"full_name": body.repository},
    })
}

fn bitbucket_pull_request(signal: &Signal, body: &PullRequest) -> Value {
    let state = match body.state {
        PullRequestState::Ready => "OPEN",
        PullRequestState::Merged => "MERGED",
        PullRequestState::Closed => "DECLINED",
    };
    json!({
        "pullrequest": {
            "id": body.number,
            "title": signal.title,
            "state": state,
            "author": {"nickname": body.author},
            "updated_on": signal.at.to_string(),
            "links": {"html": {"href": signal.link}},
        },
        "diffstat": {"lines_added": body.added, "lines_removed": body.removed},
        "repository": {"full_name": body.repository},
    })
}

fn github_review(signal: &Signal, body: &Review) -> Value {
    let state = match body.verdict {
        Verdict::Approved => "approved",
        Verdict::ChangesRequested => "changes_requested",
        Verdict::Commented => "commented",
    };
    json!({
        "action": "submitted",
        "review": {
            "state": state,
            "user": {"login": body.reviewer},
            "submitted_at": signal.at.to_string(),
            "html_url": signal.link,
        },
        "pull_request": {"number": body.number, "ready_at": (signal.at - body.turnaround).to_string()},
        "repository": {"full_name": body.repository},
    })
}

fn bitbucket_review(signal: &Signal, body: &Review) -> Value {
    let event = match body.verdict {
        Verdict::Approved => "approval",
        Verdict::ChangesRequested => "changes_request",
        Verdict::Commented => "comment",
    };
    json!({
        event: {"date": signal.at.to_string(), "user": {"nickname": body.reviewer}},
        "pullrequest": {"id": body.number, "links": {"html": {"href": signal.link}}},
        "repository": {"full_name": body.repository},
    })
}

fn health(signal: &Signal, body: &Health) -> Value {
    json!({
        "service": service(signal),
        "check": body.check,
        "status": if body.healthy { "pass" } else { "fail" },
        "latency_ms": body.latency_ms,
        "at": signal.at.to_string(),
    })
}

fn log(signal: &Signal, body: &Log) -> Value {
    json!({
        "logGroupName": body.group,
        "timestamp": signal.at.millis(),
        "message": format!("{} {}", body.level.to_uppercase(), signal.title),
    })
}

fn run(signal: &Signal, body: &Run) -> Value {
    let conclusion = match body.outcome {
        Outcome::Started => Value::Null,
        Outcome::Succeeded => json!("success"),
        Outcome::Failed => json!("failure"),
        Outcome::RolledBack => json!("cancelled"),
    };
    json!({
        "action": if body.outcome == Outcome::Started { "in_progress" } else { "completed" },
        "workflow_run": {
            "name": body.workflow,
            "head_branch": body.branch,
            "conclusion": conclusion,
            "updated_at": signal.at.to_string(),
        },
        "repository": {"full_name": body.repository},
    })
}
