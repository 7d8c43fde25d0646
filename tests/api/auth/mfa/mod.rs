//! `/auth/mfa/**` and signing in with two factors.

mod confirm;
mod disable;
mod enrol;
mod finish;
mod limits;
mod once;
mod recovery;
mod stored;
mod tokens;

use jiff::SignedDuration;
use serde_json::Value;
use tests::{Factor, Person, World};

/// One step of the app.
const STEP: SignedDuration = SignedDuration::from_secs(30);

/// Ada, who has an authenticator app; its next code is unused.
async fn ada(world: &World) -> (Person, Factor) {
    let ada = Person::user(world, "ada@example.com").await;
    let factor = Factor::enrolled(world, &ada).await;
    world.wait(STEP);
    (ada, factor)
}

/// What `GET /auth/mfa` answers.
async fn status(world: &World, person: &Person) -> Value {
    person.get(world, "/auth/mfa").await.ok(200).body
}

/// The subjects of the mails to somebody.
async fn subjects(world: &World, person: &Person) -> Vec<String> {
    world.mails_to(&person.email).await.into_iter().map(|mail| mail.subject).collect()
}

/// The newest event of that kind in somebody's own audit.
async fn event(world: &World, person: &Person, action: &str) -> Value {
    let page = person.get(world, "/users/me/activity").await.ok(200).body;
    let found = page["data"].as_array().unwrap().iter().find(|event| event["action"] == action);
    found.unwrap_or_else(|| panic!("no {action}: {page}")).clone()
}
