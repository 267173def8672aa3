//! Which panes are in sight and where, by how much room there is.
//!
//! State, issues, changes and the sequence are always in sight together; the others come with room. A pane without room
//! is shown while it has the focus, in the place of one that gives way; where there is little room, what to suspect and
//! what to do first keep a line each.

use super::Pane;
use ratatui::layout::Rect;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub pane: Pane,
    pub area: Rect,
}

const GAP: u16 = 2;
/// A title and a few lines: less is no use to anybody.
const LEAST: u16 = 3;

/// Below what is open, each has its title and its first line in one row.
const FOLDED: [Pane; 2] = [Pane::Suspects, Pane::Actions];

/// `needed` says how many rows a pane would like when it is so wide.
pub fn places(body: Rect, focus: Pane, needed: impl Fn(Pane, u16) -> usize) -> Vec<Place> {
    let sequence_height = if body.height >= 30 { 5 } else { 4 };
    let above = Rect { height: body.height.saturating_sub(sequence_height), ..body };
    let below = Rect { y: above.bottom(), height: body.height - above.height, ..body };
    let mut places = match body.width {
        170.. => columns(
            above,
            &needed,
            &[
                (32, &[Pane::State, Pane::Changes]),
                (36, &[Pane::Issues, Pane::Actions]),
                (32, &[Pane::Exposure, Pane::Suspects, Pane::Reviews, Pane::Operations]),
            ],
        ),
        110.. => columns(
            above,
            &needed,
            &[
                (50, &[Pane::State, Pane::Changes, Pane::Suspects]),
                (50, &[Pane::Issues, Pane::Actions, Pane::Exposure]),
            ],
        ),
        _ => narrow(above, focus, &needed),
    };
    places.push(Place { pane: Pane::Sequence, area: below });
    if !places.iter().any(|place| place.pane == focus)
        && let Some(last) = places.iter_mut().rev().find(|place| GIVE_WAY.contains(&place.pane))
    {
        last.pane = focus;
    }
    places
}

/// In whose place a pane without room is shown.
const GIVE_WAY: [Pane; 2] = [Pane::Changes, Pane::Exposure];

/// State beside issues, changes below; with height to spare also what to do.
fn narrow(area: Rect, focus: Pane, needed: &impl Fn(Pane, u16) -> usize) -> Vec<Place> {
    let half =
        u16::try_from(needed(Pane::State, area.width / 2).max(needed(Pane::Issues, area.width / 2)) + 1)
            .unwrap_or(u16::MAX);
    let most = area.height.div_ceil(2);
    let top_height = half.clamp(LEAST.min(most), most);
    let top = Rect { height: top_height, ..area };
    let rest = Rect { y: top.bottom(), height: area.height - top_height, ..area };
    let mut places = columns(top, needed, &[(50, &[Pane::State]), (50, &[Pane::Issues])]);
    if rest.height >= 24 {
        let panes = [Pane::Changes, Pane::Suspects, Pane::Actions, Pane::Exposure];
        places.extend(column(rest, needed, &panes));
    } else {
        places.extend(folding(rest, focus, needed));
    }
    places
}

/// The changes, or what has the focus in their place, and a row for each of the others that holds something.
fn folding(area: Rect, focus: Pane, needed: &impl Fn(Pane, u16) -> usize) -> Vec<Place> {
    let is_folded = |pane: &Pane| *pane != focus && needed(*pane, area.width) > 0;
    let room = area.height.saturating_sub(2);
    let folded: Vec<_> = FOLDED.into_iter().filter(is_folded).take(usize::from(room)).collect();
    let rows = u16::try_from(folded.len()).unwrap_or(0);
    let open = Rect { height: area.height - rows, ..area };
    let pane = if FOLDED.contains(&focus) { focus } else { Pane::Changes };
    let below =
        (open.bottom()..).zip(folded).map(|(y, pane)| Place { pane, area: Rect { y, height: 1, ..area } });
    std::iter::once(Place { pane, area: open }).chain(below).collect()
}

/// Columns of the given shares in percent, side by side.
fn columns(area: Rect, needed: &impl Fn(Pane, u16) -> usize, shares: &[(u16, &[Pane])]) -> Vec<Place> {
    let gaps = GAP * u16::try_from(shares.len().saturating_sub(1)).unwrap_or(0);
    let room = area.width.saturating_sub(gaps);
    let mut x = area.x;
    let mut places = Vec::new();
    for (n, (share, panes)) in shares.iter().enumerate() {
        let is_last = n + 1 == shares.len();
        let width = if is_last { area.right().saturating_sub(x) } else { room * share / 100 };
        places.extend(column(Rect { x, width, ..area }, needed, panes));
        x += width + GAP;
    }
    places
}

/// Panes one below the other: each has what it needs as far as there is room, and the last has what is left.
fn column(area: Rect, needed: &impl Fn(Pane, u16) -> usize, panes: &[Pane]) -> Vec<Place> {
    let wants: Vec<_> = panes
        .iter()
        .map(|pane| u16::try_from(needed(*pane, area.width) + 2).unwrap_or(u16::MAX).max(LEAST))
        .collect();
    let mut y = area.y;
    let mut places = Vec::new();
    for (n, pane) in panes.iter().enumerate() {
        let left = area.bottom().saturating_sub(y);
        let height = if n + 1 == panes.len() { left } else { fair(&wants[n..], left) };
        places.push(Place { pane: *pane, area: Rect { y, height, ..area } });
        y += height;
    }
    places
}

/// How much the first may take: all it wants, unless the others would have less than an equal share then.
fn fair(wants: &[u16], room: u16) -> u16 {
    let others: u16 = wants[1..].iter().fold(0, |sum, want| sum.saturating_add(*want));
    let share = room / u16::try_from(wants.len()).unwrap_or(1).max(1);
    wants[0].min(room.saturating_sub(others).max(share)).min(room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn panes_lie_within_the_body_and_never_on_each_other(width in 60_u16..240, height in 13_u16..90, need in 0_usize..40, focus in 0_usize..9) {
            let body = Rect { x: 0, y: 2, width, height };
            let focus = Pane::ALL[focus];
            let places = places(body, focus, |pane, _| need * (pane as usize % 3 + 1));
            for (n, place) in places.iter().enumerate() {
                prop_assert_eq!(body.intersection(place.area), place.area);
                for other in &places[n + 1..] {
                    prop_assert!(place.area.intersection(other.area).is_empty(), "{:?} {:?}", place, other);
                }
            }
            for pane in [Pane::State, Pane::Issues, Pane::Sequence, focus] {
                let place = places.iter().find(|place| place.pane == pane);
                prop_assert!(place.is_some_and(|place| place.area.height >= 2), "{:?}", pane);
            }
        }
    }
}
