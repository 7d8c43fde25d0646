//! `REGISTRATION=approval`: an account waits until an admin activates it.

use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

const BOB: &str = "bob@example.com";

/// A world in which Bob has confirmed his registration, and the admin Eve.
async fn bob_waits() -> (World, Person) {
    let world = World::with(&[("REGISTRATION", "approval")]).await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let body = json!({ "email": BOB, "password": PASSWORD, "username": "bob" });
    world.post("/auth/register", body).await.ok(202);
    let confirm = json!({ "token": world.token_for(BOB).await, "password": PASSWORD });
    let made = world.post("/auth/confirm-registration", confirm).await.ok(202);
    assert_eq!(made.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    (world, eve)
}

#[tokio::test]
async fn a_pending_user_cannot_sign_in_until_an_admin_activates_it() {
    let (world, eve) = bob_waits().await;
    let login = json!({ "username": "bob", "password": PASSWORD });
    world.post("/auth/login", login.clone()).await.refused(403, "account_pending");
    let wrong = json!({ "username": "bob", "password": OTHER_PASSWORD });
    world.post("/auth/login", wrong).await.refused(401, "invalid_credentials");
    let waiting = eve.get(&world, "/admin/users?status=pending").await.ok(200).body;
    assert_eq!(waiting["data"][0]["email"], BOB);
    assert_eq!(waiting["data"][0]["last_login_at"], json!(null));
    let id = waiting["data"][0]["id"].as_str().unwrap();
    let user = eve.put(&world, &format!("/admin/users/{id}/activate"), None).await.ok(200).body;
    assert_eq!((&user["status"], &user["role"]), (&json!("active"), &json!("user")));
    world.post("/auth/login", login).await.ok(200);
    assert_eq!(world.mails_to(BOB).await.last().unwrap().subject, "Your account was approved");
}

#[tokio::test]
async fn only_who_waited_is_told_of_an_approval() {
    let (world, eve) = bob_waits().await;
    let ada = Person::user(&world, "ada@example.com").await;
    for verb in ["deactivate", "activate", "activate"] {
        eve.put(&world, &format!("/admin/users/{}/{verb}", ada.id), None).await.ok(200);
    }
    assert!(world.mails_to(&ada.email).await.is_empty());
}

#[tokio::test]
async fn a_pending_user_who_resets_its_password_waits_still() {
    let (world, _) = bob_waits().await;
    world.post("/auth/forgot-password", json!({ "email": BOB })).await.ok(202);
    let body = json!({ "token": world.token_for(BOB).await, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.ok(204);
    let login = json!({ "email": BOB, "password": OTHER_PASSWORD });
    world.post("/auth/login", login).await.refused(403, "account_pending");
}

#[tokio::test]
async fn an_admin_refuses_a_pending_user_by_deactivating_it() {
    let (world, eve) = bob_waits().await;
    let waiting = eve.get(&world, "/admin/users?status=pending").await.ok(200).body;
    let id = waiting["data"][0]["id"].as_str().unwrap();
    eve.put(&world, &format!("/admin/users/{id}/deactivate"), None).await.ok(200);
    let login = json!({ "email": BOB, "password": PASSWORD });
    world.post("/auth/login", login).await.refused(403, "account_deactivated");
}

#[tokio::test]
async fn under_approval_without_verification_an_account_waits_too() {
    let settings = [("REGISTRATION", "approval"), ("EMAIL_VERIFICATION", "optional")];
    let world = World::with(&settings).await;
    let body = json!({ "email": BOB, "password": PASSWORD });
    let user = world.post("/auth/register", body.clone()).await.ok(201).body;
    assert_eq!((&user["status"], &user["email_verified"]), (&json!("pending"), &json!(false)));
    world.post("/auth/login", body.clone()).await.refused(403, "account_pending");
    let token = world.token_for(BOB).await;
    world.post("/auth/verify-email", json!({ "token": token })).await.ok(204);
    world.post("/auth/login", body).await.refused(403, "account_pending");
}
