//! Writing one account.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::model::{Agent, Deletion, User};
use shared::store::{Conflict, Store, StoreError};

use super::pace::{TRIES, pause};
use super::report::Outcome;
use super::row::Row;
use crate::connect::{is_no_connection, may_pass};

/// How an account is written.
#[derive(Clone)]
pub(super) struct Way {
    /// Nothing is written.
    pub is_dry: bool,
    /// The account is probably there: looking is cheaper than being refused.
    pub looks_first: bool,
    /// Whether the table has answered anything in this run: then a connection that is
    /// not there is waited for.
    pub has_answered: Arc<AtomicBool>,
}

/// What became of an account, after so many tries that failed.
pub(super) struct Written {
    pub outcome: Result<Outcome, StoreError>,
    pub failures: u32,
}

/// Writes an account, and tries again while the table is slow or gone for a moment.
pub(super) async fn write(store: &Store, row: &Row, way: &Way) -> Written {
    let mut failures = 0;
    loop {
        let outcome = once(store, row, way).await;
        let is_answer = outcome.as_ref().err().is_none_or(|error| !is_no_connection(error));
        let has_answered = way.has_answered.fetch_or(is_answer, Ordering::Relaxed) || is_answer;
        match outcome {
            Err(error) if failures + 1 < TRIES && may_pass(&error, has_answered) => failures += 1,
            // The answer to an earlier try was lost, not what it did.
            Ok(Outcome::There) if failures > 0 && is_of_this_run(store, row).await => {
                return Written { outcome: Ok(Outcome::Made), failures };
            }
            outcome => return Written { outcome, failures },
        }
        tokio::time::sleep(pause(failures)).await;
    }
}

/// Makes the account, or finds that it is there.
async fn once(store: &Store, row: &Row, way: &Way) -> Result<Outcome, StoreError> {
    let user = &row.account.user;
    if (way.is_dry || way.looks_first)
        && let Some(outcome) = in_the_way(store, row).await?
    {
        return Ok(outcome);
    }
    if way.is_dry {
        return Ok(Outcome::Made);
    }
    let Err(conflict) = store.import_account(&Agent::operator(), &row.account).await? else {
        return Ok(Outcome::Made);
    };
    if let Some(outcome) = in_the_way(store, row).await? {
        return Ok(outcome);
    }
    let is_taken = conflict == Conflict::UsernameTaken && user.username.is_some();
    Ok(refused(if is_taken { USERNAME_TAKEN } else { "was in somebody's way: run the import again" }))
}

const USERNAME_TAKEN: &str = "username: an account that is there has it";

/// Why the account is not to be made: it is there, or somebody has what it needs.
async fn in_the_way(store: &Store, row: &Row) -> Result<Option<Outcome>, StoreError> {
    let user = &row.account.user;
    if let Some(other) = store.user_by_email(&user.email).await? {
        return Ok(Some(match other.deletion {
            Some(Deletion { purge_at, .. }) => {
                refused(&format!("email: an account has it that deleted itself, restorable until {purge_at}"))
            }
            None if row.is(&other) => Outcome::There,
            None => refused("email: an account that is there has it"),
        }));
    }
    if store.user(user.id).await?.is_some() {
        return Ok(Some(refused("id: an account that is there has it, with another address")));
    }
    Ok(has_username(store, user).await?.then(|| refused(USERNAME_TAKEN)))
}

/// Whether the account that is there was made by this run: its epoch is when the run
/// began.
async fn is_of_this_run(store: &Store, row: &Row) -> bool {
    let user = &row.account.user;
    let there = store.user(user.id).await;
    there.is_ok_and(|there| there.is_some_and(|there| there.session_epoch == user.session_epoch))
}

async fn has_username(store: &Store, user: &User) -> Result<bool, StoreError> {
    match &user.username {
        Some(username) => Ok(!store.username_is_free(username).await?),
        None => Ok(false),
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused(vec![why.to_owned()])
}
