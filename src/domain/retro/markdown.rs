//! A section of a retro as Markdown: given to an editor, and read back line by line.
//!
//! A row begins with `##`, its kind, and its id where it is there already; a field is a line `name: text`, and lines
//! that are indented go on with it. What cannot be read is named with its line, and then nothing is taken.

use super::{Kind, RetroContent, Section, said, with};
use crate::domain::decide::Intent;
use crate::domain::id::RetroId;
use crate::domain::incident::Incident;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A line that could not be read, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Misread {
    pub line: usize,
    pub what: String,
}

struct Block<'a> {
    line: usize,
    kind: &'static Kind,
    id: Option<RetroId>,
    /// The line, the name, and what is said.
    fields: Vec<(usize, &'a str, String)>,
}

pub fn write(section: &Section, incident: &Incident) -> String {
    let mut text = format!("# {} of {}\n\n<!-- {}\n", section.title, incident.id, section.guide);
    text.push_str(
        "A row begins with ## and its kind. Take one out to strike it; add one without an id. Kinds:\n",
    );
    for kind in section.kinds {
        let names: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
        let _ = writeln!(text, "  ## {}: {}", kind.word, names.join(", "));
    }
    text.push_str("-->\n");
    for item in section.rows(incident) {
        text.push_str(&row(Some(item.id), &item.content));
    }
    text
}

/// One row as it stands in its section, a new one without an id.
pub fn row(id: Option<RetroId>, content: &RetroContent) -> String {
    let kind = Kind::of(content);
    let id = id.map_or_else(String::new, |id| format!(" [{id}]"));
    let mut text = format!("\n## {}{id}\n", kind.word);
    for field in kind.fields {
        let said = said(content, field).replace('\n', "\n  ");
        let _ = writeln!(text, "{}: {said}", field.name);
    }
    text
}

/// What was changed against `given`, the text the editor began with; or everything that could not be read.
pub fn read(
    section: &Section,
    incident: &Incident,
    given: &str,
    text: &str,
) -> Result<Vec<Intent>, Vec<Misread>> {
    let blocks = blocks(section, text)?;
    let before = self::blocks(section, given).unwrap_or_default();
    let mut intents = Vec::new();
    let mut wrong = Vec::new();
    for block in &blocks {
        let unchanged =
            before.iter().any(|it| it.id.is_some() && it.id == block.id && it.says() == block.says());
        match block.intent(incident) {
            _ if unchanged => {}
            Ok(intent) => intents.push(intent),
            Err(misread) => wrong.push(misread),
        }
    }
    let kept: BTreeSet<_> = blocks.iter().filter_map(|block| block.id).collect();
    let gone = before.iter().filter_map(|block| block.id).filter(|id| !kept.contains(id));
    intents.extend(gone.map(|id| Intent::StrikeItem(incident.id, id, String::new())));
    if wrong.is_empty() { Ok(intents) } else { Err(wrong) }
}

/// The text with what is wrong above each line; reading it again passes over that.
pub fn marked(text: &str, wrong: &[Misread]) -> String {
    let mut marked = String::new();
    for (line, said) in (1..).zip(text.lines()) {
        for misread in wrong.iter().filter(|misread| misread.line == line) {
            let _ = writeln!(marked, "<!-- {} -->", misread.what.replace("-->", ""));
        }
        let _ = writeln!(marked, "{said}");
    }
    marked
}

fn blocks<'a>(section: &Section, text: &'a str) -> Result<Vec<Block<'a>>, Vec<Misread>> {
    let (mut blocks, mut wrong) = (Vec::<Block<'_>>::new(), Vec::new());
    let mut is_comment = false;
    for (line, said) in (1..).zip(text.lines()) {
        let opens = said.trim_start().starts_with("<!--");
        if is_comment || opens {
            is_comment = !said.contains("-->");
            continue;
        }
        let taken = match (said.strip_prefix("## "), blocks.last_mut()) {
            (Some(head), _) => head_of(section, line, head).map(|block| blocks.push(block)),
            (None, Some(block)) => block.take(line, said),
            (None, None) if said.trim().is_empty() || said.starts_with("# ") => Ok(()),
            (None, None) => Err("nothing stands before the first row, which begins with ##".to_owned()),
        };
        wrong.extend(taken.err().map(|what| Misread { line, what }));
    }
    if wrong.is_empty() { Ok(blocks) } else { Err(wrong) }
}

fn head_of<'a>(section: &Section, line: usize, head: &str) -> Result<Block<'a>, String> {
    let (word, id) = match head.trim().split_once('[') {
        Some((word, id)) => (word.trim(), Some(id.trim_end_matches(']').trim().parse::<RetroId>()?)),
        None => (head.trim(), None),
    };
    let known: Vec<_> = section.kinds.iter().map(|kind| kind.word).collect();
    match section.kinds.iter().find(|kind| kind.word == word) {
        Some(kind) => Ok(Block { line, kind, id, fields: Vec::new() }),
        None => Err(format!("`{word}` is none of {}", known.join(", "))),
    }
}

impl<'a> Block<'a> {
    fn take(&mut self, line: usize, said: &'a str) -> Result<(), String> {
        if said.trim().is_empty() {
            return Ok(());
        }
        if let (true, Some((_, _, before))) = (said.starts_with([' ', '\t']), self.fields.last_mut()) {
            before.push('\n');
            before.push_str(said.trim());
            return Ok(());
        }
        let names = || self.kind.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
        let Some((name, value)) = said.split_once(':') else {
            return Err(format!("write `name: text` with one of {}", names()));
        };
        let name = name.trim();
        if !self.kind.fields.iter().any(|field| field.name == name) {
            return Err(format!("a {} has no `{name}`; it has {}", self.kind.title, names()));
        }
        if self.fields.iter().any(|(_, known, _)| *known == name) {
            return Err(format!("`{name}` is said twice"));
        }
        self.fields.push((line, name, value.trim().to_owned()));
        Ok(())
    }

    fn says(&self) -> Vec<(&str, &str)> {
        let said = self.fields.iter().filter(|(_, _, said)| !said.is_empty());
        said.map(|(_, name, said)| (*name, said.as_str())).collect()
    }

    fn intent(&self, incident: &Incident) -> Result<Intent, Misread> {
        let found = |id| incident.retro.items.get(&id).map(|item| &item.content);
        let misread = |line, what: String| Misread { line, what };
        let before: Option<&RetroContent> = match self.id {
            Some(id) => Some(found(id).ok_or_else(|| misread(self.line, format!("there is no row {id}")))?),
            None => None,
        };
        if let (Some(before), Some(id)) = (before, self.id)
            && Kind::of(before).word != self.kind.word
        {
            return Err(misread(self.line, format!("{id} is a {}", Kind::of(before).word)));
        }
        let value = |name: &str| self.fields.iter().find(|(_, known, _)| *known == name);
        let said: Vec<_> = self
            .kind
            .fields
            .iter()
            .map(|field| (field, value(field.name).map_or_else(String::new, |(_, _, said)| said.clone())))
            .collect();
        let content = with(self.kind, before, &said).map_err(|(name, what)| {
            misread(value(name).map_or(self.line, |it| it.0), format!("{name}: {what}"))
        })?;
        Ok(match self.id {
            Some(id) => Intent::ReviseItem(incident.id, id, content, None),
            None => Intent::WriteItem(incident.id, content),
        })
    }
}
