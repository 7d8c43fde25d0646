//! Signing keys come and go: docs/decisions/0008. security.md J12, C05.

use std::slice::from_ref;

use jiff::SignedDuration;
use shared::token::{AppSecret, Rotation, Signer, Verifier};
use tests::faults::{Fault, Faults};
use tests::{APP_SECRET, Call, World};
use tokio::task::JoinSet;

use crate::forge::present;
use crate::keys::{JWKS, hours, kid, minutes, private, published, request_rotation, seconds, token};

const ADA: &str = "ada@example.com";

/// From when a key is made until the next one is published.
const DUE: SignedDuration = SignedDuration::from_mins(90 * 24 * 60 - 2 * 60 - 5);

async fn ada_at(world: &World) -> String {
    world.make_user(ADA, |_| ()).await;
    token(world, ADA).await
}

/// J12, C05: the whole life of a key, to the second.
#[tokio::test]
async fn a_key_of_90_days_has_a_successor_that_signs() {
    let world = World::new().await;
    let first = kid(&ada_at(&world).await);
    world.wait(DUE - seconds(1));
    assert_eq!(published(&world).await, from_ref(&first));

    world.wait(seconds(1));
    let keys = published(&world).await;
    assert_eq!((keys.len(), &keys[0]), (2, &first), "published at once");
    let second = keys[1].clone();
    world.wait(hours(2) - seconds(1));
    assert_eq!(kid(&token(&world, ADA).await), first, "it does not sign yet");
    world.wait(seconds(1));
    let old = world.twin();
    assert_eq!(kid(&token(&world, ADA).await), second, "before the first one is 90 days old");
    assert_eq!(kid(&token(&old, ADA).await), second, "on each instance");

    world.wait(hours(2) + minutes(15) - seconds(1));
    assert_eq!(published(&world).await, [first.clone(), second.clone()]);
    assert_eq!(private(&world).await, [first, second.clone()]);
    world.wait(seconds(1));
    assert_eq!(published(&world).await, from_ref(&second), "2 hours and a token's life after that");
    assert_eq!(private(&world).await, [second], "and its private half is gone");
}

#[tokio::test]
async fn a_token_that_the_old_key_signed_last_is_good_until_it_expires() {
    let world = World::with(&[("KEY_ROTATION_DAYS", "1"), ("ACCESS_TOKEN_TTL", "1d")]).await;
    let first = kid(&ada_at(&world).await);
    world.wait(hours(22));
    assert_eq!(published(&world).await.len(), 2);
    world.wait(hours(2) - seconds(1));
    let last = token(&world, ADA).await;
    assert_eq!(kid(&last), first);
    for _ in 0..23 {
        world.wait(hours(1));
        let _ = present(&world, &last).await.ok(200);
        let _ = published(&world).await;
    }
    world.wait(hours(1) - seconds(1));
    let _ = present(&world.twin(), &last).await.ok(200);
    world.wait(seconds(1));
    present(&world, &last).await.refused(401, "invalid_access_token");
}

/// A shorter life of new tokens takes nothing from those that are out.
#[tokio::test]
async fn a_token_outlives_a_change_of_the_setting_that_it_was_made_under() {
    let world = World::with(&[("KEY_ROTATION_DAYS", "1"), ("ACCESS_TOKEN_TTL", "15m")]).await;
    ada_at(&world).await;
    let long = crate::steps::auth_under(&world, &[("ACCESS_TOKEN_TTL", "1d")]);
    world.wait(hours(22));
    let body = serde_json::json!({ "email": ADA, "password": tests::PASSWORD });
    let reply = crate::steps::post_to(&long, "/auth/login", body).await.ok(200);
    let token = reply.body["access_token"].as_str().unwrap();
    for _ in 0..23 {
        world.wait(hours(1));
        let _ = published(&world).await;
        let _ = present(&world, token).await.ok(200);
    }
}

#[tokio::test]
async fn keys_stay_where_rotation_is_off() {
    let world = World::with(&[("KEY_ROTATION_DAYS", "off")]).await;
    let first = kid(&ada_at(&world).await);
    world.wait(hours(24 * 3650));
    assert_eq!(published(&world).await, [first]);
    request_rotation(&world).await;
    world.wait(minutes(5));
    assert_eq!(published(&world).await.len(), 2, "but for the operator");
}

