//! An entry spelled as a scribe line, to be typed over, and read back without losing what a line can not say.

use super::{is_link, is_untimed};
use crate::domain::Time;
use crate::domain::event::{Content, Evidence, When};
use crate::domain::scribe::{self, KINDS};
use jiff::tz::TimeZone;

/// The line that would be understood as this entry.
pub fn spell(content: &Content, now: Time, zone: &TimeZone) -> String {
    // Lines of an entry of many lines become one, since there is only one here.
    let line = content.text.split(['\r', '\n']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    spelled(content, line, now, zone)
}

/// The same over as many lines as the entry has.
pub fn spell_page(content: &Content, now: Time, zone: &TimeZone) -> String {
    spelled(content, content.text.clone(), now, zone)
}

fn spelled(content: &Content, text: String, now: Time, zone: &TimeZone) -> String {
    let letter = KINDS.iter().find(|(_, kind)| *kind == content.entry_kind).map_or("n", |(letter, _)| letter);
    let mut words = vec![letter.to_owned()];
    words.extend(time(content.happened, now, zone));
    words.push(text);
    let links = content.evidence.iter().filter_map(|evidence| match evidence {
        Evidence::Link { url } => Some(url.clone()),
        _ => None,
    });
    let owner = content.owner.iter().map(|owner| format!("@{owner}"));
    let labels = content.labels.iter().map(|label| format!("#{label}"));
    let marks = links.chain(owner).chain(labels);
    words.extend(marks.filter(|mark| !content.text.split_whitespace().any(|word| word == mark)));
    words.join(" ")
}

/// A revision: a time that was not typed anew stays exactly as it was, and so does evidence that is no link.
pub fn over(was: &Content, mut typed: Content, now: Time, zone: &TimeZone) -> Content {
    let unchanged = time(was.happened, now, zone)
        .and_then(|words| read(&words, now, zone))
        .is_some_and(|happened| happened == typed.happened);
    if unchanged || is_untimed(typed.happened, now) {
        typed.happened = was.happened;
    }
    let frozen = was.evidence.iter().filter(|evidence| !is_link(evidence)).cloned();
    typed.evidence = frozen.chain(typed.evidence).collect();
    typed
}

/// The words for a time, if they are understood as that time; a line without them leaves it as it is.
fn time(happened: When, now: Time, zone: &TimeZone) -> Option<String> {
    let about = if happened.approximate { "~" } else { "" };
    let from = clock(happened.from, zone);
    let words = match happened.to {
        None => format!("{about}{from}"),
        Some(to) => format!("{about}{from}-{}", clock(to, zone)),
    };
    let whole = |at: Time| Time::from_millis(at.millis().div_euclid(1_000) * 1_000);
    let wanted = When { from: whole(happened.from), to: happened.to.map(whole), ..happened };
    let (ahead, moment) = (format!("{words}!"), happened.from.to_string());
    let dated = format!("{} {words}", happened.from.date(zone));
    let forms =
        [words.clone(), format!("yesterday {words}"), ahead, dated, moment.clone(), format!("{moment}!")];
    forms.into_iter().find(|words| read(words, now, zone) == Some(wanted))
}

fn clock(at: Time, zone: &TimeZone) -> String {
    let clock = at.clock(zone);
    clock.strip_suffix(":00").map_or(clock.clone(), str::to_owned)
}

fn read(words: &str, now: Time, zone: &TimeZone) -> Option<When> {
    let content = scribe::parse(&format!("n {words} x"), now, zone).settled().ok()?;
    (content.text == "x").then_some(content.happened)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        "2026-03-16T14:29:30.250Z".parse().unwrap()
    }

    fn content(line: &str) -> Content {
        scribe::parse(line, now(), &TimeZone::UTC).settled().unwrap()
    }

    #[test]
    fn what_is_spelled_is_read_as_the_same_entry() {
        for line in [
            "f 14:25 pool exhausted @sam #db",
            "h ~14:10-14:25 the pool leaks https://wiki/pool",
            "d yesterday 23:50 rollback",
            "h 2026-03-11 ~23:50 - 00:10 the lock was held",
            "a @sam restarted the #db, see notes",
            "n 14:25:10 said so",
            "q -7m why",
        ] {
            let was = content(line);
            let spelled = spell(&was, now(), &TimeZone::UTC);
            assert_eq!(over(&was, content(&spelled), now(), &TimeZone::UTC), was, "{line}: {spelled}");
        }
    }

    #[test]
    fn an_entry_of_many_lines_keeps_them_on_a_page() {
        let was = content("f 14:10 the plan:\n- drain the pool\n- restart @sam #db");
        assert_eq!(was.text, "the plan:\n- drain the pool\n- restart");
        let spelled = spell_page(&was, now(), &TimeZone::UTC);
        assert_eq!(over(&was, content(&spelled), now(), &TimeZone::UTC), was);
    }

    #[test]
    fn a_time_typed_anew_is_taken_and_one_left_out_stays() {
        let was = content("f 14:10 pool exhausted");
        let revised = |line: &str| over(&was, content(line), now(), &TimeZone::UTC).happened;
        assert_eq!(revised("f pool was exhausted"), was.happened);
        assert_eq!(revised("f 14:12 pool was exhausted"), content("f 14:12 x").happened);
    }

    #[test]
    fn a_signal_as_evidence_survives_a_revision() {
        let mut was = content("f 14:10 pool exhausted https://a");
        let signal = Evidence::Signal { id: crate::domain::SignalId(7), at: now(), title: "5xx".into() };
        was.evidence.push(signal.clone());
        let revised = over(&was, content("f 14:10 pool exhausted https://b"), now(), &TimeZone::UTC);
        assert_eq!(revised.evidence, [signal, Evidence::Link { url: "https://b".into() }]);
    }
}
