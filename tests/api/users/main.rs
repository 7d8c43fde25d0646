//! `/users/**`.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod activity;
mod by_id;
mod change_email;
mod change_password;
mod delete_me;
mod erasure;
mod export;
mod grace;
mod names;
mod profile;
mod reentry;
mod sessions;

use tests::{Person, World};

/// A world and somebody in it.
async fn ada() -> (World, Person) {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    (world, ada)
}
