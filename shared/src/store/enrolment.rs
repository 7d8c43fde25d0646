//! Adding a second factor: begun, then confirmed by a code.

use jiff::{SignedDuration, Timestamp};
use serde_dynamo::string_set::StringSet;

use super::item::from_item;
use super::key::{Key, TTL};
use super::mfa::{Proven, Totp, lift, next_epoch};
use super::terms::Terms;
use super::transaction::Guard;
use super::{MAX_TRIES, Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, AuthMethod, Mail, Notice, Session, User, UserId};

/// An enrolment that is not confirmed within this time is void.
const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

impl Store {
    /// Begins an enrolment with a sealed secret, in place of one that was not
    /// finished. `false`: the user has a factor, or changed meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn begin_enrolment(&self, user: &User, sealed: &str) -> Result<bool, StoreError> {
        let expires_at = self.now().saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let terms = Terms::new()
            .set("user_id", user.id)
            .set("sealed", sealed)
            .set("last_step", 0)
            .set("tries", 0)
            .set("expires_at", expires_at)
            .set(TTL, expires_at.as_second())
            .when_absent("confirmed_at");
        let is_as_read = Terms::new().when("session_epoch", user.session_epoch).when_absent("mfa_since");
        let transaction = self.transaction().update(&Key::totp(user.id), terms, Guard::Factor)?.check(
            &Key::user(user.id),
            is_as_read,
            Guard::User,
        )?;
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// The factor about to be confirmed, with one try counted before the code is
    /// looked at. `None`: there is none, or its tries are used up.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn try_enrolment(&self, user: UserId) -> Result<Option<Totp>, StoreError> {
        let terms = Terms::new()
            .increment("tries")
            .when_absent("confirmed_at")
            .when_below("tries", MAX_TRIES)
            .when_above(TTL, self.now().as_second());
        match self.update(&Key::totp(user), terms).await? {
            Ok(item) => from_item(item, self.now()),
            Err(_) => Ok(None),
        }
    }

    /// Makes the factor one that signing in takes: its recovery codes are set, the
    /// code of `step` is used up, all sessions but `session` are over, and that one
    /// has given two factors. The person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn confirm_enrolment(
        &self,
        agent: &Agent,
        user: &User,
        session: &Session,
        factor: &Totp,
        step: i64,
        recovery: Vec<String>,
    ) -> Result<Proven, StoreError> {
        let now = self.now();
        let terms = Terms::new()
            .set("confirmed_at", now)
            .set("last_step", step)
            .set("recovery", StringSet(recovery))
            .remove("tries")
            .remove("expires_at")
            .remove(TTL)
            .when("sealed", &factor.sealed)
            .when_absent("confirmed_at");
        let owner = next_epoch(user).set("mfa_since", now).set("updated_at", now).when_absent("mfa_since");
        let transaction = self.transaction().update(&Key::totp(user.id), terms, Guard::Factor)?.update(
            &Key::user(user.id),
            owner,
            Guard::User,
        )?;
        let transaction = lift(transaction, user, session, AuthMethod::two_factors())?
            .put_over(&Mail::notice(user.email.clone(), Notice::MfaAdded, now).about(user, agent))?
            .audit(AuditEvent::new(Action::MfaEnrolled, agent, user.id, now).with("factor", "totp"))?;
        self.commit(transaction).await.map(Proven::from)
    }
}
