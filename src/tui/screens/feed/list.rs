//! Signals that a query finds, newest first, and a place among them.
//!
//! The cursor holds on to a signal, and the first line in sight to another, so news moves neither. As long as
//! nobody has moved, the list follows: the cursor rides on the newest signal.

use super::matches::{Count, Matches};
use super::query::Query;
use crate::domain::{SignalId, SignalKey, SignalLog, SignalRef, Span, Time};
use crate::tui::widgets::list::Step;

#[derive(Debug, Default)]
pub struct List {
    matches: Matches,
    asked: String,
    /// Terms that hold whatever is asked.
    always: String,
    /// How tall a signal is drawn.
    height: Height,
    place: Place,
    /// When an answer that depends on the time was last thrown away.
    forgotten_at: Time,
}

/// Lines a signal takes on the screen.
#[derive(Clone, Copy, Debug, Default)]
pub enum Height {
    #[default]
    One,
    /// As many as its text needs in so many columns.
    Wrapped(fn(&SignalRef<'_>, usize) -> usize, usize),
}

impl Height {
    fn of(self, signal: &SignalRef<'_>) -> usize {
        match self {
            Self::One => 1,
            Self::Wrapped(lines, columns) => lines(signal, columns).max(1),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Following,
    At {
        cursor: SignalKey,
        first: SignalKey,
        /// The newest signal when the feed stopped following.
        seen: SignalKey,
    },
}

/// How often `since:` is asked anew while nothing happens.
const AGE_STEP: Span = Span::seconds(30);

impl List {
    pub fn follow_log(&mut self, log: &SignalLog) {
        self.matches.follow(log);
    }

    pub fn tick(&mut self, now: Time) {
        if self.matches.query().depends_on_time() && now - self.forgotten_at >= AGE_STEP {
            self.forgotten_at = now;
            self.matches.forget();
        }
    }

    /// Looks at some more of the log; true while there is more to look at.
    pub fn work(&mut self, now: Time, chunks: usize) -> bool {
        (0..chunks).all(|_| self.matches.work(now)) && !self.matches.is_done()
    }

    pub fn has_work(&self) -> bool {
        !self.matches.is_done()
    }

    pub fn asked(&self) -> &str {
        &self.asked
    }

    pub fn query(&self) -> &Query {
        self.matches.query()
    }

    pub fn ask(&mut self, text: &str) {
        if text != self.asked {
            text.clone_into(&mut self.asked);
            self.ask_anew();
        }
    }

    /// Terms that hold besides what is asked.
    pub fn always(&mut self, terms: String) {
        if terms != self.always {
            self.always = terms;
            self.ask_anew();
        }
    }

    fn ask_anew(&mut self) {
        let until = self.matches.query().until();
        self.matches.ask(Query::parse(&format!("{} {}", self.always, self.asked)).up_to(until));
    }

    pub fn is_as_tall_as(&mut self, height: Height) {
        self.height = height;
    }

    /// Stands still at the newest signal that is no younger than a moment, and shows it as the first.
    pub fn jump(&mut self, at: Time) {
        let key = SignalKey { at, id: SignalId(u64::MAX) };
        self.stop_following();
        let found = self.matches.older_from(key).next().or_else(|| self.matches.oldest());
        if let (Place::At { seen, .. }, Some(found)) = (self.place, found.map(|signal| signal.key())) {
            self.place = Place::At { cursor: found, first: found, seen };
        }
    }

    /// The matches that are younger than a moment, newest first.
    pub fn since(&self, moment: Time) -> impl Iterator<Item = SignalRef<'_>> {
        let newest = self.matches.newest().map(|signal| signal.key());
        let from = newest.into_iter().flat_map(|newest| self.matches.older_from(newest));
        from.take_while(move |signal| signal.at() > moment)
    }

    /// Shows nothing later than a moment, or everything again.
    pub fn until(&mut self, moment: Option<Time>) {
        if self.matches.query().until() != moment {
            let query = self.matches.query().clone().up_to(moment);
            self.matches.ask(query);
        }
    }

    pub fn count(&self) -> Count {
        self.matches.count()
    }

    pub fn is_following(&self) -> bool {
        self.place == Place::Following
    }

    pub fn start_following(&mut self) {
        self.place = Place::Following;
    }

    pub fn stop_following(&mut self) {
        if let (Place::Following, Some(newest)) = (self.place, self.matches.newest()) {
            let newest = newest.key();
            self.place = Place::At { cursor: newest, first: newest, seen: newest };
        }
    }

    /// How many matches have come since the feed stopped following.
    pub fn unseen(&self) -> usize {
        match self.place {
            Place::Following => 0,
            Place::At { seen, .. } => self.matches.count_newer(seen),
        }
    }

    /// The signal under the cursor.
    pub fn selected(&self) -> Option<SignalRef<'_>> {
        match self.place {
            Place::Following => self.matches.newest(),
            Place::At { cursor, .. } => {
                self.matches.older_from(cursor).next().or_else(|| self.matches.oldest())
            }
        }
    }

    /// How many matches stand above the cursor.
    pub fn position(&self) -> usize {
        self.selected().map_or(0, |signal| self.matches.count_newer(signal.key()))
    }

    /// The lines in sight, newest first.
    pub fn rows(&self, page: usize) -> impl Iterator<Item = SignalRef<'_>> {
        let first = self.first().into_iter().flat_map(|first| self.matches.older_from(first));
        let mut room = page;
        // One that is taller than the page is still in sight.
        first.take_while(move |signal| {
            let (height, is_first) = (self.height.of(signal), room == page);
            let fits = height <= room || (is_first && page > 0);
            room = room.saturating_sub(height);
            fits
        })
    }

    pub fn step(&mut self, step: Step, page: usize) {
        let in_sight = self.rows(page).count();
        let lines = step.lines(in_sight.max(1));
        let Some(from) = self.selected().map(|signal| signal.key()) else { return };
        if step == Step::Top {
            self.start_following();
            return;
        }
        let to = match lines {
            isize::MAX => self.matches.oldest(),
            0.. => last_within(self.matches.older_from(from), lines.unsigned_abs() + 1),
            _ => last_within(self.matches.newer_than(from), lines.unsigned_abs()),
        };
        let to = to.map_or(from, |signal| signal.key());
        self.select(to, page);
    }

    pub fn select_row(&mut self, row: usize, page: usize) {
        let Some(key) = self.rows(page).nth(row).map(|signal| signal.key()) else { return };
        self.select(key, page);
    }

    fn select(&mut self, cursor: SignalKey, page: usize) {
        self.stop_following();
        let Some(first) = self.first() else { return };
        if let Place::At { seen, .. } = self.place {
            let first = self.first_with_in_sight(first, cursor, page);
            self.place = Place::At { cursor, first, seen };
        }
    }

    /// The first line in sight that keeps the cursor in sight too, moved as little as possible.
    fn first_with_in_sight(&self, first: SignalKey, cursor: SignalKey, page: usize) -> SignalKey {
        if cursor >= first {
            return cursor;
        }
        if self.rows(page).any(|signal| signal.key() == cursor) {
            return first;
        }
        let own = self.matches.older_from(cursor).next().map_or(1, |signal| self.height.of(&signal));
        let mut room = page.saturating_sub(own);
        let above = self.matches.newer_than(cursor).take_while(|signal| {
            let height = self.height.of(signal);
            let fits = height <= room;
            room = room.saturating_sub(height);
            fits
        });
        above.last().map_or(cursor, |signal| signal.key())
    }

    /// Where the cursor stands among the lines in sight.
    pub fn row(&self) -> Option<usize> {
        let selected = self.selected()?.key();
        let first = self.first()?;
        Some(
            self.matches
                .older_from(first)
                .take(usize::from(u16::MAX))
                .take_while(|s| s.key() > selected)
                .count(),
        )
    }

    pub fn first(&self) -> Option<SignalKey> {
        match self.place {
            Place::Following => self.matches.newest().map(|signal| signal.key()),
            Place::At { first, .. } => {
                let shown = self.matches.older_from(first).next().or_else(|| self.matches.oldest());
                shown.map(|signal| signal.key())
            }
        }
    }
}

fn last_within<'a>(signals: impl Iterator<Item = SignalRef<'a>>, count: usize) -> Option<SignalRef<'a>> {
    signals.take(count).last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Signal, SignalId, SourceName};

    fn signal(n: i64) -> Signal {
        Signal {
            id: SignalId::of("test", &n.to_string()),
            at: Time::from_millis(n * 1_000),
            source: SourceName::new("test"),
            service: None,
            title: n.to_string(),
            body: Body::Note,
            link: None,
            raw: None,
        }
    }

    fn feed(log: &SignalLog) -> List {
        let mut feed = List::default();
        feed.follow_log(log);
        feed.work(Time::MAX, usize::MAX);
        feed
    }

    fn shown(feed: &List) -> (Vec<String>, String) {
        let rows = feed.rows(5).map(|s| s.title().to_owned()).collect();
        (rows, feed.selected().unwrap().title().to_owned())
    }

    #[test]
    fn it_follows_until_somebody_moves_and_then_nothing_moves_it() {
        let mut log: SignalLog = (0..50).map(signal).collect();
        let mut feed = feed(&log);
        assert_eq!(shown(&feed), (["49", "48", "47", "46", "45"].map(String::from).to_vec(), "49".into()));
        feed.step(Step::Line(1), 5);
        let before = shown(&feed);
        assert_eq!(before.1, "48");
        for n in 50..60 {
            log.insert(&signal(n));
        }
        feed.follow_log(&log);
        feed.work(Time::MAX, usize::MAX);
        assert_eq!(shown(&feed), before);
        assert_eq!(feed.unseen(), 10);
        feed.step(Step::Top, 5);
        assert_eq!((shown(&feed).1, feed.unseen()), ("59".into(), 0));
    }

    #[test]
    fn the_cursor_scrolls_the_page_at_its_ends() {
        let log: SignalLog = (0..50).map(signal).collect();
        let mut feed = feed(&log);
        for _ in 0..5 {
            feed.step(Step::Line(1), 5);
        }
        assert_eq!(shown(&feed), (["48", "47", "46", "45", "44"].map(String::from).to_vec(), "44".into()));
        feed.step(Step::Bottom, 5);
        assert_eq!(shown(&feed), (["4", "3", "2", "1", "0"].map(String::from).to_vec(), "0".into()));
        feed.step(Step::Line(-1), 5);
        assert_eq!(shown(&feed).1, "1");
        feed.step(Step::Page(-1), 5);
        assert_eq!(shown(&feed).1, "5");
    }

    #[test]
    fn tall_rows_stay_in_sight_as_a_whole_and_a_jump_stands_still_there() {
        let log: SignalLog = (0..50).map(signal).collect();
        let mut feed = feed(&log);
        feed.is_as_tall_as(Height::Wrapped(|_, columns| columns, 2));
        assert_eq!(shown(&feed).0, ["49", "48"]);
        feed.step(Step::Line(2), 5);
        assert_eq!(shown(&feed), (["48", "47"].map(String::from).to_vec(), "47".into()));
        feed.jump(Time::from_millis(30_500));
        assert_eq!(shown(&feed), (["30", "29"].map(String::from).to_vec(), "30".into()));
        feed.jump(Time::MIN);
        assert_eq!(shown(&feed).1, "0");
        feed.is_as_tall_as(Height::Wrapped(|_, _| 99, 2));
        assert_eq!(feed.rows(5).count(), 1, "one that is taller than the page is shown as far as it goes");
    }

    #[test]
    fn a_filter_keeps_the_cursor_where_it_still_can() {
        let log: SignalLog = (0..50).map(signal).collect();
        let mut feed = feed(&log);
        feed.step(Step::Line(19), 5);
        assert_eq!(shown(&feed).1, "30");
        feed.ask("3");
        feed.work(Time::MAX, usize::MAX);
        assert_eq!(shown(&feed).1, "30");
        feed.ask("nothing like it");
        feed.work(Time::MAX, usize::MAX);
        assert!(feed.selected().is_none() && feed.rows(5).next().is_none());
    }
}
