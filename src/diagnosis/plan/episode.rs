//! Past and present incidents as facts: when they began, were detected and were over, whom they hit, and the words
//! people used for their cause.

use crate::domain::event::{Moment, RetroContent, Verdict};
use crate::domain::{Incident, IncidentId, Room, ServiceName, Span, Time};

/// What is known of an incident at a moment.
#[derive(Clone, Debug)]
pub(super) struct Episode {
    pub id: IncidentId,
    /// When its impact began, or else when it was detected or declared: where it stands in time.
    pub at: Time,
    pub began: Option<Time>,
    pub detected: Option<Time>,
    /// When it was mitigated, or else resolved.
    pub over: Option<Time>,
    pub services: Vec<ServiceName>,
    /// In small letters.
    pub labels: Vec<String>,
    /// Title, impact and causes, in small letters.
    pub words: String,
}

/// Every incident declared so far; a drill says nothing about what is real, so it counts only among drills.
pub(super) fn episodes(room: &Room, now: Time) -> Vec<Episode> {
    let is_drill = room.drill.is_some();
    let counted = room.incidents.values().filter(|incident| {
        !incident.is_merged() && incident.drill.is_some() == is_drill && incident.declared_at <= now
    });
    counted.map(|incident| episode(incident, now)).collect()
}

/// When anything was last written down about any of them.
pub(super) fn last_told(room: &Room, now: Time) -> Option<Time> {
    fn last(mut times: impl Iterator<Item = Time>, now: Time) -> Option<Time> {
        times.find(|at| *at <= now)
    }
    let told = room.incidents.values().flat_map(|incident| {
        [
            last(incident.history.values().rev().map(|record| record.at), now),
            last(incident.entries.values().rev().map(|entry| entry.written_at), now),
            last(incident.retro.standing().rev().map(|item| item.written_at), now),
        ]
    });
    told.flatten().max()
}

impl Episode {
    /// From the start of the impact until it was detected.
    pub fn detection(&self) -> Option<Span> {
        Some(self.detected? - self.began?).filter(|span| *span >= Span::ZERO)
    }

    pub fn recovery(&self) -> Option<Span> {
        Some(self.over? - self.at).filter(|span| *span >= Span::ZERO)
    }
}

fn episode(incident: &Incident, now: Time) -> Episode {
    let at = |moment| incident.when(moment).map(|when| when.from).filter(|at| *at <= now);
    let (began, detected) = (at(Moment::ImpactStart), at(Moment::Detected));
    let standing =
        || incident.entries.values().filter(|entry| entry.struck.is_none() && entry.written_at <= now);
    let labels = standing().flat_map(|entry| &entry.content.labels).map(|label| label.to_lowercase());
    let confirmed = standing().filter(|entry| entry.is_hypothesis() && entry.verdict == Verdict::Confirmed);
    let said = [&incident.title, &incident.impact].into_iter().map(String::as_str);
    let causes =
        incident.retro.standing().filter(|item| item.written_at <= now).filter_map(|item| {
            match &item.content {
                RetroContent::RootCause { text, .. } | RetroContent::Factor { text, .. } => {
                    Some(text.as_str())
                }
                _ => None,
            }
        });
    let words: Vec<_> =
        said.chain(confirmed.map(|entry| entry.content.text.as_str())).chain(causes).collect();
    Episode {
        id: incident.id,
        at: began.or(detected).unwrap_or(incident.declared_at),
        began,
        detected,
        over: at(Moment::Mitigated).or_else(|| at(Moment::Resolved)),
        services: incident.services.clone(),
        labels: labels.collect(),
        words: words.join("\n").to_lowercase(),
    }
}
