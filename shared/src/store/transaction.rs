//! Writes that happen together or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsInput};
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem, Update};
use jiff::Timestamp;

use super::audit::log;
use super::key::{Item, Key, PK, Record, TTL};
use super::terms::{Condition, Terms};
use super::{Store, StoreError};
use crate::model::AuditEvent;

/// What a condition of a transaction stands for: when it fails, the verb that
/// built the transaction knows what to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nobody has the e-mail address.
    EmailFree,
    /// Nobody has the username.
    UsernameFree,
    /// The ticket is still there.
    Ticket,
    /// The user is as it was read.
    User,
    /// The session is as it was read.
    Session,
    /// The second factor is as it was read, and the code unused.
    Factor,
    /// The one who acts is still an active admin.
    Actor,
    /// Another active admin remains.
    Witness,
    /// No more was done of it than may be.
    Limit,
    /// It was not counted yet, and those who count go by the same round.
    Uncounted,
    /// The post, or the comment, is there.
    Post,
    /// The item is as it was read.
    Unchanged,
}

/// Which guards refused a transaction. Nothing was written.
#[derive(Debug)]
pub(super) struct Refusal(Vec<Guard>);

impl Refusal {
    pub fn by(&self, guard: Guard) -> bool {
        self.0.contains(&guard)
    }
}

/// Up to 100 writes with their guards.
pub(super) struct Transaction {
    table: String,
    now: Timestamp,
    items: Vec<TransactWriteItem>,
    guards: Vec<Guard>,
    events: Vec<AuditEvent>,
}

impl Transaction {
    pub fn new(table: &str, now: Timestamp) -> Self {
        Self { table: table.to_owned(), now, items: Vec::new(), guards: Vec::new(), events: Vec::new() }
    }

    /// When it is written.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Writes a record where nothing lives.
    pub fn put_new<R: Record>(self, record: &R, guard: Guard) -> Result<Self, StoreError> {
        self.put(record.to_item()?, Terms::new().when_absent(PK), guard)
    }

    /// Writes a record where nothing lives, or nothing that counts: what is past its
    /// `ttl` is absent, though DynamoDB may take days to delete it.
    pub fn put_free<R: Record>(self, record: &R, guard: Guard) -> Result<Self, StoreError> {
        let absent = [Condition::Absent(PK), Condition::AtMost(TTL, self.now.as_second())];
        let terms = Terms::new().only_if(&Condition::Any(absent.into()));
        self.put(record.to_item()?, terms, guard)
    }

    /// Writes a record whatever lives there.
    pub fn put_over<R: Record>(self, record: &R) -> Result<Self, StoreError> {
        self.put(record.to_item()?, Terms::new(), Guard::Unchanged)
    }

    /// Writes down what the transaction does; it is logged once it is done.
    pub fn audit(mut self, mut event: AuditEvent) -> Result<Self, StoreError> {
        // What happens at once is listed in the order in which it was written down.
        if let Some(before) = self.events.last().map(|before| before.id) {
            event.id = event.id.max(before.above());
        }
        self = self.put_new(&event, Guard::Unchanged)?;
        self.events.push(event);
        Ok(self)
    }

    fn put(self, item: Item, terms: Terms, guard: Guard) -> Result<Self, StoreError> {
        let terms = terms.finish()?;
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .set_condition_expression(terms.condition)
            .set_expression_attribute_names(terms.names)
            .set_expression_attribute_values(terms.values)
            .build()
            .map_err(StoreError::encoding)?;
        Ok(self.with(guard, TransactWriteItem::builder().put(put).build()))
    }

    /// Changes an item on its conditions.
    pub fn update(self, key: &Key, terms: Terms, guard: Guard) -> Result<Self, StoreError> {
        let terms = terms.finish()?;
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .set_update_expression(terms.update)
            .set_condition_expression(terms.condition)
            .set_expression_attribute_names(terms.names)
            .set_expression_attribute_values(terms.values)
            .build()
            .map_err(StoreError::encoding)?;
        Ok(self.with(guard, TransactWriteItem::builder().update(update).build()))
    }

