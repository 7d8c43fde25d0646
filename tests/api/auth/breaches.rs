//! Passwords that are known from breaches, where `HIBP_URL` names somebody to ask.
//! security.md A07.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tests::range::{Range, Ranges, listing, sha1};
use tests::{OTHER_PASSWORD, PASSWORD, Person, Reply, World};
use tracing::subscriber::DefaultGuard;

use crate::steps::{auth_under, login, post_to, reset_token};

/// What is logged on this thread while it lives.
struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    _here: DefaultGuard,
}

struct Writer(Arc<Mutex<Vec<u8>>>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn start() -> Self {
        let text = Arc::<Mutex<Vec<u8>>>::default();
        let kept = text.clone();
        let lines = shared::log::lines(tracing::Level::TRACE, move || Writer(kept.clone()));
        Self { text, _here: tracing::subscriber::set_default(lines) }
    }

    fn text(&self) -> String {
        String::from_utf8(self.text.lock().unwrap().clone()).unwrap()
    }

    /// The reasons of the failed checks.
    fn failures(&self) -> Vec<String> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let failures = lines.filter(|line| line["event"] == "breach_check_failed");
        failures.map(|line| format!("{} {}", line["level"], line["reason"]).replace('"', "")).collect()
    }
}

/// A world that asks there.
async fn asking(range: Range) -> (World, Ranges) {
    let ranges = Ranges::new(range).await;
    (World::with(&[("HIBP_URL", &ranges.url)]).await, ranges)
}

async fn register(world: &World, email: &str) -> Reply {
    world.post("/auth/register", json!({ "email": email, "password": PASSWORD })).await
}

#[track_caller]
fn breached(reply: &Reply, pointer: &str) {
    reply.refused(422, "weak_password");
    let errors = json!([{
        "pointer": pointer, "code": "password_breached", "message": "is known from a data breach elsewhere",
    }]);
    assert_eq!(reply.body["errors"], errors);
}

/// A07
#[tokio::test]
async fn a_password_from_a_breach_is_refused_when_registering() {
    let (world, _ranges) = asking(Range::Says(200, listing(PASSWORD, 1))).await;
    breached(&register(&world, "ada@example.com").await, "/password");
    let body = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD });
    world.post("/auth/register", body).await.ok(202);
}

/// A07: the padding of a range is what was counted 0 times.
#[tokio::test]
async fn a_password_that_is_padding_or_not_there_is_taken() {
    let log = Log::start();
    for range in [listing(PASSWORD, 0), listing(OTHER_PASSWORD, 9), String::new()] {
        let (world, ranges) = asking(Range::Says(200, range)).await;
        register(&world, "ada@example.com").await.ok(202);
        assert_eq!(ranges.asked().len(), 1);
    }
    assert_eq!(log.failures(), Vec::<String>::new());
}

/// A07: what leaves the process are five digits, whoever it is.
#[tokio::test]
async fn only_the_first_five_digits_of_the_hash_are_sent() {
    let (world, ranges) = asking(Range::Says(200, String::new())).await;
    register(&world, "ada@example.com").await.ok(202);
    let asked = ranges.asked();
    let [head] = &asked[..] else { panic!("{asked:?}") };
    let hash = sha1(PASSWORD).to_lowercase();
    assert!(head.starts_with(&format!("get /range/{} http/1.1\r\n", &hash[..5])), "{head}");
    assert!(!head.contains(&hash[..6]) && !head.contains("ada") && !head.contains("correct"), "{head}");
    assert!(head.contains("\r\nadd-padding: true\r\n") && head.contains("\r\nuser-agent: usher/"), "{head}");
}

/// A07: it fails open, says so once, and not with what was to be looked up.
#[tokio::test]
async fn without_a_good_answer_a_password_is_taken_and_one_event_tells() {
    let listed = listing(PASSWORD, 5);
    let ranges = [
        (Range::Says(500, listed.clone()), "status"),
        (Range::Says(404, listed.clone()), "status"),
        (Range::Says(200, format!("{listed}\r\n<html>")), "format"),
        (Range::Says(200, format!("{listed}\r\n{}", "x".repeat(128 * 1024))), "body"),
        (Range::Closes, "connection"),
        (Range::Hangs, "timeout"),
    ];
    for (range, reason) in ranges {
        let log = Log::start();
        let (world, ranges) = asking(range).await;
        register(&world, "ada@example.com").await.ok(202);
        assert_eq!(log.failures(), [format!("WARN {reason}")]);
        assert_eq!(ranges.asked().len(), 1, "{reason}");
        let (text, hash) = (log.text().to_uppercase(), sha1(PASSWORD));
        assert!(!text.contains(&hash[..5]) && !text.contains(&hash[5..]), "{text}");
        assert!(!text.contains("CORRECT HORSE") && !text.contains("ADA@"), "{text}");
    }
}

/// A07
#[tokio::test]
async fn a_service_that_is_gone_keeps_nobody_out() {
    let log = Log::start();
    let url = Ranges::new(Range::Closes).await.gone().await;
    let world = World::with(&[("HIBP_URL", &url)]).await;
    register(&world, "ada@example.com").await.ok(202);
    assert_eq!(log.failures(), ["WARN connection"]);
}

/// A07: a reset asks, too; and only for whoever holds the mailed link.
#[tokio::test]
async fn a_password_from_a_breach_is_refused_by_a_reset() {
    let world = World::new().await;
    Person::registered(&world, "ada@example.com").await;
    let token = reset_token(&world, "ada@example.com").await;
    let ranges = Ranges::new(Range::Says(200, listing(OTHER_PASSWORD, 1))).await;
    let asking = auth_under(&world, &[("HIBP_URL", &ranges.url)]);
    let body = json!({ "token": "forged", "new_password": OTHER_PASSWORD });
    post_to(&asking, "/auth/reset-password", body).await.refused(400, "invalid_token");
    assert!(ranges.asked().is_empty());
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    breached(&post_to(&asking, "/auth/reset-password", body).await, "/new_password");
    login(&world, "ada@example.com", PASSWORD).await.ok(200);
    let body = json!({ "token": token, "new_password": "neither listed nor common" });
    post_to(&asking, "/auth/reset-password", body).await.ok(204);
}

/// A07, E01: a known address and an unknown one are asked for alike, and a
/// sign-in is never looked up.
#[tokio::test]
async fn whether_an_account_exists_changes_nothing() {
    let (world, ranges) = asking(Range::Says(200, listing(OTHER_PASSWORD, 1))).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let before = ranges.asked().len();
    login(&world, &ada.email, PASSWORD).await.ok(200);
    login(&world, &ada.email, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
    assert_eq!(ranges.asked().len(), before);
    for (email, password, status) in [
        ("ada@example.com", PASSWORD, 202),
        ("bob@example.com", PASSWORD, 202),
        ("ada@example.com", OTHER_PASSWORD, 422),
        ("bob@example.com", OTHER_PASSWORD, 422),
    ] {
        let reply = world.post("/auth/register", json!({ "email": email, "password": password })).await;
        assert_eq!(reply.status, status, "{email} {password}");
    }
    assert_eq!(ranges.asked().len(), before + 4);
}

/// A07: a common password needs nobody's help.
#[tokio::test]
async fn what_the_policy_refuses_is_not_asked_for() {
    let (world, ranges) = asking(Range::Says(200, String::new())).await;
    let body = json!({ "email": "ada@example.com", "password": "Password2024!" });
    world.post("/auth/register", body).await.refused(422, "weak_password");
    assert!(ranges.asked().is_empty());
}
