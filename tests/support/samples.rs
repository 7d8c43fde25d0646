//! The sample events of `events/`, one for each operation.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Person, World};

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

/// The post that the samples are about.
const POST: &str = "019530c2-8f4d-7c3e-9b1a-5d2f6e8a7b41";
/// The comment on it that they are about.
const COMMENT: &str = "019530c2-8f4d-7c3e-9b1a-5d2f6e8a7b42";

/// Has `author` write the post and the comment that the samples are about, where they
/// are not there.
pub async fn written(world: &World, author: &Person) {
    let post = world.write_post_as(POST.parse().unwrap(), &author.id, "A sample").await;
    world.write_comment_as(COMMENT.parse().unwrap(), &author.id, post.id, "A sample").await;
}

/// An operation's path, about the user of that id or, under `/posts`, about what is
/// [`written`].
#[must_use]
pub fn placed(path: &str, user: &str) -> String {
    let id = if path.starts_with("/posts/") { POST } else { user };
    path.replace("{id}", id).replace("{comment_id}", COMMENT)
}

/// The sample as `caller` sends it, about `target` where the path holds a user's id.
/// Where it holds a post's, see [`written`].
#[must_use]
pub fn signed(sample: &Value, caller: &Person, target: &Person) -> Value {
    let mut event = sample.clone();
    if event["headers"]["authorization"].is_string() {
        event["headers"]["authorization"] = json!(format!("Bearer {}", caller.access_token));
    }
    let path = event["rawPath"].as_str().unwrap();
    if path.starts_with("/posts/") {
        return event;
    }
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
