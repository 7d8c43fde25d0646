//! Worlds of their own, side by side: a request that hangs holds up no other.

use std::cell::Cell;
use std::sync::Mutex;
use std::thread;

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use serde_json::Value;
use tests::World;
use tests::faults::Faults;

use crate::items::Items;

/// A world behind a proxy. It is used again and again, emptied each time.
pub(crate) struct Lane {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    keys: Cell<Vec<Value>>,
}

impl Lane {
    /// A lane whose processes have started: one after the other, for a start takes
    /// all of the machine.
    async fn new() -> Self {
        static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let faults = Faults::new().await;
        let world = World::at(&[], &faults.endpoint).await;
        let _one = STARTING.lock().await;
        let _ = world.get("/auth/.well-known/jwks.json").await;
        Self { world, faults, keys: Cell::default() }
    }

    /// What the table holds.
    pub(crate) async fn items(&self) -> Items {
        Items(self.world.items().await)
    }

    /// Deletes every item and mail but the signing keys.
    pub(crate) async fn empty(&self) {
        let keys = self.keys.take();
        self.remove(!keys.is_empty()).await;
        for key in keys {
            let item = serde_dynamo::to_item(key).unwrap();
            self.world
                .client
                .put_item()
                .table_name(&self.world.table)
                .set_item(Some(item))
                .send()
                .await
                .unwrap();
        }
    }

    /// Deletes the signing keys, too, until it is emptied again: its processes go on
    /// to know them.
    pub(crate) async fn empty_wholly(&self) {
        let keys = self.items().await.0.into_iter().filter(is_key).collect();
        self.keys.set(keys);
        self.remove(true).await;
    }

    async fn remove(&self, keys_too: bool) {
        self.faults.heal();
        self.world.mailbox.clear();
        let items = self.items().await.0;
        let gone: Vec<WriteRequest> =
            items.iter().filter(|item| keys_too || !is_key(item)).map(deletion).collect();
        for requests in gone.chunks(25) {
            let request = self.world.client.batch_write_item();
            request.request_items(&self.world.table, requests.to_vec()).send().await.unwrap();
        }
    }
}

fn is_key(item: &Value) -> bool {
    let pk = item["PK"].as_str().unwrap();
    pk == "KEYS" || pk.starts_with("PRIVATEKEY#")
}

fn deletion(item: &Value) -> WriteRequest {
    let key = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
    let request = DeleteRequest::builder().key("PK", key("PK")).key("SK", key("SK")).build().unwrap();
    WriteRequest::builder().delete_request(request).build()
}

/// Does all the work in so many lanes and returns what came of it, in its order.
pub(crate) fn in_lanes<T: Send, R: Send>(
    lanes: usize,
    work: Vec<T>,
    each: impl AsyncFn(&Lane, T) -> R + Sync,
) -> Vec<R> {
    let queue = Mutex::new(work.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let lane = async || {
        let lane = Lane::new().await;
        loop {
            let Some((place, item)) = queue.lock().unwrap().next() else { return };
            let result = each(&lane, item).await;
            done.lock().unwrap().push((place, result));
        }
    };
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(lane());
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// A number that the environment gives, to go through the same again.
#[allow(clippy::disallowed_methods, reason = "how a test is told what to do again")]
pub(crate) fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
