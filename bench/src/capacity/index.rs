//! What a write to the table costs its index
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes>).

use serde_json::Value;
use shared::store::schema::DEFINITION;

use super::{item_size, write_units};

/// The item's entry in the index: its keys, the table's and what is projected; `None` where it lacks
/// one of the index's keys.
#[must_use]
pub fn entry(item: &Value) -> Option<Value> {
    DEFINITION.index_key.iter().all(|name| item.get(name).is_some()).then(|| {
        let names = DEFINITION.key.iter().chain(&DEFINITION.index_key).chain(&DEFINITION.projected);
        names.filter_map(|name| Some(((*name).to_owned(), item.get(name)?.clone()))).collect()
    })
}

/// The units that the index consumes for a write: none where its entry stays as it is, one write for
/// a new, changed or deleted entry, two where the entry's key changes. The index follows the table
/// later and by itself, so that a transaction does not double them.
#[must_use]
pub fn index_units(before: Option<&Value>, after: Option<&Value>) -> f64 {
    let units = |entry: &Value| write_units(item_size(entry), false);
    match (before.and_then(entry), after.and_then(entry)) {
        (None, None) => 0.0,
        (Some(entry), None) | (None, Some(entry)) => units(&entry),
        (Some(before), Some(after)) if before == after => 0.0,
        (Some(before), Some(after)) if same_key(&before, &after) => units(&before).max(units(&after)),
        (Some(before), Some(after)) => units(&before) + units(&after),
    }
}

fn same_key(before: &Value, after: &Value) -> bool {
    DEFINITION.index_key.iter().all(|name| before[name] == after[name])
}
