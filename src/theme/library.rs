//! The themes a person can choose from: their own files first, then the shipped ones.
//!
//! A theme of one's own may have the name of a shipped one and inherit it; anything else that comes back to itself is
//! a circle, which is named and cut.

use super::file::{self, Layer, Parent};
use super::resolve::resolve;
use super::{SHIPPED, Theme};
use crate::domain::problem::{Problem, suggest};

#[derive(Clone, Debug, Default)]
pub struct Themes {
    own: Vec<Own>,
}

#[derive(Clone, Debug)]
struct Own {
    name: String,
    file: String,
    text: String,
}

/// A theme that is asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no theme `{name}`; {fix}")]
pub struct UnknownTheme {
    pub name: String,
    pub fix: String,
}

impl Themes {
    /// Adds a theme of one's own; `file` is what problems call it.
    pub fn add(&mut self, name: &str, file: &str, text: &str) {
        self.own.push(Own { name: name.to_owned(), file: file.to_owned(), text: text.to_owned() });
    }

    /// Every name once, the shipped ones first.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = SHIPPED.iter().map(|(name, _)| *name).collect();
        for own in &self.own {
            if !names.contains(&own.name.as_str()) {
                names.push(&own.name);
            }
        }
        names
    }

    /// A theme that is complete, and all that is wrong with it.
    pub fn load(&self, name: &str) -> Result<(Theme, Vec<Problem>), UnknownTheme> {
        let first = self
            .find(name, &[])
            .ok_or_else(|| UnknownTheme { name: name.to_owned(), fix: self.near(name) })?;
        Ok(resolve(name, self.chain(first)))
    }

    fn chain(&self, first: Place) -> Vec<Layer> {
        let mut visited = vec![first];
        let mut layers = vec![self.read(first)];
        while let Some(layer) = layers.last_mut() {
            let Some(parent) = parent_of(layer, visited[visited.len() - 1]) else { break };
            let place = match self.find(&parent.name, &visited) {
                Some(place) => place,
                None => {
                    let (what, fix) = self.dead_end(&parent.name, &visited);
                    layer.problem_at(parent.line, what, fix);
                    match self.find(FALLBACK, &visited) {
                        Some(place) => place,
                        None => break,
                    }
                }
            };
            visited.push(place);
            layers.push(self.read(place));
        }
        layers
    }

    /// Where a theme of this name is, but for the places that were visited already.
    fn find(&self, name: &str, visited: &[Place]) -> Option<Place> {
        let own = self.own.iter().position(|own| own.name == name).map(Place::Own);
        let shipped = SHIPPED.iter().position(|(known, _)| *known == name).map(Place::Shipped);
        own.into_iter().chain(shipped).find(|place| !visited.contains(place))
    }

    fn dead_end(&self, name: &str, visited: &[Place]) -> (String, String) {
        if self.find(name, &[]).is_none() {
            return (format!("there is no theme `{name}`"), self.near(name));
        }
        let names: Vec<_> = visited.iter().map(|place| self.name(*place)).chain([name]).collect();
        let circle = names.join(" → ");
        (
            format!("themes inherit each other in a circle: {circle}"),
            "let one of them inherit a shipped theme".to_owned(),
        )
    }

    fn near(&self, name: &str) -> String {
        suggest(name, self.names())
    }

    fn name(&self, place: Place) -> &str {
        match place {
            Place::Own(at) => &self.own[at].name,
            Place::Shipped(at) => SHIPPED[at].0,
        }
    }

    fn read(&self, place: Place) -> Layer {
        match place {
            Place::Own(at) => file::read(&self.own[at].file, &self.own[at].text),
            Place::Shipped(at) => file::read(&format!("themes/{}.toml", SHIPPED[at].0), SHIPPED[at].1),
        }
    }
}

/// What a theme of one's own is laid over when it does not say.
const FALLBACK: &str = "terminal";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Own(usize),
    Shipped(usize),
}

fn parent_of(layer: &Layer, place: Place) -> Option<Parent> {
    let fallback = || matches!(place, Place::Own(_)).then(|| Parent { name: FALLBACK.to_owned(), line: 1 });
    layer.inherits.clone().or_else(fallback)
}
