//! Redeeming tickets. Each is spent by the transaction that does what it is
//! good for; `ticket_epoch` on the user voids all other tickets of the account.

use super::accounts::owned_by;
use super::claim::EmailClaim;
use super::item::from_item;
use super::key::{Key, TTL};
use super::terms::Terms;
use super::transaction::{Guard, Refusal};
use super::{Forgiven, Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Mail, Notice, PasswordHash, Ticket, TicketId, User};

/// Whether a ticket did its work, or was void. Then nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// It did.
    Done,
    /// Spent, or overtaken by another change to the account.
    Void,
}

impl From<Result<(), Refusal>> for Redeemed {
    fn from(result: Result<(), Refusal>) -> Self {
        if result.is_ok() { Self::Done } else { Self::Void }
    }
}

/// A registration's ticket bears so many wrong passwords.
pub const MAX_TRIES: u32 = 5;

impl Store {
    /// The ticket, unless it is spent or expired.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        self.get(&Key::ticket(id)).await
    }

    /// The ticket, with one try counted: the count comes before the password is
    /// looked at, so that parallel guesses cannot slip through. `None` when there
    /// is no such ticket or its tries are used up.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn try_ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        let terms = Terms::new()
            .increment("tries")
            .when_below("tries", MAX_TRIES)
            .when_above(TTL, self.now().as_second());
        match self.update(&Key::ticket(id), terms).await? {
            Ok(item) => from_item(item, self.now()),
            Err(_) => Ok(None),
        }
    }

    /// Takes a try back whose password was right: only wrong ones count.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forgive_try(&self, id: TicketId) -> Result<(), StoreError> {
        let terms = Terms::new().decrement("tries").when_above("tries", 0);
        self.update(&Key::ticket(id), terms).await.map(|_| ())
    }

    /// Burns a ticket.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn burn_ticket(&self, id: TicketId) -> Result<(), StoreError> {
        self.delete(&Key::ticket(id)).await
    }

    /// Sets a new password by ticket: every session and every other ticket of the
    /// account is over, the address is verified, the person is told, and what was
    /// counted against the account's names is `forgiven`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn reset_password(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
        hash: &PasswordHash,
        forgiven: &Forgiven,
    ) -> Result<Redeemed, StoreError> {
        let now = self.now();
        let terms = redeemed(user)
            .set("password_hash", hash)
            .set("email_verified", true)
            .remove("password_change_required")
            .set("session_epoch", user.session_epoch + 1)
            .set("updated_at", now)
            .when("session_epoch", user.session_epoch);
        let transaction = self
            .transaction()
            .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), Notice::PasswordReset, now).about(user, agent))?
            .audit(AuditEvent::new(Action::PasswordChange, agent, user.id, now).with("by", "link"))?;
        self.commit(forgiven.within(transaction, now)?).await.map(Redeemed::from)
    }

    /// Verifies the address that the account has.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn verify_email(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
    ) -> Result<Redeemed, StoreError> {
        let now = self.now();
        let terms = redeemed(user).set("email_verified", true).set("updated_at", now);
        let event = AuditEvent::new(Action::UserUpdated, agent, user.id, now);
        let transaction = self
            .transaction()
            .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .audit(event.with("fields", "email_verified"))?;
        self.commit(transaction).await.map(Redeemed::from)
    }

    /// Moves the account to the ticket's address, and tells the old one.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn change_email(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
    ) -> Result<Redeemed, StoreError> {
        let now = self.now();
        let claim = EmailClaim::new(user.id, ticket.email.clone());
        let terms = redeemed(user)
            .set("email", &ticket.email)
            .set("email_verified", true)
            .set("updated_at", now)
            .when("email", &user.email);
        let transaction = self
            .transaction()
            .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
            .delete(&Key::email(&user.email), owned_by(user.id), Guard::User)?
            .put_free(&claim, Guard::EmailFree)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), Notice::EmailChanged, now).about(user, agent))?
            .audit(AuditEvent::new(Action::UserUpdated, agent, user.id, now).with("fields", "email"))?;
        self.commit(transaction).await.map(Redeemed::from)
    }
}

/// Moves `ticket_epoch` on from where it stood when the user was read.
pub(super) fn redeemed(user: &User) -> Terms {
    Terms::new().set("ticket_epoch", user.ticket_epoch + 1).when("ticket_epoch", user.ticket_epoch)
}
