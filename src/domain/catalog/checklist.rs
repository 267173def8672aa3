//! Checklists kept ready: those a team writes into its catalog, and those that come with sitroom for who does what.
//!
//! A template is only read when a checklist is begun; what was begun keeps the steps it had then.

use super::Runbook;
use super::service::Service;
use super::words::words;
use crate::domain::event::{ChecklistContent, Role, Step};
use crate::domain::id::ServiceName;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub name: String,
    pub kind: TemplateKind,
    /// Whose checklist it is; a checklist of the commander has none.
    #[serde(default, with = "word")]
    #[schemars(with = "Option<String>")]
    pub role: Option<Role>,
    /// What it is carried out on.
    #[serde(default)]
    pub service: Option<ServiceName>,
    /// How long it may take, `5m`.
    #[serde(default)]
    pub target: Option<Span>,
    pub steps: Vec<String>,
    /// Where the whole of it is written; goes along with the first step.
    #[serde(default)]
    pub link: Option<String>,
}

words! {
    pub enum TemplateKind {
        Role = "role",
        Rollback = "rollback",
        Comms = "comms",
        Runbook = "runbook",
    }
}

/// What is to be done in any team, whatever it runs.
const BUILT_IN: &[(&str, TemplateKind, Option<Role>, &[&str])] = &[
    (
        "Incident commander",
        TemplateKind::Role,
        None,
        &[
            "Say aloud that you have command",
            "Set the severity; when in doubt, higher",
            "Name a scribe and a deputy",
            "Write down condition, actions and needs",
            "Agree on what has to be true before this is over",
            "Promise the next update, with a time",
        ],
    ),
    (
        "Scribe",
        TemplateKind::Role,
        Some(Role::Scribe),
        &[
            "Write when the impact began, as exactly as anybody knows",
            "Mark what is only supposed as a hypothesis",
            "Write every decision with who made it",
            "Pull the signals and findings people speak of into the timeline",
        ],
    ),
    (
        "Customer liaison",
        TemplateKind::Role,
        Some(Role::CustomerLiaison),
        &[
            "Find out what customers see, in their words",
            "Tell support what to answer",
            "Post the first update within the time that was promised",
            "Tell customers when it is over, and what comes after",
        ],
    ),
];

impl Template {
    /// The checklist as it is begun.
    pub fn content(&self) -> ChecklistContent {
        let step = |text: &String| Step { text: text.clone(), role: None, link: None };
        let mut steps: Vec<_> = self.steps.iter().map(step).collect();
        if let Some(first) = steps.first_mut() {
            first.link.clone_from(&self.link);
        }
        let (title, template) = (self.name.clone(), self.name.clone());
        ChecklistContent { title, template, role: self.role, target: self.target, steps }
    }

    /// A runbook as a checklist, where its steps are written in the catalog.
    pub(super) fn of_runbook(runbook: &Runbook) -> Option<Self> {
        (!runbook.steps.is_empty()).then(|| Self {
            name: runbook.title.clone(),
            kind: TemplateKind::Runbook,
            role: None,
            service: runbook.services.first().cloned(),
            target: None,
            steps: runbook.steps.clone(),
            link: Some(runbook.link.clone()).filter(|link| !link.is_empty()),
        })
    }
}

impl Runbook {
    /// Its steps as they are begun in an incident; nothing where only a link is known.
    pub fn checklist(&self) -> Option<ChecklistContent> {
        Template::of_runbook(self).map(|template| template.content())
    }
}

/// What comes with sitroom, but for the names a team has given to its own.
pub(super) fn built_in(own: &[Template]) -> impl Iterator<Item = Template> {
    let is_own = |name: &str| own.iter().any(|template| template.name == name);
    BUILT_IN.iter().filter(move |(name, ..)| !is_own(name)).map(|(name, kind, role, steps)| Template {
        name: (*name).to_owned(),
        kind: *kind,
        role: *role,
        service: None,
        target: None,
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
        link: None,
    })
}

/// The rollback of each service that says how, unless the team keeps a checklist of its own for it.
pub(super) fn rollbacks(services: &[Service], own: &[Template]) -> impl Iterator<Item = Template> {
    let has_own = move |service: &Service| {
        own.iter().any(|it| it.kind == TemplateKind::Rollback && it.service.as_ref() == Some(&service.name))
    };
    services.iter().filter(move |service| !has_own(service)).filter_map(|service| {
        let rollback = service.rollback.as_ref().filter(|rollback| !rollback.steps.is_empty())?;
        Some(Template {
            name: format!("Roll back {}", service.name),
            kind: TemplateKind::Rollback,
            role: None,
            service: Some(service.name.clone()),
            target: rollback.target,
            steps: rollback.steps.clone(),
            link: None,
        })
    })
}

/// A team's own checklist; one for a rollback may take as long as its service says a rollback may.
pub(super) fn timed(template: &Template, services: &[Service]) -> Template {
    let of = |service: &&Service| Some(&service.name) == template.service.as_ref();
    let target = || services.iter().find(of)?.rollback.as_ref()?.target;
    let is_rollback = template.kind == TemplateKind::Rollback;
    Template { target: template.target.or_else(|| target().filter(|_| is_rollback)), ..template.clone() }
}

/// Roles in files go by the word people use for them, `sme`.
mod word {
    use super::Role;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(role: &Option<Role>, serializer: S) -> Result<S::Ok, S::Error> {
        role.map(Role::word).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Role>, D::Error> {
        let word = Option::<String>::deserialize(deserializer)?;
        word.map(|word| word.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_along_can_be_begun_and_gives_way_to_a_teams_own() {
        let all: Vec<_> = built_in(&[]).collect();
        assert!(all.iter().all(|it| !it.content().steps.is_empty() && it.content().title == it.name));
        let own = [Template { steps: vec!["Be calm".into()], ..all[0].clone() }];
        assert_eq!(built_in(&own).count(), all.len() - 1);
    }

    #[test]
    fn a_service_that_says_how_it_is_rolled_back_has_a_checklist_for_it() {
        let catalog: crate::domain::Catalog = toml::from_str(
            "[[service]]\nname = 'api'\nrollback = { steps = ['undo'], target = '5m' }\n\
             [[service]]\nname = 'web'\nrollback = { steps = ['undo'], target = '9m' }\n\
             [[service]]\nname = 'db'\nrollback = { triggers = ['error rate > 5 %'] }\n\
             [[checklist]]\nname = 'Web goes back'\nkind = 'rollback'\nservice = 'web'\nsteps = ['call lee']",
        )
        .unwrap();
        let kept: Vec<_> = catalog.templates().filter(|it| it.kind == TemplateKind::Rollback).collect();
        let said: Vec<_> =
            kept.iter().map(|it| (it.name.as_str(), it.target, it.steps[0].as_str())).collect();
        assert_eq!(
            said,
            [
                ("Web goes back", Some(Span::minutes(9)), "call lee"),
                ("Roll back api", Some(Span::minutes(5)), "undo")
            ]
        );
        assert_eq!(kept[1].content().target, Some(Span::minutes(5)));
    }
}
