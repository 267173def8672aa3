//! Everything that belongs to one person's screen and to nobody else.

use super::asking::Generation;
use super::asks::Asks;
use super::canvas::HitMap;
use super::carrier::Abilities;
use super::damage::Damage;
use super::drafts::Drafts;
use super::follow::Company;
use super::glyphs::{ASCII, Glyphs, UNICODE};
use super::judged::Judged;
use super::overlays::Overlay;
use super::overlays::catchup::Looked;
use super::overlays::retro::Desk;
use super::overlays::scribe::Scribe;
use super::ring::{Ring, Rung};
use super::screens::Screen;
use super::screens::feed::{Feed, Pane};
use super::screens::incident::IncidentScreen;
use super::screens::plan::PlanScreen;
use super::screens::readiness::ReadinessScreen;
use super::screens::services::ServicesScreen;
use super::screens::situation::SituationScreen;
use super::view::hinted;
use super::wall::Wall;
use crate::diagnosis::Situation;
use crate::domain::event::Role as Duty;
use crate::domain::query::SavedQuery;
use crate::domain::rights::Right;
use crate::domain::{Person, Time};
use crate::engine::Snapshot;
use crate::keymap::{Chord, Context, Keymap, Verb};
use crate::theme::{Depth, Role, Theme};
use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};
use std::sync::Arc;

/// A smaller terminal shows only a word.
pub const SMALLEST: Size = Size { width: 60, height: 16 };

#[derive(Debug)]
pub struct Ui {
    pub me: Person,
    pub size: Size,
    pub screen: Screen,
    /// What lies over the screen, the topmost last.
    pub overlays: Vec<Overlay>,
    pub situation: SituationScreen,
    pub incident: IncidentScreen,
    pub feed: Feed,
    pub plan: PlanScreen,
    pub readiness: ReadinessScreen,
    pub services: ServicesScreen,
    /// The scribe line, with what is half typed in it.
    pub scribe: Scribe,
    /// How the terminal is told that something is due, and what it was told.
    pub ring: Ring,
    pub rung: Rung,
    /// The quality gate of what is looked at.
    pub judged: Judged,
    /// A section of a retro on its way through an editor.
    pub retro: Desk,
    /// What was submitted and is not answered yet.
    pub asks: Asks,
    /// What is kept of what is half typed.
    pub drafts: Drafts,
    /// Saved queries over logs, and how many have been asked.
    pub queries: Vec<SavedQuery>,
    pub asked_queries: Generation,
    /// Absent while everything shown is now.
    pub travel: Option<Travel>,
    pub looked: Looked,
    pub look: Look,
    pub keymap: Arc<Keymap>,
    /// Chords of a sequence that is not finished.
    pub pending: Vec<Chord>,
    pub zone: Zone,
    pub toast: Option<Toast>,
    pub mouse: Mouse,
    pub abilities: Abilities,
    /// What this person may do; the engine has the last word.
    pub right: Right,
    /// What they usually do in an incident.
    pub role: Option<Duty>,
    /// Present on a display at which nobody sits.
    pub wall: Option<Wall>,
    /// Who looks on here, and at whose screen this person looks on.
    pub company: Company,
    /// Seconds of the wall since the session began.
    pub ticks: u64,
    pub hits: HitMap,
    /// What has to be drawn again.
    pub damage: Damage,
    pub hints: Hints,
}

/// What the status line offers, kept until the context changes: finding a verb's keys walks the whole keymap.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    context: Option<Context>,
    pub said: Vec<(Verb, String, &'static str)>,
}

/// How things look: the theme in use and the ones to choose from.
#[derive(Clone, Debug)]
pub struct Look {
    pub themes: Arc<[(String, Theme)]>,
    pub theme: usize,
    pub glyphs: &'static Glyphs,
    /// How many colours the terminal has; themes are reduced to them already.
    pub depth: Depth,
}

impl Look {
    /// One theme, while there was no time to look for others.
    pub fn only(theme: Theme, is_ascii: bool) -> Self {
        Self::new(Arc::from([(String::new(), theme)]), "", is_ascii)
    }

    /// The theme of that name, or the first.
    pub fn new(themes: Arc<[(String, Theme)]>, name: &str, is_ascii: bool) -> Self {
        let theme = themes.iter().position(|(known, _)| known == name).unwrap_or(0);
        Self { themes, theme, glyphs: if is_ascii { &ASCII } else { &UNICODE }, depth: Depth::True }
    }

    /// The same for a terminal of so many colours.
    #[must_use]
    pub fn at(self, depth: Depth) -> Self {
        Self { depth, ..self }
    }

    pub fn theme(&self) -> &Theme {
        &self.themes[self.theme].1
    }
}

/// Which of the two clocks lists speak; the header always shows both.
#[derive(Clone, Debug)]
pub struct Zone {
    pub local: TimeZone,
    pub speaks: Speaks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    Utc,
    Local,
}

