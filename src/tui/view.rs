//! The whole picture: header, screen, status line, and what lies over them.

use super::canvas::{Canvas, Hit, HitMap};
use super::damage::Damage;
use super::follow::Following;
use super::frame::Frame;
use super::glyphs::Glyphs;
use super::overlays;
use super::overlays::sources::{is_low, urgency};
use super::pressing;
use super::screens::{Screen, feed, incident};
use super::text;
use super::ui::{SMALLEST, Ui, World};
use super::verbs::{self, Able};
use crate::diagnosis::{Level, State};
use crate::domain::{Health, Person, SourceStatus, Span};
use crate::keymap::{Context, Verb};
use crate::theme::Role;
use ratatui::layout::{Rect, Size};
use std::borrow::Cow;

/// Draws what is damaged and returns what lies where.
pub fn view(ui: &Ui, world: World<'_>, frame: &mut Frame, damage: Damage) -> HitMap {
    let theme = ui.look.theme();
    frame.clear(ui.size, damage, theme.style(Role::Text));
    let mut canvas = Canvas { frame, theme, glyphs: ui.look.glyphs, hits: HitMap::default(), damage };
    if ui.is_too_small() {
        too_small(ui, &mut canvas);
        return canvas.hits;
    }
    if let Some(following) = &ui.company.following {
        looking_on(ui, following, world, &mut canvas);
        return canvas.hits;
    }
    headline(ui, world, &mut canvas);
    tabs(ui, world, &mut canvas);
    (ui.screen.face().draw)(ui, world, &mut canvas);
    status_line(ui, world, &mut canvas);
    overlays::draw(ui, world, &mut canvas);
    canvas.hits
}

/// What somebody else sees, and below it whose it is.
fn looking_on(ui: &Ui, following: &Following, world: World<'_>, canvas: &mut Canvas<'_>) {
    canvas.frame.mirror(&following.picture, 1, &ui.look);
    let Size { width, height } = following.picture.size();
    let y = ui.size.height - 1;
    canvas.fill(Rect { x: 0, y, width: ui.size.width, height: 1 }, Role::Bar);
    let whose = format!(" {}'s screen, {width}x{height} ", following.person);
    let from = 1 + canvas.put_fit(1, y, ui.size.width, &whose, Role::TimeTravel) + 1;
    let room = ui.size.width.saturating_sub(from + 1);
    match &ui.toast {
        Some(toast) => canvas.put_fit(from, y, room, &toast.text, toast.role),
        None => canvas.put_fit(from, y, room, "esc goes back to yours", Role::BarDim),
    };
    overlays::draw(ui, world, canvas);
}

fn too_small(ui: &Ui, canvas: &mut Canvas<'_>) {
    let said = format!(
        "sitroom needs {}x{}, this is {}x{}",
        SMALLEST.width, SMALLEST.height, ui.size.width, ui.size.height
    );
    for (y, line) in (0..ui.size.height).zip(text::wrap(&said, usize::from(ui.size.width))) {
        canvas.put(0, y, ui.size.width, &line, Role::Strong);
    }
}

/// Which room, in what state, at what time.
fn headline(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let line = Rect { x: 0, y: 0, width: ui.size.width, height: 1 };
    canvas.fill(line, Role::Bar);
    let clock_from = clock(ui, world, canvas);
    let state = &world.situation.state;
    let (glyph, word, role) = level(state.level, canvas.glyphs);
    let incident = incident::badge::badge(ui, world);
    // While something burns, the fire needs the room more than the name does.
    let name_room = if incident.is_some() { 16 } else { 28 };
    let mut x = 1 + canvas.put_fit(1, 0, name_room, &world.snapshot.name, Role::Bar);
    if let Some(story) = &world.snapshot.story {
        let is_short = line.width < 100 || story.speed.is_empty();
        let word = if world.snapshot.room.drill.is_some() { "DRILL" } else { "DEMO" };
        let label = if is_short { format!(" {word} ") } else { format!(" {word} {} ", story.speed) };
        x += 2 + canvas.put_fit(x + 2, 0, clock_from.saturating_sub(x + 3), &label, Role::Demo);
    }
    let badge = format!("{glyph} {word}");
    x += 2;
    x += 2 + canvas.put_fit(x, 0, clock_from.saturating_sub(x + 1), &badge, role);
    for (piece, role) in incident.iter().flatten() {
        x += 1 + canvas.put_fit(x, 0, clock_from.saturating_sub(x + 1), piece, *role);
    }
    x += u16::from(incident.is_some());
    let room = clock_from.saturating_sub(x + 1);
    // A few letters of a sentence say nothing.
    if room >= 16 {
        canvas.put_fit(x, 0, room, &in_short(state, room), Role::Bar);
    }
}

