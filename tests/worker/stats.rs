//! What the statistics say of a life, and what one counts by hand.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::store::{Activity, Seen};
use tests::{PASSWORD, Person, Stream, World};

/// Three days of five people. Returns what the stream told of it.
///
/// On the first day Root, Ada, Bob, Eve and Pia come, Root is made an admin, Ada signs in
/// a second time, and Eve is shut out. The second day: Ada refreshes twice and becomes an
/// admin, Bob signs in and leaves. The third day: Root signs in, and signs out.
pub(crate) async fn live(world: &World, stream: &mut Stream) -> Vec<Value> {
    let root = Person::admin(world, "root@example.com").await;
    let ada = Person::registered(world, "ada@example.com").await;
    Person::registered(world, "bob@example.com").await;
    let eve = Person::registered(world, "eve@example.com").await;
    world.make_user("pia@example.com", |user| user.status = shared::model::Status::Pending).await;
    Person::sign_in(world, &ada.email, PASSWORD).await;
    let _ = root.put(world, &format!("/admin/users/{}/deactivate", eve.id), None).await.ok(200);
    let mut told = stream.take(world).await;
    world.wait(SignedDuration::from_hours(24));
    let refreshed = ada.refresh(world).await.ok(200);
    let _ = Person::from_tokens(&refreshed.body, PASSWORD).refresh(world).await.ok(200);
    let promoted = world.stored(&ada.id).await.unwrap();
    let operator = shared::model::Agent::operator();
    world.store.set_role(&operator, &promoted, shared::model::Role::Admin).await.unwrap().unwrap();
    let bob = Person::sign_in(world, "bob@example.com", PASSWORD).await;
    crate::remove(world, &bob).await;
    told.extend(stream.take(world).await);
    world.wait(SignedDuration::from_hours(24));
    let root = Person::sign_in(world, &root.email, PASSWORD).await;
    let _ = root.call(world, tests::Call::new("POST", "/auth/logout")).await.ok(204);
    told.extend(stream.take(world).await);
    told
}

/// What one counts by hand of that life.
pub(crate) fn by_hand() -> Value {
    let day = |day: &str, sign_ups: u64, sign_ins: u64, active: u64| json!({ "day": day, "sign_ups": sign_ups, "sign_ins": sign_ins, "active_users": active });
    json!({
        "users": {
            "total": 4,
            "by_status": { "active": 2, "pending": 1, "deactivated": 1, "deleted": 0 },
            "by_role": { "user": 2, "admin": 2 },
        },
        "days": [
            day("2026-02-28", 0, 0, 0),
            day("2026-03-01", 5, 5, 4),
            day("2026-03-02", 0, 1, 2),
            day("2026-03-03", 0, 1, 1),
        ],
        "months": [
            { "month": "2026-02", "active_users": 0 },
            { "month": "2026-03", "active_users": 4 },
        ],
    })
}

/// What the statistics say to an admin of the days of that life.
pub(crate) async fn stats(world: &World) -> Value {
    let root = Person::sign_in(world, "root@example.com", PASSWORD).await;
    root.get(world, "/admin/stats?from=2026-02-28&to=2026-03-03").await.ok(200).body
}

#[tokio::test]
async fn the_statistics_of_a_life_are_what_one_counts_by_hand() {
    let world = World::new().await;
    let mut stream = world.worker().await;
    let told = live(&world, &mut stream).await;
    crate::bring(&world, &told, 100).await;
    assert_eq!(stats(&world).await, by_hand());
    assert_eq!(tests::invariants::Checker::new().check(&world).await, Vec::<String>::new());
}

/// Somebody who came and went before the worker looked was there all the same.
#[tokio::test]
async fn who_comes_and_goes_at_once_signed_up_and_counts_no_more() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let mut worker = world.worker().await;
    let bob = Person::registered(&world, "bob@example.com").await;
    crate::remove(&world, &bob).await;
    worker.catch_up(&world).await;
    crate::bring(&world, &worker.brought, 1).await;
    let said = root.get(&world, "/admin/stats?from=2026-03-01").await.ok(200).body;
    assert_eq!((&said["users"]["total"], &said["days"][0]["sign_ups"]), (&json!(0), &json!(1)), "{said}");
}

/// Until the grace is over.
#[tokio::test]
async fn who_deleted_itself_counts_as_deleted() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let mut worker = world.worker().await;
    let bob = Person::registered(&world, "bob@example.com").await;
    let _ = bob.delete(&world, "/users/me").await.ok(204);
    worker.catch_up(&world).await;
    let said = root.get(&world, "/admin/stats").await.ok(200).body;
    assert_eq!(said["users"]["by_status"]["deleted"], 1, "{said}");
}

/// What is left of who is gone names nobody, and goes too.
#[tokio::test]
async fn of_who_is_gone_a_hash_of_the_id_is_left_that_goes_by_its_ttl() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let bob = Person::registered(&world, "bob@example.com").await;
    let _ = bob.refresh(&world).await.ok(200);
    worker.catch_up(&world).await;
    crate::remove(&world, &bob).await;
    worker.catch_up(&world).await;
    let items = world.items().await;
    let left = |item: &&Value| item["PK"].as_str().unwrap().starts_with("STATS#USER#");
    let left: Vec<&Value> = items.iter().filter(left).collect();
    assert_eq!(left.len(), 4, "{left:?}");
    for item in left {
        assert!(item["ttl"].is_u64(), "{item}");
        assert!(item["status"].is_null() && item["role"].is_null(), "{item}");
        let text = item.to_string();
        assert!(!text.contains("bob") && !text.contains(&bob.id), "{item}");
    }
}

/// The last day of a month ends with it, and a refresh counts where it happened.
#[tokio::test]
async fn a_month_has_each_user_once_and_the_next_one_again() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    let mut ada = Person::registered(&world, "ada@example.com").await;
    for _ in 0..20 {
        worker.catch_up(&world).await;
        world.wait(SignedDuration::from_hours(48));
        ada = Person::from_tokens(&ada.refresh(&world).await.ok(200).body, PASSWORD);
    }
    worker.catch_up(&world).await;
    let (from, to) = ("2026-03-01".parse().unwrap(), "2026-04-30".parse().unwrap());
    let months = world.store.months(from, to).await.unwrap();
    assert_eq!(months.iter().map(|month| month.active_users).collect::<Vec<_>>(), [1, 1]);
    let days = world.store.days(from, to).await.unwrap();
    assert_eq!((days.len(), days.iter().map(|day| day.active_users).sum::<u64>()), (61, 21));
    assert_eq!(days.iter().map(|day| day.sign_ins).sum::<u64>(), 1);
}

/// A batch that takes longer than the worker has goes on where it stopped.
#[tokio::test]
async fn what_is_not_counted_in_time_is_counted_by_the_next_and_nothing_twice() {
    let world = World::new().await;
    let mut seen = Seen::default();
    for number in 0..100 {
        let user = world.make_user(&format!("user{number}@example.com"), |_| ()).await;
        seen.users.insert(user.id, true);
        seen.activities.push(Activity { user: user.id, opened: None, at: world.now() });
    }
    let counted = async || world.store.user_totals().await.unwrap().sum(|_| true);
    assert!(world.store.count(&seen, &|| false).await.is_err());
    assert_eq!(counted().await, 0);
    let left = AtomicUsize::new(2);
    let twice = || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    assert!(world.store.count(&seen, &twice).await.is_err());
    assert_eq!(counted().await, 90, "two times 45");
    world.store.count(&seen, &|| true).await.unwrap();
    assert_eq!(counted().await, 100);
}
