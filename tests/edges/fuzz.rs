//! Events changed at random: the same ones on every run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::{Value, json};
use tests::samples::{function, samples, signed};
use tests::{Person, World};

use crate::events::{FUNCTIONS, answered};

const ROUNDS: usize = 800;

/// H06, H07, J10: no event, however malformed, makes a 5xx or ends the process.
#[tokio::test]
async fn no_mutation_of_a_good_event_makes_more_than_a_problem() {
    let world = World::new().await;
    let root = Person::admin(&world, "root@example.com").await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let samples = samples();
    let mut rng = Rng::with_seed(20_260_301);
    for round in 0..ROUNDS {
        let (_, sample) = rng.choice(&samples).unwrap();
        let mut event = if rng.bool() { signed(sample, &root, &ada) } else { sample.clone() };
        let home = function(&event).to_owned();
        for _ in 0..rng.usize(1..4) {
            mutate(&mut event, &mut rng);
        }
        let to = if round % 8 == 0 { *rng.choice(&FUNCTIONS).unwrap() } else { home.as_str() };
        answered(&world, to, &event).await;
    }
}

fn mutate(event: &mut Value, rng: &mut Rng) {
    match rng.u8(..8) {
        0 | 1 => change(event, rng, Some(thing)),
        2 => change(event, rng, None),
        3 => event["rawQueryString"] = json!(text(rng, 40)),
        4 => event["rawPath"] = json!(format!("/{}", text(rng, 30))),
        5 => event["body"] = json!(garbled(event["body"].as_str().unwrap_or("{}"), rng)),
        6 => {
            event["isBase64Encoded"] = json!(true);
            let bytes: Vec<u8> = (0..rng.usize(..60)).map(|_| rng.u8(..)).collect();
            event["body"] = json!(if rng.bool() { STANDARD.encode(bytes) } else { text(rng, 30) });
        }
        _ => {
            if let Some(headers) = event["headers"].as_object_mut() {
                headers.insert(text(rng, 8), json!(text(rng, 20)));
            }
        }
    }
}

/// Replaces a value somewhere in the event, or takes it out.
fn change(event: &mut Value, rng: &mut Rng, with: Option<fn(&mut Rng) -> Value>) {
    let mut here = event;
    loop {
        let inner = here.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>());
        let Some(key) = inner.and_then(|keys| rng.choice(keys)) else { return };
        if rng.bool() || !here[&key].is_object() {
            match with {
                Some(value) => here[&key] = value(rng),
                None => drop(here.as_object_mut().unwrap().remove(&key)),
            }
            return;
        }
        here = &mut here[&key];
    }
}

/// A value that nobody expects there.
fn thing(rng: &mut Rng) -> Value {
    match rng.u8(..9) {
        0 => json!(null),
        1 => json!(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(1e300),
        4 => json!([]),
        5 => json!({ "a": [{}] }),
        6 => json!(""),
        7 => json!("x".repeat(rng.usize(..70_000))),
        _ => json!(text(rng, 50)),
    }
}

/// Characters that mean something to somebody on the way.
fn text(rng: &mut Rng, longest: usize) -> String {
    let strange = [
        '"', '<', '>', ' ', '\0', '\r', '\n', '\t', '%', '/', '.', '?', '#', '&', '=', '\\', '\u{e9}',
        '\u{feff}',
    ];
    let one = |rng: &mut Rng| if rng.bool() { *rng.choice(&strange).unwrap() } else { rng.alphanumeric() };
    (0..rng.usize(..longest)).map(|_| one(rng)).collect()
}

/// A text with a few characters changed, doubled or cut.
fn garbled(body: &str, rng: &mut Rng) -> String {
    let mut chars: Vec<char> = body.chars().collect();
    for _ in 0..rng.usize(1..5) {
        let at = rng.usize(..=chars.len());
        match rng.u8(..3) {
            0 => chars.insert(
                at,
                *rng.choice(&['{', '}', '[', '"', '\\', ',', '\0', '9', 'e', '\u{d7ff}']).unwrap(),
            ),
            1 => chars.truncate(at),
            _ => chars.extend_from_within(at..),
        }
    }
    chars.into_iter().collect()
}
