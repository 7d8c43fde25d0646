//! Many at once: one wins.

use std::sync::Arc;

use serde_json::{Value, json};
use tests::{OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::steps::{at_once, confirm, count, dump, login, optional_world, reset_token, users};

/// Makes every request at once.
async fn post_all(world: &Arc<World>, path: &'static str, bodies: Vec<Value>) -> Vec<Reply> {
    let requests = bodies.into_iter().map(|body| {
        let world = world.clone();
        move || {
            let (world, body) = (world.clone(), body.clone());
            async move { world.post(path, body).await }
        }
    });
    at_once(requests).await
}

/// The tokens of all mails to the addresses.
async fn tokens(world: &World, emails: &[String]) -> Vec<String> {
    world.deliver().await;
    let mails = world.mailbox.messages();
    let to_them = mails.iter().filter(|mail| mail.to.iter().any(|to| emails.contains(to)));
    let token = |text: &str| text.split("token=").nth(1)?.split_whitespace().next().map(str::to_owned);
    to_them.filter_map(|mail| token(&mail.text)).collect()
}

async fn claims(world: &World, kind: &str) -> usize {
    let items = dump(world).await;
    items.iter().filter(|item| item["PK"].as_str().unwrap().starts_with(kind)).count()
}

/// product.md, never 9.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_registrations_and_confirmations_of_one_address_make_one_user() {
    let world = Arc::new(World::new().await);
    let spellings = ["ada@example.com", "Ada@Example.com"];
    let bodies = (0..50).map(|n| json!({ "email": spellings[n % 2], "password": PASSWORD })).collect();
    let replies = post_all(&world, "/auth/register", bodies).await;
    assert_eq!(count(&replies, 202, ""), 50);
    let tokens = tokens(&world, &["ada@example.com".to_owned()]).await;
    assert!(tokens.len() >= 50);
    let bodies = tokens.iter().map(|token| json!({ "token": token, "password": PASSWORD })).collect();
    let replies = post_all(&world, "/auth/confirm-registration", bodies).await;
    assert!(count(&replies, 200, "") <= 1);
    assert!(count(&replies, 400, "invalid_token") >= tokens.len() - 1, "{replies:?}");
    assert_eq!((users(&world).await, claims(&world, "EMAIL#").await), (1, 1));
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_confirmations_with_one_username_make_one_user() {
    let world = Arc::new(World::new().await);
    let emails: Vec<String> = (0..50).map(|n| format!("p{n}@example.com")).collect();
    let body = |email| json!({ "email": email, "password": PASSWORD, "username": "countess" });
    let replies = post_all(&world, "/auth/register", emails.iter().map(body).collect()).await;
    assert_eq!(count(&replies, 202, ""), 50);
    let tokens = tokens(&world, &emails).await;
    let bodies = tokens.iter().map(|token| json!({ "token": token, "password": PASSWORD })).collect();
    let replies = post_all(&world, "/auth/confirm-registration", bodies).await;
    assert!(count(&replies, 200, "") <= 1);
    // On a busy machine some are told to try again, and each try with a token counts.
    let refused = count(&replies, 409, "username_taken") + count(&replies, 400, "invalid_token");
    assert!(refused >= 49, "{replies:?}");
    assert_eq!((users(&world).await, claims(&world, "USERNAME#").await), (1, 1));
    assert_eq!(claims(&world, "EMAIL#").await, 1, "the losers hold nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_registrations_of_one_address_make_one_user_where_verification_is_optional() {
    let world = Arc::new(optional_world().await);
    let body = |n| json!({ "email": "ada@example.com", "password": PASSWORD, "username": format!("ada{n}") });
    let replies = post_all(&world, "/auth/register", (0..50).map(body).collect()).await;
    assert!(count(&replies, 201, "") <= 1);
    assert!(count(&replies, 409, "email_taken") >= 49, "{replies:?}");
    assert_eq!(users(&world).await, 1);
    assert_eq!((claims(&world, "EMAIL#").await, claims(&world, "USERNAME#").await), (1, 1));
    assert_eq!(world.mails_to("ada@example.com").await.len(), 1);
}

/// A16.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_confirmed_ten_times_at_once_makes_one_user() {
    let world = Arc::new(World::new().await);
    world.post("/auth/register", json!({ "email": "ada@example.com", "password": PASSWORD })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let body = json!({ "token": token, "password": PASSWORD });
    let replies = post_all(&world, "/auth/confirm-registration", vec![body; 10]).await;
    assert!(count(&replies, 200, "") <= 1);
    assert!(count(&replies, 400, "invalid_token") >= 9, "{replies:?}");
    assert_eq!(users(&world).await, 1);
}

/// A25: guesses made at once do not slip through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_wrong_passwords_at_once_get_five_tries() {
    let world = Arc::new(World::new().await);
    world.post("/auth/register", json!({ "email": "ada@example.com", "password": PASSWORD })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let body = json!({ "token": token, "password": OTHER_PASSWORD });
    let replies = post_all(&world, "/auth/confirm-registration", vec![body; 20]).await;
    assert!(count(&replies, 403, "wrong_password") <= 5, "{replies:?}");
    assert!(count(&replies, 400, "invalid_token") >= 15);
    confirm(&world, &token, PASSWORD).await.refused(400, "invalid_token");
}

/// A20.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_reset_token_used_ten_times_at_once_resets_once() {
    let world = Arc::new(World::new().await);
    let ada = Person::registered(&world, "ada@example.com").await;
    let token = reset_token(&world, &ada.email).await;
    let body = |n| json!({ "token": token, "new_password": format!("another password {n}") });
    let replies = post_all(&world, "/auth/reset-password", (0..10).map(body).collect()).await;
    assert!(count(&replies, 204, "") <= 1);
    assert!(count(&replies, 400, "invalid_token") >= 9, "{replies:?}");
    let notices = world.mails_to(&ada.email).await;
    assert_eq!(notices.iter().filter(|mail| mail.subject == "Your password was reset").count(), 1);
}
