//! What was observed of a service lately, newest first; measurements are drawn elsewhere.

use super::{Page, Told};
use crate::domain::{Kind, ServiceName, SignalKey, Span};
use crate::theme::Role;
use crate::tui::screens::situation::lines::tag_role;
use crate::tui::ui::World;

/// How many are told.
const MOST: usize = 50;
/// How far back is looked, and through how many signals of everybody, so that a loud day stays cheap.
const BACK: Span = Span::hours(72);
const LOOKED: usize = 50_000;

/// Keys of the newest signals of a service up to the moment that is looked at.
pub fn recent(name: &ServiceName, world: World<'_>) -> Vec<SignalKey> {
    let now = world.situation.at;
    let late = world.snapshot.signals.iter().rev().skip_while(|signal| signal.at() > now);
    let looked = late.take(LOOKED).take_while(|signal| signal.at() >= now - BACK);
    let own = looked.filter(|signal| signal.service() == name.as_str() && signal.kind() != Kind::Sample);
    own.take(MOST).map(|signal| signal.key()).collect()
}

pub fn write(told: &Told<'_>, page: &mut Page) {
    let signals = told.screen.recent.iter().filter_map(|key| told.world.snapshot.signals.get(*key));
    let mut is_empty = true;
    for signal in signals {
        is_empty = false;
        let at = signal.at();
        let day = if at.is_same_day(told.world.now, &told.zone) {
            String::new()
        } else {
            format!("{} ", &at.date(&told.zone)[5..])
        };
        page.line(vec![
            (format!("{day}{}  ", at.hour_minute(&told.zone)), Role::Dim),
            (format!("{:<11} ", signal.kind().tag()), tag_role(signal.kind())),
            (signal.title().to_owned(), Role::Text),
        ]);
    }
    if is_empty {
        page.said("Nothing was observed of it in the last 72 hours, but for what is measured.", Role::Dim);
    }
}
