//! `sitroom hostkey`: the key by which a served room is known, and its change without a shock to anybody.

use super::{Exit, Failure, Out, Run, Start};
use crate::ssh::hostkey;
use clap::{Args, Subcommand};
use russh::keys::PrivateKey;

/// Show, announce and change the key a served room is known by
#[derive(Debug, Args)]
#[command(
    after_help = "A change nobody is startled by: announce the next key, let everybody add both lines of `show` to their \
                  known_hosts, then change. A running server uses it from the next login on."
)]
pub(super) struct HostKey {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The lines for known_hosts: the key in use, and the announced one
    Show {
        /// How people call the room: room.internal, or [room.internal]:2222 where the port is not 22
        #[arg(long, value_name = "NAME", default_value = "[localhost]:2222")]
        host: String,
    },
    /// Make the next key, and let it be known beside the one in use
    Announce,
    /// Let the announced key take over, from the next login on
    Change,
}

impl Run for HostKey {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let data = &start.paths.data_dir;
        if !matches!(self.what, What::Show { .. }) {
            start.check_writable()?;
        }
        match &self.what {
            What::Show { host } => {
                let keys = [hostkey::read(&data.join(hostkey::FILE))?, hostkey::announced(data)?];
                for key in keys.into_iter().flatten() {
                    out.line(line(host, &key)?)?;
                }
            }
            What::Announce => {
                hostkey::open(data)?;
                let next = hostkey::announce(data)?;
                out.line(format_args!("announced {}", hostkey::fingerprint(&next)))?;
                out.line(
                    "let people add the lines of `sitroom hostkey show`, then `sitroom hostkey change`",
                )?;
            }
            What::Change => {
                let key = hostkey::change(data)?;
                out.line(format_args!(
                    "from the next login on the host key is {}",
                    hostkey::fingerprint(&key)
                ))?;
            }
        }
        Ok(Exit::Done)
    }
}

/// A line as `known_hosts` has it.
fn line(host: &str, key: &PrivateKey) -> Result<String, Failure> {
    let text = key.public_key().to_openssh().map_err(|error| {
        Failure::unable(format!("the host key cannot be written out: {error}"), "run `sitroom doctor`")
    })?;
    // What stands behind the key is a remark, and none of anybody's business.
    let key: Vec<_> = text.split(' ').take(2).collect();
    Ok(format!("{host} {}", key.join(" ")))
}
