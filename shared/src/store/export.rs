//! Every account, whole, for who moves them to another table; and back.

use std::collections::HashMap;

use super::item::from_item;
use super::key::{Item, Key, PK, SK};
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
    /// Those whose items do not read as an account, or disagree.
    pub unreadable: Vec<UserId>,
    /// After which position the next page begins, if there is one.
    pub next: Option<String>,
}

/// What is there of an account.
enum Found {
    Account(Box<Account>),
    /// Something that does not read as one.
    Unreadable,
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
    /// When the table does not answer.
    pub async fn accounts(&self, after: Option<String>) -> Result<AccountPage, StoreError> {
        let (entries, next) = self.index_page(&Selection::Oldest, Filter::default(), after, PAGE).await?;
        let ids: Vec<UserId> = entries.iter().filter_map(|id| id.parse().ok()).collect();
        let (mut accounts, mut unreadable) = (Vec::with_capacity(ids.len()), Vec::new());
        // A user and its factor are two keys of a batch.
        for ids in ids.chunks(BATCH / 2) {
            let mut found = self.accounts_of(ids).await?;
            for id in ids {
                let account = match found.remove(id) {
                    Some(Found::Account(account)) if !account.is_whole() => self.account(*id).await?,
                    found => found,
                };
                match account {
                    Some(Found::Account(account)) => accounts.push(*account),
                    Some(Found::Unreadable) => unreadable.push(*id),
                    None => {}
                }
            }
        }
        Ok(AccountPage { accounts, unreadable, next })
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
    /// both is under way, or they disagree.
    async fn account(&self, id: UserId) -> Result<Option<Found>, StoreError> {
        for _ in 0..ATTEMPTS {
            match self.accounts_of(&[id]).await?.remove(&id) {
                Some(Found::Account(account)) if !account.is_whole() => {}
                found => return Ok(found),
            }
        }
        Ok(Some(Found::Unreadable))
    }

    async fn accounts_of(&self, ids: &[UserId]) -> Result<HashMap<UserId, Found>, StoreError> {
        let keys: Vec<Key> = ids.iter().flat_map(|id| [Key::user(*id), Key::totp(*id)]).collect();
        let (factors, users): (Vec<Item>, Vec<Item>) =
            self.get_all(&keys).await?.into_iter().partition(is_factor);
        let named: HashMap<String, UserId> = ids.iter().map(|id| (Key::user(*id).pk, *id)).collect();
        let whose = |item: &Item| named.get(item.get(PK)?.as_s().ok()?).copied();
        let mut accounts = HashMap::with_capacity(users.len());
        for item in users {
            let Some(id) = whose(&item) else { continue };
            match from_item::<User>(item, self.now()) {
                Ok(Some(user)) => {
                    accounts.insert(id, Found::Account(Box::new(Account { user, factor: None })))
                }
                Ok(None) => None,
                Err(_) => accounts.insert(id, Found::Unreadable),
            };
        }
        for item in factors {
            let Some(found) = whose(&item).and_then(|id| accounts.get_mut(&id)) else { continue };
            let Ok(factor) = from_item::<Totp>(item, self.now()) else {
                *found = Found::Unreadable;
                continue;
            };
            if let Found::Account(account) = found {
                account.factor = factor.filter(|factor| factor.confirmed_at.is_some());
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
