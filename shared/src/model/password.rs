//! Passwords as people type them.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::Invalid;

const INVALID: Invalid =
    Invalid { code: "invalid_password_length", message: "must be 1 to 1024 bytes of UTF-8" };

/// A password of 1 to 1,024 bytes, in NFC (NIST SP 800-63B-4 section 3.1.1.2),
/// otherwise exactly as typed. It cannot be printed and is wiped when dropped.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Password(SecretString);

impl Password {
    /// The password itself: for the hasher and the policy only.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl TryFrom<String> for Password {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let text = SecretString::from(text);
        let typed = text.expose_secret();
        if !(1..=1024).contains(&typed.len()) {
            return Err(INVALID);
        }
        Ok(Self(SecretString::from(typed.nfc().collect::<String>())))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([REDACTED])")
    }
}