/// The whole sentence where it fits; where it does not, its beginning could say the opposite of the whole, so the
/// worst service speaks instead: with what it was before and its name where there is room, but never without what is wrong.
fn in_short(state: &State, room: u16) -> Cow<'_, str> {
    let worst = state.services.first().filter(|service| service.level > Level::Normal);
    let fits = |said: &str| text::width(said) <= usize::from(room);
    let Some(worst) = worst.filter(|_| !fits(&state.sentence)) else {
        return state.sentence.as_str().into();
    };
    let said = worst.text.as_str();
    let named = match said.starts_with(worst.name.as_str()) {
        true => said.to_owned(),
        false => format!("{} {said}", worst.name),
    };
    let without_before = |said: &str| said.split(" (").next().unwrap_or_default().to_owned();
    let shorter = [without_before(&named), said.to_owned(), without_before(said)];
    if fits(&named) {
        named.into()
    } else {
        shorter.into_iter().find(|it| fits(it)).unwrap_or(said.to_owned()).into()
    }
}

/// UTC first, local time beside it where that is another; a moment that is not now says so where one looks for the time.
fn clock(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) -> u16 {
    let utc = world.now.clock(&jiff::tz::TimeZone::UTC);
    let local = world.now.hour_minute(&ui.zone.local);
    match &ui.travel {
        None if utc.starts_with(&local) => {
            canvas.put_right(0, 0, ui.size.width, &format!("{utc} UTC "), Role::Bar)
        }
        None => canvas.put_right(0, 0, ui.size.width, &format!("{utc} UTC {local} "), Role::Bar),
        Some(_) if ui.screen == Screen::Incident => {
            let said = format!(" THIS IS NOW; the others AS OF {}, esc for now ", &utc[..5]);
            canvas.put_right(0, 0, ui.size.width, &said, Role::TimeTravel)
        }
        Some(travel) => {
            let date = world.now.date(&jiff::tz::TimeZone::UTC);
            let what = if travel.is_reading() { "reading, " } else { "" };
            let said = format!(" {what}AS OF {} {utc} UTC, esc for now ", &date[5..]);
            canvas.put_right(0, 0, ui.size.width, &said, Role::TimeTravel)
        }
    }
}

pub const fn level(level: Level, glyphs: &Glyphs) -> (&'static str, &'static str, Role) {
    match level {
        Level::Unknown => (glyphs.unknown, "UNKNOWN", Role::Dim),
        Level::Normal => (glyphs.normal, "NORMAL", Role::Ok),
        Level::Elevated => (glyphs.elevated, "ELEVATED", Role::Elevated),
        Level::Degraded => (glyphs.degraded, "DEGRADED", Role::Degraded),
        Level::Critical => (glyphs.critical, "CRITICAL", Role::Critical),
    }
}

/// With fewer columns the screens go by their keys, and only the one in front by its name as well.
const NAMED: usize = 80;

/// The screens there are, and beside them what presses where a line to type into lies over it, or else how old what each
/// source told is. Names give way to what presses.
fn tabs(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let width = usize::from(ui.size.width);
    let wide = |is_named: &dyn Fn(Screen) -> bool| -> usize {
        Screen::ALL.iter().map(|it| if is_named(*it) { it.title().len() + 4 } else { 3 }).sum()
    };
    let is_in_front = |screen: Screen| screen == ui.screen;
    let pressing = pressing::aside(ui, world, width.saturating_sub(wide(&is_in_front) + 2));
    let taken: usize = pressing.iter().map(|(said, _)| text::width(said) + 2).sum();
    let are_named = width >= NAMED && wide(&|_| true) + taken < width;
    let mut x = 1;
    for (place, screen) in Screen::ALL.into_iter().enumerate() {
        let role = if is_in_front(screen) { Role::TabActive } else { Role::Tab };
        let (from, face) = (x, screen.face());
        x += canvas.put(x, 1, 2, &face.key.to_string(), Role::Key);
        if are_named || is_in_front(screen) {
            x += 1 + canvas.put(x + 1, 1, 16, face.title, role);
        }
        canvas.hit(Rect { x: from, y: 1, width: x - from, height: 1 }, Hit::Tab(place));
        x += 2;
    }
    if pressing.is_empty() {
        return sources(ui, world, canvas, x);
    }
    let mut right = ui.size.width;
    for (said, role) in pressing.iter().rev() {
        right = canvas.put_right(x, 1, right.saturating_sub(x + 1), said, *role).saturating_sub(1);
    }
}

