//! Mails in the language of who reads them.

use serde_json::json;
use shared::model::Locale;
use tests::{Call, PASSWORD, Person, World};

use crate::sent;

const ADA: &str = "ada@example.com";

/// The subject of the newest mail to an address.
async fn subject(world: &World, address: &str) -> String {
    world.mails_to(address).await.pop().unwrap().subject
}

async fn register(world: &World, email: &str, languages: &str, locale: Option<&str>) {
    let mut body = json!({ "email": email, "password": PASSWORD });
    if let Some(locale) = locale {
        body["locale"] = json!(locale);
    }
    let call = Call::new("POST", "/auth/register").json(&body).header("accept-language", languages);
    let _ = world.call(call).await.ok(202);
}

#[tokio::test]
async fn who_registers_is_answered_in_the_browsers_language_or_the_one_asked_for() {
    let world = World::new().await;
    for (languages, locale, expected) in [
        ("de-AT,de;q=0.9,en;q=0.8", None, "Bestätigen Sie Ihre Registrierung"),
        ("de", Some("fr"), "Confirmez votre inscription"),
        ("tlh", None, "Confirm your registration"),
        ("ar", None, "أكّد تسجيلك"),
    ] {
        register(&world, ADA, languages, locale).await;
        assert_eq!(subject(&world, ADA).await, expected, "{languages}");
    }
}

/// Whatever language they have who ask.
#[tokio::test]
async fn an_accounts_mails_are_in_its_own_language() {
    let world = World::new().await;
    world.make_user(ADA, |user| user.locale = Some(Locale::Ja)).await;
    register(&world, ADA, "de", None).await;
    assert_eq!(subject(&world, ADA).await, "すでにアカウントがあります");
    let forgot = Call::new("POST", "/auth/forgot-password").json(&json!({ "email": ADA }));
    let _ = world.call(forgot.header("accept-language", "de")).await.ok(202);
    assert_eq!(subject(&world, ADA).await, "新しいパスワードの設定");
    let ada = Person::sign_in(&world, ADA, PASSWORD).await;
    let body = json!({ "new_email": "lovelace@example.com", "current_password": PASSWORD });
    let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
    assert_eq!(subject(&world, ADA).await, "メールアドレスの変更が申し込まれました");
    assert_eq!(subject(&world, "lovelace@example.com").await, "新しいメールアドレスの確認");
    let token = world.token_for("lovelace@example.com").await;
    let _ = world.post("/auth/verify-email", json!({ "token": token })).await.ok(204);
    assert_eq!(subject(&world, ADA).await, "メールアドレスが変更されました", "to the old address, too");
}

#[tokio::test]
async fn the_language_is_chosen_when_registering_and_changed_in_the_profile() {
    let world = World::new().await;
    register(&world, ADA, "pt-BR", None).await;
    let body = json!({ "token": world.token_for(ADA).await, "password": PASSWORD });
    let tokens = world.post("/auth/confirm-registration", body).await.ok(200);
    let ada = Person::from_tokens(&tokens.body, PASSWORD);
    assert_eq!(tokens.body["user"]["locale"], "pt");
    let me = ada.patch(&world, "/users/me", json!({ "locale": "ta" })).await.ok(200).body;
    assert_eq!(me["locale"], "ta");
    for bad in [json!("xx"), json!("de-AT"), json!(1)] {
        ada.patch(&world, "/users/me", json!({ "locale": bad })).await.refused(422, "invalid_body");
    }
    let me = ada.patch(&world, "/users/me", json!({ "locale": null })).await.ok(200).body;
    assert!(me["locale"].is_null());
    assert_eq!(sent(&world).len(), 1);
}
