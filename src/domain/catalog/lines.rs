//! What people say about a thing, in one sentence or several: `why = "…"` and `why = ["…", "…"]` are the same key.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Lines(pub Vec<String>);

impl Deref for Lines {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl From<&str> for Lines {
    fn from(line: &str) -> Self {
        Self(vec![line.to_owned()])
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = Lines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, line: &str) -> Result<Lines, E> {
        Ok(line.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Lines, A::Error> {
        let mut lines = Vec::new();
        while let Some(line) = all.next_element()? {
            lines.push(line);
        }
        Ok(Lines(lines))
    }
}

impl JsonSchema for Lines {
    fn schema_name() -> Cow<'static, str> {
        "Lines".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Told {
        why: Lines,
    }

    #[test]
    fn one_sentence_and_several_are_both_read() {
        let read = |text: &str| toml::from_str::<Told>(text).map(|told| told.why.to_vec());
        assert_eq!(read("why = 'so'").unwrap(), ["so"]);
        assert_eq!(read("why = ['so', 'and so']").unwrap(), ["so", "and so"]);
        let error = read("why = 3").unwrap_err().to_string();
        assert!(error.contains("expected a text or a list of texts"), "{error}");
        assert!(read("why = ['so', 3]").is_err());
    }
}
