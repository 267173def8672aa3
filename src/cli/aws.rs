//! The AWS accounts a configuration names: read, checked, and made into what is asked.

mod logs;

use super::Start;
use super::open::live::Accounts;
use crate::domain::{Catalog, Clock};
use crate::sources::aws::{self, Account};
use crate::sources::catalog::Current;
use crate::tui::asking::AskLogs;
use logs::Logs;
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

/// What the accounts tell, and their logs to be asked.
pub(super) fn sources(start: &Start, catalog: &Current, clock: &Clock) -> Accounts {
    let now = clock.now();
    let accounts = accounts(start).0;
    let targets: Vec<_> = accounts.iter().flat_map(|account| aws::targets(account, catalog)).collect();
    let sources = aws::of_targets(&targets, now);
    let logs =
        (!targets.is_empty()).then(|| Arc::new(Logs { targets, clock: clock.clone() }) as Arc<dyn AskLogs>);
    (sources, logs)
}

/// Metrics of the catalog that cannot be asked because nobody says where they are, a line each.
pub(super) fn unplaced(start: &Start, catalog: Catalog) -> Vec<String> {
    aws::unplaced(&accounts(start).0, &Current::from(catalog))
}

fn located(start: &Start, account: Account) -> Account {
    let config_file = account.config_file.as_deref().map(|path| start.paths.resolve(path));
    Account { config_file, ..account }
}
