//! Which pages may use the refresh cookie. security.md S18.

use serde_json::{Value, json};
use tests::{Call, PASSWORD, Person, Reply, World};

use crate::tab::{APP, Tab, world};

/// None of them is exactly one that may.
const OTHERS: [&str; 12] = [
    "https://evil.example",
    "https://app.example.com.evil.example",
    "https://evil.app.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com/",
    "https://APP.example.com",
    "https://app.example.com https://evil.example",
    "https://app.example.com,https://admin.example.com",
    "https://example.com",
    "null",
    "",
];

async fn ada(world: &World) -> (Person, Tab) {
    let ada = Person::registered(world, "ada@example.com").await;
    let tab = Tab::open(world, &ada.email).await;
    (ada, tab)
}

fn from(origin: Option<&str>, call: Call) -> Call {
    origin.map_or(call.clone(), |origin| call.header("origin", origin))
}

/// A request of the page with the cookie, or one that asks for it.
async fn calls(world: &World, origin: Option<&str>, ada: &Person, tab: &Tab) -> [Reply; 4] {
    let post = |path: &str, body: Value| from(origin, Call::new("POST", path)).json(&body);
    let cookie = |call: Call| call.cookie(&tab.cookie);
    [
        world.call(cookie(post("/auth/refresh", json!({})))).await,
        world.call(cookie(from(origin, Call::new("POST", "/auth/logout")))).await,
        world
            .call(post(
                "/auth/login",
                json!({ "email": ada.email, "password": PASSWORD, "session": "cookie" }),
            ))
            .await,
        world
            .call(post("/auth/mfa", json!({ "mfa_token": "x", "code": "123456", "session": "cookie" })))
            .await,
    ]
}

#[tokio::test]
async fn a_page_of_another_origin_uses_no_cookie_and_gets_none() {
    let world = world().await;
    let (ada, tab) = ada(&world).await;
    for origin in OTHERS.into_iter().map(Some).chain([None]) {
        for reply in calls(&world, origin, &ada, &tab).await {
            reply.refused(403, "origin_not_allowed");
            assert!(reply.cookies.is_empty(), "{origin:?}");
        }
        let body = json!({ "token": "x", "password": PASSWORD, "session": "cookie" });
        let call = from(origin, Call::new("POST", "/auth/confirm-registration")).json(&body);
        world.call(call).await.refused(403, "origin_not_allowed");
    }
    let refresh = Call::new("POST", "/auth/refresh").cookie(&tab.cookie).json(&json!({}));
    Tab::of(&world.call(refresh.header("origin", APP)).await.ok(200));
}

#[tokio::test]
async fn the_api_s_own_pages_and_each_origin_of_the_list_may() {
    let world = world().await;
    let (ada, _) = ada(&world).await;
    for origin in ["https://api.example.com", APP, "https://admin.example.com"] {
        let tab = Tab::open(&world, &ada.email).await;
        let [refreshed, out, login, mfa] = calls(&world, Some(origin), &ada, &tab).await;
        Tab::of(&refreshed.ok(200));
        Tab::of(&login.ok(200));
        assert_eq!((out.status, mfa.code()), (204, "invalid_mfa_token"), "{origin}");
    }
}

/// What names no origin has no cookie jar either: programs go on as ever, with JSON.
#[tokio::test]
async fn without_a_cookie_no_origin_is_asked_for() {
    let world = world().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    for origin in [None, Some("https://evil.example")] {
        let login = json!({ "email": ada.email, "password": PASSWORD });
        let call = from(origin, Call::new("POST", "/auth/login").json(&login));
        let reply = world.call(call).await.ok(200);
        let body = json!({ "refresh_token": reply.body["refresh_token"] });
        let call = from(origin, Call::new("POST", "/auth/refresh").json(&body));
        world.call(call).await.ok(200);
    }
}

/// The access token is what acts: a cookie that may not be used is left where it is.
#[tokio::test]
async fn a_foreign_page_signs_out_with_an_access_token_and_leaves_the_cookie() {
    let world = world().await;
    let (ada, tab) = ada(&world).await;
    let call = Call::new("POST", "/auth/logout?scope=global").token(&ada.access_token).cookie(&tab.cookie);
    let reply = world.call(call.header("origin", "https://evil.example")).await.ok(204);
    assert!(reply.cookies.is_empty());
}

/// An address with a path before the API's own: the cookie's path has it, too, and
/// its pages' origin has not.
#[tokio::test]
async fn the_public_address_says_the_cookies_path_and_the_origin() {
    let world = World::with(&[("PUBLIC_URL", "https://example.com/accounts")]).await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let login = |origin: &str| {
        let body = json!({ "email": ada.email, "password": PASSWORD, "session": "cookie" });
        world.call(Call::new("POST", "/auth/login").header("origin", origin).json(&body))
    };
    let reply = login("https://example.com").await.ok(200);
    assert!(reply.cookies[0].contains("; Path=/accounts/auth; "), "{:?}", reply.cookies);
    login("https://example.com/accounts").await.refused(403, "origin_not_allowed");
}
