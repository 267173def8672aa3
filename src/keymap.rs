//! From keys to verbs: which chord means what, and where.
//!
//! A keymap is one tree of chords per [`Context`]. A key is looked up through a stack of contexts, innermost first,
//! up to the first one that is sealed. Pure: files come in as text, and what is wrong with them goes out as
//! [`Problem`]s beside a keymap that works.

pub mod chord;
pub mod context;
mod file;
pub mod reference;
mod trie;
pub mod verb;

pub use crate::domain::problem::Problem;
pub use chord::{Chord, ChordError, Key};
pub use context::Context;
pub use verb::{Group, Verb};

use trie::{Branch, Found, Node};

/// The keymaps that come with sitroom.
pub const SHIPPED: [(&str, &str); 3] = [
    ("default", include_str!("../keymaps/default.toml")),
    ("vim", include_str!("../keymaps/vim.toml")),
    ("emacs", include_str!("../keymaps/emacs.toml")),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    roots: [Branch; Context::ALL.len()],
}

/// What a sequence of chords means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    Verb(Verb),
    /// More chords must follow; these may.
    Pending(Vec<(Chord, Next)>),
    None,
}

/// What a chord would do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Verb(Verb),
    /// Yet more chords follow.
    More,
}

/// One line of help: a sequence as it is spelled, and its verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub keys: String,
    pub verb: Verb,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::shipped("default").expect("the default keymap is among the shipped ones")
    }
}

impl Keymap {
    /// A keymap that comes with sitroom, by name.
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        let read = file::read(name, text);
        debug_assert!(read.problems.is_empty(), "{:?}", read.problems);
        let base = read.base();
        Some(read.over(base))
    }

    /// A person's own keymap over the one it inherits (`default` when it does not say), and all that is wrong with it.
    /// `file` is what the problems call it. The good part works whatever the rest is like.
    pub fn read(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let mut read = file::read(file, text);
        let mut problems = std::mem::take(&mut read.problems);
        read.inherits.get_or_insert_with(|| "default".to_owned());
        let base = read.base();
        problems.extend(read.idle_unbindings(&base));
        problems.sort_by_key(|problem| problem.line);
        (read.over(base), problems)
    }

    /// What a sequence of chords means where these contexts are open, innermost first.
    pub fn lookup(&self, contexts: &[Context], sequence: &[Chord]) -> Lookup {
        let mut pending: Vec<(Chord, Next)> = Vec::new();
        for context in contexts {
            match self.root(*context).find(sequence) {
                Found::Verb(verb) if pending.is_empty() => return Lookup::Verb(verb),
                Found::Verb(_) | Found::Passed => break,
                Found::Branch(branch) => add_unseen(&mut pending, branch),
                Found::Nothing => {}
            }
            if context.is_sealed() {
                break;
            }
        }
        if pending.is_empty() { Lookup::None } else { Lookup::Pending(pending) }
    }

    /// The keys this context itself binds to a verb, the one to show first in front.
    pub fn keys_for(&self, verb: Verb, context: Context) -> Vec<String> {
        let sequences = self.root(context).sequences().into_iter();
        sequences.filter(|(_, bound)| *bound == verb).map(|(chords, _)| chord::spell(&chords)).collect()
    }

    /// The keys that reach a verb where these contexts are open: what an inner context takes for itself is left out.
    pub fn keys_in(&self, verb: Verb, contexts: &[Context]) -> Vec<String> {
        let bindings = self.bindings_in(contexts).into_iter();
        bindings.filter(|binding| binding.verb == verb).map(|binding| binding.keys).collect()
    }

    /// What this context itself binds, in the order of its file.
    pub fn bindings(&self, context: Context) -> Vec<Binding> {
        let sequences = self.root(context).sequences().into_iter();
        sequences.map(|(chords, verb)| Binding { keys: chord::spell(&chords), verb }).collect()
    }

    /// Everything that can be typed where these contexts are open, innermost first.
    pub fn bindings_in(&self, contexts: &[Context]) -> Vec<Binding> {
        let mut found: Vec<Binding> = Vec::new();
        for (chords, verb) in contexts.iter().flat_map(|context| self.root(*context).sequences()) {
            let keys = chord::spell(&chords);
            let is_reached = self.lookup(contexts, &chords) == Lookup::Verb(verb);
            if is_reached && !found.iter().any(|binding| binding.keys == keys) {
                found.push(Binding { keys, verb });
            }
        }
        found
    }

    fn empty() -> Self {
        Self { roots: Default::default() }
    }

    fn root(&self, context: Context) -> &Branch {
        &self.roots[context.index()]
    }

    fn root_mut(&mut self, context: Context) -> &mut Branch {
        &mut self.roots[context.index()]
    }
}

fn add_unseen(pending: &mut Vec<(Chord, Next)>, branch: &Branch) {
    for (chord, node) in branch.children() {
        if !pending.iter().any(|(known, _)| *known == chord) {
            let next = match node {
                Node::Verb(verb) => Next::Verb(*verb),
                Node::Branch(_) => Next::More,
            };
            pending.push((chord, next));
        }
    }
}
