//! `Idempotency-Key` on `POST /admin/users`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, PASSWORD, Person, Reply, World};

use crate::eve_and_bob;

async fn create(world: &World, eve: &Person, key: &str, email: &str) -> Reply {
    let call = Call::new("POST", "/admin/users").json(&json!({ "email": email }));
    eve.call(world, call.header("idempotency-key", key)).await
}

#[tokio::test]
async fn a_request_sent_again_makes_one_account_and_one_mail() {
    let (world, eve, _) = eve_and_bob().await;
    let first = create(&world, &eve, "\"one\"", "grace@example.com").await.ok(201);
    let again = create(&world, &eve, "one", "Grace@example.com").await.ok(201);
    assert_eq!((&first.body, first.header("location")), (&again.body, again.header("location")));
    assert_eq!(world.mails_to("grace@example.com").await.len(), 1);
}

#[tokio::test]
async fn twenty_at_once_are_one() {
    let (world, eve, _) = eve_and_bob().await;
    let replies = (0..20).map(|_| create(&world, &eve, "one", "grace@example.com"));
    let replies = futures_util::future::join_all(replies).await;
    let ids: Vec<&Value> =
        replies.iter().filter(|reply| reply.status == 201).map(|r| &r.body["id"]).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| *id == ids[0]));
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 503)));
    assert_eq!(world.mails_to("grace@example.com").await.len(), 1);
}

#[tokio::test]
async fn a_key_that_comes_with_another_request_is_refused() {
    let (world, eve, _) = eve_and_bob().await;
    create(&world, &eve, "one", "grace@example.com").await.ok(201);
    create(&world, &eve, "one", "dora@example.com").await.refused(422, "idempotency_key_reused");
    assert!(world.mails_to("dora@example.com").await.is_empty());
    create(&world, &eve, "two", "dora@example.com").await.ok(201);
    create(&world, &eve, "two", "grace@example.com").await.refused(422, "idempotency_key_reused");
    create(&world, &eve, "three", "grace@example.com").await.refused(409, "email_taken");
}

#[tokio::test]
async fn a_request_that_failed_can_be_mended_under_its_key() {
    let (world, eve, bob) = eve_and_bob().await;
    create(&world, &eve, "one", &bob.email).await.refused(409, "email_taken");
    create(&world, &eve, "one", "grace@example.com").await.ok(201);
}

#[tokio::test]
async fn another_admins_key_of_the_same_name_is_another_one() {
    let (world, eve, _) = eve_and_bob().await;
    let mal = Person::an_admin(&world, "mal@example.com").await;
    create(&world, &eve, "one", "grace@example.com").await.ok(201);
    create(&world, &mal, "one", "dora@example.com").await.ok(201);
}

#[tokio::test]
async fn after_a_day_a_key_is_new_whether_or_not_its_item_is_gone() {
    let (world, eve, _) = eve_and_bob().await;
    create(&world, &eve, "one", "grace@example.com").await.ok(201);
    world.wait(SignedDuration::from_hours(24));
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    create(&world, &eve, "one", "dora@example.com").await.ok(201);
    create(&world, &eve, "one", "dora@example.com").await.ok(201);
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_makes_nothing() {
    let (world, eve, _) = eve_and_bob().await;
    for key in ["", "\"\"", "two words", "kä", &"k".repeat(256)] {
        create(&world, &eve, key, "grace@example.com").await.refused(400, "invalid_idempotency_key");
    }
    create(&world, &eve, &"k".repeat(255), "grace@example.com").await.ok(201);
}

#[tokio::test]
async fn the_table_holds_neither_the_key_nor_the_request_nor_whom_it_made() {
    let (world, eve, _) = eve_and_bob().await;
    let key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
    let made = create(&world, &eve, key, "grace@example.com").await.ok(201);
    let id = made.body["id"].as_str().unwrap();
    let items = world.items().await;
    let item = items.iter().find(|item| item["PK"].as_str().unwrap().starts_with("ONCE#")).unwrap();
    let text = item.to_string();
    assert!(!text.contains(key) && !text.contains("grace") && !text.contains(id), "{text}");
}
