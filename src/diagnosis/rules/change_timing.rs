//! Settings and scaling changes that line up with where a spike began.

use crate::diagnosis::anomaly::Elevation;
use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::suspects::{episode, setting_text};
use crate::diagnosis::view::View;
use crate::domain::catalog::Measures;
use crate::domain::signal::{Change, Kind};
use crate::domain::{Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "change-timing",
    version: 1,
    title: "Change timing",
    about: "A configuration, scaling or concurrency change on the affected service or near it, made just before \
            the onset of a spike. The onset is where a cumulative sum against the hours before began to climb, \
            not where a threshold was crossed; series of neighbouring services that moved together count as one \
            spike that began with the first of them.",
    looks_at: &[Kind::Sample, Kind::Config, Kind::Scaling],
    thresholds: &[
        Threshold::new("before-minutes", 12.0, "from the change to the onset"),
        Threshold::new("after-minutes", 3.0, "a change may seem later than the onset by"),
        Threshold::new("farthest", 2.0, "steps of dependency between the change and the spike"),
    ],
    says: "{measure} spike timing aligns with {service} {setting} configuration changes",
    step: Span::ZERO,
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let before = Span::minutes(view.limit(&RULE, "before-minutes") as i64);
    let after = Span::minutes(view.limit(&RULE, "after-minutes") as i64);
    let mut findings: Vec<Finding> = Vec::new();
    for elevation in view.elevations().iter().filter(|e| e.series.measures != Measures::Saturation) {
        let onset = episode(view, elevation).onset;
        for change in view.history.changes.between(onset - before, (onset + after).min(view.now)) {
            let found = finding(view, elevation, onset, change);
            findings.extend(found.filter(|found| findings.iter().all(|known| known.about != found.about)));
        }
    }
    findings
}

fn finding(
    view: &View<'_>,
    elevation: &Elevation<'_>,
    onset: Time,
    seen: &Seen<(Kind, Change)>,
) -> Option<Finding> {
    let (kind, change) = &seen.body;
    let service = seen.service.as_ref()?;
    let distance = view.topology.distance(service.as_str(), elevation.series.service.as_str())?;
    if f64::from(distance) > view.limit(&RULE, "farthest") {
        return None;
    }
    let measure = if elevation.series.measures == Measures::Errors { "Error" } else { "Latency" };
    let finding = Finding::new(&RULE, format!("{service}/{}", change.key), onset)
        .of(service)
        .weighing(Gravity::Medium)
        .says(
            Place::Operational,
            format!("{measure} spike timing aligns with {service} {} configuration changes", change.key),
        )
        .number("from change to onset", (onset - seen.at()).as_minutes() as f64, "min")
        .signal(seen)
        .evidence(elevation.series.evidence(Some(seen.at())))
        .window(seen.at(), elevation.crossed);
    let is_suspected = view.suspects().first().is_some_and(|suspect| suspect.key == seen.key);
    let words = vec![
        ("service", service.to_string()),
        ("kind", if scales(*kind, &change.key) { "scaling" } else { "configuration" }.to_owned()),
        ("key", change.key.clone()),
        ("setting", setting_text(change)),
        ("measure", measure.to_ascii_lowercase()),
    ];
    Some(if is_suspected { finding.remedy("roll-back", words) } else { finding })
}

/// Whether a change makes more or fewer of something run, whatever the source calls it.
fn scales(kind: Kind, key: &str) -> bool {
    const AMOUNTS: [&str; 6] = ["concurrency", "count", "replica", "worker", "thread", "capacity"];
    kind == Kind::Scaling || AMOUNTS.iter().any(|amount| key.contains(amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn a_setting_changed_just_before_the_onset_is_named() {
        let story = Story::new().series("api/5xx", 0.5, 20, 2.5);
        let changed = |story: Story, ago| story.config(ago, "db", "pool", "10", "90");
        assert_eq!(
            changed(story, 22).said(&RULE, Place::Operational),
            ["Error spike timing aligns with db pool configuration changes"]
        );
        let story = || Story::new().series("api/5xx", 0.5, 20, 2.5);
        assert_eq!(changed(story(), 60).found(&RULE), []);
        assert_eq!(changed(story(), 5).found(&RULE), []);
    }
}
