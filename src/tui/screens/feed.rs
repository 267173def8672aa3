//! The Feed: all signals, newest first.
//!
//! The cursor holds on to a signal, and the first line in sight to another, so news moves neither. As long as
//! nobody has moved, the feed follows: the cursor rides on the newest signal.

pub mod matches;
pub mod query;
mod view;

pub use view::draw;

use super::{Face, Narrow};
use crate::domain::{SignalKey, SignalLog, SignalRef, Span, Time};
use crate::keymap::{Context, Verb};
use crate::tui::damage::Damage;
use crate::tui::overlays::detail::About;
use crate::tui::ui::Ui;
use crate::tui::view::counted;
use crate::tui::widgets::list::Step;
use matches::{Count, Matches};
use query::Query;

pub const FACE: Face = Face {
    key: '3',
    title: "Feed",
    context: Context::Feed,
    verb: Verb::ScreenFeed,
    draw: |ui, world, canvas| {
        draw(&ui.feed, canvas, ui.body(), &ui.zone, world.now);
    },
    step: |ui, _, way| step(ui, way),
    select_row: |ui, _, row| {
        let page = ui.page();
        ui.feed.select_row(row, page);
    },
    item: |ui, _| ui.feed.selected().map(|signal| About::Signal(signal.key())),
    leave: |ui| ui.feed.ask(""),
    turn: None,
    filter: Some(&NARROW),
    place,
};

pub const NARROW: Narrow = Narrow {
    placeholder: "words, source: service: kind: since:2h, a minus to leave out",
    asked: |ui| ui.feed.asked(),
    ask: |ui, text| ui.feed.ask(text),
    count: |ui| counted(ui.feed.count()),
    problem: |ui| ui.feed.query().problems.first(),
};

#[derive(Debug, Default)]
pub struct Feed {
    matches: Matches,
    asked: String,
    place: Place,
    /// When an answer that depends on the time was last thrown away.
    forgotten_at: Time,
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

impl Feed {
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
            let until = self.matches.query().until();
            self.matches.ask(Query::parse(text).up_to(until));
        }
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
        self.first().into_iter().flat_map(|first| self.matches.older_from(first)).take(page)
    }

    pub fn step(&mut self, step: Step, page: usize) {
        let lines = step.lines(page);
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
        if self.matches.older_from(first).take(page).any(|signal| signal.key() == cursor) {
            return first;
        }
        let above = page.saturating_sub(1);
        last_within(self.matches.newer_than(cursor), above).map_or(cursor, |signal| signal.key())
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

/// As long as the list does not scroll, only the two lines the cursor left and reached look different.
fn step(ui: &mut Ui, step: Step) {
    let before = (ui.feed.first(), ui.feed.row());
    let had_toast = ui.toast.is_some();
    let page = ui.page();
    ui.feed.step(step, page);
    let (first, row) = (ui.feed.first(), ui.feed.row());
    if first == before.0
        && !had_toast
        && let (Some(from), Some(to)) = (before.1, row)
    {
        let top = ui.body().y + 1;
        let mut damage = Damage::NONE;
        for row in [from, to] {
            damage.row(top.saturating_add(u16::try_from(row).unwrap_or(u16::MAX)));
        }
        damage.row(ui.size.height.saturating_sub(1));
        ui.damage = damage;
    }
}

fn place(ui: &Ui) -> String {
    let count = ui.feed.count();
    let filter = match ui.feed.asked() {
        "" => String::new(),
        asked => format!("/{asked}  "),
    };
    let unseen = match ui.feed.unseen() {
        0 => String::new(),
        unseen => format!("{unseen} new {}  ", ui.look.glyphs.up),
    };
    let position = if count.found == 0 { 0 } else { ui.feed.position() + 1 };
    let follow = if ui.feed.is_following() { "following  " } else { "" };
    format!("{filter}{unseen}{follow}{position} of {}", counted(count))
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

    fn feed(log: &SignalLog) -> Feed {
        let mut feed = Feed::default();
        feed.follow_log(log);
        feed.work(Time::MAX, usize::MAX);
        feed
    }

    fn shown(feed: &Feed) -> (Vec<String>, String) {
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
