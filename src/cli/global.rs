//! The flags every command takes, and what they mean to the configuration.

use crate::config::Override;
use clap::Args;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The configuration file, instead of the one `config path` names
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Keep configuration, data and state under this directory
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Who you are in the journal
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub me: Option<String>,
    /// The key they came with over SSH, for the journal: the server says it of those it let in
    #[arg(long = "by-key", global = true, value_name = "FINGERPRINT", hide = true)]
    pub by_key: Option<String>,
    /// Change nothing: look, and leave everything as it is
    #[arg(long, global = true)]
    pub read_only: bool,
    /// The theme, by its name in `themes`
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// The keymap: default, vim, emacs, or one of your own
    #[arg(long, global = true, value_name = "NAME")]
    pub keymap: Option<String>,
    /// Show it on a wall: it turns by itself between what is worth seeing, and nothing can be changed
    #[arg(long, global = true)]
    pub kiosk: bool,
    /// Draw with ASCII only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Use no colours
    #[arg(long, global = true)]
    pub no_color: bool,
}

impl Global {
    /// The settings they stand for, as the last layer over the configuration.
    pub fn overrides(&self) -> Vec<Override> {
        let said = [
            ("me", self.me.clone()),
            ("read_only", self.read_only.then(|| "true".to_owned())),
            ("ui.theme", self.theme.clone()),
            ("ui.keymap", self.keymap.clone()),
            ("ui.ascii", self.ascii.then(|| "true".to_owned())),
            ("ui.color", self.no_color.then(|| "never".to_owned())),
        ];
        said.into_iter().filter_map(|(key, value)| Some(Override::new(key, value?))).collect()
    }
}
