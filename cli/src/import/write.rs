//! Writing one account.

use shared::model::{Agent, Deletion, User};
use shared::store::{Conflict, Store, StoreError};

use super::report::Outcome;
use super::row::Row;

/// Makes the account, or finds that it is there.
pub(super) async fn write(store: &Store, row: &Row, is_dry: bool) -> Result<Outcome, StoreError> {
    let user = &row.account.user;
    let conflict = if is_dry {
        None
    } else {
        match store.import_account(&Agent::operator(), &row.account).await? {
            Ok(()) => return Ok(Outcome::Made),
            Err(conflict) => Some(conflict),
        }
    };
    if let Some(other) = store.user_by_email(&user.email).await? {
        return Ok(match other.deletion {
            Some(Deletion { purge_at, .. }) => {
                refused(&format!("email: an account has it that deleted itself, restorable until {purge_at}"))
            }
            None if row.is(&other) => Outcome::There,
            None => refused("email: an account that is there has it"),
        });
    }
    if store.user(user.id).await?.is_some() {
        return Ok(refused("id: an account that is there has it, with another address"));
    }
    if conflict == Some(Conflict::UsernameTaken) || has_username(store, user).await? {
        return Ok(refused("username: an account that is there has it"));
    }
    Ok(if is_dry { Outcome::Made } else { refused("was in somebody's way: run the import again") })
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
