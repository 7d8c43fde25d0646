//! `GET /users/me/export`.

use serde_json::{Value, json};
use shared::model::{Action, Agent, AuditEvent};
use tests::{Call, PASSWORD, Person, Reply, World};

use crate::ada;

async fn export(world: &World, person: &Person) -> Value {
    person.get(world, "/users/me/export").await.ok(200).body
}

#[tokio::test]
async fn a_person_gets_everything_that_is_held_about_it_and_nothing_of_others() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let _ = ada.patch(&world, "/users/me", json!({ "name": "Ada Lovelace" })).await.ok(200);
    let phone = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let reply = ada.get(&world, "/users/me/export").await.ok(200);
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"account.json\"");
    assert_eq!(reply.header("cache-control"), "no-store");
    let held = &reply.body;
    assert_eq!(held["user"], ada.get(&world, "/users/me").await.ok(200).body);
    assert_eq!(held["sessions"], ada.get(&world, "/users/me/sessions").await.ok(200).body["data"]);
    assert_eq!(held["activity"], ada.get(&world, "/users/me/activity").await.ok(200).body["data"]);
    assert_eq!(held["sessions"].as_array().unwrap().len(), 2);
    assert!(reply.text.contains(&phone.session_id) && !reply.text.contains(&bob.id));
    assert!(!reply.text.contains("argon2") && !reply.text.contains("epoch"));
    assert_eq!((&held["external_id"], &held["mfa_since"]), (&Value::Null, &Value::Null));
}

/// More than one page of the table's.
#[tokio::test]
async fn a_long_history_is_whole() {
    let (world, ada) = ada().await;
    let before = export(&world, &ada).await["activity"].as_array().unwrap().len();
    let agent = Agent::operator();
    for _ in 0..1050 {
        let id = ada.id.parse().unwrap();
        let event = AuditEvent::new(Action::UserUpdated, &agent, id, world.now());
        world.store.record(event).await.unwrap();
    }
    let activity = export(&world, &ada).await["activity"].as_array().unwrap().clone();
    assert_eq!(activity.len(), before + 1050);
    let ids: Vec<&str> = activity.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, next| one > next), "the newest first, each once");
}

#[tokio::test]
async fn what_a_person_wrote_is_in_it_and_what_others_answered_is_not() {
    let (world, ada) = ada().await;
    let bob = Person::user(&world, "bob@example.com").await;
    let post = world.write_post(&ada.id, "Of the engine").await;
    let other = world.write_post(&bob.id, "Of Bob").await;
    let mine = world.write_comment(&ada.id, other.id, "So says Ada").await;
    world.write_comment(&bob.id, post.id, "So says Bob").await;
    let held = export(&world, &ada).await;
    assert_eq!(held["posts"], json!([ada.get(&world, &format!("/posts/{}", post.id)).await.ok(200).body]));
    assert_eq!(held["comments"][0]["id"], json!(mine.id.to_string()));
    assert_eq!((held["comments"].as_array().unwrap().len(), &held["wrote_more"]), (1, &json!(false)));
    assert!(!held.to_string().contains("Bob"));
}

/// More than a page of the list, and then more than an answer holds.
#[tokio::test]
async fn many_posts_are_whole_and_too_many_are_said_to_be_cut() {
    let (world, ada) = ada().await;
    for _ in 0..120 {
        world.write_post(&ada.id, "Short").await;
    }
    let held = export(&world, &ada).await;
    assert_eq!((held["posts"].as_array().unwrap().len(), &held["wrote_more"]), (120, &json!(false)));
    let long = "x".repeat(10_000);
    world.wait(jiff::SignedDuration::from_secs(1));
    for _ in 0..100 {
        let body = json!({ "title": "Long", "body": long });
        let _ = ada.post(&world, "/posts", body).await.ok(201);
    }
    let reply = ada.get(&world, "/users/me/export").await.ok(200);
    assert_eq!(reply.body["wrote_more"], true);
    assert_eq!(reply.body["posts"][0]["title"], "Long");
    assert!(reply.text.len() < 6_000_000);
}

/// An answer is an event whose body is a string: each quotation mark of a text is four
/// bytes in it, and what says where a comment is, is longer than a short comment.
#[tokio::test]
async fn the_whole_answer_fits_into_what_a_function_may_say_whatever_was_written() {
    let (world, ada) = ada().await;
    let quotes = "\"".repeat(10_000);
    for _ in 0..100 {
        world.write_post(&ada.id, "Short").await;
    }
    let post = world.write_post(&ada.id, "Of quotation marks").await;
    for _ in 0..100 {
        world.write_comment(&ada.id, post.id, &quotes).await;
    }
    let (held, bytes) = answer(&world, &ada).await;
    assert_eq!((&held["wrote_more"], &held["more_activity"]), (&json!(true), &json!(false)));
    assert_eq!(held["posts"].as_array().unwrap().len(), 101, "comments take no room of posts");
    let comments = held["comments"].as_array().unwrap();
    assert!((20..25).contains(&comments.len()), "1 MB of 40 KB: {}", comments.len());
    let ids: Vec<&str> = comments.iter().map(|comment| comment["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, next| one > next), "the newest are what is left");
    assert!(bytes < 1_200_000, "{bytes}");
}

/// So many that to read them all would take longer than an answer may.
#[tokio::test]
async fn thousands_of_short_comments_and_of_events_are_cut_and_said_to_be() {
    let (world, ada) = ada().await;
    let (id, agent) = (ada.id.parse().unwrap(), Agent::operator());
    let post = world.write_post(&ada.id, "Of many").await;
    for _ in 0..2_100 {
        world.write_comment(&ada.id, post.id, "A short comment").await;
    }
    for _ in 0..4_100 {
        let event = AuditEvent::new(Action::UserUpdated, &agent, id, world.now());
        world.store.record(event).await.unwrap();
    }
    let (held, bytes) = answer(&world, &ada).await;
    let count = |name: &str| held[name].as_array().unwrap().len();
    assert_eq!((count("comments"), count("activity"), count("posts")), (2_000, 4_000, 1));
    assert_eq!((&held["wrote_more"], &held["more_activity"]), (&json!(true), &json!(true)));
    assert!(bytes < 3_000_000, "{bytes}");
}

/// The document, and how long the event is that the function answers with.
async fn answer(world: &World, person: &Person) -> (Value, usize) {
    let call = Call::new("GET", "/users/me/export").token(&person.access_token);
    let event = world.answer("users", &call.event()).await;
    let reply = Reply::read(&event).ok(200);
    (reply.body, serde_json::to_string(&event).unwrap().len())
}

/// Each may read megabytes of the table, on which everybody signs in.
#[tokio::test]
async fn an_account_has_30_exports_in_five_minutes() {
    let world = World::with(&[("SOURCE_LIMIT", "")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    for _ in 0..30 {
        export(&world, &ada).await;
    }
    let refused = ada.get(&world, "/users/me/export").await;
    refused.refused(429, "too_many_requests");
    assert!(!refused.header("retry-after").is_empty());
    export(&world, &bob).await;
    world.wait(jiff::SignedDuration::from_mins(5));
    export(&world, &ada).await;
}
