//! What a pack is made with: the templates, the rules, the folder and the people of this room, the same for the shell,
//! the cockpit, and whoever comes over SSH.

use super::folder;
use crate::cli::{Failure, Start, open};
use crate::diagnosis::Policy;
use crate::domain::{Catalog, Incident, Person, SignalLog};
use crate::export::{
    Around, BadTemplate, Exercise, Format, Head, Hidden, Model, Pack, Templates, redact, render,
};
use crate::tui::chores::Names;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(in crate::cli) struct Packer {
    /// The folder that packs go into.
    pub(in crate::cli) base: PathBuf,
    templates: Option<PathBuf>,
    people: PathBuf,
    policy: Policy,
}

/// What a pack is told from.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Material<'a> {
    pub(in crate::cli) incident: &'a Incident,
    pub(in crate::cli) head: Option<&'a Head>,
    pub(in crate::cli) catalog: &'a Catalog,
    pub(in crate::cli) signals: &'a SignalLog,
    pub(in crate::cli) exercise: Option<&'a Exercise>,
}

impl Packer {
    pub(in crate::cli) fn of(start: &Start) -> Self {
        let export = &start.settings().export;
        let folder = export.folder.as_deref().map(|path| start.paths.resolve(path));
        Self {
            base: folder.unwrap_or_else(|| PathBuf::from("postmortems")),
            templates: export.templates.as_deref().map(|path| start.paths.resolve(path)),
            people: start.paths.people_file(),
            policy: open::policy(start.loaded()),
        }
    }

    #[must_use]
    pub(in crate::cli) fn into_folder(self, base: PathBuf) -> Self {
        Self { base, ..self }
    }

    #[must_use]
    pub(in crate::cli) fn with_templates(self, templates: Option<PathBuf>) -> Self {
        Self { templates: templates.or(self.templates), ..self }
    }

    /// The pack, and what was hidden in it.
    pub(in crate::cli) fn pack(
        &self,
        of: Material<'_>,
        names: Names,
    ) -> Result<(Pack, Vec<Hidden>), Failure> {
        let around = Around { catalog: of.catalog, signals: of.signals, policy: &self.policy };
        let model = Model::of(of.incident, of.head.cloned()).within(around).played(of.exercise.cloned());
        let (model, hidden) = match names {
            Names::Kept => (model, Vec::new()),
            Names::Hidden => redact(&model, &people(&self.people)?),
        };
        Ok((Pack::of(model), hidden))
    }

    pub(in crate::cli) fn files(
        &self,
        pack: &Pack,
        formats: &[Format],
    ) -> Result<Vec<(&'static str, String)>, Failure> {
        let templates = self.templates()?;
        let file = |format: &Format| Ok((format.file(), render(pack, *format, &templates)?));
        formats.iter().map(file).collect::<Result<_, BadTemplate>>().map_err(|bad| {
            Failure::usage(
                bad.to_string(),
                "set it right, or begin again with `sitroom export --write-templates DIR`",
            )
        })
    }

    fn templates(&self) -> Result<Templates, Failure> {
        let mut templates = Templates::default();
        let Some(dir) = &self.templates else { return Ok(templates) };
        if !dir.is_dir() {
            let fix = "set export.templates right, or write one with `sitroom export --write-templates DIR`";
            return Err(Failure::usage(format!("{}: there is no such folder", dir.display()), fix));
        }
        let [(markdown, _), (html, _)] = Templates::BUILT_IN;
        for (name, text) in [(markdown, &mut templates.markdown), (html, &mut templates.html)] {
            let path = dir.join(name);
            if path.exists() {
                *text = fs::read_to_string(&path).map_err(|error| folder::unable(&path, &error))?;
            }
        }
        Ok(templates)
    }
}

/// Everybody who may come into this room, whether they had a part in it or not. A list that cannot be read would leave
/// names of those who are only spoken of in the pack, so nothing is hidden by halves.
#[cfg(feature = "ssh")]
fn people(file: &Path) -> Result<BTreeSet<Person>, Failure> {
    let register = crate::ssh::people::Register::read(file)?;
    Ok(register.people.into_iter().map(|listed| listed.person).collect())
}

#[cfg(not(feature = "ssh"))]
fn people(_: &Path) -> Result<BTreeSet<Person>, Failure> {
    Ok(BTreeSet::new())
}
