//! The same as a function logs it: by `shared::log::start`, to standard output, in a
//! process whose environment asks for all that there is. security.md L02.

use std::process::Command;

use serde_json::Value;
use tests::{Person, World};

use super::life;

/// Our crates, and what others say from `WARN` on.
const OURS: [&str; 8] = ["shared", "auth", "users", "admin", "posts", "docs", "mailer", "worker"];

#[tokio::test]
#[ignore = "the test below runs it in a process of its own"]
async fn a_life_to_standard_output() {
    shared::log::start();
    let world = World::with(&life::SETTINGS).await;
    let (_, left) = life::live(&world).await;
    let ada = Person::user(&world, "canary.last@example.com").await;
    life::go_wrong(&world, &ada).await;
    let _ = left.get(&world, "/users/me").await.ok(200);
    let crashed = tokio::spawn(async { panic!("a canary in a panic") }).await;
    assert!(crashed.is_err());
}

/// Neither ours nor that of hyper, rustls or the SDK, which would print requests.
#[test]
fn no_level_that_the_environment_asks_for_makes_a_process_say_more() {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "logs::process::a_life_to_standard_output", "--ignored", "--nocapture"])
        .env("RUST_LOG", "trace")
        .env("LOG_LEVEL", "trace")
        .env("AWS_LAMBDA_LOG_LEVEL", "TRACE")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8(child.stdout).unwrap(), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success(), "{out}\n{err}");
    for text in ["canary", "192.0.2.77", "eyj", "$argon2", "bearer", &tests::APP_SECRET.to_lowercase()] {
        let line = out.lines().chain(err.lines()).find(|line| line.to_lowercase().contains(text));
        assert_eq!(line, None, "{text}");
    }
    let lines = out.lines().filter_map(|line| line.find("{\"timestamp\"").map(|at| &line[at..]));
    let lines: Vec<Value> = lines.map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.len() > 50, "{out}");
    assert!(lines.iter().any(|line| line["message"] == "panicked" && line["location"].is_string()));
    for line in &lines {
        let target = line["target"].as_str().unwrap().split("::").next().unwrap();
        assert!(
            OURS.contains(&target) || ["WARN", "ERROR"].contains(&line["level"].as_str().unwrap()),
            "{line}"
        );
        assert!(!has_token(line), "{line}");
    }
}

/// Whether a text is long and even enough for a token: ids have 36 characters.
fn has_token(line: &Value) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let texts = line.as_object().unwrap().values().filter_map(Value::as_str);
    texts.flat_map(|text| text.split(move |c| !is_part(c))).any(|word| word.len() > 42)
}
