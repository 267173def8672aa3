//! Trying every permission once, for whoever wants to know what will work before it is needed.

use super::target::{Clients, Target, date};
use crate::domain::{Clock, Span};
use crate::sources::SourceError;
use std::sync::Arc;

/// What came of trying one permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// `aws-prod cloudwatch:DescribeAlarms`.
    pub what: String,
    pub took: Span,
    /// What was found, in words, or why nothing was.
    pub found: Result<String, SourceError>,
}

const RECENT: Span = Span::minutes(15);

#[derive(Clone, Copy)]
enum Try {
    Alarms,
    History,
    Metrics,
    Clusters,
    Deployments,
    Events,
    Logs,
}

const TRIES: [(&str, Try); 7] = [
    ("cloudwatch:DescribeAlarms", Try::Alarms),
    ("cloudwatch:DescribeAlarmHistory", Try::History),
    ("cloudwatch:ListMetrics", Try::Metrics),
    ("ecs:ListClusters", Try::Clusters),
    ("codedeploy:ListDeployments", Try::Deployments),
    ("cloudtrail:LookupEvents", Try::Events),
    ("logs:DescribeLogGroups", Try::Logs),
];

/// Tries them one after the other; once the credentials are refused, the rest would only say so again.
pub async fn probe(target: &Arc<Target>, clock: &Clock) -> Vec<Probed> {
    let mut probed = Vec::new();
    for (action, which) in TRIES {
        let began = clock.now();
        target.clock().begin(began);
        let found = which.ask(target, target.clients().await, action, clock).await;
        let is_hopeless = found.as_ref().is_err_and(|error| error.fix == target.account().renewal());
        let what = format!("{} {action}", target.source());
        probed.push(Probed { what, took: began.age(clock.now()), found });
        if is_hopeless {
            break;
        }
    }
    probed
}

impl Try {
    async fn ask(
        self,
        target: &Target,
        of: &Clients,
        action: &str,
        clock: &Clock,
    ) -> Result<String, SourceError> {
        let (from, until) = (date(clock.now() - RECENT), date(clock.now()));
        let counted = |count: usize, what: &str| format!("{count} {what} on the first page");
        macro_rules! answer {
            ($asked:expr) => {
                $asked.send().await.map_err(|error| target.trouble(action, &error))?
            };
        }
        Ok(match self {
            Self::Alarms => counted(answer!(of.cloudwatch.describe_alarms()).metric_alarms().len(), "alarms"),
            Self::History => {
                let asked = of.cloudwatch.describe_alarm_history().start_date(from).end_date(until);
                counted(answer!(asked).alarm_history_items().len(), "changes in 15 minutes")
            }
            Self::Metrics => counted(answer!(of.cloudwatch.list_metrics()).metrics().len(), "metrics"),
            Self::Clusters => counted(answer!(of.ecs.list_clusters()).cluster_arns().len(), "clusters"),
            Self::Deployments => {
                counted(answer!(of.codedeploy.list_deployments()).deployments().len(), "deployments")
            }
            Self::Events => {
                let asked = of.cloudtrail.lookup_events().start_time(from).end_time(until);
                counted(answer!(asked).events().len(), "events in 15 minutes")
            }
            Self::Logs => counted(answer!(of.logs.describe_log_groups()).log_groups().len(), "log groups"),
        })
    }
}
