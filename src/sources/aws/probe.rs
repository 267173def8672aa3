//! Trying every permission once, for whoever wants to know what will work before it is needed.

use super::metrics;
use super::target::{Target, date};
use crate::domain::text::clean;
use crate::domain::{Clock, SeriesName, Span};
use crate::sources::SourceError;
use aws_sdk_cloudwatch::types::MetricDataResult;
use std::collections::VecDeque;
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

enum Try {
    Alarms,
    History,
    Series,
    Clusters,
    Services(String),
    Service(String, String),
    Deployments,
    Deployment(String),
    Events,
    Groups,
    Lines(String),
}

/// Tries them one after the other; once the credentials are refused, the rest would only say so again.
pub async fn probe(target: &Arc<Target>, clock: &Clock) -> Vec<Probed> {
    let (mut probed, mut to_try) = (Vec::new(), VecDeque::from(tries(target)));
    while let Some(one) = to_try.pop_front() {
        let began = clock.now();
        target.clock().begin(began);
        let asked = one.ask(target, clock).await;
        let is_hopeless = asked.as_ref().is_err_and(|error| error.fix == target.account().renewal());
        let (found, next) = asked.map_or_else(|error| (Err(error), None), |(found, next)| (Ok(found), next));
        let what = format!("{} {}", target.source(), one.name());
        probed.push(Probed { what, took: began.age(clock.now()), found });
        if is_hopeless {
            break;
        }
        // What can only be asked of something that was found is asked of the first.
        next.into_iter().for_each(|next| to_try.push_front(next));
    }
    probed
}

fn tries(target: &Target) -> Vec<Try> {
    let account = target.account();
    let clusters = account.clusters.iter().cloned().map(Try::Services);
    let lines = account.log_groups.iter().cloned().map(Try::Lines);
    let all = account.clusters.is_empty().then_some(Try::Clusters);
    [Try::Alarms, Try::History, Try::Series]
        .into_iter()
        .chain(all)
        .chain(clusters)
        .chain([Try::Deployments, Try::Events, Try::Groups])
        .chain(lines)
        .filter(|one| target.wants(one.concern()))
        .collect()
}

/// How many of the series of the catalog CloudWatch has, and the first that it has not.
fn with_data(series: &[SeriesName], told: &[MetricDataResult]) -> String {
    let has = |place: &usize| {
        let id = metrics::id(*place);
        told.iter().any(|one| one.id() == Some(id.as_str()) && !one.values().is_empty())
    };
    let (with, without): (Vec<_>, Vec<_>) = (0..series.len()).partition(has);
    let missing = match without.first() {
        None => String::new(),
        Some(first) => format!("; {} has none, look at its namespace, name and dimensions", series[*first]),
    };
    format!("{} of {} series with data in 15 minutes{missing}", with.len(), series.len())
}

impl Try {
    fn action(&self) -> &'static str {
        match self {
            Self::Alarms => "cloudwatch:DescribeAlarms",
            Self::History => "cloudwatch:DescribeAlarmHistory",
            Self::Series => "cloudwatch:GetMetricData",
            Self::Clusters => "ecs:ListClusters",
            Self::Services(_) => "ecs:ListServices",
            Self::Service(..) => "ecs:DescribeServices",
            Self::Deployments => "codedeploy:ListDeployments",
            Self::Deployment(_) => "codedeploy:BatchGetDeployments",
            Self::Events => "cloudtrail:LookupEvents",
            Self::Groups => "logs:DescribeLogGroups",
            Self::Lines(_) => "logs:FilterLogEvents",
        }
    }

    /// Which source would ask it.
    fn concern(&self) -> &'static str {
        match self {
            Self::Alarms | Self::History => "alarms",
            Self::Series => "metrics",
            Self::Clusters | Self::Services(_) | Self::Service(..) => "ecs",
            Self::Deployments | Self::Deployment(_) => "codedeploy",
            Self::Events => "changes",
            Self::Groups | Self::Lines(_) => "logs",
        }
    }

    /// The action, and of what it is asked.
    fn name(&self) -> String {
        match self {
            Self::Services(of) | Self::Service(of, _) | Self::Lines(of) => {
                format!("{} of {}", self.action(), clean(of))
            }
            _ => self.action().to_owned(),
        }
    }

    /// What was found, in words, and what can be tried because it was.
    async fn ask(&self, target: &Target, clock: &Clock) -> Result<(String, Option<Self>), SourceError> {
        let of = target.clients().await;
        let (from, until) = (date(clock.now() - RECENT), date(clock.now()));
        let counted = |count: usize, what: &str| format!("{count} {what} on the first page");
        macro_rules! answer {
            ($asked:expr) => {
                $asked.send().await.map_err(|error| target.trouble(self.action(), &error))?
            };
        }
        Ok(match self {
            Self::Alarms => {
                (counted(answer!(of.cloudwatch.describe_alarms()).metric_alarms().len(), "alarms"), None)
            }
            Self::History => {
                let asked = of.cloudwatch.describe_alarm_history().start_date(from).end_date(until);
                (counted(answer!(asked).alarm_history_items().len(), "changes in 15 minutes"), None)
            }
            Self::Series => {
                let (series, queries) = metrics::tried(target);
                let asked = of.cloudwatch.get_metric_data().set_metric_data_queries(Some(queries));
                let page = answer!(asked.start_time(from).end_time(until));
                (with_data(&series, page.metric_data_results()), None)
            }
            Self::Clusters => {
                let page = answer!(of.ecs.list_clusters());
                let found = page.cluster_arns();
                (counted(found.len(), "clusters"), found.first().cloned().map(Self::Services))
            }
            Self::Services(cluster) => {
                let page = answer!(of.ecs.list_services().cluster(cluster));
                let found = page.service_arns();
                let first = found.first().map(|first| Self::Service(cluster.clone(), first.clone()));
                (counted(found.len(), "services"), first)
            }
            Self::Service(cluster, service) => {
                let page = answer!(of.ecs.describe_services().cluster(cluster).services(service));
                (counted(page.services().len(), "services described"), None)
            }
            Self::Deployments => {
                let page = answer!(of.codedeploy.list_deployments());
                let found = page.deployments();
                (counted(found.len(), "deployments"), found.first().cloned().map(Self::Deployment))
            }
            Self::Deployment(id) => {
                let page = answer!(of.codedeploy.batch_get_deployments().deployment_ids(id));
                (counted(page.deployments_info().len(), "deployments described"), None)
            }
            Self::Events => {
                let asked = of.cloudtrail.lookup_events().start_time(from).end_time(until);
                (counted(answer!(asked).events().len(), "events in 15 minutes"), None)
            }
            Self::Groups => {
                (counted(answer!(of.logs.describe_log_groups()).log_groups().len(), "log groups"), None)
            }
            Self::Lines(group) => {
                let since = clock.now() - RECENT;
                let asked = of.logs.filter_log_events().log_group_name(group).limit(1);
                let page = answer!(asked.start_time(since.millis()));
                (counted(page.events().len(), "lines in 15 minutes"), None)
            }
        })
    }
}
