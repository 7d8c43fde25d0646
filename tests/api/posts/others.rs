//! What an admin does to what another one wrote is written down.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Person, World};

use crate::{comment_of, people, post_of};

/// What was done to what somebody wrote, the newest first: by whom, and the details.
async fn noted(world: &World, eve: &Person, subject: &Person) -> Vec<(Value, Value)> {
    let path = format!("/admin/users/{}/audit", subject.id);
    let events = eve.get(world, &path).await.ok(200).body["data"].as_array().unwrap().clone();
    let by_an_admin = events.into_iter().filter(|event| event["action"] == "authz_admin");
    by_an_admin.map(|event| (event["actor"].clone(), event["details"].clone())).collect()
}

#[tokio::test]
async fn what_an_admin_changes_or_deletes_of_another_one_is_written_down_and_no_word_of_it() {
    let (world, ada, _, eve) = people().await;
    let post = post_of(&world, &ada).await;
    let comment = comment_of(&world, &ada, &post).await;
    let [post_id, comment_id] = [&post, &comment].map(|path| path.rsplit('/').next().unwrap().to_owned());
    let changed = json!({ "body": "secret words" });
    for path in [&comment, &post] {
        eve.patch(&world, path, changed.clone()).await.ok(200);
        world.wait(SignedDuration::from_secs(1));
        eve.delete(&world, path).await.ok(204);
        world.wait(SignedDuration::from_secs(1));
    }

    let by_eve = |details: Value| (json!(eve.id), details);
    let expected = [
        by_eve(json!({ "content": "deleted", "post": post_id })),
        by_eve(json!({ "content": "updated", "post": post_id })),
        by_eve(json!({ "content": "deleted", "post": post_id, "comment": comment_id })),
        by_eve(json!({ "content": "updated", "post": post_id, "comment": comment_id })),
    ];
    assert_eq!(noted(&world, &eve, &ada).await, expected);
    let all = eve.get(&world, "/admin/audit?action=authz_admin").await.ok(200).body;
    assert_eq!(all["data"].as_array().unwrap().len(), 4, "other admins find it, too");
    assert!(!all.to_string().contains("secret words"));
    let hers = ada.get(&world, "/users/me/activity").await.ok(200).body.to_string();
    assert!(hers.contains(&post_id), "and so does who wrote it: {hers}");
}

#[tokio::test]
async fn what_one_does_to_ones_own_and_what_is_refused_is_not() {
    let (world, ada, bob, eve) = people().await;
    for author in [&ada, &eve] {
        let post = post_of(&world, author).await;
        let comment = comment_of(&world, author, &post).await;
        bob.patch(&world, &post, json!({ "title": "Mine" })).await.refused(403, "forbidden");
        bob.delete(&world, &comment).await.refused(403, "forbidden");
        author.patch(&world, &comment, json!({ "body": "Other words" })).await.ok(200);
        author.delete(&world, &comment).await.ok(204);
        author.patch(&world, &post, json!({})).await.ok(200);
        author.delete(&world, &post).await.ok(204);
        assert_eq!(noted(&world, &eve, author).await, []);
    }
    // An empty change by an admin changes nothing, so there is nothing to tell.
    let post = post_of(&world, &ada).await;
    eve.patch(&world, &post, json!({})).await.ok(200);
    assert_eq!(noted(&world, &eve, &ada).await, []);
}
