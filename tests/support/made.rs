//! Users who are there without having registered: for tests of what comes after.

use std::sync::OnceLock;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::Value;
use shared::model::{
    Agent, Comment, CommentId, Password, PasswordHash, Post, PostId, Role, Status, Undone, User, UserId,
};
use shared::password::Hasher;
use shared::store::{Counter, Limit};

use crate::{PASSWORD, Person, World};

/// The hash of [`PASSWORD`], made once in a process.
fn hash() -> PasswordHash {
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    HASH.get_or_init(|| Hasher::new().hash(&Password::try_from(PASSWORD.to_owned()).unwrap())).clone()
}

impl World {
    /// An active user whose password is [`PASSWORD`], with what `change` makes
    /// different. Not signed in.
    pub async fn make_user(&self, email: &str, change: impl FnOnce(&mut User)) -> User {
        let mut user = User {
            id: UserId::new(self.now()),
            email: email.parse().unwrap(),
            email_verified: true,
            username: None,
            name: None,
            first_name: None,
            last_name: None,
            role: Role::User,
            status: Status::Active,
            password_hash: hash(),
            password_change_required: false,
            undone: Undone::default(),
            session_epoch: 0,
            ticket_epoch: 0,
            updated_at: self.now(),
            last_login_at: None,
            mfa_since: None,
            locale: None,
            external_id: None,
            deletion: None,
        };
        change(&mut user);
        self.store.create_user(&Agent::operator(), &user, &[]).await.unwrap().unwrap();
        user
    }

    /// A post of a user's, whose title and text are the same.
    pub async fn write_post(&self, author: &str, words: &str) -> Post {
        self.write_post_as(PostId::new(self.now()), author, words).await
    }

    /// The same under an id of one's own; nothing where that is taken.
    pub async fn write_post_as(&self, id: PostId, author: &str, words: &str) -> Post {
        let post = Post {
            id,
            author_id: author.parse().unwrap(),
            title: words.to_owned().try_into().unwrap(),
            body: words.to_owned().try_into().unwrap(),
            updated_at: self.now(),
        };
        let _ = self.store.create_post(&post, &unlimited()).await.unwrap();
        post
    }

    /// A comment of a user's on a post.
    pub async fn write_comment(&self, author: &str, post: PostId, words: &str) -> Comment {
        self.write_comment_as(CommentId::new(self.now()), author, post, words).await
    }

    /// The same under an id of one's own; nothing where that is taken.
    pub async fn write_comment_as(
        &self,
        id: CommentId,
        author: &str,
        post_id: PostId,
        words: &str,
    ) -> Comment {
        let comment = Comment {
            id,
            post_id,
            author_id: author.parse().unwrap(),
            body: words.to_owned().try_into().unwrap(),
            updated_at: self.now(),
        };
        let _ = self.store.create_comment(&comment, &unlimited()).await.unwrap();
        comment
    }

    /// Puts a hash in the place of the one that is stored.
    pub async fn set_hash(&self, id: &str, hash: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let update = self.client.update_item().table_name(&self.table);
        update
            .key("PK", text(&format!("USER#{id}")))
            .key("SK", text("PROFILE"))
            .update_expression("SET password_hash = :hash")
            .expression_attribute_values(":hash", text(hash))
            .send()
            .await
            .unwrap();
    }

    /// The user of that id as stored now.
    pub async fn stored(&self, id: &str) -> Option<User> {
        self.store.user(id.parse().ok()?).await.unwrap()
    }

    /// Every item of the table, as JSON.
    #[allow(clippy::disallowed_methods, reason = "a test looks at all there is")]
    pub async fn items(&self) -> Vec<Value> {
        let mut pages =
            self.client.scan().table_name(&self.table).consistent_read(true).into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(serde_dynamo::from_item(item.unwrap()).unwrap());
        }
        items
    }
}

impl World {
    /// Every item but those that count attempts, which wrong ones leave.
    pub async fn items_but_counters(&self) -> Vec<Value> {
        let counts = |item: &Value| item["PK"].as_str().is_some_and(|pk| pk.starts_with("ATTEMPTS#"));
        self.items().await.into_iter().filter(|item| !counts(item)).collect()
    }
}

impl Person {
    /// An active user who did not have to register, signed in.
    pub async fn user(world: &World, email: &str) -> Self {
        world.make_user(email, |_| ()).await;
        Self::sign_in(world, email, PASSWORD).await
    }

    /// An active admin who did not have to register, signed in.
    pub async fn an_admin(world: &World, email: &str) -> Self {
        world.make_user(email, |user| user.role = Role::Admin).await;
        Self::sign_in(world, email, PASSWORD).await
    }
}

fn unlimited() -> Counter {
    Counter::new("write", "", Limit::Off, Timestamp::UNIX_EPOCH)
}
