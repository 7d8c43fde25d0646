//! There and back.

use std::fs;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::invariants::{Checker, Snapshot};
use tests::{Factor, PASSWORD, Person, World};

use super::super::import::{import, import_file, installation};
use super::{SECRET, exported, full, nowhere, usher_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_round_trip_loses_nothing() {
    let (from, _) = full().await;
    let first = exported(&from).await;
    assert_eq!(first.lines().count(), 10);
    let to = installation().await;
    let said = import(&to, "users.jsonl", &first, &[]).await;
    assert!(said.ok && said.out.contains("10 made"), "{}", said.err);
    assert_eq!(exported(&to).await, first, "the same bytes");
    let violations = Checker::new().judge(&Snapshot::of(&to, std::collections::HashSet::new()).await);
    assert!(violations.is_empty(), "{violations:?}");
}

/// Each field of a user as stored is in its line, but for the numbers of sessions and
/// tickets, which stay behind.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_of_a_user_is_in_its_line() {
    let (world, _) = full().await;
    let lines = exported(&world).await;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for item in world.items().await.into_iter().filter(|item| item["SK"] == "PROFILE") {
        let line = lines.iter().find(|line| line["id"] == item["id"]).unwrap();
        let kept = ["PK", "SK", "GSI1PK", "GSI1SK", "session_epoch", "ticket_epoch", "mfa_since"];
        let empty = |name: &str| name == "password_hash" && item[name] == "!";
        for (name, value) in item.as_object().unwrap() {
            assert!(kept.contains(&name.as_str()) || empty(name) || line[name] == *value, "{name}: {line}");
        }
        assert_eq!(line["totp"]["confirmed_at"], item["mfa_since"]);
    }
}

