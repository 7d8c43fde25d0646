//! Items that do not read as a function writes them.

use aws_sdk_dynamodb::types::AttributeValue;
use tests::World;

use crate::{comment_of, people, post_of};

/// A tool left them, or an older version.
#[tokio::test]
async fn items_that_do_not_read_hide_no_others() {
    let (world, ada, bob, eve) = people().await;
    let first = post_of(&world, &ada).await;
    comment_of(&world, &ada, &first).await;
    let spoiled = [post_of(&world, &bob).await, comment_of(&world, &bob, &first).await, "POSTS".to_owned()];
    let last = post_of(&world, &ada).await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    spoil(&world, &format!("POST#{}", id(&spoiled[0])), "POST").await;
    spoil(&world, &format!("POST#{}", id(&first)), &format!("COMMENT#{}", id(&spoiled[1]))).await;
    for end in ["", "0", "1"] {
        spoil(&world, "POSTS", &format!("POST#{}{end}", id(&last).replace('-', ""))).await;
    }
    spoil(&world, &format!("USER#{}", bob.id), "PROFILE").await;
    let seen = async |list: &str| {
        let mut ids = Vec::new();
        let mut path = format!("{list}?limit=1");
        loop {
            let page = eve.get(&world, &path).await.ok(200).body;
            ids.extend(
                page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next_cursor"].as_str() else { return ids };
            path = format!("{list}?limit=1&cursor={next}");
        }
    };
    let mut posts = seen("/posts").await;
    // Made in one millisecond, they come in any order.
    posts.sort_by_key(|post| *post == id(&last));
    assert_eq!(posts, [id(&first), id(&last)]);
    assert_eq!(seen(&format!("{first}/comments")).await.len(), 1);
    assert_eq!(seen("/admin/users").await.len(), 2, "Ada and Eve");
}

/// Makes all of an item but its keys of a form that nobody knows.
async fn spoil(world: &World, pk: &str, sk: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let mut put = world.client.put_item().table_name(&world.table).item("PK", text(pk)).item("SK", text(sk));
    if let Some(user) = pk.strip_prefix("USER#") {
        put = put.item("GSI1PK", text("USERS")).item("GSI1SK", text(user));
    }
    put.item("id", AttributeValue::N("7".to_owned())).send().await.unwrap();
}
