//! The descriptions in the handlers' attributes are the route table. Everything
//! else that names routes is compared with it here, and each failure says what to
//! paste where.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn openapi_json_is_what_the_handlers_say() {
    let path = root().join("functions/docs/openapi.json");
    let expected = tests::openapi::text();
    if std::env::var("USHER_WRITE_OPENAPI").is_ok() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "functions/docs/openapi.json is stale: run `make openapi`");
}
