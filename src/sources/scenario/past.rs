//! Incidents that were over before a story begins, and what was signed off by then: what the journal of its room has
//! when it opens.
//!
//! A block says in spans what a journal says in records, a step in a line. Both are decided and applied as everything
//! else that people do, so one that no room would accept is a mistake in the file.

use super::moment::span;
use super::setting::Setting;
use super::step::{Act, Attest, Step};
use crate::domain::event::{Content, Evidence, Moment, MomentValue, Severity, When};
use crate::domain::text::clean;
use crate::domain::{IncidentId, Intent, Person, Record, Refusal, Room, ServiceName, Time, decide, scribe};
use crate::sources::written::{Mistake, Problems};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// `[[incident]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentBlock {
    title: String,
    severity: u8,
    services: Vec<String>,
    #[serde(default)]
    impact: String,
    /// Who declared it and wrote about it.
    by: String,
    /// When its impact began; the spans below are counted from here.
    began: String,
    detected: Option<String>,
    /// When it was detected unless said.
    declared: Option<String>,
    command: Option<String>,
    mitigated: Option<String>,
    resolved: Option<String>,
    /// Lines of the scribe, written when it was resolved.
    #[serde(default)]
    entries: Vec<String>,
}

/// One thing somebody did.
struct Did {
    at: Time,
    by: Person,
    deed: Deed,
}

enum Deed {
    /// In the incident of the block at a place.
    Incident(usize, What),
    /// In a line of the file.
    Attest(usize, Result<Intent, Refusal>),
}

enum What {
    Declare { title: String, severity: Severity, services: Vec<ServiceName>, impact: String },
    Moment(Moment, Time),
    Command,
    Write(Content),
    Resolve,
    Close,
}

/// The records of all blocks and of everything that was signed in the order they were written; blocks come with their
/// offset in the file, steps with their line.
pub(super) fn records(
    blocks: &[(usize, &IncidentBlock)],
    signed: Vec<(usize, Step)>,
    setting: &Setting<'_>,
    problems: &mut Problems<'_>,
) -> Vec<Record> {
    let mut all = Vec::new();
    for (place, (offset, block)) in blocks.iter().enumerate() {
        all.extend(problems.keep(*offset, block.read(place, setting)).unwrap_or_default());
    }
    all.extend(signed.into_iter().filter_map(|(line, step)| attested(line, step, setting)));
    all.sort_by_key(|did| did.at);
    let (mut room, mut records) = (Room::default(), Vec::new());
    let mut ids: Vec<Option<IncidentId>> = vec![None; blocks.len()];
    for Did { at, by, deed } in all {
        let (line, intent) = match deed {
            Deed::Incident(block, what) => {
                if matches!(what, What::Declare { .. }) {
                    ids[block] = Some(room.next_incident());
                }
                let Some(id) = ids[block] else { continue };
                (problems.line_of(blocks[block].0), Ok(what.intent(id)))
            }
            Deed::Attest(line, intent) => (line, intent),
        };
        match intent.and_then(|intent| decide(&room, &by, intent)) {
            Ok(event) => {
                let record = Record { key: None, seq: room.seq.next(), at, by, event };
                room.apply(&record);
                records.push(record);
            }
            Err(refusal) => {
                problems.at_line(line, Mistake::new(format!("no room accepts this: {refusal}"), ""));
            }
        }
    }
    records
}

/// A signature keeps the item as the file has it: no other wording of it is known.
fn attested(line: usize, step: Step, setting: &Setting<'_>) -> Option<Did> {
    let Step { at, by, act: Act::Attest(attest) } = step else { return None };
    let intent = match attest {
        Attest::Sign { item, evidence, note } => {
            let evidence = evidence.iter().map(|url| Evidence::Link { url: clean(url) }).collect();
            setting.catalog.readiness.sign_off(&item, evidence, clean(&note))
        }
        Attest::Withdraw { item, reason } => Ok(Intent::WithdrawSignOff { item, reason: clean(&reason) }),
    };
    Some(Did { at, by, deed: Deed::Attest(line, intent) })
}

impl IncidentBlock {
    fn read(&self, block: usize, setting: &Setting<'_>) -> Result<Vec<Did>, Mistake> {
        let began = setting.moments.read(&self.began)?;
        let after =
            |word: &Option<String>| word.as_deref().map(span).transpose().map(|span| Some(began + span?));
        let (detected, command) = (after(&self.detected)?, after(&self.command)?);
        let (mitigated, resolved) = (after(&self.mitigated)?, after(&self.resolved)?);
        let declared = after(&self.declared)?.or(detected).unwrap_or(began);
        let last = resolved.or(mitigated).unwrap_or(declared).max(declared);
        let mut all =
            vec![(declared, self.declare(setting)?), (declared, What::Moment(Moment::ImpactStart, began))];
        all.extend(detected.map(|at| (declared, What::Moment(Moment::Detected, at))));
        all.extend(command.map(|at| (at.max(declared), What::Command)));
        all.extend(mitigated.map(|at| (at.max(declared), What::Moment(Moment::Mitigated, at))));
        for line in &self.entries {
            all.push((last, What::Write(entry(line, last)?)));
        }
        all.extend(
            resolved.into_iter().flat_map(|at| [(at.max(last), What::Resolve), (at.max(last), What::Close)]),
        );
        let by = Person::new(&self.by);
        Ok(all
            .into_iter()
            .map(|(at, what)| Did { at, by: by.clone(), deed: Deed::Incident(block, what) })
            .collect())
    }

    fn declare(&self, setting: &Setting<'_>) -> Result<What, Mistake> {
        let severity = self.severity.to_string();
        let severity = severity
            .parse()
            .map_err(|_| Mistake::new(format!("`severity = {severity}` is none"), "write 1, 2, 3, 4 or 5"))?;
        let services = self.services.iter().map(|name| setting.service(name)).collect::<Result<_, _>>()?;
        Ok(What::Declare { title: self.title.clone(), severity, services, impact: self.impact.clone() })
    }
}

