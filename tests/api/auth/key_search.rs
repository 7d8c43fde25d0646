//! Keys that a function has not seen: a new one is found at once, and made-up ones
//! cost next to nothing. security.md J02, J12.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::model::KeyId;
use tests::faults::Faults;
use tests::{Person, World};

use crate::forge::{part, present, sign};
use crate::keys::{hours, kid, minutes, revoke, seconds, token};

const ADA: &str = "ada@example.com";

/// A token of a key that nobody has.
fn made_up(claims: &Value, kid: &str) -> String {
    sign(&json!({ "typ": "at+jwt", "alg": "RS256", "kid": kid }), claims)
}

fn id_of(time: Timestamp) -> String {
    KeyId::new(time).to_string()
}

/// How often the list of public keys was read since the last look.
fn reads(faults: &Faults) -> usize {
    faults.seen().iter().filter(|seen| seen.body["Key"]["PK"]["S"] == "KEYS").count()
}

async fn stage() -> (Faults, World, Person, Value) {
    let faults = Faults::new().await;
    let world = World::at(&[], &faults.endpoint).await;
    let ada = Person::user(&world, ADA).await;
    let _ = present(&world, &ada.access_token).await.ok(200);
    let claims = part(&ada.access_token, 1);
    reads(&faults);
    (faults, world, ada, claims)
}

#[tokio::test]
async fn an_id_that_is_older_than_the_list_costs_no_read() {
    let (faults, world, ada, claims) = stage().await;
    let old = world.now() - seconds(31);
    let ids = ["", "x", "forged", "00000000-0000-0000-0000-000000000000"].map(str::to_owned);
    let ids = ids.into_iter().chain((0..50).map(|_| id_of(old))).chain([id_of(world.now() + seconds(31))]);
    for id in ids {
        present(&world, &made_up(&claims, &id)).await.refused(401, "invalid_access_token");
    }
    assert_eq!(reads(&faults), 0);
    let _ = present(&world, &ada.access_token).await.ok(200);
}

#[tokio::test]
async fn ids_of_now_cost_ten_reads_at_once_and_then_one_a_second() {
    let (faults, world, ada, claims) = stage().await;
    for n in 0..100 {
        let reply = present(&world, &made_up(&claims, &id_of(world.now()))).await;
        if n < 10 {
            reply.refused(401, "invalid_access_token");
        } else {
            // It cannot say.
            reply.refused(503, "temporarily_unavailable");
        }
    }
    assert_eq!(reads(&faults), 10);
    for _ in 0..30 {
        world.wait(seconds(1));
        for _ in 0..3 {
            let _ = present(&world, &made_up(&claims, &id_of(world.now()))).await;
        }
    }
    assert_eq!(reads(&faults), 30);
    let _ = present(&world, &ada.access_token).await.ok(200);
    assert_eq!(reads(&faults), 0, "whose key is known is not concerned");
}

/// Even then: the key of a good token is found, or the answer is "try again".
#[tokio::test]
async fn no_good_token_is_refused_while_somebody_makes_up_keys() {
    let (_faults, world, ada, claims) = stage().await;
    let auth = world.twin();
    revoke(&world, &kid(&ada.access_token)).await;
    world.wait(minutes(5));
    present(&world, &ada.access_token).await.refused(401, "invalid_access_token");
    for _ in 0..20 {
        let _ = present(&world, &made_up(&claims, &id_of(world.now()))).await;
    }
    let good = token(&auth, ADA).await;
    present(&world, &good).await.refused(503, "temporarily_unavailable");
    world.wait(seconds(1));
    let _ = present(&world, &made_up(&claims, &id_of(world.now()))).await.ok(401);
    let _ = present(&world, &good).await.ok(200);
}

/// Whatever time has passed between the look of one and the making of the other.
#[tokio::test]
async fn a_new_key_is_known_at_once_whenever_the_list_was_read() {
    for age in [0, 1, 500, 999, 1000, 9_999, 10_000, 30_000, 299_999] {
        let world = World::new().await;
        let ada = Person::user(&world, ADA).await;
        let auth = world.twin();
        let _ = present(&world, &ada.access_token).await.ok(200);
        world.wait(SignedDuration::from_millis(age));
        revoke(&world, &kid(&ada.access_token)).await;
        let good = token(&auth, ADA).await;
        assert_ne!(kid(&good), kid(&ada.access_token));
        let _ = present(&world, &good).await.ok(200);
        world.wait(hours(0));
    }
}
