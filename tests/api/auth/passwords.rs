//! Which passwords are taken, and how they are compared.

use serde_json::json;
use tests::{PASSWORD, Person, Reply, World};

use crate::steps::{auth_under, confirm, login, post_to, registration, reset, reset_token};

async fn register(world: &World, password: &str) -> Reply {
    let body = json!({ "email": "ada.lovelace@example.com", "password": password, "username": "Countess" });
    world.post("/auth/register", body).await
}

/// Registers, confirms and signs in with a password, in two spellings.
async fn round_trip(world: &World, email: &str, registered: &str, typed: &str) {
    let token = registration(world, &json!({ "email": email, "password": registered })).await;
    confirm(world, &token, typed).await.ok(200);
    login(world, email, typed).await.ok(200);
}

#[track_caller]
fn weak(reply: &Reply, code: &str) {
    reply.refused(422, "weak_password");
    assert_eq!(reply.body["errors"][0]["pointer"], "/password");
    assert_eq!(reply.body["errors"][0]["code"], code);
}

/// A01, A03: characters count, not bytes.
#[tokio::test]
async fn seven_characters_are_too_few_and_eight_enough() {
    let world = World::new().await;
    for short in ["a", "v8#kq!z", "🦀🐙🦑🦐🦞🐡🐠", "éééé éé"] {
        weak(&register(&world, short).await, "password_too_short");
    }
    for enough in ["v8#kq!zw", "🦀🐙🦑🦐🦞🐡🐠🐟", "éééé ééü"] {
        register(&world, enough).await.ok(202);
    }
}

/// A01.
#[tokio::test]
async fn the_least_length_is_a_setting() {
    let world = World::with(&[("PASSWORD_MIN_LENGTH", "15")]).await;
    weak(&register(&world, "fourteen chars").await, "password_too_short");
    register(&world, "fifteen letters").await.ok(202);
}

/// A06.
#[tokio::test]
async fn common_passwords_are_refused_in_any_case() {
    let world = World::new().await;
    for common in
        ["password", "Password1", "12345678", "iloveyou", "QWERTYUIOP", "!qaz2wsx", "trustno1", "P@ssw0rd"]
    {
        weak(&register(&world, common).await, "password_too_common");
    }
}

/// A06: the lists hold few that are so long, so what makes them is told.
#[tokio::test]
async fn where_15_characters_are_asked_for_what_a_rule_makes_is_refused() {
    let world = World::with(&[("PASSWORD_MIN_LENGTH", "15")]).await;
    for common in
        ["1qaz2wsx3edc4rfv", "123456789987654321", "passwordpassword", "1Q2W3E4R5T6Y7U8I", "manchesterunited"]
    {
        weak(&register(&world, common).await, "password_too_common");
    }
    for rule in [
        "v8#kq!zwv8#kq!zw",
        "zyxwvutsrqponmlkj",
        "P@ssw0rd01011990",
        "monkey-monkey-2024",
        "98765432100123456",
    ] {
        weak(&register(&world, rule).await, "password_too_predictable");
    }
    for good in ["correct horse battery", "twelve monkeys 1995", "wkcqzrnbvtjxyfm", "8301748265 83920"] {
        register(&world, good).await.ok(202);
    }
}

/// A08.
#[tokio::test]
async fn ones_own_names_are_refused() {
    let world = World::new().await;
    let names = [
        "ada.lovelace",
        "Ada.Lovelace",
        "ada.lovelace@example.com",
        "countess",
        "CountessCountess",
        "Countess2024!",
    ];
    for name in names {
        weak(&register(&world, name).await, "password_too_similar");
    }
}

/// A02.
#[tokio::test]
async fn more_than_1024_bytes_are_refused_everywhere() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let reset = reset_token(&world, "ada@example.com").await;
    for password in ["x".repeat(1025), "x".repeat(10_000), "é".repeat(513)] {
        register(&world, &password).await.refused(422, "invalid_body");
        login(&world, &ada.email, &password).await.refused(422, "invalid_body");
        confirm(&world, "token", &password).await.refused(422, "invalid_body");
        let body = json!({ "token": reset, "new_password": password });
        world.post("/auth/reset-password", body).await.refused(422, "invalid_body");
    }
    register(&world, "").await.refused(422, "invalid_body");
    login(&world, &ada.email, "").await.refused(422, "invalid_body");
    login(&world, &ada.email, "x").await.refused(401, "invalid_credentials");
}

/// A02.
#[tokio::test]
async fn long_passwords_work_whole() {
    let world = World::new().await;
    for (email, length) in [("a64@x.io", 64), ("b128@x.io", 128), ("c1024@x.io", 1024)] {
        let password = "long pass phrase ".repeat(64)[..length].to_owned();
        round_trip(&world, email, &password, &password).await;
        let shorter = &password[..length - 1];
        login(&world, email, shorter).await.refused(401, "invalid_credentials");
    }
}

/// A03: é as one code point and as two is one password.
#[tokio::test]
async fn two_spellings_of_one_text_are_one_password() {
    let world = World::new().await;
    let (nfd, nfc) = ("cafe\u{301} cre\u{300}me", "caf\u{e9} cr\u{e8}me");
    assert_ne!(nfd, nfc);
    round_trip(&world, "ada@example.com", nfd, nfc).await;
    round_trip(&world, "bob@example.com", nfc, nfd).await;
    login(&world, "ada@example.com", "cafe creme").await.refused(401, "invalid_credentials");
}

/// A04.
#[tokio::test]
async fn a_password_is_taken_exactly_as_typed() {
    let world = World::new().await;
    let password = format!(" Keep {} all of it ", "a".repeat(72));
    round_trip(&world, "ada@example.com", &password, &password).await;
    let cut = &password[..password.len() - 1];
    let others =
        [cut, password.trim(), &password.to_lowercase(), &format!("{password}x"), &format!(" {password}")];
    for other in others {
        login(&world, "ada@example.com", other).await.refused(401, "invalid_credentials");
    }
}

/// A05.
#[tokio::test]
async fn no_mixture_of_characters_is_asked_for() {
    let world = World::new().await;
    for password in
        ["onlysmallletters", "8301748265", "tall pine river", "ONLY CAPITALS", "パスワードです日本"]
    {
        register(&world, password).await.ok(202);
    }
}

/// The policy is for new passwords: whoever has a shorter one signs in still.
#[tokio::test]
async fn an_old_password_is_never_judged() {
    let world = World::new().await;
    let body = json!({ "email": "ada@example.com", "password": "v8#kq!zw" });
    let token = registration(&world, &body).await;
    let stricter = auth_under(&world, &[("PASSWORD_MIN_LENGTH", "15")]);
    let body = json!({ "token": token, "password": "v8#kq!zw" });
    post_to(&stricter, "/auth/confirm-registration", body).await.ok(200);
    let body = json!({ "email": "ada@example.com", "password": "v8#kq!zw" });
    post_to(&stricter, "/auth/login", body).await.ok(200);
}

/// A08: a reset asks for no less than a registration.
#[tokio::test]
async fn a_weak_password_is_refused_by_a_reset_too() {
    let world = World::new().await;
    Person::registered(&world, "ada.lovelace@example.com").await;
    let token = reset_token(&world, "ada.lovelace@example.com").await;
    for new in ["short", "password1", "ada.lovelace"] {
        let reply = reset(&world, &token, new).await;
        reply.refused(422, "weak_password");
        assert_eq!(reply.body["errors"][0]["pointer"], "/new_password");
    }
    login(&world, "ada.lovelace@example.com", PASSWORD).await.ok(200);
}
