//! The tree of one context: chords lead to a verb, or to more chords.
//!
//! Children keep the order they were written in, so the first key of a file is the one a hint shows.

use super::chord::Chord;
use super::verb::Verb;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Verb(Verb),
    Branch(Branch),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Branch(Vec<(Chord, Node)>);

/// Where a sequence of chords ends.
pub(super) enum Found<'a> {
    Verb(Verb),
    Branch(&'a Branch),
    /// A verb stands on the way: what lies behind it can never be typed.
    Passed,
    Nothing,
}

/// Why a sequence can not be bound beside what is bound already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    Duplicate(Verb),
    /// It begins with a sequence that is a verb itself.
    Behind(Verb),
    /// Longer sequences begin with it.
    Prefix,
}

impl Branch {
    pub(super) fn find(&self, sequence: &[Chord]) -> Found<'_> {
        let Some((first, rest)) = sequence.split_first() else { return Found::Branch(self) };
        match self.child(*first) {
            None => Found::Nothing,
            Some(Node::Branch(branch)) => branch.find(rest),
            Some(Node::Verb(verb)) if rest.is_empty() => Found::Verb(*verb),
            Some(Node::Verb(_)) => Found::Passed,
        }
    }

    pub(super) fn bind(&mut self, sequence: &[Chord], verb: Verb) -> Result<(), Conflict> {
        let Some((first, rest)) = sequence.split_first() else { return Ok(()) };
        let place = self.0.iter().position(|(chord, _)| chord == first);
        match (place.map(|place| &mut self.0[place].1), rest) {
            (None, []) => self.0.push((*first, Node::Verb(verb))),
            (None, rest) => {
                let mut branch = Self::default();
                branch.bind(rest, verb)?;
                self.0.push((*first, Node::Branch(branch)));
            }
            (Some(Node::Verb(bound)), []) => return Err(Conflict::Duplicate(*bound)),
            (Some(Node::Verb(bound)), _) => return Err(Conflict::Behind(*bound)),
            (Some(Node::Branch(_)), []) => return Err(Conflict::Prefix),
            (Some(Node::Branch(branch)), rest) => branch.bind(rest, verb)?,
        }
        Ok(())
    }

    /// Takes out what the sequence leads to; false when it leads nowhere.
    pub(super) fn unbind(&mut self, sequence: &[Chord]) -> bool {
        let Some((first, rest)) = sequence.split_first() else { return false };
        let Some(place) = self.0.iter().position(|(chord, _)| chord == first) else { return false };
        let (is_found, is_spent) = match &mut self.0[place].1 {
            _ if rest.is_empty() => (true, true),
            Node::Verb(_) => (false, false),
            Node::Branch(branch) => (branch.unbind(rest), branch.0.is_empty()),
        };
        if is_spent {
            self.0.remove(place);
        }
        is_found
    }

    /// Node by node: what stands here wins over `base`, and the rest of `base` stays behind it.
    pub(super) fn over(self, base: &Self) -> Self {
        let mut merged: Vec<_> =
            self.0.into_iter().map(|(chord, node)| (chord, node.over(base.child(chord)))).collect();
        for (chord, node) in &base.0 {
            if !merged.iter().any(|(known, _)| known == chord) {
                merged.push((*chord, node.clone()));
            }
        }
        Self(merged)
    }

    pub(super) fn children(&self) -> impl Iterator<Item = (Chord, &Node)> {
        self.0.iter().map(|(chord, node)| (*chord, node))
    }

    /// Every whole sequence with its verb, in the order of the file.
    pub(super) fn sequences(&self) -> Vec<(Vec<Chord>, Verb)> {
        let mut found = Vec::new();
        self.collect(&mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, before: &mut Vec<Chord>, found: &mut Vec<(Vec<Chord>, Verb)>) {
        for (chord, node) in &self.0 {
            before.push(*chord);
            match node {
                Node::Verb(verb) => found.push((before.clone(), *verb)),
                Node::Branch(branch) => branch.collect(before, found),
            }
            before.pop();
        }
    }

    fn child(&self, chord: Chord) -> Option<&Node> {
        self.0.iter().find(|(known, _)| *known == chord).map(|(_, node)| node)
    }
}

impl Node {
    fn over(self, base: Option<&Self>) -> Self {
        match (self, base) {
            (Self::Branch(branch), Some(Self::Branch(base))) => Self::Branch(branch.over(base)),
            (node, _) => node,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Chord> {
        Chord::sequence(text).unwrap()
    }

    fn branch(bound: &[(&str, Verb)]) -> Branch {
        let mut branch = Branch::default();
        for (text, verb) in bound {
            branch.bind(&keys(text), *verb).unwrap();
        }
        branch
    }

    #[test]
    fn a_sequence_is_a_verb_or_a_prefix_and_never_both() {
        let mut bound = branch(&[("g g", Verb::ListTop), ("j", Verb::ListDown)]);
        assert_eq!(bound.bind(&keys("g"), Verb::ListUp), Err(Conflict::Prefix));
        assert_eq!(bound.bind(&keys("j j"), Verb::ListUp), Err(Conflict::Behind(Verb::ListDown)));
        assert_eq!(bound.bind(&keys("j"), Verb::ListUp), Err(Conflict::Duplicate(Verb::ListDown)));
        assert_eq!(bound, branch(&[("g g", Verb::ListTop), ("j", Verb::ListDown)]));
    }

    #[test]
    fn what_is_laid_over_wins_node_by_node_and_comes_first() {
        let base = branch(&[
            ("g g", Verb::ListTop),
            ("g t", Verb::ScreenNext),
            ("j", Verb::ListDown),
            ("k", Verb::ListUp),
        ]);
        let over = branch(&[("g t", Verb::ThemePick), ("j j", Verb::ListBottom)]).over(&base);
        let spelled: Vec<_> = over
            .sequences()
            .iter()
            .map(|(chords, verb)| (super::super::chord::spell(chords), *verb))
            .collect();
        let wanted = [
            ("g t", Verb::ThemePick),
            ("g g", Verb::ListTop),
            ("j j", Verb::ListBottom),
            ("k", Verb::ListUp),
        ];
        assert_eq!(spelled, wanted.map(|(keys, verb)| (keys.to_owned(), verb)));
    }

    #[test]
    fn unbinding_the_last_of_a_prefix_takes_the_prefix_too() {
        let mut bound = branch(&[("g g", Verb::ListTop), ("j", Verb::ListDown)]);
        assert!(bound.unbind(&keys("g g")));
        assert_eq!(bound, branch(&[("j", Verb::ListDown)]));
        assert!(!bound.unbind(&keys("g g")));
        assert!(!bound.unbind(&keys("j j")));
    }
}
