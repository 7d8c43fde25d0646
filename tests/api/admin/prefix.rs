//! `GET /admin/users` by the beginning of an address or a username.

use tests::{Person, World};

use crate::names;

async fn world() -> (World, Person) {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    for (email, username) in [
        ("carl@example.com", "Anna"),
        ("anna@example.com", "zorro"),
        ("ann@example.org", "annabel"),
        ("ANTON@example.com", "ANNIKA"),
        ("an_na@example.com", "an_na"),
    ] {
        world.make_user(email, |user| user.username = Some(username.parse().unwrap())).await;
    }
    (world, eve)
}

#[tokio::test]
async fn users_are_found_by_the_beginning_of_their_address_in_alphabetical_order() {
    let (world, eve) = world().await;
    for (prefix, expected) in [
        ("an", vec!["an_na", "ann", "anna", "anton"]),
        ("AN", vec!["an_na", "ann", "anna", "anton"]),
        ("ann", vec!["ann", "anna"]),
        ("ann@", vec!["ann"]),
        ("ann%40example.org", vec!["ann"]),
        ("an_", vec!["an_na"]),
        ("%25", vec![]),
        ("*", vec![]),
        ("nna", vec![]),
        ("anna@example.com.", vec![]),
    ] {
        let page = eve.get(&world, &format!("/admin/users?email={prefix}")).await.ok(200);
        assert_eq!(names(&page), expected, "{prefix}");
    }
}

#[tokio::test]
async fn users_are_found_by_the_beginning_of_their_username_in_alphabetical_order() {
    let (world, eve) = world().await;
    for (prefix, expected) in [
        ("an", vec!["an_na", "carl", "ann", "anton"]),
        ("ANN", vec!["carl", "ann", "anton"]),
        ("zorro", vec!["anna"]),
        ("zorro2", vec![]),
        ("eve", vec![]),
    ] {
        let page = eve.get(&world, &format!("/admin/users?username={prefix}")).await.ok(200);
        assert_eq!(names(&page), expected, "{prefix}");
    }
}

#[tokio::test]
async fn a_user_is_found_by_its_new_names_and_not_by_its_old() {
    let (world, eve) = world().await;
    let page = eve.get(&world, "/admin/users?email=carl").await.ok(200);
    let path = format!("/admin/users/{}", page.body["data"][0]["id"].as_str().unwrap());
    let change = serde_json::json!({ "email": "karl@example.com", "username": "Karl" });
    eve.patch(&world, &path, change).await.ok(200);
    for (query, count) in [("email=carl", 0), ("email=karl", 1), ("username=anna", 1), ("username=karl", 1)] {
        let page = eve.get(&world, &format!("/admin/users?{query}")).await.ok(200);
        assert_eq!(names(&page).len(), count, "{query}");
    }
    eve.delete(&world, &path).await.ok(204);
    assert!(names(&eve.get(&world, "/admin/users?email=karl").await).is_empty());
}
