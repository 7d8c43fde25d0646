//! What counting costs, and what it leaves in the table.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::faults::{Fault, Faults};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use super::{HERE, counters, fail, guessed, locked};
use crate::steps::login;

const ADA: &str = "ada@example.com";

async fn world() -> (World, Faults) {
    world_with("").await
}

async fn world_with(source_limit: &str) -> (World, Faults) {
    let faults = Faults::new().await;
    let world = World::at(&[("SOURCE_LIMIT", source_limit)], &faults.endpoint).await;
    Person::user(&world, ADA).await;
    let _ = faults.seen();
    (world, faults)
}

/// How often each operation was called since it was asked last.
fn calls(faults: &Faults) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for seen in faults.seen() {
        *calls.entry(seen.operation).or_default() += 1;
    }
    calls
}

fn expected(rows: &[(&str, usize)]) -> BTreeMap<String, usize> {
    rows.iter().map(|(operation, times)| ((*operation).to_owned(), *times)).collect()
}

/// Three steps one after another, as without counting: claim and name; user and source;
/// the transaction. `tests/budgets` holds the steps.
#[tokio::test]
async fn a_sign_in_makes_five_calls_and_a_wrong_one_four_for_whatever_name() {
    let (world, faults) = world().await;
    login(&world, ADA, PASSWORD).await.ok(200);
    let right = [("GetItem", 2), ("UpdateItem", 2), ("TransactWriteItems", 1)];
    assert_eq!(calls(&faults), expected(&right));
    for name in [ADA, "nobody@example.com"] {
        fail(&world, name, 4).await;
        let _ = faults.seen();
        fail(&world, name, 1).await;
        // The fifth is the one that is written down.
        let fifth = [("GetItem", 2), ("UpdateItem", 2), ("TransactWriteItems", 1)];
        assert_eq!(calls(&faults), expected(&fifth), "{name}");
        locked(&login(&world, name, PASSWORD).await, 1);
        assert_eq!(calls(&faults), expected(&[("GetItem", 2), ("UpdateItem", 1)]), "{name}");
    }
}

/// Beside the transaction, the source's count back.
#[tokio::test]
async fn a_sign_in_from_where_many_sign_in_makes_six_calls() {
    let (world, faults) = world().await;
    for _ in 0..10 {
        login(&world, ADA, PASSWORD).await.ok(200);
    }
    let _ = faults.seen();
    login(&world, ADA, PASSWORD).await.ok(200);
    let right = [("GetItem", 2), ("UpdateItem", 3), ("TransactWriteItems", 1)];
    assert_eq!(calls(&faults), expected(&right));
}

/// The second look-up does not wait for the counter.
#[tokio::test]
async fn the_first_counter_is_asked_beside_the_look_ups() {
    let (world, faults) = world().await;
    faults.next(9, "UpdateItem", Fault::Hang);
    login(&world, ADA, PASSWORD).await.refused(503, "temporarily_unavailable");
    let seen = calls(&faults);
    assert_eq!(seen["GetItem"], 2, "{seen:?}");
}

/// A sign-in that the table did not let happen is no failure of the person.
#[tokio::test]
async fn what_was_not_found_out_does_not_count() {
    let (world, faults) = world_with("2/5m").await;
    for _ in 0..6 {
        faults.next(3, "GetItem", Fault::ServerError);
        login(&world, ADA, PASSWORD).await.refused(503, "temporarily_unavailable");
    }
    faults.heal();
    assert_eq!(guessed(&world).await, []);
    assert_eq!(counters(&world, "source-login").await[0]["count"], 0);
    fail(&world, ADA, 2).await;
}

/// A count that cannot be taken back keeps nobody out.
#[tokio::test]
async fn a_sign_in_succeeds_though_its_source_stays_counted() {
    let (world, faults) = world_with("2/5m").await;
    let counted = async || counters(&world, "source-login").await[0]["count"].as_u64().unwrap();
    assert_eq!(counted().await, 0);
    // The name and the source were counted before.
    faults.later(2, 9, "UpdateItem", Fault::ServerError);
    login(&world, ADA, PASSWORD).await.ok(200);
    faults.heal();
    assert_eq!(counted().await, 1);
    assert_eq!(guessed(&world).await, []);
    login(&world, ADA, PASSWORD).await.ok(200);
}

/// What clears the name is part of what opens the session, and that is repeated whole.
#[tokio::test]
async fn a_name_is_cleared_though_the_answer_was_lost() {
    let (world, faults) = world().await;
    fail(&world, ADA, 3).await;
    faults.next(1, "TransactWriteItems", Fault::Lost);
    faults.next(1, "TransactWriteItems", Fault::Conflict);
    login(&world, ADA, PASSWORD).await.ok(200);
    assert_eq!(guessed(&world).await, []);
}

/// A link that is asked for is counted once and mailed once, whatever the wire does.
#[tokio::test]
async fn a_link_is_counted_and_mailed_once_though_the_answer_was_lost() {
    let (world, faults) = world().await;
    faults.next(1, "TransactWriteItems", Fault::Lost);
    faults.next(1, "TransactWriteItems", Fault::Conflict);
    world.post("/auth/forgot-password", json!({ "email": ADA })).await.ok(202);
    assert_eq!(counters(&world, "source-forgot-password").await[0]["count"], 1);
    assert_eq!(world.store.waiting_mails().await.unwrap().len(), 1);
}

/// P09, L04: who was meant cannot be read from a counter, and each goes away by
/// itself.
#[tokio::test]
async fn a_counter_names_nobody_and_expires() {
    let settings = [("SOURCE_LIMIT", ""), ("MAIL_LIMIT", "")];
    let world = World::with(&settings).await;
    let ada = Person::registered(&world, "lovelace@example.com").await;
    fail(&world, &ada.email, 2).await;
    world
        .post("/auth/login", json!({ "username": "countess", "password": OTHER_PASSWORD }))
        .await
        .refused(401, "invalid_credentials");
    let body = json!({ "current_password": OTHER_PASSWORD, "new_password": PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.refused(403, "wrong_password");
    let items = world.items().await.into_iter();
    let all: Vec<Value> =
        items.filter(|item| item["PK"].as_str().unwrap().starts_with("ATTEMPTS#")).collect();
    let scopes: Vec<&str> =
        all.iter().map(|item| item["PK"].as_str().unwrap().split('#').nth(1).unwrap()).collect();
    for scope in ["login", "source-login", "source-register", "mail", "password"] {
        assert!(scopes.contains(&scope), "{scope}: {scopes:?}");
    }
    for counter in &all {
        let text = counter.to_string();
        for personal in ["lovelace", "example.com", "countess", HERE, "203.0.113", &ada.id] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
        let ttl = Timestamp::from_second(counter["ttl"].as_i64().unwrap()).unwrap();
        let left = ttl.duration_since(world.now());
        assert!(left.is_positive() && left <= SignedDuration::from_hours(24), "{text}");
    }
}
