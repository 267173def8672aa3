//! A migration that passed in staging and failed in production, told through the same intents a person's screen gives,
//! with as many rows of every kind as a team that wrote its review by hand had.

use sitroom::domain::event::*;
use sitroom::domain::{EntryId, IncidentId, Intent, Person, Record, RetroId, Room, Span, Time, decide};

pub const ID: IncidentId = IncidentId(1);

pub fn at(minute: i64) -> Time {
    "2026-03-16T14:00:00Z".parse::<Time>().unwrap() + Span::minutes(minute)
}

#[derive(Default)]
pub struct Life {
    pub room: Room,
}

impl Life {
    pub fn declared() -> Self {
        Self::default().declare()
    }

    /// The same as practice.
    pub fn drilled() -> Self {
        Self { room: Room::of_drill(Some("checkout-deploy".into())) }.declare()
    }

    fn declare(mut self) -> Self {
        let declare = Intent::Declare {
            title: "Payments fail after a migration".into(),
            severity: Severity::Sev1,
            services: vec!["payment-api".into()],
            impact: "payments fail or hang".into(),
            evidence: Vec::new(),
        };
        self.says("dana", 20, declare);
        self
    }

    pub fn says(&mut self, by: &str, minute: i64, intent: Intent) {
        let by = Person::new(by);
        let event = decide(&self.room, &by, intent).unwrap();
        self.room.apply(&Record { key: None, seq: self.room.seq.next(), at: at(minute), by, event });
    }

    pub fn row(&mut self, content: RetroContent) -> RetroId {
        self.says("dana", 1_500, Intent::WriteItem(ID, content));
        self.room.incident(ID).unwrap().retro.items.last_key().unwrap()
    }

    fn rows(&self) -> Vec<(RetroId, RetroContent)> {
        let retro = &self.room.incident(ID).unwrap().retro;
        retro.standing().map(|item| (item.id, item.content.clone())).collect()
    }

    pub fn revise(&mut self, change: fn(&mut RetroContent)) {
        for (id, mut content) in self.rows() {
            change(&mut content);
            self.says("dana", 1_600, Intent::ReviseItem(ID, id, content, None));
        }
    }

    pub fn strike(&mut self, gone: fn(&RetroContent) -> bool) {
        for (id, _) in self.rows().into_iter().filter(|(_, content)| gone(content)) {
            self.says("dana", 1_600, Intent::StrikeItem(ID, id, String::new()));
        }
    }
}

pub fn content(entry_kind: EntryKind, text: &str) -> Content {
    Content {
        entry_kind,
        happened: When::about(at(5)),
        text: text.into(),
        owner: None,
        labels: Vec::new(),
        evidence: vec![Evidence::Link { url: "https://example.org/dashboard".into() }],
    }
}

pub fn told() -> Life {
    let mut life = Life::declared();
    life.says("sam", 40, Intent::TakeCommand { incident: ID, relieving: None });
    moments(&mut life);
    timeline(&mut life);
    life.says("dana", 90, Intent::Resolve(ID));
    brief(&mut life);
    impact(&mut life);
    let factors = factors(&mut life);
    whys(&mut life, factors[0]);
    whys(&mut life, factors[3]);
    conclusions(&mut life);
    actions(&mut life, &factors);
    triggers(&mut life);
    spread(&mut life);
    ends(&mut life);
    life
}

fn moments(life: &mut Life) {
    for (moment, minute) in [
        (Moment::ImpactStart, 0),
        (Moment::Detected, 10),
        (Moment::Escalated, 40),
        (Moment::Mitigated, 85),
        (Moment::Resolved, 90),
    ] {
        let set = Intent::SetMoment {
            incident: ID,
            moment,
            value: MomentValue::Happened { when: When::about(at(minute)) },
            reason: String::new(),
            evidence: Vec::new(),
            basis: None,
        };
        life.says("sam", 95, set);
    }
}

/// Ten facts and three hypotheses, most of them over a stretch of time, all of them about.
fn timeline(life: &mut Life) {
    use EntryKind::{Fact, Hypothesis};
    let lines = [
        (0, 0, Fact, "the migration is deployed"),
        (0, 5, Hypothesis, "it holds a lock on a large table"),
        (5, 10, Fact, "the error rate rises"),
        (10, 10, Fact, "the page goes out"),
        (10, 25, Fact, "the migration is named as the likely cause"),
        (25, 25, Fact, "the rollback playbook does not cover it"),
        (30, 30, Fact, "more engineers are asked to help"),
        (30, 40, Fact, "nobody has command"),
        (40, 40, Fact, "it is escalated to the engineering manager"),
        (40, 70, Hypothesis, "it cannot simply be undone, because half of it is done"),
        (70, 85, Fact, "the fix is applied and errors fall"),
        (90, 90, Fact, "errors are at their usual rate"),
        (90, 120, Hypothesis, "no data was lost"),
    ];
    for (from, to, kind, text) in lines {
        let to = (to > from).then(|| at(to));
        let happened = When { from: at(from), to, approximate: true };
        life.says("sam", 95, Intent::Write(ID, Content { happened, ..content(kind, text) }));
    }
    for entry in [2, 10, 13] {
        life.says(
            "sam",
            130,
            Intent::Judge(ID, EntryId(entry), Verdict::Confirmed, "the slow query log".into(), None),
        );
    }
}

