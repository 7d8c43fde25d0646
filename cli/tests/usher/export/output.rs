//! Hashes are secrets: where an export goes, and how it is sealed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;

use super::super::import::{import_file, installation};
use super::{Temporary, exported, full, nowhere, usher};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_its_owner_alone_and_none_is_written_over() {
    let (world, _) = full().await;
    let file = nowhere("users.jsonl");
    let said = usher(&world, &["export", "--output", file.path()]).await;
    assert!(said.ok && said.out.is_empty() && said.err.contains("10 accounts exported"), "{}", said.err);
    assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::metadata(format!("{}.partial", file.path())).is_err());
    let text = exported(&world).await;
    assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
    let again = usher(&world, &["export", "--output", file.path()]).await;
    assert!(!again.ok && again.err.contains("is there already"), "{}", again.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_an_export_that_failed() {
    let world = installation().await;
    let file = nowhere("users.jsonl");
    let endpoint = tests::endpoint().await;
    let no_table =
        ["--table", "no-such-table", "--endpoint-url", &endpoint, "export", "--output", file.path()];
    let said = super::super::run(&no_table, "");
    assert!(!said.ok && said.err.contains("no such table"), "{}", said.err);
    for path in [file.path().to_owned(), format!("{}.partial", file.path())] {
        assert!(fs::metadata(&path).is_err(), "{path}");
    }
    assert_eq!(exported(&world).await, "", "an empty installation is an empty export");
}

/// `script` runs it at a terminal.
#[tokio::test(flavor = "multi_thread")]
async fn no_terminal_is_shown_a_hash() {
    let (world, _) = full().await;
    let usher = env!("CARGO_BIN_EXE_usher");
    let endpoint = tests::endpoint().await;
    let command = format!("{usher} --table {} --endpoint-url {endpoint} export", world.table);
    let shown = Command::new("script").args(["-qec", &command, "/dev/null"]).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(!shown.status.success() && text.contains("no terminal should show"), "{text}");
    assert!(!text.contains("argon2") && !text.contains("@example.com"), "{text}");
}

fn key_file(key: &Identity) -> Temporary {
    Temporary::new("key.txt", &format!("# of the operator\n{}\n", key.to_string().expose_secret()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_export_opens_with_each_recipients_key_and_with_no_other() {
    let (world, _) = full().await;
    let [one, two, other] = [(); 3].map(|()| Identity::generate());
    let file = nowhere("users.jsonl.age");
    let (first, second) = (one.to_public().to_string(), two.to_public().to_string());
    let command = ["export", "--recipient", &first, "--recipient", &second, "--output", file.path()];
    let said = usher(&world, &command).await;
    assert!(said.ok, "{}", said.err);
    let bytes = fs::read(file.path()).unwrap();
    let plain = exported(&world).await;
    for key in [&one, &two] {
        assert_eq!(String::from_utf8(age::decrypt(key, &bytes).unwrap()).unwrap(), plain);
    }
    for part in ["@example.com", "argon2", "$2b$"] {
        assert!(!bytes.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
    }

    let to = installation().await;
    let closed = import_file(&to, file.path(), &[]).await;
    assert!(closed.err.contains("is sealed: give --identity"), "{}", closed.err);
    let wrong = import_file(&to, file.path(), &["--identity", key_file(&other).path()]).await;
    assert!(wrong.err.contains("does not open"), "{}", wrong.err);
    let said = import_file(&to, file.path(), &["--identity", key_file(&two).path()]).await;
    assert!(said.ok && said.out.contains("10 made"), "{}", said.err);
    assert_eq!(exported(&to).await, plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_file_that_was_cut_short_or_changed_is_found_out() {
    let world = installation().await;
    for number in 0..700 {
        world.make_user(&format!("person{number}@example.com"), |_| ()).await;
    }
    let key = Identity::generate();
    let file = nowhere("users.jsonl.age");
    let recipient = key.to_public().to_string();
    assert!(usher(&world, &["export", "--recipient", &recipient, "--output", file.path()]).await.ok);
    let whole = fs::read(file.path()).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() - 40_000] ^= 1;
    for (bytes, what) in [(&whole[..whole.len() - 1000], "cut"), (&changed, "changed")] {
        fs::write(file.path(), bytes).unwrap();
        let to = installation().await;
        let said = import_file(&to, file.path(), &["--identity", key_file(&key).path(), "--dry-run"]).await;
        assert!(!said.ok && said.err.contains("cannot be read"), "{what}: {}{}", said.out, said.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deleted_itself_is_left_out_and_counted() {
    let world = installation().await;
    world.make_user("ada@example.com", |_| ()).await;
    let gone = world.make_user("gone@example.com", |_| ()).await;
    let grace = jiff::SignedDuration::from_hours(24);
    let agent = shared::model::Agent::operator();
    world.store.begin_deletion(&agent, &gone, grace).await.unwrap().unwrap();
    let said = usher(&world, &["export"]).await;
    assert!(said.err.contains("1 accounts exported; 1 left out that deleted themselves"), "{}", said.err);
    assert!(!said.out.contains("gone@"), "{}", said.out);
    let line = r#"{"email": "eve@example.com", "status": "deleted"}"#;
    let refused = super::super::import::import(&world, "users.jsonl", line, &[]).await;
    assert!(refused.err.contains("status: must be active, pending or deactivated"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_public_key_is_refused_before_anything_is_read() {
    let world = installation().await;
    for text in ["age1nonsense", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQQQ"] {
        let said = usher(&world, &["export", "--recipient", text]).await;
        assert!(!said.ok && said.err.contains("is no public key of age"), "{}", said.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_whose_name_says_sealed_is_written_open() {
    let (world, _) = full().await;
    for name in ["users.jsonl.age", "users.AGE"] {
        let file = nowhere(name);
        let said = usher(&world, &["export", "--output", file.path()]).await;
        assert!(!said.ok && said.err.contains("give --recipient"), "{}", said.err);
        for path in [file.path().to_owned(), format!("{}.partial", file.path())] {
            assert!(fs::metadata(&path).is_err(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_does_not_read_is_named_and_the_others_are_exported() {
    let world = installation().await;
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let [broken, alone, whole] = ["broken", "alone", "whole"].map(|name| format!("{name}@example.com"));
    let broken = world.make_user(&broken, |_| ()).await;
    // Says that it has a second factor, and there is none.
    let alone = world.make_user(&alone, |user| user.mfa_since = Some(user.updated_at)).await;
    world.make_user(&whole, |_| ()).await;
    let update = world.client.update_item().table_name(&world.table);
    update
        .key("PK", text(&format!("USER#{}", broken.id)))
        .key("SK", text("PROFILE"))
        .update_expression("SET email = :nonsense")
        .expression_attribute_values(":nonsense", text("no address"))
        .send()
        .await
        .unwrap();
    let said = usher(&world, &["export"]).await;
    assert!(!said.ok && said.err.contains("2 accounts are wanting"), "{}", said.err);
    for id in [broken.id, alone.id] {
        assert!(said.err.contains(&format!("{id} does not read")), "{}", said.err);
    }
    assert!(said.out.lines().count() == 1 && said.out.contains(&whole), "{}", said.out);
}
