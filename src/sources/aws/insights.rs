//! Saved queries in the language of Logs Insights: started, followed until they are done, stopped when nobody wants
//! the answer any more.
//!
//! Each question to CloudWatch is within the target's budget. What is found is told as it grows; only the newest counts.

use super::account::Query;
use super::console;
use super::target::{Clients, Target, text};
use crate::domain::query::{Course, Findings, SavedQuery};
use crate::domain::text::clean;
use crate::domain::{Clock, Span, Time};
use crate::sources::{Failure, SourceError};
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::{QueryStatus, ResultField};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

const START: &str = "logs:StartQuery";
const RESULTS: &str = "logs:GetQueryResults";
/// How soon an answer is asked for, at first and the longer it takes.
const SOON: Span = Span::seconds(1);
const LATER: Span = Span::seconds(5);
/// More rows than this nobody reads in a terminal.
const ROWS: i32 = 1_000;
/// Insights gives up after an hour; nobody waits that long in an incident.
const PATIENCE: Span = Span::minutes(15);
/// Stopping is asked once and not waited for.
const FAREWELL: Duration = Duration::from_secs(3);
/// A column of its own making that says nothing to people.
const POINTER: &str = "@ptr";

/// What an account has saved, as asked of this target.
pub fn saved(target: &Target) -> Vec<SavedQuery> {
    let account = target.account();
    let of = |(name, query): (&String, &Query)| {
        let groups = if query.groups.is_empty() { &account.log_groups } else { &query.groups };
        Some(SavedQuery {
            name: clean(name),
            source: target.source().clone(),
            text: query.query.clone(),
            groups: groups.clone(),
            since: query.span().ok()?,
        })
    };
    account.queries.iter().filter_map(of).collect()
}

/// Asks until the answer is complete or nobody listens any more. `until` is by our clock.
pub async fn ask(
    target: &Target,
    clock: &Clock,
    query: &SavedQuery,
    until: Time,
    told: watch::Sender<Findings>,
) {
    let began = clock.now();
    let id = loop {
        let error = match start(target, clock, query, until).await {
            Ok(id) => break id,
            Err(error) => error,
        };
        let Some(wait) = wait_for(&error, LATER, began.age(clock.now())) else { return fail(&told, &error) };
        tokio::select! {
            biased;
            () = told.closed() => return,
            () = sleep(wait.std()) => {}
        }
    };
    tokio::select! {
        biased;
        () = told.closed() => stop(target, &id).await,
        outcome = follow(target, clock, query, &id, &told) => {
            if let Err(error) = outcome {
                stop(target, &id).await;
                fail(&told, &error);
            }
        }
    }
}

/// How long to wait before the same is asked again; nothing for what is worth no wait. Whoever asks too much waits as
/// long as it takes, which is not for ever.
fn wait_for(error: &SourceError, usual: Span, so_far: Span) -> Option<Span> {
    let wait = match error.kind {
        Failure::Throttled { retry_after } => retry_after.unwrap_or(usual).max(SOON),
        Failure::Waiting { again_in } => again_in.max(SOON),
        _ => return None,
    };
    (so_far + wait <= PATIENCE).then_some(wait)
}

async fn start(
    target: &Target,
    clock: &Clock,
    query: &SavedQuery,
    until: Time,
) -> Result<String, SourceError> {
    let (from, until) = (until - query.since, until);
    let clients = within_budget(target, clock).await?;
    let there = |at: Time| target.there(at).millis().div_euclid(1_000);
    let asked = clients.logs.start_query().set_log_group_names(Some(query.groups.clone()));
    let asked = asked.query_string(&query.text).limit(ROWS).start_time(there(from)).end_time(there(until));
    let started = asked.send().await.map_err(|error| target.trouble(START, &error))?;
    started
        .query_id()
        .map(str::to_owned)
        .ok_or_else(|| SourceError::broken(format!("{START} gave no id"), ""))
}

async fn within_budget(target: &Target, clock: &Clock) -> Result<Arc<Clients>, SourceError> {
    let now = clock.now();
    target.clock().begin(now);
    target.within_budget(now).await
}

