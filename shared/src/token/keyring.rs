//! Signing with the key that signs now.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::access::{ALG, Claims, TYP, Verifier};
use super::encode;
use super::published::Published;
use super::rotation::Rotation;
use super::secret::{AppSecret, Purpose};
use crate::model::PublicKeys;
use crate::store::{Store, StoreError};

/// A signed access token.
#[derive(Clone, Debug)]
pub struct Issued(pub String);

struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
}

/// What one process knows beside the list.
#[derive(Default)]
pub(super) struct Held {
    key: Option<Arc<SigningKey>>,
    /// When it tried in vain to look after the list.
    pub tried_at: Option<Timestamp>,
}

/// Signs access tokens. Only functions that hold `APP_SECRET` have one.
#[derive(Clone)]
pub struct Signer {
    pub(super) secret: AppSecret,
    pub(super) published: Published,
    pub(super) rotation: Rotation,
    held: Arc<Mutex<Held>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// A signer that shares `verifier`'s list of public keys.
    #[must_use]
    pub fn new(secret: AppSecret, verifier: &Verifier, rotation: Rotation) -> Self {
        Self { secret, published: verifier.0.clone(), rotation, held: Arc::default() }
    }

    /// Opens the key that signs now, if there is one, so that the first token need not
    /// wait for it. Makes none.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn prepare(&self, store: &Store) -> Result<(), StoreError> {
        let mut held = self.held.lock().await;
        let list = self.published.list(store).await?;
        if let Some(key) = list.signing(store.now()) {
            held.key = self.open(store, &key.kid).await?.map(Arc::new);
        }
        Ok(())
    }

    /// Makes sure that there is a key to sign with: before a change that a token is
    /// to follow.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ready(&self, store: &Store) -> Result<(), StoreError> {
        self.key(store).await.map(|_| ())
    }

    /// Signs the claims with the key that signs now.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn sign(&self, store: &Store, claims: &Claims) -> Result<Issued, StoreError> {
        let key = self.key(store).await?;
        let header = serde_json::json!({ "typ": TYP, "alg": ALG, "kid": key.kid });
        let claims = serde_json::to_vec(claims).map_err(broken)?;
        let message = format!("{}.{}", encode(header.to_string().as_bytes()), encode(&claims));
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(broken)?;
        Ok(Issued(format!("{message}.{}", encode(&signature))))
    }

    /// The public keys; makes the first one if there is none.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn public_keys(&self, store: &Store) -> Result<Arc<PublicKeys>, StoreError> {
        self.key(store).await?;
        self.published.list(store).await
    }

    /// The key that signs now. One caller at a time looks for it, so that parallel
    /// first requests do not each make a key.
    async fn key(&self, store: &Store) -> Result<Arc<SigningKey>, StoreError> {
        let mut held = self.held.lock().await;
        self.look_after(store, &mut held).await?;
        for _ in 0..3 {
            let list = self.published.list(store).await?;
            let kid = list.signing(store.now()).map(|key| key.kid.as_str());
            if let Some(kid) = kid {
                if let Some(key) = held.key.as_ref().filter(|key| key.kid == kid) {
                    return Ok(key.clone());
                }
                if let Some(key) = self.open(store, kid).await? {
                    return Ok(held.key.insert(Arc::new(key)).clone());
                }
                tracing::error!(event = "crypt_decrypt_fail", kid, "a private signing key does not open");
            }
            self.replace(store, kid).await?;
        }
        Err(StoreError::Unavailable("no signing key".into()))
    }

    async fn open(&self, store: &Store, kid: &str) -> Result<Option<SigningKey>, StoreError> {
        let Some(private) = store.private_key(kid).await? else {
            return Ok(None);
        };
        let pair = STANDARD
            .decode(&private.sealed)
            .ok()
            .and_then(|sealed| self.secret.open(Purpose::SigningKey, kid, &sealed))
            .and_then(|der| RsaKeyPair::from_pkcs8(&der).ok());
        Ok(pair.map(|pair| SigningKey { kid: kid.to_owned(), pair }))
    }
}

pub(super) fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("signing failed: {error}"))
}
