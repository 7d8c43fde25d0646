//! Sessions of browsers: the refresh token in a cookie. security.md S17.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Call, Factor, OTHER_PASSWORD, PASSWORD, Person, Reply, World};

use crate::steps::{at_once, count, refresh, registration};

/// A page that may.
pub const APP: &str = "https://app.example.com";
const NAME: &str = "__Secure-usher_refresh";

/// A world whose front end is at [`APP`].
pub async fn world() -> World {
    World::with(&[("CORS_ORIGINS", "https://app.example.com,https://admin.example.com")]).await
}

/// A page of [`APP`] in a browser.
#[derive(Clone, Debug)]
pub struct Tab {
    /// `name=value`, as the browser sends it.
    pub cookie: String,
    access_token: String,
    session_id: String,
}

impl Tab {
    /// What a browser keeps of an answer: panics unless the cookie is the only place
    /// where the refresh token is.
    pub fn of(reply: &Reply) -> Self {
        assert_eq!(reply.body.get("refresh_token"), None, "{}", reply.body);
        let [set] = reply.cookies.as_slice() else { panic!("one cookie: {:?}", reply.cookies) };
        let (cookie, attributes) = set.split_once("; ").unwrap();
        let (name, value) = cookie.split_once('=').unwrap();
        assert_eq!(name, NAME);
        assert!(!value.is_empty() && !reply.text.contains(value), "{}", reply.text);
        let wanted = format!(
            "Path=/auth; Max-Age={}; HttpOnly; Secure; SameSite=Lax",
            reply.body["refresh_expires_in"]
        );
        assert_eq!(attributes, wanted);
        Self {
            cookie: cookie.to_owned(),
            access_token: reply.body["access_token"].as_str().unwrap().to_owned(),
            session_id: reply.body["session_id"].as_str().unwrap().to_owned(),
        }
    }

    /// Signs in.
    pub async fn open(world: &World, email: &str) -> Self {
        Self::of(&sign_in(world, email, PASSWORD).await.ok(200))
    }

    fn call(&self, path: &str) -> Call {
        Call::new("POST", path).header("origin", APP).cookie(&self.cookie)
    }

    async fn refresh(&self, world: &World) -> Reply {
        world.call(self.call("/auth/refresh").json(&json!({}))).await
    }

    async fn me(&self, world: &World) -> Reply {
        world.call(Call::new("GET", "/users/me").token(&self.access_token)).await
    }
}

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.call(Call::new("POST", path).header("origin", APP).json(&body)).await
}

async fn sign_in(world: &World, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password, "session": "cookie" });
    post(world, "/auth/login", body).await
}

/// The cookie is taken out, with the attributes that it was set with.
fn is_cleared(reply: &Reply) -> bool {
    reply.cookies == [format!("{NAME}=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Lax")]
}

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
