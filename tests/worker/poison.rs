//! Items that do not read as a function writes them: a tool left them, or an older version.
//! They hold up nobody.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::{Person, World, record};

use crate::cascade::{comment, naming, written};

/// Its key says enough.
#[tokio::test]
async fn an_item_that_does_not_read_goes_with_the_others() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let theirs = world.write_post(&bob.id, "Of Bob").await;
    let post = world.write_post(&ada.id, "Of Ada").await;
    let said = world.write_comment(&ada.id, theirs.id, "Of Ada").await;
    comment(&world, &bob, &post, 3).await;
    let of_ada = format!("AUTHOR#{}", ada.id);
    // Without its attributes; with a key that says nothing; and a comment by nobody.
    plant(&world, &of_ada, &format!("COMMENT#{}#{}", theirs.id, said.id)).await;
    plant(&world, &of_ada, "POST#of-another-system").await;
    plant(&world, &of_ada, "GARBAGE").await;
    plant(&world, &format!("OF#{}", ada.id), "GARBAGE").await;
    plant(&world, &format!("POST#{}", post.id), "COMMENT#GARBAGE").await;
    crate::remove(&world, &ada).await;
    let records = [
        record("REMOVE", &format!("USER#{}", ada.id), "PROFILE"),
        record("REMOVE", &format!("POST#{}", post.id), "POST"),
    ];
    let done = world.work(&json!({ "Records": records })).await;
    assert_eq!(done, json!({ "batchItemFailures": [] }));
    assert_eq!(naming(&world, &ada.id).await, Vec::<Value>::new());
    assert_eq!(written(&world).await.len(), 3, "Bob's post, and where it is listed");
}

async fn plant(world: &World, pk: &str, sk: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let item = [("PK", text(pk)), ("SK", text(sk)), ("author_id", AttributeValue::N("7".to_owned()))];
    let item = item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    world.client.put_item().table_name(&world.table).set_item(Some(item)).send().await.unwrap();
}

/// Nor does a mark of the statistics that does not read.
#[tokio::test]
async fn a_mark_that_does_not_read_holds_up_nobody_elses_count() {
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let bob = Person::user(&world, "bob@example.com").await;
    let made = |who: &Person| record("INSERT", &format!("USER#{}", who.id), "PROFILE");
    world.work(&json!({ "Records": [made(&ada)] })).await;
    let marks = world.items().await.into_iter().filter(|item| item["SK"] == "COUNTED");
    let marks: Vec<Value> = marks.collect();
    let [mark] = &marks[..] else { panic!("{marks:?}") };
    let key = |name: &str| AttributeValue::S(mark[name].as_str().unwrap().to_owned());
    let put = world.client.put_item().table_name(&world.table).item("PK", key("PK")).item("SK", key("SK"));
    put.item("version", AttributeValue::S("garbage".to_owned())).send().await.unwrap();
    let records = [&ada, &bob].map(made);
    let done = world.work(&json!({ "Records": records })).await;
    assert_eq!(done, json!({ "batchItemFailures": [] }));
    assert_eq!(world.store.user_totals().await.unwrap().sum(|_| true), 2, "Ada, once, and Bob");
}
