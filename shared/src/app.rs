//! What a function has at hand: settings, clock, store, tokens, hasher.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::aws;
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Setting};
use crate::mail::OwnWords;
use crate::model::{Email, Password, Username};
use crate::password::{Breaches, Hasher, Weakness};
use crate::store::Store;
use crate::token::{AppSecret, Rotation, Signer, Verifier};

/// So long the first poll waits for the table. Lambda gives a start 10 s.
const PREPARING: Duration = Duration::from_secs(1);

/// What a function has at hand. Clones share it.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The table.
    pub store: Store,
    /// Checks access tokens.
    pub verifier: Verifier,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Knows passwords from breaches, where `HIBP_URL` is set.
    pub breaches: Breaches,
    /// The operator's words for mails.
    pub own_words: OwnWords,
    signer: Option<Signer>,
}

/// A function called for what its settings do not hold: our mistake.
#[derive(Clone, Copy, Debug)]
pub struct NotConfigured(pub &'static str);

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// An app over a store.
    #[must_use]
    pub fn new(config: Config, store: Store, clock: Clock) -> Self {
        let verifier = Verifier::default();
        let rotation = Rotation { after: config.key_rotation, token_life: config.access_token_ttl };
        let signer = config.app_secret.clone().map(|secret| Signer::new(secret, &verifier, rotation));
        let hasher = Hasher::new();
        let breaches = Breaches::new(config.hibp_url.clone());
        let own_words = OwnWords::default();
        Self(Arc::new(Parts { config, clock, store, verifier, hasher, breaches, own_words, signer }))
    }

    /// An app as the environment wants it.
    ///
    /// # Errors
    /// Names every setting that is missing or bad.
    pub fn from_env(settings: &[Setting]) -> Result<Self, ConfigError> {
        let config = Config::from_env(settings)?;
        let clock = Clock::system();
        let store = Store::new(&aws::sdk_config(), &config.table_name, clock.clone());
        Ok(Self::new(config, store, clock))
    }

    /// What the first request would wait for otherwise: a connection to the table, and
    /// the keys, if there are any. Writes nothing. Without them after a second the
    /// first request sees to it.
    pub async fn prepare(&self) {
        let keys = async {
            match &self.signer {
                // A sign-in asks two things at a time, so two connections are opened.
                Some(signer) => tokio::join!(signer.prepare(&self.store), self.store.public_keys()).0,
                None => self.verifier.prepare(&self.store).await,
            }
        };
        match tokio::time::timeout(PREPARING, keys).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the keys were not read ahead"),
            Err(_) => tracing::warn!("the keys were not read ahead in time"),
        }
    }

    /// Judges a new password: by the policy, then by the breaches, where there is
    /// somebody to be asked for them. The same for every account.
    ///
    /// # Errors
    /// The first weakness found.
    pub async fn judge(
        &self,
        password: &Password,
        email: &Email,
        username: Option<&Username>,
    ) -> Result<(), Weakness> {
        self.config.passwords.check(password, email, username)?;
        if self.breaches.know(password).await { Err(Weakness::Breached) } else { Ok(()) }
    }

    /// The secret of the installation.
    ///
    /// # Errors
    /// When the function does not have it.
    pub fn secret(&self) -> Result<&AppSecret, NotConfigured> {
        self.config.app_secret.as_ref().ok_or(NotConfigured("APP_SECRET"))
    }

    /// What signs access tokens.
    ///
    /// # Errors
    /// When the function does not have the secret.
    pub fn signer(&self) -> Result<&Signer, NotConfigured> {
        self.signer.as_ref().ok_or(NotConfigured("APP_SECRET"))
    }
}
