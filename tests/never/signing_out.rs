//! 4. Sign-out that does nothing; old tokens alive after a password change or
//!    reset; tokens without expiry.
//! 5. Profile or password changes without authentication or without the current
//!    password; a hash in an answer.

use base64::Engine as _;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, World};

async fn is_out(world: &World, person: &Person) {
    person.get(world, "/users/me").await.refused(401, "session_ended");
    person.refresh(world).await.refused(401, "session_ended");
}

/// S05
#[tokio::test]
async fn who_signed_out_is_out() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let phone = Person::sign_in(&world, &ada.email, PASSWORD).await;
    ada.call(&world, Call::new("POST", "/auth/logout")).await.ok(204);
    is_out(&world, &ada).await;
    phone.get(&world, "/users/me").await.ok(200);
    phone.call(&world, Call::new("POST", "/auth/logout?scope=global")).await.ok(204);
    is_out(&world, &phone).await;
}

/// S05, S07
#[tokio::test]
async fn no_old_token_outlives_a_password_change_or_a_reset() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let phone = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    is_out(&world, &phone).await;
    world.deliver().await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let body = json!({ "token": world.token_for(&ada.email).await, "new_password": PASSWORD });
    world.post("/auth/reset-password", body).await.ok(204);
    is_out(&world, &ada).await;
}

/// J04, S01
#[tokio::test]
async fn no_token_lives_for_ever() {
    let world = World::new().await;
    let mut ada = Person::user(&world, "ada@example.com").await;
    let payload = ada.access_token.split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 15 * 60);
    world.wait(SignedDuration::from_mins(15));
    ada.get(&world, "/users/me").await.refused(401, "invalid_access_token");
    for _ in 0..4 {
        world.wait(SignedDuration::from_hours(24 * 20));
        let tokens = ada.refresh(&world).await.ok(200).body;
        ada = Person::from_tokens(&tokens, PASSWORD);
    }
    world.wait(SignedDuration::from_hours(24 * 10));
    ada.refresh(&world).await.refused(401, "session_ended");
}

/// Z01: every change to an account needs a token that is good.
#[tokio::test]
async fn nothing_is_changed_without_a_good_token() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let before = world.items().await;
    let half = ada.access_token.rsplit_once('.').unwrap().0;
    let forged =
        [String::new(), format!("{half}."), format!("{half}.AAAA"), ada.refresh_token, ada.id.clone()];
    for (method, path, _) in tests::openapi::operations(&crate::document()) {
        if method == "GET" || !(path.starts_with("/users") || path.starts_with("/admin")) {
            continue;
        }
        let path = path.replace("{id}", &ada.id);
        let call = Call::new(&method, &path).json(&json!({ "name": "Eve", "role": "admin" }));
        world.call(call.clone()).await.refused(401, "unauthenticated");
        for token in &forged {
            assert_eq!(world.call(call.clone().token(token)).await.status, 401, "{method} {path}");
        }
    }
    assert_eq!(world.items().await, before);
}

/// A09
#[tokio::test]
async fn neither_password_nor_address_is_changed_without_the_current_password() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let before = world.items_but_counters().await;
    for (path, new) in [("change-password", "new_password"), ("change-email", "new_email")] {
        let value = if new == "new_email" { "new@example.com" } else { OTHER_PASSWORD };
        let path = format!("/users/me/{path}");
        for current in [json!(null), json!(""), json!(true), json!({ "$ne": "" })] {
            let body = json!({ new: value, "current_password": current });
            ada.post(&world, &path, body).await.refused(422, "invalid_body");
        }
        ada.post(&world, &path, json!({ new: value })).await.refused(422, "invalid_body");
        let body = json!({ new: value, "current_password": OTHER_PASSWORD });
        ada.post(&world, &path, body).await.refused(403, "wrong_password");
    }
    let profile = json!({ "password": OTHER_PASSWORD });
    ada.patch(&world, "/users/me", profile).await.refused(422, "invalid_body");
    assert_eq!(world.items_but_counters().await, before);
}

#[tokio::test]
async fn a_hash_is_in_no_answer() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let hash = world.stored(&eve.id).await.unwrap().password_hash.0;
    let salt = hash.split('$').nth(4).unwrap();
    for (method, path, id) in tests::openapi::operations(&crate::document()) {
        let path = path.replace("{id}", &eve.id);
        if method == "GET" {
            let reply = eve.get(&world, &path).await;
            let text = reply.body.to_string();
            assert!(
                !text.contains(&hash) && !text.contains(salt) && !text.contains("hash\""),
                "{id}: {text}"
            );
        }
    }
}
