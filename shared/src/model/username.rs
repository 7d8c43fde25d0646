//! Usernames.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;

const INVALID: Invalid = Invalid {
    code: "invalid_username",
    message: "must be 3 to 30 of the characters A-Z, a-z, 0-9, '.', '_' and '-'",
};

/// 3 to 30 of `[A-Za-z0-9._-]`, shown as typed, unique without regard to case.
/// It never holds an `@`, so it cannot be mistaken for an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Username(String);

impl Username {
    /// As the person typed it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which it is unique.
    #[must_use]
    pub fn lower(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Username {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if (3..=30).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(INVALID)
        }
    }
}

impl TryFrom<String> for Username {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
