//! The checker of invariants finds what is wrong: each violation is planted once.

use serde_json::{Value, json};
use shared::model::{Role, UserId};
use tests::invariants::{Checker, Snapshot, token};
use tests::{PASSWORD, Person, World};

/// A world that holds an item of each kind, and its snapshot.
async fn snapshot() -> Snapshot {
    let world = World::new().await;
    world.make_user("root@example.com", |user| user.role = Role::Admin).await;
    world.make_user("bob@example.com", |user| user.username = Some("Bob".parse().unwrap())).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    world.deliver().await;
    let _ = world.post("/auth/register", json!({ "email": "eve@example.com", "password": PASSWORD })).await;
    let mailed = world.mailbox.messages().iter().filter_map(|mail| token(&mail.text)).collect();
    Snapshot::of(&world, mailed).await
}

/// The item whose `PK` begins and `SK` begins so.
fn item<'a>(snapshot: &'a mut Snapshot, pk: &str, sk: &str) -> &'a mut Value {
    let begins = |item: &Value, name: &str, with: &str| item[name].as_str().unwrap().starts_with(with);
    let found = snapshot.items.iter_mut().find(|item| begins(item, "PK", pk) && begins(item, "SK", sk));
    found.unwrap_or_else(|| panic!("{pk} {sk}"))
}

fn remove(snapshot: &mut Snapshot, pk: &str, sk: &str) {
    let gone = item(snapshot, pk, sk).clone();
    snapshot.items.retain(|item| *item != gone);
}

fn stranger() -> Value {
    json!(UserId::NOBODY)
}

/// Ada's profile.
fn ada(snapshot: &mut Snapshot) -> &mut Value {
    snapshot
        .items
        .iter_mut()
        .find(|item| item["email"] == "ada@example.com" && item["SK"] == "PROFILE")
        .unwrap()
}

/// An event of that kind.
fn event<'a>(snapshot: &'a mut Snapshot, action: &str) -> &'a mut Value {
    snapshot.items.iter_mut().find(|item| item["action"] == action).unwrap()
}

type Plant = fn(&mut Snapshot);

