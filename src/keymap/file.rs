//! Reads a keymap file: TOML with one section per context, a key sequence on the left, a verb or `false` on the right.
//!
//! Total: whatever the text, the bindings that make sense are kept and every other line is a [`Problem`].

use super::chord::{Chord, ChordError, NAMED};
use super::context::Context;
use super::trie::{Conflict, Found};
use super::verb::Verb;
use super::{Keymap, SHIPPED};
use crate::domain::problem::{Problem, document, entries, line_at, nearest, suggest};
use toml_edit::{Item, Key, Table};

pub(super) struct Read {
    file: String,
    pub(super) inherits: Option<String>,
    bound: Keymap,
    unbound: Vec<Unbound>,
    pub(super) problems: Vec<Problem>,
}

/// A sequence that is not to mean in this context what it means in the keymap below.
struct Unbound {
    line: usize,
    context: Context,
    sequence: Vec<Chord>,
}

pub(super) fn read(file: &str, text: &str) -> Read {
    let mut reader = Reader { text, read: Read::new(file) };
    match document(file, text) {
        Ok(document) => reader.document(document.as_table()),
        Err(problem) => reader.read.problems.push(problem),
    }
    reader.read
}

impl Read {
    fn new(file: &str) -> Self {
        let (inherits, unbound, problems) = Default::default();
        Self { file: file.to_owned(), inherits, bound: Keymap::empty(), unbound, problems }
    }

    /// The keymap these bindings are laid over.
    pub(super) fn base(&self) -> Keymap {
        self.inherits.as_deref().and_then(Keymap::shipped).unwrap_or_else(Keymap::empty)
    }

    pub(super) fn over(self, mut base: Keymap) -> Keymap {
        for Unbound { context, sequence, .. } in &self.unbound {
            base.root_mut(*context).unbind(sequence);
        }
        let mut keymap = self.bound;
        for context in Context::ALL {
            let branch = std::mem::take(keymap.root_mut(context));
            *keymap.root_mut(context) = branch.over(base.root(context));
        }
        keymap
    }

    /// Unbinding what is not bound does nothing, and whoever wrote it meant something else.
    pub(super) fn idle_unbindings(&self, base: &Keymap) -> Vec<Problem> {
        let mut problems = Vec::new();
        for Unbound { line, context, sequence } in &self.unbound {
            if matches!(base.root(*context).find(sequence), Found::Verb(_) | Found::Branch(_)) {
                continue;
            }
            let keys = super::chord::spell(sequence);
            let bound_in = Context::ALL
                .into_iter()
                .find(|other| matches!(base.root(*other).find(sequence), Found::Verb(_)));
            let fix = bound_in
                .map_or_else(|| "take the line out".to_owned(), |other| format!("it is bound in [{other}]"));
            let what = format!("`{keys}` is not bound in [{context}], so there is nothing to unbind");
            problems.push(Problem { file: self.file.clone(), line: *line, what, fix });
        }
        problems
    }
}

struct Reader<'a> {
    text: &'a str,
    read: Read,
}

impl Reader<'_> {
    fn document(&mut self, table: &Table) {
        for (key, item) in entries(table) {
            match (key.get(), item) {
                ("inherits", item) => self.inherits(item),
                (name, Item::Table(section)) => match name.parse() {
                    Ok(context) => self.section(context, section),
                    Err(what) => {
                        self.problem(key.span(), what, suggest(name, Context::ALL.map(Context::name)));
                    }
                },
                (name, _) => {
                    let what = format!("`{name}` stands outside any section");
                    self.problem(
                        key.span(),
                        what,
                        "put it below [global] or the context it is for".to_owned(),
                    );
                }
            }
        }
    }

    fn inherits(&mut self, item: &Item) {
        let names = SHIPPED.map(|(name, _)| name);
        match item.as_str() {
            Some(name) if names.contains(&name) => self.read.inherits = Some(name.to_owned()),
            Some(name) => {
                self.problem(item.span(), format!("there is no keymap `{name}`"), suggest(name, names));
            }
            None => {
                let fix = format!("write one of {}", names.map(|name| format!("\"{name}\"")).join(", "));
                self.problem(item.span(), "`inherits` wants the name of a keymap".to_owned(), fix);
            }
        }
    }

    fn section(&mut self, context: Context, section: &Table) {
        for (key, item) in entries(section) {
            match Chord::sequence(key.get()) {
                Ok(sequence) => self.binding(context, key, sequence, item),
                Err(error) => self.problem(key.span(), error.to_string(), fix_for(&error)),
            }
        }
    }

    fn binding(&mut self, context: Context, key: &Key, sequence: Vec<Chord>, item: &Item) {
        if item.as_bool() == Some(false) {
            let line = line_at(self.text, key.span());
            return self.read.unbound.push(Unbound { line, context, sequence });
        }
        let Some(name) = item.as_str() else {
            let what = format!("`{}` wants the name of a verb", key.get());
            return self.problem(
                key.span(),
                what,
                "write it in quotes, or `false` to unbind the key".to_owned(),
            );
        };
        match name.parse::<Verb>() {
            Err(what) => {
                self.problem(item.span(), what, suggest(name, Verb::ALL.iter().map(|verb| verb.name())));
            }
            Ok(verb) if !verb.fits(context) => {
                let fits: Vec<_> = verb.contexts().iter().map(|context| format!("[{context}]")).collect();
                let what = format!("`{verb}` makes no sense in [{context}]");
                self.problem(item.span(), what, format!("it belongs in {}", fits.join(", ")));
            }
            Ok(verb) => {
                if let Err(conflict) = self.read.bound.root_mut(context).bind(&sequence, verb) {
                    let what = conflict.of(key.get(), context);
                    self.problem(key.span(), what, "take out one of the two".to_owned());
                }
            }
        }
    }

    fn problem(&mut self, span: Option<std::ops::Range<usize>>, what: String, fix: String) {
        let line = line_at(self.text, span);
        self.read.problems.push(Problem { file: self.read.file.clone(), line, what, fix });
    }
}

impl Conflict {
    fn of(&self, keys: &str, context: Context) -> String {
        match self {
            Self::Duplicate(verb) => format!("`{keys}` is bound twice in [{context}], first to {verb}"),
            Self::Behind(verb) => format!("`{keys}` begins with a key that already is {verb} in [{context}]"),
            Self::Prefix => format!("`{keys}` is a verb and also begins longer sequences in [{context}]"),
        }
    }
}

fn fix_for(error: &ChordError) -> String {
    const SHAPES: &str =
        "write j, G, ctrl-z, alt-x, shift-tab, f1, enter, or several with blanks between: g g";
    let ChordError::UnknownKey(word) = error else { return SHAPES.to_owned() };
    let nearest = nearest(word, NAMED.iter().map(|(name, _)| *name));
    nearest.map_or_else(|| SHAPES.to_owned(), |name| format!("did you mean \"{name}\"?"))
}
