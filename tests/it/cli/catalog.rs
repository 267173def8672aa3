//! `sitroom catalog`: begun, added to, checked, and described.

use super::Shell;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

#[test]
fn a_catalog_is_begun_gets_a_service_and_has_nothing_wrong() {
    let shell = Shell::new();
    let folder = shell.path("catalog");
    let folder = folder.to_str().unwrap();
    let said = shell.done(&["catalog", "init", folder]);
    assert!(said.contains("readiness.toml: written") && said.contains("write catalog = "), "{said}");
    assert!(shell.done(&["catalog", "init", folder]).contains("is as it was"));
    shell.done(&["catalog", "new", "service", "payment-api", "--dir", folder]);
    let twice = shell.run(&["catalog", "new", "service", "payment-api", "--dir", folder]);
    twice.complains(1, "payment-api.toml: is there already", "choose another name");
    let hostile = shell.run(&["catalog", "new", "service", "../x", "--dir", folder]);
    hostile.complains(2, "a service's name is of letters, digits", "--help");
    let said = shell.done(&["catalog", "check", folder]);
    assert!(said.ends_with("1 service, 0 checklists, nothing wrong\n"), "{said}");
    let said = shell.done(&["catalog", "check", folder, "--gaps"]);
    assert!(
        said.contains("normal service without an owner")
            || said.contains("normal service without rollback steps"),
        "{said}"
    );
}

/// Takes the comment signs away, as somebody does who takes everything as it is.
fn take(file: &Path) -> String {
    let bare = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("    ") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let text = fs::read_to_string(file).unwrap();
    let text = text.lines().map(bare).collect::<Vec<_>>().join("\n");
    fs::write(file, &text).unwrap();
    text
}

#[test]
fn a_register_and_a_plan_can_be_begun_by_taking_every_line_as_it_is() {
    let shell = Shell::new();
    shell.configure("room = \"payments\"\ncatalog = \"catalog\"\n");
    let folder = shell.home().join("config/catalog");
    shell.done(&["catalog", "init"]);
    for of in ["readiness", "plan"] {
        let text = take(&folder.join(of).with_extension("toml"));
        for key in keys(&shell.json(&["catalog", "schema", of])) {
            let is_shown = text
                .split(|c: char| !c.is_alphanumeric() && !['_', '-'].contains(&c))
                .any(|word| word == key);
            assert!(is_shown, "{of}.toml does not show {key}");
        }
    }
    let said = shell.done(&["catalog", "check"]);
    assert!(said.ends_with("0 services, 0 checklists, nothing wrong\n"), "{said}");
    let register = shell.run(&["readiness", "--json"]);
    let register: Value = serde_json::from_str(&register.out).unwrap();
    assert_eq!((&register["counts"]["total"], &register["playbooks"]), (&5.into(), &1.into()));
    let plan = shell.json(&["plan", "--json"]);
    assert_eq!(plan["plan"]["phase"].as_array().unwrap().len(), 2);
}

/// Every key that a schema knows, however deep.
fn keys(schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let own = properties.map(|(key, _)| key.clone());
    let below = match schema {
        Value::Object(fields) => fields.values().flat_map(keys).collect(),
        Value::Array(items) => items.iter().flat_map(keys).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    own.chain(below).collect()
}

/// The file of a new service with everything taken that it has in comments.
fn taken(shell: &Shell) -> String {
    let folder = shell.path("catalog");
    shell.done(&["catalog", "new", "service", "payment-api", "--dir", folder.to_str().unwrap()]);
    take(&folder.join("services/payment-api.toml"))
}

/// What a template has in comments is as true as what it says aloud.
#[test]
fn every_line_of_a_new_service_can_be_taken_as_it_is() {
    let shell = Shell::new();
    taken(&shell);
    let folder = shell.path("catalog");
    shell.done(&["catalog", "check", folder.to_str().unwrap()]);
    let answer = shell.json(&["catalog", "check", folder.to_str().unwrap(), "--json"]);
    assert_eq!(answer["services"][0]["completeness"], 100, "{answer}");
}

#[test]
fn a_new_service_shows_every_key_there_is() {
    let shell = Shell::new();
    let schema = shell.json(&["catalog", "schema", "service"]);
    let value: toml::Value = toml::from_str(&taken(&shell)).unwrap();
    let mut shown = BTreeMap::new();
    walk(&schema, &schema, "service", &value, &mut shown);
    for (table, keys) in &shown {
        let about = if table == "service" { &schema } else { &schema["$defs"][table] };
        let known: BTreeSet<_> = about["properties"].as_object().unwrap().keys().cloned().collect();
        let missing: Vec<_> = known.difference(keys).collect();
        assert!(missing.is_empty(), "{table}: {missing:?}");
    }
    let is_table = |about: &Value| about["properties"].is_object();
    let tables = schema["$defs"].as_object().unwrap().iter().filter(|(_, about)| is_table(about));
    let unseen: Vec<_> = tables.filter(|(name, _)| !shown.contains_key(*name)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

/// Which keys of which table of the schema a value has.
fn walk(
    schema: &Value,
    about: &Value,
    name: &str,
    value: &toml::Value,
    shown: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let referred = about["$ref"].as_str().or_else(|| about["anyOf"][0]["$ref"].as_str());
    if let Some(to) = referred.and_then(|path| path.rsplit('/').next()) {
        return walk(schema, &schema["$defs"][to], to, value, shown);
    }
    match value {
        toml::Value::Array(items) => {
            items.iter().for_each(|item| walk(schema, &about["items"], name, item, shown));
        }
        toml::Value::Table(table) if about["properties"].is_object() => {
            for (key, value) in table {
                shown.entry(name.to_owned()).or_default().insert(key.clone());
                walk(schema, &about["properties"][key], name, value, shown);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_wrong_is_the_answer_no() {
    let shell = Shell::new();
    shell.run(&["catalog", "check"]).complains(2, "no catalog is configured", "catalog init");
    shell.done(&["catalog", "new", "service", "checkout"]);
    let beside = shell.done(&["catalog", "check"]);
    assert!(beside.contains("1 service"), "what `catalog new` began is found by itself: {beside}");
    let file = shell.path("catalog.toml");
    fs::write(&file, "[[service]]\nname = \"api\"\nteir = \"core\"\n\n[[service]]\nname = \"web\"\ncriticality = \"critical\"\n").unwrap();
    let answer = shell.run(&["catalog", "check", "catalog.toml"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.out.contains("catalog.toml:3: unknown field `teir`; did you mean `tier`?"), "{answer:?}");
    let answer = shell.run(&["catalog", "check", "catalog.toml", "--json"]);
    let page: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((answer.code, &page["schema"]), (1, &Value::from("sitroom/catalog/1")));
    assert_eq!(page["problems"][0]["line"], 3);
    let gaps = page["services"][0]["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["text"] == "critical service without a rollback trigger"), "{page}");
    shell.run(&["catalog", "check", "nowhere"]).complains(3, "nowhere: cannot be read", "catalog init");
}

#[test]
fn the_schema_describes_every_file() {
    let shell = Shell::new();
    for (of, key) in
        [(None, "service"), (Some("service"), "health_check"), (Some("readiness"), ""), (Some("plan"), "")]
    {
        let arguments: Vec<_> = ["catalog", "schema"].into_iter().chain(of).collect();
        let schema = shell.json(&arguments);
        assert!(schema["$schema"].as_str().unwrap().contains("json-schema.org"), "{of:?}");
        assert!(key.is_empty() || schema["properties"][key].is_object(), "{of:?}: {schema}");
    }
}
