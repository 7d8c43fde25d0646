//! What must never happen: the ten lines of the product's list, in its order.
//! Each was found in at least one of the systems that Usher replaces. That no
//! answer is HTML, holds a hash or names the table is checked on every answer of
//! every suite (`tests/support/reply.rs`).
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "never/accounts.rs"]
mod accounts;
#[path = "never/admins.rs"]
mod admins;
#[path = "never/defaults.rs"]
mod defaults;
#[path = "never/errors.rs"]
mod errors;
#[path = "never/limits.rs"]
mod limits;
#[path = "never/paper.rs"]
mod paper;
#[path = "never/secrets.rs"]
mod secrets;
#[path = "never/signing_out.rs"]
mod signing_out;
#[path = "never/telling.rs"]
mod telling;
#[path = "never/tokens.rs"]
mod tokens;

use std::path::PathBuf;

use serde_json::Value;

/// A file of the project.
fn file(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The `OpenAPI` document.
fn document() -> Value {
    serde_json::from_str(&tests::openapi::text()).unwrap()
}

/// The schema of an operation's JSON body, if it has one.
fn body_schema<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let operation = &document["paths"][path][method.to_lowercase()];
    let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(schema),
    }
}
