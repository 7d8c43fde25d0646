//! What a call read and wrote, whole: the engines' answers do not say it.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Image;
use super::forward::Upstream;
use crate::Failure;

/// Keys in one `BatchGetItem` at most ("`BatchGetItem`", `DynamoDB` API Reference).
const KEYS: usize = 100;

/// The items that a call touches.
#[derive(Default)]
pub(super) struct Looked {
    pub read: Vec<Value>,
    pub written: Vec<Image>,
    /// Where the items of `written` are.
    places: Vec<Place>,
}

/// Where an item is.
struct Place {
    table: Value,
    key: Value,
}

impl Looked {
    pub async fn before(
        upstream: &Upstream,
        headers: &HeaderMap,
        operation: &str,
        asked: &Value,
    ) -> Result<Self, Failure> {
        let mut looked = Self::default();
        if matches!(operation, "Query" | "Scan") {
            let answer = upstream.ask(headers, operation, &unfiltered(asked)).await?;
            looked.read.extend(each(&answer["Items"]).cloned());
        }
        looked.read.extend(items(upstream, headers, &reads(operation, asked)).await?.into_iter().flatten());
        let writes = writes(operation, asked);
        let checked: Vec<bool> = writes.iter().map(|write| write.checked).collect();
        looked.places = writes.into_iter().map(|write| write.place).collect();
        let before = items(upstream, headers, &looked.places).await?;
        let image = |(before, checked)| Image { before, after: None, checked };
        looked.written = before.into_iter().zip(checked).map(image).collect();
        Ok(looked)
    }

    pub async fn after(&mut self, upstream: &Upstream, headers: &HeaderMap) -> Result<(), Failure> {
        let after = items(upstream, headers, &self.places).await?;
        for (image, after) in self.written.iter_mut().zip(after) {
            image.after = after;
        }
        Ok(())
    }
}

/// The items that are there now, in as few calls as can be: who asked waits for it.
async fn items(
    upstream: &Upstream,
    headers: &HeaderMap,
    places: &[Place],
) -> Result<Vec<Option<Value>>, Failure> {
    let mut found = Vec::with_capacity(places.len());
    for places in places.chunks(KEYS) {
        let table = places[0].table.as_str().unwrap_or_default();
        if places.iter().any(|place| place.table != table) {
            return Err("a call touches two tables".into());
        }
        let keys: Vec<&Value> = places.iter().map(|place| &place.key).collect();
        let body = json!({ "RequestItems": { table: { "Keys": keys, "ConsistentRead": true } } });
        let answer = upstream.ask(headers, "BatchGetItem", &body).await?;
        if answer["UnprocessedKeys"].get(table).is_some() {
            return Err("items too large for one look".into());
        }
        let items = &answer["Responses"][table];
        found.extend(places.iter().map(|place| each(items).find(|item| key_of(item) == place.key).cloned()));
    }
    Ok(found)
}

/// Where the items are that the call reads by their keys.
fn reads(operation: &str, asked: &Value) -> Vec<Place> {
    let one = |get: &Value| Place { table: get["TableName"].clone(), key: get["Key"].clone() };
    match operation {
        "GetItem" => vec![one(asked)],
        "TransactGetItems" => each(&asked["TransactItems"]).map(|part| one(&part["Get"])).collect(),
        "BatchGetItem" => {
            let tables = asked["RequestItems"].as_object().into_iter().flatten();
            let keys = |(table, request): (&String, &Value)| -> Vec<Place> {
                each(&request["Keys"]).map(|key| Place { table: json!(table), key: key.clone() }).collect()
            };
            tables.flat_map(keys).collect()
        }
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
    place: Place,
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
        Write { place: Place { table: table.clone(), key }, checked: false }
    };
    each(requests).map(write).collect()
}

fn put(table: &Value, item: &Value) -> Write {
    Write { place: Place { table: table.clone(), key: key_of(item) }, checked: false }
}

fn keyed(body: &Value, checked: bool) -> Write {
    Write { place: Place { table: body["TableName"].clone(), key: body["Key"].clone() }, checked }
}

fn key_of(item: &Value) -> Value {
    let [hash, range] = shared::store::schema::DEFINITION.key;
    json!({ hash: item[hash], range: item[range] })
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
