//! `POST /users/me/change-email`.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::ada;

const OLD: &str = "ada@example.com";
const NEW: &str = "lovelace@example.com";

async fn ask(world: &World, person: &Person, email: &str) -> Reply {
    let body = json!({ "new_email": email, "current_password": person.password });
    person.post(world, "/users/me/change-email", body).await
}

async fn verify(world: &World, token: &str) -> Reply {
    world.post("/auth/verify-email", json!({ "token": token })).await
}

#[tokio::test]
async fn a_new_address_takes_effect_when_its_link_is_used() {
    let (world, ada) = ada().await;
    ask(&world, &ada, "Lovelace@Example.com").await.ok(202);
    let token = world.token_for(NEW).await;
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["email"], OLD);
    let early = json!({ "email": NEW, "password": PASSWORD });
    world.post("/auth/login", early).await.refused(401, "invalid_credentials");
    verify(&world, &token).await.ok(204);
    let me = ada.get(&world, "/users/me").await.ok(200).body;
    assert_eq!((&me["email"], &me["email_verified"]), (&json!(NEW), &json!(true)));
    Person::sign_in(&world, NEW, PASSWORD).await;
    let old = json!({ "email": OLD, "password": PASSWORD });
    world.post("/auth/login", old).await.refused(401, "invalid_credentials");
    world.deliver().await;
    Person::registered(&world, OLD).await;
}

/// A16
#[tokio::test]
async fn the_link_to_a_new_address_works_once() {
    let (world, ada) = ada().await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    verify(&world, &token).await.ok(204);
    verify(&world, &token).await.refused(400, "invalid_token");
}

/// S09
#[tokio::test]
async fn an_address_is_not_changed_without_the_password() {
    let (world, mut ada) = ada().await;
    OTHER_PASSWORD.clone_into(&mut ada.password);
    ask(&world, &ada, NEW).await.refused(403, "wrong_password");
    let body = json!({ "new_email": NEW });
    ada.post(&world, "/users/me/change-email", body).await.refused(422, "invalid_body");
    world.deliver().await;
    assert_eq!(world.mailbox.messages().len(), 0);
}

/// A12
#[tokio::test]
async fn the_answer_is_the_same_for_a_free_a_taken_and_ones_own_address() {
    let (world, ada) = ada().await;
    world.make_user("bob@example.com", |_| ()).await;
    let free = ask(&world, &ada, NEW).await.ok(202);
    for address in ["bob@example.com", "BOB@example.com", OLD] {
        let other = ask(&world, &ada, address).await.ok(202);
        assert_eq!((other.body, other.headers), (free.body.clone(), free.headers.clone()));
    }
}

#[tokio::test]
async fn who_has_the_address_already_is_told_and_nothing_changes() {
    let (world, ada) = ada().await;
    world.make_user("bob@example.com", |_| ()).await;
    let items = |items: Vec<serde_json::Value>| {
        items.into_iter().filter(|item| item["SK"] == "PROFILE" || item["SK"] == "CLAIM").collect::<Vec<_>>()
    };
    let before = items(world.items().await);
    ask(&world, &ada, "bob@example.com").await.ok(202);
    let mails = world.mails_to("bob@example.com").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Your address was asked for");
    assert!(!mails[0].text.contains("token=") && !mails[0].text.contains("ada"));
    assert_eq!(items(world.items().await), before);
}

/// A15
#[tokio::test]
async fn the_old_address_is_told_when_asked_and_when_done() {
    let (world, ada) = ada().await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    let subjects =
        |mails: Vec<local::mailbox::Message>| mails.into_iter().map(|mail| mail.subject).collect::<Vec<_>>();
    assert_eq!(subjects(world.mails_to(OLD).await), ["A new e-mail address was asked for"]);
    verify(&world, &token).await.ok(204);
    let told = subjects(world.mails_to(OLD).await);
    assert_eq!(told, ["A new e-mail address was asked for", "Your e-mail address was changed"]);
    assert_eq!(world.mails_to(NEW).await.len(), 1);
}

/// A16
#[tokio::test]
async fn the_link_to_a_new_address_is_dead_after_24_hours() {
    let (world, ada) = ada().await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    world.wait(SignedDuration::from_hours(24));
    verify(&world, &token).await.refused(400, "invalid_token");
    let ada = Person::sign_in(&world, OLD, PASSWORD).await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    world.wait(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    verify(&world, &token).await.ok(204);
}

#[tokio::test]
async fn a_password_change_voids_the_link_to_a_new_address() {
    let (world, ada) = ada().await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    ask(&world, &ada, "third@example.com").await.ok(202);
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    verify(&world, &token).await.refused(400, "invalid_token");
    assert_eq!(world.mails_to("third@example.com").await.len(), 0, "a link that was not yet mailed, too");
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_stays_with_who_took_it() {
    let (world, ada) = ada().await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    Person::user(&world, NEW).await;
    verify(&world, &token).await.refused(400, "invalid_token");
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["email"], OLD);
    Person::sign_in(&world, NEW, PASSWORD).await;
}

#[tokio::test]
async fn a_change_of_address_voids_the_other_links_that_are_out() {
    let (world, ada) = ada().await;
    world.post("/auth/forgot-password", json!({ "email": OLD })).await.ok(202);
    let reset = world.token_for(OLD).await;
    ask(&world, &ada, NEW).await.ok(202);
    let token = world.token_for(NEW).await;
    verify(&world, &token).await.ok(204);
    let body = json!({ "token": reset, "new_password": OTHER_PASSWORD });
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let (world, ada) = ada().await;
    for address in ["", "bob", "bob@", "bob@x", "a b@example.com", "a@example.com\nbcc: b@example.com"] {
        let refused = ask(&world, &ada, address).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], "/new_email");
    }
}

/// A22: each request mails to whatever address one likes.
#[tokio::test]
async fn nobody_asks_for_new_addresses_without_end() {
    let world = World::with(&[("SOURCE_LIMIT", "")]).await;
    let ada = Person::user(&world, OLD).await;
    for n in 0..30 {
        ask(&world, &ada, &format!("p{n}@example.com")).await.ok(202);
    }
    let refused = ask(&world, &ada, NEW).await;
    refused.refused(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "300");
    assert!(world.mails_to(NEW).await.is_empty());
    world.wait(SignedDuration::from_mins(5));
    ask(&world, &ada, NEW).await.ok(202);
}