    /// Deletes an item on its conditions.
    pub fn delete(self, key: &Key, terms: Terms, guard: Guard) -> Result<Self, StoreError> {
        let terms = terms.finish()?;
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .set_condition_expression(terms.condition)
            .set_expression_attribute_names(terms.names)
            .set_expression_attribute_values(terms.values)
            .build()
            .map_err(StoreError::encoding)?;
        Ok(self.with(guard, TransactWriteItem::builder().delete(delete).build()))
    }

    /// Writes nothing, but lets the rest happen only on the conditions.
    pub fn check(self, key: &Key, terms: Terms, guard: Guard) -> Result<Self, StoreError> {
        let terms = terms.finish()?;
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .set_condition_expression(terms.condition)
            .set_expression_attribute_names(terms.names)
            .set_expression_attribute_values(terms.values)
            .build()
            .map_err(StoreError::encoding)?;
        Ok(self.with(guard, TransactWriteItem::builder().condition_check(check).build()))
    }

    /// The writes, for who makes them in another way.
    pub fn into_items(self) -> Vec<TransactWriteItem> {
        self.items
    }

    fn with(mut self, guard: Guard, item: TransactWriteItem) -> Self {
        self.items.push(item);
        self.guards.push(guard);
        self
    }
}

/// How often a transaction that met another one is tried in all. The pauses
/// between add up to at most 1.2 s, within a request's deadline.
pub(super) const ATTEMPTS: u32 = 6;

impl Store {
    pub(super) fn transaction(&self) -> Transaction {
        Transaction::new(&self.table, self.now())
    }

    /// Writes all or nothing. The outer error says that the table did not answer,
    /// the inner one which guards refused. A transaction that met another one is
    /// tried again, with one request token, so that none is written twice.
    pub(super) async fn commit(&self, transaction: Transaction) -> Result<Result<(), Refusal>, StoreError> {
        let token = uuid::Uuid::new_v4().to_string();
        for attempt in 0..ATTEMPTS {
            let request = TransactWriteItemsInput::builder()
                .set_transact_items(Some(transaction.items.clone()))
                .client_request_token(&token);
            let Err(error) = self.client.send(request).await else {
                transaction.events.iter().for_each(log);
                return Ok(Ok(()));
            };
            match reasons(error.as_service_error()) {
                Cancelled::Refused(failed) => {
                    let guards = failed.iter().filter_map(|i| transaction.guards.get(*i).copied());
                    return Ok(Err(Refusal(guards.collect())));
                }
                Cancelled::Conflict => {}
                Cancelled::Throttled => return Err(StoreError::Unavailable("throttled".into())),
                Cancelled::Other => return Err(error.into()),
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Unavailable("conflicts with other transactions".into()))
    }
}

/// Whether a single write met a transaction. The SDK does not try that again.
pub(super) fn is_conflict(error: &impl ProvideErrorMetadata) -> bool {
    error.code() == Some("TransactionConflictException")
}

/// "Full jitter": anything up to 25 ms doubled per attempt.
pub(super) fn pause(attempt: u32) -> Duration {
    Duration::from_millis(fastrand::u64(5..=25 << attempt.min(4)))
}

enum Cancelled {
    Refused(Vec<usize>),
    Conflict,
    Throttled,
    Other,
}

fn reasons(error: Option<&TransactWriteItemsError>) -> Cancelled {
    let cancelled = match error {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled,
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
            return Cancelled::Conflict;
        }
        _ => return Cancelled::Other,
    };
    let codes: Vec<&str> =
        cancelled.cancellation_reasons().iter().map(|r| r.code().unwrap_or("None")).collect();
    let failed: Vec<usize> = (0..codes.len()).filter(|i| codes[*i] == "ConditionalCheckFailed").collect();
    if !failed.is_empty() {
        Cancelled::Refused(failed)
    } else if codes.contains(&"TransactionConflict") {
        Cancelled::Conflict
    } else if codes.iter().any(|code| matches!(*code, "ThrottlingError" | "ProvisionedThroughputExceeded")) {
        Cancelled::Throttled
    } else {
        Cancelled::Other
    }
}
