//! The reference of the format in docs/CATALOG.md, written from the schema, which comes from the types.

use schemars::schema_for;
use serde_json::Value;
use sitroom::domain::Service;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

const BEGINS: &str = "<!-- service: written by";
const ENDS: &str = "<!-- end of service -->";

fn place() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/CATALOG.md")
}

#[test]
fn the_manual_has_every_key() {
    let text = fs::read_to_string(place()).unwrap();
    assert!(
        with_reference(&text) == text,
        "docs/CATALOG.md is out of date: cargo test --test it write_the_reference_of_the_catalog -- --ignored"
    );
}

#[test]
#[ignore = "changes files: for after a change of the format"]
fn write_the_reference_of_the_catalog() {
    let text = fs::read_to_string(place()).unwrap();
    fs::write(place(), with_reference(&text)).unwrap();
}

#[test]
fn the_example_of_the_manual_is_a_service() {
    let text = fs::read_to_string(place()).unwrap();
    let example = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(sitroom::sources::catalog::service_problems("example", example), []);
}

fn with_reference(text: &str) -> String {
    let (before, rest) = text.split_once(BEGINS).unwrap();
    let (head, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once(ENDS).unwrap();
    format!("{before}{BEGINS}{head}\n{}{ENDS}{after}", reference())
}

fn reference() -> String {
    let schema = schema_for!(Service);
    let mut book =
        Book { definitions: &schema.as_value()["$defs"], told: BTreeSet::new(), text: String::new() };
    book.table("[[service]]", "service", schema.as_value());
    book.text
}

struct Book<'s> {
    definitions: &'s Value,
    told: BTreeSet<String>,
    text: String,
}

/// What a value of a key is.
struct Form<'s> {
    word: String,
    /// A table of its own: its name in the schema, and whether there may be several.
    table: Option<(&'s str, bool)>,
}

impl<'s> Book<'s> {
    fn table(&mut self, heading: &str, path: &str, schema: &'s Value) {
        writeln!(self.text, "\n### `{heading}`\n\n| key | is | |\n|---|---|---|").unwrap();
        let mut tables = Vec::new();
        for (key, about) in sorted(schema) {
            let form = self.form(about);
            let said =
                about["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
            writeln!(self.text, "| `{key}` | {} | {said} |", form.word).unwrap();
            tables.extend(form.table.map(|(name, several)| (key, name, several)));
        }
        for (key, name, several) in tables {
            if self.told.insert(name.to_owned()) {
                let inner = format!("{path}.{key}");
                let heading = if several { format!("[[{inner}]]") } else { format!("[{inner}]") };
                self.table(&heading, &inner, &self.definitions[name]);
            }
        }
    }

    fn form(&self, about: &'s Value) -> Form<'s> {
        if let Some(options) = about["anyOf"].as_array() {
            let said = options.iter().find(|option| option["type"] != "null").unwrap();
            return self.form(said);
        }
        if let Some(name) = about["$ref"].as_str() {
            return self.named(name.rsplit('/').next().unwrap());
        }
        let is = |kind: &str| match &about["type"] {
            Value::String(one) => one == kind,
            Value::Array(all) => all.iter().any(|one| one == kind),
            _ => false,
        };
        if is("array") {
            let of = self.form(&about["items"]);
            return match of.table {
                Some((name, _)) => Form { word: "tables".to_owned(), table: Some((name, true)) },
                None => Form { word: format!("list of {}", of.word), table: None },
            };
        }
        let known =
            [("string", "text"), ("boolean", "true or false"), ("integer", "number"), ("number", "number")];
        let word = known.iter().find(|(kind, _)| is(kind)).map_or("table", |(_, word)| word);
        Form { word: word.to_owned(), table: None }
    }

    fn named(&self, name: &'s str) -> Form<'s> {
        let schema = &self.definitions[name];
        let words = schema["oneOf"].as_array().map(|all| all.iter().filter_map(|one| one["const"].as_str()));
        if let Some(words) = words {
            let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
            return Form { word: words.join(", "), table: None };
        }
        match name {
            "Span" => Form { word: "span".to_owned(), table: None },
            "Lines" => Form { word: "text, or list of text".to_owned(), table: None },
            _ if schema["properties"].is_object() => {
                Form { word: "table".to_owned(), table: Some((name, false)) }
            }
            _ => self.form(schema),
        }
    }
}

/// What is needed first, the rest by name.
fn sorted(schema: &Value) -> Vec<(&String, &Value)> {
    let needed: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let properties = schema["properties"].as_object();
    let mut keys: Vec<_> = properties.into_iter().flatten().collect();
    keys.sort_by_key(|(key, _)| (!needed.iter().any(|needed| *needed == *key), *key));
    keys
}
