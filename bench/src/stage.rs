//! A table of its own with people in it, for one operation.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use local::mailbox::Mailbox;
use serde_json::{Value, json};
use shared::App;
use shared::clock::Clock;
use shared::config::{Config, Setting};
use shared::http::{RequestContext, new_session, token_answer};
use shared::model::{Carrier, Password, User, UserId};
use shared::password::Hasher;
use shared::store::{Forgiven, Store};

use crate::Failure;
use crate::engine::Engine;
use crate::runtime::{self, Instance};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";
/// The one it is changed to.
pub const OTHER_PASSWORD: &str = "a different but also good one";

/// Where the API is said to be.
pub const PUBLIC_URL: &str = "https://api.example.com";

/// What stages share. The embedded engine goes through all that its streams hold in each write, so
/// each operation has a house of its own: none pays for what was measured before it.
#[derive(Clone, Debug)]
pub struct House {
    /// Where the release binaries are.
    pub binaries: PathBuf,
    /// The engine.
    pub engine: Engine,
    mailbox: Mailbox,
    ses: String,
}

/// A table with what the functions need around it.
#[derive(Debug)]
pub struct Stage {
    /// What it shares with the others.
    pub house: House,
    /// The table's name.
    pub table: String,
    /// An app over the table, to make what a request needs.
    pub app: App,
    /// Somebody who administers, once somebody has to.
    pub admin: Option<Person>,
    mailer: Option<Instance>,
    auth: Option<Instance>,
    count: u64,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// As stored.
    pub user: User,
    /// The user's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// A bearer token.
    pub access: String,
    /// The refresh token that came with it.
    pub refresh: String,
    /// The session's id.
    pub session: String,
}

impl House {
    /// An engine and a mailbox.
    ///
    /// # Errors
    /// One of them did not start.
    pub async fn new(binaries: &Path) -> Result<Self, Failure> {
        let mailbox = Mailbox::new();
        let ses = mailbox.serve().await?.endpoint;
        Ok(Self { binaries: binaries.to_owned(), engine: Engine::start().await?, mailbox, ses })
    }

    /// The same with other binaries.
    #[must_use]
    pub fn with(&self, binaries: &Path) -> Self {
        Self { binaries: binaries.to_owned(), ..self.clone() }
    }
}

impl Stage {
    /// An empty table.
    ///
    /// # Errors
    /// The engine refused.
    pub async fn new(house: &House) -> Result<Self, Failure> {
        let table = format!("bench-{:016x}", fastrand::u64(..));
        house.engine.create_table(&table).await?;
        let environment = environment(house, &house.engine.endpoint, &table);
        let get =
            |name: &str| environment.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        let settings = [Setting::TableName, Setting::AppSecret, Setting::PublicUrl];
        let config = Config::read(&settings, get)?;
        let store = Store::new(&local::client::config(&house.engine.endpoint), &table, Clock::system());
        let app = App::new(config, store, Clock::system());
        Ok(Self { house: house.clone(), table, app, admin: None, mailer: None, auth: None, count: 0 })
    }

    /// A function over the table, which it reaches at `endpoint`.
    ///
    /// # Errors
    /// It did not start.
    pub async fn function(&self, name: &str, endpoint: &str) -> Result<Instance, Failure> {
        Instance::start(&self.house.binaries.join(name), &self.environment(endpoint)).await
    }

    /// The environment of a function over the table, which it reaches at `endpoint`.
    #[must_use]
    pub fn environment(&self, endpoint: &str) -> Vec<(String, String)> {
        environment(&self.house, endpoint, &self.table)
    }

    /// Numbers, each once.
    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// An address that nobody has.
    pub fn address(&mut self) -> String {
        format!("ada.lovelace.{:05}@example.com", self.number())
    }

    /// An active user with what `change` makes different.
    ///
    /// # Errors
    /// The table did not take it.
    pub async fn user(&mut self, change: impl FnOnce(&mut User)) -> Result<User, Failure> {
        let now = self.app.clock.now();
        let mut user: User = serde_json::from_value(json!({
            "id": UserId::new(now), "email": self.address(), "email_verified": true,
            "first_name": "Ada", "last_name": "Lovelace", "role": "user", "status": "active",
            "password_hash": hash()?, "session_epoch": 0, "ticket_epoch": 0, "updated_at": now,
        }))?;
        change(&mut user);
        let agent = shared::model::Agent::operator();
        let made = self.app.store.create_user(&agent, &user, &[]).await?;
        made.map_err(|conflict| format!("{conflict:?}"))?;
        Ok(user)
    }

