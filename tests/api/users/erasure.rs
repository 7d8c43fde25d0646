//! What is left of somebody who was deleted: nothing but the bare id, in the audit.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::SessionId;
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person, Stream, World};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Everything that somebody can leave behind: names, sessions with a device and an
/// address, links not used, wrong passwords, a second factor, a post, mails that wait and
/// one that can never be sent, and an address that was changed.
async fn a_life() -> (World, Stream, Person) {
    let limits = ["SOURCE_LIMIT", "MAIL_LIMIT", "WRITE_LIMIT"].map(|name| (name, "1000/1h"));
    let world = World::with(&limits).await;
    let mut worker = world.worker().await;
    let ada = Person::registered(&world, "ada.lovelace@example.com").await;
    let post = world.write_post(&ada.id, "Notes by Augusta King").await;
    world.write_comment(&ada.id, post.id, "Lovelace's own comment").await;
    let words = json!({ "title": "Sketch", "body": "By Augusta" });
    ada.post(&world, "/posts", words).await.ok(201);
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
    worker.catch_up(&world).await;
    (world, worker, ada)
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

#[tokio::test]
async fn no_item_names_the_person_any_more_except_the_audits_bare_id() {
    let (world, mut worker, ada) = a_life().await;
    assert!(traces(&world, &ada).await.len() > 12, "the search finds what there is");
    ada.delete(&world, "/users/me").await.ok(204);
    world.deliver().await;
    world.wait(DAY * 7);
    sweep(&world).await;
    worker.catch_up(&world).await;
    assert_eq!(traces(&world, &ada).await, Vec::<Value>::new());
    let events: Vec<Value> =
        world.items().await.into_iter().filter(|item| item["PK"] == format!("AUDIT#{}", ada.id)).collect();
    assert!(events.iter().any(|event| event["action"] == "user_deleted"));
}

/// No time has to pass.
#[tokio::test]
async fn after_an_admins_deletion_nothing_names_the_person_once_the_worker_has_seen_it() {
    for in_grace in [false, true] {
        let (world, mut worker, ada) = a_life().await;
        let eve = Person::an_admin(&world, "eve@admins.example").await;
        if in_grace {
            ada.delete(&world, "/users/me").await.ok(204);
        }
        eve.delete(&world, &format!("/admin/users/{}", ada.id)).await.ok(204);
        world.deliver().await;
        worker.catch_up(&world).await;
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

/// More than a transaction has room for.
#[tokio::test]
async fn two_hundred_sessions_go_with_the_account() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let eve = Person::an_admin(&world, "eve@admins.example").await;
    let text = |text: String| AttributeValue::S(text);
    let partition = format!("USER#{}", ada.id);
    let get = world.client.get_item().table_name(&world.table).key("PK", text(partition.clone()));
    let session = text(format!("SESSION#{}", ada.session_id));
    let one = get.key("SK", session).send().await.unwrap().item.unwrap();
    for _ in 0..200 {
        let id = SessionId::new(world.now()).to_string();
        let mut item = one.clone();
        item.extend([("SK".to_owned(), text(format!("SESSION#{id}"))), ("id".to_owned(), text(id))]);
        world.client.put_item().table_name(&world.table).set_item(Some(item)).send().await.unwrap();
    }
    eve.delete(&world, &format!("/admin/users/{}", ada.id)).await.ok(204);
    let left = world.items().await.into_iter().filter(|item| item["PK"] == partition).count();
    assert_eq!(left, 0);
}

/// The mailer read the account just before it went.
#[tokio::test]
async fn no_link_is_made_for_an_account_that_went_meanwhile() {
    let world = World::with(&[("DELETION_GRACE", "off")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", change).await.ok(204);
    ada.delete(&world, "/users/me").await.ok(204);
    world.deliver().await;
    let items = world.items().await;
    assert!(!items.iter().any(|item| item["SK"] == "TICKET" || item["SK"] == "MAIL"), "{items:?}");
    let mail = world.mails_to(&ada.email).await.pop().unwrap();
    assert!(!mail.text.contains("revoke="), "nothing is left to undo: {}", mail.text);
}
