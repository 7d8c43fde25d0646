//! Guessing codes. A25.

use std::sync::Arc;

use tests::{PASSWORD, Person, World};

use super::ada;
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
