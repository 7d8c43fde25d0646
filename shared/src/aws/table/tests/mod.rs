//! What differs from the SDK's own client, and that nothing else does: both are asked the same over a wire of ours.

mod again;
mod wire;

use aws_config::Region;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, KeysAndAttributes, TransactWriteItem};
use aws_types::origin::Origin;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use self::wire::{Does, Sent, Wire, sdk};
use super::TableClient;
use crate::clock::Clock;
use crate::store::Store;

/// Asks both clients what `$request` asks the SDK's, ours first: for each what it sent, and what became of it, in words.
macro_rules! both {
    ($does:expr, $sdk:expr, $request:expr) => {{
        let (wire, config) = Wire::connect($does, $sdk);
        let request = $request(&Client::new(&config));
        let ours = TableClient::new(&config).send(request.as_input().clone()).await;
        let ours = (wire.sent(), said(&ours));
        let theirs = said(&request.send().await);
        (ours, (wire.sent(), theirs))
    }};
}
use both;

/// An answer or an error, with all that it holds.
fn said<T: std::fmt::Debug, E: std::fmt::Debug, R: std::fmt::Debug>(
    result: &Result<T, aws_sdk_dynamodb::error::SdkError<E, R>>,
) -> String {
    match result {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => match error.as_service_error() {
            Some(refusal) => format!("{refusal:?}"),
            None => format!("{error:?}").split(['{', '(']).next().unwrap_or_default().to_owned(),
        },
    }
}

/// What the SDK's client says of itself and of the call, and we do not.
const THEIRS: [&str; 4] = ["user-agent", "x-amz-user-agent", "amz-sdk-invocation-id", "amz-sdk-request"];

/// Without that, and without what the moment makes of it.
fn bare(mut sent: Sent) -> Sent {
    sent.headers.retain(|(name, _)| !THEIRS.contains(&&**name) && name != "x-amz-date");
    for (_, signed) in sent.headers.iter_mut().filter(|(name, _)| name == "authorization") {
        let (start, _) = signed.split_once(", Signature=").unwrap();
        let (start, names) = start.split_once("SignedHeaders=").unwrap();
        let names: Vec<_> = names.split(';').filter(|name| !THEIRS.contains(name)).collect();
        *signed = format!("{start}{names:?}");
    }
    sent
}

fn key() -> AttributeValue {
    AttributeValue::S("key".to_owned())
}

#[derive(Debug)]
struct OwnEndpoint;

impl LoadServiceConfig for OwnEndpoint {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_it = key.service_id() == "DynamoDB" && key.env() == "AWS_ENDPOINT_URL";
        is_it.then(|| "http://table.test:8000".to_owned())
    }
}

#[tokio::test]
async fn a_request_goes_where_the_sdks_own_client_sends_it() {
    let of = |region: &'static str| sdk().region(Region::new(region));
    let mut said_in_code = sdk().service_config(OwnEndpoint).endpoint_url("http://127.0.0.1:9");
    said_in_code.insert_origin("endpoint_url", Origin::shared_config());
    for (sdk, url) in [
        (sdk(), "https://dynamodb.eu-central-1.amazonaws.com/"),
        (of("cn-north-1"), "https://dynamodb.cn-north-1.amazonaws.com.cn/"),
        (sdk().use_dual_stack(true), "https://dynamodb.eu-central-1.api.aws/"),
        (of("us-east-1").use_fips(true), "https://dynamodb-fips.us-east-1.amazonaws.com/"),
        (sdk().endpoint_url("http://127.0.0.1:9"), "http://127.0.0.1:9/"),
        (sdk().service_config(OwnEndpoint), "http://table.test:8000/"),
        (sdk().service_config(OwnEndpoint).endpoint_url("http://127.0.0.1:9"), "http://table.test:8000/"),
        (said_in_code, "http://127.0.0.1:9/"),
    ] {
        let get = |client: &Client| client.get_item().table_name("table").key("PK", key());
        let (ours, theirs) = both!(Does::Answer(200, "{}"), sdk, get);
        assert_eq!(ours.0[0].url, url);
        assert_eq!(bare(ours.0[0].clone()), bare(theirs.0[0].clone()));
        assert_eq!(ours.1, theirs.1);
    }
    let get = |client: &Client| client.get_item().table_name("table").key("PK", key());
    let (ours, theirs) = both!(Does::Answer(200, "{}"), sdk().region(None), get);
    assert!(ours.0.is_empty() && theirs.0.is_empty());
    assert_eq!((&*ours.1, &*theirs.1), ("DispatchFailure", "DispatchFailure"));
}

/// Asserts that both clients send the same and read the same.
macro_rules! same {
    ($answer:expr, $request:expr) => {{
        let (ours, theirs) = both!(Does::Answer(200, $answer), sdk(), $request);
        assert_eq!(bare(ours.0[0].clone()), bare(theirs.0[0].clone()));
        assert_eq!((ours.0.len(), theirs.0.len()), (1, 1));
        assert_eq!(ours.1, theirs.1);
    }};
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "nothing is read")]
async fn each_operation_is_sent_and_read_as_by_the_sdks_own_client() {
    let keys = || KeysAndAttributes::builder().keys([("PK".to_owned(), key())].into()).build().unwrap();
    let gone = || Delete::builder().table_name("table").key("PK", key()).build().unwrap();
    let gone = || TransactWriteItem::builder().delete(gone()).build();
    let items = r#"{"Items":[{"PK":{"S":"key"}}],"LastEvaluatedKey":{"PK":{"S":"key"}}}"#;
    let found = r#"{"Responses":{"table":[{"PK":{"S":"key"}}]},"UnprocessedKeys":{}}"#;
    same!(found, |client: &Client| client.batch_get_item().request_items("table", keys()));
    same!("{}", |client: &Client| client.batch_write_item().request_items("table", Vec::new()));
    same!("{}", |client: &Client| client.delete_item().table_name("table").key("PK", key()));
    same!(r#"{"Item":{"PK":{"S":"key"}}}"#, |client: &Client| {
        client.get_item().table_name("table").key("PK", key())
    });
    same!(items, |client: &Client| client.query().table_name("table").key_condition_expression("PK = :pk"));
    same!(items, |client: &Client| client.scan().table_name("table").limit(7));
    same!("{}", |client: &Client| {
        client.transact_write_items().transact_items(gone()).client_request_token("once")
    });
    same!(r#"{"Attributes":{"PK":{"S":"key"}}}"#, |client: &Client| {
        client.update_item().table_name("table").key("PK", key()).update_expression("SET a = :b")
    });
}

#[tokio::test]
async fn a_query_and_a_scan_go_on_until_there_is_no_more() {
    let first = r#"{"Items":[],"LastEvaluatedKey":{"PK":{"S":"last seen"}}}"#;
    for end in [r#"{"Items":[]}"#, r#"{"Items":[],"LastEvaluatedKey":{}}"#] {
        let (wire, config) = Wire::connect(Does::Pages(first, end), sdk());
        let store = Store::new(&config, "table", Clock::system());
        let day = "2026-11-30".parse().unwrap();
        assert!(store.waiting_mails().await.unwrap().is_empty());
        store.months(day, day).await.unwrap();
        let sent = wire.sent();
        let operations: Vec<_> = sent.iter().map(|sent| sent.header("x-amz-target")).collect();
        assert_eq!(
            operations,
            ["Scan", "Scan", "Query", "Query"].map(|name| format!("DynamoDB_20120810.{name}"))
        );
        let after: Vec<_> = sent.iter().map(|sent| sent.body.contains("last seen")).collect();
        assert_eq!(after, [false, true, false, true]);
    }
}
