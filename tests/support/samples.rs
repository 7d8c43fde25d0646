//! The sample events of `events/`, one for each operation.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Person;

/// Stands in the samples where an access token goes.
pub const TOKEN: &str = "<access token>";

/// The repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every sample with its operation id, in alphabetical order.
#[must_use]
pub fn samples() -> Vec<(String, Value)> {
    let files = std::fs::read_dir(root().join("events")).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let event = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), event)
    };
    paths.into_iter().map(read).collect()
}

/// The sample as `caller` sends it, about `target` where the path holds a user's id.
#[must_use]
pub fn signed(sample: &Value, caller: &Person, target: &Person) -> Value {
    let mut event = sample.clone();
    if event["headers"]["authorization"].is_string() {
        event["headers"]["authorization"] = json!(format!("Bearer {}", caller.access_token));
    }
    let path = event["rawPath"].as_str().unwrap();
    let own_session = path.starts_with("/users/me/sessions/");
    let id = if own_session { &caller.session_id } else { &target.id };
    if let Some(sampled) = sample["pathParameters"]["id"].as_str() {
        event["rawPath"] = json!(path.replace(sampled, id));
    }
    event
}

/// The first segment of the event's path: the function that serves it.
#[must_use]
pub fn function(event: &Value) -> &str {
    event["rawPath"].as_str().unwrap().split('/').nth(1).unwrap()
}
