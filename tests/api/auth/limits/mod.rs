//! How often one may try to sign in, and ask. security.md A11, A22, H02, H13, P09.

mod calls;
mod locks;
mod parallel;
mod settings;
mod sources;
mod strangers;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, Reply, World};

/// Where requests come from when they do not say.
const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.23";

/// A sign-in by address, from `source`.
async fn try_from(world: &World, source: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    world.call(Call::new("POST", "/auth/login").json(&body).from(source)).await
}

/// Gives wrong passwords, each of which is looked at.
async fn fail_from(world: &World, source: &str, email: &str, times: usize) {
    for time in 1..=times {
        let reply = try_from(world, source, email, OTHER_PASSWORD).await;
        assert_eq!(
            (reply.status, reply.code()),
            (401, "invalid_credentials"),
            "the {time}th: {}",
            reply.body
        );
    }
}

async fn fail(world: &World, email: &str, times: usize) {
    fail_from(world, HERE, email, times).await;
}

/// Panics unless it is the lock, for so many seconds more.
#[track_caller]
fn locked(reply: &Reply, seconds: i64) {
    reply.refused(429, "account_locked");
    assert_eq!(reply.header("retry-after"), seconds.to_string());
}

/// Panics unless it is the limit, for so many seconds more.
#[track_caller]
fn limited(reply: &Reply, seconds: i64) {
    reply.refused(429, "too_many_requests");
    assert_eq!(reply.header("retry-after"), seconds.to_string());
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

/// The counters in the table, of one scope.
async fn counters(world: &World, scope: &str) -> Vec<Value> {
    let prefix = format!("ATTEMPTS#{scope}#");
    let items = world.items().await.into_iter();
    items.filter(|item| item["PK"].as_str().is_some_and(|pk| pk.starts_with(&prefix))).collect()
}

/// What is counted against a sign-in name: wherever from, and from each source.
#[derive(Debug, PartialEq)]
struct Guessed {
    anywhere: u64,
    by_source: Vec<u64>,
}

/// What is counted against each name, but for names that nothing is counted against.
async fn guessed(world: &World) -> Vec<Guessed> {
    let of = |item: &Value| {
        let counts = item.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("count_"));
        let mut by_source: Vec<u64> = counts.filter_map(|(_, count)| count.as_u64()).collect();
        by_source.retain(|count| *count > 0);
        by_source.sort_unstable();
        Guessed { anywhere: item["count"].as_u64().unwrap_or(0), by_source }
    };
    let all = counters(world, "login").await;
    all.iter().map(of).filter(|counted| counted.anywhere > 0 || !counted.by_source.is_empty()).collect()
}
