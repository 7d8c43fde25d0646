//! A stream's shards and what Lambda's event source mapping makes of them. The local engines' own
//! streams go through all of themselves in every write, so a hundred thousand records do not fit.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use local::stream::Mapping;
use serde_json::{Value, json};

/// A record of the stream.
#[derive(Clone, Debug)]
pub struct Record {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event: &'static str,
    /// The item's partition.
    pub pk: String,
    /// The item's place in it.
    pub sk: String,
}

impl Record {
    /// One.
    pub fn new(event: &'static str, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { event, pk: pk.into(), sk: sk.into() }
    }

    fn is_wanted(&self, mapping: &Mapping) -> bool {
        mapping.filters.iter().any(|filter| {
            let happened = filter.events.is_empty() || filter.events.contains(&self.event);
            happened && self.pk.starts_with(filter.pk) && self.sk.starts_with(filter.sk)
        })
    }

    fn shard(&self, shards: usize) -> usize {
        let mut hasher = DefaultHasher::new();
        self.pk.hash(&mut hasher);
        usize::try_from(hasher.finish() % 1_000_003).unwrap_or(0) % shards
    }
}

/// The records that a mapping lets through, by shard: those of one item in one, in their order.
#[must_use]
pub fn shards(records: &[Record], mapping: &Mapping, number: usize) -> Vec<Vec<Record>> {
    let mut shards = vec![Vec::new(); number];
    for record in records.iter().filter(|record| record.is_wanted(mapping)) {
        shards[record.shard(number)].push(record.clone());
    }
    shards
}

/// A batch as an event, whose first record is number `from` of its shard.
#[must_use]
pub fn event(batch: &[Record], from: usize, second: i64) -> Value {
    let record = |(at, record): (usize, &Record)| {
        let number = format!("{:021}", from + at);
        json!({
            "eventID": number, "eventName": record.event, "eventSource": "aws:dynamodb",
            "dynamodb": {
                "ApproximateCreationDateTime": second, "SequenceNumber": number, "StreamViewType": "KEYS_ONLY",
                "Keys": { "PK": { "S": record.pk }, "SK": { "S": record.sk } },
            },
        })
    };
    json!({ "Records": batch.iter().enumerate().map(record).collect::<Vec<_>>() })
}

/// How many records of a batch are dealt with: up to the lowest that the answer names.
#[must_use]
pub fn settled(answer: &Value, from: usize, batch: usize) -> usize {
    let failures = answer["batchItemFailures"].as_array().into_iter().flatten();
    let named = failures.filter_map(|failure| failure["itemIdentifier"].as_str()?.parse::<usize>().ok());
    named.map(|number| number.saturating_sub(from)).min().unwrap_or(batch)
}
