//! What an import refuses, and what it never repeats.

use serde_json::json;
use shared::token::{AppSecret, TotpSecret};
use tests::APP_SECRET;

use super::{BCRYPT, import, installation};

/// Its invitation would open a session without the second factor.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_without_a_password_is_refused() {
    let world = installation().await;
    let id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b".parse().unwrap();
    let secret = AppSecret::parse(APP_SECRET).unwrap();
    let sealed = TotpSecret::from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap().seal(&secret, id).unwrap();
    let totp =
        json!({ "sealed": sealed, "last_step": 0, "recovery": [], "confirmed_at": "2020-01-01T00:00:00Z" });
    let mut row = json!({ "id": id, "email": "ada@example.com", "totp": totp });
    let said = import(&world, "users.jsonl", &row.to_string(), &[]).await;
    assert!(said.err.contains("totp: is of no use without password_hash"), "{}{}", said.out, said.err);
    assert!(world.items().await.is_empty());
    row["password_hash"] = json!(BCRYPT);
    let said = import(&world, "users.jsonl", &row.to_string(), &[]).await;
    assert!(said.ok, "{}", said.err);
}
