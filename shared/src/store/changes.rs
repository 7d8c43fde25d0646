//! Changes that a signed-in user makes to its own account.

use super::key::Key;
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Email, Mail, MailKind, Notice, PasswordHash, SessionId, User};

impl Store {
    /// Sets a new password: all sessions but `keep` and all tickets are over, the
    /// person is told. `false`: the account changed meanwhile, nothing was done.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn change_password(
        &self,
        agent: &Agent,
        user: &User,
        keep: SessionId,
        hash: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let epoch = user.session_epoch + 1;
        let terms = Terms::new()
            .set("password_hash", hash)
            .set("session_epoch", epoch)
            .set("ticket_epoch", user.ticket_epoch + 1)
            .set("updated_at", now)
            .when("password_hash", &user.password_hash)
            .when("session_epoch", user.session_epoch)
            .when("ticket_epoch", user.ticket_epoch);
        let lift = Terms::new().set("epoch", epoch).when("epoch", user.session_epoch);
        let transaction = self
            .transaction()
            .update(&Key::user(user.id), terms, Guard::User)?
            .update(&Key::session(user.id, keep), lift, Guard::Session)?
            .put_over(&Mail::notice(user.email.clone(), Notice::PasswordChanged, now).about(user, agent))?
            .audit(AuditEvent::new(Action::PasswordChange, agent, user.id, now).with("by", "password"))?;
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Has a link mailed to the new address, and tells the old one. Nothing
    /// changes until the link is used.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn request_email_change(
        &self,
        agent: &Agent,
        user: &User,
        to: Email,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let kind = MailKind::ChangeEmail { user_id: user.id, ticket_epoch: user.ticket_epoch };
        let link = Mail::new(to, kind, now).linking_to(agent.link_base.clone());
        let told = Mail::notice(user.email.clone(), Notice::EmailChangeRequested, now).about(user, agent);
        let transaction = self.transaction().put_over(&link)?.put_over(&told)?;
        self.commit(transaction).await.map(|_| ())
    }
}
