//! Which new passwords are refused (OWASP ASVS 5.0.0 sections 6.2.1, 6.2.4,
//! 6.2.5, 6.2.11): too short, too common, too close to the account. There are no
//! rules on which characters a password holds.

use crate::model::{Email, Password, Username};

/// The common passwords of at least 8 characters, sorted by their bytes, one a
/// line. `scripts/common-passwords.py` makes the file.
const COMMON: &str = include_str!("common.txt");

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than the policy asks for.
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// Among the passwords that are tried first.
    TooCommon,
    /// The address, its local part or the username, or that repeated.
    TooSimilar,
}

impl Weakness {
    /// Stable, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password_too_short",
            Self::TooCommon => "password_too_common",
            Self::TooSimilar => "password_too_similar",
        }
    }
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooCommon => f.write_str("is among the most common passwords"),
            Self::TooSimilar => f.write_str("must not be the e-mail address or the username"),
        }
    }
}

/// The rules for new passwords. Old ones are never judged.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The least number of Unicode code points.
    pub min_length: usize,
}

impl Policy {
    /// Judges a new password for an account. Hashes nothing.
    ///
    /// # Errors
    /// The first weakness found.
    pub fn check(
        &self,
        password: &Password,
        email: &Email,
        username: Option<&Username>,
    ) -> Result<(), Weakness> {
        let text = password.expose();
        if text.chars().count() < self.min_length {
            return Err(Weakness::TooShort { min: self.min_length });
        }
        let lower = text.to_lowercase();
        if is_common(&lower) {
            return Err(Weakness::TooCommon);
        }
        let username = username.map(Username::lower);
        let names = [Some(email.as_str()), Some(email.local_part()), username.as_deref()];
        if names.into_iter().flatten().any(|name| repeats(&lower, name)) {
            return Err(Weakness::TooSimilar);
        }
        Ok(())
    }
}

/// A binary search by bytes: the middle of the list may be in the middle of a character.
fn is_common(lower: &str) -> bool {
    let list = COMMON.as_bytes();
    let (mut from, mut to) = (0, list.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let start = list[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = list[middle..].iter().position(|byte| *byte == b'\n').map_or(list.len(), |at| middle + at);
        match lower.as_bytes().cmp(&list[start..end]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => to = start,
            std::cmp::Ordering::Greater => from = end + 1,
        }
    }
    false
}

/// Whether `text` is `name`, once or several times over.
fn repeats(text: &str, name: &str) -> bool {
    !name.is_empty() && text.len().is_multiple_of(name.len()) && text.replace(name, "").is_empty()
}

#[cfg(test)]
mod tests {
    use super::{COMMON, Policy, Weakness};
    use crate::model::{Email, Password, Username};

    fn judge(text: &str, min_length: usize) -> Result<(), Weakness> {
        let email: Email = "ada.lovelace@example.com".parse().unwrap();
        let username: Username = "Countess".parse().unwrap();
        let password = Password::try_from(text.to_owned()).unwrap();
        Policy { min_length }.check(&password, &email, Some(&username))
    }

    #[test]
    fn every_password_of_the_list_is_refused_in_any_case() {
        assert!(COMMON.lines().count() >= 3000);
        for word in COMMON.lines() {
            assert_eq!(judge(word, 8), Err(Weakness::TooCommon), "{word}");
            assert_eq!(judge(&word.to_uppercase(), 8), Err(Weakness::TooCommon), "{word}");
        }
    }

    #[test]
    fn a_password_that_would_stand_anywhere_between_those_of_the_list_is_taken() {
        for word in COMMON.lines() {
            for other in [format!("{word} and more"), format!("{word}\u{10ffff} and more")] {
                assert_eq!(judge(&other, 8), Ok(()), "{other}");
            }
        }
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        assert_eq!(judge("éééé ww", 8), Err(Weakness::TooShort { min: 8 }));
        assert_eq!(judge("éééé www", 8), Ok(()));
        assert_eq!(judge("fourteen chars", 15), Err(Weakness::TooShort { min: 15 }));
    }

    #[test]
    fn the_accounts_own_names_are_refused() {
        for text in ["ada.lovelace", "ADA.Lovelace@Example.com", "countess", "countessCOUNTESS"] {
            assert_eq!(judge(text, 8), Err(Weakness::TooSimilar), "{text}");
        }
        assert_eq!(judge("countess of lovelace", 8), Ok(()));
    }
}
