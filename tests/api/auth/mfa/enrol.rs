//! `POST /auth/mfa/totp`.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Call, Factor, PASSWORD, Person, World};

use super::status;
use crate::steps::login;

fn enrol() -> Call {
    Call::new("POST", "/auth/mfa/totp")
}

#[tokio::test]
async fn the_secret_comes_as_text_link_and_picture() {
    let world = World::new().await;
    let ada = world.make_user("ada+x@example.com", |_| ()).await;
    let ada = Person::sign_in(&world, ada.email.as_str(), PASSWORD).await;
    let body = ada.call(&world, enrol()).await.ok(200).body;
    let secret = body["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bits");
    let link = format!(
        "otpauth://totp/api.example.com:ada%2Bx%40example.com?secret={secret}&issuer=api.example.com\
         &algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(body["otpauth_uri"], link);
    let svg = body["qr_svg"].as_str().unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && !svg.contains(secret), "{svg}");
}

#[tokio::test]
async fn nothing_changes_before_the_confirmation() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    Factor::begun(&world, &ada).await;
    assert_eq!(status(&world, &ada).await, json!({ "totp": null, "recovery_codes_left": 0 }));
    let again = Person::sign_in(&world, &ada.email, PASSWORD).await;
    again.get(&world, "/users/me").await.ok(200);
    ada.get(&world, "/users/me").await.ok(200);
    assert_eq!(world.mails_to(&ada.email).await.len(), 0);
}

/// S09
#[tokio::test]
async fn one_has_to_have_signed_in_within_five_minutes() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    world.wait(SignedDuration::from_mins(5));
    ada.call(&world, enrol()).await.ok(200);
    world.wait(SignedDuration::from_millis(1));
    ada.call(&world, enrol()).await.refused(403, "reauthentication_required");
    let ada = Person::sign_in(&world, &ada.email, PASSWORD).await;
    ada.call(&world, enrol()).await.ok(200);
}

#[tokio::test]
async fn asking_again_makes_a_new_secret_and_voids_the_first() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let first = Factor::begun(&world, &ada).await;
    let second = Factor::begun(&world, &ada).await;
    let confirm = |factor: &Factor| json!({ "code": factor.code(&world) });
    let path = "/auth/mfa/totp/confirm";
    ada.post(&world, path, confirm(&first)).await.refused(403, "wrong_mfa_code");
    ada.post(&world, path, confirm(&second)).await.ok(200);
}

#[tokio::test]
async fn who_has_an_app_adds_no_other() {
    let world = World::new().await;
    let (ada, factor) = super::ada(&world).await;
    ada.call(&world, enrol()).await.refused(409, "mfa_already_enrolled");
    let token = Person::password_step(&world, &ada.email, PASSWORD).await;
    Person::code_step(&world, &token, &factor.code(&world)).await.ok(200);
}

#[tokio::test]
async fn nobody_enrols_without_a_session() {
    let world = World::new().await;
    for path in ["totp", "totp/confirm", "totp/disable", "recovery-codes"] {
        let path = format!("/auth/mfa/{path}");
        world.post(&path, json!({})).await.refused(401, "unauthenticated");
    }
    world.get("/auth/mfa").await.refused(401, "unauthenticated");
    login(&world, "nobody@example.com", PASSWORD).await.refused(401, "invalid_credentials");
}

/// A factor outlives a reset: on an address that is somebody else's it would keep the
/// owner out.
#[tokio::test]
async fn an_address_is_verified_first() {
    let world = World::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let _ = world.post("/auth/register", body).await;
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    ada.call(&world, enrol()).await.refused(403, "email_not_verified");
    let token = world.token_for("ada@example.com").await;
    let _ = world.post("/auth/verify-email", json!({ "token": token })).await.ok(204);
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    ada.call(&world, enrol()).await.ok(200);
}
