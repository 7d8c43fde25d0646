//! The engine did it, but its answer never arrived. security.md S14, P12.

use serde_json::json;
use tests::faults::Fault;
use tests::{OTHER_PASSWORD, PASSWORD, Person};

use crate::faults::world;

/// S14: the client retries with the token it has, and is not signed out.
#[tokio::test]
async fn a_refresh_whose_answer_is_lost_works_when_it_is_tried_again() {
    let (world, faults, _, ada) = world().await;
    faults.next(3, "UpdateItem", Fault::Lost);
    ada.refresh(&world).await.refused(503, "temporarily_unavailable");
    let again = ada.refresh(&world).await.ok(200);
    let once_more = ada.refresh(&world).await.ok(200);
    assert_eq!(again.body["refresh_token"], once_more.body["refresh_token"], "one successor");
    let successor = Person::from_tokens(&again.body, PASSWORD);
    let _ = successor.refresh(&world).await.ok(200);
    let _ = successor.get(&world, "/users/me").await.ok(200);
}

/// S14, P12: the SDK's own retry meets the counter that it moved itself.
#[tokio::test]
async fn a_refresh_that_the_sdk_repeats_is_one_rotation() {
    let (world, faults, _, ada) = world().await;
    faults.next(1, "UpdateItem", Fault::Lost);
    let first = ada.refresh(&world).await.ok(200);
    assert_eq!(faults.seen().iter().filter(|seen| seen.operation == "UpdateItem").count(), 2);
    assert_eq!(first.body["refresh_token"], ada.refresh(&world).await.ok(200).body["refresh_token"]);
}

/// H05: half of a refresh failed after the counter had moved.
#[tokio::test]
async fn a_refresh_that_fails_half_way_works_when_it_is_tried_again() {
    let (world, faults, _, ada) = world().await;
    faults.next(3, "GetItem", Fault::ServerError);
    ada.refresh(&world).await.refused(503, "temporarily_unavailable");
    let _ = ada.refresh(&world).await.ok(200);
}

/// P12.
#[tokio::test]
async fn a_sign_in_whose_answer_is_lost_is_repeated() {
    let (world, faults, _, ada) = world().await;
    faults.next(1, "TransactWriteItems", Fault::Lost);
    let again = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let _ = again.get(&world, "/users/me").await.ok(200);
}

/// P12: one user, and whoever made it can sign in.
#[tokio::test]
async fn a_confirmation_whose_answer_is_lost_made_one_user() {
    let (world, faults, _, _) = world().await;
    let body = json!({ "email": "eve@example.com", "password": PASSWORD });
    let _ = world.post("/auth/register", body).await.ok(202);
    let token = world.token_for("eve@example.com").await;
    faults.next(3, "TransactWriteItems", Fault::Lost);
    let body = json!({ "token": token, "password": PASSWORD });
    world.post("/auth/confirm-registration", body.clone()).await.refused(503, "temporarily_unavailable");
    world.post("/auth/confirm-registration", body).await.refused(400, "invalid_token");
    let eve = Person::sign_in(&world, "eve@example.com", PASSWORD).await;
    let _ = eve.get(&world, "/users/me").await.ok(200);
}

/// P12: a change that is made is not made twice, nor undone.
#[tokio::test]
async fn a_password_change_whose_answer_is_lost_has_happened() {
    let (world, faults, _, ada) = world().await;
    faults.next(3, "TransactWriteItems", Fault::Lost);
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.refused(503, "temporarily_unavailable");
    let _ = ada.get(&world, "/users/me").await.ok(200);
    let _ = Person::sign_in(&world, &ada.email, OTHER_PASSWORD).await;
    let told = world.mails_to(&ada.email).await;
    assert_eq!(told.iter().filter(|mail| mail.subject == "Your password was changed").count(), 1);
}

/// P12, P10: a mail is a mail, however often the table was asked to take it.
#[tokio::test]
async fn a_registration_whose_answer_is_lost_mails_once() {
    let (world, faults, _, _) = world().await;
    faults.next(1, "TransactWriteItems", Fault::Lost);
    let body = json!({ "email": "eve@example.com", "password": PASSWORD });
    let _ = world.post("/auth/register", body).await.ok(202);
    assert_eq!(faults.seen().iter().filter(|seen| seen.operation == "TransactWriteItems").count(), 2);
    assert_eq!(world.mails_to("eve@example.com").await.len(), 1);
}

/// P12, P10, A20: nor does it come back with a link that was used before the SDK asked
/// again.
#[tokio::test]
async fn a_mail_that_was_delivered_meanwhile_does_not_come_back() {
    let (world, faults, _, ada) = world().await;
    faults.next(1, "TransactWriteItems", Fault::Swallowed);
    let asks = world.post("/auth/forgot-password", json!({ "email": ada.email }));
    let uses = async {
        faults.struck().await;
        let body = json!({ "token": world.token_for(&ada.email).await, "new_password": OTHER_PASSWORD });
        let _ = world.post("/auth/reset-password", body.clone()).await.ok(204);
        body
    };
    let (asked, body) = tokio::join!(asks, uses);
    let _ = asked.ok(202);
    let links =
        world.mails_to(&ada.email).await.into_iter().filter(|mail| mail.text.contains("reset-password#"));
    assert_eq!(links.count(), 1);
    world.post("/auth/reset-password", body).await.refused(400, "invalid_token");
}
