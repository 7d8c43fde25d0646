//! What a call read and wrote, whole: the engines' answers do not say it.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Image;
use super::forward::Upstream;
use crate::Failure;

/// The items that a call touches.
#[derive(Default)]
pub(super) struct Looked {
    pub read: Vec<Value>,
    pub written: Vec<Image>,
    /// Where the items of `written` are: table and key.
    places: Vec<(Value, Value)>,
}

impl Looked {
    pub async fn before(
        upstream: &Upstream,
        headers: &HeaderMap,
        operation: &str,
        asked: &Value,
    ) -> Result<Self, Failure> {
        let mut looked = Self::default();
        for (body, many) in reads(operation, asked) {
            let operation = if many { operation } else { "GetItem" };
            let answer = upstream.ask(headers, operation, &body).await?;
            match &answer["Items"] {
                Value::Array(items) => looked.read.extend(items.iter().cloned()),
                _ => looked.read.extend(answer.get("Item").cloned()),
            }
        }
        for write in writes(operation, asked) {
            let before = item(upstream, headers, &write.table, &write.key).await?;
            looked.written.push(Image { before, after: None, checked: write.checked });
            looked.places.push((write.table, write.key));
        }
        Ok(looked)
    }

    pub async fn after(&mut self, upstream: &Upstream, headers: &HeaderMap) -> Result<(), Failure> {
        for (image, (table, key)) in self.written.iter_mut().zip(&self.places) {
            image.after = item(upstream, headers, table, key).await?;
        }
        Ok(())
    }
}

async fn item(
    upstream: &Upstream,
    headers: &HeaderMap,
    table: &Value,
    key: &Value,
) -> Result<Option<Value>, Failure> {
    let body = json!({ "TableName": table, "Key": key, "ConsistentRead": true });
    Ok(upstream.ask(headers, "GetItem", &body).await?.get("Item").cloned())
}

/// The same reads without filter and projection, and whether each gives many items.
fn reads(operation: &str, asked: &Value) -> Vec<(Value, bool)> {
    let one = |get: &Value| {
        (json!({ "TableName": get["TableName"], "Key": get["Key"], "ConsistentRead": true }), false)
    };
    match operation {
        "GetItem" => vec![one(asked)],
        "TransactGetItems" => each(&asked["TransactItems"]).map(|part| one(&part["Get"])).collect(),
        "BatchGetItem" => {
            let tables = asked["RequestItems"].as_object().into_iter().flatten();
            let keys = |(table, request): (&String, &Value)| -> Vec<(Value, bool)> {
                each(&request["Keys"]).map(|key| one(&json!({ "TableName": table, "Key": key }))).collect()
            };
            tables.flat_map(keys).collect()
        }
        "Query" | "Scan" => vec![(unfiltered(asked), true)],
        _ => Vec::new(),
    }
}

/// Without what makes the answer smaller, and without the names and values that only that used: an
/// engine refuses what is not used.
fn unfiltered(asked: &Value) -> Value {
    let mut body = asked.clone();
    let Some(fields) = body.as_object_mut() else { return body };
    for name in ["ProjectionExpression", "FilterExpression", "Select", "AttributesToGet"] {
        fields.remove(name);
    }
    let condition =
        fields.get("KeyConditionExpression").and_then(Value::as_str).unwrap_or_default().to_owned();
    for name in ["ExpressionAttributeNames", "ExpressionAttributeValues"] {
        let Some(Value::Object(names)) = fields.get_mut(name) else { continue };
        names.retain(|name, _| uses(&condition, name));
        if names.is_empty() {
            fields.remove(name);
        }
    }
    body
}

fn uses(expression: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    expression
        .match_indices(name)
        .any(|(at, _)| !expression[at + name.len()..].chars().next().is_some_and(word))
}

struct Write {
    table: Value,
    key: Value,
    checked: bool,
}

fn writes(operation: &str, asked: &Value) -> Vec<Write> {
    match operation {
        "PutItem" => vec![put(&asked["TableName"], &asked["Item"])],
        "UpdateItem" | "DeleteItem" => vec![keyed(asked, false)],
        "TransactWriteItems" => each(&asked["TransactItems"]).flat_map(part).collect(),
        "BatchWriteItem" => {
            let tables = asked["RequestItems"].as_object().into_iter().flatten();
            tables.flat_map(|(table, requests)| batch(&json!(table), requests)).collect()
        }
        _ => Vec::new(),
    }
}

fn part(part: &Value) -> Vec<Write> {
    let fields = part.as_object().into_iter().flatten();
    let write = |(kind, body): (&String, &Value)| match kind.as_str() {
        "Put" => put(&body["TableName"], &body["Item"]),
        kind => keyed(body, kind == "ConditionCheck"),
    };
    fields.map(write).collect()
}

fn batch(table: &Value, requests: &Value) -> Vec<Write> {
    let write = |request: &Value| {
        if let Some(request) = request.get("PutRequest") {
            return put(table, &request["Item"]);
        }
        let key = request["DeleteRequest"]["Key"].clone();
        Write { table: table.clone(), key, checked: false }
    };
    each(requests).map(write).collect()
}

fn put(table: &Value, item: &Value) -> Write {
    let [hash, range] = shared::store::schema::DEFINITION.key;
    let key = json!({ hash: item[hash], range: item[range] });
    Write { table: table.clone(), key, checked: false }
}

fn keyed(body: &Value, checked: bool) -> Write {
    Write { table: body["TableName"].clone(), key: body["Key"].clone(), checked }
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
