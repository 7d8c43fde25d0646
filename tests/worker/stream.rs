//! What the worker makes of the stream, whatever is in it.

use local::stream::MAILER;
use serde_json::json;
use tests::{Person, World, record};

#[tokio::test]
async fn accounts_and_sessions_reach_the_worker_and_mails_do_not() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let _ = ada.refresh(&world).await.ok(200);
    worker.catch_up(&world).await;
    let key = |name: &str, at: usize| worker.brought[at]["dynamodb"]["Keys"][name]["S"].clone();
    let mut keys: Vec<_> = (0..worker.brought.len()).map(|at| (key("PK", at), key("SK", at))).collect();
    keys.sort_by_key(|(_, sk)| sk.to_string());
    let own = |sk: &str| (json!(format!("USER#{}", ada.id)), json!(sk));
    let session = format!("SESSION#{}", ada.session_id);
    assert_eq!(keys, [own("PROFILE"), own(&session), own(&session)]);
}

/// Each consumer of the stream goes on where it was, not where the other one is.
#[tokio::test]
async fn what_the_mailer_has_had_the_worker_still_gets() {
    let world = World::new().await;
    let (mut trigger, mut worker) = (world.trigger().await.mapped(MAILER), world.worker().await);
    world.make_user("ada@example.com", |_| ()).await;
    let mut mailer = |event| {
        let world = &world;
        async move { Ok(world.bring(&event).await) }
    };
    trigger.poll_once(&mut mailer).await.unwrap();
    worker.catch_up(&world).await;
    assert_eq!(worker.brought.len(), 1);
}

#[tokio::test]
async fn records_that_name_nothing_known_are_passed_over() {
    let world = World::new().await;
    let nothing = json!({ "batchItemFailures": [] });
    for event in [
        json!(null),
        json!({}),
        json!({ "Records": 7 }),
        json!({ "Records": [null, {}, { "eventName": 1 }] }),
    ] {
        assert_eq!(world.work(&event).await, nothing, "{event}");
    }
    let id = "019530c2-8f4d-7c3e-9b1a-5d2f6e8a7b40";
    for (pk, sk) in [
        ("USER#", "PROFILE".to_owned()),
        ("USER#nobody", "PROFILE".to_owned()),
        (&format!("USER#{id}"), "TOTP".to_owned()),
        (&format!("USER#{id}"), "SESSION#".to_owned()),
        (&format!("POST#{id}"), "COMMENT".to_owned()),
        ("MAIL#1", "MAIL".to_owned()),
    ] {
        for event in ["INSERT", "MODIFY", "REMOVE", "EXPLODE"] {
            let answer = world.work(&json!({ "Records": [record(event, pk, &sk)] })).await;
            assert_eq!(answer, nothing, "{event} {pk} / {sk}");
        }
    }
    assert_eq!(world.items().await.len(), 0);
}
