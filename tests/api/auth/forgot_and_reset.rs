//! `POST /auth/forgot-password` and `POST /auth/reset-password`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{
    deactivate, dump, login, optional_world, raw, reset, reset_token, strings, unverified, verify,
};

async fn ada(world: &World) -> Person {
    Person::registered(world, "ada@example.com").await
}

/// A12; product.md, never 1: the token is in no answer.
#[tokio::test]
async fn a_stranger_cannot_tell_a_known_address_by_forgetting() {
    let world = World::new().await;
    ada(&world).await;
    let known = raw(&world, "/auth/forgot-password", json!({ "email": "ada@example.com" })).await;
    let unknown = raw(&world, "/auth/forgot-password", json!({ "email": "nobody@example.com" })).await;
    assert_eq!(known["statusCode"], 202);
    assert_eq!(known, unknown);
    let token = world.token_for("ada@example.com").await;
    assert!(!known.to_string().contains(&token));
    assert!(world.mails_to("nobody@example.com").await.is_empty());
    let body: Value = serde_json::from_str(known["body"].as_str().unwrap()).unwrap();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
}

/// A20, S07; product.md, never 4.
#[tokio::test]
async fn a_reset_sets_the_password_ends_every_session_and_signs_nobody_in() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let laptop = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let token = reset_token(&world, &ada.email).await;
    ada.get(&world, "/users/me").await.ok(200);
    let reply = reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    assert_eq!(reply.body, "");
    for person in [&ada, &laptop] {
        person.get(&world, "/users/me").await.refused(401, "session_ended");
        person.refresh(&world).await.refused(401, "session_ended");
    }
    login(&world, &ada.email, PASSWORD).await.refused(401, "invalid_credentials");
    login(&world, &ada.email, OTHER_PASSWORD).await.ok(200);
}

/// A15.
#[tokio::test]
async fn a_reset_is_told_by_mail() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    let mails = world.mails_to(&ada.email).await;
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[2].subject, "Your password was reset");
    assert!(!mails[2].text.contains("token="));
}

/// A20.
#[tokio::test]
async fn a_reset_token_is_good_once() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    reset(&world, &token, "yet another good one").await.refused(400, "invalid_token");
    login(&world, &ada.email, OTHER_PASSWORD).await.ok(200);
}

/// A20: expired even though the item is in the table still.
#[tokio::test]
async fn a_reset_token_is_good_for_an_hour() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let late = reset_token(&world, &ada.email).await;
    world.wait(SignedDuration::from_secs(3599));
    let in_time = reset_token(&world, &ada.email).await;
    world.wait(SignedDuration::from_secs(1));
    reset(&world, &late, OTHER_PASSWORD).await.refused(400, "invalid_token");
    assert!(dump(&world).await.iter().any(|item| item["SK"] == "TICKET"));
    world.wait(SignedDuration::from_secs(3598));
    reset(&world, &in_time, OTHER_PASSWORD).await.ok(204);
}

#[tokio::test]
async fn a_weak_new_password_leaves_the_token_as_it_is() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    for _ in 0..6 {
        reset(&world, &token, "short").await.refused(422, "weak_password");
    }
    ada.get(&world, "/users/me").await.ok(200);
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
}

/// A20: redeeming one token voids the others.
#[tokio::test]
async fn an_earlier_token_is_void_once_a_later_one_was_used() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let first = reset_token(&world, &ada.email).await;
    world.wait(SignedDuration::from_secs(1));
    let second = reset_token(&world, &ada.email).await;
    reset(&world, &second, OTHER_PASSWORD).await.ok(204);
    reset(&world, &first, "yet another good one").await.refused(400, "invalid_token");
}

#[tokio::test]
async fn a_reset_token_is_void_once_the_password_was_changed() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    reset(&world, &token, "yet another good one").await.refused(400, "invalid_token");
}

/// A20: neither the outbox nor the ticket holds the token.
#[tokio::test]
async fn the_table_never_holds_a_mailed_token() {
    let world = World::new().await;
    let ada = ada(&world).await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let waiting = strings(&dump(&world).await);
    let token = world.token_for(&ada.email).await;
    let made = strings(&dump(&world).await);
    for text in waiting.iter().chain(&made) {
        assert!(!text.contains(&token) && !text.contains(&token[..24]), "{text}");
    }
}

/// A14.
#[tokio::test]
async fn a_deactivated_user_gets_no_mail_and_resets_nothing() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let token = reset_token(&world, &ada.email).await;
    let before = world.mails_to(&ada.email).await.len();
    deactivate(&world, &ada).await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    assert_eq!(world.mails_to(&ada.email).await.len(), before);
    reset(&world, &token, OTHER_PASSWORD).await.refused(400, "invalid_token");
}

/// A21.
#[tokio::test]
async fn a_stranger_cannot_choose_where_the_link_leads() {
    let world = World::new().await;
    ada(&world).await;
    let body = json!({ "email": "ada@example.com" });
    let mut call = Call::new("POST", "/auth/forgot-password").json(&body);
    for name in ["host", "x-forwarded-host", "x-original-host", "forwarded", "origin", "referer"] {
        call = call.header(name, "evil.example");
    }
    world.call(call).await.ok(202);
    let mail = world.mails_to("ada@example.com").await.pop().unwrap();
    assert!(mail.text.contains("https://app.example.com/reset-password#token="), "{}", mail.text);
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
}

#[tokio::test]
async fn a_reset_verifies_the_address() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    assert_eq!(ada.get(&world, "/users/me").await.body["email_verified"], false);
    let token = reset_token(&world, &ada.email).await;
    reset(&world, &token, OTHER_PASSWORD).await.ok(204);
    let ada = Person::sign_in(&world, &ada.email, OTHER_PASSWORD).await;
    assert_eq!(ada.get(&world, "/users/me").await.body["email_verified"], true);
}

/// J05, A16.
#[tokio::test]
async fn a_token_of_another_kind_resets_nothing() {
    let world = optional_world().await;
    let ada = unverified(&world, "ada@example.com").await;
    let verification = world.token_for(&ada.email).await;
    for token in [&verification, &ada.access_token, &ada.refresh_token, "", "garbage"] {
        reset(&world, token, OTHER_PASSWORD).await.refused(400, "invalid_token");
    }
    verify(&world, &verification).await.ok(204);
}
