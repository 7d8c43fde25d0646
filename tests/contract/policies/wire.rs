//! What a function asked of the table, in the words of IAM: for each request its
//! actions, and for each action the partitions of all its keys. A transaction has
//! no action of its own; each member is checked as the action that it is
//! (Amazon DynamoDB Developer Guide, "IAM policies for transactions").

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::store::schema::DEFINITION;
use tests::faults::Seen;

/// Where a function may do an action, or does it: partitions of the table, and
/// the index.
pub(super) type Grants = BTreeMap<String, BTreeSet<String>>;

/// A request's members, with the action that each is.
const MEMBERS: [(&str, &str); 5] = [
    ("Put", "PutItem"),
    ("Update", "UpdateItem"),
    ("Delete", "DeleteItem"),
    ("ConditionCheck", "ConditionCheckItem"),
    ("Get", "GetItem"),
];

/// How the index is named among the partitions.
pub(super) fn index() -> String {
    format!("index/{}", DEFINITION.index)
}

/// Each kind of request once.
pub(super) fn requests(seen: &[Seen]) -> BTreeSet<Grants> {
    seen.iter().map(|seen| actions(&seen.operation, &seen.body)).collect()
}

/// All that is in the requests.
pub(super) fn together(requests: &BTreeSet<Grants>) -> Grants {
    let mut all = Grants::new();
    for (action, partitions) in requests.iter().flatten() {
        all.entry(action.clone()).or_default().extend(partitions.clone());
    }
    all
}

fn actions(operation: &str, body: &Value) -> Grants {
    let one = |partition: String| Grants::from([(operation.to_owned(), BTreeSet::from([partition]))]);
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => one(partition(key(body))),
        "Query" if body["IndexName"].is_string() => one(index()),
        "Query" => one(partition(queried(body))),
        "BatchGetItem" | "BatchWriteItem" => batch(operation, body),
        "TransactWriteItems" | "TransactGetItems" => transaction(body),
        // One that no role has and no test knows.
        _ => one("*".to_owned()),
    }
}

fn batch(operation: &str, body: &Value) -> Grants {
    let tables = body["RequestItems"].as_object().unwrap().values();
    let keys = tables.flat_map(|table| table["Keys"].as_array().cloned().unwrap_or_default());
    let partitions = keys.map(|key| partition(key["PK"]["S"].as_str().unwrap()));
    Grants::from([(operation.to_owned(), partitions.collect())])
}

fn transaction(body: &Value) -> Grants {
    let mut actions = Grants::new();
    for member in body["TransactItems"].as_array().unwrap() {
        for (name, action) in MEMBERS.iter().filter(|(name, _)| member[name].is_object()) {
            actions.entry((*action).to_owned()).or_default().insert(partition(key(&member[name])));
        }
    }
    actions
}

fn key(body: &Value) -> &str {
    let pk = |part: &str| body[part]["PK"]["S"].as_str();
    pk("Key").or_else(|| pk("Item")).unwrap_or_else(|| panic!("no key in {body}"))
}

/// The partition that `PK = :value` names, wherever it stands in the condition.
fn queried(body: &Value) -> &str {
    let condition = body["KeyConditionExpression"].as_str().unwrap();
    let value = |term: &str| {
        let (name, value) = term.split_once('=')?;
        let name = body["ExpressionAttributeNames"][name.trim()].as_str().unwrap_or(name.trim());
        (name == "PK").then(|| body["ExpressionAttributeValues"][value.trim()]["S"].as_str())?
    };
    condition.split(" AND ").find_map(value).unwrap_or_else(|| panic!("no partition in {body}"))
}

/// `USER#0195..` as a policy has it: `USER#*`; `ATTEMPTS#mail#..` as `ATTEMPTS#mail#*`.
fn partition(pk: &str) -> String {
    let parts: Vec<&str> = pk.split('#').collect();
    match parts[..] {
        [whole] => whole.to_owned(),
        ["ATTEMPTS", scope, _, ..] => format!("ATTEMPTS#{scope}#*"),
        // The marks are each user's; the counters are few, and each has its name.
        ["STATS", "USER", _] => "STATS#USER#*".to_owned(),
        ["STATS", _] => pk.to_owned(),
        [kind, ..] => format!("{kind}#*"),
        [] => String::new(),
    }
}

/// Whether what `pattern` allows includes all of `partition`.
pub(super) fn covers(pattern: &str, partition: &str) -> bool {
    pattern == partition || pattern.strip_suffix('*').is_some_and(|prefix| partition.starts_with(prefix))
}

/// What attributes a `BatchGetItem` asks for, if it names any: else all.
pub(super) fn attributes(seen: &Seen) -> Option<BTreeSet<String>> {
    let mut tables = seen.body["RequestItems"].as_object()?.values();
    let table = tables.next()?;
    let names = table["ProjectionExpression"].as_str()?.split(',').map(str::trim);
    Some(
        names
            .map(|name| table["ExpressionAttributeNames"][name].as_str().unwrap_or(name).to_owned())
            .collect(),
    )
}
