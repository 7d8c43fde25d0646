//! The second factor of a user: one item beside its profile. What is in it opens
//! no door: the secret is sealed, the recovery codes are hashes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::string_set;

use super::key::{Key, Record};
use super::terms::Terms;
use super::transaction::{Guard, Refusal, Transaction};
use super::{Store, StoreError};
use crate::model::{AuthMethod, Session, Status, User, UserId};

/// A TOTP factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Totp {
    /// Whose.
    pub user_id: UserId,
    /// The secret, sealed for that user; base64.
    pub sealed: String,
    /// Codes of this time step and of earlier ones are used up.
    pub last_step: i64,
    /// Hashes of the recovery codes that are left.
    #[serde(default, with = "string_set", skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<String>,
    /// Since when signing in takes it; `None`: its enrolment was not finished yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// Codes given to confirm it.
    #[serde(default)]
    pub tries: u32,
    /// Void from this time on, unless confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Gone with its user from this time on, if that deleted itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge_at: Option<Timestamp>,
}

impl Record for Totp {
    fn key(&self) -> Key {
        Key::totp(self.user_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.purge_at.or(self.expires_at)
    }
}

/// A code that is right, and what of it the change that it allows uses up. It is
/// looked at again in that change's transaction: of two at once, one wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the app.
    Step {
        /// Its time step.
        step: i64,
        /// The secret, if it had to be sealed anew.
        resealed: Option<String>,
    },
    /// The recovery code with this hash.
    Recovery(String),
}

impl Proof {
    /// What it is a code of, for the audit.
    pub(super) fn factor(&self) -> &'static str {
        match self {
            Self::Step { .. } => "totp",
            Self::Recovery(_) => "recovery_code",
        }
    }
}

/// What came of a change that takes a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// It was made, and the code is used up.
    Done,
    /// The code was used up meanwhile, or the factor replaced. Nothing was written.
    CodeUsed,
    /// The account changed, or the sign-in is void. Nothing was written.
    Changed,
}

impl From<Result<(), Refusal>> for Proven {
    fn from(result: Result<(), Refusal>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(refusal) if refusal.by(Guard::Factor) && !refusal.by(Guard::Ticket) => Self::CodeUsed,
            Err(_) => Self::Changed,
        }
    }
}

impl Store {
    /// The user's factor, confirmed or about to be.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn totp(&self, user: UserId) -> Result<Option<Totp>, StoreError> {
        self.get(&Key::totp(user)).await
    }
}

/// The conditions that the factor is the one read and the code still unused.
pub(super) fn unused(factor: &Totp, proof: &Proof) -> Terms {
    let terms = Terms::new().when("sealed", &factor.sealed);
    match proof {
        Proof::Step { step, .. } => terms.when_below("last_step", step),
        Proof::Recovery(hash) => terms.when_holding("recovery", hash),
    }
}

/// Uses the app's code up. A recovery code is the caller's to take out.
pub(super) fn spent(terms: Terms, proof: &Proof) -> Terms {
    let Proof::Step { step, resealed } = proof else { return terms };
    let terms = terms.set("last_step", step);
    match resealed {
        Some(sealed) => terms.set("sealed", sealed),
        None => terms,
    }
}

/// Ends every session of an active user that is as it was read.
pub(super) fn next_epoch(user: &User) -> Terms {
    Terms::new()
        .set("session_epoch", user.session_epoch + 1)
        .when("session_epoch", user.session_epoch)
        .when("status", Status::Active)
}

/// Lets a session live on, as one opened so.
pub(super) fn lift(
    transaction: Transaction,
    user: &User,
    session: &Session,
    amr: Vec<AuthMethod>,
) -> Result<Transaction, StoreError> {
    let terms =
        Terms::new().set("epoch", user.session_epoch + 1).set("amr", amr).when("epoch", user.session_epoch);
    transaction.update(&Key::session(user.id, session.id), terms, Guard::Session)
}
