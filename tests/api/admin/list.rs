//! `GET /admin/users`: order, filters and what it refuses.

use jiff::SignedDuration;
use shared::model::{Role, Status};
use tests::{Person, World};

use crate::names;

/// Eve, the admin, then c, b and a, a second apart: of each status one, the
/// last an admin, too.
async fn four() -> (World, Person) {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    let others = [
        ("c", Status::Pending, Role::User),
        ("b", Status::Deactivated, Role::User),
        ("a", Status::Active, Role::Admin),
    ];
    for (name, status, role) in others {
        world.wait(SignedDuration::from_secs(1));
        world
            .make_user(&format!("{name}@example.com"), |user| (user.status, user.role) = (status, role))
            .await;
    }
    (world, eve)
}

#[tokio::test]
async fn users_are_listed_newest_first_or_oldest_first() {
    let (world, eve) = four().await;
    for (query, order) in [
        ("", ["a", "b", "c", "eve"]),
        ("?order=newest", ["a", "b", "c", "eve"]),
        ("?order=oldest", ["eve", "c", "b", "a"]),
    ] {
        let page = eve.get(&world, &format!("/admin/users{query}")).await.ok(200);
        assert_eq!(names(&page), order);
        assert_eq!(page.body["has_more"], false);
        assert_eq!(page.body["next_cursor"], serde_json::Value::Null);
    }
}

#[tokio::test]
async fn a_listed_user_is_the_user_document() {
    let (world, eve) = four().await;
    let page = eve.get(&world, "/admin/users?limit=1&order=oldest").await.ok(200);
    assert_eq!(page.body["data"][0], eve.get(&world, "/users/me").await.body);
}

#[tokio::test]
async fn users_are_filtered_by_status_and_role() {
    let (world, eve) = four().await;
    for (query, expected) in [
        ("status=pending", vec!["c"]),
        ("status=deactivated", vec!["b"]),
        ("status=active", vec!["a", "eve"]),
        ("role=admin", vec!["a", "eve"]),
        ("role=user", vec!["b", "c"]),
        ("role=user&status=active", vec![]),
        ("role=user&status=pending&order=oldest", vec!["c"]),
        ("role=admin&email=e", vec!["eve"]),
        ("status=deactivated&email=b", vec!["b"]),
        ("status=active&email=b", vec![]),
    ] {
        let page = eve.get(&world, &format!("/admin/users?{query}")).await.ok(200);
        assert_eq!(names(&page), expected, "{query}");
        assert_eq!(page.body["has_more"], false, "{query}");
    }
}

#[tokio::test]
async fn a_filter_sees_a_change_at_once() {
    let (world, eve) = four().await;
    let c = names(&eve.get(&world, "/admin/users?status=pending").await).len();
    assert_eq!(c, 1);
    let page = eve.get(&world, "/admin/users?status=pending").await.ok(200);
    let id = page.body["data"][0]["id"].as_str().unwrap();
    eve.put(&world, &format!("/admin/users/{id}/activate"), None).await.ok(200);
    assert!(names(&eve.get(&world, "/admin/users?status=pending").await).is_empty());
    assert_eq!(names(&eve.get(&world, "/admin/users?status=active").await), ["a", "c", "eve"]);
}

/// H12
#[tokio::test]
async fn a_bad_query_is_refused() {
    let (world, eve) = four().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1.5",
        "limit=ten",
        "limit=",
        "limit=4294967297",
        "limit=1&limit=2",
        "limit=1&limit=1",
        "page=2",
        "status=",
        "status=Active",
        "status=gone",
        "status=active&status=pending",
        "role=root",
        "role=admin&role=user",
        "order=",
        "order=asc",
        "order=newest&order=oldest",
        "email=",
        "email=%20",
        "username=",
        "email=a&username=a",
        "email=a&order=newest",
        "username=a&order=oldest",
        "email=a&email=b",
        "limit[]=1",
        "Limit=1",
        "status[$ne]=active",
        "id=1",
    ] {
        let refused = eve.get(&world, &format!("/admin/users?{query}")).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid_query"), "{query}");
    }
    let long = "a".repeat(255);
    eve.get(&world, &format!("/admin/users?email={long}")).await.refused(400, "invalid_query");
    eve.get(&world, &format!("/admin/users?username={}", &long[..31])).await.refused(400, "invalid_query");
}

#[tokio::test]
async fn a_user_does_not_list_users_whatever_the_query() {
    let (world, _) = four().await;
    let bob = Person::user(&world, "bob@example.com").await;
    for query in ["", "?limit=1", "?limit=0", "?cursor=x", "?email=bob"] {
        bob.get(&world, &format!("/admin/users{query}")).await.refused(403, "forbidden");
        world.get(&format!("/admin/users{query}")).await.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_query_where_there_is_none_is_refused() {
    let (world, eve) = four().await;
    for path in ["/users/me", "/users/me/sessions", &format!("/admin/users/{}", eve.id)] {
        eve.get(&world, &format!("{path}?limit=1")).await.refused(400, "invalid_query");
        eve.get(&world, &format!("{path}?")).await.ok(200);
    }
}
