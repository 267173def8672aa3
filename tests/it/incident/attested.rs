//! Signing off: what is refused, what is kept, when it ends, and what is only ever suggested.

use super::{Life, at};
use sitroom::domain::event::{Evidence, RetroState, Severity};
use sitroom::domain::readiness::{Counts, Did, Gate, SignOff, Suggestion, register};
use sitroom::domain::rights::Right;
use sitroom::domain::{Catalog, IncidentId, Intent, ItemId, Person, Refusal, Room, Time};

const CATALOG: &str = r#"
[[readiness.item]]
id = "restore"
title = "Runbook: backup and restore"
gating = "ga-blocking"
needs = "A restore that was tried"
expires_after = "90d"
checks = [{ runbook = "restore" }]

[[readiness.item]]
id = "first-review"
title = "The first post-mortem"
gating = "soft-gating"
checks = ["post-mortem", { playbooks = 1 }, { on-call = "primary" }, { objective = "uptime" }]

[[readiness.item]]
id = "listing"
title = "The listing is written"
gating = "marketplace-blocking"

[[readiness.runbook]]
id = "restore"
title = "Restore from a backup"
validated = "2026-02-01"

[[readiness.playbook]]
title = "A customer was charged twice"

[[readiness.objective]]
id = "uptime"
title = "Uptime"
agreed = 99.9

[[readiness.on_call]]
name = "primary"
rotation = { people = ["dana", "sam"], from = "2026-03-01T08:00:00Z", every = "7d" }

[[readiness.claim]]
title = "A backup runs every night"
bound = "Nobody has restored one yet."
beside = ["restore"]
"#;

fn catalog() -> Catalog {
    toml::from_str(CATALOG).unwrap()
}

fn link(url: &str) -> Vec<Evidence> {
    vec![Evidence::Link { url: url.to_owned() }]
}

fn sign(catalog: &Catalog, item: &str) -> Intent {
    let evidence = link("https://example.org/restore");
    catalog.readiness.sign_off(&ItemId::new(item), evidence, "tried on staging".into()).unwrap()
}

fn days(days: i64) -> Time {
    at(days * 24 * 60)
}

fn state(catalog: &Catalog, room: &Room, item: &str, now: Time) -> SignOff {
    register(catalog, room, now).item(item).unwrap().state
}

#[test]
fn nothing_is_signed_until_somebody_signs_it() {
    let (catalog, room) = (catalog(), Room::default());
    let register = register(&catalog, &room, at(0));
    let counts = register.counts;
    assert_eq!((counts.total, counts.passed, counts.expired, counts.never_signed), (3, 0, 0, 3));
    let outstanding = |counts: Counts| counts.gates.map(Gate::outstanding);
    assert_eq!(outstanding(counts), [1, 1, 1]);
    assert_eq!((counts.ga_outstanding, counts.marketplace_outstanding), (1, 1));
    assert_eq!(
        register.counts.to_string(),
        "0 of 3 signed off · 1 GA-blocking outstanding · 1 marketplace-blocking · 3 never signed off"
    );
    let order: Vec<_> = register.items.iter().map(|it| it.item.id.as_str()).collect();
    assert_eq!(order, ["restore", "listing", "first-review"], "the gravest gate first");
    assert_eq!(register.items[0].claims[0].bound, "Nobody has restored one yet.");
}

#[test]
fn a_signature_holds_for_its_time_and_keeps_what_was_signed() {
    let catalog = catalog();
    let mut life = Life::default();
    life.says("dana", 0, sign(&catalog, "restore"));
    assert_eq!(state(&catalog, &life.room, "restore", at(-1)), SignOff::Pending, "not before it was given");
    assert_eq!(state(&catalog, &life.room, "restore", days(89)), SignOff::Passed);
    assert_eq!(state(&catalog, &life.room, "restore", days(90)), SignOff::Expired);

    let mut later = catalog.clone();
    later.readiness.items[0].needs = "A restore within an hour".into();
    later.readiness.items[0].expires_after = None;
    assert_eq!(state(&later, &life.room, "restore", days(90)), SignOff::Expired, "it was signed for 90 days");
    later.readiness.items[0].expires_after = Some("30d".parse().unwrap());
    assert_eq!(state(&later, &life.room, "restore", days(31)), SignOff::Expired, "what is shorter holds");
    let found = register(&later, &life.room, days(1));
    let standing = found.item("restore").unwrap();
    assert!(standing.is_reworded());
    let signed = standing.last_signed().unwrap();
    assert_eq!((signed.by.as_str(), signed.at), ("dana", at(0)));
    assert!(matches!(&signed.did, Did::Signed { needs, .. } if needs == "A restore that was tried"));
    assert_eq!(Room::replay(&life.records), life.room);
}

