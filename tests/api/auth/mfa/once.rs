//! A code works once. A23.

use std::sync::Arc;

use serde_json::json;
use tests::{PASSWORD, Person, Reply, World};

use super::{STEP, ada, status};
use crate::steps::{at_once, count};

/// Makes so many second steps at once, with these tokens in turn.
async fn finish_at_once(world: &Arc<World>, tokens: &[String], code: &str, times: usize) -> Vec<Reply> {
    let requests = (0..times).map(|at| {
        let (world, token, code) = (world.clone(), tokens[at % tokens.len()].clone(), code.to_owned());
        move || {
            let (world, token, code) = (world.clone(), token.clone(), code.clone());
            async move { Person::code_step(&world, &token, &code).await }
        }
    });
    at_once(requests).await
}

async fn sessions(world: &World) -> usize {
    let items = world.items().await;
    items.iter().filter(|item| item["SK"].as_str().unwrap().starts_with("SESSION#")).count()
}

#[tokio::test]
async fn a_used_code_and_those_before_it_are_refused() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    world.wait(STEP);
    let code = factor.code(&world);
    Person::sign_in_with_code(&world, &ada.email, PASSWORD, &code).await;
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    for code in [&code, &factor.code_in(&world, -1)] {
        Person::code_step(&world, &token, code).await.refused(401, "invalid_mfa_code");
    }
    world.wait(STEP);
    Person::code_step(&world, &token, &code).await.refused(401, "invalid_mfa_code");
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_at_once_with_two_tokens_opens_one_session() {
    let world = Arc::new(World::new().await);
    let (ada, factor) = ada(&world).await;
    let tokens = [
        Person::password_step(&world, &ada.email, PASSWORD).await,
        Person::password_step(&world, &ada.email, PASSWORD).await,
    ];
    let replies = finish_at_once(&world, &tokens, &factor.code(&world), 20).await;
    assert_eq!(count(&replies, 200, ""), 1);
    let refused = [(401, "invalid_mfa_code"), (401, "invalid_mfa_token"), (429, "too_many_requests")];
    let refused: usize = refused.iter().map(|(status, code)| count(&replies, *status, code)).sum();
    assert_eq!(refused, 19, "{replies:?}");
    assert_eq!(sessions(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_recovery_code_at_once_with_two_tokens_opens_one_session() {
    let world = Arc::new(World::new().await);
    let (ada, factor) = ada(&world).await;
    let tokens = [
        Person::password_step(&world, &ada.email, PASSWORD).await,
        Person::password_step(&world, &ada.email, PASSWORD).await,
    ];
    let replies = finish_at_once(&world, &tokens, &factor.recovery[3], 20).await;
    assert_eq!(count(&replies, 200, ""), 1);
    assert_eq!(sessions(&world).await, 2);
    assert_eq!(status(&world, &ada).await["recovery_codes_left"], 9);
}

/// Codes for a change are used up as those for a sign-in are.
#[tokio::test]
async fn a_code_that_made_a_change_signs_nobody_in() {
    let world = World::new().await;
    let (ada, factor) = ada(&world).await;
    let code = factor.code(&world);
    let path = "/auth/mfa/recovery-codes";
    ada.post(&world, path, json!({ "code": code })).await.ok(200);
    ada.post(&world, path, json!({ "code": code })).await.refused(403, "wrong_mfa_code");
    let body = json!({ "password": PASSWORD, "code": code });
    ada.post(&world, "/auth/mfa/totp/disable", body).await.refused(403, "wrong_mfa_code");
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    Person::code_step(&world, &token, &code).await.refused(401, "invalid_mfa_code");
}
