//! What one more entry costs where there are twenty thousand: everything that did not change is shared.

use super::{ID, Life, at, content};
use sitroom::domain::event::{EntryKind, Event, Severity, When};
use sitroom::domain::{EntryId, Intent, Person, Record};
use std::sync::Arc;

const MANY: u32 = 20_000;

fn long_life() -> Life {
    let mut life = Life::declared(Severity::Sev1, 0);
    let content = content(EntryKind::Fact, When::exactly(at(1)), "the same again");
    for number in 1..=MANY {
        let event = Event::EntryWritten { incident: ID, entry: EntryId(number), content: content.clone() };
        life.room.apply(&Record {
            key: None,
            seq: life.room.seq.next(),
            at: at(1),
            by: Person::new("sam"),
            event,
        });
    }
    life
}

#[test]
fn one_more_entry_shares_all_the_others() {
    let mut life = long_life();
    let published = Arc::new(life.room.clone());
    life.writes("sam", 2, EntryKind::Note, When::exactly(at(2)), "one more");
    life.says("sam", 3, Intent::Pin(ID, EntryId(7), true));
    let before = &published.incident(ID).unwrap().entries;
    let after = &life.incident().entries;
    let changed = (1..=MANY)
        .map(EntryId)
        .filter(|id| !Arc::ptr_eq(before.shared(id).unwrap(), after.shared(id).unwrap()))
        .collect::<Vec<_>>();
    assert_eq!(changed, [EntryId(7)]);
    assert_eq!((before.len(), after.len()), (MANY as usize, MANY as usize + 1));
}
