//! Every source and how it does: health, age, when it is asked next, what asking costs, how much history is to be read.
//!
//! It shows what is known now, whatever moment is looked at. The cursor holds on to a source, not to a row.

use super::{centred, window};
use crate::domain::{Health, SourceName, SourceStatus, Span, Usage};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

/// Lines for what the source under the cursor says of itself.
const SAID: u16 = 5;
/// Columns besides the name: health, age, next, calls, budget, history.
const COLUMNS: [(&str, u16); 6] =
    [("HEALTH", 9), ("AGE", 5), ("NEXT", 5), ("CALLS/MIN", 9), ("BUDGET LEFT", 11), ("PAGES LEFT", 10)];
/// With so many columns the row itself says why a source fails.
const ROOMY: u16 = 100;
/// Columns of a name there.
const NAME: u16 = 28;
/// Columns that a name, if it is so long, has before any number beyond the first three: which source it is comes first.
const TELLING: u16 = 24;

#[derive(Debug, Default)]
pub struct Sources {
    selected: Option<SourceName>,
    first: usize,
}

impl Sources {
    pub fn step(&mut self, step: Step, ui: &Ui, world: World<'_>) {
        let sources = sorted(world);
        let mut cursor = Cursor { line: self.line(&sources), first: self.first };
        cursor.step(step, sources.len(), page(ui));
        self.first = cursor.first;
        self.selected = sources.get(cursor.line).map(|source| source.name.clone());
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let sources = sorted(world);
        let inside = window(canvas, area(ui), "Sources", "esc closes");
        if sources.is_empty() {
            let (what, how) = ("No source is configured.", "`sitroom config init` begins a configuration.");
            canvas.put_fit(inside.x, inside.y, inside.width, what, Role::Overlay);
            canvas.put_fit(inside.x, inside.y + 1, inside.width, how, Role::Dim);
            return;
        }
        let places = Places::of(inside, &sources);
        head(canvas, inside, places);
        let line = self.line(&sources);
        let mut cursor = Cursor { line, first: self.first };
        cursor.keep_in_sight(sources.len(), page(ui));
        for (y, (n, source)) in
            (inside.y + 1..).zip(sources.iter().enumerate().skip(cursor.first).take(page(ui)))
        {
            row(canvas, Rect { y, height: 1, ..inside }, places, source, n == line, world);
        }
        let y = inside.bottom().saturating_sub(SAID);
        let rule = canvas.glyphs.rule.repeat(usize::from(inside.width));
        canvas.put(inside.x, y, inside.width, &rule, Role::Border);
        if let Some(source) = sources.get(line) {
            said(canvas, Rect { y: y + 1, height: SAID.saturating_sub(1), ..inside }, source, world);
        }
    }

    /// The source under the cursor, for somebody who is to mend it.
    pub fn in_words(&self, world: World<'_>) -> Option<String> {
        let sources = sorted(world);
        let source = sources.get(self.line(&sources))?;
        Some(format!("{}  {}  {}", source.name, source.health.word(), what_it_says(source, world)))
    }

    fn line(&self, sources: &[&SourceStatus]) -> usize {
        let is_selected = |source: &&SourceStatus| Some(&source.name) == self.selected.as_ref();
        sources.iter().position(is_selected).unwrap_or(0)
    }
}

/// The worst first, as in the header.
fn sorted(world: World<'_>) -> Vec<&SourceStatus> {
    let mut sources: Vec<_> = world.snapshot.sources.iter().collect();
    sources.sort_by(|a, b| (urgency(a.health), &a.name).cmp(&(urgency(b.health), &b.name)));
    sources
}

pub const fn urgency(health: Health) -> u8 {
    match health {
        Health::Failing => 0,
        Health::Stale => 1,
        Health::Starting => 2,
        Health::Live => 3,
        Health::Off => 4,
    }
}

pub const fn role(health: Health) -> Role {
    match health {
        Health::Live => Role::Ok,
        Health::Starting | Health::Off => Role::Dim,
        Health::Stale => Role::Stale,
        Health::Failing => Role::Critical,
    }
}

/// Columns of a name, of the gaps, and of why a source fails, and the columns between them that have room.
#[derive(Clone, Copy)]
struct Places {
    name: u16,
    gap: u16,
    why: u16,
    shown: &'static [(&'static str, u16)],
}

