//! Running an import: tried first, again, killed, over what is there.

use serde_json::{Value, json};
use tests::faults::{Fault, Faults};
use tests::invariants::{Checker, Snapshot};

use super::super::run;
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

/// Refused for a while, broken, answers lost: each account is tried again, and told once.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_slow_for_a_while_is_waited_for() {
    const ALL: usize = 80;
    let world = installation().await;
    let rows: Vec<Value> =
        (0..ALL).map(|n| json!({ "id": n, "email": format!("p{n}@example.com") })).collect();
    let file = Temporary::new("users.jsonl", &lines(&rows));
    let faults = Faults::new().await;
    let command = ["--table", &world.table, "--endpoint-url", &faults.endpoint, "import", file.path()];
    for fault in [Fault::ItemThrottled, Fault::Conflict, Fault::ServerError, Fault::Cut] {
        faults.next(30, "TransactWriteItems", fault);
    }
    faults.next(5, "TransactWriteItems", Fault::Lost);
    let said = run(&command, "");
    assert!(said.ok && said.out.contains("80 made, 0 there already, 0 refused"), "{}{}", said.out, said.err);
    assert!(faults.injected().len() == 5, "{:?}", faults.injected());
    let before = world.items().await;
    faults.next(40, "GetItem", Fault::Exceeded);
    let said = run(&command, "");
    assert!(said.ok && said.out.contains("0 made, 80 there already, 0 refused"), "{}{}", said.out, said.err);
    assert_eq!(world.items().await, before);
}

/// What is there already costs reads, not the writes of a transaction that is refused.
#[tokio::test(flavor = "multi_thread")]
async fn going_on_looks_before_it_writes() {
    let world = installation().await;
    let rows: Vec<Value> =
        (0..200).map(|n| json!({ "id": n, "email": format!("p{n}@example.com") })).collect();
    let file = Temporary::new("users.jsonl", &lines(&rows));
    assert!(import_file(&world, file.path(), &[]).await.ok);
    let faults = Faults::new().await;
    let said = run(&["--table", &world.table, "--endpoint-url", &faults.endpoint, "import", file.path()], "");
    assert!(said.ok && said.out.contains("0 made, 200 there already"), "{}{}", said.out, said.err);
    let writes = faults.seen().iter().filter(|seen| tests::faults::writes(&seen.operation)).count();
    assert!(writes <= 64, "{writes} accounts were written first");
}
