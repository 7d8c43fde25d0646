//! An authenticator app.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};

use crate::{Call, Person, Reply, World};

/// Somebody's authenticator app, and the recovery codes on paper.
#[derive(Clone, Debug)]
pub struct Factor {
    secret: Vec<u8>,
    /// None before the enrolment is confirmed.
    pub recovery: Vec<String>,
}

impl Factor {
    /// An app that has the secret, before the enrolment is confirmed.
    pub async fn begun(world: &World, person: &Person) -> Self {
        let reply = person.call(world, Call::new("POST", "/auth/mfa/totp")).await.ok(200);
        Self::of(reply.body["secret"].as_str().unwrap())
    }

    /// Enrolled with the code of now, which is used up.
    pub async fn enrolled(world: &World, person: &Person) -> Self {
        let mut factor = Self::begun(world, person).await;
        let reply = person.post(world, "/auth/mfa/totp/confirm", json!({ "code": factor.code(world) })).await;
        factor.recovery = texts(&reply.ok(200).body["recovery_codes"]);
        factor
    }

    /// The app that was given this secret, in base32.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self { secret: BASE32_NOPAD.decode(secret.as_bytes()).unwrap(), recovery: Vec::new() }
    }

    /// What the app shows now.
    #[must_use]
    pub fn code(&self, world: &World) -> String {
        self.code_in(world, 0)
    }

    /// What it shows so many steps of 30 s from now.
    #[must_use]
    pub fn code_in(&self, world: &World, steps: i64) -> String {
        self.at(world.now().as_second().div_euclid(30) + steps)
    }

    /// Six digits that are not a code of now, nor of the steps near it.
    #[must_use]
    pub fn wrong_code(&self, world: &World) -> String {
        let near: Vec<String> = (-3..=3).map(|steps| self.code_in(world, steps)).collect();
        let mut all = (0..1_000_000).map(|number| format!("{number:06}"));
        all.find(|code| !near.contains(code)).unwrap()
    }

    /// RFC 6238 with RFC 4226 section 5.3.
    fn at(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let offset = usize::from(mac.as_ref()[19] % 16);
        let number = u32::from_be_bytes(mac.as_ref()[offset..offset + 4].try_into().unwrap());
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }
}

impl Person {
    /// The first step of a sign-in with two factors: the `mfa_token`.
    pub async fn password_step(world: &World, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let reply = world.post("/auth/login", body).await.ok(200);
        assert_eq!(reply.body["mfa_required"], true, "{}", reply.body);
        reply.body["mfa_token"].as_str().unwrap().to_owned()
    }

    /// The second step.
    pub async fn code_step(world: &World, mfa_token: &str, code: &str) -> Reply {
        world.post("/auth/mfa", json!({ "mfa_token": mfa_token, "code": code })).await
    }

    /// Signs in again with two factors, on another device.
    pub async fn sign_in_with_code(world: &World, email: &str, password: &str, code: &str) -> Self {
        let token = Self::password_step(world, email, password).await;
        Self::from_tokens(&Self::code_step(world, &token, code).await.ok(200).body, password)
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
