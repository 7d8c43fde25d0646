//! The command as operators type it, against the engine that the suite runs on.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod clear;
mod export;
mod import;
mod keys;
mod mail_texts;
mod stats;

use std::io::Write;
use std::process::{Command, Stdio};

use shared::clock::Clock;
use shared::model::{Agent, Mail, Notice, Role};
use shared::store::Store;

/// A table of its own, and the command on it.
struct Desk {
    endpoint: String,
    table: String,
}

/// What the command said.
struct Said {
    ok: bool,
    out: String,
    err: String,
}

impl Desk {
    async fn new() -> Self {
        let desk = Self::without_table().await;
        let said = desk.usher(&["table", "create"], "");
        assert!(said.ok && said.out.contains("made"), "{}", said.err);
        desk
    }

    async fn without_table() -> Self {
        let endpoint = tests::endpoint().await;
        Self { endpoint, table: format!("cli-{:016x}", fastrand::u64(..)) }
    }

    fn usher(&self, arguments: &[&str], stdin: &str) -> Said {
        run(&[&["--table", &self.table, "--endpoint-url", &self.endpoint], arguments].concat(), stdin)
    }

    fn create_admin(&self, email: &str, more: &[&str]) -> Said {
        let arguments = ["create-admin", "--email", email, "--password-stdin"];
        self.usher(&[&arguments, more].concat(), "correct horse battery\n")
    }

    fn store(&self) -> Store {
        Store::new(&local::client::config(&self.endpoint), &self.table, Clock::system())
    }
}

/// Runs the command with nothing of AWS in its environment.
fn run(arguments: &[&str], stdin: &str) -> Said {
    run_with(arguments, stdin, &[])
}

/// The same, with more in its environment.
fn run_with(arguments: &[&str], stdin: &str, env: &[(&str, &str)]) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_usher"))
        .args(arguments)
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { ok: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_is_made_and_a_second_one_only_when_asked_for() {
    let desk = Desk::new().await;
    let names = ["--username", "Ada", "--first-name", "Ada", "--last-name", "Lovelace"];
    let said = desk.create_admin("Ada@Example.com", &names);
    assert!(said.ok && said.out.contains("ada@example.com is an admin"), "{}", said.err);
    let ada = desk.store().user_by_email(&"ada@example.com".parse().unwrap()).await.unwrap().unwrap();
    assert!(ada.is_active_admin() && ada.email_verified);
    assert_eq!(ada.username.unwrap().as_str(), "Ada");

    let refused = desk.create_admin("bob@example.com", &[]);
    assert!(!refused.ok && refused.err.contains("active admin") && refused.err.contains("--another"));
    assert!(desk.create_admin("bob@example.com", &["--another"]).ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_was_deactivated_does_not_stand_in_the_way() {
    let desk = Desk::new().await;
    assert!(desk.create_admin("ada@example.com", &[]).ok);
    let store = desk.store();
    let ada = store.user_by_email(&"ada@example.com".parse().unwrap()).await.unwrap().unwrap();
    store.set_status(&Agent::operator(), &ada, shared::model::Status::Deactivated).await.unwrap().unwrap();
    assert!(desk.create_admin("bob@example.com", &[]).ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_or_bad_is_said_and_nothing_is_done() {
    let desk = Desk::new().await;
    assert!(desk.create_admin("ada@example.com", &["--username", "ada"]).ok);
    let again = ["--another", "--username", "grace"];
    assert!(desk.create_admin("ada@example.com", &again).err.contains("has this e-mail address"));
    let username = ["--another", "--username", "ADA"];
    assert!(desk.create_admin("bob@example.com", &username).err.contains("has this username"));
    assert!(desk.create_admin("no address", &["--another"]).err.contains("e-mail address must be"));
    let weak = ["create-admin", "--another", "--email", "eve@example.com", "--password-stdin"];
    assert!(desk.usher(&weak, "password1\n").err.contains("most common"));
    assert!(desk.usher(&weak, "short\n").err.contains("at least 8"));
    assert!(desk.usher(&weak, "").err.contains("1 to 1024 bytes"));
    let admin = desk.store().active_admin(None).await.unwrap().unwrap();
    assert_eq!(desk.store().user(admin).await.unwrap().unwrap().role, Role::Admin);
    assert!(desk.store().active_admin(Some(admin)).await.unwrap().is_none(), "only the first was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_leads_nowhere_is_named() {
    let desk = Desk::without_table().await;
    let said = desk.create_admin("ada@example.com", &[]);
    assert!(!said.ok && said.err.contains("no such table"), "{}", said.err);
    let nobody = ["--endpoint-url", "http://127.0.0.1:1", "mail", "retry"];
    assert!(run(&nobody, "").err.contains("nothing answers"));
    assert!(run(&["--endpoint-url", "localhost", "mail", "retry"], "").err.contains("not a whole URL"));
    assert!(run(&["mail", "retry"], "").err.contains("no region"));
    assert!(run(&["table", "create"], "").err.contains("--endpoint-url"));
    assert!(run(&["create-admin"], "").err.contains("no region"));
    assert!(desk.usher(&["frobnicate"], "").err.contains("unrecognized"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_were_given_up_go_out_again_and_young_ones_are_left_alone() {
    let desk = Desk::new().await;
    let store = desk.store();
    let now = Clock::system().now();
    let [marked, young] =
        [(); 2].map(|()| Mail::notice("ada@example.com".parse().unwrap(), Notice::PasswordChanged, now));
    for mail in [&marked, &young] {
        store.put_mail(mail).await.unwrap();
    }
    store.mark_failed(marked.id, "MessageRejected", None).await.unwrap();
    let said = desk.usher(&["mail", "retry"], "");
    assert_eq!(
        said.out.trim(),
        "1 put into the outbox anew; 1 younger ones left to the stream",
        "{}",
        said.err
    );
    let waiting = store.waiting_mails().await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|mail| mail.failure.is_none() && mail.id != marked.id));
    assert!(desk.usher(&["mail", "retry", "--older-than", "0"], "").out.starts_with("2 put"));
}

#[test]
fn every_mail_in_every_language_is_shown_without_a_table() {
    let german = run(&["mail", "preview", "--locale", "de-AT"], "");
    assert!(german.ok && german.out.contains("Subject: Ihr Passwort wurde geändert"), "{}", german.err);
    let mails = german.out.matches("Subject: ").count();
    assert!(mails >= 19, "{mails}");
    assert_eq!(run(&["mail", "preview"], "").out.matches("Subject: ").count(), 10 * mails);
    assert!(run(&["mail", "preview", "--locale", "tlh"], "").err.contains("one of en, de"));
    let directory = std::env::temp_dir().join(format!("mails-{:016x}", fastrand::u64(..)));
    let said = run(&["mail", "preview", "--html", directory.to_str().unwrap()], "");
    assert!(said.out.contains(&format!("{} pages", 10 * mails)), "{}", said.err);
    let page = std::fs::read_to_string(directory.join("ar-01.html")).unwrap();
    assert!(page.contains("lang=\"ar\" dir=\"rtl\"") && page.contains("<p dir=\"ltr\"><a href="));
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn help_shows_examples() {
    let said = run(&["--help"], "");
    assert!(said.ok && said.out.contains("Examples:") && said.out.contains("--password-stdin"));
    assert!(run(&["create-admin", "--help"], "").out.contains("without echo"));
}
