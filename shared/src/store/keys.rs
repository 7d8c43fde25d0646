//! Signing keys: one public, versioned list and a sealed item per private half.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::key::{Key, Record};
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};

/// The public half of a signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The key's id (RFC 7517 section 4.5).
    pub kid: String,
    /// The modulus, base64url (RFC 7518 section 6.3.1.1).
    pub n: String,
    /// The exponent, base64url.
    pub e: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// It signs from this time on.
    pub signs_from: Timestamp,
}

/// Every public key, in the order they were made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PublicKeys {
    /// Moves on with each change.
    pub version: u64,
    /// The keys.
    pub keys: Vec<PublicKey>,
}

impl Record for PublicKeys {
    fn key(&self) -> Key {
        Key::public_keys()
    }
}

/// The private half of a signing key, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrivateKey {
    /// The key's id.
    pub kid: String,
    /// Base64 of the sealed PKCS #8 document.
    pub sealed: String,
}

impl Record for PrivateKey {
    fn key(&self) -> Key {
        Key::private_key(&self.kid)
    }
}

impl Store {
    /// The public keys; none before the first sign-in.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn public_keys(&self) -> Result<PublicKeys, StoreError> {
        Ok(self.get(&Key::public_keys()).await?.unwrap_or_default())
    }

    /// The sealed private half of a key.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn private_key(&self, kid: &str) -> Result<Option<PrivateKey>, StoreError> {
        self.get(&Key::private_key(kid)).await
    }

    /// Adds a key, public and private half at once, to the list as it was read.
    /// `false`: somebody else changed the list first.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn add_key(
        &self,
        list: &PublicKeys,
        public: PublicKey,
        private: &PrivateKey,
    ) -> Result<bool, StoreError> {
        let mut keys = list.keys.clone();
        keys.push(public);
        let version = (list.version > 0).then_some(list.version);
        let terms =
            Terms::new().set("version", list.version + 1).set("keys", keys).when_same("version", version);
        let transaction = self
            .transaction()
            .update(&Key::public_keys(), terms, Guard::Unchanged)?
            .put_new(private, Guard::Unchanged)?;
        Ok(self.commit(transaction).await?.is_ok())
    }
}