impl Zone {
    pub fn new(local: TimeZone) -> Self {
        Self { local, speaks: Speaks::Utc }
    }

    pub fn shown(&self) -> TimeZone {
        match self.speaks {
            Speaks::Utc => TimeZone::UTC,
            Speaks::Local => self.local.clone(),
        }
    }

    /// What stands over a column of times.
    pub const fn label(&self) -> &'static str {
        match self.speaks {
            Speaks::Utc => "TIME UTC",
            Speaks::Local => "TIME LOCAL",
        }
    }

    pub fn switch(&mut self) {
        self.speaks = match self.speaks {
            Speaks::Utc => Speaks::Local,
            Speaks::Local => Speaks::Utc,
        };
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The terminal keeps it, for selecting text.
    Theirs,
    Ours,
}

/// A passing message on the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub text: String,
    pub role: Role,
    /// The tick at which it goes.
    pub until: u64,
}

/// Long enough to read a line, short enough not to be in the way.
const TOAST_SECONDS: u64 = 5;

/// What everybody shares, read at one moment.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub snapshot: &'a Snapshot,
    /// The situation as of `now`, which may lie in the past.
    pub situation: &'a Situation,
    pub now: Time,
}

impl World<'_> {
    /// The present, wherever in time this person looks.
    pub fn present(&self) -> Time {
        self.now.max(self.snapshot.situation.at)
    }
}

/// Looking at a moment that is not now.
#[derive(Clone, Debug)]
pub struct Travel {
    pub at: Time,
    /// The situation as of then, once it has been computed.
    pub situation: Option<Arc<Situation>>,
}

impl Travel {
    /// What is shown is of another moment until that one is worked out.
    pub fn is_reading(&self) -> bool {
        self.situation.as_ref().is_none_or(|situation| situation.at != self.at)
    }
}

impl Ui {
    pub fn new(
        me: Person,
        look: Look,
        keymap: Arc<Keymap>,
        zone: Zone,
        abilities: Abilities,
        size: Size,
    ) -> Self {
        Self {
            me: me.clone(),
            size,
            screen: Screen::Situation,
            overlays: Vec::new(),
            situation: SituationScreen::default(),
            incident: IncidentScreen::of(me),
            feed: Feed::default(),
            plan: PlanScreen::default(),
            readiness: ReadinessScreen::default(),
            services: ServicesScreen::default(),
            scribe: Scribe::default(),
            ring: Ring::Off,
            rung: Rung::default(),
            judged: Judged::default(),
            retro: Desk::default(),
            asks: Asks::default(),
            drafts: Drafts::default(),
            queries: Vec::new(),
            asked_queries: Generation::default(),
            travel: None,
            looked: Looked::default(),
            look,
            keymap,
            pending: Vec::new(),
            zone,
            toast: None,
            mouse: Mouse::Theirs,
            abilities,
            right: Right::default(),
            role: None,
            wall: None,
            company: Company::default(),
            ticks: 0,
            hits: HitMap::default(),
            damage: Damage::All,
            hints: Hints::default(),
        }
    }

    pub(super) fn refresh_hints(&mut self) {
        let contexts = self.contexts();
        if self.hints.context != contexts.first().copied() {
            let keys = |verb| self.keymap.keys_in(verb, contexts).into_iter().next();
            let said =
                hinted(contexts[0]).iter().filter_map(|(verb, said)| Some((*verb, keys(*verb)?, *said)));
            self.hints = Hints { said: said.collect(), context: Some(contexts[0]) };
        }
    }

    /// The contexts a key is looked up in, innermost first.
    pub fn contexts(&self) -> &'static [Context] {
        self.overlays.last().map_or_else(|| self.on_screen(), Overlay::context).stack()
    }

    /// The context of the screen, which for the feed is that of its pane.
    fn on_screen(&self) -> Context {
        if self.screen == Screen::Feed { self.feed.context() } else { self.screen.face().context }
    }

    /// Whether lines of logs are what is looked at.
    pub fn shows_logs(&self) -> bool {
        self.screen == Screen::Feed && self.feed.pane() == Pane::Logs
    }

    pub fn say(&mut self, text: impl Into<String>) {
        self.toast_as(text.into(), Role::Toast);
    }

    pub fn complain(&mut self, text: impl Into<String>) {
        self.toast_as(text.into(), Role::Error);
    }

    fn toast_as(&mut self, text: String, role: Role) {
        self.toast = Some(Toast { text, role, until: self.ticks + TOAST_SECONDS });
    }

    pub fn is_too_small(&self) -> bool {
        self.size.width < SMALLEST.width || self.size.height < SMALLEST.height
    }

    /// Where the screen's own content goes: below the header, above the status line.
    pub fn body(&self) -> Rect {
        Rect { x: 0, y: 2, width: self.size.width, height: self.size.height.saturating_sub(3) }
    }

    /// How many lines of the list in front are in sight.
    pub fn page(&self) -> usize {
        usize::from(self.body().height.saturating_sub(1))
    }
}
