//! Whether the time of an answer tells an account's address from any other:
//! `make timing`. security.md A12.
//!
//! 200 requests each for known and for unknown addresses, in turn and in random
//! order, to the functions themselves on the embedded engine (or the one that
//! `AWS_ENDPOINT_URL_DYNAMODB` names). Exits with 1 where the medians differ by
//! 5 % or more or p is 0.01 or less, three times on end and in the same direction. The p is that of
//! the Mann-Whitney U test: how often samples of one and the same distribution would differ so.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tool for developers"
)]

mod ranks;

use std::process::ExitCode;
use std::time::Instant;

use fastrand::Rng;
use serde_json::{Value, json};
use tests::{Call, OTHER_PASSWORD, World};

const SAMPLES: usize = 200;
const WARM_UP: usize = 10;
const ACCOUNTS: usize = 20;
const LIMIT: f64 = 0.05;
/// So rarely chance alone does it.
const LEAST_P: f64 = 0.01;
/// On a busy machine medians of a millisecond differ by chance: what differs is
/// measured again, and what tells something does so each time.
const ROUNDS: usize = 3;

/// Nobody is throttled: it is the answers' own time that is looked at.
const SETTINGS: [(&str, &str); 3] =
    [("LOGIN_FAILURES", "off"), ("SOURCE_LIMIT", "off"), ("MAIL_LIMIT", "off")];

const OPERATIONS: [(&str, u64); 4] = [
    ("/auth/login", 401),
    ("/auth/forgot-password", 202),
    ("/auth/resend-verification", 202),
    ("/auth/register", 202),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let world = World::with(&SETTINGS).await;
    for number in 0..ACCOUNTS {
        world.make_user(&address("known", number), |_| ()).await;
    }
    let mut tells = false;
    println!("| operation | known address | unknown address | ratio | p |\n|---|---|---|---|---|");
    for (path, status) in OPERATIONS {
        let mut slower = Vec::new();
        while slower.len() < ROUNDS
            && let Some(which) = compare(&world, path, status).await
        {
            slower.push(which);
        }
        tells |= slower.len() == ROUNDS && slower.iter().all(|which| *which == slower[0]);
    }
    if tells {
        eprintln!("timing: what is known and what is not differ, each time");
    }
    ExitCode::from(u8::from(tells))
}

/// Prints a row, and returns, if the times differ, whether what is known takes longer.
async fn compare(world: &World, path: &str, status: u64) -> Option<bool> {
    let (known, unknown) = sample(world, path, status).await;
    let (one, other) = (ranks::median(&known), ranks::median(&unknown));
    let (ratio, p) = (other / one, ranks::mann_whitney(&known, &unknown));
    println!("| `POST {path}` | {one:.3} ms | {other:.3} ms | {ratio:.3} | {p:.3} |");
    ((ratio - 1.0).abs() >= LIMIT || p <= LEAST_P).then_some(ratio < 1.0)
}

/// Addresses of one length.
fn address(kind: &str, number: usize) -> String {
    format!("{kind:-<8}{number:06}@example.com")
}

/// The times of both kinds, in milliseconds.
async fn sample(world: &World, path: &str, status: u64) -> (Vec<f64>, Vec<f64>) {
    let mut rng = Rng::with_seed(1);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..SAMPLES + WARM_UP {
        let mut kinds = [("known", number % ACCOUNTS, &mut known), ("unknown", number, &mut unknown)];
        rng.shuffle(&mut kinds);
        for (kind, number, times) in kinds {
            let event = request(path, &address(kind, number));
            let started = Instant::now();
            let answer = world.answer("auth", &event).await;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(answer["statusCode"], status, "{path}: {answer}");
        }
    }
    (known.split_off(WARM_UP), unknown.split_off(WARM_UP))
}

fn request(path: &str, email: &str) -> Value {
    let mut body = json!({ "email": email });
    if matches!(path, "/auth/login" | "/auth/register") {
        body["password"] = json!(OTHER_PASSWORD);
    }
    Call::new("POST", path).json(&body).event()
}
