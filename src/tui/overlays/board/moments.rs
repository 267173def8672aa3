//! Key moments on the board: what is recorded and what is not, how long things took, what is proposed, and what
//! cannot be.

use super::{Item, Pen, Row};
use crate::domain::event::{Moment, MomentValue};
use crate::domain::incident::{Measured, Proposal, Status, durations, impossible_orders};
use crate::theme::Role;
use crate::tui::screens::incident::item::{Line, when};

const NAME: usize = 20;
const STATE: usize = 16;

pub fn rows(pen: &Pen<'_>) -> Vec<Row> {
    let mut rows: Vec<_> = pen.live.proposals().iter().map(|it| proposal(pen, it)).collect();
    if !rows.is_empty() {
        rows.push(Row::blank());
    }
    let impossible = impossible_orders(pen.incident);
    let is_wrong = |moment| impossible.iter().any(|it| it.earlier == moment || it.later == moment);
    rows.extend(Moment::ALL.iter().map(|moment| row(pen, *moment, is_wrong(*moment))));
    rows.extend(impossible.iter().map(|it| {
        let (earlier, later) = (when(it.earlier_at, &pen.zone), when(it.later_at, &pen.zone));
        let said = format!("{} ({later}) is before {} ({earlier})", it.later, it.earlier);
        Row::says(format!("{} {said}", pen.glyphs.elevated), Role::Elevated)
    }));
    rows.push(Row::blank());
    rows.push(Row::says("How long it took", Role::Title));
    rows.extend(durations(pen.incident).into_iter().map(|(duration, measured)| {
        let said = measured.say(pen.incident.status);
        let line = vec![(format!("{:NAME$}  ", duration.title), Role::Dim), (said, measured_role(&measured))];
        Row::line(line)
    }));
    rows
}

fn proposal(pen: &Pen<'_>, proposal: &Proposal) -> Row {
    let lead = vec![(format!("{} ", pen.glyphs.diagnosis), Role::Accent)];
    let said = format!("{} {}? {}", proposal.moment, when(proposal.when, &pen.zone), proposal.because);
    let about = vec![("x accepts, d declines".to_owned(), Role::Dim)];
    Row::of(Item::Proposal(proposal.moment), lead, &said, Role::Text, about, pen.columns)
}

fn row(pen: &Pen<'_>, moment: Moment, is_wrong: bool) -> Row {
    let (state, role) = match pen.incident.moment(moment) {
        MomentValue::Happened { .. } if is_wrong => ("invalid", Role::Elevated),
        MomentValue::Happened { .. } => ("recorded", Role::Ok),
        MomentValue::Never => ("not applicable", Role::Dim),
        MomentValue::Unknown if pen.incident.status == Status::Open => ("pending", Role::Dim),
        MomentValue::Unknown => ("not captured", Role::Stale),
    };
    let at = match pen.incident.moment(moment) {
        MomentValue::Happened { when: at } => {
            format!("{} {}", at.from.date(&pen.zone), when(at, &pen.zone))
        }
        MomentValue::Never | MomentValue::Unknown => String::new(),
    };
    let lead = vec![(format!("{:NAME$}  ", moment.title()), Role::Text), (format!("{state:STATE$}"), role)];
    let said = format!("{at}{}", lasted(pen, moment));
    Row::of(Item::Moment(moment), lead, &said, Role::Strong, about(pen, moment), pen.columns)
}

/// How long it took to get here, as far as it is known: all of it is in sight with the moments, and below them again
/// with what is missing.
fn lasted(pen: &Pen<'_>, moment: Moment) -> String {
    let until = durations(pen.incident).into_iter().filter(|(duration, _)| duration.to == moment);
    let known = until.filter_map(|(duration, measured)| match measured {
        Measured::Recorded(length) => Some(format!("  {} {}", duration.short, length.say())),
        _ => None,
    });
    known.collect()
}

/// Who said so and why; what the journal saw by itself needs no word.
fn about(pen: &Pen<'_>, moment: Moment) -> Line {
    let Some(said) = pen.incident.moments.get(&moment).filter(|it| it.value != MomentValue::Unknown) else {
        return Line::new();
    };
    let why = if said.reason.is_empty() { String::new() } else { format!(": {}", said.reason) };
    vec![(format!("{}{why}", said.by), Role::Dim)]
}

const fn measured_role(measured: &Measured) -> Role {
    match measured {
        Measured::Recorded(_) => Role::Strong,
        Measured::Pending { .. } | Measured::NotApplicable { .. } => Role::Dim,
        Measured::Invalid { .. } => Role::Elevated,
    }
}
