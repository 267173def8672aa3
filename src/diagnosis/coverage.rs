//! Who would be told: which alarms watch the endpoints of the catalog, and which alarms it wants are there.
//!
//! Before alarms have been listed nothing is said to be missing.

use super::rules::alert_coverage::{listed_at, watches};
use super::situation::{Coverage, Covered, CoveredEndpoint, WantedAlarm};
use super::view::View;
use crate::domain::catalog::Service;

pub(super) fn coverage(view: &View<'_>) -> Coverage {
    let services = view.catalog.services.iter();
    let asked = services.filter(|service| !service.endpoints.is_empty() || !service.alarms_wanted.is_empty());
    Coverage { listed_at: listed_at(view), services: asked.map(|service| covered(view, service)).collect() }
}

fn covered(view: &View<'_>, service: &Service) -> Covered {
    let here = || {
        let alarms = view.standing_alarms();
        alarms.filter(|alarm| alarm.service.as_ref().is_none_or(|name| *name == service.name))
    };
    let endpoints = service.endpoints.iter().map(|endpoint| {
        let watching = here().filter(|alarm| watches(&alarm.body, endpoint));
        CoveredEndpoint {
            name: endpoint.name.clone(),
            path: endpoint.path.clone(),
            critical: endpoint.critical,
            alarms: watching.map(|alarm| alarm.body.name.clone()).collect(),
        }
    });
    let wanted = service.alarms_wanted.iter().map(|name| WantedAlarm {
        name: name.clone(),
        state: here().find(|alarm| alarm.body.name == *name).map(|alarm| alarm.body.state),
    });
    Covered { service: service.name.clone(), endpoints: endpoints.collect(), wanted: wanted.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;
    use crate::domain::signal::AlarmState;

    #[test]
    fn endpoints_are_told_with_the_alarms_that_watch_them() {
        let story = Story::new().percentile(
            30,
            "web",
            ("sign-in-p99", Some("p99")),
            (Some("sign in"), AlarmState::Alarm),
        );
        let found = story.seen(coverage);
        assert!(found.listed_at.is_some());
        let said: Vec<_> = found
            .services
            .iter()
            .flat_map(|service| &service.endpoints)
            .map(|endpoint| (endpoint.name.as_str(), endpoint.alarms.join(",")))
            .collect();
        assert!(said.contains(&("sign in", "sign-in-p99".into())), "{said:?}");
        assert!(said.contains(&("order", String::new())), "{said:?}");
    }

    #[test]
    fn before_alarms_were_listed_nothing_is_known_of_them() {
        assert_eq!(Story::new().seen(coverage).listed_at, None);
    }
}
