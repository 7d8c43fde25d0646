//! What the functions log. security.md L01, L02, L04, H04.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use serde_json::{Value, json};
use tests::faults::Fault;
use tests::{Call, Person, World};

use crate::faults::world;

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What is logged on this thread: a test has one of its own.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Begins with nothing.
    fn start() {
        static START: Once = Once::new();
        START.call_once(|| {
            tracing::subscriber::set_global_default(shared::log::lines("trace", || Self)).unwrap();
        });
        LOGGED.take();
    }

    fn text() -> String {
        LOGGED.with_borrow(|logged| String::from_utf8(logged.clone()).unwrap())
    }

    /// The lines, each of which is a JSON object.
    fn lines() -> Vec<Value> {
        let text = Self::text();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
        let lines: Vec<Value> = lines.collect();
        assert!(lines.iter().all(Value::is_object));
        lines
    }
}

/// L02: the canaries are whatever identifies a person or opens a door.
#[tokio::test]
async fn no_line_holds_a_secret_or_says_who_it_was() {
    Log::start();
    let (world, faults, root, ada) = world().await;
    let body = json!({ "name": "Canary Lovelace", "username": "canary" });
    let _ = ada.patch(&world, "/users/me", body).await.ok(200);
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let token = world.token_for(&ada.email).await;
    let body = json!({ "email": ada.email, "password": "a wrong canary password" });
    let _ = world.post("/auth/login", body).await.ok(401);
    let _ = root.get(&world, "/admin/users?email=ada").await.ok(200);
    faults.always(Fault::ServerError);
    let _ = ada.get(&world, "/users/me").await.ok(503);
    world.mailbox.fail_for(&ada.email, local::mailbox::Failure::Rejected);
    faults.heal();
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    world.deliver().await;

    let text = Log::text();
    assert!(Log::lines().len() > 10, "{text}");
    let canaries = [
        &ada.email,
        &ada.password,
        &ada.access_token,
        &ada.refresh_token,
        &token,
        "ada@",
        "Canary",
        "canary",
        tests::APP_SECRET,
        "Bearer",
        "$argon2",
        "203.0.113.7",
        "tests/1.0",
        &world.table,
    ];
    for canary in canaries {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
}

/// L01: a line for each request, to be found by its id.
#[tokio::test]
async fn each_request_has_one_line_with_id_route_status_and_time() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    Log::start();
    let _ = ada.get(&world, "/users/me").await.ok(200);
    let _ = world.get(&format!("/users/{}", ada.id)).await.ok(401);
    let lines = Log::lines();
    let requests: Vec<&Value> = lines.iter().filter(|line| line["status"].is_number()).collect();
    assert_eq!(requests.len(), 2, "{lines:?}");
    assert_eq!((&requests[0]["route"], &requests[0]["status"]), (&json!("/users/me"), &json!(200)));
    assert_eq!(
        (&requests[1]["route"], &requests[1]["code"]),
        (&json!("/users/{id}"), &json!("unauthenticated"))
    );
    for line in requests {
        assert_eq!(line["span"]["request_id"], "JKJaXmPLvHcESHA=", "{line}");
        assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        assert!(
            line["latency_ms"].is_number() && line["level"] == "INFO" && line["method"] == "GET",
            "{line}"
        );
    }
}

/// L01: what went wrong is found by the request's id, too.
#[tokio::test]
async fn the_cause_of_a_503_is_logged_under_the_requests_id() {
    let (world, faults, _, ada) = world().await;
    Log::start();
    faults.always(Fault::Throttled);
    let _ = ada.get(&world, "/users/me").await.ok(503);
    let lines = Log::lines();
    let cause = lines.iter().find(|line| line["level"] == "ERROR").unwrap();
    assert_eq!(cause["cause"], "the table is unavailable: ThrottlingException");
    assert_eq!(cause["span"]["request_id"], "JKJaXmPLvHcESHA=", "{cause}");
}

/// P11: the lines that the template's metric filters count, in their words.
#[tokio::test]
async fn a_reused_token_and_a_refused_mail_are_logged_as_the_alarms_expect() {
    let (world, _, _, ada) = world().await;
    Log::start();
    let _ = ada.refresh(&world).await.ok(200);
    world.wait(jiff::SignedDuration::from_mins(1));
    ada.refresh(&world).await.refused(401, "refresh_token_reused");
    world.mailbox.fail_for(&ada.email, local::mailbox::Failure::Rejected);
    world.deliver().await;
    let lines = Log::lines();
    let count = |field: &str, value: &str| lines.iter().filter(|line| line[field] == value).count();
    assert_eq!(
        (count("event", "authn_token_reuse"), count("outcome", "marked as failed")),
        (1, 1),
        "{lines:?}"
    );
    let template = std::fs::read_to_string(tests::samples::root().join("template.yaml")).unwrap();
    for filter in [r#"{ $.event = "authn_token_reuse" }"#, r#"{ $.outcome = "marked as failed" }"#] {
        assert!(template.contains(filter), "template.yaml has no filter {filter}");
    }
}

/// L04.
#[tokio::test]
async fn nobody_writes_a_line_of_ones_own() {
    let world = World::new().await;
    Log::start();
    let forged = "x\n{\"event\":\"forged\"}\u{1b}[31m\r\n";
    let mut event = Call::new("GET", "/docs/health").header("user-agent", forged).event();
    event["requestContext"]["requestId"] = json!(forged);
    event["requestContext"]["http"]["userAgent"] = json!(forged);
    let _ = world.send("docs", &event).await;
    event["requestContext"]["http"]["method"] = json!(forged);
    event["rawPath"] = json!(format!("/{forged}"));
    let _ = world.send("docs", &event).await;
    assert!(Log::lines().iter().all(|line| line["event"].is_null()));
    assert!(!Log::text().contains('\u{1b}'));
}
