//! Guessing codes. A25.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use tests::faults::{Fault, Faults};
use tests::{Call, PASSWORD, Person, Reply, World};

use super::{ada, event};
use crate::steps::{at_once, count};

#[tokio::test]
async fn five_wrong_codes_burn_the_token() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for _ in 0..5 {
        let wrong = factor.wrong_code(&world);
        Person::code_step(&world, &token, &wrong).await.refused(401, "invalid_mfa_code");
    }
    let right = factor.code(&world);
    Person::code_step(&world, &token, &right).await.refused(401, "invalid_mfa_token");
    assert!(!world.items().await.iter().any(|item| item["SK"] == "TICKET"), "it is gone");
}

#[tokio::test]
async fn the_fifth_code_may_be_the_right_one() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for _ in 0..4 {
        let wrong = factor.wrong_code(&world);
        Person::code_step(&world, &token, &wrong).await.refused(401, "invalid_mfa_code");
    }
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

/// The try is counted before the code is looked at, so parallel guesses are no
/// more than five either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_once_do_not_slip_through() {
    let world = Arc::new(World::new().await);
    let (ada, factor) = ada(&world).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let wrong = factor.wrong_code(&world);
    let requests = (0..30).map(|_| {
        let (world, token, wrong) = (world.clone(), token.clone(), wrong.clone());
        move || {
            let (world, token, wrong) = (world.clone(), token.clone(), wrong.clone());
            async move { Person::code_step(&world, &token, &wrong).await }
        }
    });
    let replies = at_once(requests).await;
    assert_eq!(count(&replies, 401, "invalid_mfa_code"), 5);
    assert_eq!(count(&replies, 401, "invalid_mfa_token"), 25);
}

/// The second step, from another address than the tests'.
async fn code_step_from(world: &World, source: &str, token: &str, code: &str) -> Reply {
    let body = json!({ "mfa_token": token, "code": code });
    world.call(Call::new("POST", "/auth/mfa").json(&body).from(source)).await
}

/// Whoever has the password gets a new token, but no more guesses.
#[tokio::test]
async fn a_new_token_does_not_begin_the_count_anew() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let mut token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for _ in 0..5 {
        let wrong = factor.wrong_code(&world);
        Person::code_step(&world, &token, &wrong).await.refused(401, "invalid_mfa_code");
    }
    let lock = event(&world, &ada, "authn_login_lock").await;
    assert_eq!(lock["actor"], "unknown");
    token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let right = factor.code(&world);
    for _ in 0..7 {
        let reply = Person::code_step(&world, &token, &right).await;
        reply.refused(429, "too_many_requests");
        assert_eq!(reply.header("retry-after"), "1");
    }
    // Elsewhere one goes on, and what was refused did not count against the token.
    code_step_from(&world, "198.51.100.9", &token, &right).await.ok(200);
    token = Person::password_step(&world, &ada.email, PASSWORD).await;
    world.wait(SignedDuration::from_secs(30));
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

/// A right code begins the count anew, for this source.
#[tokio::test]
async fn a_right_code_takes_the_wrong_ones_back() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    for _ in 0..3 {
        let token = Person::password_step(&world, &ada.email, PASSWORD).await;
        for _ in 0..4 {
            let wrong = factor.wrong_code(&world);
            Person::code_step(&world, &token, &wrong).await.refused(401, "invalid_mfa_code");
        }
        Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
        world.wait(SignedDuration::from_secs(30));
    }
}

/// From any number of sources: a hundred a day.
#[tokio::test]
async fn a_hundred_wrong_codes_from_many_sources_hold_every_source_back() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    for source in 0..20 {
        let token = Person::password_step(&world, &ada.email, PASSWORD).await;
        for _ in 0..5 {
            let (source, wrong) = (format!("198.51.100.{source}"), factor.wrong_code(&world));
            let reply = code_step_from(&world, &source, &token, &wrong).await;
            reply.refused(401, "invalid_mfa_code");
        }
    }
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    let right = factor.code(&world);
    code_step_from(&world, "198.51.100.99", &token, &right).await.refused(429, "too_many_requests");
    world.wait(SignedDuration::from_secs(1));
    code_step_from(&world, "198.51.100.99", &token, &factor.code(&world)).await.ok(200);
}

/// Nor does a stolen session guess without end.
#[tokio::test]
async fn guesses_of_who_is_signed_in_count_too() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let path = "/auth/mfa/recovery-codes";
    for _ in 0..5 {
        let body = json!({ "code": factor.wrong_code(&world) });
        ada.post(&world, path, body).await.refused(403, "wrong_mfa_code");
    }
    let body = json!({ "code": factor.code(&world), "password": PASSWORD });
    ada.post(&world, "/auth/mfa/totp/disable", body).await.refused(429, "too_many_requests");
    let body = json!({ "code": factor.recovery[0] });
    ada.post(&world, path, body).await.refused(429, "too_many_requests");
}

/// A09: wrong passwords of a session count, whatever the code.
#[tokio::test]
async fn guesses_at_the_password_count_when_the_factor_is_to_go() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let path = "/auth/mfa/totp/disable";
    for _ in 0..5 {
        let body = json!({ "code": factor.code(&world), "password": tests::OTHER_PASSWORD });
        ada.post(&world, path, body).await.refused(403, "wrong_password");
    }
    let body = json!({ "code": factor.code(&world), "password": PASSWORD });
    ada.post(&world, path, body).await.refused(429, "too_many_requests");
}

/// Six digits are guessed in a day where nothing counts.
#[tokio::test]
async fn codes_are_counted_though_passwords_are_not() {
    for off in ["LOGIN_FAILURES", "LOGIN_LOCK_MAX"] {
        let world = World::with(&[(off, "off")]).await;
        let (ada, factor) = ada(&world).await;
        let mut token = Person::password_step(&world, &ada.email, PASSWORD).await;
        for _ in 0..5 {
            let wrong = factor.wrong_code(&world);
            Person::code_step(&world, &token, &wrong).await.refused(401, "invalid_mfa_code");
        }
        token = Person::password_step(&world, &ada.email, PASSWORD).await;
        Person::code_step(&world, &token, &factor.code(&world)).await.refused(429, "too_many_requests");
    }
}

/// What the table kept from being looked at was no guess.
#[tokio::test]
async fn a_code_that_was_not_looked_at_does_not_count() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let (ada, factor) = ada(&world).await;
    let body = json!({ "password": PASSWORD, "code": factor.code(&world) });
    for _ in 0..6 {
        faults.next(3, "GetItem", Fault::ServerError);
        let reply = ada.post(&world, "/auth/mfa/totp/disable", body.clone()).await;
        reply.refused(503, "temporarily_unavailable");
    }
    ada.post(&world, "/auth/mfa/totp/disable", body).await.ok(204);
}
