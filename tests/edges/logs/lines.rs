//! Each line: an object of known fields, to be found by its request. security.md
//! L01, L04, P11.

use serde_json::{Value, json};
use shared::App;
use shared::config::Config;
use shared::http::Function;
use tests::faults::Fault;
use tests::{Call, Person, World};

use super::{Log, life, walk};
use crate::faults::world;

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
    assert_eq!(
        (&requests[0]["span"]["user_id"], &requests[0]["span"]["sid"]),
        (&json!(ada.id), &json!(ada.session_id))
    );
    assert!(requests[1]["span"]["user_id"].is_null());
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
    let lines = Log::lines();
    assert!(lines.len() == 2 && lines.iter().all(|line| line["event"] != "forged"), "{lines:?}");
    // A method is a word of the client's, too.
    event["requestContext"]["http"]["method"] = json!("FORGED");
    let _ = world.send("docs", &event).await;
    assert!(!Log::text().contains("FORGED"), "{}", Log::text());
    assert!(!Log::text().contains('\u{1b}'));
}

/// L01: what a line may hold: a text, a number or the request. A field that is new
/// here has to be one that identifies nobody but by an id.
const FIELDS: [(&str, char); 26] = [
    ("timestamp", 's'),
    ("level", 's'),
    ("target", 's'),
    ("message", 's'),
    ("span", 'o'),
    ("method", 's'),
    ("route", 's'),
    ("status", 'n'),
    ("code", 's'),
    ("latency_ms", 'n'),
    ("event", 's'),
    ("actor", 's'),
    ("subject", 's'),
    ("sid", 's'),
    ("details", 's'),
    ("cause", 's'),
    ("error", 's'),
    ("setting", 's'),
    ("reason", 's'),
    ("location", 's'),
    ("kid", 's'),
    ("signs_from", 's'),
    ("user_id", 's'),
    ("mail_id", 's'),
    ("item", 's'),
    ("outcome", 's'),
];

fn check(line: &Value) {
    for (name, value) in line.as_object().unwrap() {
        let kind = FIELDS.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
        let fits = match kind {
            Some('s') => value.is_string(),
            Some('n') => value.is_u64(),
            Some(_) => value.is_object(),
            None => false,
        };
        assert!(fits, "{name} is not in FIELDS as it is here: {line}");
    }
    let text = |name: &str| line[name].as_str().unwrap_or_default();
    let time: jiff::Timestamp = text("timestamp").parse().unwrap();
    assert!(text("timestamp").ends_with('Z') && time.as_second() > 0, "{line}");
    assert!(["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&text("level")), "{line}");
    assert!(!text("message").is_empty(), "{line}");
    let ours = ["shared", "auth", "authorizer", "users", "admin", "posts", "docs", "mailer", "worker"];
    let crate_name = text("target").split("::").next().unwrap();
    assert!(ours.contains(&crate_name) || ["ERROR", "WARN"].contains(&text("level")), "{line}");
    if !["mailer", "worker"].contains(&crate_name) && line["span"].is_object() {
        let members = ["name", "request_id", "trace_id", "user_id", "sid"];
        assert!(
            line["span"].as_object().unwrap().keys().all(|name| members.contains(&name.as_str())),
            "{line}"
        );
        assert!(line["span"]["request_id"].is_string(), "{line}");
    }
    let names = |event: &str| !event.is_empty() && event.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    assert!(line["event"].as_str().is_none_or(names), "{line}");
}

/// L01: of a whole life, at `trace`.
#[tokio::test]
async fn every_line_of_a_whole_life_has_known_fields_only() {
    Log::start();
    let world = World::with(&life::SETTINGS).await;
    let (root, left) = life::live(&world).await;
    walk::good(&world, &root, &left).await;
    life::go_wrong(&world, &root).await;
    let lines = Log::lines();
    let requests = lines.iter().filter(|line| line["status"].is_number()).count();
    assert_eq!(requests, world.traffic().len(), "one line for each request");
    lines.iter().for_each(check);
    let events = lines.iter().filter(|line| line["event"].is_string()).count();
    assert!(events > 20, "{events} events");
}

/// L01: whatever the level, what is logged at all is found by its request.
#[tokio::test]
async fn a_higher_level_takes_no_line_its_request() {
    let (world, faults, _, ada) = world().await;
    Log::start();
    let _level = tracing::subscriber::set_default(shared::log::lines(tracing::Level::ERROR, || Log));
    faults.always(Fault::Throttled);
    let _ = ada.get(&world, "/users/me").await.ok(503);
    let lines = Log::lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["span"]["request_id"], "JKJaXmPLvHcESHA=");
}

/// L01: and by its trace, of which nothing but the id is taken.
#[tokio::test]
async fn a_line_has_the_id_of_its_trace() {
    let world = World::new().await;
    let store = world.store.clone();
    let function = Function::new(App::new(Config::default(), store, world.clock.clone()), docs::routes());
    let event = serde_json::value::to_raw_value(&tests::event("GET", "/docs/health", "")).unwrap();
    let id = "1-67c2f5e6-4d1b8a2c6f3e9d7a5b0c1e2f";
    for (header, expected) in [
        (format!("Root={id};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0"), json!(id)),
        (format!("Self=1-67c2f5e6-000000000000000000000000; Root={id}"), json!(id)),
        ("Root=1-67c2f5e6-ada@example.com".to_owned(), Value::Null),
        (format!("Root={id}-x"), Value::Null),
        (String::new(), Value::Null),
    ] {
        Log::start();
        let _ = function.traced(&event, Some(&header)).await;
        assert_eq!(Log::lines()[0]["span"]["trace_id"], expected, "{header}");
    }
}
