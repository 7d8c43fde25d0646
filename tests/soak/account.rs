//! A client with an account, and what it knows of it. After a 503 to a write it
//! does not know whether that was done: then it is unsure until it has signed in.

use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Value, json};
use tests::{Call, Person, Reply, World};

use crate::Hall;

pub(crate) struct Account<'a> {
    pub(crate) hall: &'a Hall,
    pub(crate) world: &'a World,
    pub(crate) rng: Rng,
    /// The client's number.
    pub(crate) n: usize,
    /// The addresses that it may have; the likeliest first.
    pub(crate) emails: Vec<String>,
    /// The passwords that it may have; the likeliest first.
    pub(crate) passwords: Vec<String>,
    /// The tokens that it has.
    pub(crate) person: Option<Person>,
    /// Whether the account may be gone.
    pub(crate) may_be_gone: bool,
    /// Whether a mail that it asked for may still come, when its link is overtaken.
    pub(crate) expects_a_late_mail: bool,
    unsure: bool,
    made: usize,
}

impl<'a> Account<'a> {
    pub(crate) fn new(hall: &'a Hall, world: &'a World, n: usize) -> Self {
        let rng = Rng::with_seed(hall.options.seed ^ (n as u64 + 1));
        let (emails, passwords) = (Vec::new(), Vec::new());
        Self {
            hall,
            world,
            rng,
            n,
            emails,
            passwords,
            person: None,
            may_be_gone: true,
            expects_a_late_mail: false,
            unsure: true,
            made: 0,
        }
    }

    /// Something that was never there before.
    pub(crate) fn fresh(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what}-{}-{}", self.n, self.made)
    }

    pub(crate) fn fresh_email(&mut self) -> String {
        format!("{}@example.com", self.fresh("someone"))
    }

    pub(crate) fn is_unsure(&self) -> bool {
        self.unsure || self.person.is_none()
    }

    /// Sends a request. What is neither expected nor 503 is counted as wrong,
    /// unless the client is unsure.
    pub(crate) async fn send(&mut self, name: &'static str, call: Call, expected: &[&str]) -> Reply {
        let is_read = call.event()["requestContext"]["http"]["method"] == "GET";
        let call = call.from(&format!("203.0.113.{}", self.n));
        let started = Instant::now();
        let reply = self.world.call(call).await;
        let answer = format!("{} {}", reply.status, reply.code()).trim().to_owned();
        self.hall.tally.request(name, &answer, started.elapsed());
        if answer == "503 temporarily_unavailable" {
            self.unsure |= !is_read;
        } else if !expected.contains(&answer.as_str()) {
            if self.unsure {
                self.hall.tally.note("told that it was done already");
            } else {
                self.hall.tally.unexpected(format!("client {}: {name}: {answer}: {}", self.n, reply.body));
            }
            self.unsure = true;
        }
        reply
    }

    /// Sends a request with the access token.
    pub(crate) async fn ask(
        &mut self,
        name: &'static str,
        method: &str,
        path: &str,
        body: Option<Value>,
        expected: &[&str],
    ) -> Reply {
        let token = self.person.as_ref().map(|person| person.access_token.clone()).unwrap_or_default();
        let call = Call::new(method, path).token(&token);
        let call = body.map_or(call.clone(), |body| call.json(&body));
        self.send(name, call, expected).await
    }

    /// `POST` without a token.
    pub(crate) async fn post(
        &mut self,
        name: &'static str,
        path: &str,
        body: &Value,
        expected: &[&str],
    ) -> Reply {
        self.send(name, Call::new("POST", path).json(body), expected).await
    }

    /// The same until the answer is not 503, a few times.
    pub(crate) async fn insist(
        &mut self,
        name: &'static str,
        path: &str,
        body: &Value,
        expected: &[&str],
    ) -> Reply {
        for _ in 0..10 {
            let reply = self.post(name, path, body, expected).await;
            if reply.status != 503 {
                return reply;
            }
            self.pause(200).await;
        }
        self.post(name, path, body, expected).await
    }

    /// Signs in with what it knows; makes a new account if it has none. Afterwards
    /// it is sure.
    pub(crate) async fn sign_in(&mut self) {
        let mut pairs = Vec::new();
        for email in &self.emails {
            pairs.extend(self.passwords.iter().map(|password| (email.clone(), password.clone())));
        }
        for (email, password) in pairs {
            let body = json!({ "email": email, "password": password });
            let reply = self.insist("login", "/auth/login", &body, &["200", "401 invalid_credentials"]).await;
            if reply.status == 200 {
                self.is_now(Person::from_tokens(&reply.body, &password));
                return;
            }
            if reply.status == 503 {
                return;
            }
        }
        if !self.may_be_gone {
            let tried = (self.emails.clone(), self.passwords.len());
            self.hall.tally.unexpected(format!("client {} cannot sign in any more: {tried:?}", self.n));
        }
        self.register().await;
    }

    pub(crate) fn is_now(&mut self, person: Person) {
        self.emails = vec![person.email.clone()];
        self.passwords = vec![person.password.clone()];
        self.person = Some(person);
        (self.may_be_gone, self.unsure) = (false, false);
    }

    /// The same account with new tokens.
    pub(crate) fn goes_on_as(&mut self, person: Person) {
        self.person = Some(person);
        self.unsure = false;
    }

    /// Registers, reads the mail and confirms; tries until it works.
    async fn register(&mut self) {
        let (email, password) = (self.fresh_email(), self.fresh("a password that is long"));
        self.may_be_gone = true;
        while self.hall.is_open() {
            let known = self.hall.inbox.count(&email, "confirm-registration");
            let body = json!({ "email": email, "password": password });
            self.insist("register", "/auth/register", &body, &["202"]).await;
            let Some(token) = self.hall.inbox.token(&email, "confirm-registration", known).await else {
                self.hall.tally.note("asked for a mail again");
                continue;
            };
            (self.emails, self.passwords) = (vec![email.clone()], vec![password.clone()]);
            let body = json!({ "token": token, "password": password });
            let reply =
                self.insist("confirm_registration", "/auth/confirm-registration", &body, &["200"]).await;
            if reply.status == 200 {
                return self.is_now(Person::from_tokens(&reply.body, &password));
            }
            // It was done, but the answer did not say so.
            let body = json!({ "email": email, "password": password });
            let reply = self.insist("login", "/auth/login", &body, &["200", "401 invalid_credentials"]).await;
            if reply.status == 200 {
                return self.is_now(Person::from_tokens(&reply.body, &password));
            }
        }
    }

    /// Thinks, for at most so many milliseconds.
    pub(crate) async fn pause(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_millis(self.rng.u64(..=most))).await;
    }
}
