//! The names people have.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Invalid, has_control};

const INVALID: Invalid =
    Invalid { code: "invalid_name", message: "must be 1 to 100 characters without control characters" };

/// A full, first or last name: trimmed, NFC, 1 to 100 characters, no control
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PersonName(String);

impl PersonName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a name is listed: in small letters of one form, NFC, as every [`PersonName`] is.
#[must_use]
pub fn listed_name(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

impl TryFrom<String> for PersonName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        // A character is at most 4 bytes, and NFC can only shorten what is kept.
        if text.len() > 4000 || has_control(&text) {
            return Err(INVALID);
        }
        let name: String = text.trim().nfc().collect();
        if (1..=100).contains(&name.chars().count()) { Ok(Self(name)) } else { Err(INVALID) }
    }
}
