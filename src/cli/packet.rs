//! A hand-over packet as a shell prints it: part by part, and what is empty says so.

use crate::domain::event::Packet;
use crate::domain::incident::{tell_brief, tell_packet};
use crate::domain::text::clean;
use jiff::tz::TimeZone;

/// Times are UTC, as in everything that is printed.
pub(super) fn text(packet: &Packet) -> String {
    let told = tell_brief(&packet.brief).into_iter().chain(tell_packet(packet, &TimeZone::UTC));
    let composed = packet.composed_at.hour_minute(&TimeZone::UTC);
    let head = format!("hand-over packet of {composed} UTC, {}\n", packet.severity);
    told.fold(head, |text, part| {
        let lines: Vec<_> = part.lines.iter().map(|line| clean(line)).collect();
        match lines.as_slice() {
            [] => text + &format!("{}: none\n", part.title),
            [one] => text + &format!("{}: {one}\n", part.title),
            many => text + &format!("{}:\n  {}\n", part.title, many.join("\n  ")),
        }
    })
}
