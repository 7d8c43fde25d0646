//! How long things are. What a format or the name of a token says of a length is
//! said here, once; what only answers hold has the longest that Usher writes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Longer than any text in an answer but a token: a path is repeated to 1,024.
const ANSWERED_TEXT: usize = 1024;
/// More than any list in an answer holds: a page has 100 at most.
const ANSWERED_ITEMS: usize = 100;
/// The greatest that JSON carries everywhere (RFC 8259 section 6).
const INTEGER: i64 = 9_007_199_254_740_991;

/// Adds the limits that no handler has to say.
pub(super) fn add(document: &mut Value) {
    super::each_operation(document, |_, _, operation| {
        for parameter in parameters(operation) {
            let name = parameter["name"].as_str().unwrap().to_owned();
            let in_path = parameter["in"] == "path";
            let schema = &mut parameter["schema"];
            if in_path && matches!(name.as_str(), "id" | "comment_id") {
                schema["format"] = json!("uuid");
            }
            known(&name, schema);
        }
    });
    let asked = asked(document);
    for (name, schema) in document["components"]["schemas"].as_object_mut().unwrap() {
        properties(schema, &mut |name, property| known(name, property));
        if asked.contains(name) {
            properties(schema, &mut text);
        } else {
            super::walk(schema, &mut answered);
        }
    }
    super::walk(&mut document["components"]["responses"], &mut answered);
    super::each_operation(document, |_, _, operation| {
        super::walk(&mut operation["responses"], &mut answered);
    });
}

fn parameters(operation: &mut Value) -> impl Iterator<Item = &mut Value> {
    operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
}

/// The names of the schemas that requests have.
fn asked(document: &mut Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    super::each_operation(document, |_, _, operation| {
        let Some(body) = operation.get_mut("requestBody") else { return };
        super::walk(body, &mut |value| {
            let name = value["$ref"].as_str().and_then(|path| path.rsplit('/').next());
            names.extend(name.map(str::to_owned));
        });
    });
    names
}

/// Visits each property of a schema and of what is in it, with its name.
fn properties(schema: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    super::walk(schema, &mut |value| {
        let members = value.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in members.into_iter().flatten() {
            visit(name, property);
        }
    });
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
}

fn default(schema: &mut Value, keyword: &str, value: Value) {
    let members: &mut Map<String, Value> = schema.as_object_mut().unwrap();
    members.entry(keyword).or_insert(value);
}

/// What follows from the format or the name.
fn known(name: &str, schema: &mut Value) {
    if !is(schema, "string") || schema["enum"].is_array() {
        return;
    }
    let longest = match (name, schema["format"].as_str()) {
        (_, Some("email")) => 254,
        (_, Some("uuid")) => 36,
        (_, Some("date-time")) => 35,
        (_, Some("password")) => {
            default(schema, "minLength", json!(1));
            1024
        }
        ("username", _) => 30,
        ("name" | "first_name" | "last_name", _) => {
            default(schema, "pattern", json!("^[^\\u0000-\\u001F\\u007F-\\u009F]+$"));
            100
        }
        ("cursor", _) => 1024,
        (name, _) if name.ends_with("token") => 8192,
        _ => return,
    };
    default(schema, "maxLength", json!(longest));
}

/// What holds for what people write: something else than spaces, and no control
/// characters; in a text, but for tabs and line ends.
fn text(name: &str, schema: &mut Value) {
    let control = match name {
        "title" => "\\u0000-\\u001F\\u007F-\\u009F",
        "body" => "\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F",
        _ => return,
    };
    default(schema, "pattern", json!(format!("^[^{control}]*[^\\s{control}][^{control}]*$")));
}

/// What holds for whatever Usher writes.
fn answered(schema: &mut Value) {
    if !schema.is_object() {
        return;
    }
    if is(schema, "string") && !schema["enum"].is_array() {
        default(schema, "maxLength", json!(ANSWERED_TEXT));
    }
    if is(schema, "array") {
        default(schema, "maxItems", json!(ANSWERED_ITEMS));
    }
    if is(schema, "integer") {
        default(schema, "format", json!("int64"));
        default(schema, "minimum", json!(0));
        default(schema, "maximum", json!(INTEGER));
    }
}