fn brief(life: &mut Life) {
    let many = |field: BriefField| match field {
        BriefField::Attendee | BriefField::PreRead => 6,
        BriefField::GroundRule => 3,
        _ => 1,
    };
    for field in BriefField::ALL {
        for _ in 0..many(*field) {
            life.row(RetroContent::Brief { field: *field, text: "as the team agreed".into() });
        }
    }
    for minutes in [5, 20, 25, 15, 15, 5, 5] {
        life.row(RetroContent::Agenda { text: "one topic".into(), minutes: Some(minutes) });
    }
}

fn support() -> Support {
    Support { evidence: "the logs".into(), grounds: vec![Ground::Entry { of: None, entry: EntryId(1) }] }
}

fn impact(life: &mut Life) {
    for area in ImpactArea::ALL {
        let text = "some 2,000 payments".into();
        life.row(RetroContent::Impact { area: *area, text, support: support() });
    }
}

fn factors(life: &mut Life) -> Vec<RetroId> {
    use Cluster::{Comms, Environment, People, Process, Tech};
    let factor = |cluster: Cluster| RetroContent::Factor {
        cluster,
        text: "staging holds a hundredth of the data".into(),
        support: support(),
        made_sense: "it was enough for functional tests".into(),
        fix: "test at scale".into(),
    };
    [Tech, Tech, Process, Process, People, Comms, Environment]
        .map(|cluster| life.row(factor(cluster)))
        .to_vec()
}

fn whys(life: &mut Life, factor: RetroId) {
    let mut of = factor;
    for _ in 0..5 {
        of = life.row(RetroContent::Why {
            of: Some(of),
            text: "Why was that so?".into(),
            answer: "Nothing asked for it.".into(),
            support: Support::default(),
        });
    }
}

fn lead() -> Option<Person> {
    Some(Person::new("platform-lead"))
}

fn conclusions(life: &mut Life) {
    for confidence in [Confidence::High, Confidence::High, Confidence::Medium] {
        life.row(RetroContent::RootCause {
            text: "no gate tests a migration at scale".into(),
            confidence,
            notes: String::new(),
            support: support(),
        });
    }
    for _ in 0..5 {
        life.row(RetroContent::Learning {
            text: "a functional test is not enough".into(),
            support: support(),
            implication: "test with the real volume".into(),
        });
    }
    for _ in 0..4 {
        life.row(RetroContent::Decision {
            text: "a dry run before each migration".into(),
            why: "the lock was not seen".into(),
            tradeoffs: "migrations take longer".into(),
            owner: lead(),
        });
    }
}

fn day(text: &str) -> Option<sitroom::domain::Day> {
    Some(text.parse().unwrap())
}

fn actions(life: &mut Life, factors: &[RetroId]) {
    use ActionType::{Fix, Guardrail, Instrumentation, Process, Training};
    let types = [Guardrail, Process, Process, Process, Fix, Instrumentation, Training];
    for (factor, action_type) in factors.iter().zip(types) {
        life.row(RetroContent::ActionItem(ActionItem {
            text: "build the dry run".into(),
            action_type,
            owner: lead(),
            due: day("2026-04-14"),
            success: "every migration passes it".into(),
            follow_up: day("2026-04-21"),
            notes: "sample the data".into(),
            addresses: vec![*factor],
        }));
    }
    for _ in 0..3 {
        life.row(RetroContent::Parked { text: "canaries for migrations".into(), notes: String::new() });
    }
}

fn triggers(life: &mut Life) {
    for _ in 0..5 {
        life.row(RetroContent::KillCriterion(KillCriterion {
            signal: "another migration falls over its volume".into(),
            window: "90 days".into(),
            threshold: "1 or more".into(),
            commitment: "halt all migrations".into(),
            owner: lead(),
            source: "the incident log".into(),
            watch: None,
        }));
    }
}

fn spread(life: &mut Life) {
    let many = |field: ShareField| match field {
        ShareField::Distribution => 3,
        ShareField::RitualInputs | ShareField::RitualAgenda => 4,
        _ => 1,
    };
    for field in ShareField::ALL {
        for _ in 0..many(*field) {
            life.row(RetroContent::Share { field: *field, text: "to the whole of engineering".into() });
        }
    }
}

fn ends(life: &mut Life) {
    for _ in 0..4 {
        life.row(RetroContent::Risk {
            text: "the dry run may be costly".into(),
            notes: "sample the data".into(),
        });
    }
    for _ in 0..5 {
        let due = day("2026-03-21");
        life.row(RetroContent::OpenQuestion { text: "what did it cost?".into(), owner: lead(), due });
        life.row(RetroContent::NextStep { text: "count the cost".into(), due });
    }
}
