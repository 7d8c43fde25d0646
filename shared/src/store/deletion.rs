//! Deleting users: at once, or with a time of grace in which an admin can undo it.
//!
//! Nothing runs when the grace is over: what names the user has one `ttl`, and from then
//! on counts as absent, whether or not DynamoDB has deleted it.

use jiff::{SignedDuration, Timestamp};

use super::accounts::{guard_actor, owned_by};
use super::admins::AdminError;
use super::claim::{Admin, NameEntry};
use super::key::{Key, TTL};
use super::registration::release;
use super::sessions::SessionKeys;
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Deletion, Mail, Notice, Role, Status, User};

/// A transaction holds 100 items; this leaves room for the account's own.
const SESSIONS_AT_ONCE: usize = 90;

impl Store {
    /// Deletes a user for good, by itself or by an admin: the profile and all that it
    /// holds, so that address and username are free at once, and its sessions. Its links
    /// and what it wrote follow by the table's stream.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_user(
        &self,
        agent: &Agent,
        user: &User,
    ) -> Result<Result<(), AdminError>, StoreError> {
        let sessions = self.session_keys(user.id).await?;
        self.delete_user_with(agent, user, &sessions).await
    }

    /// The same with sessions that were read already.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_user_with(
        &self,
        agent: &Agent,
        user: &User,
        sessions: &SessionKeys,
    ) -> Result<Result<(), AdminError>, StoreError> {
        let mut terms = Terms::new()
            .when("role", user.role)
            .when("email", &user.email)
            .when_same("username", user.username.as_ref())
            // A session that was opened meanwhile is not among those that go.
            .when_same("last_login_at", user.last_login_at);
        if !agent.is(user.id) {
            // An admin goes only as long as it is not restored.
            terms = match user.status {
                Status::Deleted => terms.when("status", Status::Deleted),
                _ => terms.when("role", Role::User),
            };
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
        transaction = without_sessions(release(transaction, user)?, &sessions.0)?;
        let done = self.commit(transaction).await?.map_err(AdminError::from);
        if done.is_ok() {
            self.delete_rest(&sessions.0).await;
        }
        Ok(done)
    }

    /// Deletes a user by itself, so that an admin can undo it within `grace`: it is out
    /// at once, its address and username stay its own, and all of it goes together when
    /// the grace is over. The person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn begin_deletion(
        &self,
        agent: &Agent,
        user: &User,
        grace: SignedDuration,
    ) -> Result<Result<(), AdminError>, StoreError> {
        let now = self.now();
        let deletion = Deletion { deleted_at: now, purge_at: whole_second(now, grace), status: user.status };
        let until = deletion.purge_at;
        let sessions = self.session_keys(user.id).await?;
        let mut transaction = self.transaction();
        if user.role == Role::Admin {
            match self.guard_last_admin(transaction, user.id).await? {
                Some(guarded) => transaction = guarded,
                None => return Ok(Err(AdminError::LastAdmin)),
            }
        }
        let event = AuditEvent::new(Action::UserDeleted, agent, user.id, now);
        transaction = transaction
            .update(&Key::user(user.id), deleted(user, &deletion), Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), Notice::AccountDeleted { until }, now).of(user.id))?
            .audit(event.with("status", Status::Deleted.as_str()).with("until", until))?;
        transaction = keep_until(transaction, user, Some(until))?;
        if user.role == Role::Admin {
            transaction = transaction.delete(&Key::admin(user.id), Terms::new(), Guard::Unchanged)?;
        }
        transaction = without_sessions(transaction, &sessions.0)?;
        let done = self.commit(transaction).await?.map_err(AdminError::from);
        if done.is_ok() {
            self.delete_rest(&sessions.0).await;
        }
        Ok(done)
    }

    /// Deletes the sessions for which the transaction had no room. The account is out, so
    /// they are void: one that stays, since the table does not answer, goes by its `ttl`.
    async fn delete_rest(&self, sessions: &[Key]) {
        for some in sessions.chunks(SESSIONS_AT_ONCE).skip(1) {
            let deleted = match without_sessions(self.transaction(), some) {
                Ok(transaction) => self.commit(transaction).await.map(|_| ()),
                Err(error) => Err(error),
            };
            if let Err(error) = deleted {
                tracing::warn!(%error, "void sessions of a deleted account stay until their ttl");
                return;
            }
        }
    }

    /// Undoes the deletion of a user that deleted itself, while its grace lasts: it is
    /// as before, but signed out, and if it comes `locked`, its password is good no more.
    /// The person is told.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn restore_user(
        &self,
        agent: &Agent,
        user: &User,
        locked: bool,
    ) -> Result<Result<User, AdminError>, StoreError> {
        let now = self.now();
        let status = user.deletion.map_or(user.status, |deletion| deletion.status);
        let password_change_required = locked || user.password_change_required;
        let restored =
            User { status, password_change_required, deletion: None, updated_at: now, ..user.clone() };
        let mut terms = Terms::new()
            .set("status", status)
            .set("updated_at", now)
            .remove("deletion")
            .remove(TTL)
            .when("status", Status::Deleted)
            .when("session_epoch", user.session_epoch)
            .when_above(TTL, now.as_second());
        let event = AuditEvent::new(Action::UserRestored, agent, user.id, now);
        let mut event = event.with("status", status.as_str());
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?;
        if locked {
            terms = terms.set("password_change_required", true);
            event = event.with("password", "change_required");
            let told = Mail::notice(user.email.clone(), Notice::PasswordChangeRequired, now);
            transaction = transaction.put_over(&told.of(user.id))?;
        }
        transaction = transaction
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), Notice::AccountRestored, now).of(user.id))?
            .audit(event)?;
        transaction = keep_until(transaction, user, None)?;
        if user.role == Role::Admin {
            transaction = transaction.put_over(&Admin { user_id: user.id })?;
        }
        Ok(self.commit(transaction).await?.map(|()| restored).map_err(AdminError::from))
    }
}

