//! What is left of somebody who was deleted: nothing but the bare id in the audit.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, World};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Everything that somebody can leave behind: names, sessions with a device and an
/// address, links not used, wrong passwords, a second factor, mails that wait and one
/// that can never be sent, and an address that was changed.
async fn a_life() -> (World, Person) {
    let world = World::with(&[("SOURCE_LIMIT", "1000/1h"), ("MAIL_LIMIT", "1000/1h")]).await;
    let ada = Person::registered(&world, "ada.lovelace@example.com").await;
    let names =
        json!({ "username": "Lovelace", "name": "Augusta King", "first_name": "Augusta", "locale": "de" });
    ada.patch(&world, "/users/me", names).await.ok(200);
    let factor = Factor::enrolled(&world, &ada).await;
    for name in [json!({ "email": ada.email }), json!({ "username": "lovelace" })] {
        let mut body = name;
        body["password"] = json!(OTHER_PASSWORD);
        world.post("/auth/login", body).await.refused(401, "invalid_credentials");
    }
    let ada = Person::sign_in_with_code(&world, &ada.email, PASSWORD, &factor.recovery[0]).await;
    let _ = Person::password_step(&world, &ada.email, PASSWORD).await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let change = json!({ "current_password": PASSWORD, "new_email": "augusta@example.com" });
    ada.post(&world, "/users/me/change-email", change).await.ok(202);
    world.deliver().await;
    world.mailbox.fail_for(&ada.email, local::mailbox::Failure::Rejected);
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    world.deliver().await;
    world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    (world, ada)
}

/// What DynamoDB does, days late at most, with what is past its `ttl`.
async fn sweep(world: &World) {
    let now = world.now().as_second();
    for item in world.items().await {
        if item["ttl"].as_i64().is_some_and(|ttl| ttl <= now) {
            let key = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
            let delete = world.client.delete_item().table_name(&world.table);
            delete.key("PK", key("PK")).key("SK", key("SK")).send().await.unwrap();
        }
    }
}

/// The items that name the person, and those outside the audit that have its id.
async fn traces(world: &World, ada: &Person) -> Vec<Value> {
    let words = ["lovelace", "augusta", "203.0.113.7", "tests/1.0", "argon2", "sealed", "@example.com"];
    let mut found = Vec::new();
    for item in world.items().await {
        let pk = item["PK"].as_str().unwrap();
        let text = item.to_string().to_lowercase();
        let is_audit = pk.starts_with("AUDIT#");
        let is_ours = pk.starts_with("KEYS") || pk.starts_with("PRIVATEKEY#");
        if !is_ours && (words.iter().any(|word| text.contains(word)) || (!is_audit && text.contains(&ada.id)))
        {
            found.push(item);
        }
    }
    found
}

/// The longest that a link is good, and that a mail that cannot be sent is kept.
const LINKS: SignedDuration = SignedDuration::from_hours(7 * 24);
const MAILS: SignedDuration = SignedDuration::from_hours(24 * 14);

#[tokio::test]
async fn no_item_names_the_person_any_more_except_the_audits_bare_id() {
    let (world, ada) = a_life().await;
    assert!(traces(&world, &ada).await.len() > 8, "the search finds what there is");
    ada.delete(&world, "/users/me").await.ok(204);
    world.mailbox.fail_for("nobody@example.com", local::mailbox::Failure::Rejected);
    world.deliver().await;
    world.wait(DAY * 7);
    sweep(&world).await;
    only_what_could_not_be_sent(&world, &ada).await;
    world.wait(MAILS);
    sweep(&world).await;
    assert_eq!(traces(&world, &ada).await, Vec::<Value>::new());
    let events: Vec<Value> =
        world.items().await.into_iter().filter(|item| item["PK"] == format!("AUDIT#{}", ada.id)).collect();
    assert!(events.iter().any(|event| event["action"] == "user_deleted"));
}

/// Of an admin's deletion nothing waits but what is void and goes by its own `ttl`, and
/// in grace it is the same.
#[tokio::test]
async fn after_an_admins_deletion_only_void_links_wait_for_their_time_to_go() {
    for in_grace in [false, true] {
        let (world, ada) = a_life().await;
        let eve = Person::an_admin(&world, "eve@admins.example").await;
        if in_grace {
            ada.delete(&world, "/users/me").await.ok(204);
        }
        eve.delete(&world, &format!("/admin/users/{}", ada.id)).await.ok(204);
        world.deliver().await;
        let is_void = |item: &&Value| {
            let sk = item["SK"].as_str().unwrap();
            // One counter has the bare id in its key.
            let is_count = sk == "COUNT" && !item.to_string().contains('@');
            let is_mail = sk == "MAIL" && item["failure"].is_string();
            item["ttl"].is_i64() && (sk == "TICKET" || is_mail || is_count)
        };
        let left: Vec<Value> = of_ada(&world, &ada).await;
        assert!(left.iter().all(|item| is_void(&item)), "{left:?}");
        world.wait(LINKS);
        sweep(&world).await;
        let left = of_ada(&world, &ada).await;
        assert!(left.iter().all(|item| item["SK"] == "MAIL"), "{left:?}");
        world.wait(MAILS);
        sweep(&world).await;
        assert_eq!(of_ada(&world, &ada).await, Vec::<Value>::new());
    }
}

/// But for the admin's own.
async fn of_ada(world: &World, ada: &Person) -> Vec<Value> {
    let eve = world.items().await.into_iter().find(|item| item["PK"] == "EMAIL#eve@admins.example").unwrap();
    let eve = eve["user_id"].as_str().unwrap().to_owned();
    let all = traces(world, ada).await;
    all.into_iter().filter(|item| !item["PK"].as_str().unwrap().contains(&eve)).collect()
}

async fn only_what_could_not_be_sent(world: &World, ada: &Person) {
    let left = traces(world, ada).await;
    assert!(left.iter().all(|item| item["SK"] == "MAIL" && item["failure"].is_string()), "{left:?}");
}
