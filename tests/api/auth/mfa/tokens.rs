//! The token between the two steps. J05: no kind of token is good for another's
//! purpose.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use super::ada;
use crate::forge::present;
use crate::steps::{confirm, refresh, registration, reset, reset_token, verify};

#[tokio::test]
async fn it_is_good_for_five_minutes() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let late = Person::password_step(&world, &ada.email, PASSWORD).await;
    world.wait(SignedDuration::from_secs(1));
    let in_time = Person::password_step(&world, &ada.email, PASSWORD).await;
    world.wait(SignedDuration::from_secs(299));
    let code = factor.code(&world);
    Person::code_step(&world, &late, &code).await.refused(401, "invalid_mfa_token");
    Person::code_step(&world, &in_time, &code).await.ok(200);
}

#[tokio::test]
async fn it_is_good_once() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
    let next = factor.code_in(&world, 1);
    Person::code_step(&world, &token, &next).await.refused(401, "invalid_mfa_token");
}

#[tokio::test]
async fn no_other_token_finishes_a_sign_in() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let mailed = reset_token(&world, &ada.email).await;
    let body = json!({ "email": "new@example.com", "password": PASSWORD });
    let registered = registration(&world, &body).await;
    let code = factor.code(&world);
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let flipped = token.replacen(&token[..1], if token.starts_with('A') { "B" } else { "A" }, 1);
    for other in [&mailed, &registered, &ada.access_token, &ada.refresh_token, &flipped, "", "garbage"] {
        Person::code_step(&world, other, &code).await.refused(401, "invalid_mfa_token");
    }
    Person::code_step(&world, &token, &code).await.ok(200);
}

#[tokio::test]
async fn it_is_no_other_token() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    present(&world, &token).await.refused(401, "invalid_access_token");
    refresh(&world, &token).await.refused(401, "invalid_refresh_token");
    reset(&world, &token, OTHER_PASSWORD).await.refused(400, "invalid_token");
    verify(&world, &token).await.refused(400, "invalid_token");
    confirm(&world, &token, PASSWORD).await.refused(400, "invalid_token");
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

#[tokio::test]
async fn it_is_one_persons() {
    let world = World::new().await;
    let (ada, _) = ada(&world).await;
    let bob = Person::user(&world, "bob@example.com").await;
    let bobs = tests::Factor::enrolled(&world, &bob).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for code in [&bobs.code_in(&world, 1), &bobs.recovery[0]] {
        Person::code_step(&world, &token, code).await.refused(401, "invalid_mfa_code");
    }
    assert_eq!(super::status(&world, &bob).await["recovery_codes_left"], 10);
}

/// Signing out everywhere else ends sign-ins that are half done, too.
#[tokio::test]
async fn signing_out_everywhere_voids_it() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    ada.call(&world, tests::Call::new("POST", "/auth/logout?scope=others")).await.ok(204);
    Person::code_step(&world, &token, &factor.code(&world)).await.refused(401, "invalid_mfa_token");
}
