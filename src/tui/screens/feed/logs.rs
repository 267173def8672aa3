//! The lines of logs: a list of its own, by group and level, with what is looked for marked.

use super::line::{Level, Shows, lines_of_fields, lines_of_message, log_of};
use super::list::{Height, List};
use super::query::Query;
use crate::domain::{Kind, SignalLog, Span, Time};

/// Groups are looked for among this many of the newest lines.
const LOOKED_AT: usize = 20_000;
/// Lines counted for the rate; more is said as more.
pub const MOST_COUNTED: usize = 9_999;
/// What a line has before its group: marker, time, level.
pub const BEFORE: u16 = 2 + 9 + 6;
const MINUTE: Span = Span::minutes(1);

#[derive(Debug)]
pub struct Logs {
    list: List,
    /// Only this group.
    group: Option<String>,
    /// Nothing less than this.
    least: Level,
    pub shows: Shows,
    wrap: Wrap,
    /// Words that are marked besides those of the filter.
    pub marked: String,
    rate: Rate,
    /// The second and the query the rate is of.
    counted: Option<(i64, Query)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrap {
    Cut,
    Whole,
}

/// How much is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    pub lines: usize,
    pub grave: usize,
}

impl Default for Logs {
    fn default() -> Self {
        let mut logs = Self {
            list: List::default(),
            group: None,
            least: Level::Debug,
            shows: Shows::Message,
            wrap: Wrap::Cut,
            marked: String::new(),
            rate: Rate::default(),
            counted: None,
        };
        logs.narrow();
        logs
    }
}

impl Logs {
    pub const fn list(&self) -> &List {
        &self.list
    }

    pub const fn list_mut(&mut self) -> &mut List {
        &mut self.list
    }

    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    pub const fn least(&self) -> Level {
        self.least
    }

    pub fn is_narrowed(&self) -> bool {
        !self.list.asked().is_empty() || self.group.is_some() || self.least > Level::Debug
    }

    pub fn is_wrapped(&self) -> bool {
        self.wrap == Wrap::Whole
    }

    /// The next group in the order of their names, and after the last all of them.
    pub fn next_group(&mut self, log: &SignalLog) {
        let groups = groups(log);
        self.group = match &self.group {
            None => groups.into_iter().next(),
            Some(group) => groups.into_iter().find(|other| other > group),
        };
        self.narrow();
    }

    /// All, then what is at least a warning, then errors.
    pub fn next_level(&mut self) {
        self.least = match self.least {
            Level::Debug | Level::Info => Level::Warn,
            Level::Warn => Level::Error,
            Level::Error | Level::Fatal => Level::Debug,
        };
        self.narrow();
    }

    pub fn toggle_wrap(&mut self, width: u16) {
        self.wrap = if self.is_wrapped() { Wrap::Cut } else { Wrap::Whole };
        self.lay_out(width);
    }

    pub fn toggle_fields(&mut self, width: u16) {
        self.shows = match self.shows {
            Shows::Message => Shows::Fields,
            Shows::Fields => Shows::Message,
        };
        self.lay_out(width);
    }

    /// Tells the list how tall its rows are in a terminal that wide.
    pub fn lay_out(&mut self, width: u16) {
        let columns = usize::from(width.saturating_sub(beside(width)).max(1));
        let lines = match self.shows {
            Shows::Message => lines_of_message,
            Shows::Fields => lines_of_fields,
        };
        self.list.is_as_tall_as(match self.wrap {
            Wrap::Cut => Height::One,
            Wrap::Whole => Height::Wrapped(lines, columns),
        });
    }

    /// Undoes one thing that narrows; false when there is none.
    pub fn widen(&mut self) -> bool {
        if !self.list.asked().is_empty() {
            self.list.ask("");
        } else if !self.marked.is_empty() {
            self.marked.clear();
        } else if self.group.is_some() || self.least != Level::Debug {
            (self.group, self.least) = (None, Level::Debug);
            self.narrow();
        } else {
            return false;
        }
        true
    }

    /// How much was being written a moment ago.
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// Counts anew when a second has gone by or something else is asked: there may be thousands of lines to read.
    pub fn count(&mut self, now: Time) {
        let (second, query) = (now.millis() / 1_000, self.list.query());
        if !self.list.has_work() && self.counted.as_ref().is_none_or(|(at, of)| *at != second || of != query)
        {
            self.counted = Some((second, query.clone()));
            self.rate = self.counted_at(now);
        }
    }

    /// Lines of the last minute that are shown.
    fn counted_at(&self, now: Time) -> Rate {
        let recent = self.list.since(now - MINUTE).skip_while(|signal| signal.at() > now);
        recent.take(MOST_COUNTED).fold(Rate::default(), |rate, signal| {
            let is_grave = log_of(&signal).is_some_and(|log| Level::of(&log.level) >= Level::Error);
            Rate { lines: rate.lines + 1, grave: rate.grave + usize::from(is_grave) }
        })
    }

    /// What is marked wherever it stands.
    pub fn words(&self) -> Vec<String> {
        let marked = self.marked.split_whitespace().map(str::to_ascii_lowercase);
        self.list.query().words().map(str::to_owned).chain(marked).collect()
    }

    fn narrow(&mut self) {
        let mut terms = "kind:log".to_owned();
        if let Some(group) = &self.group {
            terms.push_str(&format!(" group:={group}"));
        }
        if self.least > Level::Debug {
            terms.push_str(&format!(" level:{}", self.least.word()));
        }
        self.list.always(terms);
    }
}

/// How wide the group of a line is drawn.
pub const fn group_width(width: u16) -> u16 {
    if width < 100 { 18 } else { 30 }
}

/// Everything a line has besides its words.
pub const fn beside(width: u16) -> u16 {
    BEFORE + group_width(width) + 1
}

/// The groups of the newest lines, by name.
pub fn groups(log: &SignalLog) -> Vec<String> {
    let lines = log.iter().rev().filter(|signal| signal.kind() == Kind::Log).take(LOOKED_AT);
    let groups = lines.filter_map(|signal| log_of(&signal)).map(|log| log.group);
    let groups: std::collections::BTreeSet<_> = groups.filter(|group| !group.is_empty()).collect();
    groups.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Signal, SignalId, SourceName, signal};

    #[test]
    fn lines_are_counted_once_a_second_however_many_pictures_there_are() {
        let now = Time::from_millis(100_000_000);
        let mut log = SignalLog::new();
        let mut logs = Logs::default();
        let mut rate = |n: i64, at: Time| {
            log.insert(&Signal {
                id: SignalId::of("aws", &n.to_string()),
                at: now - Span::seconds(n),
                source: SourceName::new("aws"),
                service: None,
                title: n.to_string(),
                body: Body::Log(signal::Log { level: "error".into(), group: "api".into() }),
                link: None,
                raw: None,
            });
            logs.list.follow_log(&log);
            logs.list.work(at, usize::MAX);
            logs.count(at);
            logs.rate().lines
        };
        assert_eq!([rate(1, now), rate(2, now), rate(3, now + Span::seconds(1))], [1, 1, 3]);
    }
}
