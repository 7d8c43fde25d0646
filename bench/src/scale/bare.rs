//! The engine's part: what the functions ask of it, asked by nobody else.

use std::time::{Duration, Instant};

use axum::http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::Failure;
use crate::wire::Call;

/// A client without an SDK.
#[derive(Clone, Debug)]
pub struct Bare {
    client: Client<HttpConnector, Full<axum::body::Bytes>>,
    endpoint: String,
}

/// A call to be made.
#[derive(Clone, Debug)]
pub struct Ask {
    operation: &'static str,
    body: Value,
}

const READS: [&str; 3] = ["GetItem", "BatchGetItem", "Query"];

impl Bare {
    /// A client of the engine at `endpoint`.
    #[must_use]
    pub fn new(endpoint: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { client: Client::builder(TokioExecutor::new()).build(connector), endpoint: endpoint.to_owned() }
    }

    /// Makes these calls one after another.
    ///
    /// # Errors
    /// The engine refused one.
    pub async fn take(&self, asks: &[Ask]) -> Result<Duration, Failure> {
        let started = Instant::now();
        for ask in asks {
            self.ask(ask).await?;
        }
        Ok(started.elapsed())
    }

    async fn ask(&self, ask: &Ask) -> Result<(), Failure> {
        // The local engines look at the form of a signature alone.
        let credential = "Credential=local/20260301/us-east-1/dynamodb/aws4_request";
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{}", ask.operation))
            .header("x-amz-date", "20260301T120000Z")
            .header("authorization", format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"))
            .body(Full::from(ask.body.to_string()))?;
        let (head, body) = self.client.request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        if !head.status.is_success() {
            return Err(format!("{}: {}", ask.operation, String::from_utf8_lossy(&body)).into());
        }
        Ok(())
    }
}

/// The calls as the engine alone can be asked again: reads as they were; in the place of each item
/// written one update of it, without a condition, of an attribute that nobody reads.
#[must_use]
pub fn again(calls: &[Call]) -> Vec<Ask> {
    calls.iter().flat_map(asks).collect()
}

fn asks(call: &Call) -> Vec<Ask> {
    if let Some(operation) = READS.into_iter().find(|operation| *operation == call.operation) {
        return vec![Ask { operation, body: call.request.clone() }];
    }
    let update = |(table, key): (Value, Value)| Ask {
        operation: "UpdateItem",
        body: json!({
            "TableName": table, "Key": key, "UpdateExpression": "SET bench = :bench",
            "ExpressionAttributeValues": { ":bench": { "N": "1" } },
        }),
    };
    // Of a transaction, the item that is there already: the others are new.
    let parts = call.request["TransactItems"].as_array().into_iter().flatten();
    let parts = parts.filter_map(|part| part.get("Update"));
    let single = (call.operation == "UpdateItem").then_some(&call.request);
    parts.chain(single).map(|update| (update["TableName"].clone(), update["Key"].clone())).map(update).collect()
}

impl Ask {
    /// A strongly consistent `GetItem` of a user.
    #[must_use]
    pub fn user(table: &str, user: &shared::model::User) -> Self {
        let key = json!({ "PK": { "S": format!("USER#{}", user.id) }, "SK": { "S": "PROFILE" } });
        Self { operation: "GetItem", body: json!({ "TableName": table, "Key": key, "ConsistentRead": true }) }
    }
}