async fn follow(
    target: &Target,
    clock: &Clock,
    query: &SavedQuery,
    id: &str,
    told: &watch::Sender<Findings>,
) -> Result<(), SourceError> {
    let (began, mut wait, mut pause) = (clock.now(), SOON, SOON);
    loop {
        sleep(pause.std()).await;
        let (answer, region) = match results(target, clock, id).await {
            Ok(found) => found,
            Err(error) => {
                pause = wait_for(&error, LATER, began.age(clock.now())).ok_or(error)?;
                continue;
            }
        };
        let course = course(answer.status());
        let is_over = course.is_over();
        let link = query.groups.first().map(|group| console::log_group(&region, group));
        told.send_modify(|findings| learn(findings, &answer, course, link));
        if is_over {
            return Ok(());
        }
        if began.age(clock.now()) > PATIENCE {
            return Err(SourceError::transient(format!("no answer within {PATIENCE}, stopped")));
        }
        wait = (wait + SOON).min(LATER);
        pause = wait;
    }
}

/// What is found so far, and the region it is in.
async fn results(
    target: &Target,
    clock: &Clock,
    id: &str,
) -> Result<(GetQueryResultsOutput, String), SourceError> {
    let clients = within_budget(target, clock).await?;
    let answer = clients.logs.get_query_results().query_id(id).send().await;
    Ok((answer.map_err(|error| target.trouble(RESULTS, &error))?, clients.region.clone()))
}

fn learn(findings: &mut Findings, answer: &GetQueryResultsOutput, course: Course, link: Option<String>) {
    (findings.columns, findings.rows) = table(answer.results());
    findings.course = course;
    findings.link = link;
    if let Some(counted) = answer.statistics() {
        (findings.matched, findings.scanned) =
            (counted.records_matched() as u64, counted.records_scanned() as u64);
    }
}

/// Columns in the order in which rows first name them.
fn table(results: &[Vec<ResultField>]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for result in results.iter().take(ROWS.unsigned_abs() as usize) {
        let mut row = vec![String::new(); columns.len()];
        for field in result.iter().filter(|field| field.field() != Some(POINTER)) {
            let name = text(field.field());
            let place = columns.iter().position(|known| *known == name).unwrap_or_else(|| {
                columns.push(name);
                row.push(String::new());
                columns.len() - 1
            });
            row[place] = text(field.value());
        }
        rows.push(row);
    }
    rows.iter_mut().for_each(|row| row.resize(columns.len(), String::new()));
    (columns, rows)
}

fn course(status: Option<&QueryStatus>) -> Course {
    match status {
        Some(QueryStatus::Complete) => Course::Complete,
        Some(QueryStatus::Cancelled) => Course::Stopped,
        Some(QueryStatus::Scheduled) => Course::Asked,
        Some(QueryStatus::Failed) => Course::Failed("the query failed; see its text".to_owned()),
        Some(QueryStatus::Timeout) => {
            Course::Failed("the query took too long; ask for less time or fewer groups".to_owned())
        }
        _ => Course::Running,
    }
}

async fn stop(target: &Target, id: &str) {
    let stopping = async { target.clients().await.logs.stop_query().query_id(id).send().await };
    // What cannot be stopped ends by itself.
    let _ = timeout(FAREWELL, stopping).await;
}

fn fail(told: &watch::Sender<Findings>, error: &SourceError) {
    let fix = if error.fix.is_empty() { String::new() } else { format!("; {}", error.fix) };
    told.send_modify(|findings| findings.course = Course::Failed(format!("{}{fix}", error.what)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_name_different_fields_become_one_table() {
        let field = |name: &str, value: &str| ResultField::builder().field(name).value(value).build();
        let (columns, rows) = table(&[
            vec![field("level", "error"), field(POINTER, "x")],
            vec![field("count", "7"), field("level", "a\u{1b}[31mb")],
        ]);
        assert_eq!(columns, ["level", "count"]);
        assert_eq!(rows, [["error", ""], ["ab", "7"]]);
    }

    #[test]
    fn a_state_nobody_knows_yet_goes_on() {
        assert_eq!(course(Some(&"Pondering".into())), Course::Running);
        assert!(course(Some(&QueryStatus::Timeout)).is_over());
    }
}
