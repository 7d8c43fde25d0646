//! The settings, and each of them `off`.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use super::{counters, fail, limited, locked, seconds};
use crate::steps::login;

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn without_failures_or_without_a_longest_lock_there_is_no_lock() {
    for (name, value) in [("LOGIN_FAILURES", "off"), ("LOGIN_LOCK_MAX", "off")] {
        let world = World::with(&[(name, value)]).await;
        let ada = Person::user(&world, ADA).await;
        fail(&world, ADA, 20).await;
        login(&world, ADA, PASSWORD).await.ok(200);
        let body = json!({ "current_password": OTHER_PASSWORD, "new_password": PASSWORD });
        for _ in 0..10 {
            ada.post(&world, "/users/me/change-password", body.clone()).await.refused(403, "wrong_password");
        }
        for scope in ["login", "source-login", "password"] {
            assert!(counters(&world, scope).await.is_empty(), "{name} {scope}");
        }
    }
}

#[tokio::test]
async fn without_a_limit_a_source_asks_as_often_as_it_likes() {
    let world = World::with(&[("SOURCE_LIMIT", "off")]).await;
    for n in 0..40 {
        let email = format!("p{n}@example.com");
        login(&world, &email, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
        world.post("/auth/forgot-password", json!({ "email": email })).await.ok(202);
    }
}

#[tokio::test]
async fn the_operator_chooses_how_many_and_how_long() {
    let settings = [("LOGIN_FAILURES", "2"), ("LOGIN_LOCK_MAX", "3s"), ("SOURCE_LIMIT", "4/90s")];
    let world = World::with(&settings).await;
    fail(&world, ADA, 2).await;
    for lock in [1, 2] {
        locked(&login(&world, ADA, PASSWORD).await, lock);
        world.wait(seconds(lock));
        fail(&world, ADA, 1).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 3);
    // 12:00 is a multiple of 90 s after the epoch.
    limited(&login(&world, "bob@example.com", PASSWORD).await, 90 - 3);
}

/// Where a lock may last longer than 15 minutes, it is not forgotten before.
#[tokio::test]
async fn a_long_lock_lasts_to_its_end() {
    let world = World::with(&[("LOGIN_FAILURES", "1"), ("LOGIN_LOCK_MAX", "1h")]).await;
    fail(&world, ADA, 1).await;
    for doublings in 0..12 {
        world.wait(seconds(1 << doublings));
        fail(&world, ADA, 1).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 3600);
    world.wait(SignedDuration::from_mins(59));
    locked(&login(&world, ADA, PASSWORD).await, 60);
}
