//! Query strings. security.md H12, H07.

use proptest::prelude::*;
use proptest::sample::select;
use tests::Call;

use crate::{Stage, holds, text};

const NAMES: [&str; 14] = [
    "limit", "cursor", "status", "role", "order", "email", "username", "scope", "from", "to", "actor",
    "subject", "action", "x",
];

/// Values that a parameter may have, at their ends and beyond.
fn value() -> impl Strategy<Value = String> {
    let known = select(
        &[
            "1",
            "100",
            "0",
            "101",
            "-1",
            "active",
            "user",
            "newest",
            "oldest",
            "ada",
            "others",
            "operator",
            "authz_change",
            "1970-01-01T00:00:00Z",
            "9999-12-30T22:00:00Z",
            "-009999-01-02T01:59:59Z",
            "2026-03-01T12:00:00Z",
            "2026-03-01T12:00:00%2B02:00",
            "2026-02-30T00:00:00Z",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ][..],
    );
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => text(), 1 => text().prop_map(|text| encoded(&text))]
}

fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02x}");
        all
    })
}

/// Whoever may do everything gets a page or is told that the query is bad.
#[test]
fn no_query_string_makes_more_than_a_refusal() {
    let stage = Stage::new();
    let parameters = prop::collection::vec((select(&NAMES[..]), value()), 0..5);
    let query = parameters.prop_map(|all| {
        all.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    });
    let own = format!("/admin/users/{}/audit", stage.ada.id);
    let paths =
        vec!["/admin/users".to_owned(), "/admin/audit".to_owned(), own, "/users/me/activity".to_owned()];
    holds(&(select(paths), prop_oneof![4 => query, 1 => text()]), |(path, query)| {
        let call = Call::new("GET", &format!("{path}?{query}")).token(&stage.root.access_token);
        let reply = stage.answered(call.function(), &call.event());
        assert!(reply.status == 200 || reply.status == 400, "{path}?{query}: {}", reply.body);
    });
}
