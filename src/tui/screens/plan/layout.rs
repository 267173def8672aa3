//! Where the panes of the plan are, by how much room there is: below one another, or in two columns.

use super::Pane;
use ratatui::layout::Rect;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub pane: Pane,
    pub area: Rect,
}

const GAP: u16 = 2;

/// A title and a line; the order of deployment fits beside its title.
const fn least(pane: Pane) -> u16 {
    match pane {
        Pane::Order => 1,
        _ => 2,
    }
}

/// `count` says how many lines a pane has. Which of them is looked at moves nothing.
pub(super) fn places(body: Rect, count: impl Fn(Pane) -> usize) -> Vec<Place> {
    if body.width < 150 {
        return column(body, &count, &Pane::ALL);
    }
    let left = Rect { width: (body.width - GAP) / 2, ..body };
    let right = Rect { x: left.right() + GAP, width: body.width - left.width - GAP, ..body };
    let mut places = column(left, &count, &[Pane::Vectors, Pane::Phases, Pane::Order]);
    places.extend(column(right, &count, &[Pane::Metrics, Pane::Risks]));
    places
}

/// One pane with all it wants of the screen; what is left is below it.
pub(super) fn alone(body: Rect, pane: Pane, count: usize) -> Place {
    Place { pane, area: Rect { height: wants(count).min(body.height), ..body } }
}

/// A title and every line.
fn wants(count: usize) -> u16 {
    u16::try_from(count.max(1) + 1).unwrap_or(u16::MAX)
}

fn column(area: Rect, count: &impl Fn(Pane) -> usize, panes: &[Pane]) -> Vec<Place> {
    let wants = |pane: Pane| wants(count(pane));
    let mut heights: Vec<u16> = panes.iter().map(|pane| least(*pane)).collect();
    let mut left = area.height.saturating_sub(heights.iter().sum());
    // A line more for each in turn, so that nobody has much before everybody has something.
    while left > 0 {
        let before = left;
        let is_last = |pane: Pane| pane == Pane::Order;
        let others_want =
            panes.iter().zip(&heights).any(|(pane, height)| !is_last(*pane) && *height < wants(*pane));
        for (height, pane) in heights.iter_mut().zip(panes) {
            if left > 0 && *height < wants(*pane) && (!is_last(*pane) || !others_want) {
                *height += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    let mut y = area.y;
    let mut places = Vec::new();
    for (height, pane) in heights.into_iter().zip(panes) {
        let height = height.min(area.bottom().saturating_sub(y));
        places.push(Place { pane: *pane, area: Rect { y, height, ..area } });
        y += height;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn panes_lie_within_the_body_and_never_on_each_other(width in 60_u16..240, height in 10_u16..90, count in 0_usize..40) {
            let body = Rect { x: 0, y: 4, width, height };
            let places = places(body, |pane| count * (pane as usize % 3));
            prop_assert_eq!(places.len(), Pane::ALL.len());
            for (n, place) in places.iter().enumerate() {
                prop_assert_eq!(body.intersection(place.area), place.area);
                prop_assert!(place.area.height >= least(place.pane));
                for other in &places[n + 1..] {
                    prop_assert!(place.area.intersection(other.area).is_empty(), "{:?} {:?}", place, other);
                }
            }
        }
    }
}
