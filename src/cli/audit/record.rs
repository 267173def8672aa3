//! A record of the journal as a line of the audit trail, read from its text alone: what a newer version wrote is told as
//! well as what this one knows.

use super::Entry;
use crate::domain::Time;
use crate::journal::Row;
use serde_json::{Map, Value};

/// How the kinds of events begin, and what sort of act that is; the first that fits holds.
const SORTS: [(&str, &str); 19] = [
    ("sign", "sign-off"),
    ("command-", "command"),
    ("handover-", "command"),
    ("next-commander", "command"),
    ("role-", "command"),
    ("incident-", "incident"),
    ("severity-", "incident"),
    ("drill-", "incident"),
    ("entry-", "timeline"),
    ("hypothesis-", "timeline"),
    ("moment-", "timeline"),
    ("proposal-", "timeline"),
    ("task-", "work"),
    ("criterion-", "work"),
    ("checklist-", "work"),
    ("step-", "work"),
    ("update-", "comms"),
    ("nudge-", "comms"),
    ("retro-", "retro"),
];

/// What is worth reading of an event, in this order; a name is said where the value alone would not tell.
const FIELDS: [(&str, &str); 19] = [
    ("title", ""),
    ("entry", "E"),
    ("task", "T"),
    ("criterion", "X"),
    ("checklist", "L"),
    ("step", "step "),
    ("from", "from "),
    ("to", "to "),
    ("into", "into INC-"),
    ("relieved", "relieving "),
    ("next", "next "),
    ("role", ""),
    ("severity", "SEV-"),
    ("moment", ""),
    ("state", ""),
    ("verdict", ""),
    ("outcome", ""),
    ("note", ""),
    ("reason", ""),
];

/// Why not, where the text is no record.
pub(super) fn entry(row: &Row) -> Result<Entry, String> {
    let record: Value = serde_json::from_str(&row.text).map_err(|error| error.to_string())?;
    let at: Time = text(&record["at"]).parse()?;
    let Some(event) = record["event"].as_object() else { return Err("it has no event".to_owned()) };
    let kind = event.get("kind").map(text).unwrap_or_default();
    Ok(Entry {
        at,
        by: text(&record["by"]),
        what: SORTS.iter().find(|(begins, _)| kind.starts_with(begins)).map_or("other", |(_, sort)| *sort),
        subject: subject(event),
        text: said(event),
        kind,
        record: Some(row.seq.0),
        hash: Some(row.hash.to_string()),
        signal: None,
        key: Some(text(&record["key"])).filter(|key| !key.is_empty()),
    })
}

fn subject(event: &Map<String, Value>) -> String {
    match (event.get("incident"), event.get("item")) {
        (Some(incident), _) => format!("INC-{incident}"),
        (None, Some(item)) => text(item),
        (None, None) => String::new(),
    }
}

fn said(event: &Map<String, Value>) -> String {
    let fields = FIELDS.iter().filter_map(|(name, lead)| {
        let value = event.get(*name).map(text).filter(|value| !value.is_empty())?;
        // Severities are kept as `sev2`.
        let value = if *name == "severity" { value.trim_start_matches("sev") } else { &value };
        Some(format!("{lead}{value}"))
    });
    let content = event.get("content").and_then(Value::as_object);
    let content =
        content.and_then(|content| ["text", "title", "signal"].iter().find_map(|name| content.get(*name)));
    let links = event.get("evidence").and_then(Value::as_array).into_iter().flatten();
    let links = links.filter_map(|evidence| evidence.get("url")).map(text);
    fields.chain(content.map(text)).chain(links).collect::<Vec<_>>().join(", ")
}

/// What can be said in a word; a structure is no word.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Seq;
    use crate::journal::Hash;

    fn told(event: &str) -> (&'static str, String, String) {
        let text =
            format!(r#"{{"v":1,"seq":7,"at":"2026-03-16T14:06:00.000Z","by":"dana","event":{event}}}"#);
        let entry = entry(&Row { seq: Seq(7), text, hash: Hash::GENESIS }).unwrap();
        assert_eq!((entry.by.as_str(), entry.record), ("dana", Some(7)));
        (entry.what, entry.subject, entry.text)
    }

    #[test]
    fn what_is_told_is_what_the_record_says() {
        let signed = r#"{"kind":"signed-off","item":"restore","title":"Restore","evidence":[{"is":"link","url":"https://example.org/r"}],"note":"tried"}"#;
        let told_signed =
            ("sign-off", "restore".to_owned(), "Restore, tried, https://example.org/r".to_owned());
        assert_eq!(told(signed), told_signed);
        let taken = r#"{"kind":"command-taken","incident":3,"relieved":"sam"}"#;
        assert_eq!(told(taken), ("command", "INC-3".to_owned(), "relieving sam".to_owned()));
        let later = r#"{"kind":"moon-landed","incident":1,"reason":"it was time","crew":{"count":2}}"#;
        assert_eq!(told(later), ("other", "INC-1".to_owned(), "it was time".to_owned()));
    }
}
