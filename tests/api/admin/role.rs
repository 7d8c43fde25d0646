//! `PUT /admin/users/{id}/role`.

use serde_json::{Value, json};
use tests::{Person, Reply, World};

use crate::{eve_and_bob, nobodys_ids};

async fn set(world: &World, admin: &Person, id: &str, role: impl Into<Value>) -> Reply {
    let body = json!({ "role": role.into() });
    admin.put(world, &format!("/admin/users/{id}/role"), Some(body)).await
}

/// Z05
#[tokio::test]
async fn a_promoted_user_is_an_admin_on_its_next_call() {
    let (world, eve, bob) = eve_and_bob().await;
    bob.get(&world, "/admin/users").await.refused(403, "forbidden");
    let user = set(&world, &eve, &bob.id, "admin").await.ok(200).body;
    assert_eq!((&user["role"], &user["id"]), (&json!("admin"), &json!(bob.id)));
    bob.get(&world, "/admin/users").await.ok(200);
    set(&world, &bob, &eve.id, "user").await.ok(200);
}

/// Z05
#[tokio::test]
async fn a_demoted_admin_is_a_user_on_its_next_call() {
    let (world, eve, bob) = eve_and_bob().await;
    let other = Person::an_admin(&world, "other@example.com").await;
    set(&world, &eve, &other.id, "user").await.ok(200);
    other.get(&world, "/admin/users").await.refused(403, "forbidden");
    set(&world, &other, &other.id, "admin").await.refused(403, "forbidden");
    other.get(&world, &format!("/users/{}", bob.id)).await.refused(403, "forbidden");
    assert_eq!(other.get(&world, "/users/me").await.ok(200).body["role"], "user");
    other.refresh(&world).await.ok(200);
}

#[tokio::test]
async fn the_last_active_admin_cannot_demote_itself() {
    let (world, eve, bob) = eve_and_bob().await;
    set(&world, &eve, &eve.id, "user").await.refused(409, "last_admin");
    set(&world, &eve, &bob.id, "admin").await.ok(200);
    eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200);
    set(&world, &eve, &eve.id, "user").await.refused(409, "last_admin");
    eve.put(&world, &format!("/admin/users/{}/activate", bob.id), None).await.ok(200);
    assert_eq!(set(&world, &eve, &eve.id, "user").await.ok(200).body["role"], "user");
    eve.get(&world, "/admin/users").await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_role_that_is_so_already_stays_as_it_is() {
    let (world, eve, bob) = eve_and_bob().await;
    let before = world.items().await;
    world.wait(jiff::SignedDuration::from_secs(5));
    set(&world, &eve, &bob.id, "user").await.ok(200);
    set(&world, &eve, &eve.id, "admin").await.ok(200);
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn there_is_no_other_role() {
    let (world, eve, bob) = eve_and_bob().await;
    for role in [json!("root"), json!("Admin"), json!(""), json!(null), json!(1), json!(["admin"]), json!({})]
    {
        set(&world, &eve, &bob.id, role).await.refused(422, "invalid_body");
    }
    let path = format!("/admin/users/{}/role", bob.id);
    eve.put(&world, &path, Some(json!({}))).await.refused(422, "invalid_body");
    let more = json!({ "role": "admin", "status": "active" });
    eve.put(&world, &path, Some(more)).await.refused(422, "invalid_body");
    eve.put(&world, &path, None).await.refused(415, "unsupported_media_type");
    assert_eq!(bob.get(&world, "/users/me").await.body["role"], "user");
}

/// Z01
#[tokio::test]
async fn a_user_gives_nobody_a_role() {
    let (world, eve, bob) = eve_and_bob().await;
    for id in [&bob.id, &eve.id] {
        for role in ["admin", "user"] {
            set(&world, &bob, id, role).await.refused(403, "forbidden");
        }
    }
    assert_eq!(eve.get(&world, "/users/me").await.body["role"], "admin");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let (world, eve, _) = eve_and_bob().await;
    let before = world.items().await;
    for id in nobodys_ids(&world) {
        set(&world, &eve, &id, "admin").await.refused(404, "not_found");
        set(&world, &eve, &id, "user").await.refused(404, "not_found");
    }
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn a_promotion_does_not_let_a_deactivated_user_in() {
    let (world, eve, bob) = eve_and_bob().await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200);
    let user = set(&world, &eve, &bob.id, "admin").await.ok(200).body;
    assert_eq!((&user["role"], &user["status"]), (&json!("admin"), &json!("deactivated")));
    bob.get(&world, "/admin/users").await.refused(401, "session_ended");
    set(&world, &eve, &eve.id, "user").await.refused(409, "last_admin");
}
