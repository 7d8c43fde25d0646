//! `usher import`: from a file to a sign-in.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use shared::clock::Clock;
use shared::model::{Role, Status, User};
use tests::invariants::{Checker, Snapshot};
use tests::{PASSWORD, Person, World};

use super::{Said, run};

/// Werkzeug's, of [`PASSWORD`].
const WERKZEUG: &str =
    "pbkdf2:sha256:10000$dUw2TnTjLUpmHVTU$4fd9e53057d5927902afa10d8e27340a8d4ed9cd96826739181b365ad67c0b97";
/// bcrypt's.
const BCRYPT: &str = "$2b$05$b6pOv/3pJiQDgdv6KDHP9.FQuJBfj5j16GC4ryYftPFMKQtCbg5bq";
const IDENTITY: &str = "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==";

/// A file that goes away with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{:016x}-{name}", fastrand::u64(..)));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn lines(rows: &[Value]) -> String {
    rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect()
}

async fn import_file(world: &World, path: &str, more: &[&str]) -> Said {
    let endpoint = tests::endpoint().await;
    let command = ["--table", &world.table, "--endpoint-url", &endpoint, "import", path];
    run(&[&command, more].concat(), "")
}

async fn import(world: &World, name: &str, text: &str, more: &[&str]) -> Said {
    import_file(world, Temporary::new(name, text).path(), more).await
}

async fn user(world: &World, email: &str) -> User {
    world.store.user_by_email(&email.parse().unwrap()).await.unwrap().unwrap()
}

/// An installation whose clock is the command's.
async fn installation() -> World {
    let world = World::new().await;
    world.wait(Clock::system().now().duration_since(world.now()));
    world
}

