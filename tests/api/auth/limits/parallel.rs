//! Many tries at once: each is counted before it is looked at.

use std::sync::Arc;

use serde_json::{Value, json};
use tests::{OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use super::{Guessed, counters, fail, fail_from, guessed, seconds, try_from};
use crate::steps::{at_once, count, login};

const ADA: &str = "ada@example.com";

async fn sign_in_all(world: &Arc<World>, bodies: Vec<Value>) -> Vec<Reply> {
    let requests = bodies.into_iter().map(|body| {
        let world = world.clone();
        move || {
            let (world, body) = (world.clone(), body.clone());
            async move { world.post("/auth/login", body).await }
        }
    });
    at_once(requests).await
}

/// Panics unless `most` of the tries were looked at, and all others refused with
/// this code. On a busy machine a count is repeated whose answer did not come in
/// time: then fewer pass, and never more.
fn passed(replies: &[Reply], most: usize, code: &str) {
    let (passed, refused) = (count(replies, 401, "invalid_credentials"), count(replies, 429, code));
    assert!((1..=most).contains(&passed), "{passed} of {most} passed: {replies:?}");
    assert_eq!(passed + refused, replies.len(), "{replies:?}");
}

/// A11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_guesses_at_once_five_are_looked_at() {
    let world = Arc::new(World::new().await);
    Person::user(&world, ADA).await;
    for name in [ADA, "nobody@example.com"] {
        let body = json!({ "email": name, "password": OTHER_PASSWORD });
        let replies = sign_in_all(&world, vec![body; 50]).await;
        passed(&replies, 5, "account_locked");
    }
}

/// The counter of long ago is still in the table, and is begun anew once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_guesses_slip_through_where_the_last_ones_are_to_be_forgotten() {
    let world = Arc::new(World::new().await);
    Person::user(&world, ADA).await;
    fail(&world, ADA, 5).await;
    world.wait(seconds(900));
    let body = json!({ "email": ADA, "password": OTHER_PASSWORD });
    let replies = sign_in_all(&world, vec![body; 50]).await;
    passed(&replies, 5, "account_locked");
    assert_eq!(guessed(&world).await[0].by_source, [5]);
}

/// Each saw the same lock, which was over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_guesses_that_waited_for_a_lock_one_is_looked_at() {
    let world = Arc::new(World::new().await);
    Person::user(&world, ADA).await;
    fail(&world, ADA, 5).await;
    for (lock, tries) in [(1, 6), (2, 7)] {
        world.wait(seconds(lock));
        let body = json!({ "email": ADA, "password": OTHER_PASSWORD });
        passed(&sign_in_all(&world, vec![body; 50]).await, 1, "account_locked");
        assert_eq!(guessed(&world).await, [Guessed { anywhere: tries, by_source: vec![tries] }]);
    }
}

/// The same where a hundred guesses from anywhere led to the lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_sources_that_waited_for_the_lock_of_all_one_is_looked_at() {
    let world = Arc::new(World::new().await);
    Person::user(&world, ADA).await;
    for host in 1..=20 {
        fail_from(&world, &format!("192.0.2.{host}"), ADA, 5).await;
    }
    world.wait(seconds(1));
    let requests = (1..=30).map(|host| {
        let world = world.clone();
        move || {
            let (world, source) = (world.clone(), format!("198.51.100.{host}"));
            async move { try_from(&world, &source, ADA, OTHER_PASSWORD).await }
        }
    });
    passed(&at_once(requests).await, 1, "account_locked");
    assert_eq!(guessed(&world).await[0].anywhere, 101);
}

/// H13.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_names_tried_at_once_from_one_source_thirty_are_looked_at() {
    let world = Arc::new(World::with(&[("SOURCE_LIMIT", "")]).await);
    let body = |n| json!({ "email": format!("p{n}@example.com"), "password": OTHER_PASSWORD });
    let replies = sign_in_all(&world, (0..50).map(body).collect()).await;
    passed(&replies, 30, "too_many_requests");
}

/// The price: of one name and source no more than five are under way at a time,
/// with the right password, too. None is locked out by that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_right_sign_ins_at_once_lock_nobody_out() {
    let world = Arc::new(World::with(&[("SOURCE_LIMIT", "")]).await);
    world.make_user(ADA, |_| ()).await;
    let body = json!({ "email": ADA, "password": PASSWORD });
    let replies = sign_in_all(&world, vec![body; 50]).await;
    let (right, refused) = (count(&replies, 200, ""), count(&replies, 429, "account_locked"));
    assert!(right >= 5 && right + refused == 50, "{replies:?}");
    for reply in replies.iter().filter(|reply| reply.status == 429) {
        assert_eq!(reply.header("retry-after"), "1");
    }
    for _ in 0..20 {
        login(&world, ADA, PASSWORD).await.ok(200);
    }
    assert_eq!(guessed(&world).await, []);
    let left = counters(&world, "source-login").await;
    // Ten may stay. A count that was repeated is taken back once.
    let little = |counter: &Value| counter["count"].as_u64().is_some_and(|count| count < 15);
    assert!(left.iter().all(little), "{left:?}");
}

/// H13: counted and put into the outbox at once, so no more mails than are let pass, and none
/// of those lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_links_asked_for_at_once_thirty_are_mailed() {
    let world = Arc::new(World::with(&[("SOURCE_LIMIT", "")]).await);
    let requests = (0..50).map(|n| {
        let world = world.clone();
        move || {
            let (world, body) = (world.clone(), json!({ "email": format!("p{n}@example.com") }));
            async move { world.post("/auth/forgot-password", body).await }
        }
    });
    let replies = at_once(requests).await;
    let (asked, refused) = (count(&replies, 202, ""), count(&replies, 429, "too_many_requests"));
    assert!((1..=30).contains(&asked) && asked + refused == 50, "{replies:?}");
    assert_eq!(world.store.waiting_mails().await.unwrap().len(), asked);
}
