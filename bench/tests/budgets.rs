//! What a request costs in calls and capacity units: held as it is, since every one of them is on the
//! bill. What waits for what is held by `tests/budgets`. Keys are cached, throttling and audit are on. A number that became smaller is to be
//! written down here, too.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use bench::capacity::Units;
use bench::operations::{OPERATIONS, Operation};
use bench::stage::{House, Stage};
use bench::wire::{Call, Recorder};
use serde_json::Value;
use shared::App;
use shared::clock::Clock;
use shared::config::{Config, Setting};
use shared::http::{Function, Routes};
use shared::store::Store;

/// Operation; calls; read request units; write request units of the table, of its index;
/// stream records.
type Budget = (&'static str, usize, f64, f64, f64, u32);

/// At most so much.
const BUDGETS: [Budget; 7] = [
    ("get_me", 1, 2.0, 0.0, 0.0, 0),
    ("refresh", 2, 1.0, 1.0, 0.0, 1),
    ("login", 6, 3.0, 12.0, 0.0, 9),
    ("register", 3, 1.0, 3.0, 0.0, 3),
    ("forgot_password", 1, 0.0, 4.0, 0.0, 2),
    ("deactivate_user", 3, 3.0, 10.0, 2.0, 4),
    ("list_users", 3, 24.0, 0.0, 0.0, 0),
];

/// The function in this process, over the table of a stage that it reaches at `endpoint`.
fn function(stage: &Stage, name: &str, endpoint: &str) -> Function {
    let (settings, routes): (&[Setting], Routes) = match name {
        "auth" => (auth::SETTINGS, auth::routes()),
        "users" => (users::SETTINGS, users::routes()),
        _ => (admin::SETTINGS, admin::routes()),
    };
    let environment = stage.environment(endpoint);
    let get =
        |name: &str| environment.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    let config = Config::read(settings, get).unwrap();
    let store = Store::new(&local::client::config(endpoint), &stage.table, Clock::system());
    Function::new(App::new(config, store, Clock::system()), routes)
}

async fn calls(house: &House, operation: &Operation) -> Vec<Call> {
    let mut stage = Stage::new(house).await.unwrap();
    let recorder = Recorder::start(&house.engine.endpoint).await.unwrap();
    let function = function(&stage, &operation.function().unwrap(), &recorder.endpoint);
    let mut calls = Vec::new();
    // The first requests read the keys. The recorder reads every item that a call touches; on a busy machine the
    // request's time may be up by then.
    let (mut done, mut tries) = (0, 0);
    while done < 3 {
        let event = operation.event(&mut stage).await.unwrap();
        let _ = recorder.take();
        let answer = function.call(&event).await;
        calls = recorder.take();
        tries += 1;
        if answer["statusCode"] == 503 && tries < 12 {
            continue;
        }
        assert_eq!(answer["statusCode"], Value::from(operation.status), "{answer}");
        done += 1;
    }
    calls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_costs_more_than_it_is_allowed() {
    let house = House::new(Path::new("no binaries are needed")).await.unwrap();
    let mut over = Vec::new();
    for (id, most_calls, rru, wru, index_wru, records) in BUDGETS {
        let operation = OPERATIONS.iter().find(|one| one.id == id).unwrap();
        let calls = calls(&house, operation).await;
        let units = Units::of_all(&calls);
        let kept = calls.len() <= most_calls
            && units.read <= rru
            && units.write <= wru
            && units.index_write <= index_wru
            && units.stream_records <= records;
        if !kept {
            let names: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
            over.push(format!("{id}: {} calls, {units:?}: {names:?}", calls.len()));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}
