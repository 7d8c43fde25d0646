//! Usernames are unique, without regard to case.

use std::sync::Arc;

use serde_json::json;
use tests::{PASSWORD, Person, World};

use crate::ada;

#[tokio::test]
async fn a_username_is_taken_in_any_case() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    ada.patch(&world, "/users/me", json!({ "username": "Lovelace" })).await.ok(200);
    for name in ["Lovelace", "lovelace", "LOVELACE"] {
        let change = json!({ "username": name, "name": "Bob" });
        bob.patch(&world, "/users/me", change).await.refused(409, "username_taken");
    }
    let me = bob.get(&world, "/users/me").await.body;
    assert_eq!((&me["username"], &me["name"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn a_user_changes_the_case_of_its_own_username() {
    let (world, ada) = ada().await;
    for name in ["lovelace", "LoveLace", "LoveLace"] {
        let me = ada.patch(&world, "/users/me", json!({ "username": name })).await.ok(200);
        assert_eq!(me.body["username"], name);
    }
    let login = json!({ "username": "LOVELACE", "password": PASSWORD });
    world.post("/auth/login", login).await.ok(200);
}

#[tokio::test]
async fn a_username_that_was_given_up_is_free() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    ada.patch(&world, "/users/me", json!({ "username": "first" })).await.ok(200);
    ada.patch(&world, "/users/me", json!({ "username": "second" })).await.ok(200);
    bob.patch(&world, "/users/me", json!({ "username": "FIRST" })).await.ok(200);
    bob.patch(&world, "/users/me", json!({ "username": "second" })).await.refused(409, "username_taken");
    ada.patch(&world, "/users/me", json!({ "username": null })).await.ok(200);
    bob.patch(&world, "/users/me", json!({ "username": "second" })).await.ok(200);
    let login = json!({ "username": "first", "password": PASSWORD });
    world.post("/auth/login", login).await.refused(401, "invalid_credentials");
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_take_one_username_at_once_one_gets_it() {
    let world = Arc::new(World::new().await);
    let mut takers = Vec::new();
    for n in 0..10 {
        takers.push(Person::user(&world, &format!("user{n}@example.com")).await);
    }
    let spell = |n: usize| if n.is_multiple_of(2) { "Wanted" } else { "wanted" };
    let tasks = takers.into_iter().enumerate().map(|(n, taker)| {
        let world = world.clone();
        tokio::spawn(async move { taker.patch(&world, "/users/me", json!({ "username": spell(n) })).await })
    });
    let mut won = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            reply if reply.status == 200 => won += 1,
            reply => reply.refused(409, "username_taken"),
        }
    }
    assert_eq!(won, 1);
    let items = world.items().await;
    assert_eq!(items.iter().filter(|item| !item["username"].is_null() && item["SK"] == "PROFILE").count(), 1);
}

/// Z06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_user_who_takes_many_usernames_at_once_has_one() {
    let (world, ada) = ada().await;
    let world = Arc::new(world);
    let tasks = (0..8).map(|n| {
        let (world, ada) = (world.clone(), ada.clone());
        let change = json!({ "username": format!("name-{n}") });
        tokio::spawn(async move { ada.patch(&world, "/users/me", change).await.status })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert!(matches!(task.await.unwrap(), 200 | 503));
    }
    let items = world.items().await;
    let claims: Vec<_> = items
        .iter()
        .filter(|item| item["PK"].as_str().is_some_and(|key| key.starts_with("USERNAME#")))
        .collect();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(claims[0]["username"], ada.get(&world, "/users/me").await.body["username"]);
}
