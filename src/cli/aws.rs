//! The AWS accounts a configuration names: read, checked, and made into what is asked.

use super::Start;
use crate::domain::{Catalog, Time};
use crate::sources::Source;
use crate::sources::aws::{self, Account};
use std::sync::Arc;

/// The accounts that can be asked, and what is wrong with the others, a line each.
pub(super) fn accounts(start: &Start) -> (Vec<Account>, Vec<String>) {
    let (mut accounts, mut problems) = (Vec::new(), Vec::new());
    for (name, table) in &start.settings().aws {
        match Account::read(name, table) {
            Ok(account) => accounts.push(located(start, account)),
            Err(wrong) => {
                let place = start.paths.config_file.display();
                let fix = format!("mend [aws.{name}]; until then it is not asked");
                problems.push(format!("{place}: aws.{name}: {wrong}\n  {fix}"));
            }
        }
    }
    (accounts, problems)
}

pub(super) fn sources(start: &Start, catalog: &Catalog, now: Time) -> Vec<Box<dyn Source>> {
    aws::sources(&accounts(start).0, &Arc::new(catalog.clone()), now)
}

fn located(start: &Start, account: Account) -> Account {
    let config_file = account.config_file.as_deref().map(|path| start.paths.resolve(path));
    Account { config_file, ..account }
}
