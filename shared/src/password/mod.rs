//! Hashing passwords and judging new ones.

mod breaches;
mod common;
mod engine;
mod foreign;
mod hasher;
mod policy;
mod predictable;
mod stored;

pub use breaches::Breaches;
pub use foreign::Unfit;
pub use hasher::{Hasher, Verdict};
pub use policy::{Policy, Weakness};

use crate::model::PasswordHash;

/// A hash from another system, if a sign-in can verify it.
///
/// # Errors
/// Why it cannot.
pub fn recognize(text: &str) -> Result<PasswordHash, Unfit> {
    stored::Stored::parse(text).map(|_| PasswordHash(text.to_owned()))
}
