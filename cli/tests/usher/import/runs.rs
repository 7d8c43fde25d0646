//! Running an import: tried first, again, killed, over what is there.

use serde_json::{Value, json};
use tests::invariants::{Checker, Snapshot};

use super::{Temporary, ada, import, import_file, installation, lines};

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_run_again_changes_nothing() {
    let world = installation().await;
    let rows = [ada(), json!({ "email": "bob@example.com", "created_at": "2022-01-01T00:00:00Z" })];
    assert!(import(&world, "users.jsonl", &lines(&rows), &[]).await.ok);
    let before = world.items().await;
    let said = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert!(said.ok && said.out.contains("0 made, 2 there already, 0 refused"), "{}{}", said.out, said.err);
    assert_eq!(world.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let world = installation().await;
    world.make_user("taken@example.com", |user| user.external_id = Some("another".to_owned())).await;
    let before = world.items().await;
    let rows = [ada(), json!({ "id": "1", "email": "taken@example.com" }), json!({ "email": "no address" })];
    let dry = import(&world, "users.jsonl", &lines(&rows), &["--dry-run"]).await;
    assert!(!dry.ok && dry.err.contains("1 made, 0 there already, 2 refused"), "{}", dry.err);
    assert!(dry.err.contains("Nothing was written"));
    assert_eq!(world.items().await, before);
    let wet = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert!(wet.err.contains("1 made, 0 there already, 2 refused"), "{}", wet.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_is_refused_whole() {
    let world = installation().await;
    world.make_user("eve@example.com", |user| user.username = Some("ada".parse().unwrap())).await;
    let before = world.items().await;
    let other = json!({ "id": "5", "email": "eve@example.com" });
    let said = import(&world, "users.jsonl", &lines(&[ada(), other]), &[]).await;
    assert!(said.err.contains("line 1: username: an account that is there has it"), "{}", said.err);
    assert!(said.err.contains("line 2: email: an account that is there has it"), "{}", said.err);
    assert_eq!(world.items().await, before);
}

/// Nothing is half there, and the next run does the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_is_gone_on_with() {
    const ALL: usize = 1500;
    let world = installation().await;
    let rows: Vec<Value> = (0..ALL)
        .map(|n| json!({ "id": n, "email": format!("p{n}@example.com"), "username": format!("person{n}") }))
        .collect();
    let file = Temporary::new("users.jsonl", &lines(&rows));
    let endpoint = tests::endpoint().await;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_usher"))
        .args(["--table", &world.table, "--endpoint-url", &endpoint, "import", file.path()])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while world.items().await.len() < 200 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let violations = Checker::new().judge(&Snapshot::of(&world, std::collections::HashSet::new()).await);
    assert!(violations.is_empty(), "{violations:?}");
    let said = import_file(&world, file.path(), &[]).await;
    assert!(
        said.ok && said.out.contains("1500 accounts: ") && !said.out.contains(" 0 there"),
        "{}{}",
        said.out,
        said.err
    );
    let users = world.items().await.into_iter().filter(|item| item["SK"] == "PROFILE").count();
    assert_eq!(users, ALL);
}
