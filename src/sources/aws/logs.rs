//! CloudWatch Logs: the lines of the groups that are configured, as they come in.

use super::pages::Pages;
use super::target::{Observed, Target, text};
use super::window::Window;
use super::{Concern, GOING_ON, console};
use crate::domain::signal::{Body, Log};
use crate::domain::{Signal, Span, Time};
use crate::sources::{Polled, SourceError};
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde_json::Value;

const FILTER: &str = "logs:FilterLogEvents";
const EVERY: Span = Span::seconds(10);
const LOOK_BACK: Span = Span::minutes(15);
/// Lines reach CloudWatch a little after they were written.
const OVERLAP: Span = Span::minutes(1);
const PAGE: i32 = 1_000;
const STEPS: usize = 4;
/// The names JSON lines give their level and their message.
const LEVELS: [&str; 3] = ["level", "severity", "lvl"];
const MESSAGES: [&str; 3] = ["message", "msg", "error"];
/// What a plain line says of its level, the worst first.
const WORDS: [(&str, &str); 7] = [
    ("FATAL", "fatal"),
    ("PANIC", "fatal"),
    ("ERROR", "error"),
    ("Exception", "error"),
    ("WARN", "warn"),
    ("DEBUG", "debug"),
    ("INFO", "info"),
];

pub(super) struct Logs {
    groups: Vec<Group>,
    /// The group that is being read.
    turn: usize,
    held: Vec<Signal>,
}

struct Group {
    name: String,
    pages: Pages,
    window: Window,
}

impl Logs {
    pub fn of(target: &Target) -> Self {
        let of = |name: &String| Group {
            name: name.clone(),
            pages: Pages::default(),
            window: Window::new(LOOK_BACK, OVERLAP),
        };
        Self { groups: target.account().log_groups.iter().map(of).collect(), turn: 0, held: Vec::new() }
    }
}

impl Concern for Logs {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Polled, SourceError> {
        for _ in 0..STEPS {
            let Some(group) = self.groups.get_mut(self.turn) else { break };
            // A group that cannot be read must not keep the others from their turn.
            let goes_on = group.page(target, now, &mut self.held).await.inspect_err(|_| self.turn += 1)?;
            self.turn += usize::from(!goes_on);
        }
        let is_done = self.turn >= self.groups.len();
        if is_done {
            self.turn = 0;
        }
        let again_in = if is_done { EVERY } else { GOING_ON };
        Ok(Polled { signals: std::mem::take(&mut self.held), again_in })
    }
}

impl Group {
    async fn page(
        &mut self,
        target: &Target,
        now: Time,
        held: &mut Vec<Signal>,
    ) -> Result<bool, SourceError> {
        let (from, until) = self.window.open(now);
        let clients = target.within_budget(now).await?;
        let asked = clients.logs.filter_log_events().log_group_name(&self.name).limit(PAGE);
        let asked = asked.start_time(from.millis()).end_time(until.millis());
        let asked = asked.set_filter_pattern(target.account().log_filter.clone());
        let page = asked.set_next_token(self.pages.token()).send().await;
        let page = page.map_err(|error| target.trouble(FILTER, &error))?;
        let told = page.events().iter().filter_map(|line| line_of(target, &clients.region, &self.name, line));
        let told: Vec<_> = told.filter(|signal| self.window.is_new(signal)).collect();
        held.extend(told);
        let goes_on = self.pages.turn(FILTER, page.next_token()).inspect_err(|_| self.window.give_up())?;
        if !goes_on {
            self.window.close();
        }
        Ok(goes_on)
    }
}

fn line_of(target: &Target, region: &str, group: &str, line: &FilteredLogEvent) -> Option<Signal> {
    let (at, message) = (Time::from_millis(line.timestamp()?), line.message().unwrap_or_default());
    let fields: Option<Value> = serde_json::from_str(message).ok().filter(Value::is_object);
    let level = level(fields.as_ref(), message);
    let title = fields.as_ref().and_then(|fields| field(fields, &MESSAGES)).unwrap_or(message);
    let stream = line.log_stream_name().unwrap_or_default();
    let name = line.event_id().map_or_else(|| format!("{stream}/{}/{message}", at.millis()), str::to_owned);
    Some(target.signal(Observed {
        external: format!("log/{group}/{name}"),
        at,
        service: target.service_in(group).or_else(|| target.service_in(stream)),
        title: text(Some(title)),
        body: Body::Log(Log { level, group: text(Some(group)) }),
        link: Some(console::log_group(region, group)),
        raw: fields,
    }))
}

fn level(fields: Option<&Value>, message: &str) -> String {
    if let Some(word) = fields.and_then(|fields| field(fields, &LEVELS)) {
        return text(Some(word)).to_lowercase();
    }
    let word = WORDS.iter().find(|(word, _)| message.contains(word));
    word.map_or("info", |(_, level)| *level).to_owned()
}

fn field<'a>(fields: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| fields[*name].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_says_its_level_in_a_field_or_in_a_word() {
        assert_eq!(level(Some(&json!({"severity": "ERROR"})), ""), "error");
        assert_eq!(level(None, "2026-03-16 WARN pool is full"), "warn");
        assert_eq!(level(None, "listening"), "info");
    }
}
