//! What a function does before its first event, so that the first request need not.

use serde_json::json;
use shared::App;
use shared::config::Config;
use shared::http::Function;
use shared::store::Store;
use tests::faults::{Fault, Faults};
use tests::{Call, PASSWORD, Person, Reply, World};

use crate::keys::private;

const ADA: &str = "ada@example.com";

/// A new `auth` of this world, over the table as `faults` shows it.
fn auth(world: &World, faults: &Faults) -> App {
    let config = Config::read(auth::SETTINGS, |name| world.settings.get(name).cloned()).unwrap();
    let store = Store::new(&local::client::config(&faults.endpoint), &world.table, world.clock.clone());
    App::new(config, store, world.clock.clone())
}

async fn sign_in(app: App) -> Reply {
    let login = Call::new("POST", "/auth/login").json(&json!({ "email": ADA, "password": PASSWORD }));
    Reply::read(&Function::new(app, auth::routes()).call(&login.event()).await)
}

/// The kinds of items that were asked for by key since the last look.
fn asked(faults: &Faults) -> Vec<String> {
    let seen = faults.seen();
    let keys = seen.iter().filter_map(|seen| seen.body["Key"]["PK"]["S"].as_str());
    keys.map(|key| key.split('#').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_prepared_function_has_the_keys_before_its_first_sign_in() {
    let (faults, world) = (Faults::new().await, World::new().await);
    Person::user(&world, ADA).await;
    let app = auth(&world, &faults);
    app.prepare().await;
    assert_eq!(asked(&faults), ["KEYS", "KEYS", "PRIVATEKEY"]);
    sign_in(app).await.ok(200);
    let asked = asked(&faults);
    assert!(
        !asked.is_empty() && !asked.iter().any(|key| key.ends_with("KEY") || key.ends_with("KEYS")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn preparing_writes_nothing() {
    let (faults, world) = (Faults::new().await, World::new().await);
    auth(&world, &faults).prepare().await;
    assert_eq!(asked(&faults), ["KEYS", "KEYS"]);
    assert!(private(&world).await.is_empty());
}

#[tokio::test]
async fn a_table_that_does_not_answer_stops_no_start() {
    let (faults, world) = (Faults::new().await, World::new().await);
    Person::user(&world, ADA).await;
    for fault in [Fault::ServerError, Fault::Throttled, Fault::Cut, Fault::Hang] {
        let app = auth(&world, &faults);
        faults.always(fault);
        app.prepare().await;
        faults.heal();
        sign_in(app).await.ok(200);
    }
}
