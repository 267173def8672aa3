//! Which commands may be run over SSH, and the right each needs: one table. What is not in it is for the server's own
//! shell.

use super::host::refused;
use crate::cli::definition;
use crate::domain::rights::Right;
use crate::ssh::Reply;
use clap::ArgMatches;
use clap::parser::ValueSource;

struct Remote {
    /// The subcommands, from the outermost in.
    path: &'static str,
    needs: Right,
    /// Arguments that name a file of the server: refused, unless they stand for the standard output.
    files: &'static [&'static str],
    /// What is said for them where they leave it out: an argument by its name, and the words.
    unless: Option<(&'static str, [&'static str; 2])>,
}

const REMOTE: &[Remote] = &[
    row("status", Right::Observe, &["scenario"]),
    row("services", Right::Observe, &["scenario"]),
    row("plan", Right::Observe, &["scenario"]),
    row("triggers", Right::Observe, &[]),
    row("incident list", Right::Observe, &[]),
    row("incident show", Right::Observe, &[]),
    row("incident declare", Right::Respond, &[]),
    row("incident sev", Right::Command, &[]),
    row("incident merge", Right::Command, &[]),
    row("incident update", Right::Respond, &[]),
    row("incident moment", Right::Respond, &[]),
    row("incident resolve", Right::Command, &[]),
    row("incident close", Right::Command, &[]),
    row("incident reopen", Right::Command, &[]),
    row("ic take", Right::Command, &[]),
    row("ic offer", Right::Command, &[]),
    row("ic accept", Right::Command, &[]),
    row("ic decline", Right::Respond, &[]),
    row("ic withdraw", Right::Respond, &[]),
    row("ic release", Right::Respond, &[]),
    row("ic next", Right::Command, &[]),
    row("role take", Right::Respond, &[]),
    row("role drop", Right::Respond, &[]),
    row("task add", Right::Respond, &[]),
    row("task edit", Right::Respond, &[]),
    row("task done", Right::Respond, &[]),
    row("task drop", Right::Respond, &[]),
    row("task reopen", Right::Respond, &[]),
    row("task list", Right::Observe, &[]),
    row("criterion add", Right::Respond, &[]),
    row("criterion edit", Right::Respond, &[]),
    row("criterion met", Right::Respond, &[]),
    row("criterion drop", Right::Respond, &[]),
    row("criterion reopen", Right::Respond, &[]),
    row("criterion list", Right::Observe, &[]),
    row("checklist templates", Right::Observe, &[]),
    row("checklist begin", Right::Respond, &[]),
    row("checklist tick", Right::Respond, &[]),
    row("checklist skip", Right::Respond, &[]),
    row("checklist reopen", Right::Respond, &[]),
    row("checklist list", Right::Observe, &[]),
    row("note", Right::Respond, &[]),
    row("emit deploy", Right::Respond, &[]),
    row("emit alarm", Right::Respond, &[]),
    row("emit change", Right::Respond, &[]),
    row("emit metric", Right::Respond, &[]),
    row("emit note", Right::Respond, &[]),
    row("readiness", Right::Observe, &["scenario"]),
    row("readiness sign", Right::Command, &[]),
    row("readiness withdraw", Right::Command, &[]),
    row("audit", Right::Administer, &[]),
    row("journal verify", Right::Observe, &["seal", "key"]),
    row("journal seal", Right::Administer, &[]),
    row("journal export", Right::Administer, &["file"]),
    row("catalog check", Right::Observe, &["place"]),
    row("catalog schema", Right::Observe, &[]),
    Remote {
        unless: Some(("out", ["--out", "-"])),
        ..row("export", Right::Observe, &["out", "templates", "write_templates"])
    },
    row("hostkey show", Right::Observe, &[]),
    row("keys", Right::Observe, &[]),
    row("themes", Right::Observe, &[]),
];

/// Where things are and who acts is the server's to say.
const SERVERS_OWN: [(&str, &str); 4] =
    [("config", "--config"), ("home", "--home"), ("me", "--as"), ("by_key", "--by-key")];

const fn row(path: &'static str, needs: Right, files: &'static [&'static str]) -> Remote {
    Remote { path, needs, files, unless: None }
}

/// `ssh` joins its words and the quotes are gone: what of a `note` is no flag is its line.
pub(super) fn with_its_line(words: Vec<String>) -> Vec<String> {
    if words.first().is_none_or(|command| command != "note") {
        return words;
    }
    let (mut line, mut flags) = (Vec::new(), Vec::new());
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let has_value = word == "--incident";
        if word.starts_with("--") {
            flags.push(word);
        } else {
            line.push(word);
        }
        flags.extend(has_value.then(|| words.next()).flatten());
    }
    let line = Some(line.join(" ")).filter(|line| !line.is_empty());
    std::iter::once("note".to_owned()).chain(line).chain(flags).collect()
}

