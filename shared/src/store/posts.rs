//! Posts. What is written about one is written together: the post, its place in the
//! list, and its place among what its author wrote.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::accounts::guard_actor;
use super::claim::{Authored, ListedPost};
use super::key::{Item, Key, POST_PREFIX, POSTS, Record};
use super::terms::Terms;
use super::transaction::{Guard, Refusal, Transaction};
use super::written::after;
use super::{Counter, Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Post, PostId, PostText, PostTitle, Status, UserId};

/// A page ends after so much text, for a page of 100 of the longest would read 4 MB, which
/// is 1,000 units of the table's.
pub(super) const PAGE_BYTES: usize = 256 * 1024;
/// So many are read in one go before that is looked at: 1 MB at most.
pub(super) const AT_ONCE: usize = 25;

/// Why a post or comment was not written. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The post, or the comment, is not there (any more).
    Gone,
    /// The one who acts is no longer active or, on what another one wrote, no longer an
    /// admin.
    ActorLost,
    /// It wrote as much as it may. So many whole seconds later it may go on.
    TooMany(u32),
}

/// What became of a write.
pub type Written<T = ()> = Result<T, Denied>;

/// What to change in a post. `None` leaves a part as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A new title.
    pub title: Option<PostTitle>,
    /// A new text.
    pub body: Option<PostText>,
}

