//! What is counted of users. No event is counted: the worker compares what a user was
//! counted as, its mark, with what the user is, and moves mark and totals in one
//! transaction. So a record of the stream that comes twice, late or in another order
//! finds nothing to do. A sign-in or a day of activity has a mark that is made once,
//! together with the count.

mod activity;
mod items;
mod recount;
mod users;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::item::parse;
use super::key::{Item, Key, PK, SK, STATS_DAYS, STATS_MONTHS};
use super::{Store, StoreError};
use crate::model::{Day, DayCounts, MonthCounts, Totals, UserId};

pub use activity::Activity;
pub use recount::Recount;

/// What a batch of the stream tells.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Users that something happened to; and whether that they were made is among it.
    pub users: BTreeMap<UserId, bool>,
    /// What users did.
    pub activities: Vec<Activity>,
}

/// Whether there is time to begin something more.
pub type IsTime<'a> = dyn Fn() -> bool + Sync + 'a;

/// The error, if there is no more time.
fn in_time(is_time: &IsTime<'_>) -> Result<(), StoreError> {
    if is_time() {
        return Ok(());
    }
    Err(StoreError::Unavailable("no more time, the rest is for the next".into()))
}

/// A day's counts are kept for so many days.
const KEPT_DAYS: i32 = 400;

/// A stream keeps a record for a day; a mark stays for longer than it can come again.
const MARK_DAYS: i32 = 4;

/// So often marks that somebody else moves are read anew.
const ROUNDS: u32 = 12;

/// The numbers of a day or month; what was never counted is absent.
#[derive(Deserialize)]
struct Counts {
    #[serde(rename = "SK")]
    name: String,
    #[serde(default)]
    sign_ups: u64,
    #[serde(default)]
    sign_ins: u64,
    #[serde(default)]
    active_users: u64,
}

impl Store {
    /// Counts what a batch tells, each thing once, however often it is told, and as long as
    /// there `is_time`.
    ///
    /// # Errors
    /// When the table does not answer, others count the same all the time, or time is up.
    /// What was counted by then is not counted again.
    pub async fn count(&self, seen: &Seen, is_time: &IsTime<'_>) -> Result<(), StoreError> {
        let users: Vec<(UserId, bool)> = seen.users.iter().map(|(id, made)| (*id, *made)).collect();
        // Boxed: the SDK's futures are deep, and the compiler follows them only so far.
        Box::pin(self.count_users(&users, is_time)).await?;
        Box::pin(self.count_activities(&seen.activities, is_time)).await
    }

    /// How many users there are of each standing.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn user_totals(&self) -> Result<Totals, StoreError> {
        Ok(self.totals().await?.counted())
    }

    /// The counts of each day from `from` to `to`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn days(&self, from: Day, to: Day) -> Result<Vec<DayCounts>, StoreError> {
        let counts = self.counts(STATS_DAYS, &from.to_string(), &to.to_string()).await?;
        let days = std::iter::successors(Some(from), |day| Some(day.plus(1)).filter(|next| *next > *day));
        let days = days.take_while(|day| *day <= to);
        let oldest = Day::of(self.now()).plus(-KEPT_DAYS);
        let of = |day: Day| {
            let found = counts.get(&day.to_string()).filter(|_| day >= oldest);
            let number = |field: fn(&Counts) -> u64| found.map_or(0, field);
            let (sign_ups, sign_ins) = (number(|c| c.sign_ups), number(|c| c.sign_ins));
            DayCounts { day, sign_ups, sign_ins, active_users: number(|c| c.active_users) }
        };
        Ok(days.map(of).collect())
    }

    /// The counts of each month that has a day from `from` to `to`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn months(&self, from: Day, to: Day) -> Result<Vec<MonthCounts>, StoreError> {
        let counts = self.counts(STATS_MONTHS, &from.month(), &to.month()).await?;
        let months = std::iter::successors(Some(from), |day| {
            Some(day.next_month()).filter(|next| next.month() != day.month())
        });
        let months = months.map(Day::month).take_while(|month| *month <= to.month());
        let of = |month: String| {
            let active_users = counts.get(&month).map_or(0, |counts| counts.active_users);
            MonthCounts { month, active_users }
        };
        Ok(months.map(of).collect())
    }

    /// What was counted in a partition from the one name to the other.
    async fn counts(
        &self,
        partition: &str,
        from: &str,
        to: &str,
    ) -> Result<BTreeMap<String, Counts>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let query = QueryInput::builder()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression(format!("{PK} = :pk AND {SK} BETWEEN :from AND :to"))
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to));
        let mut counts = BTreeMap::new();
        for item in self.query_all(query).await? {
            let read: Counts = parse(item)?;
            counts.insert(read.name.clone(), read);
        }
        Ok(counts)
    }

    /// What the totals' item says.
    async fn totals(&self) -> Result<items::TotalsItem, StoreError> {
        let item: Item = self.get_item(&Key::totals()).await?.unwrap_or_default();
        items::TotalsItem::read(&item)
    }
}
