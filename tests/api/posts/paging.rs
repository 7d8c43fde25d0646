//! Lists of posts and comments, page by page.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;
use shared::model::PostId;
use tests::faults::{Faults, Seen};
use tests::{Person, World};

use crate::people;

/// The ids of all pages of a list, and how many each page had.
async fn pages(world: &World, who: &Person, path: &str, limit: usize) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = who.get(world, &format!("{path}?limit={limit}{cursor}")).await.ok(200).body;
        let data = page["data"].as_array().unwrap();
        ids.extend(data.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()));
        sizes.push(data.len());
        assert_eq!(page["has_more"], page["next_cursor"].is_string());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, sizes),
        }
    }
}

/// Ten of the same millisecond, ten of others.
async fn written(world: &World, ada: &Person) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..20 {
        if number >= 10 {
            world.wait(SignedDuration::from_millis(1));
        }
        ids.push(world.write_post(&ada.id, "Words").await.id.to_string());
    }
    ids.sort();
    ids.reverse();
    ids
}

#[tokio::test]
async fn posts_come_the_newest_first_each_once_whatever_the_page() {
    let (world, ada, bob, _) = people().await;
    let all = written(&world, &ada).await;
    for (limit, sizes) in [(7, vec![7, 7, 6]), (10, vec![10, 10]), (1, vec![1; 20]), (100, vec![20])] {
        assert_eq!(pages(&world, &bob, "/posts", limit).await, (all.clone(), sizes));
    }
    let first = bob.get(&world, "/posts").await.ok(200).body;
    assert_eq!(first["data"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn comments_come_the_newest_first_each_once_whatever_the_page() {
    let (world, ada, bob, _) = people().await;
    let post = world.write_post(&ada.id, "Words").await;
    // Of others nothing is listed.
    let other = world.write_post(&ada.id, "Words").await;
    world.write_comment(&bob.id, other.id, "Elsewhere").await;
    let mut all = Vec::new();
    for number in 0..30 {
        if number >= 10 {
            world.wait(SignedDuration::from_millis(1));
        }
        all.push(world.write_comment(&bob.id, post.id, "Words").await.id.to_string());
    }
    all.sort();
    all.reverse();
    let path = format!("/posts/{}/comments", post.id);
    for (limit, sizes) in [(7, vec![7, 7, 7, 7, 2]), (30, vec![30]), (29, vec![29, 1])] {
        assert_eq!(pages(&world, &ada, &path, limit).await, (all.clone(), sizes));
    }
    assert_eq!(ada.get(&world, &path).await.ok(200).body["data"].as_array().unwrap().len(), 25);
}

#[tokio::test]
async fn posts_that_come_and_go_between_pages_shift_nothing() {
    let (world, ada, bob, _) = people().await;
    let all = written(&world, &ada).await;
    let page = bob.get(&world, "/posts?limit=10").await.ok(200).body;
    world.write_post(&ada.id, "Newer").await;
    // The last one of the page, which the cursor stands on, and the next one.
    for id in &all[9..11] {
        ada.delete(&world, &format!("/posts/{id}")).await.ok(204);
    }
    let next = format!("/posts?limit=10&cursor={}", page["next_cursor"].as_str().unwrap());
    let page = bob.get(&world, &next).await.ok(200).body;
    let ids: Vec<&str> =
        page["data"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap()).collect();
    assert_eq!(ids, all[11..]);
    assert_eq!(page["has_more"], false);
}

#[tokio::test]
async fn a_cursor_is_good_for_the_list_that_it_came_from() {
    let (world, ada, ..) = people().await;
    let (post, other) = (world.write_post(&ada.id, "One").await, world.write_post(&ada.id, "Two").await);
    for _ in 0..2 {
        world.write_comment(&ada.id, post.id, "Words").await;
    }
    let lists = [
        "/posts".to_owned(),
        format!("/posts/{}/comments", post.id),
        format!("/posts/{}/comments", other.id),
    ];
    let mut cursors = BTreeSet::new();
    for list in &lists[..2] {
        let page = ada.get(&world, &format!("{list}?limit=1")).await.ok(200);
        cursors.insert((list.clone(), page.body["next_cursor"].as_str().unwrap().to_owned()));
    }
    let made_up = [String::new(), "x".to_owned(), "AAAA".repeat(9), PostId::new(world.now()).to_string()];
    let tampered: Vec<String> = cursors.iter().map(|(_, cursor)| format!("{cursor}AA")).collect();
    for list in &lists {
        for cursor in made_up.iter().chain(&tampered) {
            ada.get(&world, &format!("{list}?cursor={cursor}")).await.refused(400, "invalid_cursor");
        }
        for (of, cursor) in &cursors {
            let reply = ada.get(&world, &format!("{list}?cursor={cursor}")).await;
            assert_eq!(reply.status, if of == list { 200 } else { 400 }, "{of} {list}");
        }
        for limit in ["0", "101", "-1", "x", ""] {
            ada.get(&world, &format!("{list}?limit={limit}")).await.refused(400, "invalid_query");
        }
    }
}

#[tokio::test]
async fn an_empty_list_is_a_page_without_a_next_one() {
    let (world, ada, ..) = people().await;
    let empty: Value = serde_json::json!({ "data": [], "next_cursor": null, "has_more": false });
    assert_eq!(ada.get(&world, "/posts").await.ok(200).body, empty);
    let post = world.write_post(&ada.id, "Words").await;
    assert_eq!(ada.get(&world, &format!("/posts/{}/comments", post.id)).await.ok(200).body, empty);
}

/// 100 texts of 10,000 characters of four bytes would be 4 MB and 1,000 units to read.
#[tokio::test]
async fn a_page_of_the_longest_texts_is_short_and_all_pages_have_them_each_once() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let long = "\u{1F600}".repeat(10_000);
    let post = world.write_post(&ada.id, &"\u{1f600}".repeat(200)).await;
    for _ in 0..60 {
        world.write_comment(&ada.id, post.id, &long).await;
        let listed = world.write_post(&ada.id, "Long").await;
        let path = format!("/posts/{}", listed.id);
        ada.patch(&world, &path, serde_json::json!({ "body": long })).await.ok(200);
    }
    for list in ["/posts".to_owned(), format!("/posts/{}/comments", post.id)] {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let _ = faults.seen();
            let page = ada.get(&world, &format!("{list}?limit=100{cursor}")).await.ok(200);
            let looked_up: usize = faults.seen().iter().map(keys).sum();
            assert!(looked_up <= 25 + 3, "{list}: {looked_up} items looked up");
            assert!(page.text.len() < 1_200_000, "{list}: {}", page.text.len());
            ids.extend(page.body["data"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(ids.len() >= 60 && ids.is_sorted_by(|one, next| one > next), "{list}: each once");
    }
}

/// How many items a request asks for by key.
fn keys(seen: &Seen) -> usize {
    let tables = seen.body["RequestItems"].as_object().into_iter().flatten();
    tables.map(|(_, table)| table["Keys"].as_array().map_or(0, Vec::len)).sum()
}
