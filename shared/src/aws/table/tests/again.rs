//! What is tried again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::Region;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use aws_types::sdk_config::Builder;

use super::wire::{Does, Wire, sdk};
use super::{TableClient, both, key, said};

const BUSY: Does = Does::Answer(500, r#"{"__type":"x#InternalServerError"}"#);

fn update(client: &Client) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder {
    client.update_item().table_name("table").key("PK", key())
}

fn retries(most: u32) -> RetryConfig {
    let pause = Duration::from_millis(1);
    RetryConfig::standard().with_max_attempts(most).with_initial_backoff(pause).with_max_backoff(pause)
}

#[tokio::test]
async fn a_request_is_tried_again_when_the_sdks_own_client_does_and_fails_with_the_same_words() {
    const CONFLICT: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException"}"#;
    const REFUSED: &str = r#"{"__type":"x#ConditionalCheckFailedException","Item":{"PK":{"S":"key"}}}"#;
    let quick = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(50)).build();
    for (does, attempts) in [
        (Does::Answer(200, "{}"), 1),
        (Does::Answer(200, "no JSON"), 1),
        (Does::Answer(400, REFUSED), 1),
        (Does::Answer(400, CONFLICT), 1),
        (Does::Answer(400, r#"{"__type":"x#ValidationException","message":"no"}"#), 1),
        (Does::Answer(400, r#"{"__type":"x#ResourceNotFoundException"}"#), 1),
        (Does::Answer(400, r#"{"__type":"x#InvalidSignatureException"}"#), 1),
        (Does::AnswerLate(400, r#"{"__type":"x#InvalidSignatureException"}"#), 4),
        (Does::Answer(400, r#"{"__type":"x#ProvisionedThroughputExceededException"}"#), 4),
        (Does::Answer(400, r#"{"__type":"x#ThrottlingException"}"#), 4),
        (Does::Answer(400, r#"{"__type":"x#RequestLimitExceeded"}"#), 4),
        (BUSY, 4),
        (Does::Answer(503, ""), 4),
        (Does::HangUp, 4),
        (Does::Nothing, 4),
    ] {
        let sdk = sdk().timeout_config(quick.clone()).retry_config(retries(4));
        let (ours, theirs) = both!(does, sdk, update);
        assert_eq!((ours.0.len(), theirs.0.len()), (attempts, attempts), "{does:?}");
        assert_eq!(ours.1, theirs.1, "{does:?}");
        let numbers: Vec<_> = ours.0.iter().map(|sent| sent.header("amz-sdk-request")).collect();
        assert_eq!(numbers, ["", "attempt=2", "attempt=3", "attempt=4"][..attempts]);
    }
    let (ours, theirs) = both!(BUSY, sdk().retry_config(RetryConfig::disabled()), update);
    assert_eq!((ours.0.len(), theirs.0.len()), (1, 1));
}

#[tokio::test]
async fn a_transaction_says_why_it_was_cancelled_as_to_the_sdks_own_client() {
    const CANCELLED: &str = r#"{"__type":"x#TransactionCanceledException","CancellationReasons":
        [{"Code":"None"},{"Code":"ConditionalCheckFailed","Item":{"PK":{"S":"key"}}},{"Code":"TransactionConflict"}]}"#;
    let gone = || Delete::builder().table_name("table").key("PK", key()).build().unwrap();
    let transact = |client: &Client| {
        let gone = TransactWriteItem::builder().delete(gone()).build();
        client.transact_write_items().transact_items(gone).client_request_token("once")
    };
    let (ours, theirs) = both!(Does::Answer(400, CANCELLED), sdk(), transact);
    assert_eq!((ours.0.len(), theirs.0.len()), (1, 1));
    assert_eq!(ours.1, theirs.1);
    assert!(ours.1.contains("TransactionConflict"), "{}", ours.1);
}

/// The SDK's client would make a token itself.
#[tokio::test]
async fn a_transaction_without_a_token_is_not_sent() {
    let (wire, config) = Wire::connect(BUSY, sdk());
    let sent = TableClient::new(&config).send(TransactWriteItemsInput::builder()).await;
    assert_eq!(said(&sent), "ConstructionFailure");
    assert!(wire.sent().is_empty());
}

#[tokio::test]
async fn what_one_call_learns_of_the_services_clock_the_next_one_is_signed_by() {
    for disabled in [None, Some(true)] {
        let mut sdk = sdk();
        sdk.set_disable_clock_skew_correction(disabled);
        let (wire, config) = Wire::connect(Does::AnswerLate(200, "{}"), sdk);
        let (ours, theirs) = (TableClient::new(&config), Client::new(&config));
        for second in [false, true] {
            ours.send(update(&theirs).as_input().clone()).await.unwrap();
            update(&theirs).send().await.unwrap();
            for sent in wire.sent() {
                let is_by_its_clock = sent.header("x-amz-date").starts_with("20260101T");
                assert_eq!(is_by_its_clock, second && disabled.is_none());
            }
        }
    }
}

/// Sleeps not at all, and remembers how long it was to.
#[derive(Clone, Debug, Default)]
struct Pauses(Arc<Mutex<Vec<Duration>>>);

impl AsyncSleep for Pauses {
    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.lock().unwrap().push(duration);
        Sleep::new(std::future::ready(()))
    }
}

/// A configuration without time limits, for they are sleeps, too.
fn patient(pauses: &Pauses, region: &'static str, retries: RetryConfig) -> Builder {
    sdk()
        .region(Region::new(region))
        .timeout_config(TimeoutConfig::disabled())
        .sleep_impl(SharedAsyncSleep::new(pauses.clone()))
        .retry_config(retries)
}

#[tokio::test]
async fn pauses_are_as_long_as_is_set() {
    let (pauses, longest) = (Pauses::default(), Duration::from_millis(7));
    let retries = RetryConfig::standard().with_max_attempts(6).with_max_backoff(longest);
    let (ours, theirs) = both!(BUSY, patient(&pauses, "eu-west-1", retries), update);
    assert_eq!((ours.0.len(), theirs.0.len()), (6, 6));
    let all = pauses.0.lock().unwrap();
    // The others bound how long credentials are waited for.
    let pauses: Vec<_> = all.iter().filter(|pause| pause.as_secs() < 5).collect();
    assert_eq!(pauses.len(), 10, "five each: {all:?}");
    assert!(pauses.iter().all(|pause| **pause <= longest), "{all:?}");
}

/// The SDK allows a process so many tries more in a region, until others succeed.
#[tokio::test]
async fn both_clients_have_one_budget_of_tries() {
    let (pauses, many) = (Pauses::default(), retries(1_000));
    let (wire, config) = Wire::connect(BUSY, patient(&pauses, "eu-west-3", many));
    let theirs = Client::new(&config);
    let _ = update(&theirs).send().await;
    let tries = wire.sent().len();
    assert!((50..500).contains(&tries), "{tries}");
    let _ = TableClient::new(&config).send(update(&theirs).as_input().clone()).await;
    assert_eq!(wire.sent().len(), 1, "none is left");
}
