//! Counting users anew, while the worker counts on.
//!
//! A round has a number. While one is under way, each mark that moves, by the worker or
//! by the walk through all users, is counted into it, beside the totals; a user whose
//! mark is of the round is not counted into it twice. When all were walked through, what
//! the round found becomes the totals. Marks of earlier rounds are in nothing from then
//! on: whoever is gone without the worker having seen it is not counted any more.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::super::item::parse;
use super::super::key::{INDEX, INDEX_PK, INDEX_SK, Item, Key, USERS};
use super::super::terms::Terms;
use super::super::transaction::pause;
use super::super::{Store, StoreError};
use super::ROUNDS;
use super::items::next;
use crate::model::{Standing, Totals, UserId};

/// Users as a page of the index has them.
struct ListedPage {
    users: Vec<(UserId, Standing)>,
    after: Option<Item>,
}

/// What the index projects of a user.
#[derive(serde::Deserialize)]
struct Entry {
    #[serde(rename = "GSI1SK")]
    id: UserId,
    #[serde(flatten)]
    standing: Standing,
}

/// What a recount found.
#[derive(Clone, Debug)]
pub struct Recount {
    /// What the worker counted.
    pub kept: Totals,
    /// What the list of users says.
    pub found: Totals,
    /// Whether something was counted meanwhile: then a difference may be that.
    pub is_moving: bool,
}

impl Store {
    /// Counts the users in the list, page by page, and changes nothing. `progress` is
    /// told how many were counted so far.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn recount(&self, mut progress: impl FnMut(u64)) -> Result<Recount, StoreError> {
        let before = self.totals().await?;
        let (mut found, mut after, mut number) = (Totals::default(), None, 0);
        loop {
            let page = self.listed_page(after).await?;
            page.users.iter().for_each(|(_, standing)| found.add(*standing));
            number += page.users.len() as u64;
            progress(number);
            after = page.after;
            if after.is_none() {
                break;
            }
        }
        let kept = self.totals().await?;
        Ok(Recount { kept: kept.counted(), found, is_moving: kept.version != before.version })
    }

    /// Counts all users anew and makes what it finds the totals. One that was
    /// interrupted is gone on with. The worker may count on meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn repair_totals(&self, mut progress: impl FnMut(u64)) -> Result<(), StoreError> {
        let before = self.totals().await?.round;
        let begin = Terms::new()
            .set("next_round", before.unwrap_or(0) + 1)
            .add("version", 1)
            .when_same("round", before)
            .when_absent("next_round");
        // Refused: one is under way, and this goes on with it.
        let _ = self.update(&Key::totals(), begin).await?;
        let (mut after, mut number) = (None, 0);
        loop {
            let page = self.listed_page(after).await?;
            let users: Vec<(UserId, bool)> = page.users.iter().map(|(id, _)| (*id, false)).collect();
            self.count_users(&users, &|| true).await?;
            number += users.len() as u64;
            progress(number);
            after = page.after;
            if after.is_none() {
                break;
            }
        }
        self.finish_round().await
    }

    async fn finish_round(&self) -> Result<(), StoreError> {
        for attempt in 0..ROUNDS {
            let totals = self.totals().await?;
            // Another one has finished it.
            let Some(round) = totals.next_round else { return Ok(()) };
            let mut terms = Terms::new()
                .set("round", round)
                .remove("next_round")
                .set("version", totals.version.unwrap_or(0) + 1)
                .when_same("version", totals.version);
            for name in Standing::all().map(Standing::name) {
                terms = terms.set(&name, totals.number(&next(&name))).remove(&next(&name));
            }
            if self.update(&Key::totals(), terms).await?.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Unavailable("the totals move all the time".into()))
    }

    async fn listed_page(&self, after: Option<Item>) -> Result<ListedPage, StoreError> {
        let request = QueryInput::builder()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression(format!("{INDEX_PK} = :users"))
            .expression_attribute_values(":users", AttributeValue::S(USERS.into()))
            .projection_expression(format!("{INDEX_SK}, #role, #status"))
            .expression_attribute_names("#role", "role")
            .expression_attribute_names("#status", "status")
            .set_exclusive_start_key(after);
        let output = self.client.send(request).await?;
        let entries = output.items.unwrap_or_default().into_iter().map(parse::<Entry>);
        let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
        let users = entries.into_iter().map(|entry| (entry.id, entry.standing)).collect();
        Ok(ListedPage { users, after: output.last_evaluated_key })
    }
}
