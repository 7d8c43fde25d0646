//! The worker: what follows from a change, through the table's stream.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cascade;
mod once;
mod poison;
mod recount;
mod stats;
mod stream;

use serde_json::{Value, json};
use shared::model::Agent;
use tests::{Person, World};

/// Brings records to the worker, so many at a time.
async fn bring(world: &World, records: &[Value], at_once: usize) {
    for batch in records.chunks(at_once) {
        let answer = world.work(&json!({ "Records": batch })).await;
        assert_eq!(answer, json!({ "batchItemFailures": [] }));
    }
}

/// The user as it is removed in the end, whoever asked for it.
async fn remove(world: &World, person: &Person) {
    let user = world.stored(&person.id).await.unwrap();
    world.store.delete_user(&Agent::operator(), &user).await.unwrap().unwrap();
}
