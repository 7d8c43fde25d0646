//! The fault proxy does as it says: else the other tests here show nothing.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use tests::World;
use tests::faults::{Fault, Faults};

/// A client that tries once.
fn client(faults: &Faults) -> Client {
    let config = local::client::dynamodb(&faults.endpoint).config().to_builder();
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn put(client: &Client, table: &str, pk: &str) -> Option<String> {
    let request = client.put_item().table_name(table).item("PK", text(pk)).item("SK", text("x"));
    let sent = tokio::time::timeout(Duration::from_millis(200), request.send()).await.ok()?;
    sent.err().map(|error| error.code().unwrap_or("cut").to_owned())
}

async fn transact(client: &Client, table: &str, pk: &str) -> Option<String> {
    let put = Put::builder().table_name(table).item("PK", text(pk)).item("SK", text("x")).build().unwrap();
    let request = client.transact_write_items().transact_items(TransactWriteItem::builder().put(put).build());
    let sent = tokio::time::timeout(Duration::from_millis(200), request.send()).await.ok()?;
    sent.err().map(|error| error.code().unwrap_or("cut").to_owned())
}

async fn is_there(world: &World, pk: &str) -> bool {
    world.items().await.iter().any(|item| item["PK"] == pk)
}

#[tokio::test]
async fn what_fails_before_the_commit_writes_nothing_and_what_fails_after_it_all() {
    let faults = Faults::new().await;
    let (world, client) = (World::new().await, client(&faults));
    for fault in Fault::ALL {
        for operation in ["PutItem", "TransactWriteItems"] {
            let pk = format!("{operation}-{fault:?}");
            faults.next(1, operation, fault);
            let code = match operation {
                "PutItem" => put(&client, &world.table, &pk).await,
                _ => transact(&client, &world.table, &pk).await,
            };
            faults.heal();
            let expected = match (fault, operation) {
                (Fault::Throttled, _) => Some("ThrottlingException"),
                (Fault::Exceeded, _) => Some("ProvisionedThroughputExceededException"),
                (Fault::ServerError, _) => Some("InternalServerError"),
                (Fault::Conflict, "PutItem") => Some("TransactionConflictException"),
                (Fault::Conflict | Fault::ItemThrottled, "TransactWriteItems") => {
                    Some("TransactionCanceledException")
                }
                (Fault::Cut | Fault::Lost, _) => Some("cut"),
                _ => None,
            };
            assert_eq!(code.as_deref(), expected, "{pk}");
            let passes = fault.commits() || !fault.concerns(operation);
            assert_eq!(is_there(&world, &pk).await, passes, "{pk}");
        }
    }
}

/// Which of 200 requests fail.
async fn pattern(seed: u64) -> Vec<bool> {
    let faults = Faults::seeded(seed).await;
    faults.chance(Some("PutItem"), Fault::ServerError, 0.2);
    faults.chance(Some("GetItem"), Fault::ServerError, 1.0);
    let (world, client) = (World::new().await, client(&faults));
    let mut failed = Vec::new();
    for _ in 0..200 {
        failed.push(put(&client, &world.table, "x").await.is_some());
    }
    let struck = faults.injected().values().sum::<usize>();
    assert_eq!(struck, failed.iter().filter(|failed| **failed).count());
    failed
}

#[tokio::test]
async fn a_seed_fails_the_same_requests_again_and_about_as_many_as_it_is_told() {
    let first = pattern(7).await;
    assert_eq!(first, pattern(7).await);
    assert_ne!(first, pattern(8).await);
    let failed = first.iter().filter(|failed| **failed).count();
    assert!((20..=60).contains(&failed), "{failed} of 200");
}

#[tokio::test]
async fn a_storm_brings_every_fault_that_an_operation_can_have() {
    let faults = Faults::seeded(7).await;
    let (world, client) = (World::new().await, client(&faults));
    faults.storm(0.9);
    for _ in 0..60 {
        put(&client, &world.table, "x").await;
    }
    let can = Fault::ALL.into_iter().filter(|fault| fault.concerns("PutItem"));
    assert_eq!(faults.injected().into_keys().collect::<Vec<_>>(), can.collect::<Vec<_>>());
    assert!(faults.injected().values().sum::<usize>() < faults.arrived());
    faults.heal();
    assert_eq!(put(&client, &world.table, "x").await, None);
}
