//! What a forge says of itself: what gives nothing and why, what is still to be read, and what never will be.

use super::Forge;
use crate::domain::Span;
use crate::sources::SourceError;

impl Forge {
    pub(super) fn words(&self) -> String {
        let api = self.host.api();
        let progress = match (self.queue.behind(), self.queue.unread()) {
            (Some((feeds, _)), _) => format!("{feeds} feeds wait to be asked"),
            (None, 0) => String::new(),
            (None, waiting) => format!("reading history, {waiting} to go"),
        };
        let skew = match api.skew() {
            Span::ZERO => String::new(),
            ahead if ahead > Span::ZERO => format!("this clock is {ahead} behind {}", api.host()),
            behind => format!("this clock is {} ahead of {}", -behind, api.host()),
        };
        let parts = [self.troubles(), self.deafness(), progress, self.leftovers(), skew];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// That every repository has to be asked, and why.
    fn deafness(&self) -> String {
        let said = |why: &SourceError| {
            format!(
                "{} does not say what has changed ({}), so each is asked",
                self.host.api().host(),
                why.what
            )
        };
        self.turns.trouble().map(said).unwrap_or_default()
    }

    /// Which lists were left before their end.
    fn leftovers(&self) -> String {
        let mut left = self.threads.iter().filter_map(|thread| Some((thread, thread.left_after?)));
        let Some((thread, pages)) = left.next() else { return String::new() };
        let (feed, more) = (self.host.feeds()[thread.feed], and_more(left.count()));
        format!("{} {feed}: left after {pages} pages, what is older is not told{more}", thread.repository)
    }

    fn troubles(&self) -> String {
        let places = self.threads.iter().enumerate();
        let mut troubled = places.filter_map(|(place, thread)| Some((thread, self.trouble_of(place)?)));
        let Some((thread, why)) = troubled.next() else { return String::new() };
        let more = and_more(troubled.count());
        let fix = if why.fix.is_empty() { String::new() } else { format!("; {}", why.fix) };
        format!("{} {}: {}{fix}{more}", thread.repository, self.host.feeds()[thread.feed], why.what)
    }
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" (and {count} more)") }
}
