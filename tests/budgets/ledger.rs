//! What was asked of the table.

use std::future::Future;

use serde_json::Value;
use shared::model::Role;
use tests::faults::{Faults, Seen};
use tests::{PASSWORD, Person, World};

use crate::written::Row;

/// A world with the product's own limits, whose requests to the table are counted.
pub struct Ledger {
    /// The world.
    pub world: World,
    faults: Faults,
}

impl Ledger {
    /// With the default settings, `SOURCE_LIMIT` and `MAIL_LIMIT` too.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With other settings.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let faults = Faults::new().await;
        let settings = [&[("SOURCE_LIMIT", ""), ("MAIL_LIMIT", "")], settings].concat();
        let world = World::at(&settings, &faults.endpoint).await;
        let ledger = Self { world, faults };
        ledger.world.make_user("warm@example.com", |user| user.role = Role::Admin).await;
        ledger.warm().await;
        ledger.faults.in_rounds();
        ledger
    }

    /// Has each function read the keys, or make them.
    pub async fn warm(&self) {
        let warm = Person::sign_in(&self.world, "warm@example.com", PASSWORD).await;
        warm.get(&self.world, "/users/me").await.ok(200);
        warm.get(&self.world, "/admin/users").await.ok(200);
    }

    /// Somebody who is there and signed in.
    pub async fn person(&self, email: &str) -> Person {
        self.world.make_user(email, |_| ()).await;
        Person::sign_in(&self.world, email, PASSWORD).await
    }

    /// Does it, and panics unless it costs what the row of `docs/performance/budgets.md`
    /// with that name says.
    pub async fn holds<T>(&self, row: &str, act: impl Future<Output = T>) -> T {
        let _ = self.faults.seen();
        let done = act.await;
        // Where the machine is too busy to answer in time, the SDK asks again.
        let seen: Vec<Seen> = self.faults.seen().into_iter().filter(|seen| !seen.repeated).collect();
        let (trips, calls) = (trips(&seen), seen.len());
        let row = Row::named(row);
        assert!(
            (trips, calls) == (row.trips, row.calls),
            "{}: {trips} round trips and {calls} calls, and not {} and {}:\n{}",
            row.name,
            row.trips,
            row.calls,
            shown(&seen)
        );
        done
    }
}

fn trips(seen: &[Seen]) -> usize {
    let mut rounds: Vec<usize> = seen.iter().map(|seen| seen.round).collect();
    rounds.sort_unstable();
    rounds.dedup();
    rounds.len()
}

/// A line for each request: its round, what it does and to what.
fn shown(seen: &[Seen]) -> String {
    let first = seen.iter().map(|seen| seen.round).min().unwrap_or_default();
    let line = |seen: &Seen| {
        format!("  {}. {} {}", seen.round - first + 1, seen.operation, keys(&seen.body).join(", "))
    };
    seen.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The partition keys in a request, wherever they are.
fn keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(object) => {
            let own = object.get("PK").and_then(|pk| pk["S"].as_str()).map(str::to_owned);
            own.into_iter().chain(object.values().flat_map(keys)).collect()
        }
        Value::Array(values) => values.iter().flat_map(keys).collect(),
        _ => Vec::new(),
    }
}
