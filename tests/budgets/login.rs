//! Signing in, with all that is counted and written down.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::model::Status;
use tests::{Factor, OTHER_PASSWORD, PASSWORD, Person};

use crate::Ledger;

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";

fn by_email(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

/// The ledger of a world in which ada is, who has never failed to sign in.
async fn ledger() -> Ledger {
    let ledger = Ledger::new().await;
    ledger.world.make_user(ADA, |user| user.username = Some("ada".parse().unwrap())).await;
    ledger
}

/// Posts it, and holds it to the row.
async fn signs_in(ledger: &Ledger, row: &str, body: Value, status: u16) {
    let reply = ledger.holds(row, ledger.world.post("/auth/login", body)).await;
    assert_eq!(reply.status, status, "{row}: {}", reply.body);
}

/// Posts a wrong password that is looked at.
async fn signs_in_wrongly(ledger: &Ledger, email: &str) {
    let reply = ledger.world.post("/auth/login", by_email(email, OTHER_PASSWORD)).await;
    reply.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn a_sign_in_counts_looks_up_and_opens_the_session_in_three_steps() {
    let ledger = ledger().await;
    signs_in(&ledger, "sign-in by address", by_email(ADA, PASSWORD), 200).await;
    signs_in(&ledger, "sign-in by address", by_email(ADA, PASSWORD), 200).await;
    let by_username = json!({ "username": "ada", "password": PASSWORD });
    signs_in(&ledger, "sign-in by username", by_username, 200).await;
}

#[tokio::test]
async fn a_sign_in_after_a_wrong_password_costs_no_more() {
    let ledger = ledger().await;
    signs_in(&ledger, "wrong password", by_email(ADA, OTHER_PASSWORD), 401).await;
    signs_in(&ledger, "sign-in by address", by_email(ADA, PASSWORD), 200).await;
    signs_in(&ledger, "wrong password", by_email(ADA, OTHER_PASSWORD), 401).await;
    ledger.world.wait(SignedDuration::from_mins(20));
    ledger.warm().await;
    signs_in(&ledger, "sign-in, a failure being forgotten", by_email(ADA, PASSWORD), 200).await;
}

#[tokio::test]
async fn who_waits_for_a_lock_to_end_signs_in_at_the_same_cost() {
    let ledger = ledger().await;
    for _ in 0..5 {
        ledger
            .world
            .post("/auth/login", by_email(ADA, OTHER_PASSWORD))
            .await
            .refused(401, "invalid_credentials");
    }
    ledger.world.wait(SignedDuration::from_secs(1));
    signs_in(&ledger, "wrong password, after a lock", by_email(ADA, OTHER_PASSWORD), 401).await;
    signs_in(&ledger, "locked", by_email(ADA, PASSWORD), 429).await;
    ledger.world.wait(SignedDuration::from_secs(2));
    signs_in(&ledger, "sign-in, after a lock", by_email(ADA, PASSWORD), 200).await;
    signs_in(&ledger, "sign-in by address", by_email(ADA, PASSWORD), 200).await;
}

/// A source from which more come than a third of its limit gets each count back.
#[tokio::test]
async fn a_sign_in_from_a_busy_source_costs_a_call_more_but_not_after_a_lock() {
    let ledger = Ledger::with(&[("SOURCE_LIMIT", "2/5m"), ("LOGIN_FAILURES", "1")]).await;
    ledger.world.make_user(ADA, |_| ()).await;
    signs_in(&ledger, "sign-in, the source busy", by_email(ADA, PASSWORD), 200).await;
    signs_in_wrongly(&ledger, ADA).await;
    ledger.world.wait(SignedDuration::from_secs(1));
    signs_in(&ledger, "sign-in, after a lock", by_email(ADA, PASSWORD), 200).await;
}

#[tokio::test]
async fn wrong_passwords_cost_the_same_for_a_name_that_nobody_has() {
    let ledger = ledger().await;
    for name in [ADA, NOBODY] {
        for _ in 0..4 {
            signs_in(&ledger, "wrong password", by_email(name, OTHER_PASSWORD), 401).await;
        }
        signs_in(&ledger, "wrong password, the fifth", by_email(name, OTHER_PASSWORD), 401).await;
        signs_in(&ledger, "locked", by_email(name, PASSWORD), 429).await;
    }
}

#[tokio::test]
async fn a_source_beyond_its_limit_costs_the_same_for_every_name() {
    let ledger = ledger().await;
    // The sign-in that warmed it is the first.
    for n in 1..30 {
        let body = by_email(&format!("p{n}@example.com"), OTHER_PASSWORD);
        ledger.world.post("/auth/login", body).await.refused(401, "invalid_credentials");
    }
    for name in [ADA, NOBODY] {
        signs_in(&ledger, "beyond SOURCE_LIMIT", by_email(name, PASSWORD), 429).await;
    }
}

#[tokio::test]
async fn the_first_of_two_factors_costs_no_more_than_a_sign_in() {
    let ledger = ledger().await;
    let ada = Person::sign_in(&ledger.world, ADA, PASSWORD).await;
    let factor = Factor::enrolled(&ledger.world, &ada).await;
    ledger.world.wait(SignedDuration::from_secs(60));
    let signing_in = ledger.world.post("/auth/login", by_email(ADA, PASSWORD));
    let reply = ledger.holds("sign-in, a code being awaited", signing_in).await;
    let body = json!({ "mfa_token": reply.ok(200).body["mfa_token"], "code": factor.code(&ledger.world) });
    ledger.holds("sign-in, the code", ledger.world.post("/auth/mfa", body)).await.ok(200);
}

#[tokio::test]
async fn who_may_not_sign_in_costs_no_more() {
    let ledger = ledger().await;
    ledger.world.make_user("out@example.com", |user| user.status = Status::Deactivated).await;
    signs_in(&ledger, "sign-in, deactivated", by_email("out@example.com", PASSWORD), 403).await;
    for _ in 0..5 {
        signs_in_wrongly(&ledger, "out@example.com").await;
    }
    ledger.world.wait(SignedDuration::from_secs(1));
    signs_in(&ledger, "sign-in, deactivated, after a lock", by_email("out@example.com", PASSWORD), 403).await;
    signs_in(&ledger, "sign-in, deactivated", by_email("out@example.com", PASSWORD), 403).await;
}
