//! The trigger, on a real stream: of the engine at `AWS_ENDPOINT_URL_DYNAMODB` if that is set, as
//! `make test` does, else of the embedded one.

#![expect(clippy::expect_used, reason = "a test says what it takes for granted")]

mod stand;

use std::path::PathBuf;

use aws_sdk_dynamodb::types::AttributeValue;
use local::engine::serve_file;
use local::stream::{Poll, Trigger};
use serde_json::{Value, json};
use stand::Stand;
use tokio::net::TcpListener;

/// Polls once with a function that gives `answer` for each event; returns what it was invoked with.
async fn poll(trigger: &mut Trigger, answer: impl Fn(&Value) -> Result<Value, String>) -> (Poll, Vec<Value>) {
    let mut events = Vec::new();
    let mut invoke = |event: Value| {
        let answer = answer(&event);
        events.push(event);
        async move { answer }
    };
    let poll = trigger.poll_once(&mut invoke).await.expect("polled");
    (poll, events)
}

const YES: fn(&Value) -> Result<Value, String> = |_| Ok(json!({ "batchItemFailures": [] }));

fn keys(event: &Value) -> Vec<&str> {
    let records = event["Records"].as_array().expect("records");
    records.iter().filter_map(|record| record["dynamodb"]["Keys"]["PK"]["S"].as_str()).collect()
}

/// A partial batch response that names the record of this key.
fn failing(event: &Value, pk: &str) -> Value {
    let index = keys(event).iter().position(|key| *key == pk);
    let number = index.map(|index| &event["Records"][index]["dynamodb"]["SequenceNumber"]);
    json!({ "batchItemFailures": number.map(|n| vec![json!({ "itemIdentifier": n })]) })
}

#[tokio::test]
async fn only_new_mail_items_come_in_the_shape_that_lambda_sends() {
    let stand = Stand::new().await;
    stand.put("USER#1").await;
    stand.put("MAIL#1").await;
    stand.put("MAIL#1").await;
    let item = stand.dynamodb.update_item().table_name(&stand.table);
    let item = item.key("PK", AttributeValue::S("MAIL#1".to_owned()));
    let item = item.key("SK", AttributeValue::S("MAIL".to_owned())).update_expression("SET a = :a");
    item.expression_attribute_values(":a", AttributeValue::Bool(true)).send().await.expect("set");

    let (poll_, events) = poll(&mut stand.trigger(), YES).await;
    assert_eq!(poll_, Poll { delivered: 1, dropped: 0, failing: 0 });
    assert_eq!(events.len(), 1);
    let record = &events[0]["Records"][0];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventVersion"], "1.1");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert!(record["eventID"].is_string() && record["awsRegion"].is_string());
    assert!(record["eventSourceARN"].as_str().is_some_and(|arn| arn.contains("/stream/")));
    let inner = &record["dynamodb"];
    assert_eq!(inner["Keys"], json!({ "PK": { "S": "MAIL#1" }, "SK": { "S": "MAIL" } }));
    assert_eq!(inner["StreamViewType"], "KEYS_ONLY");
    assert!(inner["SequenceNumber"].is_string() && inner["SizeBytes"].is_number());
    assert!(inner["ApproximateCreationDateTime"].is_number());
    assert!(inner["NewImage"].is_null());
}

#[tokio::test]
async fn records_come_once_in_order_and_ten_at_a_time() {
    let stand = Stand::new().await;
    for number in 10..35 {
        stand.put(&format!("MAIL#{number}")).await;
    }
    let mut trigger = stand.trigger();
    let (first, events) = poll(&mut trigger, YES).await;
    assert_eq!(first.delivered, 25);
    assert_eq!(events.iter().map(|event| keys(event).len()).collect::<Vec<_>>(), [10, 10, 5]);
    let wanted: Vec<String> = (10..35).map(|number| format!("MAIL#{number}")).collect();
    assert_eq!(events.iter().flat_map(keys).collect::<Vec<_>>(), wanted);

    assert_eq!(poll(&mut trigger, YES).await, (Poll::default(), vec![]));
    stand.put("MAIL#35").await;
    let (_, events) = poll(&mut trigger, YES).await;
    assert_eq!(keys(&events[0]), ["MAIL#35"]);
}

#[tokio::test]
async fn a_partial_failure_is_tried_again_from_the_first_failed_record_on() {
    let stand = Stand::new().await;
    for pk in ["MAIL#1", "MAIL#2", "MAIL#3"] {
        stand.put(pk).await;
    }
    let mut trigger = stand.trigger();
    let (first, _) = poll(&mut trigger, |event| Ok(failing(event, "MAIL#2"))).await;
    assert_eq!(first, Poll { delivered: 1, dropped: 0, failing: 1 });
    let (second, events) = poll(&mut trigger, YES).await;
    assert_eq!(keys(&events[0]), ["MAIL#2", "MAIL#3"]);
    assert_eq!(second, Poll { delivered: 2, dropped: 0, failing: 0 });
}

#[tokio::test]
async fn a_function_that_fails_gets_the_whole_batch_again() {
    let stand = Stand::new().await;
    stand.put("MAIL#1").await;
    stand.put("MAIL#2").await;
    let mut trigger = stand.trigger();
    for failures in 1..=3 {
        let (poll_, events) = poll(&mut trigger, |_| Err("down".to_owned())).await;
        assert_eq!(poll_, Poll { delivered: 0, dropped: 0, failing: failures });
        assert_eq!(keys(&events[0]), ["MAIL#1", "MAIL#2"]);
    }
    assert_eq!(poll(&mut trigger, YES).await.0.delivered, 2);
}

#[tokio::test]
async fn after_the_last_retry_what_remains_of_a_batch_is_dropped_and_the_next_goes_on() {
    let stand = Stand::new().await;
    for number in 10..21 {
        stand.put(&format!("MAIL#{number}")).await;
    }
    let mut trigger = stand.trigger().with_max_retries(1);
    let poison = |event: &Value| Ok(failing(event, "MAIL#12"));
    let (first, _) = poll(&mut trigger, poison).await;
    assert_eq!(first, Poll { delivered: 2, dropped: 0, failing: 1 });
    let (second, events) = poll(&mut trigger, poison).await;
    assert_eq!(second, Poll { delivered: 1, dropped: 8, failing: 0 });
    assert_eq!(keys(&events[0]).first(), Some(&"MAIL#12"));
    assert_eq!(keys(&events[1]), ["MAIL#20"]);
    assert_eq!(poll(&mut trigger, poison).await.0, Poll::default());
}

#[tokio::test]
async fn a_mail_written_right_before_the_end_is_delivered_at_the_next_start_and_no_other() {
    let dir = TempDir::new();
    let (database, position) = (dir.0.join("dynamodb"), dir.0.join("position"));
    let start = || async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let database = database.clone();
        let server = tokio::spawn(async move { serve_file(&database, listener).await });
        let stand = Stand::at(endpoint, "table".to_owned()).await;
        let trigger = stand.trigger().kept_in(&position).expect("a position");
        (server, stand, trigger)
    };

    let (server, stand, mut trigger) = start().await;
    stand.put("MAIL#before").await;
    assert_eq!(poll(&mut trigger, YES).await.0.delivered, 1);
    stand.put("MAIL#last").await;
    server.abort();
    drop((trigger, stand));

    let (_server, stand, mut trigger) = start().await;
    stand.put("MAIL#new").await;
    let (_, events) = poll(&mut trigger, YES).await;
    assert_eq!(keys(&events[0]), ["MAIL#last", "MAIL#new"]);
}

/// A directory that goes when the test ends.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("local-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
