//! A record of the table's stream, read.

use jiff::Timestamp;
use serde_json::Value;
use shared::store::Touched;

/// What happened to the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was not there before.
    Inserted,
    /// It was there and still is.
    Modified,
    /// It is gone, deleted or expired.
    Removed,
}

/// A record that concerns this function.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Its number in the stream, by which a failure is reported.
    pub number: String,
    /// What happened.
    pub change: Change,
    /// To which item.
    pub touched: Touched,
    /// When, to the second; the same however often it is brought.
    pub time: Timestamp,
}

impl Record {
    /// The records of an event that name something known; others are passed over. One
    /// that does not say when it happened did so `now`.
    pub fn all(event: &Value, now: Timestamp) -> Vec<Self> {
        let records = event.get("Records").and_then(Value::as_array).into_iter().flatten();
        records.filter_map(|record| Self::read(record, now)).collect()
    }

    fn read(record: &Value, now: Timestamp) -> Option<Self> {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let change = match text("/eventName")? {
            "INSERT" => Change::Inserted,
            "MODIFY" => Change::Modified,
            "REMOVE" => Change::Removed,
            _ => return None,
        };
        let touched = Touched::by_key(text("/dynamodb/Keys/PK/S")?, text("/dynamodb/Keys/SK/S")?)?;
        let number = text("/dynamodb/SequenceNumber").unwrap_or_default().to_owned();
        // Lambda writes it as a number of seconds, with or without a fraction.
        let seconds = record.pointer("/dynamodb/ApproximateCreationDateTime").and_then(Value::as_f64);
        #[expect(clippy::cast_possible_truncation, reason = "it saturates, and is refused then")]
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
        Some(Self { number, change, touched, time: time.unwrap_or(now) })
    }

    /// Whether the item is gone.
    pub fn is_removal(&self) -> bool {
        self.change == Change::Removed
    }
}
