//! Signing keys: one public, versioned list and a sealed item per private half.

use serde::{Deserialize, Serialize};

use super::key::{Key, Record};
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};
use crate::model::PublicKeys;

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

    /// Changes the list as it was read, `from`, into `to`. The private half of the
    /// key that joins it is written, and those of the keys that leave it are deleted,
    /// at the same time. `false`: somebody else changed the list first.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn change_keys(
        &self,
        from: &PublicKeys,
        to: &PublicKeys,
        joins: Option<&PrivateKey>,
    ) -> Result<bool, StoreError> {
        let version = (from.version > 0).then_some(from.version);
        let terms = Terms::new()
            .set("version", from.version + 1)
            .set("keys", &to.keys)
            .set_or_remove("rotate_requested_at", to.rotate_requested_at)
            .when_same("version", version);
        let mut transaction = self.transaction().update(&Key::public_keys(), terms, Guard::Unchanged)?;
        if let Some(private) = joins {
            transaction = transaction.put_new(private, Guard::Unchanged)?;
        }
        for key in from.keys.iter().filter(|key| to.find(&key.kid).is_none()) {
            transaction = transaction.delete(&Key::private_key(&key.kid), Terms::new(), Guard::Unchanged)?;
        }
        Ok(self.commit(transaction).await?.is_ok())
    }
}
