//! No secret and nothing personal, in logs, traces, metrics and error bodies.
//! security.md L02, H04. At `trace`: `Log` keeps all that our filter lets pass.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use shared::config::{Config, Setting};
use shared::model::UserId;
use tests::faults::{Fault, Faults};
use tests::samples::root;
use tests::{Person, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::life::{self, CANARY};
use super::{Log, walk};

/// Of every request in the tests.
const REQUEST_ID: &str = "JKJaXmPLvHcESHA=";

/// Every text in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(values) => values.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Ids are names; a word may be anybody's, and so may the name of an event.
fn is_telling(text: &str) -> bool {
    let is_name = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    text.len() >= 12 && !is_name && text != REQUEST_ID && text.parse::<UserId>().is_err()
}

/// What people sent: bodies, headers, cookies, query strings, where from.
fn sent(event: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let body = event["body"].as_str().unwrap_or_default();
    texts(&serde_json::from_str(body).unwrap_or_default(), &mut found);
    for part in ["/headers/authorization", "/headers/x-canary", "/cookies", "/rawQueryString"] {
        texts(event.pointer(part).unwrap_or(&Value::Null), &mut found);
    }
    found.retain(|text| is_telling(text));
    found
}

/// A code that somebody sent.
fn code(event: &Value) -> Option<String> {
    let body: Value = serde_json::from_str(event["body"].as_str()?).ok()?;
    body["code"].as_str().map(str::to_owned)
}

/// What people got: tokens of every kind, and themselves.
fn got(event: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let open = event["rawPath"]
        .as_str()
        .is_some_and(|path| path.starts_with("/docs") || path.contains(".well-known"));
    if answer["statusCode"].as_u64().unwrap() < 300 && !open {
        let body = answer["body"].as_str().unwrap_or_default();
        texts(&serde_json::from_str(body).unwrap_or_default(), &mut found);
    }
    found.retain(|text| is_telling(text));
    found
}

/// The tokens in mails.
fn mailed(world: &World) -> Vec<String> {
    let mails = world.mailbox.messages();
    let tokens = mails.iter().flat_map(|mail| mail.text.split("token=").skip(1).map(str::to_owned));
    tokens.filter_map(|rest| rest.split_whitespace().next().map(str::to_owned)).collect()
}

/// Panics where a line holds any of it, or an error body what was sent.
fn nothing_is_told(world: &World) {
    let text = Log::text();
    assert!(
        !text.to_lowercase().contains(CANARY),
        "{:?}",
        text.lines().find(|line| line.to_lowercase().contains(CANARY))
    );
    let mut secrets = mailed(world);
    secrets.extend(
        ["192.0.2.77", "$argon2", "Bearer ", "eyJ", tests::APP_SECRET, &world.table].map(str::to_owned),
    );
    for (event, answer) in world.traffic() {
        secrets.extend(sent(&event));
        secrets.extend(got(&event, &answer));
        if answer["statusCode"].as_u64().unwrap() >= 400 {
            let mut body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
            // RFC 9457 section 3.1.5: it is the path. The names of unknown fields are pointed at.
            body["instance"] = Value::Null;
            let body = body.to_string().replace("/canary-field", "");
            assert!(!body.to_lowercase().contains(CANARY), "{body}");
        }
    }
    // Six digits may be part of a time or of an id, but no word.
    let words = text
        .lines()
        .flat_map(|line| line.split_once("\"level\"").unwrap().1.split(|c: char| !c.is_alphanumeric()));
    let words: HashSet<&str> = words.collect();
    let codes: Vec<String> = world.traffic().iter().filter_map(|(event, _)| code(event)).collect();
    assert!(codes.iter().all(|code| !words.contains(code.as_str())), "{codes:?}: {text}");
    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() > 10, "{secrets:?}");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}: {:?}", text.lines().find(|line| line.contains(&secret)));
    }
}

/// L02: of a whole life, in which every operation of the API succeeds.
#[tokio::test]
async fn no_line_of_a_whole_life_says_who_it_was_or_holds_a_secret() {
    Log::start();
    let world = World::with(&life::SETTINGS).await;
    let (root, left) = life::live(&world).await;
    walk::good(&world, &root, &left).await;
    let succeeded = walk::succeeded(&world);
    let missing =
        tests::samples::samples().into_iter().map(|(id, _)| id).filter(|id| !succeeded.contains(id));
    let missing: Vec<String> = missing.collect();
    assert!(missing.is_empty(), "add a step for {missing:?} to tests/edges/logs/life.rs");
    let ada = Person::user(&world, "canary.last@example.com").await;
    life::go_wrong(&world, &ada).await;
    assert!(Log::lines().len() > 50);
    nothing_is_told(&world);
}

