//! `sitroom people`: who may come into the served room, and what they may do there.

use super::words::person;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::Person;
use crate::domain::event::Role;
use crate::domain::rights::Right;
use crate::ssh::people::{self, Register, Seat};
use clap::{Args, Subcommand};
use russh::keys::PublicKey;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Who may come in over SSH, and what they may do
#[derive(Debug, Args)]
pub(super) struct People {
    #[command(subcommand)]
    what: What,
    /// The list, instead of people.toml beside the configuration
    #[arg(long, global = true, value_name = "FILE")]
    people: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let somebody in with a key, or change what they may do
    Add {
        #[arg(value_name = "NAME", value_parser = person)]
        name: Person,
        /// Their public key, as in id_ed25519.pub
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// observe, respond, command or administer
        #[arg(long, value_name = "RIGHT")]
        rights: Right,
        /// What they usually do in an incident: it is the first they are offered
        #[arg(long, value_name = "ROLE")]
        role: Option<Role>,
    },
    /// Let somebody in no more; their open sessions end
    Remove {
        #[arg(value_name = "NAME", value_parser = person)]
        name: Person,
    },
    /// Everybody who may come in
    List {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    people: Vec<Row>,
    authorities: Vec<Signer>,
}

/// Who signs certificates for people of the list, and the most that one gives.
#[derive(Serialize)]
struct Signer {
    key: String,
    rights: Right,
}

#[derive(Serialize)]
struct Row {
    name: String,
    rights: Right,
    role: Option<&'static str>,
    kiosk: bool,
    keys: Vec<String>,
}

impl Run for People {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let file = self.people.clone().unwrap_or_else(|| start.paths.people_file());
        if matches!(self.what, What::Add { .. } | What::Remove { .. }) {
            start.check_writable()?;
        }
        match &self.what {
            What::Add { name, key, rights, role } => {
                people::add(&file, name, &public_key(key)?, *rights, *role)?;
                out.line(format_args!("{name} may {rights}"))?;
            }
            What::Remove { name } => {
                if !people::remove(&file, name)? {
                    return Err(Failure::no(
                        format!("{name} is not on the list"),
                        "`sitroom people list` has everybody",
                    ));
                }
                out.line(format_args!("{name} may come in no more"))?;
            }
            What::List { json } => list(&Register::read(&file)?, *json, out)?,
        }
        for what in Register::read(&file)?.troubles {
            Failure::no(what, format!("it is passed over; correct it in {}", file.display())).report();
        }
        Ok(Exit::Done)
    }
}

fn list(register: &Register, is_json: bool, out: &mut Out) -> Result<(), Failure> {
    let rows = register.people.iter().map(|listed| Row {
        name: listed.person.to_string(),
        rights: listed.right,
        role: listed.role.map(Role::word),
        kiosk: listed.seat == Seat::Wall,
        keys: listed.keys.iter().map(ToString::to_string).collect(),
    });
    let signers = register.authorities.iter();
    let signers = signers.map(|it| Signer { key: it.key.to_string(), rights: it.right });
    if is_json {
        let (people, authorities) = (rows.collect(), signers.collect());
        return out.json(&Document { schema: "sitroom/people/1", people, authorities });
    }
    for row in rows {
        let role = if row.kiosk { "a wall" } else { row.role.unwrap_or("-") };
        let (name, rights) = (&row.name, row.rights.word());
        out.line(format_args!("{name:16}  {rights:10}  {role:16}  {}", row.keys.join(" ")))?;
    }
    for Signer { key, rights } in signers {
        let rights = rights.word();
        out.line(format_args!("{:16}  {rights:10}  {:16}  {key}", "(an authority)", "signs for them"))?;
    }
    Ok(())
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    let place = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::unable(format!("{place}: {error}"), "name a file that can be read"))?;
    let key = PublicKey::from_openssh(text.trim()).map_err(|_| {
        Failure::usage(
            format!("{place}: it is no public key of OpenSSH"),
            "give the .pub file, one line that begins with ssh-ed25519 or the like",
        )
    })?;
    if !people::is_modern(&key) {
        let fix = "`ssh-keygen -t ed25519` makes one that does";
        return Err(Failure::no(format!("{place}: an RSA key does not open the room"), fix));
    }
    Ok(key)
}

/// Where there is a list of who may come in, it tells who could never accept. On this host everybody may, so it stops
/// nobody.
pub(super) fn doubt(start: &Start, to: &Person) {
    let file = start.paths.people_file();
    let Ok(register) = Register::read(&file) else { return };
    let why = match register.listed(to) {
        _ if register.people.is_empty() => return,
        Some(listed) if listed.right >= Right::Command => return,
        Some(listed) => format!("may only {}", listed.right.word()),
        None => "is unknown".to_owned(),
    };
    let fix = "`sitroom ic withdraw` takes the offer back; `sitroom people list` says who may command";
    Failure::no(format!("{to} {why} in {}: over SSH the offer cannot be accepted", file.display()), fix)
        .report();
}
