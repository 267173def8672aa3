//! What a row of a retro can rest on: entries of the timeline, findings, and signals of that time, to be pulled in with
//! one key.
//!
//! What there was is listed when it opens, so that nothing moves under the cursor; its evidence is frozen when it is taken.

use super::detail::About;
use super::{centred, more_mark, window};
use crate::domain::event::{Ground, Moment};
use crate::domain::incident::{Line, What, timeline};
use crate::domain::{EntryId, Incident, IncidentId, Kind, RetroId, SignalRef, Span, Time};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::evidence::frozen;
use crate::tui::screens::situation::lines::Subject;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Pull {
    pub incident: IncidentId,
    pub row: RetroId,
    part: usize,
    parts: [Vec<Item>; 3],
    cursor: Cursor,
}

#[derive(Debug)]
struct Item {
    lead: String,
    said: String,
    is: Is,
}

#[derive(Debug)]
enum Is {
    Entry(Option<IncidentId>, EntryId),
    Seen(About),
}

const TITLES: [&str; 3] = ["Entries", "Findings", "Signals"];
/// How long before and after an incident its signals are offered.
const AROUND: Span = Span::minutes(60);
const LEAD: u16 = 14;

impl Pull {
    /// With the cursor on the entry that is selected in the timeline, where one is.
    pub fn open(incident: &Incident, row: RetroId, ui: &Ui, world: World<'_>) -> Self {
        let zone = ui.zone.shown();
        let clock = |at: Time| format!("{} {}", &at.date(&zone)[5..], at.hour_minute(&zone));
        let entries: Vec<_> = timeline(incident).iter().filter_map(|line| of_entry(line, &clock)).collect();
        let signals = signals(incident, world).map(|signal| of_signal(&signal, &clock)).collect();
        let selected = ui.incident.selected();
        let is_selected = |item: &Item| matches!(item.is, Is::Entry(None, id) if Some(id) == selected);
        let line = entries.iter().position(is_selected).unwrap_or(0);
        let parts = [entries, findings(world), signals];
        Self { incident: incident.id, row, part: 0, parts, cursor: Cursor { line, first: 0 } }
    }

    /// Around at either end.
    pub fn turn(&mut self, is_forward: bool) {
        self.part = (self.part + if is_forward { 1 } else { TITLES.len() - 1 }) % TITLES.len();
        self.cursor = Cursor::default();
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        self.cursor.step(step, self.parts[self.part].len(), usize::from(list(ui).height));
    }

    pub fn select_row(&mut self, row: usize) {
        self.cursor.line = (self.cursor.first + row).min(self.parts[self.part].len().saturating_sub(1));
    }

    /// What the line under the cursor gives a row to rest on, frozen now.
    pub fn grounds(&self, world: World<'_>) -> Vec<Ground> {
        match self.parts[self.part].get(self.cursor.line).map(|item| &item.is) {
            None => Vec::new(),
            Some(Is::Entry(of, entry)) => vec![Ground::Entry { of: *of, entry: *entry }],
            Some(Is::Seen(about)) => {
                let evidence = frozen(about, world).map(|frozen| frozen.evidence).unwrap_or_default();
                evidence.into_iter().map(|evidence| Ground::Evidence { evidence }).collect()
            }
        }
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let title = format!("What {} rests on", self.row);
        let inside = window(canvas, area(ui), &title, "enter pulls it in, tab next part, esc closes");
        let mut x = inside.x;
        for (n, title) in TITLES.into_iter().enumerate() {
            let role = if n == self.part { Role::TabActive } else { Role::Dim };
            x += canvas.put(x, inside.y, inside.right().saturating_sub(x), title, role) + 1;
            let count = self.parts[n].len().to_string();
            x += canvas.put(x, inside.y, inside.right().saturating_sub(x), &count, Role::Dim) + 2;
        }
        let (list, items) = (list(ui), &self.parts[self.part]);
        if items.is_empty() {
            canvas.put_fit(list.x, list.y, list.width, EMPTY[self.part], Role::Dim);
        }
        let mut cursor = self.cursor;
        cursor.keep_in_sight(items.len(), usize::from(list.height));
        for (y, (n, item)) in (list.y..list.bottom()).zip(items.iter().enumerate().skip(cursor.first)) {
            canvas.hit(Rect { y, height: 1, ..list }, Hit::Row(n - cursor.first));
            let is_selected = n == cursor.line;
            if is_selected {
                canvas.put(list.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            canvas.put_fit(list.x + 2, y, LEAD - 1, &item.lead, Role::Dim);
            let role = if is_selected { Role::Selection } else { Role::Text };
            canvas.put_fit(list.x + 2 + LEAD, y, list.width.saturating_sub(LEAD + 2), &item.said, role);
        }
        more_mark(canvas, inside, cursor.first, usize::from(list.height), items.len());
    }
}

const EMPTY: [&str; 3] = [
    "The timeline has no entries.",
    "The diagnosis finds nothing now; travel back in time ([) to findings of then.",
    "No signals of that time are kept.",
];

fn of_entry(line: &Line<'_>, clock: &impl Fn(Time) -> String) -> Option<Item> {
    let What::Entry(entry) = &line.what else { return None };
    let said = format!("{} {}", entry.id, line.text());
    let is = Is::Entry(line.origin, entry.id);
    entry.struck.is_none().then(|| Item { lead: clock(line.when.from), said, is })
}

fn of_signal(signal: &SignalRef<'_>, clock: &impl Fn(Time) -> String) -> Item {
    let (service, title) = (signal.service(), signal.title());
    let is_named = service.is_empty() || title.contains(service);
    let said = if is_named { title.to_owned() } else { format!("{service}: {title}") };
    Item { lead: clock(signal.at()), said, is: Is::Seen(About::Signal(signal.key())) }
}

/// Findings as of the moment that is looked at.
fn findings(world: World<'_>) -> Vec<Item> {
    let situation = world.situation;
    let item = |lead: &str, said: &str, subject: Subject| Item {
        lead: lead.to_owned(),
        said: said.to_owned(),
        is: Is::Seen(About::Finding(Box::new(subject))),
    };
    let issues = situation.issues.iter().map(|it| item("issue", &it.text, Subject::Issue(it.clone())));
    let exposure =
        situation.exposure.iter().map(|it| item("exposure", &it.text, Subject::Statement(it.clone())));
    let suspects =
        situation.suspects.iter().map(|it| item("suspect", &it.change.text, Subject::Suspect(it.clone())));
    issues.chain(exposure).chain(suspects).collect()
}

/// What was seen from shortly before it began to shortly after it was over; measurements and log lines are too many.
fn signals<'a>(incident: &Incident, world: World<'a>) -> impl Iterator<Item = SignalRef<'a>> {
    let began =
        [Moment::ImpactStart, Moment::Detected].into_iter().filter_map(|moment| incident.when(moment));
    let began = began.map(|when| when.from).min().unwrap_or(incident.declared_at).min(incident.declared_at);
    let ended = incident.resolved_at.unwrap_or(world.present());
    let seen = world.snapshot.signals.range(began - AROUND, ended + AROUND);
    seen.filter(|signal| !matches!(signal.kind(), Kind::Sample | Kind::Log))
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 110, u16::MAX)
}

fn list(ui: &Ui) -> Rect {
    let area = area(ui);
    Rect {
        x: area.x + 2,
        y: area.y + 3,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(4),
    }
}
