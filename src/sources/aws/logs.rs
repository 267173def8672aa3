//! CloudWatch Logs: the lines of the groups that are configured, as they come in: asked for, or by Live Tail while
//! somebody looks.
//!
//! Both ways name a line the same, so it is told once, and neither lets a flood through: what is more than the
//! intake takes is counted.

use super::account::LogTail;
use super::intake::Intake;
use super::pages::Pages;
use super::tail::{self, Tail};
use super::target::{Observed, Target, text};
use super::window::Window;
use super::{Concern, DENIED_PAUSE, GOING_ON, console};
use crate::domain::signal::{Body, Log};
use crate::domain::{Signal, Span, Time};
use crate::sources::{Failure, SourceError};
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionLogEvent, LiveTailSessionMetadata};
use serde_json::Value;

const FILTER: &str = "logs:FilterLogEvents";
const EVERY: Span = Span::seconds(10);
/// A session waits for its next word by itself.
const AT_ONCE: Span = Span::millis(10);
const REFUSED_PAUSE: Span = Span::hours(1);
const BROKEN_PAUSE: Span = Span::minutes(1);
const LINES_A_MINUTE: u32 = 600;
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
    intake: Intake,
    tail: Option<Tail>,
    /// When to ask once more for what was written before the session had begun and could not be asked for yet.
    behind: Option<Time>,
    /// Why there is no session although somebody looks, and until when it is not tried again.
    refused: Option<(SourceError, Time)>,
    is_sampled: bool,
}

struct Group {
    name: String,
    pages: Pages,
    window: Window,
    /// Why it cannot be read, and until when it is not asked again.
    trouble: Option<(SourceError, Time)>,
}

/// A line as CloudWatch tells it, whichever way.
struct Line<'a> {
    group: &'a str,
    stream: &'a str,
    at: Time,
    message: &'a str,
}

impl Logs {
    pub fn of(target: &Target, now: Time) -> Self {
        let of = |name: &String| Group {
            name: name.clone(),
            pages: Pages::default(),
            window: Window::new(LOOK_BACK, OVERLAP),
            trouble: None,
        };
        let account = target.account();
        Self {
            groups: account.log_groups.iter().map(of).collect(),
            turn: 0,
            held: Vec::new(),
            intake: Intake::new(account.log_lines_per_minute.unwrap_or(LINES_A_MINUTE), now),
            tail: None,
            behind: None,
            refused: None,
            is_sampled: false,
        }
    }
}

impl Concern for Logs {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        if self.tail.is_some() && !self.is_catching_up(now) {
            self.follow(target, now).await;
            return Ok(AT_ONCE);
        }
        for _ in 0..STEPS {
            let Some(group) = self.groups.get_mut(self.turn) else { break };
            if group.is_left_alone(now) {
                self.turn += 1;
                continue;
            }
            match group.page(target, now, &mut self.intake, &mut self.held).await {
                Ok(goes_on) => {
                    group.trouble = None;
                    self.turn += usize::from(!goes_on);
                }
                // A group that cannot be read must not keep the others from their turn.
                Err(error) if error.kind.is_of_the_question() => {
                    group.afresh();
                    group.trouble = Some((error, now + DENIED_PAUSE));
                    self.turn += 1;
                }
                Err(error) => {
                    self.turn = (self.turn + 1) % self.groups.len();
                    return Err(error);
                }
            }
        }
        let is_done = self.turn >= self.groups.len();
        if is_done {
            (self.turn, self.behind) = (0, None);
            self.common_trouble()?;
            if self.tail.is_none() {
                self.listen(target, now).await;
            }
        }
        let again_in = match (&self.tail, is_done) {
            (Some(_), _) => AT_ONCE,
            (None, true) => EVERY,
            (None, false) => GOING_ON,
        };
        Ok(again_in)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    /// Groups begin afresh by themselves, each where it is refused.
    fn afresh(&mut self) {}

