//! People.

use serde_json::{Value, json};
use shared::model::{Agent, Role, UserId};

use crate::{Call, PASSWORD, Reply, World};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// A bearer token.
    pub access_token: String,
    /// The refresh token that came with it.
    pub refresh_token: String,
    /// The session's id.
    pub session_id: String,
}

impl Person {
    /// Somebody who registers, reads the mail and confirms.
    pub async fn registered(world: &World, email: &str) -> Self {
        let body = json!({ "email": email, "password": PASSWORD });
        let _ = world.post("/auth/register", body).await.ok(202);
        let token = world.token_for(email).await;
        let body = json!({ "token": token, "password": PASSWORD });
        let reply = world.post("/auth/confirm-registration", body).await.ok(200);
        Self::from_tokens(&reply.body, PASSWORD)
    }

    /// Somebody whom the operator made an admin, signed in.
    pub async fn admin(world: &World, email: &str) -> Self {
        let person = Self::registered(world, email).await;
        let id: UserId = person.id.parse().unwrap();
        let user = world.store.user(id).await.unwrap().unwrap();
        world.store.set_role(&Agent::operator(), &user, Role::Admin).await.unwrap().unwrap();
        person
    }

    /// Signs in again, on another device.
    pub async fn sign_in(world: &World, email: &str, password: &str) -> Self {
        let body = json!({ "email": email, "password": password });
        let reply = world.post("/auth/login", body).await.ok(200);
        Self::from_tokens(&reply.body, password)
    }

    /// Who a token answer stands for.
    #[must_use]
    pub fn from_tokens(tokens: &Value, password: &str) -> Self {
        let text = |pointer: &str| tokens.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        Self {
            id: text("/user/id"),
            email: text("/user/email"),
            password: password.to_owned(),
            access_token: text("/access_token"),
            refresh_token: text("/refresh_token"),
            session_id: text("/session_id"),
        }
    }

    /// Sends a request with the access token.
    pub async fn call(&self, world: &World, call: Call) -> Reply {
        world.call(call.token(&self.access_token)).await
    }

    /// `GET`.
    pub async fn get(&self, world: &World, path: &str) -> Reply {
        self.call(world, Call::new("GET", path)).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, world: &World, path: &str, body: Value) -> Reply {
        self.call(world, Call::new("POST", path).json(&body)).await
    }

    /// `PATCH` of a JSON body.
    pub async fn patch(&self, world: &World, path: &str, body: Value) -> Reply {
        self.call(world, Call::new("PATCH", path).json(&body)).await
    }

    /// `PUT` of a JSON body, or of none.
    pub async fn put(&self, world: &World, path: &str, body: Option<Value>) -> Reply {
        let call = Call::new("PUT", path);
        self.call(world, body.map_or(call.clone(), |body| call.json(&body))).await
    }

    /// `DELETE`.
    pub async fn delete(&self, world: &World, path: &str) -> Reply {
        self.call(world, Call::new("DELETE", path)).await
    }

    /// Refreshes the tokens with a refresh token of one's own.
    pub async fn refresh(&self, world: &World) -> Reply {
        world.post("/auth/refresh", json!({ "refresh_token": self.refresh_token })).await
    }
}
