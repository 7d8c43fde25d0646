//! "This was not me": undoing what happened to an account since a mail that told of
//! it, by whoever reads that mail.

use super::accounts::owned_by;
use super::claim::EmailClaim;
use super::key::Key;
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};
use crate::model::{
    Action, Agent, AuditEvent, Before, Email, Mail, MailKind, Notice, Role, Status, Ticket, User,
};

/// What came of pressing "this was not me".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The account is secured.
    Done,
    /// The link was used meanwhile. Nothing was written.
    Spent,
    /// The account changed since it was read: read it again. Nothing was written.
    Changed,
    /// Somebody else has the address that it had. Nothing was written.
    EmailTaken,
}

impl Store {
    /// Secures an account by ticket: all sessions and mailed links are over, the
    /// password is good no more, the address is the ticket's again, a factor that was
    /// added since is removed, and a link for a new password is on its way. Links to
    /// undo what was done since are void.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn revoke(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        before: &Before,
        user: &User,
    ) -> Result<Revoked, StoreError> {
        let reset = Mail::new(ticket.email.clone(), MailKind::ResetPassword, self.now());
        let reset = reset.in_language(user.locale).linking_to(agent.link_base.clone());
        let terms = changed(before, user)
            .set("updated_at", self.now())
            .set("email", &ticket.email)
            .set("email_verified", true);
        let transaction = self.transaction().put_over(&Mail { unlimited: true, ..reset })?;
        let moved = (ticket.email != user.email).then_some("email");
        let event = self.secured(agent, before, user, moved);
        let transaction = secure(transaction.audit(event)?, ticket, before, user, terms)?;
        let transaction = self.move_back(transaction, agent, &ticket.email, user)?;
        self.finish(transaction).await
    }

    /// Secures an account that cannot have its address back, for somebody else has it:
    /// whoever reads the one it has could set a new password, so nobody gets in until an
    /// admin has looked. The last active admin stays one, with the password locked.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn revoke_and_deactivate(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        before: &Before,
        user: &User,
    ) -> Result<Revoked, StoreError> {
        let terms = changed(before, user).set("updated_at", self.now());
        let terms = terms.when("role", user.role).when("status", user.status);
        let mut transaction = self.transaction();
        let mut goes = user.status == Status::Active;
        if goes && user.role == Role::Admin {
            match self.guard_last_admin(self.transaction(), user.id).await? {
                Some(guarded) => transaction = guarded,
                None => goes = false,
            }
        }
        let terms = if goes { terms.set("status", Status::Deactivated) } else { terms };
        let event = self.secured(agent, before, user, None);
        let event = if goes { event.with("status", Status::Deactivated.as_str()) } else { event };
        let transaction = secure(transaction.audit(event)?, ticket, before, user, terms)?;
        self.finish(transaction).await
    }

    /// Names the fields that change, never what they hold.
    fn secured(&self, agent: &Agent, before: &Before, user: &User, field: Option<&str>) -> AuditEvent {
        let factor = (user.mfa_since.is_some() && !keeps_factor(before, user)).then_some("factor");
        let fields: Vec<&str> = [field, factor, Some("password")].into_iter().flatten().collect();
        let event = AuditEvent::new(Action::AccountSecured, agent, user.id, self.now());
        event.with("fields", fields.join(" "))
    }

    /// Gives the account its address back and tells the one it had meanwhile.
    fn move_back(
        &self,
        transaction: Transaction,
        agent: &Agent,
        email: &Email,
        user: &User,
    ) -> Result<Transaction, StoreError> {
        if *email == user.email {
            return Ok(transaction);
        }
        let told = Mail::notice(user.email.clone(), Notice::EmailChanged, self.now());
        let told = told.in_language(user.locale).linking_to(agent.link_base.clone()).of(user.id);
        let claim = EmailClaim::new(user.id, email.clone());
        transaction
            .delete(&Key::email(&user.email), owned_by(user.id), Guard::User)?
            .put_free(&claim, Guard::EmailFree)?
            .put_over(&told)
    }

    async fn finish(&self, transaction: Transaction) -> Result<Revoked, StoreError> {
        Ok(match self.commit(transaction).await? {
            Ok(()) => Revoked::Done,
            Err(refusal) if refusal.by(Guard::Ticket) => Revoked::Spent,
            Err(refusal) if refusal.by(Guard::User) => Revoked::Changed,
            Err(refusal) if refusal.by(Guard::EmailFree) => Revoked::EmailTaken,
            Err(_) => Revoked::Changed,
        })
    }
}

/// Whether the factor is the one that the account had before.
fn keeps_factor(before: &Before, user: &User) -> bool {
    user.mfa_since.is_some() && user.mfa_since == before.mfa_since
}

/// What is changed of the user, wherever its address ends up.
fn changed(before: &Before, user: &User) -> Terms {
    let terms = Terms::new()
        .set("session_epoch", user.session_epoch + 1)
        .set("ticket_epoch", user.ticket_epoch + 1)
        .set("password_change_required", true)
        .set("undone", user.undone.and(before.version, user.version()))
        .when("session_epoch", user.session_epoch)
        .when("ticket_epoch", user.ticket_epoch)
        .when("email", &user.email)
        .when_same("mfa_since", user.mfa_since);
    if keeps_factor(before, user) { terms } else { terms.remove("mfa_since") }
}

/// Spends the ticket and changes the user; a factor that was not there before goes.
fn secure(
    transaction: Transaction,
    ticket: &Ticket,
    before: &Before,
    user: &User,
    terms: Terms,
) -> Result<Transaction, StoreError> {
    let transaction = transaction
        .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
        .update(&Key::user(user.id), terms, Guard::User)?;
    if keeps_factor(before, user) {
        return Ok(transaction);
    }
    // One that waits to be confirmed goes, too.
    transaction.delete(&Key::totp(user.id), Terms::new(), Guard::Unchanged)
}
