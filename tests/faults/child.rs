//! A process of its own, which may be killed: the test's executable, run again to
//! play the part of one function that gets one event.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child as Process, Command, Stdio};

use jiff::Timestamp;
use local::mailbox::Mailbox;
use serde_json::{Value, json};
use shared::clock::Clock;
use tests::{Outside, World};
use tokio::task::{JoinHandle, spawn_blocking};

const ORDERS: &str = "USHER_TEST_ORDERS";
const ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const PART: &str = "child::a_function_answers_one_event";
const SIGKILL: i32 = 9;

/// A child at work.
pub(crate) struct Child {
    process: Process,
    output: JoinHandle<String>,
}

impl Child {
    /// Has a new process answer an event, over the table at `endpoint`.
    pub(crate) fn start(
        endpoint: &str,
        world: &World,
        settings: &HashMap<String, String>,
        function: &str,
        event: &Value,
    ) -> Self {
        let orders = json!({
            "settings": settings, "ses": world.outside.ses, "now": world.now(),
            "function": function, "event": event,
        });
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([PART, "--exact", "--ignored", "--nocapture"])
            .env(ORDERS, orders.to_string())
            .env(ENDPOINT, endpoint)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        let output = spawn_blocking(|| std::io::read_to_string(stdout).unwrap_or_default());
        Self { process, output }
    }

    /// Waits until it ends by itself and returns its answer.
    pub(crate) async fn answer(&mut self) -> Value {
        let output = (&mut self.output).await.unwrap();
        self.process.wait().unwrap();
        let answer = output.lines().find_map(|line| line.split_once("ANSWER ")).map(|(_, answer)| answer);
        serde_json::from_str(answer.unwrap_or_else(|| panic!("the child died: {output}"))).unwrap()
    }

    /// `kill -9`. Panics if it did not die of that.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        assert_eq!(self.process.wait().unwrap().signal(), Some(SIGKILL));
    }
}

/// Not a test: what a child does.
#[tokio::test]
#[ignore = "a part that is played in a process of its own"]
#[allow(clippy::disallowed_methods, reason = "how a child is told what to do")]
async fn a_function_answers_one_event() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let orders: Value = serde_json::from_str(&orders).unwrap();
    let settings: HashMap<String, String> = serde_json::from_value(orders["settings"].clone()).unwrap();
    let now: Timestamp = orders["now"].as_str().unwrap().parse().unwrap();
    let ses = orders["ses"].as_str().unwrap().to_owned();
    let outside = Outside { mailbox: Mailbox::new(), ses, clock: Clock::manual(now) };
    let world = World::join(&tests::endpoint().await, settings, outside).await;
    let answer = match orders["function"].as_str().unwrap() {
        "mailer" => world.bring(&orders["event"]).await,
        "worker" => world.work(&orders["event"]).await,
        function => world.answer(function, &orders["event"]).await,
    };
    println!("ANSWER {answer}");
}
