//! Transactions that meet others, and keys that were not looked at. security.md
//! P06, H05.

use serde_json::{Value, json};
use tests::faults::{Fault, Faults};

use crate::faults::{IN_TIME, login, role, timed, world};

/// P06: the SDK retries no conflict; the store does, under one request token.
#[tokio::test]
async fn a_transaction_that_meets_others_is_tried_again_under_one_token() {
    let (world, faults, root, ada) = world().await;
    faults.next(3, "TransactWriteItems", Fault::Conflict);
    let _ = world.call(login(&ada)).await.ok(200);
    let tokens: Vec<Value> =
        writes(&faults).into_iter().map(|body| body["ClientRequestToken"].clone()).collect();
    assert_eq!(tokens.len(), 4);
    assert!(tokens[0].is_string() && tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
    faults.next(3, "TransactWriteItems", Fault::Conflict);
    let changed = world.call(role(&root, &ada, "admin")).await.ok(200);
    assert_eq!(changed.body["role"], "admin");
    faults.next(3, "TransactWriteItems", Fault::Conflict);
    let _ = ada.patch(&world, "/users/me", json!({ "username": "countess" })).await.ok(200);
}

/// P06.
#[tokio::test]
async fn conflicts_without_end_are_503_in_time() {
    let (world, faults, root, ada) = world().await;
    faults.next(usize::MAX, "TransactWriteItems", Fault::Conflict);
    for call in [login(&ada), role(&root, &ada, "admin")] {
        let (_, reply, took) = timed(&world, "", call).await;
        reply.refused(503, "temporarily_unavailable");
        assert!(took < IN_TIME, "{took:?}");
    }
    assert!(writes(&faults).len() <= 12, "bounded");
    faults.heal();
    assert_eq!(ada.get(&world, "/users/me").await.ok(200).body["role"], "user");
}

fn writes(faults: &Faults) -> Vec<Value> {
    let seen = faults.seen().into_iter().filter(|seen| seen.operation == "TransactWriteItems");
    seen.map(|seen| seen.body).collect()
}

/// H05: a key that was not looked at is not "absent".
#[tokio::test]
async fn unprocessed_keys_are_asked_for_again_and_never_taken_for_absent() {
    let (world, faults, root, ada) = world().await;
    faults.next(2, "BatchGetItem", Fault::Unprocessed);
    let _ = ada.get(&world, "/users/me").await.ok(200);
    faults.next(usize::MAX, "BatchGetItem", Fault::Unprocessed);
    ada.get(&world, "/users/me").await.refused(503, "temporarily_unavailable");
    root.get(&world, "/admin/users").await.refused(503, "temporarily_unavailable");
    ada.delete(&world, &format!("/users/me/sessions/{}", ada.session_id))
        .await
        .refused(503, "temporarily_unavailable");
    faults.heal();
    let _ = ada.get(&world, "/users/me").await.ok(200);
}
