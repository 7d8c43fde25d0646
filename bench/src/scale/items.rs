//! What a user takes up: the items of the smallest table, by kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::bare::Bare;
use super::fill::TABLE;
use crate::Failure;
use crate::capacity::{entry, item_size};

/// A kind of item.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kind {
    /// What its keys begin with.
    pub name: String,
    /// How many there are for each user.
    pub per_user: f64,
    /// Its bytes, on average.
    pub bytes: f64,
    /// The largest one's.
    pub most_bytes: usize,
    /// The bytes of its entry in the index; 0 where it has none.
    pub index_bytes: f64,
}

/// The kinds of the table at `endpoint`, which has so many users.
///
/// # Errors
/// The engine does not answer.
#[expect(clippy::cast_precision_loss, reason = "some thousand items")]
pub async fn kinds(endpoint: &str, users: u64) -> Result<Vec<Kind>, Failure> {
    let (bare, mut after) = (Bare::new(endpoint), Value::Null);
    let mut all: BTreeMap<String, (usize, Kind)> = BTreeMap::new();
    loop {
        let mut body = json!({ "TableName": TABLE });
        if !after.is_null() {
            body["ExclusiveStartKey"] = after;
        }
        let page = bare.call("Scan", &body).await?;
        for item in page["Items"].as_array().into_iter().flatten() {
            let (number, kind) = all.entry(name(item)).or_default();
            *number += 1;
            kind.bytes += item_size(item) as f64;
            kind.most_bytes = kind.most_bytes.max(item_size(item));
            kind.index_bytes += entry(item).map_or(0, |entry| item_size(&entry)) as f64;
        }
        after = page["LastEvaluatedKey"].clone();
        if after.is_null() {
            break;
        }
    }
    let of = |(name, (number, kind)): (String, (usize, Kind))| {
        let number = number as f64;
        let (bytes, index_bytes) = (kind.bytes / number, kind.index_bytes / number);
        Kind { name, per_user: number / users as f64, bytes, index_bytes, ..kind }
    };
    let kinds = all.into_iter().map(of);
    // What requests leave behind is not what a user takes up.
    Ok(kinds.filter(|kind| kind.per_user > 0.01).collect())
}

fn name(item: &Value) -> String {
    let part = |name: &str| {
        let text = item[name]["S"].as_str().unwrap_or_default();
        text.split_once('#').map_or(text, |(kind, _)| kind).to_owned()
    };
    let (pk, sk) = (part("PK"), part("SK"));
    if pk == "USER" { format!("{pk} {sk}") } else { pk }
}

/// The table in Markdown.
#[must_use]
pub fn table(kinds: &[Kind]) -> String {
    let mut lines = vec![
        "| item | for each user | bytes | the largest | bytes in the index |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(kinds.iter().map(|kind| {
        let Kind { name, per_user, bytes, most_bytes, index_bytes } = kind;
        format!("| `{name}` | {per_user:.2} | {bytes:.0} | {most_bytes} | {index_bytes:.0} |")
    }));
    let sum = |of: fn(&Kind) -> f64| kinds.iter().map(|kind| of(kind) * kind.per_user).sum::<f64>();
    let (bytes, index) = (sum(|kind| kind.bytes), sum(|kind| kind.index_bytes));
    lines.push(format!("\nA user takes up {bytes:.0} bytes in the table and {index:.0} in the index."));
    lines.join("\n")
}
