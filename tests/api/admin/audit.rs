//! `GET /admin/audit` and `GET /admin/users/{id}/audit`. security.md L03, L06.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, PASSWORD, Person, World};

use crate::eve_and_bob;

/// `action actor subject details` of each event, the oldest first; people by name.
fn told(page: &Value, people: &[(&str, &Person)]) -> Vec<String> {
    let name = |id: &Value| {
        let id = id.as_str().unwrap();
        people.iter().find(|(_, person)| person.id == id).map_or(id, |(name, _)| name).to_owned()
    };
    let lines = page["data"].as_array().unwrap().iter().rev().map(|event| {
        let details = event["details"].as_object().unwrap().iter();
        let details = details.filter(|(name, _)| *name != "session_id");
        let details: Vec<String> = details.map(|(k, v)| format!("{k}={}", v.as_str().unwrap())).collect();
        let who = format!("{} {}", name(&event["actor"]), name(&event["subject"]));
        format!("{} {who} {}", event["action"].as_str().unwrap(), details.join(",")).trim().to_owned()
    });
    lines.collect()
}

#[tokio::test]
async fn what_admins_do_to_accounts_is_written_down_once() {
    let (world, eve, bob) = eve_and_bob().await;
    let path = format!("/admin/users/{}", bob.id);
    let tick = || world.wait(SignedDuration::from_secs(1));
    tick();
    let since = world.now();
    eve.put(&world, &format!("{path}/role"), Some(json!({ "role": "admin" }))).await.ok(200);
    eve.put(&world, &format!("{path}/role"), Some(json!({ "role": "admin" }))).await.ok(200);
    tick();
    eve.put(&world, &format!("{path}/role"), Some(json!({ "role": "user" }))).await.ok(200);
    tick();
    eve.put(&world, &format!("{path}/deactivate"), None).await.ok(200);
    tick();
    eve.put(&world, &format!("{path}/activate"), None).await.ok(200);
    tick();
    eve.delete(&world, &format!("{path}/sessions")).await.ok(204);
    tick();
    eve.patch(&world, &path, json!({ "name": "Robert", "email": "robert@example.com" })).await.ok(200);
    tick();
    eve.delete(&world, &path).await.ok(204);
    let page = eve.get(&world, &format!("/admin/audit?from={since}")).await.ok(200).body;
    let expected = [
        "authz_change eve bob role=admin",
        "authz_change eve bob role=user",
        "authz_admin eve bob status=deactivated",
        "authz_admin eve bob status=active",
        "authz_admin eve bob sessions=all",
        "user_updated eve bob fields=name email",
        "user_deleted eve bob",
    ];
    assert_eq!(told(&page, &[("eve", &eve), ("bob", &bob)]), expected);
    let event = &page["data"][0];
    assert_eq!(
        (&event["network"], &event["request_id"]),
        (&json!("203.0.113.0/24"), &json!("JKJaXmPLvHcESHA="))
    );
    assert_eq!(event["time"], json!(world.now()));
    // What is gone left its history, and no name in it.
    let history = eve.get(&world, &format!("{path}/audit")).await.ok(200).body;
    assert!(told(&history, &[("eve", &eve), ("bob", &bob)]).ends_with(&expected.map(str::to_owned)));
    assert!(!history.to_string().to_lowercase().contains("robert"), "{history}");
}

#[tokio::test]
async fn what_was_refused_is_not_written_down() {
    let (world, eve, bob) = eve_and_bob().await;
    world.wait(SignedDuration::from_secs(1));
    let since = world.now();
    eve.put(&world, &format!("/admin/users/{}/role", eve.id), Some(json!({ "role": "user" })))
        .await
        .refused(409, "last_admin");
    bob.delete(&world, &format!("/admin/users/{}", eve.id)).await.refused(403, "forbidden");
    let eves = json!({ "email": eve.email });
    eve.patch(&world, &format!("/admin/users/{}", bob.id), eves).await.refused(409, "email_taken");
    let page = eve.get(&world, &format!("/admin/audit?from={since}")).await.ok(200).body;
    assert_eq!(page["data"], json!([]));
}

/// Twelve role changes of two users on four days, and the admin.
async fn four_days() -> (World, Person, Person, Person) {
    let (world, eve, bob) = eve_and_bob().await;
    let dan = Person::user(&world, "dan@example.com").await;
    for _ in 0..3 {
        world.wait(SignedDuration::from_hours(24));
        let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
        for person in [&bob, &dan] {
            for role in ["admin", "user"] {
                world.wait(SignedDuration::from_secs(1));
                let path = format!("/admin/users/{}/role", person.id);
                eve.put(&world, &path, Some(json!({ "role": role }))).await.ok(200);
            }
        }
    }
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    (world, eve, bob, dan)
}

