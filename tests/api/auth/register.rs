//! `POST /auth/register`. Its admin key is in `register_admin.rs`, its passwords
//! in `passwords.rs`, and where verification is optional in `verify_email.rs`.

use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{confirm, login, raw, registration, users};

/// A12.
#[tokio::test]
async fn a_stranger_cannot_tell_a_known_address_from_a_new_one() {
    let world = World::new().await;
    Person::registered(&world, "ada@example.com").await;
    let body = |email| json!({ "email": email, "password": PASSWORD, "username": "somebody" });
    let known = raw(&world, "/auth/register", body("ada@example.com")).await;
    let new = raw(&world, "/auth/register", body("new@example.com")).await;
    assert_eq!(known["statusCode"], 202);
    assert_eq!(known, new, "status, headers and body");
}

/// A12, A15.
#[tokio::test]
async fn who_has_an_account_is_told_so_in_a_mail_without_a_token() {
    let world = World::new().await;
    Person::registered(&world, "ada@example.com").await;
    let body = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD });
    world.post("/auth/register", body).await.ok(202);
    let mails = world.mails_to("ada@example.com").await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].subject, "You already have an account");
    assert!(!mails[1].text.contains("token=") && !mails[1].html.contains("token="));
    login(&world, "ada@example.com", OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
}

#[tokio::test]
async fn a_newcomer_is_mailed_a_link_and_is_no_user_before_using_it() {
    let world = World::new().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let token = registration(&world, &body).await;
    let mails = world.mails_to("ada@example.com").await;
    let link = format!("https://app.example.com/confirm-registration#token={token}");
    assert!(mails[0].text.contains(&link) && mails[0].html.contains(&link));
    assert_eq!(users(&world).await, 0);
    login(&world, "ada@example.com", PASSWORD).await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn an_unconfirmed_registration_can_simply_be_sent_again() {
    let world = World::new().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let lost = registration(&world, &body).await;
    world.wait(jiff::SignedDuration::from_secs(1));
    let token = registration(&world, &body).await;
    assert_ne!(lost, token);
    confirm(&world, &token, PASSWORD).await.ok(200);
}

#[tokio::test]
async fn everything_that_was_told_about_oneself_is_in_the_account() {
    let world = World::new().await;
    let body = json!({
        "email": "ada@example.com", "password": PASSWORD, "username": "Countess",
        "first_name": "Ada", "last_name": "Lovelace",
    });
    let token = registration(&world, &body).await;
    let user = confirm(&world, &token, PASSWORD).await.ok(200).body["user"].clone();
    for (field, value) in [("username", "Countess"), ("name", "Ada Lovelace"), ("first_name", "Ada")] {
        assert_eq!(user[field], value);
    }
    assert_eq!((&user["role"], &user["status"]), (&json!("user"), &json!("active")));
    assert_eq!(user["email_verified"], true);
}

#[tokio::test]
async fn a_taken_username_is_refused_in_any_case() {
    let world = World::new().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "username": "Countess" });
    let token = registration(&world, &body).await;
    confirm(&world, &token, PASSWORD).await.ok(200);
    for (email, username) in [("bob@example.com", "countess"), ("ada@example.com", "COUNTESS")] {
        let body = json!({ "email": email, "password": PASSWORD, "username": username });
        world.post("/auth/register", body).await.refused(409, "username_taken");
    }
}

#[tokio::test]
async fn registering_reserves_neither_address_nor_username() {
    let world = World::new().await;
    let body = |email| json!({ "email": email, "password": PASSWORD, "username": "countess" });
    let squatter = registration(&world, &body("squatter@example.com")).await;
    registration(&world, &body("ada@example.com")).await;
    let token = registration(&world, &body("ada@example.com")).await;
    confirm(&world, &token, PASSWORD).await.ok(200);
    confirm(&world, &squatter, PASSWORD).await.refused(409, "username_taken");
}

#[tokio::test]
async fn nobody_registers_where_registration_is_closed() {
    let world = World::with(&[("REGISTRATION", "closed")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.post("/auth/register", body).await.refused(403, "registration_closed");
    assert!(world.mails_to("ada@example.com").await.is_empty());
}

/// Z03: nobody makes itself an admin, or active.
#[tokio::test]
async fn a_stranger_cannot_choose_role_or_status() {
    let world = World::new().await;
    for field in ["role", "status", "id", "email_verified", "is_admin", "created_at"] {
        let mut body = json!({ "email": "eve@example.com", "password": PASSWORD });
        body[field] = json!("admin");
        let reply = world.post("/auth/register", body).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], format!("/{field}"));
        assert_eq!(reply.body["errors"][0]["code"], "unknown_field");
    }
    assert!(world.mails_to("eve@example.com").await.is_empty());
}

#[tokio::test]
async fn spellings_that_differ_in_case_are_one_address() {
    let world = World::new().await;
    let token = registration(&world, &json!({ "email": "bob@x.io", "password": PASSWORD })).await;
    confirm(&world, &token, PASSWORD).await.ok(200);
    let again = json!({ "email": "Bob@X.IO", "password": PASSWORD });
    world.post("/auth/register", again).await.ok(202);
    assert_eq!(world.mails_to("bob@x.io").await[1].subject, "You already have an account");
    assert_eq!(login(&world, " BOB@x.io", PASSWORD).await.ok(200).body["user"]["email"], "bob@x.io");
}

/// H07.
#[tokio::test]
async fn what_is_no_address_is_refused() {
    let world = World::new().await;
    let long = format!("{}@example.com", "a".repeat(300));
    let texts =
        ["", "bob", "bob@", "@x.io", "bob@x", "a b@x.io", "b@x.io\n", "b@x.io,c@x.io", "Bob <b@x.io>"];
    let mut all: Vec<_> = texts.iter().map(|text| json!(text)).collect();
    all.extend([json!(long), json!(7), json!(null), json!(["a@x.io"]), json!({ "$ne": "" })]);
    for email in all {
        let reply = world.post("/auth/register", json!({ "email": email, "password": PASSWORD })).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], "/email", "{email}");
    }
}

#[tokio::test]
async fn what_is_no_username_or_name_is_refused() {
    let world = World::new().await;
    let (long, longer) = ("a".repeat(31), "a".repeat(101));
    let bad = [("username", "ab"), ("username", &*long), ("username", "a@b.io"), ("username", "a b c")];
    for (field, value) in bad.into_iter().chain([("name", ""), ("name", &*longer), ("name", "A\nB")]) {
        let mut body = json!({ "email": "ada@example.com", "password": PASSWORD });
        body[field] = json!(value);
        let reply = world.post("/auth/register", body).await;
        reply.refused(422, "invalid_body");
        assert_eq!(reply.body["errors"][0]["pointer"], format!("/{field}"), "{value:?}");
    }
}
