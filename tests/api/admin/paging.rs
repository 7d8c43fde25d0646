//! `GET /admin/users`: page by page.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;
use shared::model::{Role, Status};
use tests::{Person, World};

/// Eve and 59 others; every third is pending, all have usernames.
async fn sixty() -> (World, Person) {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    for n in 1..60 {
        world.wait(SignedDuration::from_millis(7));
        let username = format!("User-{n:02}").parse().unwrap();
        let email = format!("user-{n:02}@example.com");
        let make = world.make_user(&email, |user| {
            user.username = Some(username);
            user.status = if n % 3 == 0 { Status::Pending } else { Status::Active };
        });
        make.await;
    }
    (world, eve)
}

/// The addresses in all pages of a list, and how long each page was.
async fn walk(world: &World, admin: &Person, query: &str) -> (Vec<String>, Vec<usize>) {
    let (mut found, mut lengths, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = admin.get(world, &format!("/admin/users?{query}{cursor}")).await.ok(200).body;
        let data = page["data"].as_array().unwrap();
        found.extend(data.iter().map(|user| user["email"].as_str().unwrap().to_owned()));
        lengths.push(data.len());
        let Some(next) = page["next_cursor"].as_str() else {
            assert_eq!(page["has_more"], false);
            return (found, lengths);
        };
        assert_eq!(page["has_more"], true);
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn the_pages_show_each_user_exactly_once() {
    let (world, eve) = sixty().await;
    for order in ["newest", "oldest"] {
        for limit in [1, 7, 59, 60, 100] {
            let (found, _) = walk(&world, &eve, &format!("order={order}&limit={limit}")).await;
            assert_eq!(found.len(), 60, "{order} {limit}");
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 60);
            let mut sorted = found[..].to_vec();
            sorted.sort_by_key(|email| email.strip_prefix("user-").unwrap_or("00").to_owned());
            if order == "newest" {
                sorted.reverse();
            }
            assert_eq!(found, sorted, "{order} {limit}");
        }
    }
}

#[tokio::test]
async fn a_page_has_25_users_unless_asked_otherwise_and_100_at_most() {
    let (world, eve) = sixty().await;
    assert_eq!(walk(&world, &eve, "").await.1, [25, 25, 10]);
    assert_eq!(walk(&world, &eve, "limit=100").await.1, [60]);
    for n in 0..41 {
        world.make_user(&format!("more-{n}@example.com"), |_| ()).await;
    }
    assert_eq!(walk(&world, &eve, "limit=100").await.1, [100, 1]);
}

#[tokio::test]
async fn a_page_that_ends_where_the_list_does_says_so() {
    let (world, eve) = sixty().await;
    assert_eq!(walk(&world, &eve, "limit=60").await.1, [60]);
    assert_eq!(walk(&world, &eve, "limit=30").await.1, [30, 30]);
    assert_eq!(walk(&world, &eve, "limit=59").await.1, [59, 1]);
    assert_eq!(walk(&world, &eve, "email=user-&limit=59").await.1, [59]);
    assert_eq!(walk(&world, &eve, "username=user-1&limit=5").await.1, [5, 5]);
    assert_eq!(walk(&world, &eve, "status=pending&limit=19").await.1, [19]);
    assert_eq!(walk(&world, &eve, "status=pending&email=user-&limit=19").await.1, [19]);
}

#[tokio::test]
async fn the_pages_of_a_filtered_list_show_each_user_exactly_once() {
    let (world, eve) = sixty().await;
    for (query, count) in [
        ("status=pending", 19),
        ("status=active", 41),
        ("role=user", 59),
        ("email=user-", 59),
        ("username=USER-", 59),
        ("username=user-&status=pending", 19),
        ("email=user-&role=admin", 0),
    ] {
        for limit in [1, 4, 100] {
            let (found, _) = walk(&world, &eve, &format!("{query}&limit={limit}")).await;
            assert_eq!(found.len(), count, "{query}");
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), count, "{query}");
        }
    }
}

#[tokio::test]
async fn users_who_come_and_go_meanwhile_disturb_no_page() {
    let (world, eve) = sixty().await;
    let first = eve.get(&world, "/admin/users?limit=20").await.ok(200).body;
    let last = first["data"][19]["id"].as_str().unwrap();
    eve.delete(&world, &format!("/users/{last}")).await.ok(204);
    world.wait(SignedDuration::from_secs(1));
    world.make_user("late@example.com", |user| user.role = Role::Admin).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = eve.get(&world, &format!("/admin/users?limit=20&cursor={cursor}")).await.ok(200).body;
    let after = second["next_cursor"].as_str().unwrap();
    let third = eve.get(&world, &format!("/admin/users?limit=20&cursor={after}")).await.ok(200).body;
    assert_eq!(third["has_more"], false);
    let mut seen = BTreeSet::new();
    for page in [&first, &second, &third] {
        let data = page["data"].as_array().unwrap();
        assert_eq!(data.len(), 20);
        seen.extend(data.iter().map(|user| user["id"].as_str().unwrap()));
    }
    assert_eq!(seen.len(), 60);
}

/// H15
#[tokio::test]
async fn a_cursor_that_was_tampered_with_is_refused() {
    let (world, eve) = sixty().await;
    let page = eve.get(&world, "/admin/users?limit=5").await.ok(200).body;
    let cursor = page["next_cursor"].as_str().unwrap();
    let mut forged: Vec<String> = (0..cursor.len())
        .map(|at| {
            let other = if &cursor[at..=at] == "A" { "B" } else { "A" };
            format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])
        })
        .collect();
    forged.extend(["", "x", "=", "%00", "null", &cursor[1..], &cursor[..20]].map(str::to_owned));
    forged.extend([
        format!("{cursor}A"),
        format!("{cursor}="),
        page["data"][4]["id"].to_string().replace('"', ""),
    ]);
    for forged in forged {
        let path = format!("/admin/users?limit=5&cursor={forged}");
        eve.get(&world, &path).await.refused(400, "invalid_cursor");
    }
}

/// H15
#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let (world, eve) = sixty().await;
    let lists = [
        "",
        "order=oldest",
        "status=active",
        "status=pending",
        "role=user",
        "email=user-",
        "email=use",
        "username=user-",
        "email=user-&role=user",
    ];
    for list in lists {
        let page: Value = eve.get(&world, &format!("/admin/users?limit=2&{list}")).await.ok(200).body;
        let cursor = page["next_cursor"].as_str().unwrap();
        for other in lists {
            let reply = eve.get(&world, &format!("/admin/users?limit=3&{other}&cursor={cursor}")).await;
            if list == other {
                reply.ok(200);
            } else {
                reply.refused(400, "invalid_cursor");
            }
        }
    }
}
