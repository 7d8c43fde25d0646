//! `PUT /admin/users/{id}/activate` and `/deactivate`.

use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person};

use crate::{eve_and_bob, nobodys_ids};

/// S06, A14
#[tokio::test]
async fn a_deactivated_user_is_out_at_once() {
    let (world, eve, bob) = eve_and_bob().await;
    let phone = Person::sign_in(&world, &bob.email, PASSWORD).await;
    let user = eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200).body;
    assert_eq!((&user["status"], &user["id"]), (&json!("deactivated"), &json!(bob.id)));
    for device in [&bob, &phone] {
        device.get(&world, "/users/me").await.refused(401, "session_ended");
        device.patch(&world, "/users/me", json!({ "name": "B" })).await.refused(401, "session_ended");
        device.refresh(&world).await.refused(401, "session_ended");
    }
    let login = json!({ "email": bob.email, "password": PASSWORD });
    world.post("/auth/login", login).await.refused(403, "account_deactivated");
    let wrong = json!({ "email": bob.email, "password": OTHER_PASSWORD });
    world.post("/auth/login", wrong).await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn a_reactivated_user_signs_in_again_and_its_old_tokens_stay_dead() {
    let (world, eve, bob) = eve_and_bob().await;
    for action in ["deactivate", "activate"] {
        eve.put(&world, &format!("/admin/users/{}/{action}", bob.id), None).await.ok(200);
    }
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
    bob.refresh(&world).await.refused(401, "session_ended");
    let again = Person::sign_in(&world, &bob.email, PASSWORD).await;
    assert_eq!(again.get(&world, "/users/me").await.ok(200).body["status"], "active");
}

/// A14
#[tokio::test]
async fn a_deactivated_user_gets_no_way_back_by_mail() {
    let (world, eve, bob) = eve_and_bob().await;
    world.post("/auth/forgot-password", json!({ "email": bob.email })).await.ok(202);
    let token = world.token_for(&bob.email).await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", bob.id), None).await.ok(200);
    let reset = json!({ "token": token, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
    let before = world.mails_to(&bob.email).await.len();
    world.post("/auth/forgot-password", json!({ "email": bob.email })).await.ok(202);
    world.post("/auth/resend-verification", json!({ "email": bob.email })).await.ok(202);
    assert_eq!(world.mails_to(&bob.email).await.len(), before);
    eve.put(&world, &format!("/admin/users/{}/activate", bob.id), None).await.ok(200);
    let reset = json!({ "token": token, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
}

#[tokio::test]
async fn activating_and_deactivating_twice_is_as_once() {
    let (world, eve, bob) = eve_and_bob().await;
    let before = world.items().await;
    eve.put(&world, &format!("/admin/users/{}/activate", bob.id), None).await.ok(200);
    assert_eq!(world.items().await, before);
    bob.get(&world, "/users/me").await.ok(200);
    let path = format!("/admin/users/{}/deactivate", bob.id);
    let once = eve.put(&world, &path, None).await.ok(200).body;
    world.wait(jiff::SignedDuration::from_secs(5));
    assert_eq!(eve.put(&world, &path, None).await.ok(200).body, once);
}

#[tokio::test]
async fn nobody_deactivates_itself() {
    let (world, eve, _) = eve_and_bob().await;
    let path = format!("/admin/users/{}/deactivate", eve.id);
    eve.put(&world, &path, None).await.refused(409, "cannot_deactivate_yourself");
    Person::an_admin(&world, "other@example.com").await;
    eve.put(&world, &path, None).await.refused(409, "cannot_deactivate_yourself");
    let user = eve.put(&world, &format!("/admin/users/{}/activate", eve.id), None).await.ok(200).body;
    assert_eq!(user["status"], "active");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let (world, eve, _) = eve_and_bob().await;
    let before = world.items().await;
    for id in nobodys_ids(&world) {
        for action in ["activate", "deactivate"] {
            let path = format!("/admin/users/{id}/{action}");
            eve.put(&world, &path, None).await.refused(404, "not_found");
        }
    }
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn an_admin_deactivates_another_admin_who_cannot_undo_it() {
    let (world, eve, _) = eve_and_bob().await;
    let other = Person::an_admin(&world, "other@example.com").await;
    eve.put(&world, &format!("/admin/users/{}/deactivate", other.id), None).await.ok(200);
    let back = format!("/admin/users/{}/activate", other.id);
    other.put(&world, &back, None).await.refused(401, "session_ended");
    other.get(&world, "/admin/users").await.refused(401, "session_ended");
    other
        .put(&world, &format!("/admin/users/{}/deactivate", eve.id), None)
        .await
        .refused(401, "session_ended");
    eve.put(&world, &back, None).await.ok(200);
    let again = Person::sign_in(&world, &other.email, PASSWORD).await;
    again.get(&world, "/admin/users").await.ok(200);
}

/// Z01
#[tokio::test]
async fn a_user_changes_nobodys_status() {
    let (world, eve, bob) = eve_and_bob().await;
    for id in [&bob.id, &eve.id] {
        for action in ["activate", "deactivate"] {
            let path = format!("/admin/users/{id}/{action}");
            bob.put(&world, &path, None).await.refused(403, "forbidden");
        }
    }
    assert_eq!(eve.get(&world, "/users/me").await.ok(200).body["status"], "active");
}