/// While nobody used it nothing was made: the old key signs until the new one can.
#[tokio::test]
async fn an_installation_that_slept_rotates_without_a_break() {
    let world = World::new().await;
    let first = kid(&ada_at(&world).await);
    world.wait(hours(24 * 365));
    let late = token(&world, ADA).await;
    assert_eq!(kid(&late), first);
    assert_eq!(published(&world).await.len(), 2);
    world.wait(hours(2));
    assert_ne!(kid(&token(&world, ADA).await), first);
}

/// J12: what `usher keys rotate` asks for.
#[tokio::test]
async fn a_key_that_the_operator_asks_for_is_published_within_5_minutes_and_signs_2_hours_later() {
    let world = World::new().await;
    let first = kid(&ada_at(&world).await);
    request_rotation(&world).await;
    assert_eq!(published(&world).await, from_ref(&first), "auth has just looked");
    world.wait(minutes(5));
    let keys = published(&world).await;
    assert_eq!((keys.len(), &keys[0]), (2, &first));
    assert!(world.store.public_keys().await.unwrap().rotate_requested_at.is_none(), "it is done");
    assert_eq!(kid(&token(&world, ADA).await), first);
    world.wait(hours(2));
    assert_eq!(kid(&token(&world, ADA).await), keys[1]);
    assert_eq!(published(&world).await, keys, "and once only");
}

/// What signs in an instance of `auth`.
fn signer() -> Signer {
    let rotation = Rotation { after: Some(hours(24 * 90)), token_life: minutes(15) };
    Signer::new(AppSecret::parse(APP_SECRET).unwrap(), &Verifier::default(), rotation)
}

/// C05. Not over HTTP: twenty instances on one machine need more than the time that a
/// request has to make a key each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_instances_make_one_key() {
    let world = World::new().await;
    world.make_user(ADA, |_| ()).await;
    let signers: Vec<_> = (0..20).map(|_| signer()).collect();
    for (wait, made) in [(hours(0), 1), (DUE, 2), (hours(2), 2), (minutes(135), 1)] {
        world.wait(wait);
        let mut all = JoinSet::new();
        for signer in signers.clone() {
            let store = world.store.clone();
            all.spawn(async move { signer.public_keys(&store).await.unwrap() });
        }
        let lists = all.join_all().await;
        assert!(lists.iter().all(|list| list == &lists[0]), "all go by the same list");
        assert_eq!(lists[0].keys.len(), made, "after {wait}");
        let kids = published(&world.twin()).await;
        assert_eq!(kids.len(), made);
        assert_eq!(private(&world).await, kids);
        let token = token(&world.twin(), ADA).await;
        let _ = present(&world, &token).await.ok(200);
    }
}

/// There is a key that signs: that the next one cannot be made is no reason to
/// refuse anybody, and it is not tried at each request.
#[tokio::test]
async fn a_rotation_that_fails_stops_nobody_and_is_tried_again() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let first = kid(&ada_at(&world).await);
    world.wait(DUE);
    faults.next(99, "TransactWriteItems", Fault::ServerError);
    let tries = || faults.seen().iter().filter(|seen| seen.operation == "TransactWriteItems").count();
    tries();
    assert_eq!(published(&world).await, from_ref(&first));
    assert_eq!(tries(), 3, "the SDK's attempts");
    assert_eq!(published(&world).await, from_ref(&first));
    assert_eq!(tries(), 0);
    faults.heal();
    world.wait(minutes(5));
    assert_eq!(published(&world).await.len(), 2);
}

/// The answer to the change is lost: the key is there, once.
#[tokio::test]
async fn a_rotation_whose_answer_is_lost_is_made_once() {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    ada_at(&world).await;
    world.wait(DUE);
    faults.next(1, "TransactWriteItems", Fault::Lost);
    assert_eq!(published(&world).await.len(), 2);
    assert_eq!(private(&world).await.len(), 2);
}

/// A published key set holds nothing private, and may be kept for 5 minutes: the
/// next key is in it 2 hours before it signs.
#[tokio::test]
async fn the_next_key_is_published_as_the_others_are() {
    let world = World::new().await;
    ada_at(&world).await;
    world.wait(DUE);
    let reply = world.call(Call::new("GET", JWKS)).await.ok(200);
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    for key in reply.body["keys"].as_array().unwrap() {
        let members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
}
