//! The operator's check of the totals, and what sets them right.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use shared::model::{Agent, Role, Standing, Status};
use shared::store::Recount;
use tests::{World, record};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Adds to a total what nobody counted.
async fn plant(world: &World, name: &str, number: i64) {
    let update = world.client.update_item().table_name(&world.table);
    let update = update.key("PK", text("STATS#TOTALS")).key("SK", text("COUNT"));
    let update = update.update_expression("ADD #name :number").expression_attribute_names("#name", name);
    let number = AttributeValue::N(number.to_string());
    update.expression_attribute_values(":number", number).send().await.unwrap();
}

async fn recount(world: &World) -> Recount {
    world.store.recount(|_| ()).await.unwrap()
}

fn is_right(recount: &Recount) -> bool {
    Standing::all().all(|one| recount.kept.of(one) == recount.found.of(one))
}

async fn three_users(world: &World) {
    world.make_user("a@example.com", |user| user.role = Role::Admin).await;
    world.make_user("b@example.com", |_| ()).await;
    world.make_user("c@example.com", |user| user.status = Status::Pending).await;
}

#[tokio::test]
async fn a_recount_finds_a_planted_difference_and_a_repair_takes_it_away() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    three_users(&world).await;
    worker.catch_up(&world).await;
    assert!(is_right(&recount(&world).await));
    plant(&world, "active_user", 5).await;
    plant(&world, "pending_user", -1).await;
    let found = recount(&world).await;
    assert!(!is_right(&found) && !found.is_moving, "{found:?}");
    assert_eq!((found.kept.sum(|_| true), found.found.sum(|_| true)), (7, 3));
    world.store.repair_totals(|_| ()).await.unwrap();
    assert!(is_right(&recount(&world).await));
    // And whoever changes or goes from then on is counted as ever.
    let ada = world.store.user_by_email(&"b@example.com".parse().unwrap()).await.unwrap().unwrap();
    world.store.set_role(&Agent::operator(), &ada, Role::Admin).await.unwrap().unwrap();
    worker.catch_up(&world).await;
    assert!(is_right(&recount(&world).await));
    assert_eq!(tests::invariants::Checker::new().check(&world).await, Vec::<String>::new());
}

/// An installation that had users before it had a worker.
#[tokio::test]
async fn a_repair_counts_whom_the_worker_never_saw_with_the_days_they_came() {
    let world = World::new().await;
    three_users(&world).await;
    assert!(!is_right(&recount(&world).await));
    world.store.repair_totals(|_| ()).await.unwrap();
    assert!(is_right(&recount(&world).await));
    let day = "2026-03-01".parse().unwrap();
    assert_eq!(world.store.days(day, day).await.unwrap()[0].sign_ups, 3);
    world.store.repair_totals(|_| ()).await.unwrap();
    assert_eq!(world.store.days(day, day).await.unwrap()[0].sign_ups, 3);
}

/// Who went without the worker having been told is not counted after a repair; nor is
/// that taken off a second time when the stream tells it at last.
#[tokio::test]
async fn a_removal_that_is_told_after_the_repair_is_not_taken_off_twice() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    three_users(&world).await;
    worker.catch_up(&world).await;
    let gone = world.store.user_by_email(&"b@example.com".parse().unwrap()).await.unwrap().unwrap();
    world.store.delete_user(&Agent::operator(), &gone).await.unwrap().unwrap();
    world.store.repair_totals(|_| ()).await.unwrap();
    assert!(is_right(&recount(&world).await));
    worker.catch_up(&world).await;
    assert!(is_right(&recount(&world).await));
    assert_eq!(recount(&world).await.kept.sum(|_| true), 2);
}

/// As the operator's machine and the worker's would: neither knows of the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_repair_beside_a_running_worker_loses_nothing() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for number in 0..30 {
        let user = world.make_user(&format!("user{number}@example.com"), |_| ()).await;
        ids.push(user.id);
    }
    for round in 0..4_usize {
        plant(&world, "active_user", 5).await;
        let twin = world.twin();
        let changing = ids.clone();
        let worker = tokio::spawn(async move {
            for (at, id) in changing.iter().enumerate() {
                let Some(user) = twin.stored(&id.to_string()).await else { continue };
                let operator = Agent::operator();
                if at % 7 == round && user.role == Role::User {
                    twin.store.delete_user(&operator, &user).await.unwrap().unwrap();
                } else {
                    let role = if user.role == Role::Admin { Role::User } else { Role::Admin };
                    let _ = twin.store.set_role(&operator, &user, role).await.unwrap();
                }
                let event = json!({ "Records": [record("MODIFY", &format!("USER#{id}"), "PROFILE")] });
                while twin.work(&event).await != json!({ "batchItemFailures": [] }) {}
            }
        });
        while world.store.repair_totals(|_| ()).await.is_err() {}
        worker.await.unwrap();
        let found = recount(&world).await;
        assert!(is_right(&found), "round {round}: {found:?}");
    }
}

/// One that was interrupted is gone on with, and what the worker counted meanwhile stays.
#[tokio::test]
async fn an_interrupted_repair_is_gone_on_with() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    three_users(&world).await;
    worker.catch_up(&world).await;
    plant(&world, "active_admin", 3).await;
    let update = world.client.update_item().table_name(&world.table);
    let update = update.key("PK", text("STATS#TOTALS")).key("SK", text("COUNT"));
    let begun = update.update_expression("SET next_round = :one");
    begun.expression_attribute_values(":one", AttributeValue::N("1".into())).send().await.unwrap();
    world.make_user("d@example.com", |_| ()).await;
    worker.catch_up(&world).await;
    assert_eq!(recount(&world).await.kept.sum(|_| true), 7, "what was wrong is wrong still");
    world.store.repair_totals(|_| ()).await.unwrap();
    assert!(is_right(&recount(&world).await));
}
