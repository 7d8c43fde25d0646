//! Who reads, changes and deletes comments.

use jiff::SignedDuration;
use serde_json::json;

use crate::{comment_of, items, nobodys_ids, people, post_of};

#[tokio::test]
async fn anybody_comments_on_a_post_and_everybody_reads_it() {
    let (world, ada, bob, eve) = people().await;
    let post = post_of(&world, &ada).await;
    let comments = format!("{post}/comments");
    let made = bob.post(&world, &comments, json!({ "body": "Well said" })).await.ok(201);
    let now = world.now().to_string();
    let document = json!({
        "id": made.body["id"], "post_id": post.trim_start_matches("/posts/"), "author_id": bob.id,
        "body": "Well said", "created_at": now, "updated_at": now,
    });
    assert_eq!(made.body, document);
    let listed = eve.get(&world, &comments).await.ok(200);
    assert_eq!(listed.body, json!({ "data": [document], "next_cursor": null, "has_more": false }));
}

#[tokio::test]
async fn nobody_but_author_and_admins_changes_or_deletes_a_comment() {
    let (world, ada, bob, eve) = people().await;
    let post = post_of(&world, &ada).await;
    let comment = comment_of(&world, &bob, &post).await;
    // Not even whose post it is.
    ada.patch(&world, &comment, json!({ "body": "Mine" })).await.refused(403, "forbidden");
    ada.delete(&world, &comment).await.refused(403, "forbidden");
    world.wait(SignedDuration::from_secs(5));
    let changed = bob.patch(&world, &comment, json!({ "body": "Better" })).await.ok(200).body;
    assert_eq!(
        (&changed["body"], &changed["updated_at"]),
        (&json!("Better"), &json!(world.now().to_string()))
    );
    assert_ne!(changed["created_at"], changed["updated_at"]);
    let changed = eve.patch(&world, &comment, json!({ "body": "Tidied up" })).await.ok(200).body;
    assert_eq!((&changed["body"], &changed["author_id"]), (&json!("Tidied up"), &json!(bob.id)));
    eve.delete(&world, &comment).await.ok(204);
    let own = comment_of(&world, &bob, &post).await;
    bob.delete(&world, &own).await.ok(204);
    bob.delete(&world, &own).await.refused(404, "not_found");
    assert_eq!(items(&world).await.len(), 3, "what is left is the post");
}

#[tokio::test]
async fn a_comment_is_found_under_its_own_post_alone() {
    let (world, ada, bob, eve) = people().await;
    let (post, other) = (post_of(&world, &ada).await, post_of(&world, &ada).await);
    let comment = comment_of(&world, &bob, &post).await;
    let elsewhere = comment.replace(&post, &other);
    for who in [&ada, &bob, &eve] {
        who.patch(&world, &elsewhere, json!({ "body": "A" })).await.refused(404, "not_found");
        who.delete(&world, &elsewhere).await.refused(404, "not_found");
    }
    for id in nobodys_ids(&world) {
        for path in [format!("{post}/comments/{id}"), comment.replace(&post, &format!("/posts/{id}"))] {
            eve.patch(&world, &path, json!({ "body": "A" })).await.refused(404, "not_found");
            eve.delete(&world, &path).await.refused(404, "not_found");
        }
    }
    assert_eq!(
        ada.get(&world, &format!("{post}/comments")).await.ok(200).body["data"][0]["body"],
        "A comment"
    );
}

#[tokio::test]
async fn the_comments_of_a_deleted_post_are_gone_before_they_are_cleared_away() {
    let (world, ada, bob, _) = people().await;
    let post = post_of(&world, &ada).await;
    let comment = comment_of(&world, &bob, &post).await;
    ada.delete(&world, &post).await.ok(204);
    bob.get(&world, &format!("{post}/comments")).await.refused(404, "not_found");
    bob.patch(&world, &comment, json!({ "body": "A" })).await.refused(404, "not_found");
    bob.delete(&world, &comment).await.refused(404, "not_found");
}
