//! The form drawn.

use super::super::{centred, window};
use super::{Declare, Part, Services, State, meaning};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::Ui;
use ratatui::layout::Rect;

const LABEL: u16 = 11;
const HEIGHT: u16 = 15;

impl Declare {
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let hint = "enter next, tab and arrows move, esc leaves and keeps it";
        let inside = window(canvas, centred(ui, 84, HEIGHT), "Declare an incident", hint);
        let mut y = inside.y;
        for part in Part::ALL {
            let line = Rect { y, height: inside.bottom().saturating_sub(y), ..inside };
            y += self.part(part, canvas, line) + u16::from(matches!(part, Part::Title | Part::Impact));
        }
        if let State::Refused(why) = &self.state {
            canvas.put_fit(inside.x, inside.bottom() - 1, inside.width, why, Role::Error);
        }
    }

    /// Draws a part and returns how many lines it took.
    fn part(&self, part: Part, canvas: &mut Canvas<'_>, line: Rect) -> u16 {
        let is_here = part == self.part;
        if is_here {
            canvas.put(line.x, line.y, 1, canvas.glyphs.cursor, Role::Selection);
        }
        let role = if is_here { Role::Accent } else { Role::Dim };
        canvas.put_fit(line.x + 2, line.y, LABEL, label(part), role);
        let rest = Rect { x: line.x + 2 + LABEL, width: line.width.saturating_sub(2 + LABEL), ..line };
        match part {
            Part::Title => field(&self.title, is_here, canvas, rest),
            Part::Severity => return self.severity(is_here, canvas, rest),
            Part::Services => return services(&self.services, is_here, canvas, rest),
            Part::Impact => field(&self.impact, is_here, canvas, rest),
            Part::Command => {
                let said =
                    if self.takes_command { "[x] I take command too" } else { "[ ] I take command too" };
                canvas.put_fit(rest.x, rest.y, rest.width, said, chosen(is_here));
                let hint = if is_here { "space" } else { "" };
                canvas.put_right(rest.x, rest.y, rest.width, hint, Role::Dim);
            }
            Part::Send => return self.send(is_here, canvas, rest),
        }
        1
    }

    fn severity(&self, is_here: bool, canvas: &mut Canvas<'_>, rest: Rect) -> u16 {
        let said = format!("{}  {}", self.severity, meaning(self.severity));
        canvas.put_fit(rest.x, rest.y, rest.width, &said, chosen(is_here));
        let hint = if is_here { "1 to 5 or arrows; when in doubt, higher" } else { "when in doubt, higher" };
        canvas.put_fit(rest.x, rest.y + 1, rest.width, hint, Role::Dim);
        2
    }

    fn send(&self, is_here: bool, canvas: &mut Canvas<'_>, rest: Rect) -> u16 {
        let evidence = self.evidence.first().map_or_else(
            || "no evidence goes along".to_owned(),
            |first| format!("with {} as evidence: {}", count(self.evidence.len()), first.said()),
        );
        let what = match (&self.state, self.takes_command) {
            (State::Sent, _) => format!("declaring{}", canvas.glyphs.ellipsis),
            (_, true) => "enter declares it and takes command".to_owned(),
            (_, false) => "enter declares it".to_owned(),
        };
        canvas.put_fit(rest.x, rest.y, rest.width, &what, chosen(is_here));
        canvas.put_fit(rest.x, rest.y + 1, rest.width, &evidence, Role::Dim);
        2
    }
}

const fn label(part: Part) -> &'static str {
    match part {
        Part::Title => "What",
        Part::Severity => "Severity",
        Part::Services => "Services",
        Part::Impact => "Impact",
        Part::Command => "Command",
        Part::Send => "Declare",
    }
}

const fn chosen(is_here: bool) -> Role {
    if is_here { Role::Selection } else { Role::Text }
}

fn field(field: &crate::tui::widgets::field::Field, is_here: bool, canvas: &mut Canvas<'_>, rest: Rect) {
    if is_here {
        field.draw(canvas, rest.x, rest.y, rest.width);
    } else if field.text().is_empty() {
        canvas.put_fit(rest.x, rest.y, rest.width, "not said", Role::Placeholder);
    } else {
        canvas.put_fit(rest.x, rest.y, rest.width, field.text(), Role::Text);
    }
}

/// The picked ones; while one is picking, all there are, around the cursor.
fn services(services: &Services, is_here: bool, canvas: &mut Canvas<'_>, rest: Rect) -> u16 {
    if !is_here {
        let picked: Vec<_> = services.picked.iter().map(ToString::to_string).collect();
        let said = if picked.is_empty() { "unknown".to_owned() } else { picked.join(", ") };
        canvas.put_fit(rest.x, rest.y, rest.width, &said, Role::Text);
        return 2;
    }
    let chip = |n: usize| {
        let service = &services.offered[n];
        let sign = if services.picked.contains(service) { "x" } else { " " };
        format!("[{sign}] {service}  ")
    };
    let room = usize::from(rest.width);
    let mut first = services.at;
    let mut taken = services.offered.get(first).map_or(0, |_| text::width(&chip(first)));
    while first > 0 && taken + text::width(&chip(first - 1)) <= room {
        first -= 1;
        taken += text::width(&chip(first));
    }
    let mut x = rest.x;
    for n in first..services.offered.len() {
        x += canvas.put_fit(x, rest.y, rest.right().saturating_sub(x), &chip(n), chosen(n == services.at));
    }
    let hint = match services.offered.len() {
        0 => "the catalog names none; they can be said later".to_owned(),
        many => format!("space picks, arrows or a letter move; {} of {many}", services.at + 1),
    };
    canvas.put_fit(rest.x, rest.y + 1, rest.width, &hint, Role::Dim);
    2
}

fn count(pieces: usize) -> String {
    if pieces == 1 { "a piece".to_owned() } else { format!("{pieces} pieces") }
}
