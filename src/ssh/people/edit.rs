//! Changing `people.toml` from the command line, with comments and order left as somebody wrote them.

use super::{PeopleError, Register, Visitor};
use crate::domain::Person;
use crate::domain::event::Role;
use crate::domain::rights::Right;
use crate::whole;
use russh::keys::PublicKey;
use std::fs;
use std::io;
use std::path::Path;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

/// Gives somebody a key and rights; what they had of keys stays.
pub fn add(
    file: &Path,
    person: &Person,
    key: &PublicKey,
    right: Right,
    role: Option<Role>,
) -> Result<(), PeopleError> {
    let taken = Register::read(file)?.of_key(key).filter(|owner| owner.person != *person);
    if let Some(Visitor { person: whose, .. }) = taken {
        return Err(PeopleError::Taken { whose });
    }
    change(file, |document| {
        let key = key.to_openssh().map_err(|error| error.to_string())?;
        let people = people(document)?;
        if !people.iter().any(|table| is(table, person)) {
            let mut table = Table::new();
            table["name"] = value(person.as_str());
            people.push(table);
        }
        let table = people.iter_mut().find(|table| is(table, person)).expect("it was just put there");
        table["rights"] = value(right.word());
        if let Some(role) = role {
            table["role"] = value(role.word());
        }
        let keys = table.entry("keys").or_insert(value(Array::new()));
        let keys = keys.as_array_mut().ok_or("keys is not a list")?;
        if !keys.iter().any(|known| known.as_str() == Some(&key)) {
            keys.push(key);
        }
        Ok(true)
    })
    .map(drop)
}

/// Takes somebody off the list; false when they were not on it.
pub fn remove(file: &Path, person: &Person) -> Result<bool, PeopleError> {
    change(file, |document| {
        let people = people(document)?;
        let before = people.len();
        people.retain(|table| !is(table, person));
        Ok(people.len() < before)
    })
}

/// Nothing is written unless what comes out can be read.
fn change(
    file: &Path,
    edit: impl FnOnce(&mut DocumentMut) -> Result<bool, String>,
) -> Result<bool, PeopleError> {
    let disk = |error| PeopleError::Disk { file: file.to_owned(), error };
    // Two who change it at once do so one after the other.
    let _alone = whole::alone(file).map_err(disk)?;
    Register::read(file)?;
    let wrong = |what| PeopleError::Wrong { file: file.to_owned(), what };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(disk(error)),
    };
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| wrong(error.message().to_owned()))?;
    let has_changed = edit(&mut document).map_err(wrong)?;
    if has_changed {
        whole::replace(file, document.to_string().as_bytes()).map_err(disk)?;
    }
    Ok(has_changed)
}

fn people(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, String> {
    let item = document.entry("person").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| "person is written [[person]]".to_owned())
}

fn is(table: &Table, person: &Person) -> bool {
    table.get("name").and_then(Item::as_str) == Some(person.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DANA: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti dana@laptop";

    #[test]
    fn what_is_added_can_be_read_and_removed_and_comments_stay() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config/people.toml");
        let (dana, key) = (Person::new("dana"), PublicKey::from_openssh(DANA).unwrap());
        add(&file, &dana, &key, Right::Respond, None).unwrap();
        fs::write(&file, format!("# who is on call\n{}", fs::read_to_string(&file).unwrap())).unwrap();
        add(&file, &dana, &key, Right::Command, Some(Role::Scribe)).unwrap();
        let found = Register::read(&file).unwrap().of_key(&key).unwrap();
        assert_eq!((found.person, found.right), (dana.clone(), Right::Command));
        assert!(fs::read_to_string(&file).unwrap().starts_with("# who is on call\n"));
        assert!(remove(&file, &dana).unwrap());
        assert!(!remove(&file, &dana).unwrap());
        assert_eq!(Register::read(&file).unwrap().of_key(&key), None);
    }

    #[test]
    fn a_list_with_a_mistake_is_not_written_over() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("people.toml");
        fs::write(&file, "[[person]]\nname = \"dana\"\nright = \"observe\"\n").unwrap();
        let error = remove(&file, &Person::new("dana")).unwrap_err().to_string();
        assert!(error.contains("people.toml: line") && error.contains("right"), "{error}");
    }
}
