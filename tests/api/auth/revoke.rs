//! `POST /auth/revoke`: "this was not me", by the link in a notice.

use std::sync::Arc;

use jiff::SignedDuration;
use local::mailbox::Message;
use serde_json::{Value, json};
use shared::model::Locale;
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::steps::{at_once, login, reset, verify};

pub const OLD: &str = "ada@example.com";
pub const NEW: &str = "eve@example.com";

pub async fn ada() -> (World, Person) {
    let world = World::new().await;
    let ada = Person::registered(&world, OLD).await;
    (world, ada)
}

pub async fn revoke(world: &World, token: &str) -> Reply {
    world.post("/auth/revoke", json!({ "token": token })).await
}

/// Somebody who knows the password gives the account another address.
pub async fn move_to(world: &World, email: &str, password: &str, to: &str) {
    let thief = Person::sign_in(world, email, password).await;
    let body = json!({ "new_email": to, "current_password": password });
    let _ = thief.post(world, "/users/me/change-email", body).await.ok(202);
    let token = world.token_for(to).await;
    verify(world, &token).await.ok(204);
}

/// Posts each token to its path, all at once.
pub async fn all_at_once(
    world: &Arc<World>,
    posts: impl IntoIterator<Item = (&'static str, String)>,
) -> Vec<Reply> {
    let requests = posts.into_iter().map(|(path, token)| {
        let world = world.clone();
        move || {
            let (world, body) = (world.clone(), json!({ "token": token }));
            async move { world.post(path, body).await }
        }
    });
    at_once(requests).await
}

pub async fn change_password(world: &World, person: &Person, new: &str) {
    let body = json!({ "current_password": person.password, "new_password": new });
    let _ = person.post(world, "/users/me/change-password", body).await.ok(204);
}

/// The account is its owner's again: by mail to `email` alone one gets in.
pub async fn only_a_reset_lets_in(world: &World, email: &str, old: &str) {
    login(world, email, old).await.refused(403, "password_change_required");
    let token = world.token_for(email).await;
    reset(world, &token, "a password nobody else knows").await.ok(204);
    login(world, email, "a password nobody else knows").await.ok(200);
}

async fn last(world: &World, address: &str) -> Message {
    world.mails_to(address).await.pop().expect("a mail")
}

#[tokio::test]
async fn a_changed_password_is_locked_and_everybody_is_out() {
    let (world, ada) = ada().await;
    let thief = Person::sign_in(&world, OLD, PASSWORD).await;
    change_password(&world, &thief, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    for person in [&ada, &thief] {
        person.get(&world, "/users/me").await.refused(401, "session_ended");
        person.refresh(&world).await.refused(401, "session_ended");
    }
    login(&world, OLD, PASSWORD).await.refused(401, "invalid_credentials");
    only_a_reset_lets_in(&world, OLD, OTHER_PASSWORD).await;
}

#[tokio::test]
async fn a_changed_address_goes_back() {
    let (world, ada) = ada().await;
    move_to(&world, OLD, PASSWORD, NEW).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    let user = world.stored(&ada.id).await.unwrap();
    assert_eq!((user.email.as_str(), user.email_verified), (OLD, true));
    login(&world, NEW, PASSWORD).await.refused(401, "invalid_credentials");
    // Who had it is told, without a link to undo the undoing; and the address is free.
    let told = last(&world, NEW).await;
    assert_eq!(told.subject, "Your e-mail address was changed");
    assert!(!told.text.contains("revoke=") && !told.text.contains("token="), "{}", told.text);
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
    Person::registered(&world, NEW).await;
}

#[tokio::test]
async fn a_change_that_was_only_asked_for_is_stopped() {
    let (world, ada) = ada().await;
    let body = json!({ "new_email": NEW, "current_password": PASSWORD });
    let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
    let pending = world.token_for(NEW).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    verify(&world, &pending).await.refused(400, "invalid_token");
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
}

#[tokio::test]
async fn a_factor_that_was_added_goes() {
    let (world, ada) = ada().await;
    Factor::enrolled(&world, &ada).await;
    assert_eq!(login(&world, OLD, PASSWORD).await.ok(200).body["mfa_required"], true);
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    assert_eq!(world.stored(&ada.id).await.unwrap().mfa_since, None);
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
    let again = Person::sign_in(&world, OLD, "a password nobody else knows").await;
    Factor::enrolled(&world, &again).await;
}

#[tokio::test]
async fn a_factor_that_was_there_before_stays() {
    let (world, ada) = ada().await;
    let factor = Factor::enrolled(&world, &ada).await;
    world.deliver().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    let reset_token = world.token_for(OLD).await;
    reset(&world, &reset_token, "a password nobody else knows").await.ok(204);
    let step = login(&world, OLD, "a password nobody else knows").await.ok(200).body;
    assert_eq!(step["mfa_required"], true);
    world.wait(SignedDuration::from_mins(1));
    Person::sign_in_with_code(&world, OLD, "a password nobody else knows", &factor.code(&world)).await;
}

#[tokio::test]
async fn a_removed_factor_locks_the_password() {
    let (world, ada) = ada().await;
    let mut factor = Factor::enrolled(&world, &ada).await;
    let body = json!({ "password": PASSWORD, "code": factor.recovery.remove(0) });
    let _ = ada.post(&world, "/auth/mfa/totp/disable", body).await.ok(204);
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    ada.get(&world, "/users/me").await.refused(401, "session_ended");
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
}

#[tokio::test]
async fn a_refresh_token_used_twice_can_be_answered_so_too() {
    let (world, ada) = ada().await;
    ada.refresh(&world).await.ok(200);
    world.wait(SignedDuration::from_secs(31));
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    only_a_reset_lets_in(&world, OLD, PASSWORD).await;
}

#[tokio::test]
async fn a_link_is_good_once_and_for_seven_days() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    world.wait(SignedDuration::from_hours(24 * 7) - SignedDuration::from_secs(1));
    revoke(&world, &token).await.ok(204);
    revoke(&world, &token).await.refused(400, "invalid_token");
    only_a_reset_lets_in(&world, OLD, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    world.wait(SignedDuration::from_hours(24 * 7));
    revoke(&world, &token).await.refused(400, "invalid_token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_secures_the_account() {
    let (world, ada) = ada().await;
    let world = Arc::new(world);
    move_to(&world, OLD, PASSWORD, NEW).await;
    let token = world.undo_for(OLD).await;
    let replies = all_at_once(&world, (0..8).map(|_| ("/auth/revoke", token.clone()))).await;
    let done = replies.iter().filter(|reply| reply.status == 204).count();
    assert_eq!(done, 1, "{replies:?}");
    for reply in replies.into_iter().filter(|reply| reply.status != 204) {
        reply.refused(400, "invalid_token");
    }
    let user = world.stored(&ada.id).await.unwrap();
    assert_eq!((user.email.as_str(), user.password_change_required), (OLD, true));
    let mails = world.mails_to(OLD).await.into_iter();
    assert_eq!(mails.filter(|mail| mail.subject == "Set a new password").count(), 1);
}

/// J05: a link does what it was mailed for, and nothing else.
#[tokio::test]
async fn a_token_of_another_kind_secures_nothing_and_this_one_does_nothing_else() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let undo = world.undo_for(OLD).await;
    let _ = world.post("/auth/forgot-password", json!({ "email": OLD })).await.ok(202);
    let reset_token = world.token_for(OLD).await;
    for token in [&*reset_token, &ada.access_token, &ada.refresh_token, "", "garbage", &"x".repeat(9999)] {
        revoke(&world, token).await.refused(400, "invalid_token");
    }
    reset(&world, &undo, "a password nobody else knows").await.refused(400, "invalid_token");
    verify(&world, &undo).await.refused(400, "invalid_token");
    let body = json!({ "token": undo, "password": OTHER_PASSWORD });
    world.post("/auth/confirm-registration", body).await.refused(400, "invalid_token");
    ada.get(&world, "/users/me").await.ok(200);
    revoke(&world, &undo).await.ok(204);
}

#[tokio::test]
async fn one_source_tries_as_often_as_with_other_links() {
    let world = World::with(&[("SOURCE_LIMIT", "3/5m")]).await;
    let ada = Person::registered(&world, OLD).await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    for _ in 0..2 {
        revoke(&world, &token).await.refused(400, "invalid_token");
    }
    revoke(&world, &token).await.refused(429, "too_many_requests");
}

#[tokio::test]
async fn it_is_written_down() {
    let (world, ada) = ada().await;
    let root = Person::admin(&world, "root@example.com").await;
    Factor::enrolled(&world, &ada).await;
    let token = world.undo_for(OLD).await;
    revoke(&world, &token).await.ok(204);
    let page = root.get(&world, &format!("/admin/audit?subject={}", ada.id)).await.ok(200).body;
    let found: Vec<&Value> = page["data"].as_array().unwrap().iter().collect();
    let event = found.iter().find(|event| event["action"] == "account_secured").expect("an event");
    assert_eq!(event["details"], json!({ "fields": "factor password" }));
    assert_eq!((&event["actor"], &event["network"]), (&json!(ada.id), &json!("203.0.113.0/24")));
}

/// It signs nobody in: the answer has no body.
#[tokio::test]
async fn the_answer_says_nothing() {
    let (world, ada) = ada().await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    let token = world.undo_for(OLD).await;
    let reply = revoke(&world, &token).await.ok(204);
    assert_eq!((reply.text.as_str(), reply.header("set-cookie")), ("", ""));
}

#[tokio::test]
async fn the_link_is_in_the_mail_in_its_language_and_is_no_main_link() {
    for locale in Locale::ALL {
        let world = World::new().await;
        let ada = Person::registered(&world, OLD).await;
        ada.patch(&world, "/users/me", json!({ "locale": locale.tag() })).await.ok(200);
        change_password(&world, &ada, OTHER_PASSWORD).await;
        let mail = last(&world, OLD).await;
        let link = "https://app.example.com/not-me#revoke=";
        assert_eq!(mail.text.lines().filter(|line| line.starts_with(link)).count(), 1, "{}", mail.text);
        assert!(!mail.text.contains("token=") && mail.html.contains(&format!("href=\"{link}")));
    }
}
