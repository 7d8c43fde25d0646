//! Which new passwords are refused (OWASP ASVS 5.0.0 sections 6.2.1, 6.2.4,
//! 6.2.5, 6.2.11): too short, too common, too predictable, too close to the
//! account. There are no rules on which characters a password holds.

use super::common::is_common;
use super::predictable::{self, Kind};
use crate::model::{Email, Password, Username};

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
    /// Made by a rule from next to nothing: a repetition, rows of keys, or a common
    /// word with digits around it.
    TooPredictable,
    /// The address, its local part or the username, or that repeated or with digits.
    TooSimilar,
    /// In a breach that others made public.
    Breached,
}

impl Weakness {
    /// Stable, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password_too_short",
            Self::TooCommon => "password_too_common",
            Self::TooPredictable => "password_too_predictable",
            Self::TooSimilar => "password_too_similar",
            Self::Breached => "password_breached",
        }
    }
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooCommon => f.write_str("is among the most common passwords"),
            Self::TooPredictable => f.write_str(
                "must not be a repetition, a row of keys, or one common word with digits or symbols around it",
            ),
            Self::TooSimilar => f.write_str("must not be the e-mail address or the username"),
            Self::Breached => f.write_str("is known from a data breach elsewhere"),
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
    /// Judges a new password for an account, by what is in the binary. Hashes
    /// nothing slowly.
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
        let username = username.map(Username::lower);
        let names = [Some(email.as_str()), Some(email.local_part()), username.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let lower = text.to_lowercase();
        if names.iter().any(|name| repeats(&lower, name)) {
            return Err(Weakness::TooSimilar);
        }
        if is_common(text) {
            return Err(Weakness::TooCommon);
        }
        match predictable::kind(text, self.min_length, &names) {
            Some(Kind::Rule) => Err(Weakness::TooPredictable),
            Some(Kind::Name) => Err(Weakness::TooSimilar),
            None => Ok(()),
        }
    }
}

/// Whether `text` is `name`, once or several times over.
fn repeats(text: &str, name: &str) -> bool {
    !name.is_empty() && text.len().is_multiple_of(name.len()) && text.replace(name, "").is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Policy, Weakness};
    use crate::model::{Email, Password, Username};

    fn judge(text: &str, min_length: usize) -> Result<(), Weakness> {
        let email: Email = "ada.lovelace@example.com".parse().unwrap();
        let username: Username = "Countess".parse().unwrap();
        let password = Password::try_from(text.to_owned()).unwrap();
        Policy { min_length }.check(&password, &email, Some(&username))
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        assert_eq!(judge("éóüñ ww", 8), Err(Weakness::TooShort { min: 8 }));
        assert_eq!(judge("éóüñ wxq", 8), Ok(()));
        assert_eq!(judge("fourteen chars", 15), Err(Weakness::TooShort { min: 15 }));
    }

    #[test]
    fn each_weakness_has_its_own_word() {
        assert_eq!(judge("Trustno1", 8), Err(Weakness::TooCommon));
        assert_eq!(judge("1qaz2wsx3edc4rfv5tgb6yhn", 15), Err(Weakness::TooPredictable));
        assert_eq!(judge("long enough a phrase", 15), Ok(()));
    }

    #[test]
    fn the_accounts_own_names_are_refused() {
        let names =
            ["ada.lovelace", "ADA.Lovelace@Example.com", "countess", "countessCOUNTESS", "Countess2024!"];
        for text in names {
            assert_eq!(judge(text, 8), Err(Weakness::TooSimilar), "{text}");
        }
        assert_eq!(judge("countess of lovelace", 8), Ok(()));
    }
}
