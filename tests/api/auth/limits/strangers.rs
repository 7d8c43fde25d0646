//! What somebody else can do to a person's sign-in, and what not.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, World};

use super::{ELSEWHERE, Guessed, HERE, counters, fail, fail_from, guessed, locked, seconds, try_from};
use crate::steps::{login, reset, reset_token};

const ADA: &str = "ada@example.com";

async fn world() -> World {
    let world = World::new().await;
    Person::user(&world, ADA).await;
    world
}

/// Counts a hundred wrong sign-ins from elsewhere: one is real.
async fn a_hundred(world: &World) {
    fail_from(world, "192.0.2.1", ADA, 1).await;
    let text = |value: &Value| AttributeValue::S(value.as_str().unwrap().to_owned());
    let counter = counters(world, "login").await.pop().unwrap();
    let update = world.client.update_item().table_name(&world.table).update_expression("SET #c = :hundred");
    let update = update.expression_attribute_names("#c", "count");
    let update = update.expression_attribute_values(":hundred", AttributeValue::N("100".to_owned()));
    update.key("PK", text(&counter["PK"])).key("SK", text(&counter["SK"])).send().await.unwrap();
}

/// A11.
#[tokio::test]
async fn a_stranger_who_guesses_locks_only_the_strangers_source_out() {
    let world = world().await;
    fail_from(&world, ELSEWHERE, ADA, 5).await;
    locked(&try_from(&world, ELSEWHERE, ADA, PASSWORD).await, 1);
    fail(&world, ADA, 4).await;
    login(&world, ADA, PASSWORD).await.ok(200);
    locked(&try_from(&world, ELSEWHERE, ADA, PASSWORD).await, 1);
}

/// H02: only what API Gateway saw counts.
#[tokio::test]
async fn no_header_makes_another_source() {
    let world = world().await;
    for n in 0..10 {
        let mut call = Call::new("POST", "/auth/login")
            .json(&json!({ "email": ADA, "password": OTHER_PASSWORD }))
            .header("forwarded", &format!("for=192.0.2.{n}"));
        for name in ["x-forwarded-for", "x-real-ip", "true-client-ip", "cf-connecting-ip", "client-ip"] {
            call = call.header(name, &format!("192.0.2.{n}"));
        }
        let reply = world.call(call).await;
        assert_eq!(reply.status, if n < 5 { 401 } else { 429 }, "{n}");
    }
}

/// H02: a customer has at least a /64 of IPv6 to itself.
#[tokio::test]
async fn a_64_of_ipv6_is_one_source() {
    let world = world().await;
    for n in 1..=5 {
        fail_from(&world, &format!("2001:db8:1:2:{n}::{n}"), ADA, 1).await;
    }
    locked(&try_from(&world, "2001:db8:1:2:ffff:ffff:ffff:ffff", ADA, PASSWORD).await, 1);
    try_from(&world, "2001:db8:1:3::1", ADA, PASSWORD).await.ok(200);
    fail_from(&world, HERE, ADA, 5).await;
    locked(&try_from(&world, "::ffff:203.0.113.7", ADA, PASSWORD).await, 1);
}

/// H02: an event without an address, or with a bad one, is from one place.
#[tokio::test]
async fn what_comes_from_nowhere_is_one_source() {
    let world = world().await;
    for source in ["", "nowhere", "203.0.113.7, 192.0.2.1", "300.1.1.1", "203.0.113.7:80"] {
        fail_from(&world, source, ADA, 1).await;
    }
    let mut event =
        Call::new("POST", "/auth/login").json(&json!({ "email": ADA, "password": PASSWORD })).event();
    event["requestContext"]["http"].as_object_mut().unwrap().remove("sourceIp");
    locked(&world.send("auth", &event).await, 1);
    login(&world, ADA, PASSWORD).await.ok(200);
}

/// A11; NIST SP 800-63B-4 section 3.2.2: at most 100 without a consequence.
#[tokio::test]
async fn the_hundredth_wrong_password_in_a_day_locks_the_name_for_every_source() {
    let world = world().await;
    for host in 1..=20 {
        fail_from(&world, &format!("192.0.2.{host}"), ADA, 5).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 1);
    locked(&try_from(&world, ELSEWHERE, ADA, PASSWORD).await, 1);
    for (host, lock) in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].into_iter().enumerate() {
        locked(&try_from(&world, ELSEWHERE, ADA, PASSWORD).await, lock);
        world.wait(seconds(lock));
        fail_from(&world, &format!("198.51.100.{host}"), ADA, 1).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 900);
    world.wait(seconds(900));
    login(&world, ADA, PASSWORD).await.ok(200);
}

