//! Deleting users.

use super::accounts::guard_actor;
use super::admins::AdminError;
use super::key::{Key, PK, SK};
use super::registration::release;
use super::terms::Terms;
use super::transaction::Guard;
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Role, User};

/// A transaction holds 100 items; this leaves room for the account's own.
const SESSIONS_AT_ONCE: usize = 90;

impl Store {
    /// Deletes a user, by itself or by an admin: the profile and all that it
    /// holds, so that address and username are free at once, and its sessions
    /// (beyond 90, the rest are void at once and go by their `ttl`).
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_user(
        &self,
        agent: &Agent,
        user: &User,
    ) -> Result<Result<(), AdminError>, StoreError> {
        let sessions = self.session_items(user.id).await?;
        let mut terms = Terms::new()
            .when("role", user.role)
            .when("email", &user.email)
            .when_same("username", user.username.as_ref());
        if !agent.is(user.id) {
            terms = terms.when("role", Role::User);
        }
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?;
        if agent.is(user.id) && user.role == Role::Admin {
            match self.guard_last_admin(transaction, user.id).await? {
                Some(guarded) => transaction = guarded,
                None => return Ok(Err(AdminError::LastAdmin)),
            }
        }
        let event = AuditEvent::new(Action::UserDeleted, agent, user.id, self.now());
        transaction = transaction
            .delete(&Key::user(user.id), terms, Guard::User)?
            .delete(&Key::totp(user.id), Terms::new(), Guard::Unchanged)?
            .audit(event)?;
        transaction = release(transaction, user)?;
        for item in sessions.iter().take(SESSIONS_AT_ONCE) {
            let part = |name: &str| item.get(name).and_then(|v| v.as_s().ok()).cloned().unwrap_or_default();
            let key = Key { pk: part(PK), sk: part(SK) };
            transaction = transaction.delete(&key, Terms::new(), Guard::Unchanged)?;
        }
        Ok(self.commit(transaction).await?.map_err(AdminError::from))
    }
}
