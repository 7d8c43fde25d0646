//! The table slow, throttled or gone. security.md H05, P05, P06, P08, H04.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::faults::{Fault, Faults};
use tests::{Call, Person, Reply, World};

/// What the issue promises for an answer.
pub(crate) const IN_TIME: Duration = Duration::from_secs(4);

/// A world behind a proxy, an admin and a user in it.
pub(crate) async fn world() -> (World, Faults, Person, Person) {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let root = Person::admin(&world, "root@example.com").await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let _ = faults.seen();
    (world, faults, root, ada)
}

pub(crate) fn login(person: &Person) -> Call {
    let body = json!({ "email": person.email, "password": person.password });
    Call::new("POST", "/auth/login").json(&body)
}

fn refresh(person: &Person) -> Call {
    Call::new("POST", "/auth/refresh").json(&json!({ "refresh_token": person.refresh_token }))
}

pub(crate) fn role(root: &Person, target: &Person, role: &str) -> Call {
    let path = format!("/admin/users/{}/role", target.id);
    Call::new("PUT", &path).json(&json!({ "role": role })).token(&root.access_token)
}

/// Operations that read, write, decide who may, or do all that.
fn calls(root: &Person, ada: &Person) -> Vec<(&'static str, Call)> {
    let register = json!({ "email": "eve@example.com", "password": tests::PASSWORD, "username": "eve" });
    vec![
        ("login", login(ada)),
        ("login of nobody", login(&Person { email: "nobody@example.com".to_owned(), ..ada.clone() })),
        ("refresh", refresh(ada)),
        ("me", Call::new("GET", "/users/me").token(&ada.access_token)),
        ("register", Call::new("POST", "/auth/register").json(&register)),
        ("forgot", Call::new("POST", "/auth/forgot-password").json(&json!({ "email": ada.email }))),
        ("list", Call::new("GET", "/admin/users").token(&root.access_token)),
        ("role", role(root, ada, "admin")),
        ("logout", Call::new("POST", "/auth/logout").token(&ada.access_token)),
        ("delete", Call::new("DELETE", "/users/me").token(&ada.access_token)),
    ]
}

pub(crate) async fn timed(world: &World, name: &str, call: Call) -> (String, Reply, Duration) {
    let started = Instant::now();
    let reply = world.call(call).await;
    (name.to_owned(), reply, started.elapsed())
}

/// H05, P05: everything is 503 with `Retry-After`, in time; nobody is told
/// "signed out", "forbidden" or "wrong" by mistake.
async fn everything_is_unavailable(world: &World, root: &Person, ada: &Person) {
    let calls = calls(root, ada);
    let asked = calls.into_iter().map(|(name, call)| timed(world, name, call));
    for (name, reply, took) in together(asked.collect()).await {
        assert_eq!((reply.status, reply.code()), (503, "temporarily_unavailable"), "{name}: {}", reply.body);
        assert!(reply.header("retry-after").parse::<u32>().is_ok(), "{name}");
        assert!(took < IN_TIME, "{name} took {took:?}");
    }
}

/// All at once, on this thread.
async fn together<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in &mut waiting {
            if output.is_none()
                && let std::task::Poll::Ready(done) = future.as_mut().poll(context)
            {
                *output = Some(done);
            }
        }
        if waiting.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}

/// Nothing was done while it failed, and all works again at once.
async fn everything_works_again(world: &World, faults: &Faults, root: &Person, ada: &Person) {
    faults.heal();
    let me = ada.get(world, "/users/me").await.ok(200);
    assert_eq!(me.body["role"], "user");
    let list = root.get(world, "/admin/users").await.ok(200);
    assert_eq!(list.body["data"].as_array().map(Vec::len), Some(2));
    let _ = ada.refresh(world).await.ok(200);
    let _ = world.call(login(ada)).await.ok(200);
}

async fn fails_closed(fault: Fault) {
    let (world, faults, root, ada) = world().await;
    faults.always(fault);
    everything_is_unavailable(&world, &root, &ada).await;
    everything_works_again(&world, &faults, &root, &ada).await;
}

#[tokio::test]
async fn a_table_that_hangs_is_503_within_4_seconds() {
    fails_closed(Fault::Hang).await;
}

#[tokio::test]
async fn a_table_that_throttles_is_503() {
    fails_closed(Fault::Throttled).await;
    fails_closed(Fault::Exceeded).await;
}

#[tokio::test]
async fn a_table_that_fails_is_503() {
    fails_closed(Fault::ServerError).await;
}

#[tokio::test]
async fn a_table_that_is_gone_is_503() {
    let (world, faults, root, ada) = world().await;
    faults.gone();
    everything_is_unavailable(&world, &root, &ada).await;
}

/// P05: one bad answer is nobody's business but the SDK's.
#[tokio::test]
async fn a_single_failure_is_retried_unseen() {
    let (world, faults, root, ada) = world().await;
    for fault in [Fault::Throttled, Fault::ServerError, Fault::Hang] {
        faults.next(1, "BatchGetItem", fault);
        let _ = ada.get(&world, "/users/me").await.ok(200);
        faults.next(1, "TransactWriteItems", fault);
        let wanted = if fault == Fault::ServerError { "user" } else { "admin" };
        let changed = world.call(role(&root, &ada, wanted)).await.ok(200);
        assert_eq!(changed.body["role"], wanted, "{fault:?}");
        if wanted == "admin" {
            let _ = world.call(role(&root, &ada, "user")).await.ok(200);
        }
    }
}

/// P08.
#[tokio::test]
async fn whatever_decides_is_read_consistently() {
    let (world, faults, root, ada) = world().await;
    for (_, call) in calls(&root, &ada) {
        let _ = world.call(call).await;
    }
    let seen = faults.seen();
    let listing = |seen: &tests::faults::Seen| seen.body["IndexName"].is_string();
    let reads =
        seen.iter().filter(|seen| ["GetItem", "Query"].contains(&seen.operation.as_str()) && !listing(seen));
    let batches = seen.iter().filter(|seen| seen.operation == "BatchGetItem");
    let batches = batches.flat_map(|seen| seen.body["RequestItems"].as_object().unwrap().values());
    let all: Vec<&Value> = reads.map(|seen| &seen.body).chain(batches).collect();
    assert!(all.len() > 10, "{}", all.len());
    assert!(all.iter().all(|read| read["ConsistentRead"] == true), "{all:?}");
    assert!(seen.iter().all(|seen| seen.operation != "Scan"));
}
