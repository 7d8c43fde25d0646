//! The user store: one DynamoDB table. Each verb does one thing wholly or not
//! at all, and reads what matters for a decision consistently.

mod accounts;
mod admins;
mod allowance;
mod attempts;
mod audit;
mod authors;
mod belonging;
mod cascade;
mod changes;
mod claim;
mod comments;
mod deletion;
mod enrolment;
mod error;
mod export;
mod factor;
mod guesses;
mod invitations;
mod item;
mod key;
mod keys;
mod limit;
mod list;
mod mail_text;
mod mfa;
mod nobody;
mod orphans;
mod outbox;
mod pages;
mod posts;
mod profile;
mod record;
mod registration;
mod revocation;
pub mod schema;
mod second_step;
mod seed;
mod sessions;
mod stats;
mod stream;
mod terms;
mod tickets;
mod transaction;
mod written;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput};
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

pub use admins::AdminError;
pub use allowance::Priority;
pub use attempts::{Attempt, Begun, Counter};
pub use audit::{AuditPage, AuditQuery};
pub use cascade::{Cleared, Removed};
pub use error::StoreError;
pub use export::{Account, AccountPage};
pub use guesses::{BegunGuess, Forgiven, Guess, Guesses};
pub use invitations::{NotInvited, NotInvitedAgain, Once};
pub use keys::PrivateKey;
pub use limit::{Limit, Rate};
pub use list::{Filter, Listed, Selection};
pub use mail_text::MailText;
pub use mfa::{Proof, Proven, Totp};
pub use orphans::Orphans;
pub use outbox::mail_id;
pub use posts::{Change, Denied, Written};
pub use profile::{Profile, ProfileError};
pub use registration::Conflict;
pub use revocation::Revoked;
pub use seed::Seed;
pub use sessions::{Lifetimes, Rotation, SessionKeys};
pub use stats::{Activity, IsTime, Recount, Seen};
pub use stream::Touched;
pub use tickets::{MAX_TRIES, Redeemed};
pub use written::{Most, Writings};

use crate::aws::TableClient;
use crate::clock::Clock;
use item::from_item;
use key::{Item, Key, Record};
use terms::Terms;
use transaction::{ATTEMPTS, is_conflict, pause};

/// The user store. Clones share one client.
#[derive(Clone, Debug)]
pub struct Store {
    client: TableClient,
    table: String,
    clock: Clock,
}

/// `BatchGetItem` takes at most 100 keys.
const BATCH: usize = 100;

impl Store {
    /// The store in `table`, by a configuration. Connects to nothing.
    #[must_use]
    pub fn new(sdk: &SdkConfig, table: impl Into<String>, clock: Clock) -> Self {
        Self { client: TableClient::new(sdk), table: table.into(), clock }
    }

    /// Now, by the store's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Reads one record, consistently.
    async fn get<R: Record>(&self, key: &Key) -> Result<Option<R>, StoreError> {
        self.get_item(key).await?.map_or(Ok(None), |item| from_item(item, self.now()))
    }

    /// Reads one item, consistently.
    async fn get_item(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let request = GetItemInput::builder()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true);
        Ok(self.client.send(request).await?.item)
    }

    /// Reads items by key, consistently, in no order. What DynamoDB leaves
    /// unprocessed is asked for again, and is never taken for absent.
    async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        self.get_parts(keys, &[]).await
    }

    /// The same, but of each item these attributes only; with none named, all.
    async fn get_parts(&self, keys: &[Key], attributes: &[&str]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let mut wanted = Some(batch.iter().map(Key::attributes).collect::<Vec<_>>());
            for attempt in 0..4 {
                let Some(keys) = wanted.take() else { break };
                if attempt > 0 {
                    tokio::time::sleep(pause(attempt)).await;
                }
                let (mut found, rest) = self.get_batch(keys, attributes).await?;
                items.append(&mut found);
                wanted = rest;
            }
            if wanted.is_some() {
                return Err(StoreError::Unavailable("unprocessed keys".into()));
            }
        }
        Ok(items)
    }

    async fn get_batch(
        &self,
        keys: Vec<Item>,
        attributes: &[&str],
    ) -> Result<(Vec<Item>, Option<Vec<Item>>), StoreError> {
        let names: Vec<String> = attributes.iter().map(|name| format!("#{name}")).collect();
        let meant = names.iter().cloned().zip(attributes.iter().map(|name| (*name).to_owned())).collect();
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .set_projection_expression((!names.is_empty()).then(|| names.join(", ")))
            .set_expression_attribute_names((!names.is_empty()).then_some(meant))
            .build()
            .map_err(StoreError::encoding)?;
        let request = BatchGetItemInput::builder().request_items(&self.table, request);
        let output = self.client.send(request).await?;
        let found = output.responses.and_then(|mut tables| tables.remove(&self.table));
        let rest = output.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
        let rest = rest.map(|rest| rest.keys).filter(|keys| !keys.is_empty());
        Ok((found.unwrap_or_default(), rest))
    }

    /// Deletes one item; says nothing of whether it was there.
    async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        for attempt in 0..ATTEMPTS {
            let request = DeleteItemInput::builder().table_name(&self.table).set_key(Some(key.attributes()));
            match self.client.send(request).await {
                Ok(_) => return Ok(()),
                Err(error) if is_conflict(&error) => tokio::time::sleep(pause(attempt)).await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unavailable("conflicts with transactions".into()))
    }

    /// One conditional update. The inner error holds the item that refused it.
    async fn update(&self, key: &Key, terms: Terms) -> Result<Result<Item, Option<Item>>, StoreError> {
        let terms = terms.finish()?;
        for attempt in 0..ATTEMPTS {
            let request = UpdateItemInput::builder()
                .table_name(&self.table)
                .set_key(Some(key.attributes()))
                .set_update_expression(terms.update.clone())
                .set_condition_expression(terms.condition.clone())
                .set_expression_attribute_names(terms.names.clone())
                .set_expression_attribute_values(terms.values.clone())
                .return_values(ReturnValue::AllNew)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            match self.client.send(request).await {
                Ok(output) => return Ok(Ok(output.attributes.unwrap_or_default())),
                Err(error) if is_conflict(&error) => tokio::time::sleep(pause(attempt)).await,
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                        return Ok(Err(failed.item().cloned()));
                    }
                    _ => return Err(error.into()),
                },
            }
        }
        Err(StoreError::Unavailable("conflicts with transactions".into()))
    }
}
