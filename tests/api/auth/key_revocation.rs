//! A key that leaked is taken away. security.md J12, A10.

use serde_json::json;
use tests::{PASSWORD, Person, World};

use crate::forge::present;
use crate::keys::{hours, kid, minutes, private, published, request_rotation, revoke, seconds, token};
use crate::steps::refresh;

const ADA: &str = "ada@example.com";

/// An installation of three instances, all of which have just looked at the keys,
/// and somebody who is signed in.
async fn installation() -> ([World; 3], Person) {
    let world = World::new().await;
    let ada = Person::user(&world, ADA).await;
    let worlds = [world.twin(), world.twin(), world];
    for world in &worlds {
        let _ = present(world, &ada.access_token).await.ok(200);
        assert_eq!(published(world).await.len(), 1);
    }
    (worlds, ada)
}

#[tokio::test]
async fn tokens_of_a_revoked_key_are_refused_within_5_minutes_and_its_private_half_is_gone() {
    let (worlds, ada) = installation().await;
    let first = kid(&ada.access_token);
    revoke(&worlds[0], &first).await;
    assert!(private(&worlds[0]).await.is_empty());
    worlds[0].wait(minutes(5));
    for world in &worlds {
        present(world, &ada.access_token).await.refused(401, "invalid_access_token");
        assert!(!published(world).await.contains(&first));
    }
}

/// The session is not the key's: a refresh goes on with a new key, at once and on
/// every instance, though each has looked at the list a moment ago.
#[tokio::test]
async fn where_no_key_is_left_a_new_one_signs_and_is_known_at_once() {
    let (worlds, ada) = installation().await;
    revoke(&worlds[0], &kid(&ada.access_token)).await;
    worlds[0].wait(minutes(5));
    for world in &worlds {
        // Everybody has read the list without any key in it just now.
        present(world, &ada.access_token).await.refused(401, "invalid_access_token");
    }
    let reply = refresh(&worlds[0], &ada.refresh_token).await.ok(200);
    let token = reply.body["access_token"].as_str().unwrap();
    for world in &worlds {
        let _ = present(world, token).await.ok(200);
        assert_eq!(published(world).await, [kid(token)]);
    }
    assert_eq!(private(&worlds[0]).await, [kid(token)], "one key for all");
}

#[tokio::test]
async fn the_next_key_signs_at_once_when_the_one_before_is_revoked() {
    let (worlds, ada) = installation().await;
    request_rotation(&worlds[0]).await;
    worlds[0].wait(minutes(5));
    let keys = published(&worlds[0]).await;
    let _ = present(&worlds[1], &ada.access_token).await.ok(200);
    revoke(&worlds[2], &keys[0]).await;
    worlds[0].wait(minutes(5));
    for world in &worlds {
        let token = token(world, ADA).await;
        assert_eq!(kid(&token), keys[1]);
        for other in &worlds {
            let _ = present(other, &token).await.ok(200);
        }
    }
    assert_eq!(published(&worlds[0]).await, [keys[1].clone()]);
}

#[tokio::test]
async fn the_one_that_signs_goes_on_when_the_next_key_is_revoked() {
    let (worlds, ada) = installation().await;
    request_rotation(&worlds[0]).await;
    worlds[0].wait(minutes(5));
    let keys = published(&worlds[0]).await;
    revoke(&worlds[0], &keys[1]).await;
    worlds[0].wait(hours(24 * 7));
    let reply = refresh(&worlds[1], &ada.refresh_token).await.ok(200);
    assert_eq!(kid(reply.body["access_token"].as_str().unwrap()), keys[0]);
    assert_eq!(published(&worlds[1]).await, [keys[0].clone()], "it has not retired");
}

/// A key that was replaced does not sign again, though none other is left.
#[tokio::test]
async fn a_retiring_key_stays_retired() {
    let (worlds, _) = installation().await;
    request_rotation(&worlds[0]).await;
    worlds[0].wait(minutes(5));
    let keys = published(&worlds[0]).await;
    worlds[0].wait(hours(2));
    let old = token(&worlds[0], ADA).await;
    assert_eq!(kid(&old), keys[1]);
    revoke(&worlds[0], &keys[1]).await;
    worlds[0].wait(minutes(5));
    let new = kid(&token(&worlds[1], ADA).await);
    assert!(!keys.contains(&new));
    assert_eq!(published(&worlds[1]).await, [keys[0].clone(), new]);
}

/// An instance that holds the private half signs with it until it looks at the list
/// again: such a token is refused, and the session goes on.
#[tokio::test]
async fn an_instance_that_has_not_looked_yet_stops_within_5_minutes() {
    let (worlds, ada) = installation().await;
    revoke(&worlds[0], &kid(&ada.access_token)).await;
    worlds[0].wait(minutes(5) - seconds(1));
    let body = json!({ "email": ADA, "password": PASSWORD });
    let reply = worlds[1].post("/auth/login", body).await.ok(200);
    assert_eq!(kid(reply.body["access_token"].as_str().unwrap()), kid(&ada.access_token));
    worlds[0].wait(seconds(1));
    let reply = refresh(&worlds[1], reply.body["refresh_token"].as_str().unwrap()).await.ok(200);
    let token = reply.body["access_token"].as_str().unwrap();
    assert_ne!(kid(token), kid(&ada.access_token));
    let _ = present(&worlds[2], token).await.ok(200);
}
