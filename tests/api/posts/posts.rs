//! Who reads, changes and deletes posts.

use jiff::SignedDuration;
use serde_json::json;
use tests::{PASSWORD, Person, World};

use crate::{comment_of, items, nobodys_ids, path, people, post_of};

#[tokio::test]
async fn who_writes_a_post_is_its_author_and_everybody_reads_it() {
    let (world, ada, bob, _) = people().await;
    let body = json!({ "title": " Notes ", "body": " As it\n\twas sent " });
    let made = ada.post(&world, "/posts", body).await.ok(201);
    let id = made.body["id"].clone();
    let now = world.now().to_string();
    let document = json!({
        "id": id, "author_id": ada.id, "title": "Notes", "body": " As it\n\twas sent ",
        "created_at": now, "updated_at": now,
    });
    assert_eq!(made.body, document);
    assert_eq!(made.header("cache-control"), "no-store");
    let read = bob.get(&world, &path("/posts", &made)).await.ok(200);
    assert_eq!(read.body, document);
    let listed = bob.get(&world, "/posts").await.ok(200);
    assert_eq!(listed.body, json!({ "data": [document], "next_cursor": null, "has_more": false }));
}

#[tokio::test]
async fn an_author_changes_any_part_of_its_post_and_only_that() {
    let (world, ada, ..) = people().await;
    let post = post_of(&world, &ada).await;
    let before = ada.get(&world, &post).await.ok(200).body;
    world.wait(SignedDuration::from_secs(5));
    let changed = ada.patch(&world, &post, json!({ "title": "Another" })).await.ok(200).body;
    assert_eq!((&changed["title"], &changed["body"]), (&json!("Another"), &before["body"]));
    assert_eq!(changed["created_at"], before["created_at"]);
    assert_eq!(changed["updated_at"], world.now().to_string());
    let changed = ada.patch(&world, &post, json!({ "body": "Other words" })).await.ok(200).body;
    assert_eq!((&changed["title"], &changed["body"]), (&json!("Another"), &json!("Other words")));
    assert_eq!(ada.get(&world, &post).await.ok(200).body, changed);
    world.wait(SignedDuration::from_secs(5));
    assert_eq!(ada.patch(&world, &post, json!({})).await.ok(200).body, changed);
}

#[tokio::test]
async fn nobody_but_author_and_admins_changes_or_deletes_a_post() {
    let (world, ada, bob, eve) = people().await;
    let post = post_of(&world, &ada).await;
    bob.patch(&world, &post, json!({ "title": "Mine" })).await.refused(403, "forbidden");
    bob.delete(&world, &post).await.refused(403, "forbidden");
    assert_eq!(bob.get(&world, &post).await.ok(200).body["title"], "A title");
    let changed = eve.patch(&world, &post, json!({ "title": "Tidied up" })).await.ok(200).body;
    assert_eq!((&changed["title"], &changed["author_id"]), (&json!("Tidied up"), &json!(ada.id)));
    eve.delete(&world, &post).await.ok(204);
    ada.get(&world, &post).await.refused(404, "not_found");
    // An admin's post is nothing else: its author's and every admin's.
    let post = post_of(&world, &eve).await;
    ada.delete(&world, &post).await.refused(403, "forbidden");
    Person::an_admin(&world, "root@example.com").await.delete(&world, &post).await.ok(204);
}

#[tokio::test]
async fn a_deleted_post_leaves_nothing_and_is_found_nowhere() {
    let (world, ada, ..) = people().await;
    let post = post_of(&world, &ada).await;
    ada.delete(&world, &post).await.ok(204);
    assert!(items(&world).await.is_empty());
    assert_eq!(ada.get(&world, "/posts").await.ok(200).body["data"], json!([]));
    ada.delete(&world, &post).await.refused(404, "not_found");
    ada.patch(&world, &post, json!({ "title": "Back" })).await.refused(404, "not_found");
    let comments = format!("{post}/comments");
    ada.get(&world, &comments).await.refused(404, "not_found");
    ada.post(&world, &comments, json!({ "body": "Too late" })).await.refused(404, "not_found");
    assert!(items(&world).await.is_empty());
}

#[tokio::test]
async fn an_unknown_post_is_not_found_whatever_its_id_looks_like() {
    let (world, ada, _, eve) = people().await;
    for id in nobodys_ids(&world) {
        for who in [&ada, &eve] {
            let post = format!("/posts/{id}");
            who.get(&world, &post).await.refused(404, "not_found");
            who.patch(&world, &post, json!({ "title": "A" })).await.refused(404, "not_found");
            who.delete(&world, &post).await.refused(404, "not_found");
            let comments = format!("{post}/comments");
            who.get(&world, &comments).await.refused(404, "not_found");
            who.post(&world, &comments, json!({ "body": "A" })).await.refused(404, "not_found");
        }
    }
    assert!(items(&world).await.is_empty());
}

