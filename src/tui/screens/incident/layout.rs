//! Where the parts of the screen are, by how much room there is.

use ratatui::layout::Rect;

/// From this width on, the command panel stands beside the timeline instead of above it.
const WIDE: u16 = 100;
const GAP: u16 = 2;
/// Lines of the panel where it stands above.
const ABOVE: u16 = 3;
/// Less is not worth keeping the sequence in sight for.
const ROOM_FOR_SEQUENCE: u16 = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub panel: Rect,
    /// With its title line.
    pub timeline: Rect,
    pub sequence: Option<Rect>,
    pub is_wide: bool,
}

impl Layout {
    pub fn of(body: Rect) -> Self {
        let wanted = if body.height >= 30 { 4 } else { 2 };
        let below = if body.height >= ROOM_FOR_SEQUENCE { wanted } else { 0 };
        let above = Rect { height: body.height - below, ..body };
        let sequence = (below > 0).then_some(Rect { y: above.bottom(), height: below, ..body });
        if body.width < WIDE {
            let panel = Rect { height: ABOVE.min(above.height), ..above };
            let timeline = Rect { y: panel.bottom(), height: above.height - panel.height, ..above };
            return Self { panel, timeline, sequence, is_wide: false };
        }
        let width = (body.width / 3).clamp(36, 56);
        let panel = Rect { x: body.right() - width, width, ..above };
        let timeline = Rect { width: body.width - width - GAP, ..above };
        Self { panel, timeline, sequence, is_wide: true }
    }

    /// The timeline without its title.
    pub fn list(&self) -> Rect {
        let Rect { y, height, .. } = self.timeline;
        Rect { y: y + 1, height: height.saturating_sub(1), ..self.timeline }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_lie_within_the_body_and_never_on_each_other(width in 60_u16..240, height in 13_u16..90) {
            let body = Rect { x: 0, y: 2, width, height };
            let layout = Layout::of(body);
            let parts: Vec<_> = [layout.panel, layout.timeline].into_iter().chain(layout.sequence).collect();
            for (n, part) in parts.iter().enumerate() {
                prop_assert_eq!(body.intersection(*part), *part);
                prop_assert!(parts[n + 1..].iter().all(|other| part.intersection(*other).is_empty()));
            }
            prop_assert!(layout.list().height >= 8);
        }
    }
}
