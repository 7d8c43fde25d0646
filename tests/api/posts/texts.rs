//! How long titles and texts are, and what may be in them.

use serde_json::{Value, json};
use tests::{Person, Reply, World};

use crate::{comment_of, people, post_of};

/// Panics unless the field is refused with the code, wherever it is given.
async fn refused(world: &World, ada: &Person, field: &str, value: &Value, code: &str) {
    let post = post_of(world, ada).await;
    let mut whole = json!({ "title": "A", "body": "B" });
    whole[field] = value.clone();
    let part = json!({ field: value });
    let mut replies: Vec<Reply> =
        vec![ada.post(world, "/posts", whole).await, ada.patch(world, &post, part.clone()).await];
    if field == "body" {
        let comment = comment_of(world, ada, &post).await;
        replies.push(ada.post(world, &format!("{post}/comments"), part.clone()).await);
        replies.push(ada.patch(world, &comment, part).await);
    }
    for reply in replies {
        reply.refused(422, "invalid_body");
        let error = &reply.body["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(format!("/{field}")), &json!(code)),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_title_has_1_to_200_characters_however_many_bytes_these_are() {
    let (world, ada, ..) = people().await;
    for title in ["a".repeat(200), "\u{1f600}".repeat(200), format!("  {}\n", "\u{4e2d}".repeat(200))] {
        let body = json!({ "title": title.trim(), "body": "B" });
        let made = ada.post(&world, "/posts", body).await.ok(201);
        assert_eq!(made.body["title"], title.trim());
    }
    for title in ["", "  ", "a\nb", "a\u{0}", &"a".repeat(201), &"\u{1f600}".repeat(201)] {
        refused(&world, &ada, "title", &json!(title), "invalid_title").await;
    }
}

#[tokio::test]
async fn a_text_has_1_to_10000_characters_however_many_bytes_these_are() {
    let (world, ada, ..) = people().await;
    for text in ["a".repeat(10_000), "\u{1f600}".repeat(10_000), "line\r\n\tline".to_owned()] {
        let body = json!({ "title": "A", "body": text });
        let made = ada.post(&world, "/posts", body).await.ok(201);
        let path = crate::path("/posts", &made);
        assert_eq!(ada.get(&world, &path).await.ok(200).body["body"], text.as_str());
        let comments = format!("{path}/comments");
        ada.post(&world, &comments, json!({ "body": text })).await.ok(201);
        assert_eq!(ada.get(&world, &comments).await.ok(200).body["data"][0]["body"], text.as_str());
    }
    for text in ["", " \n\t ", "a\u{0}", "\u{1b}[31m", &"a".repeat(10_001), &"\u{e9}".repeat(10_001)] {
        refused(&world, &ada, "body", &json!(text), "invalid_text").await;
    }
}

#[tokio::test]
async fn a_field_that_is_null_or_unknown_is_refused() {
    let (world, ada, ..) = people().await;
    for field in ["title", "body"] {
        refused(&world, &ada, field, &json!(null), "invalid_type").await;
    }
    for field in ["id", "author_id", "created_at", "updated_at", "role"] {
        let post = post_of(&world, &ada).await;
        let body = json!({ "title": "A", "body": "B", field: ada.id });
        let reply = ada.post(&world, "/posts", body).await;
        reply.refused(422, "invalid_body");
        let reply = ada.patch(&world, &post, json!({ field: ada.id })).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["code"], "unknown_field");
    }
}

/// What is shown is what was sent: text. To make HTML of it is the front end's, that
/// has to escape it.
#[tokio::test]
async fn markup_in_a_text_stays_text() {
    let (world, ada, ..) = people().await;
    let text = "<script>alert(\"1\")</script> & \u{202e}";
    let made = ada.post(&world, "/posts", json!({ "title": text, "body": text })).await.ok(201);
    assert_eq!((&made.body["title"], &made.body["body"]), (&json!(text), &json!(text)));
    assert_eq!(made.header("content-type"), "application/json");
}
