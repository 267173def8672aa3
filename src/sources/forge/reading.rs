//! Reading what a host lists: one thing it says in a way nobody knows never hides the others.

use crate::domain::Time;
use crate::sources::SourceError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Everything on a list that can be read; a list of which nothing can be is no list of these.
pub(in crate::sources) fn each<T: DeserializeOwned>(
    list: Option<&Value>,
    what: &str,
) -> Result<Vec<(T, Value)>, SourceError> {
    let strange =
        || SourceError::broken(format!("{what} in a shape nobody here knows"), "look for a newer sitroom");
    let list = list.and_then(Value::as_array).ok_or_else(strange)?;
    let items: Vec<_> = list.iter().filter(|item| !item.is_null()).collect();
    let read = items.iter().filter_map(|item| Some((T::deserialize(*item).ok()?, (*item).clone())));
    let read: Vec<_> = read.collect();
    if read.is_empty() && !items.is_empty() { Err(strange()) } else { Ok(read) }
}

/// A moment as hosts write it, or none.
pub(in crate::sources) fn time(value: Option<&Value>) -> Option<Time> {
    value?.as_str()?.parse().ok()
}
