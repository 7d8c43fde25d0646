//! How much one user may write.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Person, Reply, World};
use tokio::task::JoinSet;

fn words() -> Value {
    json!({ "title": "A title", "body": "Words" })
}

async fn write(world: &World, who: &Person) -> Reply {
    who.post(world, "/posts", words()).await
}

#[tokio::test]
async fn posts_and_comments_of_one_user_count_together_and_nobody_elses() {
    let world = World::with(&[("WRITE_LIMIT", "3/10m")]).await;
    let (ada, bob) =
        (Person::user(&world, "ada@example.com").await, Person::user(&world, "bob@example.com").await);
    let post = write(&world, &ada).await.ok(201).body["id"].as_str().unwrap().to_owned();
    let (post, comments) = (format!("/posts/{post}"), format!("/posts/{post}/comments"));
    for _ in 0..2 {
        ada.post(&world, &comments, json!({ "body": "Words" })).await.ok(201);
    }
    let before = world.items().await;
    for refused in [write(&world, &ada).await, ada.post(&world, &comments, json!({ "body": "More" })).await] {
        assert_eq!(refused.header("retry-after"), "600", "to the end of the 10 minutes");
        refused.refused(429, "too_many_requests");
    }
    assert_eq!(world.items().await, before, "nothing was written, and nothing counted");
    // What is there she may change and take back.
    ada.patch(&world, &post, json!({ "title": "Another" })).await.ok(200);
    write(&world, &bob).await.ok(201);
    ada.delete(&world, &post).await.ok(204);
    write(&world, &ada).await.refused(429, "too_many_requests");
    world.wait(SignedDuration::from_mins(10));
    let ada = Person::sign_in(&world, "ada@example.com", tests::PASSWORD).await;
    write(&world, &ada).await.ok(201);
}

#[tokio::test]
async fn twenty_posts_at_once_are_no_more_than_are_allowed() {
    let world = Arc::new(World::with(&[("WRITE_LIMIT", "7/10m")]).await);
    let ada = Arc::new(Person::user(&world, "ada@example.com").await);
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (world, ada) = (world.clone(), ada.clone());
        tasks.spawn(async move { write(&world, &ada).await.status });
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 7, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 13, "{statuses:?}");
}

/// By itself it is on; and it can be off.
#[tokio::test]
async fn sixty_in_ten_minutes_unless_it_is_said_otherwise() {
    let world = World::with(&[("WRITE_LIMIT", "")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    for _ in 0..60 {
        write(&world, &ada).await.ok(201);
    }
    write(&world, &ada).await.refused(429, "too_many_requests");
    let world = World::with(&[("WRITE_LIMIT", "off")]).await;
    let ada = Person::user(&world, "ada@example.com").await;
    for _ in 0..61 {
        write(&world, &ada).await.ok(201);
    }
    assert!(
        world.items().await.iter().all(|item| !item["PK"].as_str().unwrap().starts_with("ATTEMPTS#write#"))
    );
}
