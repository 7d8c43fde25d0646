//! What is and is not a refresh token.

use tests::{Call, Person, World};

use crate::steps::{dump, refresh, registration, reset_token, strings};
use serde_json::json;

/// S12: a forged token is refused and signs nobody out.
#[tokio::test]
async fn a_token_with_any_character_changed_is_refused_and_the_session_lives_on() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    for at in 0..ada.refresh_token.len() {
        let mut forged = ada.refresh_token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        refresh(&world, &forged).await.refused(401, "invalid_refresh_token");
    }
    ada.get(&world, "/users/me").await.ok(200);
    ada.refresh(&world).await.ok(200);
    assert_eq!(world.mails_to(&ada.email).await.len(), 1, "nobody is told of a forgery");
}

/// S12, H07.
#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let token = &ada.refresh_token;
    let (longer, padded, spaced) = (format!("{token}A"), format!("{token}=="), format!(" {token}"));
    let texts = ["", "x", "null", "\u{0}", "🦀", &token[1..], &token[..token.len() - 1]];
    let others = [&*longer, &padded, &spaced, &token.to_lowercase(), &"A".repeat(token.len())];
    for text in texts.into_iter().chain(others).chain([&*"A".repeat(60_000)]) {
        refresh(&world, text).await.refused(401, "invalid_refresh_token");
    }
    ada.refresh(&world).await.ok(200);
}

/// J05: the kinds of token do not stand in for one another.
#[tokio::test]
async fn every_other_kind_of_token_is_refused() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let reset = reset_token(&world, &ada.email).await;
    let body = json!({ "email": "new@example.com", "password": tests::PASSWORD });
    let confirmation = registration(&world, &body).await;
    for token in [&ada.access_token, &reset, &confirmation, &ada.session_id, &ada.id] {
        refresh(&world, token).await.refused(401, "invalid_refresh_token");
    }
    for token in [&ada.refresh_token, &reset, &confirmation, &ada.session_id] {
        let call = Call::new("GET", "/users/me").token(token);
        world.call(call).await.refused(401, "invalid_access_token");
    }
}

/// S16: a reader of the table can use nothing that it finds there.
#[tokio::test]
async fn the_table_holds_no_usable_token() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    ada.refresh(&world).await.ok(200);
    let mailed = reset_token(&world, &ada.email).await;
    let found = strings(&dump(&world).await);
    assert!(found.len() > 40, "the dump holds something");
    for text in &found {
        refresh(&world, text).await.refused(401, "invalid_refresh_token");
        let body = json!({ "token": text, "new_password": tests::OTHER_PASSWORD });
        world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
    }
    for token in [&ada.refresh_token, &ada.access_token, &mailed] {
        assert!(found.iter().all(|text| !text.contains(token.as_str())));
    }
}

/// S03: 32 of the 72 bytes are a MAC, so a token cannot be guessed, and no two
/// are alike.
#[tokio::test]
async fn no_two_sessions_have_the_same_token() {
    let world = World::new().await;
    let mut seen = std::collections::HashSet::new();
    for number in 0..10 {
        let person = Person::registered(&world, &format!("p{number}@example.com")).await;
        assert_eq!(person.refresh_token.len(), 96);
        assert!(seen.insert(person.refresh_token[54..].to_owned()), "the MACs differ");
    }
}
