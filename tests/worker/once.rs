//! Whatever the stream brings twice, late, in another order or at the same time, counts
//! once; and what fails on the way is made good when it is brought again.

use aws_sdk_dynamodb::types::AttributeValue;
use fastrand::Rng;
use serde_json::{Value, json};
use shared::model::{Agent, Role, Status};
use tests::faults::{Fault, Faults};
use tests::{World, record};

use crate::stats::{by_hand, live, stats};

/// Forgets all that was counted.
async fn forget(world: &World) {
    for item in world.items().await {
        let text = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
        if item["PK"].as_str().unwrap().starts_with("STATS#") {
            let delete = world.client.delete_item().table_name(&world.table);
            delete.key("PK", text("PK")).key("SK", text("SK")).send().await.unwrap();
        }
    }
}

/// What was counted, without what only says how often it was looked at.
async fn counted(world: &World) -> Vec<Value> {
    let mut items = world.items().await;
    items.retain(|item| item["PK"].as_str().unwrap().starts_with("STATS#"));
    items.sort_by_key(|item| format!("{}{}", item["PK"], item["SK"]));
    items
}

#[tokio::test]
async fn every_batch_brought_twice_changes_nothing() {
    let world = World::new().await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    crate::bring(&world, &told, 7).await;
    let before = counted(&world).await;
    for at_once in [1, 7, 100] {
        crate::bring(&world, &told, at_once).await;
        assert_eq!(counted(&world).await, before, "{at_once} at once");
    }
    assert_eq!(stats(&world).await, by_hand());
}

#[tokio::test]
async fn batches_in_any_order_come_to_the_same() {
    let world = World::new().await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    let mut rng = Rng::with_seed(7);
    for round in 0..12 {
        let mut records = told.clone();
        match round {
            0 => records.reverse(),
            _ => rng.shuffle(&mut records),
        }
        // And some of them twice.
        records.extend(told.iter().filter(|_| rng.bool()).cloned());
        forget(&world).await;
        crate::bring(&world, &records, rng.usize(1..12)).await;
        assert_eq!(stats(&world).await, by_hand(), "round {round}");
    }
}

/// Also the records of one batch.
#[tokio::test]
async fn a_batch_that_tells_a_thing_twice_counts_it_once() {
    let world = World::new().await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    let twice: Vec<Value> = told.iter().flat_map(|one| [one.clone(), one.clone()]).collect();
    crate::bring(&world, &twice, 100).await;
    assert_eq!(stats(&world).await, by_hand());
}

/// At each of its requests, in each way; then the stream brings the batch again.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_fails_in_the_middle_is_exact_once_the_batch_is_brought_again() {
    let faults = Faults::new().await;
    let engine = tests::endpoint().await;
    let endpoint = |name: &str| if name == "worker" { faults.endpoint.clone() } else { engine.clone() };
    let world = World::apart(&[], endpoint).await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    let event = json!({ "Records": told });
    let done = json!({ "batchItemFailures": [] });
    let before = faults.arrived();
    assert_eq!(world.work(&event).await, done);
    let requests = faults.arrived() - before;
    assert!(requests > 5, "{requests}");
    let mut failed = 0;
    for fault in [Fault::ServerError, Fault::Lost, Fault::ItemThrottled, Fault::Conflict, Fault::Unprocessed]
    {
        for skip in 0..requests {
            forget(&world).await;
            // So often that the SDK's own tries are used up.
            faults.after(skip, 8, fault);
            failed += usize::from(world.work(&event).await != done);
            faults.heal();
            assert_eq!(world.work(&event).await, done, "{fault:?} after {skip}");
            assert_eq!(stats(&world).await, by_hand(), "{fault:?} after {skip}");
        }
    }
    assert!(failed > requests, "{failed} of the batches failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_workers_with_the_same_records_count_once() {
    let world = World::new().await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    let mut rng = Rng::with_seed(20);
    let batches: Vec<Value> = (0..20)
        .map(|_| {
            let mut records = told.clone();
            rng.shuffle(&mut records);
            json!({ "Records": records })
        })
        .collect();
    let world = &world;
    let workers = batches.iter().map(|batch| async move {
        // As the stream does, until it is done.
        while world.work(batch).await != json!({ "batchItemFailures": [] }) {}
    });
    together(workers).await;
    assert_eq!(stats(world).await, by_hand());
}

/// A worker that is held up between its look and its write may have seen what is over by
/// then, and what another worker found nothing to do about.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_saw_what_is_over_does_not_have_the_last_word() {
    let faults = Faults::new().await;
    let engine = tests::endpoint().await;
    let endpoint = |name: &str| if name == "worker" { faults.endpoint.clone() } else { engine.clone() };
    let world = World::apart(&[], endpoint).await;
    let ada = world.make_user("ada@example.com", |_| ()).await;
    let set = async |status| {
        let is = world.stored(&ada.id.to_string()).await.unwrap();
        world.store.set_status(&Agent::operator(), &is, status).await.unwrap().unwrap();
    };
    let event = json!({ "Records": [record("MODIFY", &format!("USER#{}", ada.id), "PROFILE")] });
    let done = json!({ "batchItemFailures": [] });
    assert_eq!(world.work(&event).await, done);
    set(Status::Deactivated).await;
    faults.next(1, "TransactWriteItems", Fault::Hang);
    let slow = world.work(&event);
    let others = async {
        faults.struck().await;
        set(Status::Active).await;
        assert_eq!(world.work(&event).await, done);
    };
    let (said, ()) = tokio::join!(slow, others);
    assert_eq!(said, done);
    let recount = world.store.recount(|_| ()).await.unwrap();
    let active = shared::model::Standing { status: Status::Active, role: Role::User };
    assert_eq!((recount.kept.of(active), recount.kept.sum(|_| true)), (1, 1), "{recount:?}");
}

/// While accounts change and workers look, none of them ends with what it saw before.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_change_while_workers_count_are_counted_as_they_end() {
    let world = World::new().await;
    let mut users = Vec::new();
    for number in 0..4 {
        users.push(world.make_user(&format!("user{number}@example.com"), |_| ()).await);
    }
    let (world, users) = (&world, &users);
    let lives = users.iter().enumerate().map(|(number, user)| async move {
        let key = format!("USER#{}", user.id);
        let mut rng = Rng::with_seed(number as u64);
        for _ in 0..15 {
            let is = world.stored(&user.id.to_string()).await.unwrap();
            if rng.bool() {
                let role = if is.role == Role::Admin { Role::User } else { Role::Admin };
                let _ = world.store.set_role(&Agent::operator(), &is, role).await.unwrap();
            } else {
                let status = if is.status == Status::Active { Status::Deactivated } else { Status::Active };
                let _ = world.store.set_status(&Agent::operator(), &is, status).await.unwrap();
            }
            let event = json!({ "Records": [record("MODIFY", &key, "PROFILE")] });
            // Two shards' worth of workers, at the same time.
            let worker =
                |_| async { while world.work(&event).await != json!({ "batchItemFailures": [] }) {} };
            together((0..3).map(worker)).await;
        }
    });
    together(lives).await;
    let recount = world.store.recount(|_| ()).await.unwrap();
    for standing in shared::model::Standing::all() {
        assert_eq!(recount.kept.of(standing), recount.found.of(standing), "{recount:?}");
    }
    assert_eq!(recount.kept.sum(|_| true), 4);
}

async fn together<F: Future<Output = ()>>(futures: impl IntoIterator<Item = F>) {
    let mut all: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
