//! `EMAIL_VERIFICATION=optional`: register, `POST /auth/verify-email` and
//! `POST /auth/resend-verification`.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{confirm, login, optional_world, raw, reset_token, unverified, users, verify};

#[tokio::test]
async fn an_account_is_made_at_once() {
    let world = optional_world().await;
    let body = json!({ "email": "Ada@Example.com", "password": PASSWORD, "username": "Countess" });
    let user = world.post("/auth/register", body).await.ok(201).body;
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!((&user["email_verified"], &user["status"]), (&json!(false), &json!("active")));
    assert!(user["last_login_at"].is_null() && user["access_token"].is_null());
    assert_eq!(login(&world, "ada@example.com", PASSWORD).await.ok(200).body["user"]["id"], user["id"]);
}

#[tokio::test]
async fn a_taken_address_is_told_here() {
    let world = optional_world().await;
    unverified(&world, "ada@example.com").await;
    for email in ["ada@example.com", "ADA@example.com"] {
        let body = json!({ "email": email, "password": OTHER_PASSWORD });
        world.post("/auth/register", body).await.refused(409, "email_taken");
    }
    assert_eq!(users(&world).await, 1);
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
}

#[tokio::test]
async fn a_taken_username_is_told_and_takes_no_address() {
    let world = optional_world().await;
    let body = |email, username| json!({ "email": email, "password": PASSWORD, "username": username });
    world.post("/auth/register", body("ada@example.com", "countess")).await.ok(201);
    world.post("/auth/register", body("bob@example.com", "Countess")).await.refused(409, "username_taken");
    world.post("/auth/register", body("bob@example.com", "bob")).await.ok(201);
}

/// A16.
#[tokio::test]
async fn the_mailed_link_verifies_the_address_once() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    let token = world.token_for(&ada.email).await;
    let mail = world.mails_to(&ada.email).await.pop().unwrap();
    assert!(mail.text.contains("https://app.example.com/verify-email#token="));
    verify(&world, &token).await.ok(204);
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["email_verified"], true);
    verify(&world, &token).await.refused(400, "invalid_token");
}

/// A16.
#[tokio::test]
async fn the_mailed_link_is_good_for_24_hours() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    let token = world.token_for(&ada.email).await;
    world.wait(SignedDuration::from_hours(24));
    verify(&world, &token).await.refused(400, "invalid_token");
    let ada = Person::sign_in(&world, &ada.email, PASSWORD).await;
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["email_verified"], false);
}

#[tokio::test]
async fn the_link_can_be_sent_again() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    let first = world.token_for(&ada.email).await;
    world.post("/auth/resend-verification", json!({ "email": "ADA@example.com" })).await.ok(202);
    let second = world.token_for(&ada.email).await;
    assert_ne!(first, second);
    verify(&world, &second).await.ok(204);
    verify(&world, &first).await.refused(400, "invalid_token");
}

/// A12.
#[tokio::test]
async fn a_stranger_cannot_tell_a_known_address_by_sending_again() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    let verified = unverified(&world, "bob@example.com").await;
    let token = world.token_for(&verified.email).await;
    verify(&world, &token).await.ok(204);
    let mut answers = Vec::new();
    for email in [&*ada.email, &verified.email, "nobody@example.com"] {
        answers.push(raw(&world, "/auth/resend-verification", json!({ "email": email })).await);
    }
    assert_eq!(answers[0]["statusCode"], 202);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let mut mails = Vec::new();
    for email in [&*ada.email, &verified.email, "nobody@example.com"] {
        mails.push(world.mails_to(email).await.len());
    }
    assert_eq!(mails, [2, 1, 0], "only who waits to be verified gets another");
}

#[tokio::test]
async fn who_has_not_confirmed_a_registration_is_no_account_to_verify() {
    let world = World::new().await;
    world.post("/auth/register", json!({ "email": "ada@example.com", "password": PASSWORD })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    world.post("/auth/resend-verification", json!({ "email": "ada@example.com" })).await.ok(202);
    assert_eq!(world.mails_to("ada@example.com").await.len(), 1);
    verify(&world, &token).await.refused(400, "invalid_token");
    confirm(&world, &token, PASSWORD).await.ok(200);
}

/// J05.
#[tokio::test]
async fn a_token_of_another_kind_verifies_nothing() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    world.token_for(&ada.email).await;
    let reset = reset_token(&world, &ada.email).await;
    for token in [&*reset, &ada.access_token, &ada.refresh_token, "", "garbage", &"x".repeat(9999)] {
        verify(&world, token).await.refused(400, "invalid_token");
    }
    assert_eq!(ada.get(&world, "/users/me").await.body["email_verified"], false);
}

/// A14.
#[tokio::test]
async fn a_deactivated_user_verifies_nothing() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional"), ("REGISTRATION", "open")]).await;
    let ada = unverified(&world, "ada@example.com").await;
    let token = world.token_for(&ada.email).await;
    let id: shared::model::UserId = ada.id.parse().unwrap();
    let user = world.store.user(id).await.unwrap().unwrap();
    let out = shared::model::Status::Deactivated;
    world.store.set_status(&shared::model::Agent::operator(), &user, out).await.unwrap().unwrap();
    verify(&world, &token).await.refused(400, "invalid_token");
    world.post("/auth/resend-verification", json!({ "email": ada.email })).await.ok(202);
    assert_eq!(world.mails_to(&ada.email).await.len(), 1);
}

#[tokio::test]
async fn where_approval_is_asked_for_the_account_waits() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional"), ("REGISTRATION", "approval")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(world.post("/auth/register", body).await.ok(201).body["status"], "pending");
    login(&world, "ada@example.com", PASSWORD).await.refused(403, "account_pending");
    let token = world.token_for("ada@example.com").await;
    verify(&world, &token).await.ok(204);
    login(&world, "ada@example.com", PASSWORD).await.refused(403, "account_pending");
}
