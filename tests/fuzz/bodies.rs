//! JSON bodies, and what is none, for every operation that takes one. security.md
//! H07, H12.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use tests::samples::{function, samples, signed};

use crate::{Stage, any_json, holds, text};

/// The samples that have a body.
fn bodied() -> Vec<Value> {
    samples().into_iter().map(|(_, event)| event).filter(|event| event["body"].is_string()).collect()
}

fn fields(event: &Value) -> Map<String, Value> {
    serde_json::from_str(event["body"].as_str().unwrap()).unwrap()
}

/// A value that might be meant: addresses, names, passwords, words of ours.
fn value() -> impl Strategy<Value = Value> {
    const KNOWN: [&str; 7] = ["admin", "user", "eve@example.com", tests::PASSWORD, "\u{0}", "0", ""];
    prop_oneof![2 => select(&KNOWN[..]).prop_map(|text| json!(text)), 2 => any_json(), 1 => text().prop_map(|text| json!(text))]
}

#[test]
fn a_body_with_any_values_in_its_fields_is_answered() {
    let stage = Stage::new();
    let events = bodied();
    let changes = prop::collection::vec((any::<Index>(), value()), 1..4);
    holds(&(any::<Index>(), changes), |(event, changes)| {
        let mut event = signed(event.get(&events), &stage.root, &stage.ada);
        let mut body = fields(&event);
        let names: Vec<String> = body.keys().cloned().collect();
        for (at, value) in changes {
            body.insert(at.get(&names).clone(), value);
        }
        event["body"] = json!(Value::Object(body).to_string());
        stage.answered(function(&event), &event);
    });
}

/// An array, a number or a text is 422, and what is no JSON is 400.
#[test]
fn a_body_of_any_kind_is_refused_unless_it_is_an_object() {
    let stage = Stage::new();
    let events = bodied();
    let body = prop_oneof![any_json().prop_map(|json| json.to_string()), text()];
    holds(&(any::<Index>(), body), |(event, body)| {
        let mut event = signed(event.get(&events), &stage.root, &stage.ada);
        event["body"] = json!(body);
        let reply = stage.answered(function(&event), &event);
        let expected = match serde_json::from_str::<Value>(&body) {
            // Of an object it depends on its members.
            Ok(Value::Object(_)) => return,
            Ok(_) => (422, "invalid_body"),
            Err(_) if body.trim_start().starts_with('{') => return,
            Err(_) if body.len() > 64 * 1024 => (413, "body_too_large"),
            Err(_) => (400, "invalid_json"),
        };
        assert_eq!((reply.status, reply.code()), expected, "{body:?}: {}", reply.body);
    });
}
