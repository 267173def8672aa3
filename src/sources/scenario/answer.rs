//! What a scenario's own lines of logs answer to a saved question, piece by piece, as an answer of a server grows.
//!
//! Pure. Nothing is answered but what the lines say that had been written by the moment that is asked about.

use super::Scenario;
use super::question::{Command, Condition, Key, Order, Question, UNDERSTOOD, read};
use crate::domain::query::{Course, Findings, SavedQuery};
use crate::domain::signal::Log;
use crate::domain::{Body, Signal, SourceName, Span, Time};
use crate::sources::written::Mistake;
use serde::Deserialize;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// In how many pieces lines are looked through.
const PIECES: usize = 8;
/// As many as are shown of any source.
const MOST_ROWS: usize = 1_000;

/// `[[query]]`, as an account of AWS has them in its configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueryBlock {
    name: String,
    query: String,
    /// Every group where none is named.
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default = "an_hour")]
    since: String,
}

fn an_hour() -> String {
    "1h".to_owned()
}

impl QueryBlock {
    pub(super) fn read(&self) -> Result<SavedQuery, Mistake> {
        let since = super::moment::span(&self.since)?;
        read(&self.query).map_err(|strange| Mistake::new(strange.to_string(), UNDERSTOOD))?;
        let source = SourceName::new("aws");
        let (name, text, groups) = (self.name.clone(), self.query.clone(), self.groups.clone());
        Ok(SavedQuery { name, source, text, groups, since })
    }
}

impl Scenario {
    /// The questions it has saved.
    pub fn queries(&self) -> &[SavedQuery] {
        &self.queries
    }

    /// What is known of the answer after each piece of the lines before `until`; the last is the whole answer.
    pub fn answers<'a>(&'a self, query: &'a SavedQuery, until: Time) -> impl Iterator<Item = Findings> + 'a {
        let question = read(&query.text);
        let from = until - query.since;
        let lines: Vec<_> = self.events.iter().filter_map(|signal| Line::of(signal, from, until)).collect();
        let piece = lines.len().div_ceil(PIECES).max(1);
        let pieces = if question.is_ok() { lines.len().div_ceil(piece).max(1) } else { 1 };
        (1..=pieces).map(move |n| {
            let asked = Findings::asked(from, until);
            match &question {
                Err(strange) => {
                    Findings { course: Course::Failed(format!("{strange}; {UNDERSTOOD}")), ..asked }
                }
                Ok(question) => {
                    let seen = &lines[..(n * piece).min(lines.len())];
                    let course = if n == pieces { Course::Complete } else { Course::Running };
                    Findings { course, ..answer(question, query, seen, asked) }
                }
            }
        })
    }
}

/// What one line says under which name.
type Fields = BTreeMap<String, String>;

struct Line<'s> {
    group: &'s str,
    at: Time,
    fields: Fields,
}

impl<'s> Line<'s> {
    fn of(signal: &'s Signal, from: Time, until: Time) -> Option<Self> {
        let Body::Log(Log { level, group }) = &signal.body else { return None };
        if signal.at < from || signal.at > until {
            return None;
        }
        let service = signal.service.as_ref().map_or_else(String::new, ToString::to_string);
        let known = [
            ("@timestamp", signal.at.to_string()),
            ("@message", signal.title.clone()),
            ("@log", group.clone()),
            ("level", level.clone()),
            ("service", service),
        ];
        let fields = known.map(|(name, said)| (name.to_owned(), said));
        Some(Self { group, at: signal.at, fields: fields.into() })
    }
}

fn answer(
    Question(commands): &Question,
    query: &SavedQuery,
    lines: &[Line<'_>],
    asked: Findings,
) -> Findings {
    let is_of_group =
        |line: &&Line<'_>| query.groups.is_empty() || query.groups.iter().any(|group| group == line.group);
    let lines: Vec<_> = lines.iter().filter(is_of_group).collect();
    let mut table = Table::of(&lines);
    let mut matched = lines.len();
    for command in commands {
        table.carry_out(command);
        if matches!(command, Command::Filter(_)) {
            matched = table.rows.len();
        }
    }
    table.rows.truncate(MOST_ROWS);
    let cell = |row: &Row, name: &String| row.fields.get(name).cloned().unwrap_or_default();
    let rows = table.rows.iter().map(|row| table.columns.iter().map(|name| cell(row, name)).collect());
    Findings {
        rows: rows.collect(),
        columns: table.columns.clone(),
        matched: matched as u64,
        scanned: lines.len() as u64,
        ..asked
    }
}

/// Rows as commands leave them.
struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    at: Time,
    fields: Fields,
}

