//! Looks at the signing keys, and what the operator does to them.

use jiff::SignedDuration;
use serde_json::Value;
use shared::model::PublicKeys;
use tests::{PASSWORD, World};

use crate::forge::part;
use crate::steps::{dump, login};

pub const JWKS: &str = "/auth/.well-known/jwks.json";

/// The ids in the published key set.
pub async fn published(world: &World) -> Vec<String> {
    let jwks = world.get(JWKS).await.ok(200).body;
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    jwks["keys"].as_array().unwrap().iter().map(kid).collect()
}

/// The ids of the keys whose private half is in the table.
pub async fn private(world: &World) -> Vec<String> {
    let items = dump(world).await;
    let kid = |item: &Value| item["PK"].as_str()?.strip_prefix("PRIVATEKEY#").map(str::to_owned);
    let mut kids: Vec<String> = items.iter().filter_map(kid).collect();
    kids.sort();
    kids
}

/// The id of the key that signed a token.
pub fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().unwrap().to_owned()
}

/// An access token for somebody who signs in.
pub async fn token(world: &World, email: &str) -> String {
    let reply = login(world, email, PASSWORD).await.ok(200);
    reply.body["access_token"].as_str().unwrap().to_owned()
}

/// `usher keys rotate`.
pub async fn request_rotation(world: &World) {
    let list = world.store.public_keys().await.unwrap();
    let asked = PublicKeys { rotate_requested_at: Some(world.now()), ..list.clone() };
    assert!(world.store.change_keys(&list, &asked, None).await.unwrap());
}

/// `usher keys revoke`.
pub async fn revoke(world: &World, kid: &str) {
    let list = world.store.public_keys().await.unwrap();
    assert!(world.store.change_keys(&list, &list.without(kid, world.now()), None).await.unwrap());
}

pub fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

pub fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

pub fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}
