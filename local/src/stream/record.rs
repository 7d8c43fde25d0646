//! A stream's record: its parts, and the form in which Lambda hands it to a function.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::types::{AttributeValue, OperationType, Record};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// The record's number in its shard; empty when the engine gave none.
pub(super) fn sequence_number(record: &Record) -> &str {
    let stream_record = record.dynamodb.as_ref();
    stream_record.and_then(|inner| inner.sequence_number.as_deref()).unwrap_or_default()
}

/// What to call `record` before a person.
pub(super) fn name(record: &Record) -> &str {
    partition_key(record).map_or_else(|| sequence_number(record), String::as_str)
}

fn partition_key(record: &Record) -> Option<&String> {
    record.dynamodb.as_ref()?.keys.as_ref()?.get("PK")?.as_s().ok()
}

/// The event that Lambda would send for `records`.
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
pub(super) fn event(records: &[&Record], stream_arn: &str) -> Value {
    let records: Vec<Value> = records.iter().map(|record| one(record, stream_arn)).collect();
    json!({ "Records": records })
}

fn one(record: &Record, stream_arn: &str) -> Value {
    let inner = record.dynamodb.as_ref();
    json!({
        "eventID": record.event_id,
        "eventName": record.event_name.as_ref().map(OperationType::as_str),
        "eventVersion": record.event_version,
        "eventSource": record.event_source,
        "awsRegion": record.aws_region,
        "dynamodb": {
            "ApproximateCreationDateTime": inner
                .and_then(|r| r.approximate_creation_date_time)
                .map(|time| time.secs()),
            "Keys": attributes(inner.and_then(|r| r.keys.as_ref())),
            "SequenceNumber": sequence_number(record),
            "SizeBytes": inner.and_then(|r| r.size_bytes),
            "StreamViewType": inner
                .and_then(|r| r.stream_view_type.as_ref())
                .map(aws_sdk_dynamodbstreams::types::StreamViewType::as_str),
        },
        "eventSourceARN": stream_arn,
    })
}

fn attributes(keys: Option<&HashMap<String, AttributeValue>>) -> Value {
    let members = keys.into_iter().flatten().map(|(name, value)| (name.clone(), attribute(value)));
    Value::Object(members.collect::<Map<_, _>>())
}

/// Keys are strings, numbers or bytes; `DynamoDB` has no others.
fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        _ => Value::Null,
    }
}