impl Table {
    /// The newest line first, as everywhere.
    fn of(lines: &[&Line<'_>]) -> Self {
        let row = |line: &&Line<'_>| Row { at: line.at, fields: line.fields.clone() };
        let columns = ["@timestamp", "@message"].map(str::to_owned).to_vec();
        Self { columns, rows: lines.iter().rev().map(row).collect() }
    }

    fn carry_out(&mut self, command: &Command) {
        match command {
            Command::Show(names) => self.columns.clone_from(names),
            Command::Filter(condition) => self.rows.retain(|row| condition.holds(&row.fields)),
            Command::Count { name, by } => self.count(name, by),
            Command::Sort { field, order } => self.sort(field, *order),
            Command::Limit(most) => self.rows.truncate(*most),
        }
    }

    fn count(&mut self, name: &str, by: &[Key]) {
        let mut counted: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for row in &self.rows {
            *counted.entry(by.iter().map(|key| key.of(row)).collect()).or_default() += 1;
        }
        self.columns = by.iter().map(Key::name).collect();
        self.columns.push(name.to_owned());
        let row = |(keys, count): (Vec<String>, u64)| {
            let cells = keys.into_iter().chain([count.to_string()]);
            Row { at: Time::MIN, fields: self.columns.iter().cloned().zip(cells).collect() }
        };
        self.rows = counted.into_iter().map(row).collect();
    }

    fn sort(&mut self, field: &str, order: Order) {
        let of = |row: &Row| row.fields.get(field).cloned().unwrap_or_default();
        self.rows.sort_by(|a, b| {
            let ascending = compared(&of(a), &of(b));
            if order == Order::Ascending { ascending } else { ascending.reverse() }
        });
    }
}

impl Condition {
    fn holds(&self, fields: &Fields) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(fields)),
            Self::Any(any) => any.iter().any(|one| one.holds(fields)),
            Self::Not(one) => !one.holds(fields),
            Self::Is { field, value } => fields.get(field) == Some(value),
            Self::Contains { field, part } => fields.get(field).is_some_and(|said| said.contains(part)),
        }
    }
}

impl Key {
    fn name(&self) -> String {
        match self {
            Self::Field(name) => name.clone(),
            Self::Bin(step) => format!("bin({step})"),
        }
    }

    fn of(&self, row: &Row) -> String {
        match self {
            Self::Field(name) => row.fields.get(name).cloned().unwrap_or_default(),
            Self::Bin(step) => begins(row.at, *step).to_string(),
        }
    }
}

fn begins(at: Time, step: Span) -> Time {
    let step = step.as_millis().max(1);
    Time::from_millis(at.millis().div_euclid(step) * step)
}

/// Numbers by how much they are, everything else by its letters.
fn compared(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        let text = r#"
title = "t"
room = "r"
ends = "2026-03-18T14:29:00Z"
[[service]]
name = "web"
[[service]]
name = "pay"
[[scene]]
name = "s"
signals = '''
14:01  log  web  error  "503 no connection"
14:02  log  pay  warn   "pool 40 of 40"
14:07  log  pay  error  "capture 503"
14:08  log  pay  error  "503 no connection"  group=/rds/pay
14:20  log  web  info   "fine again"
'''
"#;
        Scenario::parse("t", text).unwrap()
    }

    fn asked(text: &str, minute: i64) -> Findings {
        let (scenario, since) = (scenario(), Span::minutes(30));
        let query = SavedQuery {
            name: "q".to_owned(),
            source: SourceName::new("aws"),
            text: text.to_owned(),
            groups: Vec::new(),
            since,
        };
        let until = scenario.end() - Span::minutes(29 - minute);
        let answers: Vec<_> = scenario.answers(&query, until).collect();
        let (last, before) = answers.split_last().unwrap();
        assert!(before.iter().all(|part| part.course == Course::Running && part.scanned <= last.scanned));
        last.clone()
    }

    #[test]
    fn what_had_been_written_by_then_is_counted_and_nothing_else() {
        let found = asked("filter level = 'error' | stats count(*) as errors by service | sort errors", 29);
        assert_eq!(found.columns, ["service", "errors"]);
        assert_eq!(found.rows, [["pay", "2"], ["web", "1"]]);
        assert_eq!((found.course, found.matched, found.scanned), (Course::Complete, 3, 5));
        let found = asked("filter level = 'error' | stats count(*) by bin(5m)", 7);
        assert_eq!(found.columns, ["bin(5m)", "count(*)"]);
        let first: Vec<_> = found.rows.iter().map(|row| row[1].as_str()).collect();
        assert_eq!((first, found.scanned), (vec!["1", "1"], 3));
    }

    #[test]
    fn lines_are_shown_newest_first_with_the_fields_that_were_asked_for() {
        let found =
            asked("filter @message like /503/ and @message not like 'capture' | fields @log, level", 29);
        assert_eq!(found.rows, [["/rds/pay", "error"], ["/ecs/web", "error"]]);
        let found = asked("filter service = pay | display level, nothing | limit 1", 29);
        assert_eq!(found.rows, [["error", ""]]);
        assert_eq!(asked("sort @timestamp asc | limit 1", 29).rows[0][1], "503 no connection");
    }

    #[test]
    fn nothing_to_look_through_is_an_answer_and_what_is_strange_is_said() {
        let found = asked("fields @message", 0);
        assert_eq!((found.course, found.scanned, found.rows.len()), (Course::Complete, 0, 0));
        let Course::Failed(why) = asked("parse @message", 29).course else { panic!("it is not understood") };
        assert!(why.contains("`parse` is not understood here; a scenario answers fields"), "{why}");
    }

    #[test]
    fn every_question_that_comes_along_is_answered() {
        for built_in in Scenario::built_in() {
            let scenario = Scenario::parse(built_in.name, built_in.text).unwrap();
            assert!(!scenario.queries().is_empty(), "{}", built_in.name);
            for query in scenario.queries() {
                let found = scenario.answers(query, scenario.end()).last().unwrap();
                assert!(
                    found.course == Course::Complete && !found.rows.is_empty(),
                    "{}: {found:?}",
                    query.name
                );
            }
        }
    }

    #[test]
    fn a_saved_question_that_is_not_understood_is_a_mistake_of_the_file() {
        let text = "title = \"t\"\nroom = \"r\"\nends = \"2026-03-18T14:29:00Z\"\n[[query]]\nname = \"q\"\nquery = \"dedup level\"\n";
        let problems = Scenario::parse("t", text).unwrap_err();
        assert!(problems[0].to_string().contains("`dedup` is not understood here"), "{problems:?}");
    }
}
