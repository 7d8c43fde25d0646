//! Comments: in their post's partition, so that one query lists those of a post. What
//! is written about one is written together: the comment, and its place among what its
//! author wrote.

use super::claim::Authored;
use super::item::{from_item, from_listed};
use super::key::{COMMENT_PREFIX, Item, Key, Record, SK};
use super::posts::{AT_ONCE, PAGE_BYTES, active_user, denied, writer};
use super::terms::Terms;
use super::transaction::Guard;
use super::written::after;
use super::{Counter, Store, StoreError, Written};
use crate::model::{Agent, AuditEvent, Comment, CommentId, Post, PostId, PostText, UserId};

impl Store {
    /// Writes a comment, while its author is active, its post there, and `written` lets
    /// one more pass.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn create_comment(&self, comment: &Comment, written: &Counter) -> Result<Written, StoreError> {
        let transaction = written
            .counted(active_user(self.transaction(), comment.author_id)?)?
            .check(&Key::post(comment.post_id), Terms::new().when_there(), Guard::Post)?
            .put_new(comment, Guard::Unchanged)?
            .put_new(&authored(comment), Guard::Unchanged)?;
        Ok(self.commit(transaction).await?.map_err(|refusal| self.refused(&refusal, written)))
    }

    /// The comment of that id on that post, and the post's author.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn comment(
        &self,
        post: PostId,
        id: CommentId,
    ) -> Result<Option<(Comment, UserId)>, StoreError> {
        let key = Key::comment(post, id);
        // Where the post is gone, its comments are going.
        let (mut comment, mut of) = (None, None);
        for item in self.get_all(&[Key::post(post), key.clone()]).await? {
            if is_at(&item, &key) {
                comment = from_item(item, self.now())?;
            } else {
                of = from_listed::<Post>(item, self.now()).map(|post| post.author_id);
            }
        }
        Ok(comment.zip(of))
    }

    /// A page of at most `limit` comments, or some 256 KB of text, of a post below the id
    /// `below`, the newest first, and where the next page begins; without those of authors
    /// who have deleted themselves. `None`: there is no such post, or its author has.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn comments(
        &self,
        post: PostId,
        below: Option<CommentId>,
        limit: usize,
    ) -> Result<Option<(Vec<Comment>, Option<CommentId>)>, StoreError> {
        let (partition, below) = (Key::post(post).pk, below.map(|id| id.to_string()));
        let (found, items) = tokio::join!(self.post(post), self.some_comments(&partition, below, limit + 1));
        let Some(found) = found? else { return Ok(None) };
        let (mut comments, is_last) = items?;
        let has_more = comments.len() > limit || !is_last;
        comments.truncate(limit);
        let next = comments.last().filter(|_| has_more).map(|last| last.id);
        let authors = comments.iter().map(|comment| comment.author_id);
        let present = self.present(authors.chain([found.author_id])).await?;
        comments.retain(|comment| present.contains(&comment.author_id));
        Ok(present.contains(&found.author_id).then_some((comments, next)))
    }

    /// The newest comments below the id `below`: `limit`, or as many as a page's text has
    /// room for; and whether there are no more.
    async fn some_comments(
        &self,
        partition: &str,
        mut below: Option<String>,
        limit: usize,
    ) -> Result<(Vec<Comment>, bool), StoreError> {
        let (mut comments, mut bytes) = (Vec::<Comment>::new(), 0);
        while comments.len() < limit && bytes < PAGE_BYTES {
            // One more than a page of the usual length, to know whether there is a next one.
            let wanted = (AT_ONCE + 1).min(limit - comments.len());
            let items = self.newest(partition, COMMENT_PREFIX, below.take(), wanted).await?;
            let is_last = items.len() < wanted;
            below = items.last().and_then(|item| after(item, COMMENT_PREFIX));
            for item in items {
                comments.extend(from_listed::<Comment>(item, self.now()));
            }
            if is_last {
                return Ok((comments, true));
            }
            bytes = comments.iter().map(|comment| comment.body.as_str().len()).sum();
        }
        Ok((comments, false))
    }

    /// Changes what a comment says, for its author or for an admin, whose doing is
    /// written down.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn update_comment(
        &self,
        agent: &Agent,
        comment: Comment,
        body: PostText,
    ) -> Result<Written<Comment>, StoreError> {
        let updated = Comment { body, updated_at: self.now(), ..comment };
        let terms =
            Terms::new().set("body", &updated.body).set("updated_at", updated.updated_at).when_there();
        let transaction =
            writer(self.transaction(), agent, updated.author_id, "updated", |event| named(event, &updated))?
                .update(&updated.key(), terms, Guard::Post)?;
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(|refusal| denied(&refusal)))
    }

    /// Deletes a comment, for its author or for an admin, whose doing is written down.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_comment(&self, agent: &Agent, comment: &Comment) -> Result<Written, StoreError> {
        let name = |event| named(event, comment);
        let transaction = writer(self.transaction(), agent, comment.author_id, "deleted", name)?
            .delete(&comment.key(), Terms::new().when_there(), Guard::Post)?
            .delete(&authored(comment).key(), Terms::new(), Guard::Unchanged)?;
        Ok(self.commit(transaction).await?.map_err(|refusal| denied(&refusal)))
    }
}

fn authored(comment: &Comment) -> Authored {
    let Comment { author_id, post_id, id, .. } = *comment;
    Authored { author_id, post_id, comment_id: Some(id) }
}

fn named(event: AuditEvent, comment: &Comment) -> AuditEvent {
    event.with("post", comment.post_id).with("comment", comment.id)
}

fn is_at(item: &Item, key: &Key) -> bool {
    item.get(SK).and_then(|sk| sk.as_s().ok()) == Some(&key.sk)
}