async fn signs_in_everywhere(world: &World, app: &Factor) {
    for email in ["root@example.com", "unverified@example.com", "foreign@example.com", "bjork@example.com"] {
        Person::sign_in(world, email, PASSWORD).await;
    }
    for (email, code) in [
        ("out@example.com", "account_deactivated"),
        ("new@example.com", "account_pending"),
        ("leaked@example.com", "password_change_required"),
    ] {
        let body = json!({ "email": email, "password": PASSWORD });
        world.post("/auth/login", body).await.refused(403, code);
    }
    let token = Person::password_step(world, "ada@example.com", PASSWORD).await;
    // It was used where it comes from.
    let used = app.code(world);
    Person::code_step(world, &token, &used).await.refused(401, "invalid_mfa_code");
    world.wait(SignedDuration::from_secs(90));
    Person::sign_in_with_code(world, "ada@example.com", PASSWORD, &app.code(world)).await;
    Person::sign_in_with_code(world, "ada@example.com", PASSWORD, &app.recovery[0]).await;
    let root = Person::sign_in(world, "root@example.com", PASSWORD).await;
    let _ = root.get(world, "/admin/users").await.ok(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_signs_in_at_the_other_end_with_the_second_factor_too() {
    let (from, app) = full().await;
    let text = exported(&from).await;
    let to = elsewhere(&from, &[]).await;
    assert!(import(&to, "users.jsonl", &text, &[]).await.ok);
    signs_in_everywhere(&to, &app).await;
}

/// Another installation, whose clock is where this one's is.
async fn elsewhere(here: &World, settings: &[(&str, &str)]) -> World {
    let world = World::with(settings).await;
    world.wait(here.now().duration_since(world.now()));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_over_where_it_comes_from_changes_nothing() {
    let (world, _) = full().await;
    let text = exported(&world).await;
    let before = world.items().await;
    let said = import(&world, "users.jsonl", &text, &[]).await;
    assert!(said.ok && said.out.contains("0 made, 10 there already, 0 refused"), "{}{}", said.out, said.err);
    assert_eq!(world.items().await, before);
}

/// For an installation with another `APP_SECRET`.
#[tokio::test(flavor = "multi_thread")]
async fn factors_that_come_open_are_sealed_anew() {
    let (from, app) = full().await;
    let file = nowhere("users.jsonl");
    let command = ["export", "--open-factors", "--output", file.path()];
    assert!(super::usher(&from, &command).await.err.contains("--app-secret"), "it cannot be done without");
    let wrong = [("APP_SECRET", "a secret that seals nothing there at all")];
    assert!(usher_with(&from, &command, &wrong).await.err.contains("does not open under this APP_SECRET"));
    assert!(fs::metadata(file.path()).is_err(), "nothing half-written is left");
    let said = usher_with(&from, &command, &SECRET).await;
    assert!(said.ok, "{}", said.err);
    let text = fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("\"secret\":") && !text.contains("\"sealed\":"), "{text}");

    let other = [("APP_SECRET", "the secret of another installation that is long as well")];
    let to = elsewhere(&from, &other).await;
    let wanting = import_file(&to, file.path(), &["--dry-run"]).await;
    assert!(wanting.err.contains("totp: is open: give APP_SECRET"), "{}", wanting.err);
    assert!(usher_with(&to, &["import", file.path()], &other).await.ok);
    signs_in_everywhere(&to, &app).await;
    // Nobody has signed in there since.
    let third = elsewhere(&from, &other).await;
    assert!(usher_with(&third, &["import", file.path()], &other).await.ok);
    let again = nowhere("again.jsonl");
    let command = ["export", "--open-factors", "--output", again.path()];
    assert!(usher_with(&third, &command, &other).await.ok);
    assert_eq!(fs::read_to_string(again.path()).unwrap(), text, "the same bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_factor_is_tried_where_the_secret_is_known_and_bound_to_its_id() {
    let (from, _) = full().await;
    let text = exported(&from).await;
    let ada = text.lines().find(|line| line.contains("ada@")).unwrap();
    let mut other: Value = serde_json::from_str(ada).unwrap();
    let to = installation().await;
    let file = super::Temporary::new("ada.jsonl", ada);
    let wrong = [("APP_SECRET", "the secret of another installation that is long as well")];
    let said = usher_with(&to, &["import", file.path()], &wrong).await;
    assert!(said.err.contains("totp: does not open under this APP_SECRET"), "{}", said.err);
    other["id"] = json!("ada");
    let said = import(&to, "other.jsonl", &other.to_string(), &[]).await;
    assert!(said.err.contains("totp: is sealed for the id"), "{}", said.err);
    other["totp"] =
        json!({ "sealed": "x", "last_step": 1, "recovery": ["abc"], "confirmed_at": "2020-01-01T00:00:00Z" });
    other["id"] = serde_json::from_str::<Value>(ada).unwrap()["id"].clone();
    let said = import(&to, "other.jsonl", &other.to_string(), &[]).await;
    assert!(said.err.contains("totp: has recovery codes that are no hashes"), "{}", said.err);
    assert!(to.items().await.is_empty());
}

/// Else sessions that are left of an account that was deleted would come back with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_the_account_that_was_is_none_of_the_one_that_came_back() {
    let world = installation().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let text = exported(&world).await;
    let user = world.stored(&ada.id).await.unwrap();
    let left =
        world.items().await.into_iter().find(|item| item["SK"].as_str().unwrap().starts_with("SESSION#"));
    world.store.delete_user(&shared::model::Agent::operator(), &user).await.unwrap().unwrap();
    let left = serde_dynamo::to_item(left.unwrap()).unwrap();
    world.client.put_item().table_name(&world.table).set_item(Some(left)).send().await.unwrap();
    assert!(import(&world, "users.jsonl", &text, &[]).await.ok);
    ada.get(&world, "/users/me").await.refused(401, "session_ended");
    ada.refresh(&world).await.refused(401, "session_ended");
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
}

/// Nor does a mailed link undo anything of it, as one of its own does.
#[tokio::test(flavor = "multi_thread")]
async fn links_that_undo_things_of_the_account_that_was_are_void_for_the_one_that_came_back() {
    let world = installation().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let body = json!({ "current_password": PASSWORD, "new_password": tests::OTHER_PASSWORD });
    let _ = ada.post(&world, "/users/me/change-password", body).await.ok(204);
    let old = world.undo_for("ada@example.com").await;
    let text = exported(&world).await;
    let user = world.stored(&ada.id).await.unwrap();
    world.store.delete_user(&shared::model::Agent::operator(), &user).await.unwrap().unwrap();
    assert!(import(&world, "users.jsonl", &text, &[]).await.ok);
    world.post("/auth/revoke", json!({ "token": old })).await.refused(400, "invalid_token");
    let ada = Person::sign_in(&world, "ada@example.com", tests::OTHER_PASSWORD).await;
    let body = json!({ "current_password": tests::OTHER_PASSWORD, "new_password": PASSWORD });
    let _ = ada.post(&world, "/users/me/change-password", body).await.ok(204);
    let new = world.undo_for("ada@example.com").await;
    let _ = world.post("/auth/revoke", json!({ "token": new })).await.ok(204);
}
