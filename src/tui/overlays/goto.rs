//! Asking for a moment to go to.

use super::takes_text::TakesText;
use super::{centred, window};
use crate::domain::{Span, Time};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;
use jiff::civil;
use jiff::tz::TimeZone;

#[derive(Debug)]
pub struct Goto {
    pub field: Field,
    pub problem: Option<String>,
    pub goes: Goes,
}

/// What a moment is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Everything is shown as of then.
    Back,
    /// The list stands still there, and everything else goes on.
    Among,
}

impl Goto {
    pub fn open() -> Self {
        Self { field: Field::new("14:17, -20m, 2026-03-16T14:17:00Z"), problem: None, goes: Goes::Back }
    }

    pub fn jumping() -> Self {
        Self { goes: Goes::Among, ..Self::open() }
    }

    pub fn moment(&self, ui: &Ui, now: Time) -> Result<Time, String> {
        moment(self.field.text(), &ui.zone.shown(), now)
    }

    const fn title(&self) -> &'static str {
        match self.goes {
            Goes::Back => "Go to",
            Goes::Among => "Go to the lines of",
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, centred(ui, 64, 4), self.title(), "enter goes, esc stays");
        self.field.draw(canvas, inside.x, inside.y, inside.width);
        let (said, role) = match &self.problem {
            Some(problem) => (problem.as_str(), Role::Error),
            None => (ui.zone.label(), Role::Dim),
        };
        canvas.put_fit(inside.x, inside.y + 1, inside.width, said, role);
    }
}

impl TakesText for Goto {
    fn field(&mut self) -> Option<&mut Field> {
        Some(&mut self.field)
    }
}

/// A clock time is the latest such time that has been; a span counts back from now.
fn moment(text: &str, zone: &TimeZone, now: Time) -> Result<Time, String> {
    let text = text.trim();
    let past = |at: Time| if at <= now { Ok(at) } else { Err("that has not happened yet".to_owned()) };
    if let Ok(at) = text.parse::<Time>() {
        return past(at);
    }
    if let Ok(span) = text.parse::<Span>() {
        return past(if span > Span::ZERO { now - span } else { now + span });
    }
    let clock: civil::Time = text
        .parse()
        .map_err(|_| format!("`{text}` is no moment; write 14:17, -20m, 2026-03-16T14:17:00Z"))?;
    let no_such = |_| "there was no such time that day".to_owned();
    let on = |day: civil::Date| zone.to_timestamp(day.to_datetime(clock)).map(Time::from).map_err(no_such);
    let today = zone.to_datetime(now.timestamp()).date();
    match on(today)? {
        at if at <= now => Ok(at),
        // Not a day's length earlier: where clocks were put forward or back in between, that is another time.
        _ => on(today.yesterday().map_err(no_such)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_people_say_it() {
        let now: Time = "2026-03-16T14:29:00Z".parse().unwrap();
        let went = |text: &str| moment(text, &TimeZone::UTC, now).map(|at| at.to_string());
        assert_eq!(went("14:17"), Ok("2026-03-16T14:17:00.000Z".into()));
        assert_eq!(went("23:50"), Ok("2026-03-15T23:50:00.000Z".into()));
        assert_eq!(went("-20m"), went("20m"));
        assert_eq!(went("2026-03-16T14:06:00Z"), Ok("2026-03-16T14:06:00.000Z".into()));
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let after_the_change: Time = "2026-03-29T08:00:00Z".parse().unwrap();
        let eleven = moment("11:00", &zone, after_the_change).map(|at| at.to_string());
        assert_eq!(eleven, Ok("2026-03-28T10:00:00.000Z".into()), "the clocks went forward that night");
        assert!(went("soon").is_err() && went("2027-01-01T00:00:00Z").is_err());
    }
}
