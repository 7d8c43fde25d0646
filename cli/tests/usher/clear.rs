//! `usher clear`.

use aws_sdk_dynamodb::types::AttributeValue;
use tests::{Person, World};

use crate::run;

async fn keys(world: &World) -> Vec<String> {
    let items = world.items().await;
    let name = |item: &serde_json::Value| {
        format!("{} {}", item["PK"].as_str().unwrap(), item["SK"].as_str().unwrap())
    };
    let mut keys: Vec<String> = items.iter().map(name).collect();
    keys.retain(|key| ["POST", "AUTHOR#", "OF#", "TICKET#"].iter().any(|start| key.starts_with(start)));
    keys.sort();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_accounts_and_posts_that_are_gone_is_deleted_and_nothing_else() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let theirs = world.write_post(&bob.id, "Of Bob").await;
    world.write_comment(&bob.id, theirs.id, "Of Bob").await;
    let before = keys(&world).await;
    let post = world.write_post(&ada.id, "Of Ada").await;
    world.write_comment(&bob.id, post.id, "On Ada").await;
    world.write_comment(&ada.id, theirs.id, "Of Ada").await;
    let gone = world.write_post(&bob.id, "Gone").await;
    for _ in 0..40 {
        world.write_comment(&bob.id, gone.id, "On what is gone").await;
    }
    // No worker is here to do what follows from it.
    bob.delete(&world, &format!("/posts/{}", gone.id)).await.ok(204);
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let delete = world.client.delete_item().table_name(&world.table);
    delete.key("PK", text(&format!("USER#{}", ada.id))).key("SK", text("PROFILE")).send().await.unwrap();

    let endpoint = tests::endpoint().await;
    let clear = ["--table", &world.table, "--endpoint-url", &endpoint, "clear"];
    let said = run(&clear, "");
    assert!(said.ok && said.out.contains("left of 1 accounts and"), "{}{}", said.out, said.err);
    // What went with the post that went just now, if its comments came before it.
    assert!(run(&clear, "").ok);
    assert_eq!(keys(&world).await, before);
    let said = run(&clear, "");
    assert!(said.out.contains("0 accounts and 0 posts"), "{}{}", said.out, said.err);
}
