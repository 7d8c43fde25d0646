//! What an import refuses, and what it never repeats.

use std::fs;

use serde_json::json;
use shared::token::{AppSecret, TotpSecret};
use tests::APP_SECRET;

use super::{BCRYPT, Temporary, import, import_file, installation, lines, user};

/// Its invitation would open a session without the second factor.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_without_a_password_is_refused() {
    let world = installation().await;
    let id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b".parse().unwrap();
    let secret = AppSecret::parse(APP_SECRET).unwrap();
    let sealed =
        TotpSecret::from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap().seal(&secret, id).unwrap();
    let totp =
        json!({ "sealed": sealed, "last_step": 0, "recovery": [], "confirmed_at": "2020-01-01T00:00:00Z" });
    let mut row = json!({ "id": id, "email": "ada@example.com", "totp": totp });
    let said = import(&world, "users.jsonl", &row.to_string(), &[]).await;
    assert!(said.err.contains("totp: is of no use without password_hash"), "{}{}", said.out, said.err);
    assert!(world.items().await.is_empty());
    row["password_hash"] = json!(BCRYPT);
    let said = import(&world, "users.jsonl", &row.to_string(), &[]).await;
    assert!(said.ok, "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hash_is_repeated_wherever_it_stands() {
    let world = installation().await;
    let headless = format!("ada@example.com,{BCRYPT}\nbob@example.com,{BCRYPT}\n");
    let said = import(&world, "users.csv", &headless, &[]).await;
    assert!(!said.ok && said.err.contains("has to name the fields"), "{}", said.err);
    assert!(!said.err.contains("$2b$"), "{}", said.err);
    // An address is a header's name by chance; and a line is a hash, as a text of JSON.
    let chance = format!("email,{BCRYPT}\nbob@example.com,{BCRYPT}\n");
    let mut fields = json!({ "email": "eve@example.com", "shoe_size": 38 });
    fields[BCRYPT] = json!(BCRYPT);
    let texts = format!("{}\n{fields}\n", json!(BCRYPT));
    for (name, text, problem) in [
        ("users.csv", &chance, "1 more, not repeated here"),
        ("users.jsonl", &texts, "shoe_size: is no field"),
        ("users.json", &texts, "line 1: is no JSON object\n"),
    ] {
        let report = Temporary::new("report.jsonl", "");
        fs::remove_file(report.path()).unwrap();
        let said = import(&world, name, text, &["--report", report.path()]).await;
        let report = fs::read_to_string(report.path()).unwrap();
        assert!(!said.ok && said.err.contains(problem), "{problem}: {}", said.err);
        assert!(!said.err.contains("$2b$") && !report.contains("$2b$"), "{}{report}", said.err);
    }
    assert!(world.items().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_written_over_no_file_least_of_all_the_import() {
    let world = installation().await;
    let text = json!({ "email": "ada@example.com" }).to_string();
    let file = Temporary::new("users.jsonl", &text);
    let said = import_file(&world, file.path(), &["--report", file.path()]).await;
    assert!(!said.ok && said.err.contains("exists"), "{}", said.err);
    assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
    assert!(world.items().await.is_empty());
    // A file that is not there leaves no report behind.
    let report = Temporary::new("report.jsonl", "");
    fs::remove_file(report.path()).unwrap();
    let said = import_file(&world, "no-such-file.jsonl", &["--report", report.path()]).await;
    assert!(!said.ok && fs::metadata(report.path()).is_err(), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_refused_keeps_no_name_from_a_later_one() {
    let world = installation().await;
    let rows = [
        json!({ "email": "ada@example.com", "username": "ada" }),
        json!({ "id": "1", "email": "ada@example.com", "username": "lovelace" }),
        json!({ "id": "1", "email": "byron@example.com", "username": "lovelace" }),
    ];
    let said = import(&world, "users.jsonl", &lines(&rows), &[]).await;
    assert!(said.err.contains("2 made, 0 there already, 1 refused"), "{}", said.err);
    assert!(said.err.contains("line 2: email: line 1 has the same"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_its_grace_is_not_called_there() {
    let world = installation().await;
    let row = json!({ "email": "ada@example.com" }).to_string();
    assert!(import(&world, "users.jsonl", &row, &[]).await.ok);
    let ada = user(&world, "ada@example.com").await;
    let agent = shared::model::Agent::operator();
    let grace = jiff::SignedDuration::from_hours(24);
    world.store.begin_deletion(&agent, &ada, grace).await.unwrap().unwrap();
    let until = world.stored(&ada.id.to_string()).await.unwrap().deletion.unwrap().purge_at;
    for more in [&["--dry-run"][..], &[]] {
        let said = import(&world, "users.jsonl", &row, more).await;
        let words = format!("deleted itself, restorable until {until}");
        assert!(!said.ok && said.err.contains(&words), "{}{}", said.out, said.err);
    }
}