/// The first whole second that is not before the end of the grace: so the time and the
/// `ttl` made of it are the same.
fn whole_second(now: Timestamp, grace: SignedDuration) -> Timestamp {
    let end = now.saturating_add(grace).unwrap_or(Timestamp::MAX);
    let up = i64::from(end.subsec_nanosecond() > 0);
    Timestamp::from_second(end.as_second() + up).unwrap_or(Timestamp::MAX)
}

/// Shuts out a user that is as it was read, for as long as it is still there.
fn deleted(user: &User, deletion: &Deletion) -> Terms {
    Terms::new()
        .set("status", Status::Deleted)
        .set("deletion", deletion)
        .set(TTL, deletion.purge_at.as_second())
        .set("session_epoch", user.session_epoch + 1)
        .set("ticket_epoch", user.ticket_epoch + 1)
        .set("updated_at", deletion.deleted_at)
        .when("role", user.role)
        .when("status", user.status)
        .when("email", &user.email)
        .when_same("last_login_at", user.last_login_at)
        .when_same("username", user.username.as_ref())
        .when_same("name", user.name.as_ref())
        .when_same("first_name", user.first_name.as_ref())
        .when_same("last_name", user.last_name.as_ref())
        .when_same("mfa_since", user.mfa_since)
        .when("session_epoch", user.session_epoch)
        .when("ticket_epoch", user.ticket_epoch)
}

/// Gives all that names the user besides its profile a time to go, or takes it away. An
/// enrolment that is not confirmed has one of its own.
fn keep_until(
    mut transaction: Transaction,
    user: &User,
    until: Option<Timestamp>,
) -> Result<Transaction, StoreError> {
    let terms = |terms: Terms| {
        terms.set_or_remove("purge_at", until).set_or_remove(TTL, until.map(Timestamp::as_second))
    };
    transaction = transaction.update(&Key::email(&user.email), terms(owned_by(user.id)), Guard::User)?;
    if let Some(username) = &user.username {
        transaction = transaction.update(&Key::username(username), terms(owned_by(user.id)), Guard::User)?;
    }
    // Whatever is there: an account may be older than the list of names.
    if let Some(entry) = NameEntry::of(user) {
        transaction = transaction.put_over(&NameEntry { purge_at: until, ..entry })?;
    }
    if user.mfa_since.is_some() {
        transaction = transaction.update(&Key::totp(user.id), terms(owned_by(user.id)), Guard::User)?;
    }
    Ok(transaction)
}

fn without_sessions(mut transaction: Transaction, sessions: &[Key]) -> Result<Transaction, StoreError> {
    for key in sessions.iter().take(SESSIONS_AT_ONCE) {
        transaction = transaction.delete(key, Terms::new(), Guard::Unchanged)?;
    }
    Ok(transaction)
}
