//! Signing in with two factors: a ticket stands for the password that was right
//! until the code comes.

use super::belonging::Belonging;
use super::key::Key;
use super::mfa::{Proof, Proven, Totp, spent, unused};
use super::sessions::signed_in;
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use super::{Forgiven, Store, StoreError};
use crate::model::{Agent, Mail, Notice, PasswordHash, Session, Status, Ticket, User};

impl Store {
    /// Notes that the password was right: opens no session. With `rehashed`, stores
    /// the hash made anew. What was counted against the one who gave it is `forgiven`
    /// with it. `false`: the account changed meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn await_second_factor(
        &self,
        user: &User,
        ticket: &Ticket,
        rehashed: Option<&PasswordHash>,
        forgiven: &Forgiven,
    ) -> Result<bool, StoreError> {
        let transaction = self.transaction().put_new(ticket, Guard::Ticket)?;
        let mut transaction = transaction.put_over(&Belonging::new(user.id, ticket.id, ticket.expires_at))?;
        transaction = forgiven.within(transaction, self.now())?;
        if let Some(hash) = rehashed {
            let terms = Terms::new().set("password_hash", hash).when("password_hash", &user.password_hash);
            transaction = transaction.update(&Key::user(user.id), terms, Guard::User)?;
        }
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Opens the session that a ticket awaits, by code: ticket and code are used up
    /// and the sign-in is noted, while the user is active and as it was read. Who
    /// used a recovery code is told how many are left.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn finish_sign_in(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
        session: &Session,
        factor: &Totp,
        proof: &Proof,
    ) -> Result<Proven, StoreError> {
        let owner = Terms::new()
            .set("last_login_at", session.auth_time)
            .when("status", Status::Active)
            .when("session_epoch", session.epoch)
            .when("password_hash", &user.password_hash)
            .when_same("mfa_since", user.mfa_since);
        let transaction = self
            .transaction()
            .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
            .put_new(session, Guard::Session)?
            .update(&Key::user(user.id), owner, Guard::User)?
            .audit(signed_in(agent, session).with("factor", proof.factor()))?;
        let transaction = self.use_up(transaction, agent, user, factor, proof)?;
        self.commit(transaction).await.map(Proven::from)
    }

    fn use_up(
        &self,
        transaction: Transaction,
        agent: &Agent,
        user: &User,
        factor: &Totp,
        proof: &Proof,
    ) -> Result<Transaction, StoreError> {
        let mut terms = spent(unused(factor, proof), proof);
        let Proof::Recovery(hash) = proof else {
            return transaction.update(&Key::totp(user.id), terms, Guard::Factor);
        };
        terms = terms.take_out("recovery", hash);
        let left = factor.recovery.len().saturating_sub(1);
        let told = Mail::notice(user.email.clone(), Notice::RecoveryCodeUsed { left }, self.now());
        let told = told.about(user, agent);
        transaction.update(&Key::totp(user.id), terms, Guard::Factor)?.put_over(&told)
    }
}
