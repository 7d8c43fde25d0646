//! What the mails say and where their links lead. security.md A20, A21, H11.

use jiff::SignedDuration;
use local::mailbox::Message;
use serde_json::json;
use tests::{Call, PASSWORD, Person, World};

use crate::{register, token};

/// Panics unless text and HTML hold this page's link, and the text no other.
#[track_caller]
fn leads_to(mail: &Message, page: &str) {
    let link = format!("https://app.example.com/{page}#token={}", token(&mail.text));
    assert!(mail.text.lines().any(|line| line == link), "{}", mail.text);
    assert!(mail.html.contains(&format!("<a href=\"{link}\">{link}</a>")), "{}", mail.html);
    assert_eq!(mail.text.matches("://").count(), 1, "{}", mail.text);
    assert_eq!((mail.from.as_str(), mail.to.len()), ("Usher <no-reply@example.com>", 1));
    assert!(!mail.subject.is_empty() && mail.html.starts_with("<!doctype html>"));
}

async fn last(world: &World, address: &str) -> Message {
    world.mails_to(address).await.pop().expect("a mail")
}

#[tokio::test]
async fn a_registration_links_to_confirm_registration() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    leads_to(&last(&world, "ada@example.com").await, "confirm-registration");
}

#[tokio::test]
async fn a_forgotten_password_links_to_reset_password() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    leads_to(&last(&world, &ada.email).await, "reset-password");
}

#[tokio::test]
async fn an_unverified_address_is_mailed_a_link_to_verify_email() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let _ = world.post("/auth/register", body).await.ok(201);
    leads_to(&last(&world, "ada@example.com").await, "verify-email");
}

#[tokio::test]
async fn a_new_address_is_mailed_a_link_to_confirm_email_and_the_old_one_is_told() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let body = json!({ "new_email": "new@example.com", "current_password": PASSWORD });
    let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
    leads_to(&last(&world, "new@example.com").await, "confirm-email");
    let told = last(&world, "ada@example.com").await;
    assert_eq!(told.subject, "A new e-mail address was asked for");
    assert!(!told.text.contains("token=") && !told.text.contains("new@example.com"), "{}", told.text);
}

/// A21: whatever the request says of itself, the links lead to `FRONTEND_URL`.
#[tokio::test]
async fn no_header_of_a_request_bends_a_link() {
    let world = World::with(&[("FRONTEND_URL", "https://front.example/app/")]).await;
    let call = Call::new("POST", "/auth/register")
        .json(&json!({ "email": "ada@example.com", "password": PASSWORD }));
    let call = call.header("host", "evil.example").header("x-forwarded-host", "evil.example");
    let call = call.header("origin", "https://evil.example").header("referer", "https://evil.example/");
    let _ = world.call(call).await.ok(202);
    let mail = last(&world, "ada@example.com").await;
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"), "{}", mail.text);
    assert!(mail.text.contains("\nhttps://front.example/app/confirm-registration#token="), "{}", mail.text);
}

/// H11: mail scanners follow links; only a POST takes a token, and no route of
/// the API takes one by GET.
#[tokio::test]
async fn no_get_consumes_a_token() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    let token = world.token_for("ada@example.com").await;
    for path in ["confirm-registration", "verify-email", "reset-password"] {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let call = Call::new(method, &format!("/auth/{path}?token={token}"));
            world.call(call).await.refused(405, "method_not_allowed");
        }
    }
    for path in ["/confirm-registration", "/confirm-email", "/auth/confirm-email"] {
        world.get(&format!("{path}?token={token}")).await.refused(404, "not_found");
    }
    let body = json!({ "token": token, "password": PASSWORD });
    let _ = world.post("/auth/confirm-registration", body).await.ok(200);
}

/// A20: whoever reads the table, even all of it, finds no token in it.
#[tokio::test]
async fn no_item_holds_a_mailed_token() {
    let world = World::new().await;
    register(&world, "ada@example.com").await;
    let token = world.token_for("ada@example.com").await;
    #[allow(clippy::disallowed_methods, reason = "to see the whole table")]
    let all = world.client.scan().table_name(&world.table).send().await.unwrap();
    let all = format!("{:?}", all.items());
    // The ticket's id, 128 bits, is there; the MAC over it, 256 bits, is not.
    let mac = token.get(22..).expect("an id and a MAC");
    assert!(!all.contains(&token) && !all.contains(mac), "{all}");
    assert!(token.len() >= 64 && all.contains("TICKET#"), "{token}");
}

/// To an address that has no account, or one that is verified, nothing is said
/// that it could be asked for.
#[tokio::test]
async fn who_has_nothing_to_reset_or_to_verify_gets_no_mail() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    world.wait(SignedDuration::from_mins(5));
    let before = world.mailbox.messages().len();
    for (path, address) in [
        ("forgot-password", "nobody@example.com"),
        ("resend-verification", "nobody@example.com"),
        ("resend-verification", ada.email.as_str()),
    ] {
        let _ = world.post(&format!("/auth/{path}"), json!({ "email": address })).await.ok(202);
    }
    world.deliver().await;
    assert_eq!(world.mailbox.messages().len(), before);
    assert!(world.store.waiting_mails().await.unwrap().is_empty());
}