    /// An active user, signed in.
    ///
    /// # Errors
    /// The table did not take it.
    pub async fn person(&mut self, change: impl FnOnce(&mut User)) -> Result<Person, Failure> {
        let user = self.user(change).await?;
        self.sign_in(user).await
    }

    /// Signs a user in, as `POST /auth/login` does after the password.
    ///
    /// # Errors
    /// The table did not take it.
    pub async fn sign_in(&mut self, user: User) -> Result<Person, Failure> {
        let context = RequestContext { public_url: PUBLIC_URL.to_owned(), ..RequestContext::default() };
        let session = new_session(&self.app, &context, &user);
        let agent = context.agent_for(user.id);
        if !self.app.store.open_session(&agent, &user, &session, None, &Forgiven::default()).await? {
            return Err("the session was not opened".into());
        }
        let tokens = token_answer(&self.app, &context, &user, &session, Carrier::Json, None).await;
        let tokens = serde_json::to_value(tokens.map_err(|problem| problem.code())?)?;
        let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
        let (access, refresh) = (text("access_token"), text("refresh_token"));
        let (id, email) = (user.id.to_string(), user.email.to_string());
        Ok(Person { user, id, email, access, refresh, session: session.id.to_string() })
    }

    /// An `auth` for what comes before the request that is measured.
    ///
    /// # Errors
    /// It did not start.
    pub async fn auth(&mut self) -> Result<&mut Instance, Failure> {
        let auth = match self.auth.take() {
            Some(auth) => auth,
            None => self.function("auth", &self.house.engine.endpoint).await?,
        };
        Ok(self.auth.insert(auth))
    }

    /// The stream record of the one mail that waits.
    ///
    /// # Errors
    /// None waits.
    pub async fn mail_record(&self) -> Result<Value, Failure> {
        let mails = self.app.store.waiting_mails().await?;
        let mail = mails.iter().max_by_key(|mail| mail.id).ok_or("no mail waits")?;
        Ok(record("INSERT", &format!("MAIL#{}", mail.id), "MAIL"))
    }

    /// Has the mail delivered that waits, and reads the token in it after `mark`.
    ///
    /// # Errors
    /// There is no mail, or no token in it.
    pub async fn mailed(&mut self, mark: &str) -> Result<String, Failure> {
        let event = self.mail_record().await?;
        let mailer = match self.mailer.take() {
            Some(mailer) => mailer,
            None => self.function("mailer", &self.house.engine.endpoint).await?,
        };
        self.mailer.insert(mailer).invoke(&event).await?;
        let mails = self.house.mailbox.take();
        let text = mails.last().ok_or("no mail was sent")?.text.clone();
        let token = text.split(mark).nth(1).and_then(|rest| rest.split_whitespace().next());
        Ok(token.ok_or("there is no token in the mail")?.to_owned())
    }
}

/// An event of the table's stream with one record.
#[must_use]
pub fn record(event: &str, pk: &str, sk: &str) -> Value {
    let keys = json!({ "PK": { "S": pk }, "SK": { "S": sk } });
    let change = json!({ "Keys": keys, "SequenceNumber": "1" });
    json!({ "Records": [{ "eventID": "1", "eventName": event, "eventSource": "aws:dynamodb", "dynamodb": change }] })
}

fn environment(house: &House, endpoint: &str, table: &str) -> Vec<(String, String)> {
    let mut all = runtime::environment(endpoint, table);
    all.push(("AWS_ENDPOINT_URL_SESV2".to_owned(), house.ses.clone()));
    all.push(("PUBLIC_URL".to_owned(), PUBLIC_URL.to_owned()));
    all
}

/// The hash of [`PASSWORD`], made once.
fn hash() -> Result<String, Failure> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let password = Password::try_from(PASSWORD.to_owned()).map_err(|invalid| invalid.message)?;
    Ok(HASH.get_or_init(|| Hasher::new().hash(&password).0).clone())
}
