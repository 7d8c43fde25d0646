//! `GET` and `PATCH /users/me`.

use serde_json::{Value, json};
use shared::model::PersonName;
use tests::{Person, START, World};

use crate::ada;

#[tokio::test]
async fn a_user_reads_all_that_there_is_to_read_of_itself_and_no_more() {
    let (world, ada) = ada().await;
    let me = ada.get(&world, "/users/me").await.ok(200);
    let expected = json!({
        "id": ada.id, "email": "ada@example.com", "email_verified": true, "username": null, "name": null,
        "first_name": null, "last_name": null, "locale": null, "role": "user", "status": "active",
        "created_at": START, "updated_at": START, "last_login_at": START,
    });
    assert_eq!(me.body, expected);
    assert_eq!(me.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_user_changes_its_names() {
    let (world, ada) = ada().await;
    world.wait(jiff::SignedDuration::from_secs(5));
    let change =
        json!({ "username": "Ada.L", "name": "Lady Lovelace", "first_name": "Ada", "last_name": "Lovelace" });
    let changed = ada.patch(&world, "/users/me", change.clone()).await.ok(200).body;
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(&changed[field], value);
    }
    assert_eq!(changed["updated_at"], "2026-03-01T12:00:05Z");
    assert_eq!(changed["created_at"], START);
    assert_eq!(ada.get(&world, "/users/me").await.body, changed);
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_empties() {
    let (world, ada) = ada().await;
    let all = json!({ "username": "ada", "name": "Lady Lovelace", "first_name": "Ada", "last_name": "L" });
    ada.patch(&world, "/users/me", all).await.ok(200);
    let fields = ["username", "name", "first_name", "last_name"];
    for (at, field) in fields.iter().enumerate() {
        let me = ada.patch(&world, "/users/me", json!({ *field: null })).await.ok(200).body;
        let stored = world.stored(&ada.id).await.unwrap();
        let found = [
            stored.username.is_some(),
            stored.name.is_some(),
            stored.first_name.is_some(),
            stored.last_name.is_some(),
        ];
        let expected: Vec<bool> = (0..fields.len()).map(|field| field > at).collect();
        assert_eq!(found[..], expected, "{field}: {me}");
    }
}

#[tokio::test]
async fn a_change_of_nothing_changes_nothing() {
    let (world, ada) = ada().await;
    ada.patch(&world, "/users/me", json!({ "username": "ada", "last_name": "L" })).await.ok(200);
    let before = ada.get(&world, "/users/me").await.ok(200).body;
    world.wait(jiff::SignedDuration::from_secs(5));
    assert_eq!(ada.patch(&world, "/users/me", json!({})).await.ok(200).body, before);
    assert_eq!(ada.get(&world, "/users/me").await.body, before);
}

/// Z03
#[tokio::test]
async fn a_user_cannot_give_itself_a_role_or_any_other_field_that_is_not_its_to_set() {
    let (world, ada) = ada().await;
    let before = world.items().await;
    let values = [
        ("role", json!("admin")),
        ("status", json!("active")),
        ("email", json!("new@example.com")),
        ("email_verified", json!(true)),
        ("id", json!(ada.id)),
        ("created_at", json!(START)),
        ("password", json!("a new password that is good")),
        ("hash", json!("x")),
        ("session_epoch", json!(9)),
        ("PK", json!("USER#x")),
        ("nickname", json!("a")),
    ];
    for (field, value) in values {
        let refused = ada.patch(&world, "/users/me", json!({ "name": "Ada", field: value })).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{field}"));
        assert_eq!(refused.body["errors"][0]["code"], "unknown_field");
    }
    assert_eq!(world.items().await, before);
}

/// H07
#[tokio::test]
async fn a_bad_value_is_named_and_nothing_is_changed() {
    let (world, ada) = ada().await;
    let before = world.stored(&ada.id).await.unwrap().updated_at;
    world.wait(jiff::SignedDuration::from_secs(5));
    let long = "x".repeat(31);
    for username in
        [json!("ab"), json!(long), json!("a b"), json!("a@b.c"), json!("ädä"), json!(7), json!([])]
    {
        refused_field(&world, &ada, "username", username).await;
    }
    let long = "x".repeat(101);
    for name in [json!(""), json!("  "), json!(long), json!("a\nb"), json!("a\u{0}b"), json!({}), json!(true)]
    {
        for field in ["name", "first_name", "last_name"] {
            refused_field(&world, &ada, field, name.clone()).await;
        }
    }
    assert_eq!(world.stored(&ada.id).await.unwrap().updated_at, before);
}

async fn refused_field(world: &World, person: &Person, field: &str, value: Value) {
    let refused = person.patch(world, "/users/me", json!({ field: value })).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["pointer"], format!("/{field}"), "{}", refused.body);
}

/// H12
#[tokio::test]
async fn a_field_given_twice_is_refused() {
    let (world, ada) = ada().await;
    let call = tests::Call::new("PATCH", "/users/me").header("content-type", "application/json");
    let refused = ada.call(&world, call.raw(r#"{"name": "Ada", "name": "Eve"}"#)).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["code"], "duplicate_field");
    assert_eq!(world.stored(&ada.id).await.unwrap().name, None);
}

#[tokio::test]
async fn a_name_that_is_absent_is_first_and_last_name_joined() {
    let (world, ada) = ada().await;
    for (change, name) in [
        (json!({ "first_name": "Ada" }), json!("Ada")),
        (json!({ "last_name": "Lovelace" }), json!("Ada Lovelace")),
        (json!({ "name": "Augusta" }), json!("Augusta")),
        (json!({ "name": null }), json!("Ada Lovelace")),
        (json!({ "first_name": null }), json!("Lovelace")),
        (json!({ "last_name": null }), json!(null)),
    ] {
        assert_eq!(ada.patch(&world, "/users/me", change).await.ok(200).body["name"], name);
    }
}

#[tokio::test]
async fn a_name_is_kept_without_its_margins() {
    let (world, ada) = ada().await;
    ada.patch(&world, "/users/me", json!({ "name": "  Ada  " })).await.ok(200);
    let name = world.stored(&ada.id).await.unwrap().name.unwrap();
    assert_eq!(name, PersonName::try_from("Ada".to_owned()).unwrap());
}
