//! A page in a browser, whose refresh token is in a cookie.

use serde_json::{Value, json};
use tests::{Call, PASSWORD, Reply, World};

/// A page that may.
pub const APP: &str = "https://app.example.com";
/// The cookie's name.
pub const NAME: &str = "__Secure-usher_refresh";

/// A world whose front end is at [`APP`].
pub async fn world() -> World {
    World::with(&[("CORS_ORIGINS", "https://app.example.com,https://admin.example.com")]).await
}

/// A page of [`APP`] in a browser.
#[derive(Clone, Debug)]
pub struct Tab {
    /// `name=value`, as the browser sends it.
    pub cookie: String,
    /// In the page's memory.
    pub access_token: String,
    /// Which session it is.
    pub session_id: String,
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

    /// A request with the cookie.
    pub fn call(&self, path: &str) -> Call {
        Call::new("POST", path).header("origin", APP).cookie(&self.cookie)
    }

    /// Asks for new tokens.
    pub async fn refresh(&self, world: &World) -> Reply {
        world.call(self.call("/auth/refresh").json(&json!({}))).await
    }

    /// Asks who it is.
    pub async fn me(&self, world: &World) -> Reply {
        world.call(Call::new("GET", "/users/me").token(&self.access_token)).await
    }
}

/// A request of the page, without a cookie.
pub async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.call(Call::new("POST", path).header("origin", APP).json(&body)).await
}

/// Signs in, and asks for a cookie.
pub async fn sign_in(world: &World, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password, "session": "cookie" });
    post(world, "/auth/login", body).await
}

/// The cookie is taken out, with the attributes that it was set with.
pub fn is_cleared(reply: &Reply) -> bool {
    reply.cookies == [format!("{NAME}=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Lax")]
}