fn entry(line: &str, at: Time) -> Result<Content, Mistake> {
    let understood = scribe::parse(line, at, &TimeZone::UTC);
    understood.settled().map_err(|doubt| Mistake::new(format!("`{line}`: {doubt}"), doubt.fix()))
}

impl What {
    fn intent(self, id: IncidentId) -> Intent {
        match self {
            Self::Declare { title, severity, services, impact } => {
                Intent::Declare { title, severity, services, impact, evidence: Vec::new() }
            }
            Self::Moment(moment, at) => Intent::SetMoment {
                incident: id,
                moment,
                value: MomentValue::Happened { when: When::exactly(at) },
                reason: String::new(),
                evidence: Vec::new(),
                basis: None,
            },
            Self::Command => Intent::TakeCommand { incident: id, relieving: None },
            Self::Write(content) => Intent::Write(id, content),
            Self::Resolve => Intent::Resolve(id),
            Self::Close => Intent::Close(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::event::Moment;
    use crate::domain::incident::Status;
    use crate::domain::readiness::{SignOff, register};
    use crate::domain::{Span, Time};
    use crate::sources::scenario::Scenario;

    const HEAD: &str = "title = \"t\"\nroom = \"r\"\nends = \"2026-03-18T14:29:00Z\"\n\
        [[service]]\nname = \"api\"\n";
    const BLOCK: &str = "[[incident]]\ntitle = \"Orders fail\"\nseverity = 2\nservices = [\"api\"]\nby = \"dana\"\n\
        began = \"-3d@10:00\"\ndetected = \"9m\"\ncommand = \"12m\"\nmitigated = \"40m\"\nresolved = \"1h\"\n\
        entries = [\"f a setting of staging #configuration\"]\n";

    fn wrong(text: &str) -> String {
        Scenario::parse("past", &format!("{HEAD}{text}")).unwrap_err()[0].to_string()
    }

    #[test]
    fn an_incident_of_the_past_is_in_the_journal_as_if_people_had_kept_it() {
        let scenario = Scenario::parse("past", &format!("{HEAD}{BLOCK}")).unwrap();
        let room = scenario.room_until(scenario.start());
        let incident = room.incidents.values().next().unwrap();
        let at = |moment| incident.when(moment).unwrap().from;
        let began: Time = "2026-03-15T10:00:00Z".parse().unwrap();
        assert_eq!((at(Moment::ImpactStart), at(Moment::Detected)), (began, began + Span::minutes(9)));
        assert_eq!(
            (at(Moment::Mitigated), at(Moment::Resolved)),
            (began + Span::minutes(40), began + Span::hours(1))
        );
        assert_eq!(incident.status, Status::Closed);
        assert_eq!(incident.entries.values().next().unwrap().content.labels, ["configuration"]);
        assert!(scenario.room_until(began).incidents.is_empty(), "not declared yet");
    }

    #[test]
    fn what_cannot_be_says_where() {
        assert!(wrong(&BLOCK.replace("severity = 2", "severity = 9")).contains("write 1, 2, 3, 4 or 5"));
        assert!(wrong(&BLOCK.replace("\"api\"]", "\"apj\"]")).contains("did you mean `api`?"));
        assert!(wrong(&BLOCK.replace("\"9m\"", "\"soon\"")).contains("not a span"));
        assert!(wrong(&BLOCK.replace("-3d@10:00", "-1m")).contains("before the story plays"));
        assert!(wrong(&BLOCK.replace("Orders fail", " ")).contains("no room accepts"));
    }

    const REGISTER: &str = "[[readiness.item]]\nid = \"restore\"\ntitle = \"Restore\"\ngating = \"ga-blocking\"\n\
        needs = \"a restore that was tried\"\nexpires_after = \"90d\"\n";

    fn steps(steps: &str) -> String {
        format!("{REGISTER}[[scene]]\nname = \"before\"\nsteps = '''\n{steps}\n'''\n")
    }

    #[test]
    fn what_was_signed_before_the_story_is_in_its_journal_and_the_rest_is_left_to_people() {
        let lines = "-100d dana sign restore evidence=https://example.org/r \"tried on staging\"\n\
            -20d sam withdraw restore \"the backup was empty\"\n-1m lee sign restore evidence=https://example.org/r";
        let scenario = Scenario::parse("past", &format!("{HEAD}{BLOCK}{}", steps(lines))).unwrap();
        let item = |until| {
            let room = scenario.room_until(until);
            let register = register(scenario.catalog(), &room, until);
            (register.items[0].state, register.items[0].acts.len())
        };
        let days = |days| scenario.end() - Span::days(days);
        assert_eq!(item(days(101)), (SignOff::Pending, 0));
        assert_eq!(item(days(99)), (SignOff::Passed, 1));
        assert_eq!(item(scenario.end()), (SignOff::Pending, 2));
        assert_eq!(scenario.steps().len(), 1, "what comes later is for whoever practises");
    }

    #[test]
    fn what_cannot_be_signed_says_in_which_line() {
        assert!(wrong(&steps("-9d dana sign restor evidence=x")).contains("did you mean `restore`?"));
        assert!(wrong(&steps("-9d dana sign restore")).contains("add evidence=URL"));
        assert!(wrong(&steps("-9d dana withdraw restore")).contains("the reason in double quotes"));
        let refused = wrong(&steps("\n-9d dana withdraw restore \"why\""));
        assert!(
            refused.starts_with("past:16: no room accepts this: nobody has signed restore off"),
            "{refused}"
        );
    }
}
