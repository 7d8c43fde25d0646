//! The audit: events are put with the change that they tell of, where nothing is, and
//! read; no verb changes or deletes one, and no function may update or delete one.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};

use super::item::from_item;
use super::key::{INDEX, INDEX_PK, INDEX_SK, Key, PK, SK};
use super::record::audit_day;
use super::{Store, StoreError};
use crate::model::{Action, Actor, AuditEvent, EventId, UserId};
use crate::token::CLOCK_SKEW;

/// Which events.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditQuery {
    /// From this time on. `None`: with a subject from the beginning, else from 30
    /// days before `to`.
    pub from: Option<Timestamp>,
    /// Before this time. `None`: until now.
    pub to: Option<Timestamp>,
    /// Only what this one did.
    pub actor: Option<Actor>,
    /// Only what happened to this account. Without it, changes only: see
    /// [`AuditEvent::is_change`].
    pub subject: Option<UserId>,
    /// Only this.
    pub action: Option<Action>,
}

/// A page of events, the newest first.
#[derive(Debug)]
pub struct AuditPage {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// The next page has what is below this id; `None`: there is no more.
    pub next: Option<EventId>,
}

/// A page looks at so many events and so many days at most, so it may be short.
const EVALUATED: usize = 1000;
const DAYS: usize = 40;
/// With a filter, so many are looked at in one go.
const CHUNK: usize = 100;

impl AuditQuery {
    /// The least id asked for, and the least beyond.
    fn bounds(&self, now: Timestamp) -> (EventId, EventId) {
        // Other hosts' clocks may be a little ahead.
        let to = self.to.or_else(|| now.checked_add(SignedDuration::from_secs(CLOCK_SKEW)).ok());
        let to = to.unwrap_or(now);
        let month = SignedDuration::from_hours(24 * 30);
        let from = match (self.from, self.subject) {
            (Some(from), _) => from,
            (None, Some(_)) => Timestamp::UNIX_EPOCH,
            (None, None) => to.checked_sub(month).unwrap_or(Timestamp::UNIX_EPOCH),
        };
        (EventId::least_at(from), EventId::least_at(to))
    }

    fn admits(&self, event: &AuditEvent) -> bool {
        self.actor.is_none_or(|actor| actor == event.actor)
            && self.action.is_none_or(|action| action == event.action)
    }
}

impl Store {
    /// Writes down an event that comes with no change.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn record(&self, event: AuditEvent) -> Result<(), StoreError> {
        let transaction = self.transaction().audit(event)?;
        self.commit(transaction).await.map(|_| ())
    }

    /// A page of at most `limit` events below the id `below`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn audit(
        &self,
        query: &AuditQuery,
        below: Option<EventId>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        let is_filtered = query.actor.is_some() || query.action.is_some();
        let chunk = if is_filtered { CHUNK } else { limit + 1 };
        let (least, end) = query.bounds(self.now());
        let (mut below, mut events) = (below.map_or(end, |id| id.min(end)), Vec::new());
        let (mut evaluated, mut days) = (0, 0);
        while below > least {
            // What is next lies in one partition, down to `floor`.
            let floor = if query.subject.is_some() { least } else { least.max(day_of(below)) };
            let (found, lowest) = self.audit_chunk(query.subject, floor, below, chunk).await?;
            evaluated += found.len();
            days += 1;
            for event in found {
                let id = event.id;
                if query.admits(&event) {
                    if events.len() == limit {
                        return Ok(AuditPage { events, next: Some(below) });
                    }
                    events.push(event);
                }
                below = id;
            }
            // Also below what was read and is past its time.
            below = lowest.unwrap_or(floor);
            if evaluated >= EVALUATED || days >= DAYS {
                return Ok(AuditPage { events, next: (below > least).then_some(below) });
            }
        }
        Ok(AuditPage { events, next: None })
    }

    /// The newest `limit` events from `floor` up to below `below`, and the lowest id
    /// that was read; `None`: there are no others.
    async fn audit_chunk(
        &self,
        subject: Option<UserId>,
        floor: EventId,
        below: EventId,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, Option<EventId>), StoreError> {
        let (pk, sk, partition) = match subject {
            Some(subject) => (PK, SK, Key::audit_partition(subject)),
            None => (INDEX_PK, INDEX_SK, audit_day(below.below().time())),
        };
        let text = |id: EventId| AttributeValue::S(id.to_string());
        let request = QueryInput::builder()
            .table_name(&self.table)
            .set_index_name(subject.is_none().then(|| INDEX.to_owned()))
            .consistent_read(subject.is_some())
            .key_condition_expression(format!("{pk} = :partition AND {sk} BETWEEN :from AND :to"))
            .expression_attribute_values(":partition", AttributeValue::S(partition))
            .expression_attribute_values(":from", text(floor))
            .expression_attribute_values(":to", text(below.below()))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let output = self.client.send(request).await?;
        let lowest =
            output.last_evaluated_key.as_ref().and_then(|key| key.get(sk)?.as_s().ok()?.parse().ok());
        let mut items = output.items.unwrap_or_default();
        if subject.is_none() {
            items = self.get_all(&items.iter().filter_map(Key::of).collect::<Vec<_>>()).await?;
        }
        let mut events = Vec::with_capacity(items.len());
        for item in items {
            events.extend(from_item::<AuditEvent>(item, self.now())?);
        }
        events.sort_by_key(|event| std::cmp::Reverse(event.id));
        Ok((events, lowest))
    }
}

/// The least id of the day, in UTC, of what is just below `id`.
fn day_of(id: EventId) -> EventId {
    let second = id.below().time().as_second();
    let midnight = Timestamp::from_second(second - second.rem_euclid(24 * 60 * 60));
    EventId::least_at(midnight.unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Logs an event that was written.
pub(super) fn log(event: &AuditEvent) {
    let (action, details) =
        (event.action.as_str(), serde_json::to_string(&event.details).unwrap_or_default());
    if event.action.is_alarming() {
        tracing::warn!(event = action, actor = %event.actor, subject = %event.subject, details, "audit");
    } else {
        tracing::info!(event = action, actor = %event.actor, subject = %event.subject, details, "audit");
    }
}
