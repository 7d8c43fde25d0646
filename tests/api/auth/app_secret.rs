//! A change of `APP_SECRET`: first `new,old`, then `new`.

use serde_json::json;
use shared::http::Function;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::forge::{part, present};
use crate::steps::{auth_under, post_to, reset_token};

const OLD: &str = "an old secret of more than 32 characters";
const NEW: &str = "a new secret of more than 32 characters!";

async fn under_old() -> (World, Person) {
    let world = World::with(&[("APP_SECRET", OLD)]).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    (world, ada)
}

fn under(world: &World, secret: &str) -> Function {
    auth_under(world, &[("APP_SECRET", secret)])
}

/// J12.
#[tokio::test]
async fn what_was_made_under_the_old_secret_works_under_both() {
    let (world, ada) = under_old().await;
    let reset = reset_token(&world, &ada.email).await;
    let both = under(&world, &format!("{NEW},{OLD}"));
    let body = json!({ "refresh_token": ada.refresh_token });
    let reply = post_to(&both, "/auth/refresh", body).await.ok(200);
    let token = reply.body["access_token"].as_str().unwrap();
    assert_eq!(part(token, 0)["kid"], part(&ada.access_token, 0)["kid"], "the same signing key");
    present(&world, token).await.ok(200);
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    post_to(&both, "/auth/reset-password", body).await.ok(204);
}

#[tokio::test]
async fn what_is_made_under_both_works_under_the_new_one_alone() {
    let (world, ada) = under_old().await;
    let both = under(&world, &format!("{NEW},{OLD}"));
    let body = json!({ "refresh_token": ada.refresh_token });
    let reply = post_to(&both, "/auth/refresh", body).await.ok(200);
    let new = under(&world, NEW);
    let body = json!({ "refresh_token": reply.body["refresh_token"] });
    let reply = post_to(&new, "/auth/refresh", body).await.ok(200);
    present(&world, reply.body["access_token"].as_str().unwrap()).await.ok(200);
}

#[tokio::test]
async fn what_was_made_under_the_old_secret_is_nothing_under_the_new_one_alone() {
    let (world, ada) = under_old().await;
    let reset = reset_token(&world, &ada.email).await;
    let new = under(&world, NEW);
    let body = json!({ "refresh_token": ada.refresh_token });
    post_to(&new, "/auth/refresh", body).await.refused(401, "invalid_refresh_token");
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    post_to(&new, "/auth/reset-password", body).await.refused(400, "invalid_token");
}

/// J12: a private key that does not open is skipped and a new one made; tokens
/// signed with the old one are good until they expire.
#[tokio::test]
async fn a_signing_key_that_does_not_open_is_replaced() {
    let (world, ada) = under_old().await;
    let new = under(&world, NEW);
    let body = json!({ "email": ada.email, "password": PASSWORD });
    let reply = post_to(&new, "/auth/login", body.clone()).await.ok(200);
    let token = reply.body["access_token"].as_str().unwrap();
    assert_ne!(part(token, 0)["kid"], part(&ada.access_token, 0)["kid"]);
    present(&world, token).await.ok(200);
    present(&world, &ada.access_token).await.ok(200);
    let again = post_to(&under(&world, NEW), "/auth/login", body).await.ok(200);
    let again = again.body["access_token"].as_str().unwrap();
    assert_eq!(part(again, 0)["kid"], part(token, 0)["kid"], "and only one");
}
