//! `POST /auth/login`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{confirm, deactivate, login, raw, registration};

async fn world_with_ada() -> World {
    let world = World::new().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "username": "Countess" });
    let token = registration(&world, &body).await;
    confirm(&world, &token, PASSWORD).await.ok(200);
    world
}

#[tokio::test]
async fn one_signs_in_by_address_or_username_in_any_case() {
    let world = world_with_ada().await;
    let names = [("email", "ada@example.com"), ("email", "ADA@Example.COM")];
    for (field, name) in names.into_iter().chain([("username", "Countess"), ("username", "cOUNTESS")]) {
        let mut body = json!({ "password": PASSWORD });
        body[field] = json!(name);
        let reply = world.post("/auth/login", body).await.ok(200);
        assert_eq!(reply.body["user"]["username"], "Countess");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn one_gives_either_address_or_username() {
    let world = world_with_ada().await;
    for body in [
        json!({ "password": PASSWORD }),
        json!({ "password": PASSWORD, "email": null }),
        json!({ "password": PASSWORD, "email": null, "username": null }),
        json!({ "password": PASSWORD, "email": "ada@example.com", "username": "Countess" }),
        json!({ "email": "ada@example.com" }),
        json!({ "email": "ada@example.com", "password": null }),
        json!({ "email": "ada@example.com", "password": { "$ne": "" } }),
        json!({ "email": "Countess", "password": PASSWORD }),
        json!({ "username": "ada@example.com", "password": PASSWORD }),
    ] {
        world.post("/auth/login", body.clone()).await.refused(422, "invalid_body");
    }
    let body = json!({ "email": "ada@example.com", "username": null, "password": PASSWORD });
    world.post("/auth/login", body).await.ok(200);
}

/// A12: a wrong password, an unknown name and a registration that waits to be
/// confirmed get one answer, which reminds of the latter.
#[tokio::test]
async fn a_stranger_cannot_tell_who_has_an_account() {
    let world = world_with_ada().await;
    registration(&world, &json!({ "email": "new@example.com", "password": PASSWORD })).await;
    let mut answers = Vec::<Value>::new();
    for body in [
        json!({ "email": "ada@example.com", "password": OTHER_PASSWORD }),
        json!({ "email": "nobody@example.com", "password": OTHER_PASSWORD }),
        json!({ "email": "new@example.com", "password": PASSWORD }),
        json!({ "username": "countess", "password": OTHER_PASSWORD }),
        json!({ "username": "nobody", "password": OTHER_PASSWORD }),
    ] {
        answers.push(raw(&world, "/auth/login", body).await);
    }
    let text = answers[0]["body"].as_str().unwrap();
    assert!(text.contains("invalid_credentials") && text.contains("confirm the registration"), "{text}");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// S06; product.md, never 3.
#[tokio::test]
async fn only_who_knows_the_password_learns_that_the_account_is_deactivated() {
    let world = world_with_ada().await;
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    deactivate(&world, &ada).await;
    login(&world, "ada@example.com", OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    login(&world, "ada@example.com", PASSWORD).await.refused(403, "account_deactivated");
    let body = json!({ "username": "countess", "password": PASSWORD });
    world.post("/auth/login", body).await.refused(403, "account_deactivated");
    ada.refresh(&world).await.refused(401, "session_ended");
}

#[tokio::test]
async fn the_last_sign_in_is_noted() {
    let world = world_with_ada().await;
    world.wait(SignedDuration::from_hours(3));
    let reply = login(&world, "ada@example.com", PASSWORD).await.ok(200);
    assert_eq!(reply.body["user"]["last_login_at"], "2026-03-01T15:00:00Z");
    world.wait(SignedDuration::from_mins(1));
    login(&world, "ada@example.com", OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    let ada = Person::from_tokens(&reply.body, PASSWORD);
    let again = ada.refresh(&world).await.ok(200);
    assert_eq!(again.body["user"]["last_login_at"], "2026-03-01T15:00:00Z");
    assert_eq!(again.body["user"]["created_at"], "2026-03-01T12:00:00Z");
}

/// S02.
#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own() {
    let world = world_with_ada().await;
    let one = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let other = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    assert_ne!(one.session_id, other.session_id);
    assert_ne!(one.refresh_token, other.refresh_token);
    assert_eq!(one.id, other.id);
    one.get(&world, "/users/me").await.ok(200);
    other.get(&world, "/users/me").await.ok(200);
}