/// The worst sources first, so that what is cut off for want of room is what works.
fn sources(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, from: u16) {
    let mut sources: Vec<_> = world.snapshot.sources.iter().collect();
    sources.sort_by(|a, b| (urgency(a.health), &a.name).cmp(&(urgency(b.health), &b.name)));
    let mut room = usize::from(ui.size.width.saturating_sub(from + 1));
    let said: Vec<_> = sources.iter().map(|source| source_said(source, world, canvas)).collect();
    let ailing = sources.iter().filter(|source| urgency(source.health) <= urgency(Health::Stale)).count();
    let ailing_wide: usize = said[..ailing].iter().map(|(said, _)| text::width(said) + 2).sum();
    // What ails and has no room to be named is counted, so that nothing that works stands there in its place.
    let (said, mut pieces) = if ailing_wide > room {
        let counted = counted_ailing(&sources[..ailing], said.len(), room, canvas);
        room = room.saturating_sub(text::width(&counted.0) + 2);
        (Vec::new(), vec![counted])
    } else {
        (said, Vec::new())
    };
    for (said, role) in said {
        let wide = text::width(&said) + 2;
        if wide > room {
            continue;
        }
        room -= wide;
        pieces.push((said, role));
    }
    let mut x = from + u16::try_from(room).unwrap_or(0);
    for (said, role) in pieces.iter().rev() {
        x += 2 + canvas.put(x + 2, 1, ui.size.width, said, *role);
    }
}

/// With the number of all of them where there is room for it.
fn counted_ailing(ailing: &[&SourceStatus], of: usize, room: usize, canvas: &Canvas<'_>) -> (String, Role) {
    let (count, word, role) = match ailing.iter().filter(|it| it.health == Health::Failing).count() {
        0 => (ailing.len(), "stale".to_owned(), Role::Stale),
        failing => (failing, format!("failing{}", canvas.glyphs.failing), Role::Critical),
    };
    let whole = format!("{count} of {of} {word}");
    // Rather up to the edge than without the number of all.
    let fits = text::width(&whole) < room;
    (if fits { whole } else { format!("{count} {word}") }, role)
}

fn in_tens(age: Span) -> Span {
    Span::seconds(age.as_seconds() / 10 * 10)
}

fn source_said(source: &SourceStatus, world: World<'_>, canvas: &Canvas<'_>) -> (String, Role) {
    // A source is as old as it is now, whatever moment is looked at; ten seconds more or less tell nobody anything,
    // and a figure that jumps every second draws the eye for nothing.
    let age = source.last_good.map(|good| in_tens(good.age(world.present())));
    let age = age.map_or_else(String::new, |age| format!(" {age}"));
    match source.health {
        // While history is being read, or the budget nearly used up, what is shown is not all that will be.
        Health::Live if is_low(source.usage) => {
            (format!("{}{age} {} left", source.name, source.usage.left.unwrap_or(0)), Role::Stale)
        }
        Health::Live => match source.usage.history.filter(|pages| *pages > 0) {
            Some(pages) => (format!("{}{age} {}{pages}", source.name, canvas.glyphs.down), Role::Dim),
            None => (format!("{}{age}", source.name), Role::Dim),
        },
        Health::Starting => (format!("{} {}", source.name, canvas.glyphs.ellipsis), Role::Dim),
        Health::Stale => (format!("{}{age} stale", source.name), Role::Stale),
        Health::Failing => (format!("{}{age} failing{}", source.name, canvas.glyphs.failing), Role::Critical),
        Health::Off => (format!("{} off", source.name), Role::Dim),
    }
}

