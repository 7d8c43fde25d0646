//! A record of the table's stream, read.

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
}

impl Record {
    /// The records of an event that name something known; others are passed over.
    pub fn all(event: &Value) -> Vec<Self> {
        event.get("Records").and_then(Value::as_array).into_iter().flatten().filter_map(Self::read).collect()
    }

    fn read(record: &Value) -> Option<Self> {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let change = match text("/eventName")? {
            "INSERT" => Change::Inserted,
            "MODIFY" => Change::Modified,
            "REMOVE" => Change::Removed,
            _ => return None,
        };
        let touched = Touched::by_key(text("/dynamodb/Keys/PK/S")?, text("/dynamodb/Keys/SK/S")?)?;
        let number = text("/dynamodb/SequenceNumber").unwrap_or_default().to_owned();
        Some(Self { number, change, touched })
    }

    /// Whether the item is gone.
    pub fn is_removal(&self) -> bool {
        self.change == Change::Removed
    }
}
