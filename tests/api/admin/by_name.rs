//! `GET /admin/users?name=`.

use serde_json::json;
use tests::{Person, World};

use crate::{eve_and_bob, names};

async fn somebody(world: &World, email: &str, names: [Option<&str>; 3]) -> Person {
    let person = Person::user(world, email).await;
    let body = json!({ "name": names[0], "first_name": names[1], "last_name": names[2] });
    person.patch(world, "/users/me", body).await.ok(200);
    person
}

async fn found(world: &World, eve: &Person, query: &str) -> Vec<String> {
    let reply = eve.get(world, &format!("/admin/users?{query}")).await.ok(200);
    names(&reply).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn users_are_found_by_how_their_name_begins_whatever_the_case() {
    let (world, eve, _) = eve_and_bob().await;
    somebody(&world, "ada@example.com", [None, Some("Ada"), Some("Lovelace")]).await;
    somebody(&world, "adam@example.com", [Some("adam smith"), Some("Not"), Some("Shown")]).await;
    somebody(&world, "strange@example.com", [Some("Ænima Öz#er"), None, None]).await;
    assert_eq!(found(&world, &eve, "name=ADA").await, ["ada", "adam"]);
    assert_eq!(found(&world, &eve, "name=ada%20l").await, ["ada"]);
    assert_eq!(found(&world, &eve, "name=%C3%86NIMA%20%C3%96Z%23").await, ["strange"]);
    assert!(found(&world, &eve, "name=lovelace").await.is_empty());
    assert_eq!(found(&world, &eve, "name=ad&limit=1").await, ["ada"]);
    assert!(found(&world, &eve, "name=ad&role=admin").await.is_empty());
}

#[tokio::test]
async fn pages_of_many_of_one_name_are_whole() {
    let (world, eve, _) = eve_and_bob().await;
    let mut expected = Vec::new();
    for number in 0..7 {
        world
            .make_user(&format!("jo{number}@example.com"), |user| {
                user.name = Some("Jo March".to_owned().try_into().unwrap());
            })
            .await;
        expected.push(format!("jo{number}"));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = eve.get(&world, &format!("/admin/users?name=jo%20m&limit=3{cursor}")).await.ok(200);
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    seen.sort();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn who_is_renamed_is_found_by_the_new_name_alone() {
    let (world, eve, _) = eve_and_bob().await;
    let ada = somebody(&world, "ada@example.com", [Some("Ada Byron"), None, Some("King")]).await;
    ada.patch(&world, "/users/me", json!({ "name": null })).await.ok(200);
    assert!(found(&world, &eve, "name=ada").await.is_empty());
    assert_eq!(found(&world, &eve, "name=king").await, ["ada"]);
    ada.patch(&world, "/users/me", json!({ "last_name": null })).await.ok(200);
    assert!(found(&world, &eve, "name=king").await.is_empty());
    eve.patch(&world, &format!("/users/{}", ada.id), json!({ "name": "Countess" })).await.ok(200);
    assert_eq!(found(&world, &eve, "name=countess").await, ["ada"]);
    eve.delete(&world, &format!("/users/{}", ada.id)).await.ok(204);
    assert!(found(&world, &eve, "name=countess").await.is_empty());
    assert!(!world.items().await.iter().any(|item| item.to_string().contains("countess")));
}

/// Typed on a Mac, say: a letter and its accent apart.
#[tokio::test]
async fn a_name_is_found_in_whatever_form_its_letters_are() {
    let (world, eve, _) = eve_and_bob().await;
    somebody(&world, "zoe@example.com", [Some("Zoe\u{308} Ma\u{fc}ller"), None, None]).await;
    for query in ["name=zo%C3%AB%20ma%C3%BC", "name=zoe%CC%88%20mau%CC%88"] {
        assert_eq!(found(&world, &eve, query).await, ["zoe"], "{query}");
    }
}

/// The index is read eventually: for a moment it may have both names.
#[tokio::test]
async fn who_is_in_the_index_twice_is_shown_once() {
    let (world, eve, _) = eve_and_bob().await;
    let ada = somebody(&world, "ada@example.com", [Some("Ada King"), None, None]).await;
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let put = world.client.put_item().table_name(&world.table);
    put.item("PK", text("NAME#left"))
        .item("SK", text("NAME"))
        .item("GSI1PK", text("NAMES"))
        .item("GSI1SK", text(&format!("ada byron#{}", ada.id)))
        .send()
        .await
        .unwrap();
    assert_eq!(found(&world, &eve, "name=ada").await, ["ada"]);
}

#[tokio::test]
async fn whatever_wins_a_race_the_list_has_the_name_that_stays() {
    let (world, eve, bob) = eve_and_bob().await;
    for _ in 0..3 {
        let patches = ["first_name", "last_name", "name"]
            .map(|field| bob.patch(&world, "/users/me", json!({ field: field.replace('_', " ") })));
        futures_util::future::join_all(patches).await;
        let shown =
            bob.get(&world, "/users/me").await.ok(200).body["name"].as_str().unwrap().replace(' ', "%20");
        assert_eq!(found(&world, &eve, &format!("name={shown}")).await, ["bob"]);
        let entries = world.items().await;
        let entries = entries.iter().filter(|item| item["PK"].as_str().unwrap().starts_with("NAME#"));
        assert_eq!(entries.count(), 1);
        bob.patch(&world, "/users/me", json!({ "name": null, "first_name": null, "last_name": null }))
            .await
            .ok(200);
    }
}

#[tokio::test]
async fn two_prefixes_an_order_and_no_prefix_are_refused() {
    let (world, eve, _) = eve_and_bob().await;
    for query in
        ["name=a&email=b", "name=a&username=b", "name=a&order=oldest", "name=", "name=%20", "name=a%C2%9B"]
    {
        eve.get(&world, &format!("/admin/users?{query}")).await.refused(400, "invalid_query");
    }
    let long = format!("name={}", "a".repeat(101));
    eve.get(&world, &format!("/admin/users?{long}")).await.refused(400, "invalid_query");
}