/// Refuses what somebody with this right may not run; help is an answer as well. What it gives is to be said besides.
pub(super) fn check(words: &[String], held: Right) -> Result<&'static [&'static str], Reply> {
    if let [only] = words
        && ["help", "--help", "-h"].contains(&only.as_str())
    {
        let out = format!("These may be run over SSH, and each with --help:\n{}", known());
        return Err(Reply { out, ..Reply::default() });
    }
    let matches = definition().no_binary_name(true).try_get_matches_from(words).map_err(|usage| {
        let text = usage.render().to_string();
        if usage.use_stderr() {
            Reply { code: 2, err: text, ..Reply::default() }
        } else {
            Reply { out: text, ..Reply::default() }
        }
    })?;
    let (path, levels) = levels(&matches);
    let given = |id: &str| levels.iter().find(|level| is_given(level, id)).copied();
    if let Some((_, flag)) = SERVERS_OWN.iter().find(|(id, _)| given(id).is_some()) {
        return Err(refused(2, &format!("{flag} is the server's to say"), "leave it out"));
    }
    let Some(remote) = REMOTE.iter().find(|remote| remote.path == path) else {
        let what = if path.is_empty() {
            "no command was given".to_owned()
        } else {
            format!("{path} is not for SSH")
        };
        return Err(refused(2, &what, "`help` says which commands are"));
    };
    held.allows(remote.needs).map_err(|denied| {
        refused(1, &format!("{path}: {denied}"), "`sitroom people` on the server gives rights")
    })?;
    let is_file =
        |level: &&ArgMatches, id: &str| level.get_raw(id).is_some_and(|mut raw| raw.any(|name| name != "-"));
    if remote.files.iter().any(|id| given(id).filter(|level| is_file(level, id)).is_some()) {
        let what = format!("{path} touches no files of the server");
        return Err(refused(2, &what, "give - instead, or leave it out"));
    }
    Ok(match &remote.unless {
        Some((id, said)) if given(id).is_none() => said,
        _ => &[],
    })
}

/// The subcommands by name, and what was said at each.
fn levels(matches: &ArgMatches) -> (String, Vec<&ArgMatches>) {
    let (mut path, mut levels) = (Vec::new(), vec![matches]);
    while let Some((name, inner)) = levels.last().and_then(|level| level.subcommand()) {
        path.push(name);
        levels.push(inner);
    }
    (path.join(" "), levels)
}

fn is_given(level: &ArgMatches, id: &str) -> bool {
    level.ids().any(|known| known == id) && level.value_source(id) == Some(ValueSource::CommandLine)
}

fn known() -> String {
    REMOTE.iter().map(|remote| format!("  {}\n", remote.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(line: &str, held: Right) -> Result<&'static [&'static str], Reply> {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        check(&words, held)
    }

    #[test]
    fn every_command_of_the_table_exists() {
        for remote in REMOTE {
            let mut command = &definition();
            for name in remote.path.split(' ') {
                command = command.find_subcommand(name).unwrap_or_else(|| panic!("{}", remote.path));
            }
            for file in remote.files {
                assert!(command.get_arguments().any(|argument| argument.get_id() == *file), "{file}");
            }
        }
    }

    #[test]
    fn a_line_is_whole_whether_its_quotes_came_through_or_not() {
        let whole = |line: &str| with_its_line(crate::ssh::words::split(line).unwrap());
        let noted = ["note", "f -7m the pool is full", "--incident", "INC-2", "--json"];
        assert_eq!(whole("note f -7m --incident INC-2 the pool --json is full"), noted);
        assert_eq!(whole("note 'f -7m the pool is full' --incident INC-2 --json"), noted);
        assert_eq!(whole("note -"), ["note", "-"]);
        assert_eq!(whole("task add check the pool"), ["task", "add", "check", "the", "pool"]);
    }

    #[test]
    fn a_command_needs_its_right() {
        assert_eq!(checked("status --json", Right::Observe), Ok(&[][..]));
        assert_eq!(checked("note -", Right::Respond), Ok(&[][..]));
        let refusal = checked("note -", Right::Observe).unwrap_err();
        assert_eq!(refusal.code, 1);
        assert!(refusal.err.contains("needs the right to respond; you may observe"), "{refusal:?}");
        assert_eq!(checked("ic take", Right::Respond).unwrap_err().code, 1);
        assert_eq!(checked("journal export -", Right::Administer), Ok(&[][..]));
        assert_eq!(checked("export INC-7", Right::Observe), Ok(&["--out", "-"][..]));
        assert_eq!(checked("export --out - --format html", Right::Observe), Ok(&[][..]));
    }

    #[test]
    fn what_is_the_servers_stays_the_servers() {
        let lines = [
            "note - --as sam",
            "note - --by-key SHA256:mine",
            "--home /etc status",
            "status --config x",
            "status --scenario /etc/passwd",
            "journal export /etc/cron.d/x",
            "journal import -",
            "serve",
            "doctor",
            "export --out /etc",
            "export --write-templates /etc",
            "config init",
            "",
        ];
        for line in lines {
            assert_eq!(checked(line, Right::Administer).map_err(|reply| reply.code), Err(2), "{line}");
        }
    }

    #[test]
    fn help_is_an_answer() {
        let reply = checked("status --help", Right::Observe).unwrap_err();
        assert_eq!((reply.code, reply.err.as_str()), (0, ""));
        assert!(reply.out.contains("--json"));
    }
}
