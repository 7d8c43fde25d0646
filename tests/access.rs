//! Who may do what: every operation of the `OpenAPI` document against everyone.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "access/cast.rs"]
mod cast;
#[path = "access/table.rs"]
mod table;

use std::collections::BTreeSet;

use cast::{Cast, EVERYONE};
use serde_json::Value;
use tests::{World, openapi};

fn operations() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&openapi::text()).unwrap();
    openapi::operations(&document)
}

/// Panics unless the operations under `prefix` answer as the table says.
async fn check(prefix: &str) {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (method, path, id) in operations().into_iter().filter(|(_, path, _)| path.starts_with(prefix)) {
        let Some((_, expected)) = table::TABLE.iter().find(|(operation, _)| *operation == id) else {
            wrong.push(format!(
                "{method} {path}: add a row to TABLE in tests/access/table.rs: (\"{id}\", [...])"
            ));
            continue;
        };
        for (who, expected) in EVERYONE.into_iter().zip(expected) {
            let cast = Cast::new(&world, who, &id).await;
            let reply = cast.call(&world, who, &method, &path, &id).await;
            let found = format!("{} {}", reply.status, reply.code());
            if found.trim() != *expected {
                wrong.push(format!("{id} ({method} {path}) as {who:?}: {}, not {expected}", found.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const PREFIXES: [&str; 5] = ["/auth/", "/users/", "/admin/", "/docs", "/posts"];

/// Z01, Z02
#[tokio::test]
async fn everyone_gets_what_the_table_says_under_auth() {
    check(PREFIXES[0]).await;
}

/// Z01, Z02
#[tokio::test]
async fn everyone_gets_what_the_table_says_under_users() {
    check(PREFIXES[1]).await;
}

/// Z01, Z02
#[tokio::test]
async fn everyone_gets_what_the_table_says_under_admin() {
    check(PREFIXES[2]).await;
}

/// Z01
#[tokio::test]
async fn everyone_gets_what_the_table_says_under_docs() {
    check(PREFIXES[3]).await;
}

/// Z01, Z02
#[tokio::test]
async fn everyone_gets_what_the_table_says_under_posts() {
    check(PREFIXES[4]).await;
}

#[test]
fn every_row_is_of_an_operation_and_each_has_one() {
    let known: BTreeSet<String> = operations().into_iter().map(|(_, _, id)| id).collect();
    let rows: BTreeSet<&str> = table::TABLE.iter().map(|(id, _)| *id).collect();
    assert_eq!(rows.len(), table::TABLE.len(), "an operation has two rows in tests/access/table.rs");
    let gone: Vec<_> = rows.iter().filter(|id| !known.contains(**id)).collect();
    assert!(gone.is_empty(), "remove these rows from tests/access/table.rs: {gone:?}");
    let missing: Vec<_> = known.iter().filter(|id| !rows.contains(id.as_str())).collect();
    assert!(
        missing.is_empty(),
        "add rows for these operations to TABLE in tests/access/table.rs: {missing:?}"
    );
    let outside = |path: &str| !PREFIXES.iter().any(|prefix| path.starts_with(prefix));
    let unseen: Vec<_> = operations().into_iter().filter(|(_, path, _)| outside(path)).collect();
    assert!(unseen.is_empty(), "add a test for the new prefix to tests/access.rs: {unseen:?}");
}

/// Z01: what the document says needs a token is what the table refuses without one.
#[test]
fn the_document_says_which_operations_need_a_token() {
    let document: Value = serde_json::from_str(&openapi::text()).unwrap();
    for (method, path, id) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let is_protected = operation["security"][0]["bearer"].is_array();
        let row = table::TABLE.iter().find(|(operation, _)| *operation == id);
        let refused = row.is_some_and(|(_, expected)| expected[0].starts_with("401 unauthenticated"));
        assert_eq!(is_protected, refused, "{id}: give it `security((\"bearer\" = []))`, or correct its row");
    }
}

/// Z01: nobody signed in but an admin does anything under `/admin`.
#[test]
fn everything_under_admin_is_for_admins() {
    for (_, path, id) in operations().into_iter().filter(|(_, path, _)| path.starts_with("/admin")) {
        let (_, expected) = table::TABLE.iter().find(|(operation, _)| *operation == id).expect("a row");
        assert_eq!(expected[1..3], ["403 forbidden"; 2], "{path}");
    }
}
