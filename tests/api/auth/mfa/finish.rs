//! Signing in with two factors.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use super::{STEP, ada, event};
use crate::forge::part;
use crate::steps::{deactivate, login, reset, reset_token};

/// The password alone opens nothing and is not noted as a sign-in.
#[tokio::test]
async fn the_password_gives_a_token_for_the_second_step_and_nothing_else() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let before = world.stored(&ada.id).await.unwrap();
    world.wait(SignedDuration::from_mins(1));
    let reply = login(&world, &ada.email, PASSWORD).await.ok(200);
    let fields: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["expires_in", "methods", "mfa_required", "mfa_token"]);
    assert_eq!(reply.body["methods"], json!(["totp", "recovery_code"]));
    assert_eq!((&reply.body["mfa_required"], &reply.body["expires_in"]), (&json!(true), &json!(300)));
    assert_eq!(world.stored(&ada.id).await.unwrap().last_login_at, before.last_login_at);
    let sessions = |items: Vec<serde_json::Value>| {
        items.iter().filter(|item| item["SK"].as_str().unwrap().starts_with("SESSION#")).count()
    };
    assert_eq!(sessions(world.items().await), 1);
    let token = reply.body["mfa_token"].as_str().unwrap();
    let reply = Person::code_step(&world, token, &factor.code(&world)).await.ok(200);
    assert_eq!(reply.body["user"]["last_login_at"], "2026-03-01T12:01:30Z");
    let again = Person::from_tokens(&reply.body, PASSWORD);
    again.get(&world, "/users/me").await.ok(200);
    assert_eq!(sessions(world.items().await), 2);
    let claims = part(&again.access_token, 1);
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp", "mfa"]), &json!("aal2")));
    let event = event(&world, &again, "authn_login_success").await;
    assert_eq!(event["details"]["factor"], "totp");
}

/// A12: who does not know the password learns nothing of a second factor.
#[tokio::test]
async fn a_wrong_password_gets_the_answer_that_everybody_gets() {
    let world = World::new().await;
    let (ada, _) = ada(&world).await;
    login(&world, &ada.email, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn a_refresh_keeps_the_strength_of_the_sign_in() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let phone = Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code(&world)).await;
    world.wait(SignedDuration::from_hours(24));
    let phone = Person::from_tokens(&phone.refresh(&world).await.ok(200).body, PASSWORD);
    assert_eq!(part(&phone.access_token, 1)["acr"], "aal2");
}

/// A18
#[tokio::test]
async fn a_reset_of_the_password_does_not_replace_the_second_factor() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    let token = Person::password_step(&world, &ada.email, OTHER_PASSWORD).await;
    Person::code_step(&world, &token, &factor.wrong_code(&world)).await.refused(401, "invalid_mfa_code");
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

#[tokio::test]
async fn a_change_of_the_password_keeps_the_second_factor_and_the_session_its_strength() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    let same = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, OTHER_PASSWORD);
    assert_eq!(part(&same.access_token, 1)["acr"], "aal2");
    Person::sign_in_with_code(&world, &ada.email, OTHER_PASSWORD, &factor.code(&world)).await;
}

/// A23: one step to each side of now, whose codes are good for 90 s at most.
#[tokio::test]
async fn a_clock_may_be_one_step_off() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    world.wait(STEP * 10);
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for steps in [-2, 2] {
        let code = factor.code_in(&world, steps);
        Person::code_step(&world, &token, &code).await.refused(401, "invalid_mfa_code");
    }
    Person::code_step(&world, &token, &factor.code_in(&world, -1)).await.ok(200);
    Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.code_in(&world, 1)).await;
}

#[tokio::test]
async fn a_code_is_typed_with_spaces_or_not_at_all() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for code in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
        let reply = Person::code_step(&world, &token, code).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], "/code");
    }
    // What is no code was no guess.
    let code = factor.code(&world);
    Person::code_step(&world, &token, &format!("{} {}", &code[..3], &code[3..])).await.ok(200);
}

/// S06
#[tokio::test]
async fn who_is_deactivated_between_the_steps_is_out() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    deactivate(&world, &ada).await;
    Person::code_step(&world, &token, &factor.code(&world)).await.refused(401, "invalid_mfa_token");
    login(&world, &ada.email, PASSWORD).await.refused(403, "account_deactivated");
}

#[tokio::test]
async fn a_password_changed_between_the_steps_voids_the_first() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    Person::code_step(&world, &token, &factor.code(&world)).await.refused(401, "invalid_mfa_token");
}