impl Store {
    /// Writes a post, while its author is active and `written` lets one more pass.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn create_post(&self, post: &Post, written: &Counter) -> Result<Written, StoreError> {
        let transaction = written
            .counted(active_user(self.transaction(), post.author_id)?)?
            .put_new(post, Guard::Unchanged)?
            .put_new(&ListedPost { post_id: post.id }, Guard::Unchanged)?
            .put_new(&authored(post), Guard::Unchanged)?;
        Ok(self.commit(transaction).await?.map_err(|refusal| self.refused(&refusal, written)))
    }

    /// The post of that id; also one of an author who has deleted itself: see
    /// [`Store::shows`].
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn post(&self, id: PostId) -> Result<Option<Post>, StoreError> {
        self.get(&Key::post(id)).await
    }

    /// A page of at most `limit` posts, or some 256 KB of text, below the id `below`, the
    /// newest first, and where the next page begins. One that is deleted meanwhile is missing, and those
    /// of authors who have deleted themselves are.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn posts(
        &self,
        below: Option<PostId>,
        limit: usize,
    ) -> Result<(Vec<Post>, Option<PostId>), StoreError> {
        let mut below = below.map(|id| id.to_string());
        let (ids, listed) = loop {
            let listed = self.newest(POSTS, POST_PREFIX, below, limit + 1).await?;
            // The key says it all; one that says nothing is passed over.
            let id = |item| after(item, POST_PREFIX)?.parse().ok();
            let ids: Vec<PostId> = listed.iter().filter_map(id).collect();
            if !ids.is_empty() || listed.len() <= limit {
                break (ids, listed);
            }
            below = listed.last().and_then(|item| after(item, POST_PREFIX));
        };
        let keys: Vec<Key> = ids.iter().take(limit).copied().map(Key::post).collect();
        let (mut posts, mut taken, mut bytes) = (Vec::new(), 0, 0);
        for some in keys.chunks(AT_ONCE) {
            let (read, _) = self.in_order::<Post>(some).await?;
            bytes += read.iter().map(|post| post.body.as_str().len()).sum::<usize>();
            taken += some.len();
            posts.extend(read);
            if bytes >= PAGE_BYTES {
                break;
            }
        }
        let has_more = taken < ids.len() || listed.len() > limit;
        let next = ids.get(taken.wrapping_sub(1)).copied().filter(|_| has_more);
        let present = self.present(posts.iter().map(|post| post.author_id)).await?;
        posts.retain(|post| present.contains(&post.author_id));
        Ok((posts, next))
    }

    /// Changes a post, for its author or for an admin, whose doing is written down.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn update_post(
        &self,
        agent: &Agent,
        post: Post,
        change: Change,
    ) -> Result<Written<Post>, StoreError> {
        if change == Change::default() {
            return Ok(Ok(post));
        }
        let mut terms = Terms::new().when_there();
        let mut updated = Post { updated_at: self.now(), ..post };
        if let Some(title) = change.title {
            terms = terms.set("title", &title);
            updated.title = title;
        }
        if let Some(body) = change.body {
            terms = terms.set("body", &body);
            updated.body = body;
        }
        let terms = terms.set("updated_at", updated.updated_at);
        let transaction = writer(self.transaction(), agent, updated.author_id, "updated", |event| {
            event.with("post", updated.id)
        })?
        .update(&updated.key(), terms, Guard::Post)?;
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(|refusal| denied(&refusal)))
    }

    /// Deletes a post, for its author or for an admin, whose doing is written down. Its comments follow: see
    /// [`Store::clear`].
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_post(&self, agent: &Agent, post: &Post) -> Result<Written, StoreError> {
        let listed = ListedPost { post_id: post.id };
        let name = |event: AuditEvent| event.with("post", post.id);
        let transaction = writer(self.transaction(), agent, post.author_id, "deleted", name)?
            .delete(&post.key(), Terms::new().when_there(), Guard::Post)?
            .delete(&listed.key(), Terms::new(), Guard::Unchanged)?
            .delete(&authored(post).key(), Terms::new(), Guard::Unchanged)?;
        Ok(self.commit(transaction).await?.map_err(|refusal| denied(&refusal)))
    }

    /// What the refusal of something new means.
    pub(super) fn refused(&self, refusal: &Refusal, written: &Counter) -> Denied {
        match denied(refusal) {
            Denied::Gone if refusal.by(Guard::Limit) => Denied::TooMany(written.opens_in(self.now())),
            denied => denied,
        }
    }

    /// The last `limit` items of a partition whose sort keys begin with `prefix`, below
    /// `prefix` and the id `below`; read consistently, the last first.
    pub(super) async fn newest(
        &self,
        partition: &str,
        prefix: &str,
        below: Option<String>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let key = |id| Key { pk: partition.to_owned(), sk: format!("{prefix}{id}") };
        let mut start = below.map(|id| key(id).attributes());
        let mut items = Vec::new();
        // A query reads 1 MB at most, which is some 25 of the longest texts.
        loop {
            let request = QueryInput::builder()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("PK = :pk AND begins_with(SK, :sk)")
                .expression_attribute_values(":pk", AttributeValue::S(partition.to_owned()))
                .expression_attribute_values(":sk", AttributeValue::S(prefix.to_owned()))
                .scan_index_forward(false)
                .limit(i32::try_from(limit - items.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start);
            let output = self.client.send(request).await?;
            items.extend(output.items.unwrap_or_default());
            start = output.last_evaluated_key;
            if items.len() >= limit || start.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Lets a transaction pass only while `user` is active.
pub(super) fn active_user(transaction: Transaction, user: UserId) -> Result<Transaction, StoreError> {
    transaction.check(&Key::user(user), Terms::new().when("status", Status::Active), Guard::Actor)
}

/// Lets a transaction pass only while `agent` may change what `author` wrote: while it
/// is active, and an admin where it is another one. What another one does is written
/// down: that it was `done`, and to what, as `name` says.
pub(super) fn writer(
    transaction: Transaction,
    agent: &Agent,
    author: UserId,
    done: &str,
    name: impl FnOnce(AuditEvent) -> AuditEvent,
) -> Result<Transaction, StoreError> {
    if agent.is(author) {
        return active_user(transaction, author);
    }
    let event = AuditEvent::new(Action::AdminAction, agent, author, transaction.now());
    guard_actor(transaction, agent, author)?.audit(name(event.with("content", done)))
}

/// What a refusal means.
pub(super) fn denied(refusal: &Refusal) -> Denied {
    if refusal.by(Guard::Actor) { Denied::ActorLost } else { Denied::Gone }
}

fn authored(post: &Post) -> Authored {
    Authored { author_id: post.author_id, post_id: post.id, comment_id: None }
}
