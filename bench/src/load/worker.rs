//! One client after another, as fast as they are answered.

use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::json;

use crate::Failure;
use crate::request::Request;
use crate::runtime::Instance;
use crate::scale::fill::PASSWORD;
use crate::scale::people::Population;
use crate::scale::town::{Signed, environment};

/// What clients do in a month, so often: 60 refreshes, 30 profile reads, 4 sign-ins.
const MIX: [(Deed, u32); 3] = [(Deed::Refresh, 60), (Deed::Me, 30), (Deed::Login, 4)];

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// `POST /auth/refresh`.
    Refresh,
    /// `GET /users/me`.
    Me,
    /// `POST /auth/login`.
    Login,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Refresh, Self::Me, Self::Login];

    fn draw(random: &mut Rng) -> Self {
        let mut left = random.u32(0..MIX.iter().map(|(_, share)| share).sum());
        for (deed, share) in MIX {
            if left < share {
                return deed;
            }
            left -= share;
        }
        Self::Me
    }
}

/// An instance of `auth` and one of `users`, and who comes to them.
pub struct Worker {
    auth: Instance,
    users: Instance,
    people: Vec<Signed>,
    population: Population,
    random: Rng,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Done {
    /// What was done, and how long it took.
    pub took: Vec<(Deed, Duration)>,
    /// What was not answered with 200.
    pub errors: Vec<String>,
    /// The functions' own processor time.
    pub cpu: Duration,
}

impl Worker {
    /// One over the table at `endpoint`, for these people.
    ///
    /// # Errors
    /// A function did not start.
    pub async fn start(
        binaries: &Path,
        endpoint: &str,
        population: &Population,
        people: Vec<Signed>,
    ) -> Result<Self, Failure> {
        let environment = environment(endpoint);
        let auth = Instance::start(&binaries.join("auth"), &environment).await?;
        let users = Instance::start(&binaries.join("users"), &environment).await?;
        Ok(Self { auth, users, people, population: population.clone(), random: Rng::new() })
    }

    /// Works until `end`, one request after another.
    ///
    /// # Errors
    /// A function failed.
    pub async fn work(mut self, end: Instant) -> Result<(Self, Done), Failure> {
        let before = self.cpu()?;
        let mut done = Done::default();
        while Instant::now() < end {
            self.once(&mut done).await?;
        }
        done.cpu = self.cpu()?.saturating_sub(before);
        Ok((self, done))
    }

    fn cpu(&self) -> Result<Duration, Failure> {
        Ok(self.auth.own_cpu()? + self.users.own_cpu()?)
    }

    async fn once(&mut self, done: &mut Done) -> Result<(), Failure> {
        let deed = Deed::draw(&mut self.random);
        let at = self.random.usize(0..self.people.len());
        let (instance, request) = match deed {
            Deed::Refresh => {
                let body = json!({ "refresh_token": self.people[at].refresh });
                (&mut self.auth, Request::of("refresh")?.body(&body))
            }
            Deed::Me => (&mut self.users, Request::of("get_me")?.token(&self.people[at].access)),
            Deed::Login => {
                let email = self.population.frequent(self.population.draw(&mut self.random))?;
                (&mut self.auth, Request::of("login")?.body(&json!({ "email": email, "password": PASSWORD })))
            }
        };
        let answer = instance.invoke(request.from(self.random.u64(..1 << 24)).event()).await?;
        if answer.status != 200 {
            done.errors.push(format!("{deed:?}: {} {}", answer.status, answer.body["code"]));
            return Ok(());
        }
        done.took.push((deed, answer.elapsed));
        if deed == Deed::Refresh {
            let token = answer.body["refresh_token"].as_str().unwrap_or_default();
            token.clone_into(&mut self.people[at].refresh);
        }
        Ok(())
    }
}