/// A passing message, an unfinished sequence of keys, or what can be done here; at the right, where one is.
fn status_line(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let y = ui.size.height - 1;
    canvas.fill(Rect { x: 0, y, width: ui.size.width, height: 1 }, Role::Bar);
    let place = (ui.screen.face().place)(ui);
    let from = canvas.put_right(1, y, ui.size.width.saturating_sub(2), &place, Role::BarDim);
    // Keys and state do not run together.
    let room = from.saturating_sub(if place.is_empty() { 2 } else { 4 });
    let x = pressed(ui, world, canvas, y, room);
    let room = room.saturating_sub(x - 1);
    if let Some(toast) = &ui.toast {
        canvas.put_fit(x, y, room, &toast.text, toast.role);
    } else if !ui.pending.is_empty() {
        let typed = crate::keymap::chord::spell(&ui.pending);
        canvas.put_all(x, y, room, &[(&typed, Role::Key), (" and then…", Role::BarDim)]);
    } else if let Some(notice) = world.snapshot.notices.first() {
        canvas.put_fit(x, y, room, notice, Role::Error);
    } else if !ui.company.onlookers.is_empty() {
        let eyes = ui.company.onlookers.iter().map(Person::as_str).collect::<Vec<_>>().join(", ");
        canvas.put_fit(x, y, room, &format!("{eyes} looks on; F ends it"), Role::BarDim);
    } else if ui.wall.is_none() {
        hints(ui, world, canvas, (x, y), room);
    }
}

/// What presses stays whatever else is to be said, in fewer words beside the answer to a key; only where even those leave
/// it no room does the answer have the line, for its seconds. Returns where there is room for what else is said.
fn pressed(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, y: u16, room: u16) -> u16 {
    let toast = ui.toast.as_ref().map_or(0, |toast| text::width(&toast.text));
    let columns = usize::from(ui.size.width).saturating_sub(2 + toast);
    let mut said = pressing::said(ui, world, columns);
    if toast > 0 && said.iter().map(|(said, _)| text::width(said) + 2).sum::<usize>() > columns {
        said.clear();
    }
    let mut x = 1;
    for (said, role) in said {
        x += canvas.put_fit(x, y, room.saturating_sub(x), &said, role) + 2;
    }
    x
}

fn hints(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, (from, y): (u16, u16), room: u16) {
    let mut x = from;
    let end = from + room;
    let is_able = |verb: Verb| verbs::find(verb).is_some_and(|deed| deed.judge(ui, world) == Able::Yes);
    for (_, key, said) in ui.hints.said.iter().filter(|(verb, ..)| is_able(*verb)) {
        let wide = u16::try_from(text::width(key) + text::width(said) + 1).unwrap_or(u16::MAX);
        if x.saturating_add(wide) > end {
            return;
        }
        x += canvas.put(x, y, room, key, Role::Key) + 1;
        x += canvas.put(x, y, room, said, Role::BarDim) + 2;
    }
}

