//! A migration that passed in staging and failed in production, told through the same intents a person's screen gives.

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
        let mut life = Self::default();
        let declare = Intent::Declare {
            title: "Payments fail after a migration".into(),
            severity: Severity::Sev1,
            services: vec!["payment-api".into()],
            impact: "payments fail or hang".into(),
            evidence: Vec::new(),
        };
        life.says("dana", 25, declare);
        life
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
            self.says("dana", 1_600, Intent::ReviseItem(ID, id, content));
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
    life.says("dana", 25, Intent::TakeCommand { incident: ID, relieving: None });
    moments(&mut life);
    life.says("sam", 30, Intent::Write(ID, content(EntryKind::Fact, "the error rate rises")));
    life.says("sam", 31, Intent::Write(ID, content(EntryKind::Hypothesis, "the migration holds a lock")));
    life.says("sam", 32, Intent::Write(ID, content(EntryKind::Decision, "we undo it by hand")));
    life.says("sam", 80, Intent::Judge(ID, EntryId(2), Verdict::Confirmed, "the slow query log".into()));
    life.says("dana", 90, Intent::Resolve(ID));
    brief(&mut life);
    impact(&mut life);
    let factors = factors(&mut life);
    whys(&mut life, factors[0]);
    conclusions(&mut life);
    actions(&mut life, &factors);
    spread(&mut life);
    life
}

fn moments(life: &mut Life) {
    for (moment, minute) in [
        (Moment::ImpactStart, 0),
        (Moment::Detected, 10),
        (Moment::Escalated, 40),
        (Moment::Mitigated, 80),
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

fn brief(life: &mut Life) {
    for field in BriefField::ALL {
        life.row(RetroContent::Brief { field: *field, text: "as the team agreed".into() });
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
        life.row(RetroContent::Impact {
            area: *area,
            text: "some 2,000 payments".into(),
            support: support(),
        });
    }
}

fn factors(life: &mut Life) -> Vec<RetroId> {
    let factor = |cluster: &Cluster| RetroContent::Factor {
        cluster: *cluster,
        text: "staging holds a hundredth of the data".into(),
        support: support(),
        made_sense: "it was enough for functional tests".into(),
        fix: "test at scale".into(),
    };
    Cluster::ALL.iter().map(|cluster| life.row(factor(cluster))).collect()
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

fn conclusions(life: &mut Life) {
    life.row(RetroContent::RootCause {
        text: "no gate tests a migration at scale".into(),
        confidence: Confidence::High,
        notes: String::new(),
        support: support(),
    });
    life.row(RetroContent::Learning {
        text: "a functional test is not enough".into(),
        support: support(),
        implication: "test with the real volume".into(),
    });
    life.row(RetroContent::Decision {
        text: "a dry run before each migration".into(),
        why: "the lock was not seen".into(),
        tradeoffs: "migrations take longer".into(),
        owner: Some(Person::new("platform lead")),
    });
}

fn actions(life: &mut Life, factors: &[RetroId]) {
    let day = Some("2026-04-14".parse().unwrap());
    let owner = Some(Person::new("platform lead"));
    for factor in &factors[..3] {
        life.row(RetroContent::ActionItem(ActionItem {
            text: "build the dry run".into(),
            action_type: ActionType::Guardrail,
            owner: owner.clone(),
            due: day,
            success: "every migration passes it".into(),
            follow_up: day,
            notes: String::new(),
            addresses: vec![*factor],
        }));
    }
    life.row(RetroContent::Parked { text: "canaries for migrations".into(), notes: String::new() });
    life.row(RetroContent::KillCriterion(KillCriterion {
        signal: "another migration fails for its volume".into(),
        window: "90 days".into(),
        threshold: "1 or more".into(),
        commitment: "halt all migrations".into(),
        owner: owner.clone(),
        source: "the incident log".into(),
        watch: None,
    }));
    life.row(RetroContent::OpenQuestion { text: "what did it cost?".into(), owner, due: day });
    life.row(RetroContent::NextStep { text: "count the cost".into(), due: day });
}

fn spread(life: &mut Life) {
    for field in ShareField::ALL {
        life.row(RetroContent::Share { field: *field, text: "to the whole of engineering".into() });
    }
    life.row(RetroContent::Risk {
        text: "the dry run may be costly".into(),
        notes: "sample the data".into(),
    });
}
