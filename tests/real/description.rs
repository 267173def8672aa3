//! An answer held to a published description: whatever it has that is not described so is named with its place.
//!
//! What is left out of an answer is not missed. A stub says as much as is read, and no more.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub struct Description {
    root: Value,
    /// What a schema may be in particular, by its address: the schemas that are made of it.
    kinds: BTreeMap<String, Vec<Value>>,
}

impl Description {
    pub fn of(root: Value) -> Self {
        let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for schema in root["components"]["schemas"].as_object().into_iter().flat_map(|all| all.values()) {
            for part in schema["allOf"].as_array().into_iter().flatten() {
                if let Some(address) = part["$ref"].as_str() {
                    kinds.entry(address.to_owned()).or_default().push(schema.clone());
                }
            }
        }
        Self { root, kinds }
    }

    /// What is strange about an answer to a question, which is named by its place in the description.
    pub fn strange(&self, path: &str, answer: &Value) -> Vec<String> {
        let answers = &self.root["paths"][path]["get"]["responses"]["200"]["content"]["application/json"];
        assert!(answers["schema"].is_object(), "{path} is not described");
        let mut strange = Vec::new();
        self.hold(&answers["schema"], answer, path, &mut strange);
        strange
    }

    fn hold(&self, schema: &Value, value: &Value, at: &str, strange: &mut Vec<String>) {
        let parts = self.parts(schema);
        let has = |name: &str| parts.iter().filter(|part| !part[name].is_null()).collect::<Vec<_>>();
        if value.is_null() && parts.iter().any(|part| part["nullable"] == true || part["type"].is_null()) {
            return;
        }
        let is_of = |part: &&Value| part["type"].as_str().is_none_or(|kind| is_a(kind, value));
        if !parts.iter().all(is_of) {
            strange.push(format!("{at} is {value}"));
            return;
        }
        // Of what it may be in particular, one has to have the word.
        let known: Vec<&Value> = parts.iter().filter_map(|part| part["enum"].as_array()).flatten().collect();
        if !known.is_empty() && !known.contains(&value) {
            strange.push(format!("{at} is none of {known:?}: {value}"));
        }
        let is_moment = parts.iter().any(|part| part["format"] == "date-time");
        if is_moment && value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_err()) {
            strange.push(format!("{at} is no moment: {value}"));
        }
        for (place, item) in value.as_array().into_iter().flatten().enumerate() {
            if let [part, ..] = has("items").as_slice() {
                self.hold(&part["items"], item, &format!("{at}[{place}]"), strange);
            }
        }
        let Some(fields) = value.as_object().filter(|_| !has("properties").is_empty()) else { return };
        for (name, field) in fields {
            let place = format!("{at}.{name}");
            let described = parts.iter().filter_map(|part| part["properties"].get(name));
            let held = described.map(|schema| {
                let mut strange = Vec::new();
                self.hold(schema, field, &place, &mut strange);
                strange
            });
            let best = held.min_by_key(Vec::len);
            strange.extend(best.unwrap_or_else(|| vec![format!("{place} is not described")]));
        }
    }

    /// Everything that is said of a value: a schema with what it is made of, and what it may be in particular.
    fn parts<'d>(&'d self, schema: &'d Value) -> Vec<&'d Value> {
        let (mut parts, mut open, mut followed) = (Vec::new(), vec![schema], BTreeSet::new());
        while let Some(schema) = open.pop() {
            if let Some(address) = schema["$ref"].as_str() {
                // What something is made of is made of it in turn.
                if !followed.insert(address) {
                    continue;
                }
                open.extend(self.root.pointer(address.trim_start_matches('#')));
                open.extend(self.kinds.get(address).into_iter().flatten().filter(|_| is_base(address)));
                continue;
            }
            for word in ["allOf", "anyOf", "oneOf"] {
                open.extend(schema[word].as_array().into_iter().flatten());
            }
            parts.push(schema);
        }
        parts
    }
}

/// Everything is an object, which says nothing.
fn is_base(address: &str) -> bool {
    !address.ends_with("/object")
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}
