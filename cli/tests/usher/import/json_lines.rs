//! JSON Lines: fields, hashes and what is wrong with a line.

use std::fs;

use serde_json::{Value, json};
use tests::{PASSWORD, Person};

use super::{BCRYPT, IDENTITY, Temporary, ada, import, installation, lines, user};

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
    fs::remove_file(report.path()).unwrap();
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
