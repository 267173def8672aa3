//! Verbs that are about the line under the cursor.

use super::{Able, Deed};
use crate::domain::SignalRef;
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::detail::{Detail, pretty};
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::ItemExplain, able: has_item, run: explain },
    Deed { verb: Verb::ItemCopy, able: has_item, run: copy },
    Deed {
        verb: Verb::ItemCopyLink,
        able: |ui, world| Able::when(item(ui, world).is_some_and(|s| s.link().is_some()), "it has no link"),
        run: copy_link,
    },
    Deed { verb: Verb::ItemOpenEditor, able: can_edit, run: open_editor },
];

/// The signal the person means: the one shown in detail, or the one under the cursor.
fn item<'a>(ui: &'a Ui, world: World<'a>) -> Option<SignalRef<'a>> {
    match ui.overlays.last() {
        Some(Overlay::Detail(detail)) => world.snapshot.signals.get(detail.subject),
        _ => ui.feed.selected(),
    }
}

fn has_item(ui: &Ui, world: World<'_>) -> Able {
    Able::when(item(ui, world).is_some(), "there is nothing under the cursor")
}

fn explain(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some(key) = item(ui, world).map(|signal| signal.key()) {
        ui.overlays.push(Overlay::Detail(Detail::of(key)));
    }
    Vec::new()
}

fn copy(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(signal) = item(ui, world) else { return Vec::new() };
    let parts = [&signal.at().to_string(), signal.kind().tag(), signal.service(), signal.title(), signal.link().unwrap_or("")];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
    vec![Effect::Copy { what: format!("\u{201c}{}\u{201d}", signal.title()), text }]
}

fn copy_link(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let link = item(ui, world).and_then(|signal| signal.link());
    link.map(|link| Effect::Copy { what: link.to_owned(), text: link.to_owned() }).into_iter().collect()
}

fn can_edit(ui: &Ui, world: World<'_>) -> Able {
    if !ui.abilities.editor {
        return Able::No("set $EDITOR or $VISUAL first, or this session has no shell behind it".to_owned());
    }
    has_item(ui, world)
}

fn open_editor(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(signal) = item(ui, world) else { return Vec::new() };
    let text = signal.raw().map_or_else(|| signal.title().to_owned(), pretty);
    vec![Effect::Edit(text)]
}
