//! Sessions of browsers: the refresh token in a cookie. security.md S17.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use tests::{Call, Factor, PASSWORD, Person};

use crate::steps::{at_once, count, refresh, registration};
use crate::tab::{APP, NAME, Tab, is_cleared, post, sign_in, world};

#[tokio::test]
async fn a_browser_signs_in_refreshes_and_signs_out_with_a_cookie() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let first = Tab::open(&world, &ada.email).await;
    first.me(&world).await.ok(200);
    let second = Tab::of(&first.refresh(&world).await.ok(200));
    assert_ne!(second.cookie, first.cookie);
    assert_eq!(second.session_id, first.session_id);
    second.me(&world).await.ok(200);
    let reply = world.call(second.call("/auth/logout")).await.ok(204);
    assert!(is_cleared(&reply), "{:?}", reply.cookies);
    second.me(&world).await.refused(401, "session_ended");
    second.refresh(&world).await.refused(401, "session_ended");
}

#[tokio::test]
async fn every_way_to_open_a_session_gives_a_cookie_that_asks_for_one() {
    let world = world().await;
    let token = registration(&world, &json!({ "email": "ada@example.com", "password": PASSWORD })).await;
    let body = json!({ "token": token, "password": PASSWORD, "session": "cookie" });
    let tab = Tab::of(&post(&world, "/auth/confirm-registration", body).await.ok(200));
    let ada = Person::sign_in(&world, "ada@example.com", PASSWORD).await;
    let factor = Factor::enrolled(&world, &ada).await;
    tab.me(&world).await.refused(401, "session_ended");

    world.wait(SignedDuration::from_mins(1));
    let reply = sign_in(&world, &ada.email, PASSWORD).await.ok(200);
    assert!(reply.cookies.is_empty(), "nothing before the code: {:?}", reply.cookies);
    let body =
        json!({ "mfa_token": reply.body["mfa_token"], "code": factor.code(&world), "session": "cookie" });
    Tab::of(&post(&world, "/auth/mfa", body).await.ok(200)).me(&world).await.ok(200);
}

#[tokio::test]
async fn json_is_what_comes_unless_a_cookie_is_asked_for() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    for session in [None, Some("json")] {
        let mut body = json!({ "email": ada.email, "password": PASSWORD });
        if let Some(session) = session {
            body["session"] = json!(session);
        }
        let reply = post(&world, "/auth/login", body).await.ok(200);
        assert!(reply.cookies.is_empty() && reply.body["refresh_token"].is_string());
        let reply = refresh(&world, reply.body["refresh_token"].as_str().unwrap()).await.ok(200);
        assert!(reply.cookies.is_empty() && reply.body["refresh_token"].is_string());
    }
    for session in [json!("COOKIE"), json!(""), json!(null), json!(true)] {
        let body = json!({ "email": ada.email, "password": PASSWORD, "session": session });
        post(&world, "/auth/login", body).await.refused(422, "invalid_body");
    }
}

/// What is in the cookie is nothing in a body, and the other way round: a script
/// that got hold of one cannot turn it into the other.
#[tokio::test]
async fn a_refresh_token_never_changes_how_it_travels() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    let value = tab.cookie.split_once('=').unwrap().1;
    refresh(&world, value).await.refused(401, "invalid_refresh_token");
    let planted = Tab { cookie: format!("{NAME}={}", ada.refresh_token), ..tab.clone() };
    let reply = planted.refresh(&world).await;
    reply.refused(401, "invalid_refresh_token");
    assert!(reply.cookies.is_empty());
    world.call(planted.call("/auth/logout")).await.ok(204);
    ada.get(&world, "/users/me").await.ok(200);
    ada.refresh(&world).await.ok(200);
    tab.refresh(&world).await.ok(200);
}

#[tokio::test]
async fn a_refresh_takes_one_token_not_two_and_not_none() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    let both = tab.call("/auth/refresh").json(&json!({ "refresh_token": ada.refresh_token }));
    let reply = world.call(both).await;
    reply.refused(422, "invalid_body");
    assert_eq!(reply.body["errors"][0]["code"], "cookie_or_body");
    let reply = post(&world, "/auth/refresh", json!({})).await;
    reply.refused(422, "invalid_body");
    assert_eq!(reply.body["errors"][0]["pointer"], "/refresh_token");
    world.call(tab.call("/auth/refresh")).await.refused(415, "unsupported_media_type");
    // Nothing of that used anything up.
    world.wait(SignedDuration::from_mins(1));
    ada.refresh(&world).await.ok(200);
    tab.refresh(&world).await.ok(200);
}

/// Another host of the site can plant a cookie for all of it: who holds two cannot
/// know which is its own.
#[tokio::test]
async fn of_two_cookies_none_is_taken() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let eve = Person::registered(&world, "eve@example.com").await;
    let (ada, eve) = (Tab::open(&world, &ada.email).await, Tab::open(&world, &eve.email).await);
    for cookies in [[&eve.cookie, &ada.cookie], [&ada.cookie, &eve.cookie]] {
        let call = ada.call("/auth/refresh").json(&json!({}));
        let call = cookies.into_iter().fold(call, |call, cookie| call.cookie(cookie));
        world.call(call).await.refused(401, "invalid_refresh_token");
    }
    // The same one twice, and others beside it, as one header: still the one.
    let header = format!("theme=dark; {0}; x; {0}; usher_refresh=1", ada.cookie);
    let call = Call::new("POST", "/auth/refresh").header("origin", APP).header("cookie", &header);
    Tab::of(&world.call(call.json(&json!({}))).await.ok(200));
}

/// S13.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_that_refresh_at_once_keep_the_session() {
    let world = Arc::new(world().await);
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    let replies = at_once((0..10).map(|_| {
        let (world, tab) = (world.clone(), tab.clone());
        move || {
            let (world, tab) = (world.clone(), tab.clone());
            async move { tab.refresh(&world).await }
        }
    }))
    .await;
    assert_eq!(count(&replies, 200, ""), 10, "{replies:?}");
    let next: Vec<Tab> = replies.iter().map(Tab::of).collect();
    assert!(next.iter().all(|tab| tab.cookie == next[0].cookie));
    world.wait(SignedDuration::from_mins(1));
    next[0].refresh(&world).await.ok(200);
}