/// What a tired person may want next, the likeliest first.
pub(super) fn hinted(context: Context) -> &'static [(Verb, &'static str)] {
    match context {
        Context::Feed => &[
            (Verb::ItemExplain, "explain"),
            (Verb::FilterOpen, "filter"),
            (Verb::FeedFollow, "follow"),
            (Verb::ItemCopy, "copy"),
            (Verb::ThemePick, "theme"),
            (Verb::AppPalette, "verbs"),
            (Verb::AppHelp, "help"),
            (Verb::AppQuit, "quit"),
        ],
        Context::Readiness => &[
            (Verb::ReadinessSign, "sign"),
            (Verb::RunbookOpen, "into the incident"),
            (Verb::ItemExplain, "explain"),
            (Verb::PaneNext, "part"),
            (Verb::FilterOpen, "filter"),
            (Verb::ReadinessWithdraw, "withdraw"),
            (Verb::TimeBack, "earlier"),
            (Verb::AppPalette, "verbs"),
            (Verb::AppHelp, "help"),
            (Verb::AppQuit, "quit"),
        ],
        Context::Services => &[
            (Verb::RollbackBegin, "roll back"),
            (Verb::ItemExplain, "explain"),
            (Verb::PaneNext, "next page"),
            (Verb::FilterOpen, "filter"),
            (Verb::PaneZoom, "graph"),
            (Verb::GraphNearer, "nearer"),
            (Verb::GraphFarther, "farther"),
            (Verb::EntryPull, "pull"),
            (Verb::AppHelp, "help"),
            (Verb::AppQuit, "quit"),
        ],
        Context::Logs => &[
            (Verb::FilterOpen, "filter"),
            (Verb::ItemExplain, "explain"),
            (Verb::EntryPull, "pin"),
            (Verb::LogsGroup, "group"),
            (Verb::LogsLevel, "level"),
            (Verb::AppHelp, "help"),
            (Verb::LogsQuery, "query"),
            (Verb::LogsWrap, "wrap"),
            (Verb::ItemCopy, "copy"),
            (Verb::LogsJump, "jump"),
            (Verb::LogsOpen, "signals"),
        ],
        Context::Plan => &[
            (Verb::ItemExplain, "explain"),
            (Verb::RollbackBegin, "roll back"),
            (Verb::PaneNext, "pane"),
            (Verb::PaneZoom, "zoom"),
            (Verb::FilterOpen, "filter"),
            (Verb::TimeBack, "earlier"),
            (Verb::AppPalette, "verbs"),
            (Verb::AppHelp, "help"),
            (Verb::AppQuit, "quit"),
        ],
        Context::List => &[
            (Verb::ItemExplain, "explain"),
            (Verb::RollbackBegin, "roll back"),
            (Verb::FilterOpen, "search"),
            (Verb::PaneNext, "pane"),
            (Verb::Catchup, "catch up"),
            (Verb::TimeBack, "earlier"),
            (Verb::AppPalette, "verbs"),
            (Verb::AppHelp, "help"),
            (Verb::PaneZoom, "zoom"),
            (Verb::IncidentDeclare, "declare"),
            (Verb::AppQuit, "quit"),
        ],
        Context::Incident => &[
            (Verb::RollbackBegin, "roll back"),
            (Verb::RetroOpen, "retro"),
            (Verb::EntryNew, "write"),
            (Verb::CommandTake, "command"),
            (Verb::WorkTasks, "work"),
            (Verb::ItemExplain, "explain"),
            (Verb::EntryEdit, "edit"),
            (Verb::EntryStrike, "strike"),
            (Verb::EntryConfirm, "confirm"),
            (Verb::EntryRefute, "refute"),
            (Verb::EntryPin, "pin"),
            (Verb::IncidentDeclare, "declare"),
            (Verb::FilterOpen, "filter"),
            (Verb::AppHelp, "help"),
            (Verb::AppQuit, "quit"),
        ],
        Context::Detail => {
            &[(Verb::OverlayClose, "close"), (Verb::ItemCopy, "copy"), (Verb::ItemCopyLink, "copy link")]
        }
        // Their windows say it, in the words of what lies there.
        Context::Palette | Context::Themes | Context::Menu | Context::Board | Context::Confirm => {
            &[(Verb::AppHelp, "help")]
        }
        Context::Retro => &[
            (Verb::PaneNext, "section"),
            (Verb::RetroAdd, "add"),
            (Verb::RetroEdit, "edit"),
            (Verb::RetroWhy, "why"),
            (Verb::RetroPull, "pull in"),
            (Verb::RetroDone, "done"),
            (Verb::ItemOpenEditor, "editor"),
            (Verb::RetroMove, "review state"),
            (Verb::OverlayClose, "close"),
        ],
        Context::Editor => &[(Verb::TextAccept, "save"), (Verb::TextCancel, "leave and keep")],
        _ => &[(Verb::OverlayClose, "close"), (Verb::AppHelp, "help")],
    }
}

/// A number people can read, with a sign while it still grows.
pub fn counted(count: feed::matches::Count) -> String {
    let mut said = text::grouped(count.found);
    if !count.is_complete {
        said.push('+');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::ServiceState;
    use crate::domain::ServiceName;

    #[test]
    fn what_is_wrong_is_said_of_a_name_that_exists_and_rather_than_the_name() {
        let service = |name: &str, text: &str| ServiceState {
            name: ServiceName::new(name),
            level: Level::Critical,
            text: text.to_owned(),
            modes: Vec::new(),
            version: None,
            since: None,
            spark: None,
        };
        let said = |name: &str, text: &str, room| {
            let sentence = "x".repeat(200);
            let state = State { level: Level::Critical, sentence, services: vec![service(name, text)] };
            in_short(&state, room).into_owned()
        };
        assert_eq!(said("api", "api-5xx is ringing", 40), "api-5xx is ringing");
        assert_eq!(said("api", "5xx 31 % (0.4 %)", 40), "api 5xx 31 % (0.4 %)");
        assert_eq!(said("api", "5xx 31 % (0.4 %)", 19), "api 5xx 31 %");
        let text = "payments are read only: 5xx 31 % (0.4 %)";
        assert_eq!(said("payment-service", text, 40), text);
        assert_eq!(said("payment-service", text, 32), "payments are read only: 5xx 31 %");
        assert_eq!(said("payment-service", text, 20), text, "cut at its end");
    }
}
