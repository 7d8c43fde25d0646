//! The worker: what follows from a change, through the table's stream.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cascade;
mod once;
mod recount;
mod stats;
mod stream;

use serde_json::{Value, json};
use tests::World;

/// Brings records to the worker, so many at a time.
async fn bring(world: &World, records: &[Value], at_once: usize) {
    for batch in records.chunks(at_once) {
        let answer = world.work(&json!({ "Records": batch })).await;
        assert_eq!(answer, json!({ "batchItemFailures": [] }));
    }
}
