//! Verbs that are about the line under the cursor.

use super::{Able, Deed, retro};
use crate::domain::{SignalKey, SignalRef};
use crate::keymap::{Context, Verb};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::detail::{About, Detail, entry, pretty};
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::ItemExplain, able: has_item, run: explain },
    Deed {
        verb: Verb::ItemCopy,
        able: |ui, world| if retro::is_in_front(ui) { Able::Yes } else { has_item(ui, world) },
        run: copy,
    },
    Deed {
        verb: Verb::ItemCopyLink,
        able: |ui, world| Able::when(signal(ui, world).is_some_and(|s| s.link().is_some()), "it has no link"),
        run: copy_link,
    },
    Deed { verb: Verb::ItemOpenEditor, able: can_edit, run: open_editor },
];

/// What the person means: what is explained already, or what is under the cursor. A list that lies over the screen hides
/// what is under the cursor there; the palette and what is typed are about it.
pub(super) fn item(ui: &Ui, world: World<'_>) -> Option<About> {
    match ui.overlays.last() {
        Some(Overlay::Detail(detail)) => Some(detail.subject.clone()),
        Some(overlay) if overlay.context().stack().contains(&Context::List) => None,
        _ => (ui.screen.face().item)(ui, world),
    }
}

fn signal<'a>(ui: &Ui, world: World<'a>) -> Option<SignalRef<'a>> {
    let key: SignalKey = match item(ui, world)? {
        About::Signal(key) => key,
        About::Finding(_)
        | About::Entry(..)
        | About::Page(_)
        | About::Ready(_)
        | About::Service(_)
        | About::Incident(_) => return None,
    };
    world.snapshot.signals.get(key)
}

fn has_item(ui: &Ui, world: World<'_>) -> Able {
    match ui.overlays.last() {
        Some(Overlay::Queries(queries)) => return Able::when(queries.row().is_some(), "there is no row yet"),
        Some(Overlay::Sources(sources)) => {
            return Able::when(sources.in_words(world).is_some(), "there is no source");
        }
        _ => {}
    }
    Able::when(item(ui, world).is_some(), "there is nothing under the cursor")
}

fn explain(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let is_explained = matches!(ui.overlays.last(), Some(Overlay::Detail(_)));
    if let Some(about) = item(ui, world).filter(|_| !is_explained) {
        if let About::Incident(incident) = about {
            ui.incident.show(incident);
            return Vec::new();
        }
        let detail = Detail::of(about, ui, world);
        ui.overlays.push(Overlay::Detail(detail));
    }
    Vec::new()
}

fn copy(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if retro::is_in_front(ui) {
        return retro::copied(ui, world);
    }
    if let Some(Overlay::Queries(queries)) = ui.overlays.last() {
        let row = queries.row().map(|text| Effect::Copy { what: "the row".to_owned(), text });
        return row.into_iter().collect();
    }
    if let Some(Overlay::Sources(sources)) = ui.overlays.last() {
        let words = sources.in_words(world).map(|text| Effect::Copy { what: "the source".to_owned(), text });
        return words.into_iter().collect();
    }
    let Some(about) = item(ui, world) else { return Vec::new() };
    let text = match (&about, signal(ui, world)) {
        (_, Some(signal)) => one_line(&signal),
        (About::Entry(incident, id), _) => {
            entry::find(*incident, *id, world).map_or_else(String::new, entry::one_line)
        }
        _ => Detail::of(about, ui, world).text(),
    };
    let first = text.lines().next().unwrap_or_default();
    let what = crate::tui::text::fit(first, 40, ui.look.glyphs.ellipsis).into_owned();
    vec![Effect::Copy { what, text }]
}

fn one_line(signal: &SignalRef<'_>) -> String {
    let at = signal.at().to_string();
    let parts = [&at, signal.kind().tag(), signal.service(), signal.title(), signal.link().unwrap_or("")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
}

fn copy_link(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let link = signal(ui, world).and_then(|signal| signal.link());
    link.map(|link| Effect::Copy { what: link.to_owned(), text: link.to_owned() }).into_iter().collect()
}

fn can_edit(ui: &Ui, world: World<'_>) -> Able {
    if !ui.abilities.editor {
        return Able::No("no editor here: $EDITOR names one, but not over SSH".to_owned());
    }
    if retro::is_in_front(ui) { Able::Yes } else { has_item(ui, world) }
}

fn open_editor(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if retro::is_in_front(ui) {
        return retro::editor(ui, world);
    }
    let Some(about) = item(ui, world) else { return Vec::new() };
    let text = match signal(ui, world).and_then(|signal| signal.raw()) {
        Some(raw) => pretty(raw),
        None => Detail::of(about, ui, world).text(),
    };
    vec![Effect::Edit(text)]
}