/// It was not counted here either, so that it is free once the other lock is over.
#[tokio::test]
async fn a_try_that_the_lock_of_all_sources_refuses_does_not_count() {
    let world = world().await;
    a_hundred(&world).await;
    for _ in 0..20 {
        locked(&try_from(&world, ELSEWHERE, ADA, OTHER_PASSWORD).await, 1);
    }
    world.wait(seconds(1));
    fail_from(&world, ELSEWHERE, ADA, 1).await;
    locked(&try_from(&world, ELSEWHERE, ADA, OTHER_PASSWORD).await, 2);
    let counted = guessed(&world).await;
    assert_eq!(counted.iter().map(|name| name.anywhere).collect::<Vec<_>>(), [101]);
}

/// A11: nobody can use up the hundred from one place.
#[tokio::test]
async fn tries_at_a_locked_source_do_not_count_for_the_others() {
    let world = world().await;
    fail_from(&world, ELSEWHERE, ADA, 5).await;
    for _ in 0..200 {
        locked(&try_from(&world, ELSEWHERE, ADA, OTHER_PASSWORD).await, 1);
    }
    assert_eq!(guessed(&world).await, [Guessed { anywhere: 5, by_source: vec![5] }]);
    login(&world, ADA, PASSWORD).await.ok(200);
}

/// A11; NIST SP 800-63B-4 section 3.2.2 counts failures in a row. Where guesses came
/// from stays locked.
#[tokio::test]
async fn a_sign_in_ends_the_lock_of_all_sources_but_no_other_sources_own() {
    let world = world().await;
    fail_from(&world, ELSEWHERE, ADA, 5).await;
    a_hundred(&world).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
    world.wait(seconds(1));
    login(&world, ADA, PASSWORD).await.ok(200);
    assert_eq!(guessed(&world).await, [Guessed { anywhere: 0, by_source: vec![1, 5] }]);
    login(&world, ADA, PASSWORD).await.ok(200);
    fail_from(&world, ELSEWHERE, ADA, 1).await;
    locked(&try_from(&world, ELSEWHERE, ADA, PASSWORD).await, 2);
}

#[tokio::test]
async fn a_new_day_or_a_reset_ends_the_lock_of_all_sources() {
    let world = world().await;
    a_hundred(&world).await;
    let token = reset_token(&world, ADA).await;
    reset(&world, &token, PASSWORD).await.ok(204);
    login(&world, ADA, PASSWORD).await.ok(200);
    a_hundred(&world).await;
    locked(&login(&world, ADA, PASSWORD).await, 1);
    // It is noon, and days begin at midnight, UTC.
    world.wait(SignedDuration::from_hours(12));
    login(&world, ADA, PASSWORD).await.ok(200);
    login(&world, ADA, PASSWORD).await.ok(200);
}

/// An item holds 400 KB, and what is counted of more than 200 sources is cleared as a whole:
/// so a name that is guessed at from everywhere, all day, can be signed in with still.
#[tokio::test]
async fn a_sign_in_clears_a_name_of_all_sources_where_there_are_very_many() {
    let world = world().await;
    fail_from(&world, ELSEWHERE, ADA, 5).await;
    let counter = counters(&world, "login").await.pop().unwrap();
    let mut item: HashMap<String, AttributeValue> = serde_dynamo::to_item(&counter).unwrap();
    for n in 0..200 {
        item.insert(format!("count_{n:016x}"), AttributeValue::N("1".to_owned()));
        item.insert(format!("last_{n:016x}"), AttributeValue::N("1".to_owned()));
    }
    world.client.put_item().table_name(&world.table).set_item(Some(item)).send().await.unwrap();
    assert_eq!(guessed(&world).await[0].by_source.len(), 201);
    login(&world, ADA, PASSWORD).await.ok(200);
    assert!(counters(&world, "login").await.is_empty());
    try_from(&world, ELSEWHERE, ADA, PASSWORD).await.ok(200);
}

/// What was counted of a day is in one item, which is another one tomorrow.
#[tokio::test]
async fn a_new_day_ends_the_lock_of_a_source() {
    let world = World::with(&[("LOGIN_LOCK_MAX", "24h")]).await;
    Person::user(&world, ADA).await;
    world.wait(SignedDuration::from_hours(11));
    fail(&world, ADA, 5).await;
    for doublings in 0..11 {
        world.wait(seconds(1 << doublings));
        fail(&world, ADA, 1).await;
    }
    locked(&login(&world, ADA, PASSWORD).await, 3600 - 2047);
    world.wait(seconds(3600 - 2047));
    login(&world, ADA, PASSWORD).await.ok(200);
}
