//! The worker behind the table's stream, polled by hand.

use local::stream::Trigger;
use serde_json::{Value, json};

use crate::World;

/// Brings the worker what the table's stream holds. It keeps what it brought, so that a
/// test can bring it again, or in another order.
pub struct Stream {
    trigger: Trigger,
    /// Every record that was brought, the oldest first.
    pub brought: Vec<Value>,
}

impl Stream {
    pub(crate) fn new(trigger: Trigger) -> Self {
        Self { trigger, brought: Vec::new() }
    }

    /// Looks at the stream until nothing is new, also of what the worker itself did.
    /// Panics if a batch fails.
    pub async fn catch_up(&mut self, world: &World) {
        while self.poll(world).await > 0 {}
    }

    /// Looks at the stream once; returns how many records were new.
    async fn poll(&mut self, world: &World) -> usize {
        let mut brought = Vec::new();
        let mut invoke = |mut event: Value| {
            brought.extend(dated(&mut event, world));
            async move { Ok(world.work(&event).await) }
        };
        let poll = self.trigger.poll_once(&mut invoke).await.unwrap();
        assert_eq!((poll.failing, poll.dropped), (0, 0), "the worker could not do its work");
        self.brought.extend(brought);
        poll.delivered
    }

    /// What is new in the stream; the worker is not brought it.
    pub async fn take(&mut self, world: &World) -> Vec<Value> {
        let mut seen = Vec::new();
        let mut invoke = |mut event: Value| {
            seen.extend(dated(&mut event, world));
            async move { Ok(json!({ "batchItemFailures": [] })) }
        };
        while self.trigger.poll_once(&mut invoke).await.unwrap().delivered > 0 {}
        seen
    }
}

/// The event's records, which happened now: the engine does not go by the world's clock.
fn dated(event: &mut Value, world: &World) -> Vec<Value> {
    let Some(records) = event["Records"].as_array_mut() else { return Vec::new() };
    for record in records.iter_mut() {
        record["dynamodb"]["ApproximateCreationDateTime"] = json!(world.now().as_second());
    }
    records.clone()
}

/// A record as the stream has it: `INSERT`, `MODIFY` or `REMOVE` of the item with these
/// keys.
#[must_use]
pub fn record(event: &str, pk: &str, sk: &str) -> Value {
    json!({
        "eventName": event,
        "dynamodb": {
            "Keys": { "PK": { "S": pk }, "SK": { "S": sk } },
            "SequenceNumber": format!("{event} {pk} {sk}"),
        },
    })
}