/// The ids of all pages, in order.
async fn walk(world: &World, admin: &Person, path: &str, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(world, &format!("{path}?{query}{cursor}")).await.ok(200).body;
        ids.extend(page["data"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn the_pages_show_each_event_once_the_newest_first_over_days_and_filters() {
    let (world, eve, bob, _) = four_days().await;
    let audit = "/admin/audit";
    let all = walk(&world, &eve, audit, "limit=100").await;
    let mut sorted = all.clone();
    sorted.sort();
    sorted.dedup();
    sorted.reverse();
    assert_eq!(all, sorted);
    for limit in [1, 2, 3, 4, 5, 7] {
        assert_eq!(walk(&world, &eve, audit, &format!("limit={limit}")).await, all, "{limit}");
    }
    for (query, expected) in [
        ("action=authz_change".to_owned(), 12),
        (format!("action=authz_change&subject={}", bob.id), 6),
        (format!("actor={}&action=authz_change", eve.id), 12),
        (format!("actor={}", bob.id), 0),
        ("actor=operator&action=user_created".to_owned(), 3),
        ("from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z".to_owned(), 4),
        ("from=2026-03-04T12:00:02Z&action=authz_change".to_owned(), 4),
        ("to=2026-03-01T12:00:00Z".to_owned(), 0),
        ("from=2026-03-03T00:00:00Z&to=2026-03-02T00:00:00Z".to_owned(), 0),
    ] {
        for limit in [1, 5, 100] {
            let found = walk(&world, &eve, audit, &format!("limit={limit}&{query}")).await;
            assert_eq!(found.len(), expected, "limit={limit}&{query}");
        }
    }
    // By account also what is no change: signing in.
    let logins = format!("subject={}&action=authn_login_success", eve.id);
    assert_eq!(walk(&world, &eve, audit, &logins).await.len(), 5);
    assert_eq!(walk(&world, &eve, audit, "action=authn_login_success").await.len(), 0);
}

#[tokio::test]
async fn a_long_quiet_time_is_walked_in_pages_that_may_be_empty() {
    let (world, eve, bob) = eve_and_bob().await;
    world.wait(SignedDuration::from_hours(24 * 300));
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    let first = eve.get(&world, "/admin/audit?from=2026-01-01T00:00:00Z").await.ok(200).body;
    assert_eq!((&first["data"], &first["has_more"]), (&json!([]), &json!(true)));
    let all = walk(&world, &eve, "/admin/audit", "from=2026-01-01T00:00:00Z").await;
    assert_eq!(all.len(), 2, "eve and {} were made", bob.id);
    assert_eq!(eve.get(&world, "/admin/audit").await.ok(200).body["data"], json!([]));
}

#[tokio::test]
async fn an_event_is_gone_after_400_days() {
    let (world, eve, _) = eve_and_bob().await;
    for (days, left) in [(399, true), (2, false)] {
        world.wait(SignedDuration::from_hours(24 * days));
        let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
        let made = walk(&world, &eve, "/admin/audit", "from=2026-01-01T00:00:00Z").await;
        assert_eq!(!made.is_empty(), left, "{days}");
    }
}

#[tokio::test]
async fn bad_queries_and_foreign_cursors_are_refused() {
    let (world, eve, bob) = eve_and_bob().await;
    for query in [
        "from=yesterday",
        "to=2026-02-30T00:00:00Z",
        "actor=eve",
        "subject=operator",
        "action=login",
        "limit=0",
        "limit=101",
        "since=1",
        "from=2026-03-01T00:00:00Z&from=2026-03-01T00:00:00Z",
    ] {
        eve.get(&world, &format!("/admin/audit?{query}")).await.refused(400, "invalid_query");
    }
    let of_bob = format!("/admin/users/{}/audit", bob.id);
    eve.get(&world, &format!("{of_bob}?action=user_created")).await.refused(400, "invalid_query");
    let page = eve.get(&world, "/admin/audit?limit=1").await.ok(200).body;
    let cursor = page["next_cursor"].as_str().unwrap();
    for path in [format!("{of_bob}?cursor={cursor}"), format!("/admin/audit?actor=operator&cursor={cursor}")]
    {
        eve.get(&world, &path).await.refused(400, "invalid_cursor");
    }
}

/// A15: on role changes, too.
#[tokio::test]
async fn who_becomes_an_admin_or_is_one_no_more_gets_a_mail() {
    let (world, eve, bob) = eve_and_bob().await;
    for role in ["admin", "user"] {
        world.wait(SignedDuration::from_secs(1));
        let call = Call::new("PUT", &format!("/admin/users/{}/role", bob.id));
        let _ = eve.call(&world, call.json(&json!({ "role": role }))).await.ok(200);
    }
    let subjects: Vec<String> =
        world.mails_to(&bob.email).await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["You are an administrator now", "You are no longer an administrator"]);
}

/// DynamoDB deletes late: what is past its time is read and skipped, and the list ends.
#[tokio::test]
async fn events_past_their_time_hold_up_no_list() {
    let (world, eve, bob) = eve_and_bob().await;
    for n in 0..60 {
        let body = json!({ "name": format!("Bob {n}") });
        let _ = eve.patch(&world, &format!("/admin/users/{}", bob.id), body).await;
    }
    world.wait(SignedDuration::from_hours(24 * 401));
    let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
    let path = format!("/admin/users/{}/audit", bob.id);
    assert!(walk(&world, &eve, &path, "limit=5").await.is_empty());
    let of_eve = walk(&world, &eve, &format!("/admin/users/{}/audit", eve.id), "limit=1").await;
    assert_eq!(of_eve.len(), 1, "the sign-in just now");
}