#[tokio::test]
async fn a_deactivated_author_is_out_and_its_posts_stay() {
    let (world, ada, bob, eve) = people().await;
    let post = post_of(&world, &ada).await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", ada.id), None).await.ok(200);
    ada.get(&world, &post).await.refused(401, "session_ended");
    ada.delete(&world, &post).await.refused(401, "session_ended");
    let body = json!({ "title": "A", "body": "B" });
    ada.post(&world, "/posts", body).await.refused(401, "session_ended");
    assert_eq!(bob.get(&world, &post).await.ok(200).body["author_id"], ada.id.as_str());
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_read() {
    let (world, ada, ..) = people().await;
    let post = post_of(&world, &ada).await;
    for path in ["/posts", &post, &format!("{post}/comments")] {
        world.get(path).await.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn an_admin_who_needs_a_second_factor_has_only_its_own_posts_without_one() {
    let world = World::with(&[("ADMIN_MFA", "required")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let post = post_of(&world, &ada).await;
    eve.delete(&world, &post).await.refused(403, "mfa_enrolment_required");
    let own = post_of(&world, &eve).await;
    eve.delete(&world, &own).await.ok(204);
}

/// In its grace, past it though DynamoDB has deleted nothing yet, and when it is restored.
#[tokio::test]
async fn what_somebody_wrote_goes_out_of_sight_with_its_account_and_comes_back_with_it() {
    let (world, ada, bob, eve) = people().await;
    let (post, other) = (post_of(&world, &ada).await, post_of(&world, &bob).await);
    comment_of(&world, &bob, &post).await;
    comment_of(&world, &ada, &other).await;
    comment_of(&world, &bob, &other).await;
    let seen = async |by: &Person| {
        let listed = by.get(&world, "/posts").await.ok(200).body["data"].as_array().unwrap().len();
        let comments = by.get(&world, &format!("{other}/comments")).await.ok(200).body;
        let of_post = by.get(&world, &format!("{post}/comments")).await.status;
        (listed, comments["data"].as_array().unwrap().len(), by.get(&world, &post).await.status, of_post)
    };
    assert_eq!(seen(&bob).await, (2, 2, 200, 200));
    ada.delete(&world, "/users/me").await.ok(204);
    assert_eq!(seen(&bob).await, (1, 1, 404, 404));
    assert_eq!(seen(&eve).await, (1, 1, 404, 404), "an admin sees what everybody sees");
    eve.put(&world, &format!("/admin/users/{}/restore", ada.id), None).await.ok(200);
    assert_eq!(seen(&bob).await, (2, 2, 200, 200));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await.delete(&world, "/users/me").await.ok(204);
    world.wait(SignedDuration::from_hours(24 * 8));
    let bob = Person::sign_in(&world, "bob@example.com", PASSWORD).await;
    assert!(world.items().await.iter().any(|item| item["PK"] == format!("USER#{}", ada.id)));
    assert_eq!(seen(&bob).await, (1, 1, 404, 404));
}

/// For who may not see it, it is not there; the owner of a comment may take that away.
#[tokio::test]
async fn what_is_out_of_sight_is_written_to_by_nobody() {
    let (world, ada, bob, eve) = people().await;
    let (post, other) = (post_of(&world, &ada).await, post_of(&world, &bob).await);
    let of_bob = comment_of(&world, &bob, &post).await;
    let of_ada = comment_of(&world, &ada, &other).await;
    ada.delete(&world, "/users/me").await.ok(204);
    let before = items(&world).await;
    for who in [&bob, &eve] {
        let words = json!({ "body": "New" });
        who.post(&world, &format!("{post}/comments"), words.clone()).await.refused(404, "not_found");
        for (path, body) in [
            (&post, json!({ "title": "New" })),
            (&post, json!({})),
            (&post, json!(7)),
            (&of_ada, words.clone()),
            (&of_bob, words),
        ] {
            who.patch(&world, path, body).await.refused(404, "not_found");
        }
        for path in [&post, &of_ada] {
            who.delete(&world, path).await.refused(404, "not_found");
        }
    }
    eve.delete(&world, &of_bob).await.refused(404, "not_found");
    assert_eq!(items(&world).await, before);
    bob.delete(&world, &of_bob).await.ok(204);
    eve.put(&world, &format!("/admin/users/{}/restore", ada.id), None).await.ok(200);
    eve.patch(&world, &of_ada, json!({ "body": "New" })).await.ok(200);
    eve.delete(&world, &post).await.ok(204);
}
