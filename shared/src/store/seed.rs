//! Accounts by the thousand, into a table of their own: for measurements.

use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemInput;
use aws_sdk_dynamodb::types::{PutRequest, TransactWriteItem, WriteRequest};
use jiff::Timestamp;

use super::key::{Item, TTL};
use super::registration::new_user;
use super::sessions::signed_in;
use super::transaction::{ATTEMPTS, Guard, pause};
use super::{Store, StoreError};
use crate::model::{Agent, Session, User};

/// `BatchWriteItem` takes at most 25 items.
const AT_ONCE: usize = 25;

/// An account, and the sessions that its owner has open.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Who made it: in the audit.
    pub agent: Agent,
    /// The account.
    pub user: User,
    /// The sessions.
    pub sessions: Vec<Session>,
}

impl Store {
    /// Writes accounts as they are once their owners have registered and signed in: the
    /// very items of the transactions that do so, but for those that are past their `ttl`.
    /// What the worker counts of them is not among them. Nothing is asked: what is there
    /// is written over, so this is for a table that nobody uses. Returns how many items
    /// were written.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn seed(&self, accounts: &[Seed]) -> Result<usize, StoreError> {
        let mut items = Vec::new();
        for account in accounts {
            items.extend(self.items_of(account)?);
        }
        for some in items.chunks(AT_ONCE) {
            self.write_all(some).await?;
        }
        Ok(items.len())
    }

    fn items_of(&self, account: &Seed) -> Result<Vec<Item>, StoreError> {
        let agent = &account.agent;
        let made = new_user(self.transaction(), agent, &account.user, account.user.id.created_at())?;
        let mut transactions = vec![made];
        for session in &account.sessions {
            let opened = self.transaction().put_new(session, Guard::Session)?;
            transactions.push(opened.audit(signed_in(agent, session))?);
        }
        let now = self.now();
        let writes = transactions.into_iter().flat_map(super::transaction::Transaction::into_items);
        Ok(writes.filter_map(put).filter(|item| !is_past(item, now)).collect())
    }

    async fn write_all(&self, items: &[Item]) -> Result<(), StoreError> {
        let write = |item: &Item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build();
            put.map(|put| WriteRequest::builder().put_request(put).build())
        };
        let mut rest: Vec<_> =
            items.iter().map(write).collect::<Result<_, _>>().map_err(StoreError::encoding)?;
        for attempt in 0..ATTEMPTS {
            let request = BatchWriteItemInput::builder().request_items(&self.table, rest);
            let output = self.client.send(request).await?;
            let left = output.unprocessed_items.and_then(|mut tables| tables.remove(&self.table));
            rest = left.unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Unavailable("unprocessed items".into()))
    }
}

fn put(write: TransactWriteItem) -> Option<Item> {
    write.put.map(|put| put.item)
}

fn is_past(item: &Item, now: Timestamp) -> bool {
    let ttl = item.get(TTL).and_then(|ttl| ttl.as_n().ok()).and_then(|ttl| ttl.parse::<i64>().ok());
    ttl.is_some_and(|ttl| ttl <= now.as_second())
}
