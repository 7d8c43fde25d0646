//! 1. A reset token in an HTTP answer, in a user document, reusable, or forgeable
//!    from a constant in the source.

use std::sync::Arc;

use serde_json::{Value, json};
use shared::model::{MailId, TicketId};
use shared::token::{AppSecret, TicketToken};
use tests::{APP_SECRET, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

async fn reset(world: &World, token: &str) -> Reply {
    world.post("/auth/reset-password", json!({ "token": token, "new_password": OTHER_PASSWORD })).await
}

/// Every string in a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| strings(value, found)),
        Value::Object(all) => all.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// A20
#[tokio::test]
async fn a_reset_token_is_in_no_answer_no_document_and_not_in_the_table() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let asked = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let early = world.items().await;
    let token = world.token_for(&ada.email).await;
    let mut seen = vec![asked.body, Value::Array(early), Value::Array(world.items().await)];
    for path in ["/users/me".to_owned(), format!("/admin/users/{}", ada.id), "/admin/users".to_owned()] {
        seen.push(eve.get(&world, &path).await.ok(200).body);
    }
    seen.push(ada.get(&world, "/users/me").await.ok(200).body);
    seen.push(reset(&world, &token).await.ok(204).body);
    for seen in seen {
        assert!(!seen.to_string().contains(&token), "{seen}");
    }
}

/// S16, A20
#[tokio::test]
async fn nothing_in_the_table_is_a_token_of_any_kind() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let token = world.token_for(&ada.email).await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let mut found = Vec::new();
    strings(&Value::Array(world.items().await), &mut found);
    assert!(found.len() > 30);
    for text in found {
        reset(&world, &text).await.refused(400, "invalid_token");
        world.post("/auth/verify-email", json!({ "token": text })).await.refused(400, "invalid_token");
        let refreshed = world.post("/auth/refresh", json!({ "refresh_token": text })).await;
        refreshed.refused(401, "invalid_refresh_token");
    }
    reset(&world, &token).await.ok(204);
}

/// A16, A20
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_token_is_never_used_twice_not_even_at_once() {
    let world = Arc::new(World::new().await);
    world.make_user("ada@example.com", |_| ()).await;
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let tasks = (0..8).map(|_| {
        let (world, token) = (world.clone(), token.clone());
        tokio::spawn(async move { reset(&world, &token).await })
    });
    let mut used = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            reply if reply.status == 204 => used += 1,
            reply => reply.refused(400, "invalid_token"),
        }
    }
    assert_eq!(used, 1);
    reset(&world, &token).await.refused(400, "invalid_token");
    let told = world.mails_to("ada@example.com").await;
    assert_eq!(told.iter().filter(|mail| mail.subject == "Your password was reset").count(), 1);
}

/// A20, C03
#[tokio::test]
async fn a_reset_token_is_not_forged_without_the_secret_of_the_installation() {
    let world = World::new().await;
    world.make_user("ada@example.com", |_| ()).await;
    world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let items = world.items().await;
    let ticket = items.iter().find(|item| item["SK"] == "TICKET").unwrap();
    let id: TicketId = ticket["id"].as_str().unwrap().parse().unwrap();
    let own = AppSecret::parse(APP_SECRET).unwrap();
    assert_eq!(TicketToken(id).encode(&own), token, "the id is all that is secret-free in it");
    for secret in ["change-me-change-me-change-me-change-me", &APP_SECRET.to_uppercase(), &"0".repeat(64)] {
        let secret = AppSecret::parse(secret).unwrap();
        reset(&world, &TicketToken(id).encode(&secret)).await.refused(400, "invalid_token");
    }
    let unknown = TicketId::from(MailId::new(world.now()));
    reset(&world, &TicketToken(unknown).encode(&own)).await.refused(400, "invalid_token");
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
}
