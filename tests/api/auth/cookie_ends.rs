//! How sessions of browsers end, and what becomes of their cookies.

use jiff::SignedDuration;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person};

use crate::tab::{NAME, Tab, is_cleared, world};

/// S11.
#[tokio::test]
async fn a_cookie_used_again_after_the_grace_ends_the_session() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    let next = Tab::of(&tab.refresh(&world).await.ok(200));
    world.wait(SignedDuration::from_secs(30));
    Tab::of(&tab.refresh(&world).await.ok(200));
    world.wait(SignedDuration::from_secs(1));
    tab.refresh(&world).await.refused(401, "refresh_token_reused");
    next.refresh(&world).await.refused(401, "session_ended");
    next.me(&world).await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_cookie_lives_as_long_as_its_session() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let mut tab = Tab::open(&world, &ada.email).await;
    for days in [20, 20, 20, 20] {
        world.wait(SignedDuration::from_hours(24 * days));
        tab = Tab::of(&tab.refresh(&world).await.ok(200));
    }
    let reply = tab.refresh(&world).await.ok(200);
    assert!(reply.cookies[0].contains("; Max-Age=864000; "), "10 days are left: {:?}", reply.cookies);
}

#[tokio::test]
async fn signing_out_with_an_access_token_takes_out_the_cookie_of_what_ends() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let eve = Person::registered(&world, "eve@example.com").await;
    let mine = Tab::open(&world, &ada.email).await;
    let call = |path: &str, token: &str, tab: &Tab| tab.call(path).token(token);
    // Of another session, of another user: not its business.
    for path in ["/auth/logout", "/auth/logout?scope=global"] {
        let eve = Person::sign_in(&world, &eve.email, PASSWORD).await;
        let reply = world.call(call(path, &eve.access_token, &mine)).await.ok(204);
        assert!(reply.cookies.is_empty(), "{path}: {:?}", reply.cookies);
    }
    let reply = world.call(call("/auth/logout", &ada.access_token, &mine)).await.ok(204);
    assert!(reply.cookies.is_empty(), "{:?}", reply.cookies);
    mine.refresh(&world).await.ok(200);
    let mine = Tab::open(&world, &ada.email).await;
    let reply = world.call(call("/auth/logout?scope=others", &mine.access_token, &mine)).await.ok(204);
    assert!(reply.cookies.is_empty(), "{:?}", reply.cookies);
    let reply = world.call(call("/auth/logout", &mine.access_token, &mine)).await.ok(204);
    assert!(is_cleared(&reply));
    let (mine, elsewhere) = (Tab::open(&world, &ada.email).await, Tab::open(&world, &ada.email).await);
    let path = "/auth/logout?scope=others";
    assert!(is_cleared(&world.call(call(path, &elsewhere.access_token, &mine)).await.ok(204)));
    let path = "/auth/logout?scope=global";
    assert!(is_cleared(&world.call(call(path, &elsewhere.access_token, &elsewhere)).await.ok(204)));
}

/// The cookie stands for its own session only: all others take an access token,
/// which the cookie gives to whoever may refresh.
#[tokio::test]
async fn the_cookie_alone_signs_out_its_own_session_only() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    for scope in ["others", "global"] {
        let reply = world.call(tab.call(&format!("/auth/logout?scope={scope}"))).await;
        reply.refused(401, "unauthenticated");
    }
    world.call(tab.call("/auth/logout").token("x")).await.refused(401, "invalid_access_token");
    tab.me(&world).await.ok(200);
    // One that was refreshed since ends its session, too, and once it has ended, nothing.
    let _ = tab.refresh(&world).await.ok(200);
    world.wait(SignedDuration::from_mins(1));
    for _ in 0..2 {
        assert!(is_cleared(&world.call(tab.call("/auth/logout")).await.ok(204)));
    }
    tab.me(&world).await.refused(401, "session_ended");
    ada.get(&world, "/users/me").await.ok(200);
    let nonsense = Tab { cookie: format!("{NAME}=nonsense"), ..tab };
    assert!(is_cleared(&world.call(nonsense.call("/auth/logout")).await.ok(204)));
}

#[tokio::test]
async fn what_ends_sessions_ends_those_of_browsers() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let tab = Tab::open(&world, &ada.email).await;
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    ada.post(&world, "/users/me/change-password", body).await.ok(204);
    tab.refresh(&world).await.refused(401, "session_ended");
}
