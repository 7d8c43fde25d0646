//! `POST /auth/confirm-registration`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{auth_under, confirm, login, post_to, raw, registration, reset_token, users};

async fn ada_registers(world: &World) -> String {
    registration(world, &json!({ "email": "ada@example.com", "password": PASSWORD })).await
}

#[tokio::test]
async fn a_wrong_password_leaves_the_token_as_it_is() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    for _ in 0..4 {
        confirm(&world, &token, OTHER_PASSWORD).await.refused(403, "wrong_password");
    }
    assert_eq!(users(&world).await, 0);
    confirm(&world, &token, PASSWORD).await.ok(200);
}

/// A25.
#[tokio::test]
async fn five_wrong_passwords_burn_the_token() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    for _ in 0..5 {
        confirm(&world, &token, OTHER_PASSWORD).await.refused(403, "wrong_password");
    }
    confirm(&world, &token, PASSWORD).await.refused(400, "invalid_token");
}

/// A16, A12: whatever is wrong with a token, the answer is the same.
#[tokio::test]
async fn a_spent_expired_overtaken_or_made_up_token_looks_alike() {
    let world = World::new().await;
    let expired = ada_registers(&world).await;
    world.wait(SignedDuration::from_hours(24));
    let overtaken = ada_registers(&world).await;
    world.wait(SignedDuration::from_secs(1));
    let spent = ada_registers(&world).await;
    confirm(&world, &spent, PASSWORD).await.ok(200);
    let forged = format!("{}A", &spent[..spent.len() - 1]);
    let mut answers = Vec::<Value>::new();
    for token in [&*expired, &overtaken, &spent, &forged, "", "garbage", &"x".repeat(10_000)] {
        let body = json!({ "token": token, "password": PASSWORD });
        answers.push(raw(&world, "/auth/confirm-registration", body).await);
    }
    assert_eq!(answers[0]["statusCode"], 400);
    assert!(answers[0]["body"].as_str().unwrap().contains("\"invalid_token\""));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_link_is_good_for_24_hours() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    world.wait(SignedDuration::from_secs(24 * 3600 - 1));
    confirm(&world, &token, PASSWORD).await.ok(200);
}

#[tokio::test]
async fn who_finds_the_username_taken_chooses_another() {
    let world = World::new().await;
    let body = |email| json!({ "email": email, "password": PASSWORD, "username": "countess" });
    let ada = registration(&world, &body("ada@example.com")).await;
    let eve = registration(&world, &body("eve@example.com")).await;
    confirm(&world, &eve, PASSWORD).await.ok(200);
    for _ in 0..6 {
        confirm(&world, &ada, PASSWORD).await.refused(409, "username_taken");
    }
    let body = json!({ "token": ada, "password": PASSWORD, "username": "Lovelace" });
    let reply = world.post("/auth/confirm-registration", body).await.ok(200);
    assert_eq!(reply.body["user"]["username"], "Lovelace");
}

/// Account pre-hijacking: neither the link nor the password alone is worth anything.
#[tokio::test]
async fn a_stranger_cannot_prepare_an_account_for_somebody_else() {
    let world = World::new().await;
    let theirs = json!({ "email": "ada@example.com", "password": "the stranger's password" });
    let mailed_to_ada = registration(&world, &theirs).await;
    confirm(&world, &mailed_to_ada, PASSWORD).await.refused(403, "wrong_password");
    world.wait(SignedDuration::from_secs(1));
    let token = ada_registers(&world).await;
    confirm(&world, &token, "the stranger's password").await.refused(403, "wrong_password");
    confirm(&world, &token, PASSWORD).await.ok(200);
    confirm(&world, &mailed_to_ada, "the stranger's password").await.refused(400, "invalid_token");
    login(&world, "ada@example.com", "the stranger's password").await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn confirming_signs_in() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    let reply = confirm(&world, &token, PASSWORD).await.ok(200);
    assert_eq!(reply.body["token_type"], "Bearer");
    assert_eq!(reply.body["expires_in"], 900);
    assert_eq!(reply.body["refresh_expires_in"], 30 * 24 * 3600);
    assert_eq!(reply.body["user"]["last_login_at"], "2026-03-01T12:00:00Z");
    assert_eq!(reply.header("cache-control"), "no-store");
    let ada = Person::from_tokens(&reply.body, PASSWORD);
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body, reply.body["user"]);
    assert!(ada.refresh(&world).await.status == 200);
}

#[tokio::test]
async fn where_approval_is_asked_for_one_waits_for_an_admin() {
    let world = World::with(&[("REGISTRATION", "approval")]).await;
    let token = ada_registers(&world).await;
    let reply = confirm(&world, &token, PASSWORD).await.ok(202);
    assert!(reply.body["message"].is_string() && reply.body["access_token"].is_null());
    login(&world, "ada@example.com", PASSWORD).await.refused(403, "account_pending");
    login(&world, "ada@example.com", OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    let ada = world.store.user_by_email(&"ada@example.com".parse().unwrap()).await.unwrap().unwrap();
    let status = shared::model::Status::Active;
    world.store.set_status(&shared::model::Agent::operator(), &ada, status).await.unwrap().unwrap();
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
}

/// J05.
#[tokio::test]
async fn a_token_of_another_kind_confirms_nothing() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let reset = reset_token(&world, "ada@example.com").await;
    for token in [&reset, &ada.access_token, &ada.refresh_token] {
        confirm(&world, token, PASSWORD).await.refused(400, "invalid_token");
    }
}

/// Z03.
#[tokio::test]
async fn a_stranger_cannot_choose_role_or_status_when_confirming() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    for field in ["role", "status", "email", "admin_key"] {
        let mut body = json!({ "token": token, "password": PASSWORD });
        body[field] = json!("admin");
        world.post("/auth/confirm-registration", body).await.refused(422, "invalid_body");
    }
}

/// The link was mailed while registration was open.
#[tokio::test]
async fn a_link_makes_no_account_once_registration_is_closed() {
    let world = World::new().await;
    let token = ada_registers(&world).await;
    let closed = auth_under(&world, &[("REGISTRATION", "closed")]);
    for password in [PASSWORD, OTHER_PASSWORD] {
        let body = json!({ "token": token, "password": password });
        post_to(&closed, "/auth/confirm-registration", body).await.refused(403, "registration_closed");
    }
    assert_eq!(users(&world).await, 0);
    // It was not spent, should registration be opened again.
    confirm(&world, &token, PASSWORD).await.ok(200);
}