#[test]
fn what_is_withdrawn_is_pending_with_its_history() {
    let catalog = catalog();
    let mut life = Life::default();
    let withdraw =
        |reason: &str| Intent::WithdrawSignOff { item: ItemId::new("restore"), reason: reason.to_owned() };
    let item = ItemId::new("restore");
    assert_eq!(life.tries("sam", 0, withdraw("x")), Err(Refusal::NotSignedOff(item.clone())));
    life.says("dana", 0, sign(&catalog, "restore"));
    assert_eq!(life.tries("sam", 1, withdraw(" ")), Err(Refusal::WithdrawnWithoutReason(item.clone())));
    life.says("sam", 2, withdraw("the backup was empty"));
    assert_eq!(life.tries("sam", 3, withdraw("again")), Err(Refusal::NotSignedOff(item)));
    let found = register(&catalog, &life.room, at(5));
    let standing = found.item("restore").unwrap();
    assert_eq!((standing.state, standing.acts.len()), (SignOff::Pending, 2));
    assert_eq!((found.counts.passed, found.counts.never_signed), (0, 2));
    life.says("dana", 6, sign(&catalog, "restore"));
    assert_eq!(state(&catalog, &life.room, "restore", at(7)), SignOff::Passed);
}

#[test]
fn nobody_signs_what_is_not_there_or_without_evidence() {
    let catalog = catalog();
    let unknown = ItemId::new("nothing");
    let asked = catalog.readiness.sign_off(&unknown, link("x"), String::new());
    assert_eq!(asked, Err(Refusal::NotInRegister(unknown)));
    let mut life = Life::default();
    let item = ItemId::new("restore");
    for evidence in [Vec::new(), link(""), link("  ")] {
        let asked = catalog.readiness.sign_off(&item, evidence, String::new()).unwrap();
        assert_eq!(life.tries("dana", 0, asked), Err(Refusal::SignedWithoutEvidence(item.clone())));
    }
    assert_eq!(Right::needed(&sign(&catalog, "restore")), Right::Command);
}

#[test]
fn a_check_suggests_and_takes_back_and_never_signs() {
    let catalog = catalog();
    let mut life = Life::declared(Severity::Sev3, 0);
    let suggestion = |life: &Life, item: &str, now| {
        let found = register(&catalog, &life.room, now);
        let standing = found.item(item).unwrap();
        assert_ne!((standing.state, standing.acts.len()), (SignOff::Passed, 0), "a person signs");
        standing.suggestion()
    };
    assert_eq!(suggestion(&life, "restore", at(0)), Suggestion::Sign, "validated six weeks ago");
    assert_eq!(suggestion(&life, "restore", days(60)), Suggestion::Nothing, "and too long ago then");
    assert_eq!(suggestion(&life, "listing", at(0)), Suggestion::Nothing, "nothing can be looked up");
    assert_eq!(suggestion(&life, "first-review", at(1)), Suggestion::Nothing);
    life.says("dana", 2, Intent::Resolve(IncidentId(1)));
    life.says("dana", 3, Intent::MoveRetro(IncidentId(1), RetroState::Reviewed));
    assert_eq!(suggestion(&life, "first-review", at(2)), Suggestion::Nothing, "not by then");
    assert_eq!(suggestion(&life, "first-review", at(4)), Suggestion::Sign);
    let said: Vec<_> = register(&catalog, &life.room, at(4)).item("first-review").unwrap().checks.clone();
    let said: Vec<_> = said.iter().map(|check| check.said.as_str()).collect();
    assert_eq!(
        said,
        [
            "the post-mortem of INC-1 was reviewed",
            "1 of 1 playbooks are written",
            "primary has somebody on call for the next 14 days",
            "uptime is agreed at 99.9 %",
        ]
    );
    life.says("dana", 5, sign(&catalog, "restore"));
    assert_eq!(suggestion(&life, "restore", at(6)), Suggestion::Nothing);
    assert_eq!(suggestion(&life, "restore", days(60)), Suggestion::Doubt, "it is signed, and stale");
}

#[test]
fn a_drill_signs_by_the_same_rules_and_by_people() {
    let catalog = catalog();
    let mut life = Life { room: Room::of_drill(Some("restore".into())), ..Life::default() };
    life.says("lee", 0, sign(&catalog, "listing"));
    let found = register(&catalog, &life.room, at(1));
    assert_eq!(found.items.last().unwrap().last_signed().unwrap().by, Person::new("lee"));
}
