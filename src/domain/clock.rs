//! The clock of a room: what time it is there, given what time it is on the wall.
//!
//! The wall is handed in as a function, so nothing that is asked for the time reads it by itself. In a scenario
//! the room's time runs from the scenario's start at its own pace until the story is told, and then on at the
//! pace of the wall.

use super::time::{Span, Time};
use std::sync::Arc;

#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Time + Send + Sync>,
    pace: Pace,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Pace {
    Wall,
    Story { began_on_wall: Time, from: Time, until: Time, speed: f64 },
}

impl Clock {
    pub fn wall(wall: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Self { wall: Arc::new(wall), pace: Pace::Wall }
    }

    /// A clock that stands still, for tests and for looking at a moment.
    pub fn fixed(at: Time) -> Self {
        Self::wall(move || at)
    }

    /// A room whose time begins at `from` now, and runs `speed` times as fast until it is `until` there.
    #[must_use]
    pub fn telling(&self, from: Time, until: Time, speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        let pace = Pace::Story { began_on_wall: (self.wall)(), from, until: until.max(from), speed };
        Self { wall: Arc::clone(&self.wall), pace }
    }

    pub fn now(&self) -> Time {
        let wall = (self.wall)();
        match self.pace {
            Pace::Wall => wall,
            Pace::Story { began_on_wall, from, until, speed } => {
                let gone = (wall - began_on_wall).max(Span::ZERO);
                let told = until - from;
                let telling = scaled(told, 1.0 / speed);
                if gone < telling { from + scaled(gone, speed) } else { until + (gone - telling) }
            }
        }
    }

    /// How long on the wall until it is `then` in the room; zero when it is past.
    pub fn wait_for(&self, then: Time) -> Span {
        let now = self.now();
        match self.pace {
            Pace::Story { until, speed, .. } if now < until => {
                let fast = then.min(until) - now;
                (scaled(fast, 1.0 / speed) + (then - until).max(Span::ZERO)).max(Span::ZERO)
            }
            _ => (then - now).max(Span::ZERO),
        }
    }

    /// How many times faster than the wall the room's time runs at this moment.
    pub fn speed(&self) -> f64 {
        match self.pace {
            Pace::Story { until, speed, .. } if self.now() < until => speed,
            _ => 1.0,
        }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").field("pace", &self.pace).finish_non_exhaustive()
    }
}

fn scaled(span: Span, by: f64) -> Span {
    Span::millis((span.as_millis() as f64 * by).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn a_story_is_told_fast_and_then_goes_on_at_the_walls_pace() {
        let wall = Arc::new(AtomicI64::new(0));
        let hand = Arc::clone(&wall);
        let clock = Clock::wall(move || Time::from_millis(hand.load(Ordering::Relaxed)));
        let (from, until) = (Time::from_millis(1_000_000), Time::from_millis(1_000_000) + Span::minutes(10));
        let clock = clock.telling(from, until, 60.0);
        assert_eq!(clock.now(), from);
        assert_eq!(clock.wait_for(until + Span::seconds(3)), Span::seconds(13));
        wall.store(5_000, Ordering::Relaxed);
        assert_eq!(clock.now(), from + Span::minutes(5));
        wall.store(12_000, Ordering::Relaxed);
        assert_eq!(clock.now(), until + Span::seconds(2));
        assert_eq!(clock.wait_for(from), Span::ZERO);
    }
}
