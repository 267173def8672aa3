//! The open incident in the header of every screen: how bad, for how long, and who has command.

use crate::domain::event::Severity;
use crate::domain::{Incident, Span};
use crate::theme::Role;
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};

/// From this width on there is room for all of it.
const WIDE: u16 = 110;

/// Two pieces: the incident with its clock, and who has command of it.
pub fn badge(ui: &Ui, world: World<'_>) -> Option<[(String, Role); 2]> {
    // The incident is shown as it is now, whatever moment the other screens are at; before it began there was none.
    let now = if ui.screen == Screen::Incident { world.present() } else { world.now };
    let incident = ui.incident.in_front(&world.snapshot.room).filter(|it| it.declared_at <= now)?;
    let running = clock(incident.declared_at.age(now));
    let is_wide = ui.size.width >= WIDE;
    let said = format!("{} {} {running}", incident.id, incident.severity);
    Some([(said, severity_role(incident.severity)), command(incident, is_wide)])
}

pub const fn severity_role(severity: Severity) -> Role {
    match severity {
        Severity::Sev1 | Severity::Sev2 => Role::Critical,
        Severity::Sev3 => Role::Degraded,
        Severity::Sev4 | Severity::Sev5 => Role::Elevated,
    }
}

fn command(incident: &Incident, is_wide: bool) -> (String, Role) {
    match (&incident.command.holder, is_wide) {
        (Some(holder), true) => (format!("IC {holder}"), Role::Bar),
        (Some(holder), false) => (holder.to_string(), Role::Bar),
        (None, true) => ("NOBODY HAS COMMAND".to_owned(), Role::Critical),
        (None, false) => ("NO IC".to_owned(), Role::Critical),
    }
}

/// A running clock, `07:05` or `1:12:03`.
pub fn clock(span: Span) -> String {
    let seconds = span.as_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        ..100 => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{}d {}h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_runs_in_the_units_that_tell() {
        let said = [425, 4_323, 360_000 + 7_200].map(|seconds| clock(Span::seconds(seconds)));
        assert_eq!(said, ["07:05", "1:12:03", "4d 6h"]);
    }
}
