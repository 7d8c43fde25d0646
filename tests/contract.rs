//! The descriptions in the handlers' attributes are the route table. Everything
//! else that names routes, settings, the table or problems is compared with the
//! code here, and each failure says what to paste where. security.md A14.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests"
)]

#[path = "contract/events.rs"]
mod events;
#[path = "contract/hardening.rs"]
mod hardening;
#[path = "contract/lists.rs"]
mod lists;
#[path = "contract/openapi.rs"]
mod openapi;
#[path = "contract/policies.rs"]
mod policies;
#[path = "contract/problems.rs"]
mod problems;
#[path = "contract/router.rs"]
mod router;
#[path = "contract/security.rs"]
mod security;
#[path = "contract/settings.rs"]
mod settings;
#[path = "contract/template.rs"]
mod template;
#[path = "contract/words.rs"]
mod words;

use serde_json::Value;
use shared::config::Setting;
use tests::samples::root;

/// The functions that have routes, with their settings.
const API: [(&str, &[Setting]); 5] = [
    ("auth", auth::SETTINGS),
    ("users", users::SETTINGS),
    ("admin", admin::SETTINGS),
    ("posts", posts::SETTINGS),
    ("docs", docs::SETTINGS),
];

/// What the handlers say of themselves.
fn described() -> Value {
    tests::openapi::document()
}

/// Each operation as `(METHOD, path, operation id)`.
fn operations() -> Vec<(String, String, String)> {
    tests::openapi::operations(&described())
}

/// A file of the repository.
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// `change_role` as `ChangeRole`, a name for `CloudFormation`.
fn pascal(snake: &str) -> String {
    let words = snake.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
    words.collect()
}