/// L02, H04: whatever is wrong with a request, of every operation.
#[tokio::test]
async fn no_bad_request_is_repeated_in_a_line_or_an_error_body() {
    Log::start();
    let world = World::with(&life::SETTINGS).await;
    let root = Person::an_admin(&world, "canary.root@example.com").await;
    world.listen(life::dress);
    walk::bad(&world, &root).await;
    nothing_is_told(&world);
}

/// L02, H04: while the table fails, in every operation.
#[tokio::test]
async fn no_fault_of_the_table_makes_a_line_say_more() {
    Log::start();
    let faults = Faults::new().await;
    let world = World::at(&life::SETTINGS, &faults.endpoint).await;
    let root = Person::an_admin(&world, "canary.root@example.com").await;
    let ada = Person::user(&world, "canary.ada@example.com").await;
    world.listen(life::dress);
    for fault in [Fault::ServerError, Fault::Conflict] {
        faults.always(fault);
        walk::good(&world, &root, &ada).await;
        faults.heal();
    }
    assert!(Log::lines().iter().any(|line| line["level"] == "ERROR"));
    nothing_is_told(&world);
}

/// L02: a service's message may repeat what it was sent. Ours never do.
#[tokio::test]
async fn what_the_table_says_is_wrong_is_not_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = [0; 16 * 1024];
            let _ = client.read(&mut request).await;
            let body = r#"{"__type":"x#ValidationException","message":"no such key: canary@example.com"}"#;
            let answer = format!(
                "HTTP/1.1 400 .\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let _ = client.write_all(answer.as_bytes()).await;
        }
    });
    Log::start();
    let world = World::at(&life::SETTINGS, &endpoint).await;
    let body = serde_json::json!({ "email": "canary@example.com" });
    world.post("/auth/forgot-password", body).await.refused(500, "internal_error");
    let text = Log::text();
    assert!(text.contains("ValidationException") && !text.contains(CANARY), "{text}");
}

/// L02: nor does an item that is not as it should be get into a line.
#[tokio::test]
async fn what_is_wrong_with_an_item_is_told_without_the_item() {
    let world = World::new().await;
    let ada = Person::user(&world, "canary.ada@example.com").await;
    for field in ["session_epoch", "role", "updated_at", "email", "password_hash"] {
        let key = |text: String| AttributeValue::S(text);
        let value = AttributeValue::M([("canary".to_owned(), key("canary \"".to_owned()))].into());
        for value in [key("canary, expected canary".to_owned()), value] {
            let update = world.client.update_item().table_name(&world.table).update_expression("SET #f = :v");
            let update =
                update.key("PK", key(format!("USER#{}", ada.id))).key("SK", key("PROFILE".to_owned()));
            let update =
                update.expression_attribute_names("#f", field).expression_attribute_values(":v", value);
            update.send().await.unwrap();
            Log::start();
            let _ = ada.get(&world, "/users/me").await;
            let text = Log::text();
            assert!(!text.contains(CANARY), "{field}: {text}");
        }
    }
}

/// L02: a start that fails names the setting and the rule, not the value.
#[test]
fn a_bad_setting_is_not_repeated() {
    let all = [auth::SETTINGS, mailer::SETTINGS, worker::SETTINGS, users::SETTINGS, docs::SETTINGS].concat();
    let error = Config::read(&all, |_| Some("canary".to_owned())).unwrap_err();
    assert!(error.0.len() > 5 && !error.to_string().contains(CANARY), "{error}");
    let error = Config::read(&[Setting::AppSecret], |_| Some("canary,canary".to_owned())).unwrap_err();
    assert!(!error.to_string().contains(CANARY), "{error}");
}

/// L02: Lambda makes the traces, and nothing of ours writes into them. The metrics
/// are in `tests/contract/template.rs`.
#[test]
fn nothing_is_written_into_traces() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for tracer in ["opentelemetry", "tracing-opentelemetry", "xray", "aws-xray", "metrics"] {
        assert!(!lock.contains(&format!("name = \"{tracer}\"")), "{tracer}");
    }
}