fn ada() -> Value {
    json!({
        "id": 17, "email": "Ada@Example.com", "email_verified": true, "username": "Ada",
        "first_name": "Ada", "last_name": "Lovelace", "created_at": "2021-05-01T12:00:00Z",
        "last_login_at": "2024-01-02T03:04:05Z", "password_hash": WERKZEUG,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_imported_signs_in_as_ever_and_the_hash_becomes_ours() {
    let world = installation().await;
    let rows = [
        ada(),
        json!({ "email": "bob@example.com", "password_hash": BCRYPT, "role": "admin" }),
        json!({ "email": "eve@example.com", "password_hash": IDENTITY, "status": "deactivated" }),
    ];
    let said = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert_eq!(said.out.trim(), "3 accounts: 3 made, 0 there already, 0 refused", "{}", said.err);

    let person = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let me = person.get(&world, "/users/me").await.ok(200).body;
    assert_eq!((&me["name"], &me["username"]), (&json!("Ada Lovelace"), &json!("Ada")));
    assert_eq!((&me["created_at"], &me["email_verified"]), (&json!("2021-05-01T12:00:00Z"), &json!(true)));
    let stored = user(&world, "ada@example.com").await;
    assert!(stored.password_hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(stored.external_id.as_deref(), Some("17"));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;

    let bob = Person::sign_in(&world, "bob@example.com", PASSWORD).await;
    let _ = bob.get(&world, "/admin/users").await.ok(200);
    let eve = json!({ "email": "eve@example.com", "password": PASSWORD });
    world.post("/auth/login", eve).await.refused(403, "account_deactivated");
    let wrong = json!({ "email": "eve@example.com", "password": "another password" });
    world.post("/auth/login", wrong).await.refused(401, "invalid_credentials");
}

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
async fn each_bad_line_is_reported_with_all_its_problems_and_the_good_ones_are_made() {
    let world = installation().await;
    let mut bad = ada();
    bad["email"] = json!("ada@@example");
    bad["role"] = json!("root");
    bad["created_at"] = json!("yesterday");
    bad["password_hash"] = json!("5f4dcc3b5aa765d61d8327deb882cf99");
    bad["shoe_size"] = json!(38);
    let twice = json!({ "email": "ada@example.com", "username": "another" });
    let costly = json!({ "email": "eve@example.com", "password_hash": format!("$2b$31${}", "a".repeat(53)) });
    let future = json!({ "email": "kim@example.com", "created_at": "2999-01-01T00:00:00Z" });
    let text = lines(&[bad, ada(), twice, costly, future]) + "{\"email\":\n[1]\n\n";
    let report = Temporary::new("report.jsonl", "");
    let said = import(&world, "users.jsonl", &text, &["--report", report.path()]).await;
    assert!(!said.ok && said.err.contains("7 accounts: 1 made, 0 there already, 6 refused"), "{}", said.err);
    let report = fs::read_to_string(&report.0).unwrap();
    let mut lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.sort_by_key(|line| line["line"].as_u64());
    let numbers: Vec<&Value> = lines.iter().map(|line| &line["line"]).collect();
    assert_eq!(json!(numbers), json!([1, 3, 4, 5, 6, 7]));
    let all = lines[0]["problems"].to_string();
    for field in [
        "email: ",
        "role: must be",
        "created_at: must be",
        "password_hash: is of no known form",
        "shoe_size: is no",
    ] {
        assert!(all.contains(field), "{field}: {all}");
    }
    assert_eq!(lines[1]["problems"], json!(["email: line 2 has the same"]));
    assert!(lines[2].to_string().contains("more time or memory"));
    assert!(lines[3].to_string().contains("from 1970 until now"));
    assert!(
        lines[4].to_string().contains("no JSON object") && lines[5].to_string().contains("no JSON object")
    );
    assert!(!report.contains("5f4dcc3b"), "no hash is repeated");
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

/// A UUIDv7 is kept, whatever else is not.
#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_our_kind_is_kept_and_another_one_remembered() {
    let world = installation().await;
    let ours = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    let theirs = "1f0c8a52-6a4d-4c57-9a7e-2f1d3b5c7e90";
    let rows = [
        json!({ "id": ours, "email": "ada@example.com" }),
        json!({ "id": theirs, "email": "bob@example.com", "created_at": "2020-02-02T02:02:02Z" }),
    ];
    assert!(import(&world, "users.jsonl", &lines(&rows), &[]).await.ok);
    let (ada, bob) = (user(&world, "ada@example.com").await, user(&world, "bob@example.com").await);
    assert_eq!((ada.id.to_string().as_str(), ada.external_id), (ours, None));
    assert_eq!(bob.external_id.as_deref(), Some(theirs));
    assert_eq!(bob.id.created_at().to_string(), "2020-02-02T02:02:02Z");
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

#[tokio::test(flavor = "multi_thread")]
async fn csv_has_a_header_and_empty_fields() {
    let world = installation().await;
    let text = format!(
        "\u{feff}email,email_verified,name,role,password_hash\r\n\
         ada@example.com,True,\"Lovelace, Ada\",,{WERKZEUG}\r\n\
         bob@example.com,,,admin,\r\n\
         too,many,fields,are,in,this\r\n"
    );
    let said = import(&world, "users.csv", &text, &[]).await;
    assert!(said.err.contains("2 made, 0 there already, 1 refused"), "{}", said.err);
    assert!(said.err.contains("line 4: is no line of this CSV"), "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!((ada.email_verified, ada.name.unwrap().as_str()), (true, "Lovelace, Ada"));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let bob = user(&world, "bob@example.com").await;
    assert_eq!((bob.role, bob.email_verified), (Role::Admin, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_without_a_password_sets_one_by_mail() {
    let world = installation().await;
    let text = "cognito:username,sub,email,email_verified,given_name,family_name,phone_number,cognito:mfa_enabled\n\
                ada,1f0c8a52-6a4d-4c57-9a7e-2f1d3b5c7e90,ada@example.com,true,Ada,Lovelace,,false\n";
    let said = import(&world, "pool.csv", text, &["--from", "cognito"]).await;
    assert!(said.ok, "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!(ada.external_id.as_deref(), Some("1f0c8a52-6a4d-4c57-9a7e-2f1d3b5c7e90"));
    let body = |password: &str| json!({ "email": "ada@example.com", "password": password });
    for password in ["!", PASSWORD] {
        world.post("/auth/login", body(password)).await.refused(401, "invalid_credentials");
    }
    let _ = world.post("/auth/forgot-password", json!({ "email": "ada@example.com" })).await.ok(202);
    let token = world.token_for("ada@example.com").await;
    let reset = json!({ "token": token, "new_password": PASSWORD });
    let _ = world.post("/auth/reset-password", reset).await.ok(204);
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exports_of_auth0_and_firebase_are_read() {
    let world = installation().await;
    let auth0 = json!({
        "user_id": "auth0|64f0", "email": "ada@example.com", "email_verified": true, "name": "ada@example.com",
        "given_name": "Ada", "nickname": "ada", "created_at": "2023-09-01T10:00:00.000Z",
        "last_login": "2024-01-01T00:00:00.000Z", "logins_count": 7, "passwordHash": BCRYPT,
    });
    let said = import(&world, "auth0.json", &lines(&[auth0]), &["--from", "auth0"]).await;
    assert!(said.ok, "{}", said.err);
    let ada = user(&world, "ada@example.com").await;
    assert_eq!((ada.external_id.as_deref(), ada.name), (Some("auth0|64f0"), None));
    Person::sign_in(&world, "ada@example.com", PASSWORD).await;

    let firebase = json!({ "users": [{
        "localId": "Xy12", "email": "user1@example.com", "emailVerified": true, "displayName": "User One",
        "passwordHash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        "salt": "42xEC+ixf3L2lw==", "createdAt": "1600000000000", "disabled": false, "providerUserInfo": [],
    }] });
    let wanting = import(&world, "users.json", &firebase.to_string(), &["--from", "firebase"]).await;
    assert!(wanting.err.contains("--firebase-signer-key"), "{}", wanting.err);
    let signer = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let more = ["--from", "firebase", "--firebase-signer-key", signer];
    let said = import(&world, "users.json", &firebase.to_string(), &more).await;
    assert!(said.ok, "{}", said.err);
    let one = user(&world, "user1@example.com").await;
    assert_eq!((one.status, one.id.created_at().as_second()), (Status::Active, 1_600_000_000));
    Person::sign_in(&world, "user1@example.com", "user1password").await;
}

/// A credential of a realm's export, as Keycloak writes it.
#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_keycloak_are_taken_as_they_are() {
    let world = installation().await;
    let pbkdf2 = json!({
        "type": "password",
        "secretData": "{\"value\":\"Ca/W1uHPdOF53bPWSQyrHQQPdk6KOe20VTbaw0U+WWswH2gciKNBqwk+H7RPgAmCshFAhVRLSSar72bo1/g8dA==\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\",\"additionalParameters\":{}}",
        "credentialData": "{\"hashIterations\":27500,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}",
    });
    let argon2 = json!({
        "secretData": "{\"value\":\"8cZyfmGLYgTYc8avb2ZXWqFShr92bklhQdS/tplOl9k=\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\"}",
        "credentialData": "{\"hashIterations\":5,\"algorithm\":\"argon2\",\"additionalParameters\":{\"hashLength\":[\"32\"],\"memory\":[\"7168\"],\"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}",
    });
    let rows = [
        json!({ "email": "ada@example.com", "password_hash": pbkdf2 }),
        json!({ "email": "bob@example.com", "password_hash": argon2.to_string() }),
    ];
    let said = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert!(said.ok, "{}", said.err);
    for email in ["ada@example.com", "bob@example.com"] {
        Person::sign_in(&world, email, PASSWORD).await;
    }
}