    fn note(&self) -> String {
        let tail = match (&self.tail, &self.refused) {
            (Some(_), _) if self.is_sampled => "live tail, of which AWS tells only a sample".to_owned(),
            (Some(_), _) => "live tail".to_owned(),
            (None, Some((why, _))) => format!("polled, no live tail: {why}"),
            (None, None) if self.groups.len() > tail::MOST => {
                format!("polled, live tail takes {} log groups", tail::MOST)
            }
            (None, None) => String::new(),
        };
        let mut troubled =
            self.groups.iter().filter_map(|group| Some((&group.name, group.trouble.as_ref()?)));
        let trouble = troubled.next().map(|(name, (why, _))| format!("{name}: {why}")).unwrap_or_default();
        let parts = [trouble, tail, self.intake.said()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

impl Logs {
    /// What is wrong when no group can be read.
    fn common_trouble(&self) -> Result<(), SourceError> {
        let is_everywhere = self.groups.iter().all(|group| group.trouble.is_some());
        let first = self.groups.first().and_then(|group| group.trouble.clone()).filter(|_| is_everywhere);
        first.map_or(Ok(()), |(error, _)| Err(error))
    }

    fn is_catching_up(&self, now: Time) -> bool {
        self.turn > 0 || self.behind.is_some_and(|at| at <= now)
    }

    /// Begins a session if somebody looks. That it is refused is no failure: the lines come in as before.
    async fn listen(&mut self, target: &Target, now: Time) {
        let is_wanted = target.account().log_tail == LogTail::Watched && target.onlookers().are_there();
        let is_refused = self.refused.as_ref().is_some_and(|(_, until)| now < *until);
        if !is_wanted || is_refused || self.groups.len() > tail::MOST {
            return;
        }
        let names: Vec<_> = self.groups.iter().map(|group| group.name.clone()).collect();
        match Tail::start(target, now, &names).await {
            Ok(tail) => (self.tail, self.behind, self.refused) = (Some(tail), Some(now + EVERY), None),
            Err(error) => {
                let pause = if error.kind == Failure::Denied { REFUSED_PAUSE } else { BROKEN_PAUSE };
                self.refused = Some((error, now + pause));
            }
        }
    }

    /// What the session tells next. Once it ends, what it may have missed is asked for.
    async fn follow(&mut self, target: &Target, now: Time) {
        let heard = match &mut self.tail {
            Some(tail) if target.onlookers().are_there() => tail.next().await,
            _ => Ok(None),
        };
        match heard {
            Ok(Some(update)) => {
                self.is_sampled = update.session_metadata().is_some_and(LiveTailSessionMetadata::sampled);
                for line in update.session_results() {
                    let line = self.heard(target, now, line).await;
                    self.held.extend(line);
                }
                if self.behind.is_none() {
                    let there = target.there(now);
                    self.groups.iter_mut().for_each(|group| group.window.reach(there));
                }
            }
            Ok(None) => self.tail = None,
            Err(error) => {
                self.tail = None;
                self.refused = Some((error, now + BROKEN_PAUSE));
            }
        }
    }

    async fn heard(&mut self, target: &Target, now: Time, told: &LiveTailSessionLogEvent) -> Option<Signal> {
        let group = told.log_group_identifier().unwrap_or_default();
        // AWS names groups `ACCOUNT:NAME` here.
        let group = self.groups.iter_mut().find(|known| is_named(group, &known.name))?;
        let line = Line {
            group: &group.name,
            stream: told.log_stream_name().unwrap_or_default(),
            at: Time::from_millis(told.timestamp()?),
            message: told.message().unwrap_or_default(),
        };
        let signal = line.signal(target, &target.clients().await.region);
        let is_kept = group.window.is_new(&signal) && self.intake.takes(level_of(&signal), now);
        is_kept.then_some(signal)
    }
}

fn is_named(told: &str, name: &str) -> bool {
    told == name || told.strip_suffix(name).is_some_and(|before| before.ends_with(':'))
}

impl Group {
    fn is_left_alone(&self, now: Time) -> bool {
        self.trouble.as_ref().is_some_and(|(_, until)| now < *until)
    }

    fn afresh(&mut self) {
        self.pages = Pages::default();
        self.window.give_up();
    }

    async fn page(
        &mut self,
        target: &Target,
        now: Time,
        intake: &mut Intake,
        held: &mut Vec<Signal>,
    ) -> Result<bool, SourceError> {
        let (from, until) = self.window.open(target.there(now));
        let clients = target.within_its_share(now).await?;
        let asked = clients.logs.filter_log_events().log_group_name(&self.name).limit(PAGE);
        let asked = asked.start_time(from.millis()).end_time(until.millis());
        let asked = asked.set_filter_pattern(target.account().log_filter.clone());
        let page = asked.set_next_token(self.pages.token()).send().await;
        let page = page.map_err(|error| target.trouble(FILTER, &error))?;
        for told in page.events() {
            let Some(at) = told.timestamp().map(Time::from_millis) else { continue };
            let (stream, message) = (told.log_stream_name(), told.message());
            let (stream, message) = (stream.unwrap_or_default(), message.unwrap_or_default());
            let signal = Line { group: &self.name, stream, at, message }.signal(target, &clients.region);
            if self.window.is_new(&signal) && intake.takes(level_of(&signal), now) {
                held.push(signal);
            }
        }
        let goes_on = self.pages.turn(FILTER, page.next_token())?;
        if !goes_on {
            self.window.close(target.there(now));
        }
        Ok(goes_on)
    }
}

impl Line<'_> {
    /// A line has no name that both ways of reading know, so it is named by where it stands and what it says.
    fn signal(&self, target: &Target, region: &str) -> Signal {
        let Self { group, stream, at, message } = *self;
        let fields: Option<Value> = serde_json::from_str(message).ok().filter(Value::is_object);
        let level = level(fields.as_ref(), message);
        let title = fields.as_ref().and_then(|fields| field(fields, &MESSAGES)).unwrap_or(message);
        target.signal(Observed {
            external: format!("log/{group}/{stream}/{}/{message}", at.millis()),
            at,
            service: target.service_in(group).or_else(|| target.service_in(stream)),
            title: text(Some(title)),
            body: Body::Log(Log { level, group: text(Some(group)) }),
            link: Some(console::log_group(region, group)),
            raw: fields,
        })
    }
}

fn level_of(signal: &Signal) -> &str {
    match &signal.body {
        Body::Log(log) => &log.level,
        _ => "",
    }
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
