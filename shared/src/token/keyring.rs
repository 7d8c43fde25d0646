//! Signing keys: RSA with 2,048 bits, made when there is none, the private half
//! sealed under `APP_SECRET`.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::access::{Claims, TYP, Verifier};
use super::secret::{AppSecret, Purpose};
use super::{encode, random_text};
use crate::store::{PrivateKey, PublicKey, PublicKeys, Store, StoreError};

/// A public key as a JSON Web Key (RFC 7517, RFC 7518 section 6.3.1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// `RSA`.
    pub kty: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// `RS256`.
    pub alg: &'static str,
    /// The key's id.
    pub kid: String,
    /// The modulus, base64url.
    pub n: String,
    /// The exponent, base64url.
    pub e: String,
}

/// The public keys (RFC 7517 section 5).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Jwks {
    /// Every key that a good token may be signed with.
    pub keys: Vec<Jwk>,
}

impl From<&PublicKeys> for Jwks {
    fn from(list: &PublicKeys) -> Self {
        let keys = list.keys.iter().cloned().map(|key| Jwk {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: key.kid,
            n: key.n,
            e: key.e,
        });
        Self { keys: keys.collect() }
    }
}

/// A signed access token.
#[derive(Clone, Debug)]
pub struct Issued(pub String);

struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
}

/// Signs access tokens. Only functions that hold `APP_SECRET` have one.
#[derive(Clone)]
pub struct Signer {
    secret: AppSecret,
    verifier: Verifier,
    current: Arc<Mutex<Option<Arc<SigningKey>>>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// A signer that shares `verifier`'s list of public keys.
    #[must_use]
    pub fn new(secret: AppSecret, verifier: Verifier) -> Self {
        Self { secret, verifier, current: Arc::default() }
    }

    /// Makes sure that there is a key to sign with: before a change that a token is
    /// to follow.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ready(&self, store: &Store) -> Result<(), StoreError> {
        self.key(store).await.map(|_| ())
    }

    /// Signs the claims with the newest key that signs now.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn sign(&self, store: &Store, claims: &Claims) -> Result<Issued, StoreError> {
        let key = self.key(store).await?;
        let header = serde_json::json!({ "typ": TYP, "alg": "RS256", "kid": key.kid });
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
        self.verifier.keys(store).await
    }

    /// The newest key that signs now. One caller at a time looks for it, so that
    /// parallel first requests do not each make a key.
    async fn key(&self, store: &Store) -> Result<Arc<SigningKey>, StoreError> {
        let mut current = self.current.lock().await;
        for _ in 0..3 {
            let list = self.verifier.keys(store).await?;
            let now = store.now();
            for public in list.keys.iter().rev().filter(|key| key.signs_from <= now) {
                if let Some(key) = current.as_ref().filter(|key| key.kid == public.kid) {
                    return Ok(key.clone());
                }
                if let Some(key) = self.open(store, &public.kid).await? {
                    return Ok(current.insert(Arc::new(key)).clone());
                }
                tracing::error!(kid = public.kid, "a private signing key does not open; skipped");
            }
            self.make(store).await?;
            self.verifier.forget();
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

    /// Makes a key that signs at once. The loser of a race makes none.
    async fn make(&self, store: &Store) -> Result<(), StoreError> {
        let list = store.public_keys().await?;
        let now = store.now();
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(broken)?;
        let kid = random_text::<12>();
        let der = pair.as_der().map_err(broken)?;
        let sealed = self.secret.seal(Purpose::SigningKey, &kid, der.as_ref());
        let sealed = STANDARD.encode(sealed.ok_or_else(|| broken("sealing failed"))?);
        let public = PublicKey {
            kid: kid.clone(),
            n: encode(pair.public_key().modulus().big_endian_without_leading_zero()),
            e: encode(pair.public_key().exponent().big_endian_without_leading_zero()),
            created_at: now,
            signs_from: now,
        };
        if store.add_key(&list, public, &PrivateKey { kid: kid.clone(), sealed }).await? {
            tracing::info!(kid, "a signing key was made");
        }
        Ok(())
    }
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("signing failed: {error}"))
}
