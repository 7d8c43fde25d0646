//! Changes to a second factor that is in use.

use serde_dynamo::string_set::StringSet;

use super::accounts::guard_actor;
use super::admins::AdminError;
use super::key::Key;
use super::mfa::{Proof, Proven, Totp, lift, next_epoch, spent, unused};
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, AuthMethod, Mail, Notice, Session, User};

impl Store {
    /// Sets new recovery codes, by code; the old ones are void. The person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn replace_recovery_codes(
        &self,
        agent: &Agent,
        user: &User,
        factor: &Totp,
        proof: &Proof,
        recovery: Vec<String>,
    ) -> Result<Proven, StoreError> {
        let now = self.now();
        let terms = spent(unused(factor, proof), proof).set("recovery", StringSet(recovery));
        let transaction = self
            .transaction()
            .update(&Key::totp(user.id), terms, Guard::Factor)?
            .put_over(
                &Mail::notice(user.email.clone(), Notice::RecoveryCodesCreated, now).about(user, agent),
            )?
            .audit(
                AuditEvent::new(Action::RecoveryCodesCreated, agent, user.id, now)
                    .with("factor", proof.factor()),
            )?;
        self.commit(transaction).await.map(Proven::from)
    }

    /// Removes the factor, by code: all sessions but `session` are over, and that
    /// one counts as signed in with the password alone. The person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn remove_factor(
        &self,
        agent: &Agent,
        user: &User,
        session: &Session,
        factor: &Totp,
        proof: &Proof,
    ) -> Result<Proven, StoreError> {
        let now = self.now();
        let owner = next_epoch(user)
            .remove("mfa_since")
            .set("updated_at", now)
            .when("password_hash", &user.password_hash);
        let transaction = self
            .transaction()
            .delete(&Key::totp(user.id), unused(factor, proof), Guard::Factor)?
            .update(&Key::user(user.id), owner, Guard::User)?;
        let transaction = lift(transaction, user, session, AuthMethod::password())?
            .put_over(&Mail::notice(user.email.clone(), Notice::MfaRemoved, now).about(user, agent))?
            .audit(AuditEvent::new(Action::MfaRemoved, agent, user.id, now).with("factor", "totp"))?;
        self.commit(transaction).await.map(Proven::from)
    }

    /// Removes another user's factor, for an admin, and ends all its sessions. The
    /// person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn remove_lost_factor(
        &self,
        agent: &Agent,
        user: &User,
    ) -> Result<Result<User, AdminError>, StoreError> {
        let now = self.now();
        let epoch = user.session_epoch + 1;
        let updated = User { mfa_since: None, updated_at: now, session_epoch: epoch, ..user.clone() };
        let terms = Terms::new()
            .remove("mfa_since")
            .set("session_epoch", epoch)
            .set("updated_at", now)
            .when("session_epoch", user.session_epoch)
            .when_same("mfa_since", user.mfa_since);
        let transaction = guard_actor(self.transaction(), agent, user.id)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .delete(&Key::totp(user.id), Terms::new(), Guard::Unchanged)?
            .put_over(&Mail::notice(user.email.clone(), Notice::MfaRemovedByAdmin, now).about(user, agent))?
            .audit(AuditEvent::new(Action::AdminAction, agent, user.id, now).with("factor", "removed"))?;
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(AdminError::from))
    }
}
