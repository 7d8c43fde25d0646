//! What anybody may ask for, and what is then mailed.

use serde_json::json;
use tests::PASSWORD;

use crate::Ledger;

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nobody@example.com";

#[tokio::test]
async fn asking_to_register_costs_the_same_for_every_address() {
    let ledger = Ledger::new().await;
    ledger.world.make_user(ADA, |_| ()).await;
    for email in [ADA, NOBODY] {
        let body = json!({ "email": email, "password": PASSWORD });
        ledger.holds("register", ledger.world.post("/auth/register", body)).await.ok(202);
        let body = json!({ "email": email, "password": PASSWORD, "username": "countess" });
        let asked = ledger.world.post("/auth/register", body);
        ledger.holds("register, with a username", asked).await.ok(202);
    }
}

#[tokio::test]
async fn an_account_that_is_made_at_once_costs_no_more() {
    let ledger = Ledger::with(&[("EMAIL_VERIFICATION", "optional")]).await;
    let body = json!({ "email": ADA, "password": PASSWORD, "username": "countess" });
    let asked = ledger.world.post("/auth/register", body.clone());
    ledger.holds("register, verification optional", asked).await.ok(201);
    let body = json!({ "email": ADA, "password": PASSWORD });
    let asked = ledger.world.post("/auth/register", body);
    ledger.holds("register, the address taken", asked).await.refused(409, "email_taken");
}

#[tokio::test]
async fn a_forgotten_password_is_counted_and_mailed_in_one_step_for_every_address() {
    for verification in ["required", "optional"] {
        let ledger = Ledger::with(&[("EMAIL_VERIFICATION", verification)]).await;
        ledger.world.make_user(ADA, |_| ()).await;
        for email in [ADA, NOBODY] {
            let body = json!({ "email": email });
            let asked = ledger.world.post("/auth/forgot-password", body.clone());
            ledger.holds("forgot password", asked).await.ok(202);
            let asked = ledger.world.post("/auth/resend-verification", body);
            ledger.holds("resend verification", asked).await.ok(202);
        }
    }
}

#[tokio::test]
async fn beyond_the_limit_nothing_more_is_asked() {
    let ledger = Ledger::new().await;
    let body = json!({ "email": NOBODY });
    for _ in 0..30 {
        ledger.world.post("/auth/forgot-password", body.clone()).await.ok(202);
    }
    let asked = ledger.world.post("/auth/forgot-password", body);
    ledger.holds("forgot password, beyond SOURCE_LIMIT", asked).await.refused(429, "too_many_requests");
}
