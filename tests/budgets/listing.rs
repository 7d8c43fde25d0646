//! A page of the list of users.

use serde_json::Value;
use shared::model::{Role, Status};
use tests::Person;

use crate::Ledger;

/// A world with forty people, and an admin who signed in.
async fn ledger() -> (Ledger, Person) {
    people(40).await
}

async fn people(number: usize) -> (Ledger, Person) {
    let ledger = Ledger::new().await;
    let root = Person::an_admin(&ledger.world, "root@example.com").await;
    for n in 0..number {
        let change = |user: &mut shared::model::User| {
            user.username = Some(format!("person{n}").parse().unwrap());
            user.name = Some(format!("Person {n}").try_into().unwrap());
            user.status = if n % 2 == 0 { Status::Active } else { Status::Deactivated };
            user.role = if n % 10 == 0 { Role::Admin } else { Role::User };
        };
        ledger.world.make_user(&format!("person{n}@example.com"), change).await;
    }
    (ledger, root)
}

/// The first page and the next one, each held to the row.
async fn pages((ledger, root): &(Ledger, Person), row: &str, query: &str) {
    let first = ledger.holds(row, root.get(&ledger.world, &format!("/admin/users?{query}&limit=5"))).await;
    let first = first.ok(200);
    assert_eq!(first.body["data"].as_array().map(Vec::len), Some(5), "{query}");
    let Value::String(cursor) = &first.body["next_cursor"] else { panic!("{query}: {}", first.body) };
    let path = format!("/admin/users?{query}&limit=5&cursor={cursor}");
    ledger.holds(row, root.get(&ledger.world, &path)).await.ok(200);
}

#[tokio::test]
async fn a_page_is_one_query_and_one_read_of_its_users() {
    let world = ledger().await;
    for query in ["order=newest", "order=oldest"] {
        pages(&world, "a page of users", query).await;
    }
}

/// A batch is a hundred keys.
#[tokio::test]
async fn the_largest_page_costs_no_more() {
    let (ledger, root) = people(101).await;
    for query in ["", "&email=person", "&status=active"] {
        let path = format!("/admin/users?limit=100{query}");
        ledger.holds("a page of users, a hundred", root.get(&ledger.world, &path)).await.ok(200);
    }
}

#[tokio::test]
async fn a_page_by_status_and_role_costs_no_more() {
    let world = ledger().await;
    for query in ["status=active", "status=deactivated&order=oldest", "status=active&role=user"] {
        pages(&world, "a page of users, filtered", query).await;
    }
}

#[tokio::test]
async fn a_page_by_prefix_costs_no_more() {
    let world = ledger().await;
    for query in ["email=person", "username=person", "name=person", "email=person&status=active"] {
        pages(&world, "a page of users, by prefix", query).await;
    }
}
