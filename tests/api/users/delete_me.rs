//! `DELETE /users/me`.

use jiff::SignedDuration;
use serde_json::json;
use tests::{PASSWORD, Person, World};

use crate::ada;

/// S06, J07
#[tokio::test]
async fn a_user_who_deletes_itself_is_gone_at_once() {
    let (world, ada) = ada().await;
    let other_device = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    assert!(ada.delete(&world, "/users/me").await.ok(204).body == "");
    for device in [&ada, &other_device] {
        device.get(&world, "/users/me").await.refused(401, "session_ended");
        device.delete(&world, "/users/me").await.refused(401, "session_ended");
        device.refresh(&world).await.refused(401, "session_ended");
    }
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.post("/auth/login", login).await.refused(401, "invalid_credentials");
}

/// S09
#[tokio::test]
async fn deleting_oneself_needs_a_sign_in_within_5_minutes() {
    let (world, ada) = ada().await;
    world.wait(SignedDuration::from_mins(5) + SignedDuration::from_millis(1));
    ada.delete(&world, "/users/me").await.refused(403, "reauthentication_required");
    let own_id = format!("/users/{}", ada.id);
    ada.delete(&world, &own_id).await.refused(403, "reauthentication_required");
    ada.get(&world, "/users/me").await.ok(200);
    let again = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    world.wait(SignedDuration::from_mins(5));
    again.delete(&world, "/users/me").await.ok(204);
}

/// S09
#[tokio::test]
async fn refreshing_is_no_fresh_sign_in() {
    let (world, ada) = ada().await;
    world.wait(SignedDuration::from_mins(6));
    let refreshed = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    refreshed.delete(&world, "/users/me").await.refused(403, "reauthentication_required");
}

#[tokio::test]
async fn the_last_active_admin_cannot_delete_itself() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    eve.delete(&world, "/users/me").await.refused(409, "last_admin");
    let bob = Person::an_admin(&world, "bob@example.com").await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200);
    eve.delete(&world, "/users/me").await.refused(409, "last_admin");
    eve.get(&world, "/admin/users").await.ok(200);
    eve.put(&world, &format!("/admin/users/{}/activate", bob.id), None).await.ok(200);
    eve.delete(&world, "/users/me").await.ok(204);
    Person::sign_in(&world, "bob@example.com", PASSWORD)
        .await
        .delete(&world, "/users/me")
        .await
        .refused(409, "last_admin");
}

#[tokio::test]
async fn a_token_of_a_deleted_user_does_not_open_the_account_of_the_next() {
    let (world, ada) = ada().await;
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    ada.delete(&world, "/users/me").await.ok(204);
    world.wait(SignedDuration::from_hours(24 * 7));
    Person::user(&world, "ada@example.com").await;
    let reset = json!({ "token": token, "new_password": "a password of somebody else" });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
}