/// What is planted, and what the checker says of it.
const PLANTS: &[(&str, Plant)] = &[
    ("is of no known kind", |s| s.items.push(json!({ "PK": "NEW#1", "SK": "NEW" }))),
    ("is of no known kind", |s| item(s, "USER#", "PROFILE")["SK"] = json!("OTHER")),
    ("does not read as what it is", |s| item(s, "USER#", "PROFILE")["role"] = json!("king")),
    ("does not read as what it is", |s| item(s, "USER#", "SESSION#")["counter"] = json!("x")),
    ("does not read as what it is", |s| item(s, "TICKET#", "")["ticket"] = json!("x")),
    ("does not read as what it is", |s| item(s, "MAIL#", "")["mail"] = json!(7)),
    ("does not read as what it is", |s| item(s, "PRIVATEKEY#", "")["sealed"] = json!(null)),
    ("is not in the index as it should be", |s| item(s, "USER#", "PROFILE")["GSI1PK"] = json!(null)),
    ("is not in the index as it should be", |s| item(s, "EMAIL#", "")["GSI1SK"] = json!("other")),
    ("is in the index", |s| item(s, "TICKET#", "")["GSI1PK"] = json!("TICKETS")),
    ("has no ttl", |s| item(s, "MAIL#", "")["ttl"] = json!(null)),
    ("has a ttl that is not its expiry", |s| item(s, "USER#", "SESSION#")["ttl"] = json!(null)),
    ("has a ttl that is not its expiry", |s| item(s, "TICKET#", "")["ttl"] = json!(1)),
    ("has a ttl: it would go by itself", |s| item(s, "USER#", "PROFILE")["ttl"] = json!(1)),
    ("has no claim on its address", |s| remove(s, "EMAIL#ada", "CLAIM")),
    ("has no claim on its address", |s| item(s, "EMAIL#ada", "")["user_id"] = stranger()),
    ("has no claim on its username", |s| remove(s, "USERNAME#bob", "CLAIM")),
    ("has no claim on its username", |s| item(s, "USERNAME#bob", "")["user_id"] = stranger()),
    ("is an address that no user has", |s| ada(s)["email"] = json!("other@example.com")),
    ("is an address that no user has", |s| item(s, "EMAIL#ada", "")["user_id"] = stranger()),
    ("claims another address than its key", |s| {
        item(s, "EMAIL#ada", "")["PK"] = json!("EMAIL#x@example.com");
    }),
    ("is a username that no user has", |s| item(s, "USERNAME#bob", "")["PK"] = json!("USERNAME#rob")),
    ("is among the admins but no admin", |s| item(s, "ADMINS", "")["SK"] = stranger()),
    ("is an admin but not among the admins", |s| remove(s, "ADMINS", "")),
    ("is an admin but not among the admins", |s| ada(s)["role"] = json!("admin")),
    ("has another id than its key", |s| ada(s)["id"] = stranger()),
    ("has another id than its key", |s| item(s, "MAIL#", "")["PK"] = json!("MAIL#x")),
    ("has another id than its key", |s| item(s, "TICKET#", "")["PK"] = json!("TICKET#x")),
    ("has other ids than its keys", |s| item(s, "USER#", "SESSION#")["user_id"] = stranger()),
    ("is of an epoch that has not begun", |s| item(s, "USER#", "SESSION#")["epoch"] = json!(1)),
    ("is alive, but its user is shut out", |s| ada(s)["status"] = json!("deactivated")),
    ("is gone, but a session of it can be refreshed", |s| s.ghosts.push("USER#x".to_owned())),
    ("was mailed to nobody, and no mail waits", |s| s.mailed.clear()),
    ("is not known to its mail", |s| {
        let id = item(s, "MAIL#", "")["id"].clone();
        let ticket = item(s, "TICKET#", "");
        ticket["PK"] = json!(format!("TICKET#{}", id.as_str().unwrap()));
        ticket["id"] = id;
    }),
    ("its ticket is gone, and nobody has had the link", |s| {
        item(s, "MAIL#", "")["ticket_made"] = json!(true);
    }),
    ("is published but not there", |s| remove(s, "PRIVATEKEY#", "")),
    ("is there but not published", |s| item(s, "KEYS", "")["keys"] = json!([])),
    ("is a second factor of nobody", |s| {
        s.items.push(json!({ "PK": "USER#x", "SK": "TOTP", "sealed": "x", "confirmed_at": "x" }));
    }),
    ("has no second factor, but it is asked for one", |s| ada(s)["mfa_since"] = json!("x")),
    ("disagrees with its second factor", |s| {
        let pk = ada(s)["PK"].clone();
        s.items.push(json!({ "PK": pk, "SK": "TOTP", "sealed": "x", "confirmed_at": "x" }));
    }),
    ("has a ttl: it would go by itself", |s| {
        let pk = ada(s)["PK"].clone();
        s.items.push(json!({ "PK": pk, "SK": "TOTP", "sealed": "x", "confirmed_at": "x", "ttl": 1 }));
    }),
    ("is not in the index as it should be", |s| event(s, "user_created")["GSI1PK"] = json!("AUDIT#")),
    ("is in the index", |s| event(s, "authn_login_success")["GSI1PK"] = json!("AUDIT#")),
    ("tells of another account, or is another event", |s| event(s, "user_created")["subject"] = stranger()),
    ("was made, but no event says so", |s| event(s, "user_created")["action"] = json!("user_updated")),
    ("has a role that no event gave it", |s| event(s, "user_created")["details"]["role"] = json!("king")),
    ("has a status that no event gave it", |s| event(s, "user_created")["details"]["status"] = json!("x")),
    ("was opened, but no event says so", |s| event(s, "authn_login_success")["details"] = json!({})),
    ("is gone, but no event says so", |s| {
        let mut lost = event(s, "user_created").clone();
        lost["PK"] = json!("AUDIT#x");
        lost["subject"] = json!("x");
        s.items.push(lost);
    }),
    ("no active admin is left", |s| {
        let id = item(s, "ADMINS", "")["SK"].clone();
        remove(s, "ADMINS", "");
        item(s, &format!("USER#{}", id.as_str().unwrap()), "PROFILE")["role"] = json!("user");
    }),
];

#[tokio::test]
async fn each_violation_is_found_and_named() {
    let good = snapshot().await;
    for (expected, plant) in PLANTS {
        let mut checker = Checker::new();
        assert_eq!(checker.judge(&good), [""; 0]);
        let mut bad = good.clone();
        plant(&mut bad);
        let found = checker.judge(&bad);
        assert!(found.iter().any(|violation| violation.contains(expected)), "{expected}: {found:?}");
    }
}

/// What is in the table is what is judged.
#[tokio::test]
async fn the_whole_table_is_read() {
    use aws_sdk_dynamodb::types::AttributeValue;
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    assert_eq!(Checker::new().check(&world).await, [""; 0]);
    let key = |name: &str, value: &str| (name.to_owned(), AttributeValue::S(value.to_owned()));
    let profile = [key("PK", &format!("USER#{}", ada.id)), key("SK", "PROFILE")];
    world.client.delete_item().table_name(&world.table).set_key(Some(profile.into())).send().await.unwrap();
    let found = Checker::new().check(&world).await;
    // The session that stays behind was tried, and is of no use.
    let event = format!("USER#{}: is gone, but no event says so", ada.id);
    assert_eq!(found, ["EMAIL#ada@example.com / CLAIM: is an address that no user has", &event]);
}