impl Places {
    fn of(inside: Rect, sources: &[&SourceStatus]) -> Self {
        let gap = if inside.width < ROOMY { 1 } else { 2 };
        let longest = sources.iter().map(|source| text::width(source.name.as_str())).max().unwrap_or(0);
        let wanted = u16::try_from(longest).unwrap_or(TELLING).min(TELLING);
        let left = |shown: usize| {
            let taken: u16 = COLUMNS[..shown].iter().map(|(_, width)| width + gap).sum();
            inside.width.saturating_sub(taken + 2)
        };
        let shown = (3..=COLUMNS.len()).rev().find(|shown| left(*shown) >= wanted).unwrap_or(3);
        let left = left(shown);
        let name = if inside.width < ROOMY { left } else { left.min(NAME) };
        Self { name, gap, why: left.saturating_sub(name + gap), shown: &COLUMNS[..shown] }
    }
}

fn head(canvas: &mut Canvas<'_>, inside: Rect, places: Places) {
    let mut x = inside.x + 2 + places.name + places.gap;
    canvas.put_fit(inside.x + 2, inside.y, places.name, "SOURCE", Role::Dim);
    for (title, width) in places.shown {
        canvas.put_right(x, inside.y, *width, title, Role::Dim);
        x += width + places.gap;
    }
    canvas.put_fit(x, inside.y, places.why, "WHY", Role::Dim);
}

fn row(
    canvas: &mut Canvas<'_>,
    line: Rect,
    places: Places,
    source: &SourceStatus,
    is_selected: bool,
    world: World<'_>,
) {
    let strong = if is_selected { Role::Selection } else { Role::Strong };
    if is_selected {
        canvas.put(line.x, line.y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let shown = text::fit_middle(source.name.as_str(), usize::from(places.name), canvas.glyphs.ellipsis);
    canvas.put(line.x + 2, line.y, places.name, &shown, strong);
    let Usage { calls, left, budget, history, .. } = source.usage;
    let number = |of: Option<u32>| of.map_or_else(String::new, |n| n.to_string());
    let until = |at| if at <= world.present() { Span::ZERO } else { at - world.present() };
    let cells = [
        (source.health.word().to_owned(), role(source.health)),
        (
            source.last_good.map_or_else(|| "never".to_owned(), |at| at.age(world.present()).to_string()),
            Role::Overlay,
        ),
        (source.next_try.map_or_else(String::new, |at| until(at).to_string()), Role::Dim),
        (number(calls), Role::Overlay),
        (
            left.zip(budget).map_or_else(String::new, |(left, of)| format!("{left}/{of}")),
            budget_role(source.usage),
        ),
        (number(history.filter(|pages| *pages > 0)), Role::Info),
    ];
    let mut x = line.x + 2 + places.name + places.gap;
    for ((cell, role), (_, width)) in cells.iter().zip(places.shown) {
        canvas.put_right(x, line.y, *width, cell, *role);
        x += width + places.gap;
    }
    if matches!(source.health, Health::Failing | Health::Stale | Health::Off) {
        canvas.put_fit(x, line.y, places.why, &source.message, Role::Overlay);
    }
}

/// A budget of which little is left is why a source will soon be silent.
pub fn budget_role(usage: Usage) -> Role {
    if is_low(usage) { Role::Elevated } else { Role::Overlay }
}

pub fn is_low(usage: Usage) -> bool {
    usage.left.zip(usage.budget).is_some_and(|(left, budget)| left.saturating_mul(10) < budget)
}

fn said(canvas: &mut Canvas<'_>, area: Rect, source: &SourceStatus, world: World<'_>) {
    let role = if source.health == Health::Failing { Role::Error } else { Role::Overlay };
    let lines = text::wrap(&what_it_says(source, world), usize::from(area.width));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        canvas.put_fit(area.x, y, area.width, &line, role);
    }
}

/// What it says of itself: why it fails with the fix, or what is worth knowing while it is well.
fn what_it_says(source: &SourceStatus, world: World<'_>) -> String {
    let server = source.usage.server.map(|left| format!("the server says {left} requests are left"));
    let good = source.last_good.map(|at| format!("last good answer {} ago", at.age(world.present())));
    let never = (source.health == Health::Failing && source.last_good.is_none())
        .then(|| "it has never answered".to_owned());
    let message = Some(source.message.clone()).filter(|message| !message.is_empty());
    [message, never, good, server].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 180, 40)
}

fn page(ui: &Ui) -> usize {
    usize::from(area(ui).height.saturating_sub(3 + SAID))
}
