//! Any event has an answer. security.md H06, H07, J10.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use tests::samples::{function, samples, signed};

use crate::{Stage, any_json, holds, text};

const FUNCTIONS: [&str; 5] = ["auth", "users", "admin", "posts", "docs"];

/// Something done to an event.
#[derive(Clone, Debug)]
enum Change {
    /// A value somewhere becomes another one.
    Set(Index, Value),
    /// A value somewhere is taken out.
    Remove(Index),
    Query(String),
    Path(String),
    Header(String, String),
    /// The body has characters put in, and what follows cut off.
    Garble(Index, String, bool),
    Encoded(Vec<u8>),
    NotEncoded(String),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any_json()).prop_map(|(at, value)| Change::Set(at, value)),
        at().prop_map(Change::Remove),
        text().prop_map(Change::Query),
        text().prop_map(|path| Change::Path(format!("/{path}"))),
        (text(), text()).prop_map(|(name, value)| Change::Header(name, value)),
        (at(), "[{}\\[\\]\"\\\\,:\0 9eE+.\u{feff}\u{d7ff}-]{0,4}", any::<bool>())
            .prop_map(|(at, text, cut)| Change::Garble(at, text, cut)),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(Change::Encoded),
        text().prop_map(Change::NotEncoded),
    ]
}

impl Change {
    fn apply(self, event: &mut Value) {
        match self {
            Self::Set(at, value) => *pick(event, at) = value,
            Self::Remove(at) => *pick(event, at) = Value::Null,
            Self::Query(query) => put(event, "rawQueryString", json!(query)),
            Self::Path(path) => put(event, "rawPath", json!(path)),
            Self::Header(name, value) => {
                if let Some(headers) = event.get_mut("headers").and_then(Value::as_object_mut) {
                    headers.insert(name, json!(value));
                }
            }
            Self::Garble(at, text, cut) => {
                let body = event.get("body").and_then(Value::as_str).unwrap_or("{}");
                let mut chars: Vec<char> = body.chars().collect();
                let at = at.index(chars.len() + 1);
                let rest = chars.split_off(at);
                chars.extend(text.chars());
                chars.extend(rest.into_iter().filter(|_| !cut));
                put(event, "body", json!(chars.into_iter().collect::<String>()));
            }
            Self::Encoded(bytes) => {
                put(event, "body", json!(STANDARD.encode(bytes)));
                put(event, "isBase64Encoded", json!(true));
            }
            Self::NotEncoded(text) => {
                put(event, "body", json!(text));
                put(event, "isBase64Encoded", json!(true));
            }
        }
    }
}

fn put(event: &mut Value, name: &str, value: Value) {
    if let Some(members) = event.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// A value somewhere in the event.
fn pick(event: &mut Value, at: Index) -> &mut Value {
    fn count(value: &Value) -> usize {
        1 + value.as_object().into_iter().flatten().map(|(_, inner)| count(inner)).sum::<usize>()
    }
    fn nth(value: &mut Value, mut left: usize) -> &mut Value {
        if left == 0 || !value.is_object() {
            return value;
        }
        left -= 1;
        for inner in value.as_object_mut().unwrap().values_mut() {
            let inside = count(inner);
            if left < inside {
                return nth(inner, left);
            }
            left -= inside;
        }
        unreachable!("it was counted");
    }
    let left = at.index(count(event));
    nth(event, left)
}

#[test]
fn any_json_is_an_event_that_is_answered() {
    let stage = Stage::new();
    holds(&(select(&FUNCTIONS[..]), any_json()), |(function, event)| {
        stage.answered(function, &event).refused(400, "invalid_request");
    });
}

#[test]
fn an_event_with_anything_in_its_places_is_answered() {
    let stage = Stage::new();
    let parts = (any_json(), any_json(), any_json(), any_json(), any_json(), any::<bool>());
    let methods = select(&["GET", "POST", "PATCH", "DELETE", "OPTIONS", "get", "X"][..]);
    holds(
        &(select(&FUNCTIONS[..]), methods, text(), text(), parts),
        |(function, method, path, query, parts)| {
            let (headers, cookies, body, inner, id, encoded) = parts;
            let event = json!({
                "rawPath": path, "rawQueryString": query, "headers": headers, "cookies": cookies, "body": body,
                "isBase64Encoded": encoded,
                "requestContext": { "requestId": id, "domainName": inner, "http": { "method": method, "sourceIp": inner } },
            });
            stage.answered(function, &event);
        },
    );
}

#[test]
fn a_good_event_that_is_changed_is_answered() {
    let stage = Stage::new();
    let samples = samples();
    let changes = prop::collection::vec(change(), 1..4);
    let strategy = (any::<Index>(), any::<bool>(), 0..12_usize, changes);
    holds(&strategy, |(sample, is_signed, to, changes)| {
        let (_, sample) = sample.get(&samples);
        let mut event = if is_signed { signed(sample, &stage.root, &stage.ada) } else { sample.clone() };
        let home = function(&event).to_owned();
        for change in changes {
            change.apply(&mut event);
        }
        stage.answered(FUNCTIONS.get(to).copied().unwrap_or(&home), &event);
    });
}
