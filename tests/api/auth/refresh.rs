//! `POST /auth/refresh`: rotation, grace, reuse and lifetimes.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use tests::{PASSWORD, Person, World};

use crate::steps::{at_once, count, deactivate, dump, refresh};

async fn ada(world: &World) -> Person {
    Person::registered(world, "ada@example.com").await
}

async fn counter(world: &World, person: &Person) -> u64 {
    let sk = format!("SESSION#{}", person.session_id);
    let items = dump(world).await;
    items.iter().find(|item| item["SK"] == *sk).unwrap()["counter"].as_u64().unwrap()
}

/// The token that comes after `token`.
async fn successor(world: &World, token: &str) -> String {
    let reply = refresh(world, token).await.ok(200);
    reply.body["refresh_token"].as_str().unwrap().to_owned()
}

/// S11.
#[tokio::test]
async fn each_refresh_gives_new_tokens_of_the_same_session() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let reply = ada.refresh(&world).await.ok(200);
    let next = Person::from_tokens(&reply.body, PASSWORD);
    assert_ne!(next.refresh_token, ada.refresh_token);
    assert_ne!(next.access_token, ada.access_token);
    assert_eq!((&next.id, &next.session_id), (&ada.id, &ada.session_id));
    assert_eq!(reply.header("cache-control"), "no-store");
    next.get(&world, "/users/me").await.ok(200);
    next.refresh(&world).await.ok(200);
}

/// S13.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_refreshes_at_once_get_the_same_successor() {
    let world = Arc::new(World::new().await);
    let ada = ada(&world).await;
    let replies = at_once((0..20).map(|_| {
        let (world, token) = (world.clone(), ada.refresh_token.clone());
        move || {
            let (world, token) = (world.clone(), token.clone());
            async move { refresh(&world, &token).await }
        }
    }))
    .await;
    assert_eq!(count(&replies, 200, ""), 20, "{replies:?}");
    let next = &replies[0].body["refresh_token"];
    assert!(replies.iter().all(|reply| reply.body["refresh_token"] == *next));
    assert_eq!(counter(&world, &ada).await, 1);
    refresh(&world, next.as_str().unwrap()).await.ok(200);
}

/// S14.
#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let lost = successor(&world, &ada.refresh_token).await;
    world.wait(SignedDuration::from_secs(30));
    let again = successor(&world, &ada.refresh_token).await;
    assert_eq!(again, lost);
    assert_eq!(counter(&world, &ada).await, 1);
    refresh(&world, &again).await.ok(200);
}

/// S11, A15.
#[tokio::test]
async fn a_token_used_again_after_the_grace_ends_the_session_and_is_told_once() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let elsewhere = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let reply = ada.refresh(&world).await.ok(200);
    let thief = Person::from_tokens(&reply.body, PASSWORD);
    world.wait(SignedDuration::from_millis(30_001));
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
    ada.refresh(&world).await.refused(401, "session_ended");
    thief.refresh(&world).await.refused(401, "session_ended");
    thief.get(&world, "/users/me").await.refused(401, "session_ended");
    elsewhere.refresh(&world).await.ok(200);
    let mails = world.mails_to(&ada.email).await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.subject == "A device was signed out").collect();
    assert_eq!(told.len(), 1);
    assert!(!told[0].text.contains("token="));
}

/// S11: many reuses at once are one event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_reuses_at_once_are_told_once() {
    let world = Arc::new(World::new().await);
    let ada = ada(&world).await;
    ada.refresh(&world).await.ok(200);
    world.wait(SignedDuration::from_mins(5));
    let replies = at_once((0..10).map(|_| {
        let (world, ada) = (world.clone(), ada.clone());
        move || {
            let (world, ada) = (world.clone(), ada.clone());
            async move { ada.refresh(&world).await }
        }
    }))
    .await;
    assert!(replies.iter().all(|reply| reply.status == 401));
    assert!(count(&replies, 401, "refresh_token_reused") >= 1);
    assert_eq!(world.mails_to(&ada.email).await.len(), 2, "the registration's and one notice");
}

/// S14: the grace is the immediate predecessor's only.
#[tokio::test]
async fn a_token_used_twice_ago_is_never_good_again() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let first = successor(&world, &ada.refresh_token).await;
    let second = successor(&world, &first).await;
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
    refresh(&world, &second).await.refused(401, "session_ended");
}

#[tokio::test]
async fn the_grace_is_a_setting() {
    let world = World::with(&[("REFRESH_GRACE", "0")]).await;
    let ada = ada(&world).await;
    ada.refresh(&world).await.ok(200);
    world.wait(SignedDuration::from_millis(1));
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
}

/// S01.
#[tokio::test]
async fn a_session_that_is_not_used_for_30_days_is_over() {
    let world = World::new().await;
    let ada = ada(&world).await;
    world.wait(SignedDuration::from_secs(30 * 24 * 3600 - 1));
    let next = successor(&world, &ada.refresh_token).await;
    world.wait(SignedDuration::from_hours(30 * 24));
    refresh(&world, &next).await.refused(401, "session_ended");
}

/// S01: refreshing never leads beyond the absolute lifetime.
#[tokio::test]
async fn a_session_is_over_after_90_days_whatever_happens() {
    let world = World::new().await;
    let ada = ada(&world).await;
    let mut token = ada.refresh_token.clone();
    for _ in 0..4 {
        world.wait(SignedDuration::from_hours(20 * 24));
        token = successor(&world, &token).await;
    }
    let reply = refresh(&world, &token).await.ok(200);
    assert_eq!(reply.body["refresh_expires_in"], 10 * 24 * 3600);
    token = reply.body["refresh_token"].as_str().unwrap().to_owned();
    world.wait(SignedDuration::from_secs(10 * 24 * 3600 - 1));
    token = successor(&world, &token).await;
    world.wait(SignedDuration::from_secs(1));
    refresh(&world, &token).await.refused(401, "session_ended");
}

/// S06.
#[tokio::test]
async fn a_deactivated_user_refreshes_nothing() {
    let world = World::new().await;
    let ada = ada(&world).await;
    deactivate(&world, &ada).await;
    ada.refresh(&world).await.refused(401, "session_ended");
    ada.get(&world, "/users/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn the_body_is_one_token() {
    let world = World::new().await;
    for body in [json!({}), json!({ "refresh_token": null }), json!({ "refresh_token": ["x"] })] {
        world.post("/auth/refresh", body).await.refused(422, "invalid_body");
    }
}
