//! `/admin/**`, and what admins do at `/users/{id}`.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod approval;
mod audit;
mod by_name;
mod detail;
mod email;
mod idempotency;
mod invite;
mod invite_again;
mod list;
mod mfa;
mod paging;
mod password;
mod prefix;
mod races;
mod restore;
mod role;
mod sessions;
mod stats;
mod status;

use tests::{Person, Reply, World};

/// A world, its admin Eve and a user, Bob.
async fn eve_and_bob() -> (World, Person, Person) {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    (world, eve, bob)
}

/// An id that nobody has, and what is no id.
fn nobodys_ids(world: &World) -> [String; 5] {
    let unknown = shared::model::UserId::new(world.now()).to_string();
    let shouted = unknown.to_uppercase();
    [unknown, shouted, "garbage".to_owned(), "%FF".to_owned(), "%00".to_owned()]
}

/// The addresses in a page, before the `@`.
fn names(reply: &Reply) -> Vec<&str> {
    let data = reply.body["data"].as_array().unwrap();
    data.iter().map(|user| user["email"].as_str().unwrap().split('@').next().unwrap()).collect()
}
