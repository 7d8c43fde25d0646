//! `GET /admin/stats`: who may ask, and for what. What is counted is in `tests/worker/`.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::{Role, Status};
use tests::{Person, World};

fn texts<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[name].as_str().unwrap()).collect()
}

#[tokio::test]
async fn admins_alone_see_the_statistics() {
    let world = World::new().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    let ada = Person::user(&world, "ada@example.com").await;
    ada.get(&world, "/admin/stats").await.refused(403, "forbidden");
    world.get("/admin/stats").await.refused(401, "unauthenticated");
    let _ = root.get(&world, "/admin/stats").await.ok(200);
}

/// The last 30 days, each of them, though nothing was counted.
#[tokio::test]
async fn without_a_period_it_is_the_last_thirty_days() {
    let world = World::new().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    let said = root.get(&world, "/admin/stats").await.ok(200).body;
    let days = texts(&said["days"], "day");
    assert_eq!((days.len(), days[0], days[29]), (30, "2026-01-31", "2026-03-01"));
    assert_eq!(
        said["days"][29],
        json!({ "day": "2026-03-01", "sign_ups": 0, "sign_ins": 0, "active_users": 0 })
    );
    assert_eq!(texts(&said["months"], "month"), ["2026-01", "2026-02", "2026-03"]);
    let users = json!({
        "total": 0,
        "by_status": { "active": 0, "pending": 0, "deactivated": 0 },
        "by_role": { "user": 0, "admin": 0 },
    });
    assert_eq!(said["users"], users);
    let said = root.get(&world, "/admin/stats?to=2024-03-01").await.ok(200).body;
    assert_eq!(texts(&said["days"], "day")[0], "2024-02-01");
}

#[tokio::test]
async fn a_period_has_400_days_at_most_and_does_not_end_before_it_begins() {
    let world = World::new().await;
    let root = Person::an_admin(&world, "root@example.com").await;
    let said = root.get(&world, "/admin/stats?from=2025-01-26&to=2026-03-01").await.ok(200).body;
    assert_eq!(texts(&said["days"], "day").len(), 400);
    assert_eq!(texts(&said["months"], "month").len(), 15);
    for query in [
        "from=2025-01-25&to=2026-03-01",
        "from=0001-01-01",
        "from=2026-03-02&to=2026-03-01",
        "from=2026-03-02",
        "from=2026-02-30",
        "from=20260301",
        "from=2026-03-01T00:00:00Z",
        "from=2026-3-1",
        "from=-000001-01-01",
        "from=yesterday",
        "from=",
        "to=2026-03-01&to=2026-03-01",
        "day=2026-03-01",
    ] {
        root.get(&world, &format!("/admin/stats?{query}")).await.refused(400, "invalid_query");
    }
    for query in ["to=9999-12-31", "from=9999-12-31&to=9999-12-31", "from=0001-01-01&to=0001-01-01"] {
        let _ = root.get(&world, &format!("/admin/stats?{query}")).await.ok(200);
    }
}

/// DynamoDB deletes late: what is past its time counts as gone.
#[tokio::test]
async fn days_are_kept_for_400_days_and_months_for_good() {
    let world = World::new().await;
    let mut worker = world.worker().await;
    Person::an_admin(&world, "root@example.com").await;
    worker.catch_up(&world).await;
    world.wait(SignedDuration::from_hours(24 * 400));
    let (first, month) = ("2026-03-01".parse().unwrap(), "2026-03".to_owned());
    let last_time = world.store.days(first, first).await.unwrap();
    assert_eq!((last_time[0].sign_ups, last_time[0].active_users), (1, 1));
    world.wait(SignedDuration::from_hours(24));
    assert_eq!(world.store.days(first, first).await.unwrap()[0].sign_ups, 0);
    let months = world.store.months(first, first).await.unwrap();
    assert_eq!((&months[0].month, months[0].active_users), (&month, 1));
}

/// A status or role that is not in the lists would not be counted.
#[test]
fn every_status_and_role_is_counted() {
    let document = tests::openapi::document();
    let described = |name: &str| {
        let names = document["components"]["schemas"][name]["enum"].as_array().unwrap();
        names.iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(Status::ALL.map(Status::as_str).to_vec(), described("Status"));
    assert_eq!(Role::ALL.map(Role::as_str).to_vec(), described("Role"));
}
