//! Capacity units by AWS's rules, computed from the sizes of the items: the local engines' own
//! `ConsumedCapacity` disagree with each other and with AWS.

mod index;
mod size;

use serde_json::Value;

pub use index::{entry, index_units};
pub use size::item_size;

use crate::wire::{Call, Image};

/// What a call consumes, in request units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units of the table.
    pub write: f64,
    /// Write request units of its index.
    pub index_write: f64,
    /// Records in its stream.
    pub stream_records: u32,
}

impl Units {
    /// All that these calls consume.
    #[must_use]
    pub fn of_all<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Self {
        calls.into_iter().map(Self::of).fold(Self::default(), |sum, units| Self {
            read: sum.read + units.read,
            write: sum.write + units.write,
            index_write: sum.index_write + units.index_write,
            stream_records: sum.stream_records + units.stream_records,
        })
    }

    /// What a call consumes.
    #[must_use]
    pub fn of(call: &Call) -> Self {
        let mut units = Self { read: reads(call), ..Self::default() };
        let transactional = call.operation == "TransactWriteItems";
        for Image { before, after, .. } in &call.written {
            let bytes = before.as_ref().map_or(0, item_size).max(after.as_ref().map_or(0, item_size));
            units.write += write_units(bytes, transactional);
            units.index_write += index_units(before.as_ref(), after.as_ref());
            units.stream_records += u32::from(before != after);
        }
        units
    }
}

/// How a read is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// It may miss the last moment's writes.
    Eventual,
    /// It sees every answered write.
    Strong,
    /// In a transaction.
    Transactional,
}

/// The units of a read of this size: one for each 4 KB begun, half of that for an eventually
/// consistent read, twice in a transaction; what is not there costs as much as the smallest item.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>
#[must_use]
pub fn read_units(bytes: usize, read: Read) -> f64 {
    let factor = match read {
        Read::Eventual => 0.5,
        Read::Strong => 1.0,
        Read::Transactional => 2.0,
    };
    blocks(bytes, 4096) * factor
}

/// The units of a write of this size: one for each 1 KB begun, of the larger of the item before and
/// after; twice in a transaction. A condition that fails costs the same.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>
#[must_use]
pub fn write_units(bytes: usize, transactional: bool) -> f64 {
    blocks(bytes, 1024) * if transactional { 2.0 } else { 1.0 }
}

#[expect(clippy::cast_precision_loss, reason = "an item has at most 400 KB, an answer 1 MB")]
fn blocks(bytes: usize, size: usize) -> f64 {
    bytes.div_ceil(size).max(1) as f64
}

fn reads(call: &Call) -> f64 {
    let strong = |asked: &Value| match asked["ConsistentRead"] {
        Value::Bool(true) => Read::Strong,
        _ => Read::Eventual,
    };
    match call.operation.as_str() {
        "GetItem" => read_units(call.read.first().map_or(0, item_size), strong(&call.request)),
        // Of the sum, not of each.
        "Query" | "Scan" => read_units(call.read.iter().map(item_size).sum(), strong(&call.request)),
        "TransactGetItems" => each(call, call.request["TransactItems"].as_array(), Read::Transactional),
        "BatchGetItem" => {
            let tables = call.request["RequestItems"].as_object();
            let asked = tables.and_then(|tables| tables.values().next());
            each(call, asked.and_then(|asked| asked["Keys"].as_array()), asked.map_or(Read::Eventual, strong))
        }
        _ => 0.0,
    }
}

/// Of each item; a key that nothing has costs as much as the smallest.
fn each(call: &Call, keys: Option<&Vec<Value>>, read: Read) -> f64 {
    let missing = keys.map_or(0, Vec::len).saturating_sub(call.read.len());
    let sizes = call.read.iter().map(item_size).chain(std::iter::repeat_n(0, missing));
    sizes.map(|size| read_units(size, read)).sum()
}
