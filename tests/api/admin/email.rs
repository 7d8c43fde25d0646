//! An admin gives a user another address.

use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person};

use crate::eve_and_bob;

const NEW: &str = "robert@example.com";

/// S06
#[tokio::test]
async fn an_address_set_by_an_admin_is_unverified_and_signs_the_user_out() {
    let (world, eve, bob) = eve_and_bob().await;
    let path = format!("/admin/users/{}", bob.id);
    let changed = eve.patch(&world, &path, json!({ "email": "Robert@example.com" })).await.ok(200).body;
    assert_eq!((&changed["email"], &changed["email_verified"]), (&json!(NEW), &json!(false)));
    bob.get(&world, "/users/me").await.refused(401, "session_ended");
    bob.refresh(&world).await.refused(401, "session_ended");
    let old = json!({ "email": bob.email, "password": PASSWORD });
    world.post("/auth/login", old).await.refused(401, "invalid_credentials");
    let again = Person::sign_in(&world, NEW, PASSWORD).await;
    assert_eq!(again.get(&world, "/users/me").await.ok(200).body["email_verified"], false);
}

/// A15
#[tokio::test]
async fn an_address_set_by_an_admin_is_told_to_the_old_one_and_verified_at_the_new_one() {
    let (world, eve, bob) = eve_and_bob().await;
    eve.patch(&world, &format!("/users/{}", bob.id), json!({ "email": NEW })).await.ok(200);
    let told = world.mails_to("bob@example.com").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].subject, "Your e-mail address was changed by an administrator");
    assert!(!told[0].text.contains("token=") && !told[0].text.contains(NEW));
    assert_eq!(world.mails_to(NEW).await.len(), 1);
    let token = world.token_for(NEW).await;
    world.post("/auth/verify-email", json!({ "token": token })).await.ok(204);
    let user = eve.get(&world, &format!("/users/{}", bob.id)).await.ok(200).body;
    assert_eq!((&user["email"], &user["email_verified"]), (&json!(NEW), &json!(true)));
}

#[tokio::test]
async fn an_address_that_somebody_has_is_refused_and_nothing_is_changed() {
    let (world, eve, bob) = eve_and_bob().await;
    let before = world.items().await;
    let change = json!({ "email": "EVE@example.com", "name": "Bob" });
    eve.patch(&world, &format!("/admin/users/{}", bob.id), change).await.refused(409, "email_taken");
    assert_eq!(world.items().await, before);
    bob.get(&world, "/users/me").await.ok(200);
}

#[tokio::test]
async fn the_address_that_a_user_has_already_signs_nobody_out() {
    let (world, eve, bob) = eve_and_bob().await;
    let change = json!({ "email": "BOB@example.com", "name": "Bob" });
    let user = eve.patch(&world, &format!("/admin/users/{}", bob.id), change).await.ok(200).body;
    assert_eq!((&user["email_verified"], &user["name"]), (&json!(true), &json!("Bob")));
    bob.get(&world, "/users/me").await.ok(200);
    world.deliver().await;
    assert!(world.mailbox.messages().is_empty());
}

#[tokio::test]
async fn links_mailed_to_the_old_address_are_void() {
    let (world, eve, bob) = eve_and_bob().await;
    world.post("/auth/forgot-password", json!({ "email": bob.email })).await.ok(202);
    let reset = world.token_for(&bob.email).await;
    let body = json!({ "new_email": "third@example.com", "current_password": PASSWORD });
    bob.post(&world, "/users/me/change-email", body).await.ok(202);
    let third = world.token_for("third@example.com").await;
    eve.patch(&world, &format!("/admin/users/{}", bob.id), json!({ "email": NEW })).await.ok(200);
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
    world.post("/auth/verify-email", json!({ "token": third })).await.refused(400, "invalid_token");
    world.deliver().await;
    Person::registered(&world, "bob@example.com").await;
}
