//! Every account, whole, for who moves them to another table; and back.

use std::collections::HashMap;

use super::key::{Item, Key, SK, from_item};
use super::list::{Filter, Selection};
use super::mfa::Totp;
use super::registration::{Conflict, new_user};
use super::{BATCH, Store, StoreError};
use crate::model::{Agent, User, UserId};

/// A user and all else that has to come along for it to sign in as ever.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user.
    pub user: User,
    /// Its second factor, if it has confirmed one.
    pub factor: Option<Totp>,
}

/// Some of the accounts.
#[derive(Debug)]
pub struct AccountPage {
    /// The accounts, the oldest first.
    pub accounts: Vec<Account>,
    /// After which position the next page begins, if there is one.
    pub next: Option<String>,
}

/// So many are listed at a time.
const PAGE: usize = 1000;
/// An account that changes while it is read is read again so often.
const ATTEMPTS: usize = 4;

impl Store {
    /// Accounts after the position `after`, the oldest first, found through the index:
    /// one that was made a moment ago may be missing. Each is as it was at one time, not
    /// all at the same.
    ///
    /// # Errors
    /// When the table does not answer; `Broken` when an account and its second factor
    /// disagree.
    pub async fn accounts(&self, after: Option<String>) -> Result<AccountPage, StoreError> {
        let (entries, next) = self.index_page(&Selection::Oldest, Filter::default(), after, PAGE).await?;
        let ids: Vec<UserId> = entries.iter().filter_map(|id| id.parse().ok()).collect();
        let mut accounts = Vec::with_capacity(ids.len());
        // A user and its factor are two keys of a batch.
        for ids in ids.chunks(BATCH / 2) {
            let mut found = self.accounts_of(ids).await?;
            for id in ids {
                let account = match found.remove(id) {
                    Some(account) if account.is_whole() => Some(account),
                    Some(_) => self.account(*id).await?,
                    None => None,
                };
                accounts.extend(account);
            }
        }
        Ok(AccountPage { accounts, next })
    }

    /// Makes an account that was exported, or comes from another system. Nobody is
    /// mailed.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn import_account(
        &self,
        agent: &Agent,
        account: &Account,
    ) -> Result<Result<(), Conflict>, StoreError> {
        let mut transaction = new_user(self.transaction(), agent, &account.user, self.now())?;
        if let Some(factor) = &account.factor {
            transaction = transaction.put_over(factor)?;
        }
        Ok(self.commit(transaction).await?.map_err(Conflict::from))
    }

    /// One account. A batch is no snapshot: where user and factor differ, a change of
    /// both is under way.
    async fn account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        for _ in 0..ATTEMPTS {
            match self.accounts_of(&[id]).await?.remove(&id) {
                Some(account) if !account.is_whole() => {}
                found => return Ok(found),
            }
        }
        Err(StoreError::Broken(format!("the user {id} disagrees with its second factor")))
    }

    async fn accounts_of(&self, ids: &[UserId]) -> Result<HashMap<UserId, Account>, StoreError> {
        let keys: Vec<Key> = ids.iter().flat_map(|id| [Key::user(*id), Key::totp(*id)]).collect();
        let (factors, users): (Vec<Item>, Vec<Item>) =
            self.get_all(&keys).await?.into_iter().partition(is_factor);
        let mut accounts = HashMap::with_capacity(users.len());
        for item in users {
            if let Some(user) = from_item::<User>(item, self.now())? {
                accounts.insert(user.id, Account { user, factor: None });
            }
        }
        for item in factors {
            let factor = from_item::<Totp>(item, self.now())?.filter(|factor| factor.confirmed_at.is_some());
            if let Some(factor) = factor
                && let Some(account) = accounts.get_mut(&factor.user_id)
            {
                account.factor = Some(factor);
            }
        }
        Ok(accounts)
    }
}

impl Account {
    fn is_whole(&self) -> bool {
        self.user.mfa_since.is_some() == self.factor.is_some()
    }
}

fn is_factor(item: &Item) -> bool {
    let totp = Key::totp(UserId::NOBODY).sk;
    item.get(SK).and_then(|sk| sk.as_s().ok()) == Some(&totp)
}
