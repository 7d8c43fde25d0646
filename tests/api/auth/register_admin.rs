//! The admin key of `POST /auth/register`.

use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{confirm, raw, registration};

const KEY: &str = "an admin key that has more than 32 characters";

async fn world_with_key() -> World {
    World::with(&[("ADMIN_REGISTRATION_KEY", KEY)]).await
}

/// product.md, never 2: an unset key matches nothing.
#[tokio::test]
async fn an_admin_key_is_refused_where_none_is_set() {
    let world = World::new().await;
    for key in ["", " ", "null", "None", "undefined", KEY] {
        let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
        world.post("/auth/register", body).await.refused(403, "invalid_admin_key");
    }
    let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": null });
    let token = registration(&world, &body).await;
    let reply = confirm(&world, &token, PASSWORD).await.ok(200);
    assert_eq!(reply.body["user"]["role"], "user");
}

#[tokio::test]
async fn a_wrong_admin_key_is_refused() {
    let world = world_with_key().await;
    let longer = format!("{KEY}x");
    for key in ["", "wrong", &KEY[1..], &KEY[..KEY.len() - 1], &KEY.to_uppercase(), &longer] {
        let body = json!({ "email": "eve@example.com", "password": PASSWORD, "admin_key": key });
        world.post("/auth/register", body).await.refused(403, "invalid_admin_key");
    }
    assert!(world.mails_to("eve@example.com").await.is_empty());
}

#[tokio::test]
async fn the_right_admin_key_makes_an_admin_when_the_address_is_confirmed() {
    let world = world_with_key().await;
    let body = json!({ "email": "root@example.com", "password": PASSWORD, "admin_key": KEY });
    let token = registration(&world, &body).await;
    let reply = confirm(&world, &token, PASSWORD).await.ok(200);
    assert_eq!(reply.body["user"]["role"], "admin");
    let root = Person::from_tokens(&reply.body, PASSWORD);
    root.get(&world, "/admin/users").await.ok(200);
    root.put(&world, &format!("/admin/users/{}/role", root.id), Some(json!({ "role": "user" })))
        .await
        .refused(409, "last_admin");
}

#[tokio::test]
async fn without_the_admin_key_one_is_a_user_where_one_is_set() {
    let world = world_with_key().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["role"], "user");
    ada.get(&world, "/admin/users").await.refused(403, "forbidden");
}

#[tokio::test]
async fn the_admin_key_never_changes_an_existing_account() {
    let world = world_with_key().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let body = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD, "admin_key": KEY });
    world.post("/auth/register", body).await.ok(202);
    let mails = world.mails_to("ada@example.com").await;
    assert_eq!(mails.last().unwrap().subject, "You already have an account");
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["role"], "user");
}

#[tokio::test]
async fn the_admin_key_never_changes_an_existing_account_where_verification_is_optional() {
    let world = World::with(&[("ADMIN_REGISTRATION_KEY", KEY), ("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(world.post("/auth/register", body).await.ok(201).body["role"], "user");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "admin_key": KEY });
    world.post("/auth/register", body).await.refused(409, "email_taken");
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["role"], "user");
}

/// A12: the key is looked at before the address, the username and the password.
#[tokio::test]
async fn a_wrong_admin_key_tells_nothing_of_address_or_username() {
    let world = World::with(&[("ADMIN_REGISTRATION_KEY", KEY), ("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "username": "countess" });
    world.post("/auth/register", body).await.ok(201);
    let body = |email, username, password| json!({ "email": email, "username": username, "password": password, "admin_key": "wrong" });
    let taken = raw(&world, "/auth/register", body("ada@example.com", "countess", "short")).await;
    let free = raw(&world, "/auth/register", body("new@example.com", "newcomer", PASSWORD)).await;
    assert_eq!(taken["statusCode"], 403);
    assert_eq!(taken, free);
}

#[tokio::test]
async fn the_admin_key_is_an_approval_already() {
    let world = World::with(&[("ADMIN_REGISTRATION_KEY", KEY), ("REGISTRATION", "approval")]).await;
    let body = json!({ "email": "root@example.com", "password": PASSWORD, "admin_key": KEY });
    let token = registration(&world, &body).await;
    let reply = confirm(&world, &token, PASSWORD).await.ok(200);
    assert_eq!(reply.body["user"]["status"], "active");
}

#[tokio::test]
async fn the_admin_key_opens_no_closed_registration() {
    let world = World::with(&[("ADMIN_REGISTRATION_KEY", KEY), ("REGISTRATION", "closed")]).await;
    let body = json!({ "email": "root@example.com", "password": PASSWORD, "admin_key": KEY });
    world.post("/auth/register", body).await.refused(403, "registration_closed");
}
