//! `POST /admin/users/{id}/require-password-change`.

use serde_json::json;
use tests::{Call, Factor, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::{eve_and_bob, nobodys_ids};

fn path(person: &Person) -> String {
    format!("/admin/users/{}/require-password-change", person.id)
}

async fn require(world: &World, caller: &Person, path: &str) -> Reply {
    caller.call(world, Call::new("POST", path)).await
}

/// A10
#[tokio::test]
async fn a_password_that_has_to_be_changed_signs_nobody_in() {
    let (world, eve, bob) = eve_and_bob().await;
    let user = require(&world, &eve, &path(&bob)).await.ok(200).body;
    assert_eq!((&user["id"], &user["status"]), (&json!(bob.id), &json!("active")));
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
    bob.refresh(&world).await.refused(401, "session_ended");
    let login = |password: &str| json!({ "email": bob.email, "password": password });
    world.post("/auth/login", login(PASSWORD)).await.refused(403, "password_change_required");
    world.post("/auth/login", login(OTHER_PASSWORD)).await.refused(401, "invalid_credentials");
    assert_eq!(world.mails_to(&bob.email).await.last().unwrap().subject, "Set a new password");
}

/// A10
#[tokio::test]
async fn a_link_by_mail_sets_a_new_password_that_is_good() {
    let (world, eve, bob) = eve_and_bob().await;
    require(&world, &eve, &path(&bob)).await.ok(200);
    world.wait(jiff::SignedDuration::from_secs(1));
    world.post("/auth/forgot-password", json!({ "email": bob.email })).await.ok(202);
    let body = json!({ "token": world.token_for(&bob.email).await, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.ok(204);
    let bob = Person::sign_in(&world, &bob.email, OTHER_PASSWORD).await;
    bob.get(&world, "/users/me").await.ok(200);
}

#[tokio::test]
async fn with_a_second_factor_the_password_is_not_good_either() {
    let (world, eve, bob) = eve_and_bob().await;
    let factor = Factor::enrolled(&world, &bob).await;
    let half_done = Person::password_step(&world, &bob.email, PASSWORD).await;
    require(&world, &eve, &path(&bob)).await.ok(200);
    world.wait(jiff::SignedDuration::from_secs(60));
    let code = factor.code(&world);
    Person::code_step(&world, &half_done, &code).await.refused(401, "invalid_mfa_token");
    let login = json!({ "email": bob.email, "password": PASSWORD });
    world.post("/auth/login", login).await.refused(403, "password_change_required");
}

#[tokio::test]
async fn asked_for_twice_it_is_told_once() {
    let (world, eve, bob) = eve_and_bob().await;
    for _ in 0..2 {
        require(&world, &eve, &path(&bob)).await.ok(200);
    }
    assert_eq!(world.mails_to(&bob.email).await.len(), 1);
    let audit = eve.get(&world, &format!("/admin/users/{}/audit", bob.id)).await.ok(200).body;
    let told = |event: &&serde_json::Value| event["details"] == json!({ "password": "change_required" });
    assert_eq!(audit["data"].as_array().unwrap().iter().filter(told).count(), 1);
}

#[tokio::test]
async fn nobodys_password_is_not_found_and_a_user_requires_nothing() {
    let (world, eve, bob) = eve_and_bob().await;
    for id in nobodys_ids(&world) {
        let path = format!("/admin/users/{id}/require-password-change");
        require(&world, &eve, &path).await.refused(404, "not_found");
    }
    require(&world, &bob, &path(&eve)).await.refused(403, "forbidden");
    require(&world, &bob, &path(&bob)).await.refused(403, "forbidden");
}
