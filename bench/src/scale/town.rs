//! A table of some size, with the functions before it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use serde_json::Value;
use shared::App;
use shared::clock::Clock;
use shared::config::{Config, Setting};
use shared::http::{RequestContext, new_session, token_answer};
use shared::model::{Carrier, Email, User};
use shared::store::{Forgiven, Store};

use super::engine::Apart;
use super::fill::{TABLE, file};
use super::people::Population;
use crate::Failure;
use crate::runtime::{self, Instance};
use crate::stage::PUBLIC_URL;

/// A table of some size.
pub struct Town {
    /// Who is in it.
    pub population: Population,
    /// The engine on its file.
    pub engine: Apart,
    /// An app over the table, to make what a request needs.
    pub app: App,
    /// An access token of an admin.
    pub admin: String,
    /// Some who are signed in.
    pub people: Vec<Signed>,
    /// What makes the requests the same in each run.
    pub random: Rng,
    binaries: PathBuf,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// An access token.
    pub access: String,
    /// The refresh token that is good next.
    pub refresh: String,
}

impl Town {
    /// Over the file of that population, with so many signed in.
    ///
    /// # Errors
    /// The engine did not start or not answer.
    pub async fn open(binaries: &Path, population: Population, signed_in: u64) -> Result<Self, Failure> {
        read_once(&file(population.number))?;
        let engine = Apart::start(&file(population.number), false).await?;
        let environment = environment(&engine.endpoint);
        let get =
            |name: &str| environment.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        let config = Config::read(&[Setting::TableName, Setting::AppSecret, Setting::PublicUrl], get)?;
        let store = Store::new(&local::client::config(&engine.endpoint), TABLE, Clock::system());
        let app = App::new(config, store, Clock::system());
        let admin = sign_in(&app, &population.account(0)?.user).await?.access;
        let (mut random, mut people) = (Rng::with_seed(population.number), Vec::new());
        while people.len() < usize::try_from(signed_in)? {
            let rank = population.draw(&mut random);
            people.push(sign_in(&app, &stored(&app, &population.frequent(rank)?).await?).await?);
        }
        Ok(Self { population, engine, app, admin, people, random, binaries: binaries.to_owned() })
    }

    /// The functions that the requests go to, before the engine or before a recorder.
    ///
    /// # Errors
    /// One did not start.
    pub async fn functions(&self, endpoint: &str) -> Result<HashMap<&'static str, Instance>, Failure> {
        let mut all = HashMap::new();
        for name in ["admin", "auth", "users"] {
            all.insert(name, Instance::start(&self.binaries.join(name), &environment(endpoint)).await?);
        }
        Ok(all)
    }

    /// The address of an active user, one who comes often more often.
    ///
    /// # Errors
    /// None: every address is one.
    pub fn somebody(&mut self) -> Result<Email, Failure> {
        let rank = self.population.draw(&mut self.random);
        Ok(self.population.frequent(rank)?)
    }
}

/// Brings a file into memory, so that no request waits for the disk.
fn read_once(file: &Path) -> std::io::Result<()> {
    std::io::copy(&mut std::fs::File::open(file)?, &mut std::io::sink()).map(|_| ())
}

/// A function's environment, over the table.
#[must_use]
pub fn environment(endpoint: &str) -> Vec<(String, String)> {
    let mut all = runtime::environment(endpoint, TABLE);
    all.push(("PUBLIC_URL".to_owned(), PUBLIC_URL.to_owned()));
    all
}

/// The active user with that address.
///
/// # Errors
/// There is none.
pub async fn stored(app: &App, email: &Email) -> Result<User, Failure> {
    Ok(app.store.user_by_email(email).await?.ok_or_else(|| format!("there is no {email}"))?)
}

/// Signs a user in, as `POST /auth/login` does after the password.
///
/// # Errors
/// The table did not take it.
pub async fn sign_in(app: &App, user: &User) -> Result<Signed, Failure> {
    let context = RequestContext { public_url: PUBLIC_URL.to_owned(), ..RequestContext::default() };
    // As stored: what the population says of an epoch is what it was at first.
    let user = app.store.user(user.id).await?.ok_or_else(|| format!("there is no {}", user.id))?;
    let session = new_session(app, &context, &user);
    if !app
        .store
        .open_session(&context.agent_for(user.id), &user, &session, None, &Forgiven::default())
        .await?
    {
        return Err("the session was not opened".into());
    }
    let tokens = token_answer(app, &context, &user, &session, Carrier::Json, None).await;
    let tokens: Value = serde_json::to_value(tokens.map_err(|problem| problem.code())?)?;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    Ok(Signed { access: text("access_token"), refresh: text("refresh_token") })
}
