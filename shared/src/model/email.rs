//! E-mail addresses.

use std::fmt;
use std::str::FromStr;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use super::Invalid;

const INVALID: Invalid = Invalid {
    code: "invalid_email",
    message: "must be an e-mail address of at most 254 ASCII characters, such as ada@example.com",
};

/// An address (RFC 5321 section 4.1.2) of at most 254 ASCII characters, with a
/// dotted domain, trimmed and lower-cased: two spellings that differ in case
/// are one address. International domains are written in their `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Email(String);

impl Email {
    /// The normalized address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

impl FromStr for Email {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim_matches(' ');
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        let plain = text.is_ascii() && !text.contains(['"', ' ', '\\']) && text.len() <= 254;
        if !plain || EmailAddress::parse_with_options(text, options).is_err() {
            return Err(INVALID);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn spellings_that_differ_in_case_are_one_address() {
        let one: Email = " Bob@X.io ".parse().unwrap();
        assert_eq!(one.as_str(), "bob@x.io");
        assert_eq!(one.local_part(), "bob");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        for text in [
            "",
            "bob",
            "bob@",
            "@x.io",
            "a b@x.io",
            "bob@x",
            "bob@x.io\n",
            "Bob <b@x.io>",
            "\"b b\"@x.io",
            "b@[1.2.3.4]",
            "bøb@x.io",
            &long,
        ] {
            assert!(text.parse::<Email>().is_err(), "{text:?}");
        }
    }
}
