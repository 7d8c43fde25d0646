//! What a signed-in user does most.

use tests::Person;

use crate::Ledger;

async fn ada() -> (Ledger, Person) {
    let ledger = Ledger::new().await;
    let ada = ledger.person("ada@example.com").await;
    (ledger, ada)
}

#[tokio::test]
async fn my_profile_is_one_read_of_user_and_session() {
    let (ledger, ada) = ada().await;
    ledger.holds("my profile", ada.get(&ledger.world, "/users/me")).await.ok(200);
    ledger.holds("my profile, by id", ada.get(&ledger.world, &format!("/users/{}", ada.id))).await.ok(200);
}

#[tokio::test]
async fn a_refresh_moves_the_session_on_beside_reading_the_user() {
    let (ledger, ada) = ada().await;
    ledger.holds("refresh", ada.refresh(&ledger.world)).await.ok(200);
    ledger.holds("refresh, again within the grace", ada.refresh(&ledger.world)).await.ok(200);
}
