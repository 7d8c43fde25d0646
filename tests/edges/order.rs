//! Who may is decided before what was sent is looked at. security.md Z01, Z02.

use serde_json::{Value, json};
use tests::samples::{function, samples, signed, written};
use tests::{Person, World};

/// Bodies, each with a media type, with which nothing good can be meant.
fn nonsense() -> [(Option<&'static str>, &'static str); 4] {
    [
        (Some("text/plain"), "x"),
        (None, "{}"),
        (Some("application/json"), "{"),
        (Some("application/json"), "{\"unknown\": 1}"),
    ]
}

fn with(event: &Value, kind: Option<&str>, body: &str) -> Value {
    let mut event = event.clone();
    event["body"] = json!(body);
    match kind {
        Some(kind) => event["headers"]["content-type"] = json!(kind),
        None => drop(event["headers"].as_object_mut().unwrap().remove("content-type")),
    }
    event
}

/// Z01: whoever is not signed in is told that, whatever is wrong with the body.
#[tokio::test]
async fn a_body_is_not_looked_at_before_the_token() {
    let world = World::new().await;
    let mut asked = 0;
    for (id, sample) in samples() {
        if !sample["headers"]["authorization"].is_string() {
            continue;
        }
        let mut event = sample.clone();
        event["headers"].as_object_mut().unwrap().remove("authorization");
        for (kind, body) in nonsense() {
            let reply = world.send(function(&event), &with(&event, kind, body)).await;
            assert_eq!(
                (reply.status, reply.code()),
                (401, "unauthenticated"),
                "{id} {kind:?}: {}",
                reply.body
            );
        }
        asked += 1;
    }
    assert!(asked > 15, "{asked} operations");
}

/// Z02: nor before it is sure that the caller may do this to that user.
#[tokio::test]
async fn a_body_about_somebody_else_is_not_looked_at() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    written(&world, &bob).await;
    let mut asked = 0;
    for (id, sample) in samples() {
        // Anybody may comment on a post.
        let is_for_all = id.contains("my_session") || id == "create_comment";
        let about_somebody = sample["pathParameters"]["id"].is_string() && !is_for_all;
        if !about_somebody || !sample["body"].is_string() {
            continue;
        }
        let event = signed(&sample, &ada, &bob);
        for (kind, body) in nonsense() {
            let reply = world.send(function(&event), &with(&event, kind, body)).await;
            assert_eq!((reply.status, reply.code()), (403, "forbidden"), "{id} {kind:?}: {}", reply.body);
        }
        asked += 1;
    }
    assert!(asked >= 3, "{asked} operations");
}
