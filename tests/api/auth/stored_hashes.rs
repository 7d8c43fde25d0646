//! How passwords are kept.

use std::time::{Duration, Instant};

use serde_json::Value;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{dump, login, set_hash, stored_user, strings};

const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// The hash of `PASSWORD` as it would have been made at a lower cost.
pub const WEAK: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EstMPFmPwEV1ZKsYgQUv5J+Zg0iQylaykGB5kmbPnSE";

/// A27.
#[tokio::test]
async fn passwords_are_kept_as_argon2id_each_under_its_own_salt() {
    let world = World::new().await;
    for email in ["ada@example.com", "bob@example.com", "eve@example.com"] {
        Person::registered(&world, email).await;
    }
    let items = dump(&world).await;
    let hashes: Vec<&str> = items.iter().filter_map(|item| item["password_hash"].as_str()).collect();
    assert_eq!(hashes.len(), 3);
    assert!(hashes.iter().all(|hash| hash.starts_with(TODAY)), "{hashes:?}");
    let salts: std::collections::HashSet<_> = hashes.iter().map(|hash| hash.split('$').nth(4)).collect();
    assert_eq!(salts.len(), 3, "one salt each");
    assert!(hashes.iter().all(|hash| hash.split('$').nth(4).unwrap().len() == 22), "16 bytes");
    assert!(strings(&items).iter().all(|text| !text.contains(PASSWORD)));
}

/// A28.
#[tokio::test]
async fn a_weaker_hash_is_made_anew_at_sign_in() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    set_hash(&world, &ada, WEAK).await;
    login(&world, &ada.email, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    assert_eq!(stored_user(&world, &ada).await.password_hash.0, WEAK);
    login(&world, &ada.email, PASSWORD).await.ok(200);
    let made_anew = stored_user(&world, &ada).await.password_hash.0;
    assert!(made_anew.starts_with(TODAY), "{made_anew}");
    login(&world, &ada.email, PASSWORD).await.ok(200);
    assert_eq!(stored_user(&world, &ada).await.password_hash.0, made_anew, "and then left alone");
    ada.get(&world, "/users/me").await.ok(200);
}

/// A29.
#[tokio::test]
async fn a_stored_hash_that_asks_for_too_much_is_refused_at_once() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let salt_and_hash = WEAK.splitn(5, '$').last().unwrap();
    for cost in ["m=4194304,t=2,p=1", "m=19456,t=4000000,p=1", "m=19456,t=2,p=255", "m=4294967295,t=1,p=1"] {
        set_hash(&world, &ada, &format!("$argon2id$v=19${cost}${salt_and_hash}")).await;
        let started = Instant::now();
        login(&world, &ada.email, PASSWORD).await.refused(401, "invalid_credentials");
        assert!(started.elapsed() < Duration::from_secs(2), "{cost}");
    }
}

#[tokio::test]
async fn a_stored_hash_of_another_kind_lets_nobody_in() {
    let world = World::with(&[("LOGIN_FAILURES", "off")]).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let argon2i = WEAK.replacen("argon2id", "argon2i", 1);
    let bcrypt = "$2b$12$abcdefghijklmnopqrstuuVYFDsV6qyKcS8yYgBJTFYnV5Jz8hkGy";
    for hash in ["", " ", "x", PASSWORD, "$argon2id$", &argon2i, bcrypt, &"$".repeat(999)] {
        set_hash(&world, &ada, hash).await;
        login(&world, &ada.email, PASSWORD).await.refused(401, "invalid_credentials");
    }
}

/// product.md, never 5.
#[tokio::test]
async fn no_answer_holds_a_hash() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let hash = stored_user(&world, &ada).await.password_hash.0;
    let answers: [Value; 3] = [
        login(&world, &ada.email, PASSWORD).await.ok(200).body,
        ada.refresh(&world).await.ok(200).body,
        ada.get(&world, "/users/me").await.ok(200).body,
    ];
    for answer in answers {
        let text = answer.to_string();
        assert!(!text.contains("argon2") && !text.contains(&hash) && !text.contains("epoch"), "{text}");
    }
}
