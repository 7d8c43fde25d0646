//! `POST /auth/mfa/totp/confirm`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Factor, PASSWORD, Person, Reply, World};

use super::{event, status, subjects};
use crate::forge::part;

async fn confirm(world: &World, person: &Person, code: &str) -> Reply {
    person.post(world, "/auth/mfa/totp/confirm", json!({ "code": code })).await
}

/// A15, A24: ten codes of 120 bits, all different.
#[tokio::test]
async fn the_first_code_makes_it_count_and_gives_ten_recovery_codes() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let factor = Factor::enrolled(&world, &ada).await;
    assert_eq!(factor.recovery.len(), 10);
    for (at, code) in factor.recovery.iter().enumerate() {
        assert_eq!(code.len(), 29, "{code}");
        assert!(!factor.recovery[..at].contains(code));
    }
    let expected = json!({ "totp": { "since": "2026-03-01T12:00:00Z" }, "recovery_codes_left": 10 });
    assert_eq!(status(&world, &ada).await, expected);
    assert_eq!(subjects(&world, &ada).await, ["A second factor was added"]);
    assert_eq!(event(&world, &ada, "authn_mfa_enrolled").await["details"]["factor"], "totp");
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body.get("mfa_since"), None, "a closed list");
}

/// S07
#[tokio::test]
async fn the_other_sessions_end_and_this_one_counts_as_signed_in_with_two_factors() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let phone = Person::sign_in(&world, &ada.email, PASSWORD).await;
    Factor::enrolled(&world, &ada).await;
    phone.get(&world, "/users/me").await.refused(401, "session_ended");
    phone.refresh(&world).await.refused(401, "session_ended");
    ada.get(&world, "/users/me").await.ok(200);
    let ada = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    let claims = part(&ada.access_token, 1);
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp", "mfa"]), &json!("aal2")));
}

/// A23: the code that confirms is used up.
#[tokio::test]
async fn the_code_that_confirms_signs_nobody_in() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let factor = Factor::enrolled(&world, &ada).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let used = [factor.code(&world), factor.code_in(&world, -1)];
    for code in &used {
        Person::code_step(&world, &token, code).await.refused(401, "invalid_mfa_code");
    }
    Person::code_step(&world, &token, &factor.code_in(&world, 1)).await.ok(200);
}

/// A25
#[tokio::test]
async fn five_wrong_codes_void_the_enrolment() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let factor = Factor::begun(&world, &ada).await;
    for _ in 0..5 {
        confirm(&world, &ada, &factor.wrong_code(&world)).await.refused(403, "wrong_mfa_code");
    }
    confirm(&world, &ada, &factor.code(&world)).await.refused(409, "mfa_not_enrolled");
    Factor::enrolled(&world, &ada).await;
}

#[tokio::test]
async fn an_enrolment_waits_for_fifteen_minutes() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let factor = Factor::begun(&world, &ada).await;
    world.wait(SignedDuration::from_mins(15));
    let ada = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    confirm(&world, &ada, &factor.code(&world)).await.refused(409, "mfa_not_enrolled");
    let late = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let factor = Factor::begun(&world, &late).await;
    world.wait(SignedDuration::from_secs(15 * 60 - 1));
    confirm(&world, &late, &factor.code(&world)).await.ok(200);
    world.wait(SignedDuration::from_hours(1));
    Person::password_step(&world, &ada.email, PASSWORD).await;
    let items = world.items().await;
    let item = items.iter().find(|item| item["SK"] == "TOTP").unwrap();
    assert_eq!((&item["ttl"], &item["expires_at"]), (&Value::Null, &Value::Null), "it stays");
}

#[tokio::test]
async fn a_recovery_code_or_another_persons_code_confirms_nothing() {
    let world = World::new().await;
    let (ada, adas) = super::ada(&world).await;
    confirm(&world, &ada, &adas.code(&world)).await.refused(409, "mfa_already_enrolled");
    let bob = Person::user(&world, "bob@example.com").await;
    confirm(&world, &bob, "123456").await.refused(409, "mfa_not_enrolled");
    let bobs = Factor::begun(&world, &bob).await;
    confirm(&world, &bob, &adas.recovery[0]).await.refused(403, "wrong_mfa_code");
    confirm(&world, &bob, &bobs.code(&world)).await.ok(200);
}
