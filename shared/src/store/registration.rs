//! Making users: user and claims in one transaction.

use jiff::Timestamp;

use super::accounts::owned_by;
use super::claim::{Admin, EmailClaim, NameEntry, UsernameClaim};
use super::key::Key;
use super::sessions::signed_in;
use super::terms::Terms;
use super::transaction::{Guard, Refusal, Transaction};
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Mail, Role, Session, Ticket, User};

/// Why a user was not made. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Somebody has the username.
    UsernameTaken,
    /// Somebody has the address.
    EmailTaken,
    /// The ticket was redeemed meanwhile.
    TicketSpent,
}

impl From<Refusal> for Conflict {
    fn from(refusal: Refusal) -> Self {
        if refusal.by(Guard::Ticket) {
            Self::TicketSpent
        } else if refusal.by(Guard::EmailFree) {
            Self::EmailTaken
        } else {
            Self::UsernameTaken
        }
    }
}

impl Store {
    /// Makes a user, with the mails that tell of it.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn create_user(
        &self,
        agent: &Agent,
        user: &User,
        mails: &[Mail],
    ) -> Result<Result<(), Conflict>, StoreError> {
        let mut transaction = new_user(self.transaction(), agent, user, self.now())?;
        for mail in mails {
            transaction = transaction.put_over(mail)?;
        }
        Ok(self.commit(transaction).await?.map_err(Conflict::from))
    }

    /// Makes the user that a registration's ticket stands for, spends the ticket
    /// and opens a session.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn confirm_registration(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
        session: Option<&Session>,
    ) -> Result<Result<(), Conflict>, StoreError> {
        let spent = Terms::new().when_there();
        let mut transaction = new_user(self.transaction(), agent, user, self.now())?.delete(
            &Key::ticket(ticket.id),
            spent,
            Guard::Ticket,
        )?;
        if let Some(session) = session {
            transaction = transaction.put_new(session, Guard::Session)?.audit(signed_in(agent, session))?;
        }
        Ok(self.commit(transaction).await?.map_err(Conflict::from))
    }
}

/// A user and all that it holds.
pub(super) fn new_user(
    transaction: Transaction,
    agent: &Agent,
    user: &User,
    now: Timestamp,
) -> Result<Transaction, StoreError> {
    let email = EmailClaim::new(user.id, user.email.clone());
    let mut transaction = transaction.put_free(user, Guard::User)?.put_free(&email, Guard::EmailFree)?;
    if let Some(username) = user.username.clone() {
        transaction = transaction.put_free(&UsernameClaim::new(user.id, username), Guard::UsernameFree)?;
    }
    if let Some(entry) = NameEntry::of(user) {
        transaction = transaction.put_over(&entry)?;
    }
    if user.role == Role::Admin {
        transaction = transaction.put_over(&Admin { user_id: user.id })?;
    }
    let event = AuditEvent::new(Action::UserCreated, agent, user.id, now);
    transaction.audit(event.with("role", user.role.as_str()).with("status", user.status.as_str()))
}

/// Frees what a user holds: its address, username and place among the admins and in
/// the list of names.
pub(super) fn release(transaction: Transaction, user: &User) -> Result<Transaction, StoreError> {
    let mut transaction = transaction.delete(&Key::email(&user.email), owned_by(user.id), Guard::User)?;
    if let Some(username) = &user.username {
        transaction = transaction.delete(&Key::username(username), owned_by(user.id), Guard::User)?;
    }
    transaction = transaction.delete(&Key::name(user.id), Terms::new(), Guard::Unchanged)?;
    if user.role == Role::Admin {
        transaction = transaction.delete(&Key::admin(user.id), Terms::new(), Guard::Unchanged)?;
    }
    Ok(transaction)
}
