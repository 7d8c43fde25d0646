//! `POST /admin/users`, `POST /admin/users/{id}/invitation` and `POST /auth/accept-invite`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::{eve_and_bob, nobodys_ids};

pub const GRACE: &str = "grace@example.com";

pub async fn create(world: &World, eve: &Person, body: &Value) -> Reply {
    eve.call(world, Call::new("POST", "/admin/users").json(body)).await
}

pub async fn invite_again(world: &World, eve: &Person, id: &str) -> Reply {
    eve.call(world, Call::new("POST", &format!("/admin/users/{id}/invitation"))).await
}

/// A world, its admin Eve, and the account that she made for Grace.
pub async fn grace_is_invited() -> (World, Person, Value) {
    let (world, eve, _) = eve_and_bob().await;
    let body = json!({ "email": "Grace@Example.com", "username": "grace", "first_name": "Grace" });
    let reply = create(&world, &eve, &body).await.ok(201);
    let location = format!("/admin/users/{}", reply.body["id"].as_str().unwrap());
    assert_eq!(reply.header("location"), location);
    (world, eve, reply.body)
}

pub fn accept(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password })
}

#[tokio::test]
async fn an_invited_user_sets_its_password_and_is_signed_in() {
    let (world, eve, user) = grace_is_invited().await;
    let facts = [&user["email"], &user["email_verified"], &user["status"], &user["role"]];
    assert_eq!(facts, [&json!(GRACE), &json!(false), &json!("active"), &json!("user")]);
    assert!(user["last_login_at"].is_null());
    let mails = world.mails_to(GRACE).await;
    assert_eq!(mails.last().unwrap().subject, "You are invited");
    assert!(mails.last().unwrap().text.contains("/accept-invite#token="));
    let token = world.token_for(GRACE).await;
    let answer = world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.ok(200).body;
    let grace = Person::from_tokens(&answer, PASSWORD);
    let me = grace.get(&world, "/users/me").await.ok(200).body;
    assert_eq!((&me["email_verified"], &me["id"]), (&json!(true), &user["id"]));
    assert_eq!(answer["user"], me);
    Person::sign_in(&world, GRACE, PASSWORD).await;
    let audit = eve.get(&world, &format!("/admin/users/{}/audit", grace.id)).await.ok(200).body;
    let by = |event: &&Value| event["details"] == json!({ "by": "invitation" });
    assert_eq!(audit["data"].as_array().unwrap().iter().filter(by).count(), 1);
}

#[tokio::test]
async fn nobody_signs_in_before_the_invitation_is_accepted() {
    let (world, ..) = grace_is_invited().await;
    for password in ["!", PASSWORD] {
        let login = json!({ "email": GRACE, "password": password });
        world.post("/auth/login", login).await.refused(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn an_invitation_is_good_once_and_for_72_hours() {
    let (world, eve, user) = grace_is_invited().await;
    let token = world.token_for(GRACE).await;
    world.wait(SignedDuration::from_hours(72) - SignedDuration::from_secs(1));
    world.post("/auth/accept-invite", accept(&token, "password1")).await.refused(422, "weak_password");
    world.wait(SignedDuration::from_secs(1));
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.refused(400, "invalid_token");
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    invite_again(&world, &eve, user["id"].as_str().unwrap()).await.ok(202);
    let token = world.token_for(GRACE).await;
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.ok(200);
    world.post("/auth/accept-invite", accept(&token, OTHER_PASSWORD)).await.refused(400, "invalid_token");
}

#[tokio::test]
async fn of_two_invitations_each_is_good_and_one_use_ends_both() {
    let (world, eve, user) = grace_is_invited().await;
    let first = world.token_for(GRACE).await;
    invite_again(&world, &eve, user["id"].as_str().unwrap()).await.ok(202);
    let second = world.token_for(GRACE).await;
    assert_ne!(first, second);
    world.post("/auth/accept-invite", accept(&first, PASSWORD)).await.ok(200);
    world.post("/auth/accept-invite", accept(&second, PASSWORD)).await.refused(400, "invalid_token");
    invite_again(&world, &eve, user["id"].as_str().unwrap()).await.refused(409, "password_already_set");
}

#[tokio::test]
async fn a_reset_before_it_is_accepted_ends_the_invitation() {
    let (world, ..) = grace_is_invited().await;
    let invitation = world.token_for(GRACE).await;
    world.wait(SignedDuration::from_mins(1));
    world.post("/auth/forgot-password", json!({ "email": GRACE })).await.ok(202);
    let token = world.token_for(GRACE).await;
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.refused(400, "invalid_token");
    let reset = json!({ "token": invitation, "new_password": PASSWORD });
    world.post("/auth/reset-password", reset).await.refused(400, "invalid_token");
    let reset = json!({ "token": token, "new_password": PASSWORD });
    world.post("/auth/reset-password", reset).await.ok(204);
    world
        .post("/auth/accept-invite", accept(&invitation, OTHER_PASSWORD))
        .await
        .refused(400, "invalid_token");
    Person::sign_in(&world, GRACE, PASSWORD).await;
}

#[tokio::test]
async fn who_was_deactivated_meanwhile_accepts_nothing() {
    let (world, eve, user) = grace_is_invited().await;
    let (token, id) = (world.token_for(GRACE).await, user["id"].as_str().unwrap());
    eve.put(&world, &format!("/admin/users/{id}/deactivate"), None).await.ok(200);
    world.post("/auth/accept-invite", accept(&token, PASSWORD)).await.refused(400, "invalid_token");
    invite_again(&world, &eve, id).await.refused(403, "account_deactivated");
}

#[tokio::test]
async fn taken_names_and_what_is_no_users_to_say_are_refused() {
    let (world, eve, _) = grace_is_invited().await;
    let taken = json!({ "email": "BOB@example.com" });
    create(&world, &eve, &taken).await.refused(409, "email_taken");
    let taken = json!({ "email": "other@example.com", "username": "GRACE" });
    create(&world, &eve, &taken).await.refused(409, "username_taken");
    for field in ["role", "status", "password", "email_verified", "id"] {
        let mut body = json!({ "email": "other@example.com" });
        body[field] = json!("admin");
        create(&world, &eve, &body).await.refused(422, "invalid_body");
    }
    assert!(world.mails_to("other@example.com").await.is_empty());
    for id in nobodys_ids(&world) {
        invite_again(&world, &eve, &id).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn an_invitation_is_in_the_language_that_the_admin_says() {
    let (world, eve, _) = eve_and_bob().await;
    create(&world, &eve, &json!({ "email": GRACE, "locale": "fr" })).await.ok(201);
    assert_eq!(world.mails_to(GRACE).await.last().unwrap().subject, "Vous êtes invité");
}

#[tokio::test]
async fn twenty_who_accept_at_once_set_one_password() {
    let (world, ..) = grace_is_invited().await;
    let token = world.token_for(GRACE).await;
    let tries = (0..20).map(|number| {
        let (world, token) = (&world, &token);
        async move {
            let password = format!("a long enough passphrase {number}");
            let reply = world.post("/auth/accept-invite", accept(token, &password)).await;
            (password, reply.status)
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    let winners: Vec<_> = answers.iter().filter(|(_, status)| *status == 200).collect();
    // One that waited too long for its hash was told so, and did nothing.
    assert!(answers.iter().all(|(_, status)| matches!(status, 200 | 400 | 503)), "{answers:?}");
    assert!(winners.len() <= 1, "{answers:?}");
    if let Some((password, _)) = winners.first() {
        Person::sign_in(&world, GRACE, password).await;
    }
}
