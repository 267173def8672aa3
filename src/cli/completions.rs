//! `sitroom completions` and `sitroom man`: made from the same definition the parser is.

use super::{Exit, Failure, Out, Run, Start, definition};
use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use std::io;

/// Completions for a shell, on standard output
#[derive(Debug, Args)]
pub(super) struct Completions {
    shell: Shell,
}

/// The manual page of the whole tool, on standard output
#[derive(Debug, Args)]
pub(super) struct Manual;

impl Run for Completions {
    fn run(&self, _: &Start, out: &mut Out) -> Result<Exit, Failure> {
        // clap_complete panics when it cannot write, so it writes into memory first.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut definition(), "sitroom", &mut script);
        out.text(String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}

impl Run for Manual {
    fn run(&self, _: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let mut page = Vec::new();
        whole(&mut page)?;
        out.text(String::from_utf8_lossy(&page))?;
        Ok(Exit::Done)
    }
}

/// The page of the tool, with a section for each command in place of a page for each.
fn whole(page: &mut Vec<u8>) -> io::Result<()> {
    let mut tool = definition();
    tool.build();
    let man = Man::new(tool.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    commands(&tool, page)?;
    man.render_extra_section(page)
}

fn commands(above: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    for command in above.get_subcommands() {
        if command.has_subcommands() {
            commands(command, page)?;
        } else {
            section(command, page)?;
        }
    }
    Ok(())
}

/// One command's own headings become the smaller kind; the flags that are the same everywhere stand above.
fn section(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let is_everywhere = |argument: &clap::Arg| argument.get_help_heading() == Some("Everywhere");
    let own = command.clone().mut_args(|argument| {
        let hide = is_everywhere(&argument);
        argument.hide(hide)
    });
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
    let man = Man::new(own);
    let mut text = Vec::new();
    man.render_description_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_options_section(&mut text)?;
    man.render_extra_section(&mut text)?;
    page.extend_from_slice(format!(".SH \"{name}\"\n").as_bytes());
    for line in String::from_utf8_lossy(&text).lines().filter(|line| *line != ".SH DESCRIPTION") {
        page.extend_from_slice(line.replacen(".SH ", ".SS ", 1).as_bytes());
        page.push(b'\n');
    }
    Ok(())
}
