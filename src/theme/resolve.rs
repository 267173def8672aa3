//! Lays a chain of theme files over each other: one palette, one style a role, and a look at whether it can be read.

use super::Theme;
use super::colour::{self, contrast, exactly};
use super::file::{Layer, Paint, Spec};
use super::role::Role;
use crate::domain::problem::{Problem, suggest};
use ratatui::style::{Color, Style};
use std::collections::BTreeMap;

/// `layers` begins with the theme itself and ends with the one that inherits nothing.
pub(super) fn resolve(name: &str, layers: Vec<Layer>) -> (Theme, Vec<Problem>) {
    let palette = layers.iter().rev().flat_map(|layer| layer.palette.iter().cloned()).collect();
    let mut looks = BTreeMap::new();
    let mut problems = Vec::new();
    for mut layer in layers.into_iter().rev() {
        lay(&mut layer, &palette, &mut looks);
        layer.problems.sort_by_key(|problem| problem.line);
        problems.append(&mut layer.problems);
    }
    problems.extend(looks.iter().filter_map(|(role, look)| judge(*role, look, &looks)));
    problems.extend(missing(name, &looks));
    let style = |role| looks.get(&role).map_or_else(Style::new, |look: &Look| look.style);
    (Theme { name: name.to_owned(), styles: Role::ALL.map(style) }, problems)
}

/// The style of a role, and the place that gave it.
struct Look {
    style: Style,
    file: String,
    line: usize,
}

type Palette = BTreeMap<String, Color>;
type Looks = BTreeMap<Role, Look>;

fn lay(layer: &mut Layer, palette: &Palette, looks: &mut Looks) {
    for (role, spec) in std::mem::take(&mut layer.roles) {
        let [fg, bg] = [&spec.fg, &spec.bg].map(|paint| color(paint.as_ref()?, &spec, palette, layer));
        let style = Style { fg, bg, add_modifier: spec.attributes, ..Style::new() };
        looks.insert(role, Look { style, file: layer.file.clone(), line: spec.line });
    }
}

fn color(paint: &Paint, spec: &Spec, palette: &Palette, layer: &mut Layer) -> Option<Color> {
    let name = match paint {
        Paint::Colour(color) => return Some(*color),
        Paint::Named(name) => name,
    };
    let found = palette.get(name).copied();
    if found.is_none() {
        let known = palette.keys().map(String::as_str).chain(colour::names());
        layer.problem_at(spec.line, format!("`{name}` is not a colour"), suggest(name, known));
    }
    found
}

/// Whether a role can be read on what it stands on, as far as sitroom decides what the two look like.
fn judge(role: Role, look: &Look, looks: &Looks) -> Option<Problem> {
    let ground = looks.get(&Role::Text).map_or_else(Style::new, |text| text.style);
    let fg = exactly(look.style.fg.or(ground.fg)?)?;
    let bg = exactly(look.style.bg.or(ground.bg)?)?;
    let (measured, floor) = (contrast(fg, bg), role.legibility().floor());
    (measured < floor).then(|| Problem {
        file: look.file.clone(),
        line: look.line,
        what: format!("`{role}` has a contrast of {measured:.1} with its background"),
        fix: format!("move the two apart until it is {floor}"),
    })
}

fn missing(name: &str, looks: &Looks) -> Option<Problem> {
    let missing: Vec<_> =
        Role::ALL.into_iter().filter(|role| !looks.contains_key(role)).map(Role::name).collect();
    (!missing.is_empty()).then(|| Problem {
        file: name.to_owned(),
        line: 1,
        what: format!("no style for {}", missing.join(", ")),
        fix: "add them under [roles], or inherit a theme that has them".to_owned(),
    })
}
