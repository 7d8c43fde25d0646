//! `DELETE /users/me` and what can be undone of it.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Factor, PASSWORD, Person, World};

use crate::ada;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn sign_in(world: &World, name: &str) -> tests::Reply {
    let field = if name.contains('@') { "email" } else { "username" };
    world.post("/auth/login", json!({ field: name, "password": PASSWORD })).await
}

/// Deletes Ada, who has a username.
async fn gone() -> (World, Person) {
    let (world, ada) = ada().await;
    ada.patch(&world, "/users/me", json!({ "username": "lovelace" })).await.ok(200);
    ada.delete(&world, "/users/me").await.ok(204);
    (world, ada)
}

#[tokio::test]
async fn who_deleted_itself_signs_in_as_little_as_somebody_unknown() {
    let (world, _) = gone().await;
    let unknown = sign_in(&world, "unknown@example.com").await;
    assert_eq!(unknown.status, 401);
    for name in ["ada@example.com", "lovelace"] {
        let mut reply = sign_in(&world, name).await;
        reply.body["request_id"] = unknown.body["request_id"].clone();
        assert_eq!(reply.body, unknown.body, "{name}");
    }
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let before = world.mails_to("ada@example.com").await.len();
    world.post("/auth/resend-verification", json!({ "email": "ada@example.com" })).await.ok(202);
    assert_eq!(world.mails_to("ada@example.com").await.len(), before, "there is no way back by mail");
}

#[tokio::test]
async fn a_link_that_was_mailed_before_is_void() {
    let (world, ada) = ada().await;
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    ada.delete(&world, "/users/me").await.ok(204);
    let reset = json!({ "token": token, "new_password": tests::OTHER_PASSWORD });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
}

#[tokio::test]
async fn the_person_is_told_until_when_and_by_whom_it_can_be_undone() {
    let (world, _) = gone().await;
    let mails = world.mails_to("ada@example.com").await;
    let text = &mails.last().unwrap().text;
    assert!(text.contains("2026-03-08 12:00 UTC") && text.contains("administrator"), "{text}");
    // So is whoever wants the account back by registering.
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.post("/auth/register", body).await.ok(202);
    let again = world.mails_to("ada@example.com").await;
    assert_eq!((again.len(), &again.last().unwrap().text), (mails.len() + 1, text));
}

#[tokio::test]
async fn nobody_takes_the_address_or_the_username_before_the_grace_is_over() {
    let (world, ada) = gone().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let name = json!({ "username": "LoveLace" });
    bob.patch(&world, "/users/me", name.clone()).await.refused(409, "username_taken");
    let at_once = World::join(&tests::endpoint().await, optional(&world), world.outside.clone()).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    at_once.post("/auth/register", body.clone()).await.refused(409, "email_taken");
    world.wait(DAY * 7 - SignedDuration::from_secs(1));
    let bob = Person::sign_in(&world, "bob@example.com", PASSWORD).await;
    bob.patch(&world, "/users/me", name.clone()).await.refused(409, "username_taken");
    at_once.post("/auth/register", body.clone()).await.refused(409, "email_taken");

    // DynamoDB has deleted nothing yet.
    world.wait(SignedDuration::from_secs(1));
    assert!(world.items().await.iter().any(|item| item["PK"] == format!("USER#{}", ada.id)));
    bob.patch(&world, "/users/me", name).await.ok(200);
    let again = at_once.post("/auth/register", body).await.ok(201).body;
    assert_ne!(again["id"], ada.id);
    assert_eq!(sign_in(&world, "ada@example.com").await.status, 200);
}

fn optional(world: &World) -> std::collections::HashMap<String, String> {
    let mut settings = world.settings.clone();
    settings.insert("EMAIL_VERIFICATION".to_owned(), "optional".to_owned());
    settings
}

#[tokio::test]
async fn what_is_past_its_grace_is_absent_though_it_is_still_in_the_table() {
    let (world, ada) = gone().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let shown = eve.get(&world, "/admin/users?status=deleted").await.ok(200).body;
    assert_eq!(shown["data"][0]["id"], ada.id);
    assert_eq!(shown["data"][0]["deleted_at"], "2026-03-01T12:00:00Z");
    assert_eq!(shown["data"][0]["purge_at"], "2026-03-08T12:00:00Z");
    world.wait(DAY * 7);
    let eve = Person::sign_in(&world, "eve@example.com", PASSWORD).await;
    let own = format!("/admin/users/{}", ada.id);
    for query in ["", "?status=deleted", "?email=ada", "?username=love", "?order=oldest"] {
        let shown = eve.get(&world, &format!("/admin/users{query}")).await.ok(200);
        assert!(!shown.text.contains(&ada.id), "{query}: {}", shown.text);
    }
    eve.get(&world, &own).await.refused(404, "not_found");
    eve.delete(&world, &own).await.refused(404, "not_found");
    eve.put(&world, &format!("{own}/restore"), None).await.refused(404, "not_found");
    world.post("/auth/register", json!({ "email": "ada@example.com", "password": PASSWORD })).await.ok(202);
    assert!(world.token_for("ada@example.com").await.len() > 20, "a link, as for anybody new");
}

#[tokio::test]
async fn without_a_grace_everything_is_free_at_once() {
    for off in ["off", "0", "0s"] {
        let world = World::with(&[("DELETION_GRACE", off)]).await;
        let ada = Person::user(&world, "ada@example.com").await;
        ada.patch(&world, "/users/me", json!({ "username": "lovelace" })).await.ok(200);
        ada.delete(&world, "/users/me").await.ok(204);
        let again = Person::registered(&world, "ada@example.com").await;
        assert_ne!(again.id, ada.id);
        again.patch(&world, "/users/me", json!({ "username": "Lovelace" })).await.ok(200);
        ada.get(&world, "/users/me").await.refused(401, "session_ended");
    }
}

/// The second factor waits with the rest, and comes back with it.
#[tokio::test]
async fn a_second_factor_goes_and_stays_with_its_user() {
    let (world, ada) = ada().await;
    let factor = Factor::enrolled(&world, &ada).await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    ada.delete(&world, "/users/me").await.ok(204);
    eve.put(&world, &format!("/admin/users/{}/restore", ada.id), None).await.ok(200);
    world.wait(SignedDuration::from_mins(1));
    Person::sign_in_with_code(&world, "ada@example.com", PASSWORD, &factor.code(&world)).await;
    world.wait(DAY * 30);
    Person::sign_in_with_code(&world, "ada@example.com", PASSWORD, &factor.code(&world)).await;
}
