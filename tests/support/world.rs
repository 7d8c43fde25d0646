//! The world a test happens in.

mod behind;
mod calls;

use std::collections::HashMap;
use std::sync::Mutex;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use jiff::{SignedDuration, Timestamp};
use local::mailbox::Mailbox;
use serde_json::Value;
use shared::App;
use shared::clock::Clock;
use shared::config::{Config, Setting};
use shared::http::{Function, Routes};
use shared::mail::Mailer;
use shared::store::{Store, schema};

use crate::engine;

/// The secret of every world.
pub const APP_SECRET: &str = "a secret for tests that has more than 32 characters";

/// When every world begins.
pub const START: &str = "2026-03-01T12:00:00Z";

/// The API functions, the mailer, the worker, a table, a mailbox and a clock.
pub struct World {
    functions: HashMap<&'static str, Function>,
    mailer: (App, Mailer),
    worker: App,
    authorizer: App,
    /// What was mailed.
    pub mailbox: Mailbox,
    /// Turned by hand.
    pub clock: Clock,
    /// The store, for what no request can show.
    pub store: Store,
    /// A plain client of the engine.
    pub client: Client,
    /// The table's name.
    pub table: String,
    /// The settings beyond the defaults.
    pub settings: HashMap<String, String>,
    /// What the processes reach besides the table.
    pub outside: Outside,
    heard: Mutex<Option<Heard>>,
}

/// What the processes of a world reach besides the table, and the time.
#[derive(Clone, Debug)]
pub struct Outside {
    /// What was mailed.
    pub mailbox: Mailbox,
    /// Where the mailbox takes mails.
    pub ses: String,
    /// The time.
    pub clock: Clock,
}

/// What went through the functions, and how each event is changed before.
struct Heard {
    dress: fn(&mut Value),
    traffic: Vec<(Value, Value)>,
}

impl World {
    /// A world with the default settings, but for `SOURCE_LIMIT`, `MAIL_LIMIT` and
    /// `WRITE_LIMIT`: they are off, for here everybody comes from one address, and much happens in
    /// a minute. An empty value in [`World::with`] stands for the default.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world with other settings than the defaults.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let endpoint = engine::endpoint().await;
        Self::at(settings, &endpoint).await
    }

    /// A world whose functions reach the table through `endpoint`. The table is
    /// made without it.
    pub async fn at(settings: &[(&str, &str)], endpoint: &str) -> Self {
        Self::apart(settings, |_| endpoint.to_owned()).await
    }

    /// A world in which each function, by its name, reaches the table through an
    /// endpoint of its own.
    pub async fn apart(settings: &[(&str, &str)], endpoint: impl Fn(&str) -> String) -> Self {
        let table = format!("usher-{:016x}", fastrand::u64(..));
        let client = local::client::dynamodb(&engine::endpoint().await);
        // Without the stream, see `trigger`; and without the time to live, for an engine
        // goes by its own clock.
        schema::creation(&client, &table).unwrap().send().await.unwrap();
        let mut all = HashMap::from([
            ("TABLE_NAME".to_owned(), table.clone()),
            ("APP_SECRET".to_owned(), APP_SECRET.to_owned()),
            ("MAIL_FROM".to_owned(), "Usher <no-reply@example.com>".to_owned()),
            ("FRONTEND_URL".to_owned(), "https://app.example.com".to_owned()),
            ("PUBLIC_URL".to_owned(), "https://api.example.com".to_owned()),
            ("SOURCE_LIMIT".to_owned(), "off".to_owned()),
            ("MAIL_LIMIT".to_owned(), "off".to_owned()),
            ("WRITE_LIMIT".to_owned(), "off".to_owned()),
        ]);
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mailbox = Mailbox::new();
        let ses = mailbox.serve().await.unwrap().endpoint;
        let clock = Clock::manual(START.parse().unwrap());
        Self::assemble(endpoint, all, Outside { mailbox, ses, clock }).await
    }

    /// New processes over a table that is there, as after a cold start: with the
    /// `settings` and `outside` of its world. They reach the table through
    /// `endpoint`.
    pub async fn join(endpoint: &str, settings: HashMap<String, String>, outside: Outside) -> Self {
        Self::assemble(|_| endpoint.to_owned(), settings, outside).await
    }

    async fn assemble(
        endpoint: impl Fn(&str) -> String,
        settings: HashMap<String, String>,
        outside: Outside,
    ) -> Self {
        let table = settings["TABLE_NAME"].clone();
        let Outside { mailbox, ses, clock } = outside.clone();
        let sdk = sdk(&endpoint(""));
        let store = |name: &str| {
            let sdk = sdk.to_builder().endpoint_url(endpoint(name)).build();
            Store::new(&sdk, &table, clock.clone())
        };
        let functions = functions(&settings, store, &clock);
        let mail_app = app(&settings, store("mailer"), mailer::SETTINGS, &clock);
        let post = shared::aws::mailer(&sdk.to_builder().endpoint_url(ses).build(), &mail_app.config);
        let mailer = (mail_app, post);
        let worker = app(&settings, store("worker"), worker::SETTINGS, &clock);
        let authorizer = app(&settings, store("authorizer"), authorizer::SETTINGS, &clock);
        let direct = local::client::config(&engine::endpoint().await);
        let store = Store::new(&direct, &table, clock.clone());
        let heard = Mutex::new(None);
        Self {
            functions,
            mailer,
            worker,
            authorizer,
            mailbox,
            clock,
            store,
            client: Client::new(&direct),
            table,
            settings,
            outside,
            heard,
        }
    }

    /// The same installation, served by other instances of the functions: they share
    /// table, clock and mailbox with these, and nothing that they remember.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self {
            functions: functions(&self.settings, |_| self.store.clone(), &self.clock),
            mailer: self.mailer.clone(),
            worker: self.worker.clone(),
            authorizer: self.authorizer.clone(),
            mailbox: self.mailbox.clone(),
            clock: self.clock.clone(),
            store: self.store.clone(),
            client: self.client.clone(),
            table: self.table.clone(),
            settings: self.settings.clone(),
            outside: self.outside.clone(),
            heard: Mutex::new(None),
        }
    }

    /// Turns the clock.
    pub fn wait(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn app(all: &HashMap<String, String>, store: Store, settings: &[Setting], clock: &Clock) -> App {
    let config = Config::read(settings, |name| all.get(name).cloned()).unwrap();
    App::new(config, store, clock.clone())
}

/// The functions, each over the store that `store` gives to its name.
fn functions(
    all: &HashMap<String, String>,
    store: impl Fn(&str) -> Store,
    clock: &Clock,
) -> HashMap<&'static str, Function> {
    let function = |name, settings, routes: Routes| {
        (name, Function::new(app(all, store(name), settings, clock), routes))
    };
    HashMap::from([
        function("auth", auth::SETTINGS, auth::routes()),
        function("users", users::SETTINGS, users::routes()),
        function("admin", admin::SETTINGS, admin::routes()),
        function("posts", posts::SETTINGS, posts::routes()),
        function("docs", docs::SETTINGS, docs::routes()),
    ])
}

/// A function's configuration with this endpoint, whatever the environment says.
fn sdk(endpoint: &str) -> aws_config::SdkConfig {
    let credentials = aws_sdk_dynamodb::config::Credentials::new("local", "local", None, None, "local");
    shared::aws::builder()
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .region(aws_sdk_dynamodb::config::Region::new("us-east-1"))
        .build()
}
