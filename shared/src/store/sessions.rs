//! Sessions. Ending all of a user's is one number on the user: its
//! `session_epoch`. Sessions that carry another one are over.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};

use super::accounts::guard_actor;
use super::admins::AdminError;
use super::item::from_item;
use super::key::{Item, Key, PK, SESSION_PREFIX, SK, TTL};
use super::terms::Terms;
use super::transaction::Guard;
use super::{Forgiven, Store, StoreError};
use crate::model::{
    Action, Agent, AuditEvent, Mail, Notice, PasswordHash, Session, SessionId, Status, User, UserId,
};

/// How long sessions live and how forgiving refreshing is.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// A session that is not refreshed for so long is over.
    pub idle: SignedDuration,
    /// A session is over so long after it was opened, whatever happens.
    pub absolute: SignedDuration,
    /// For so long after a rotation the previous token gets the same successor.
    pub grace: SignedDuration,
}

impl Lifetimes {
    /// When a session is over that is used at `now`.
    #[must_use]
    pub fn expiry(&self, session: SessionId, now: Timestamp) -> Timestamp {
        let absolute = session.created_at().saturating_add(self.absolute);
        let idle = now.saturating_add(self.idle);
        absolute.unwrap_or(Timestamp::MAX).min(idle.unwrap_or(Timestamp::MAX))
    }
}

/// What came of presenting a refresh token.
#[derive(Clone, Debug)]
pub enum Rotation {
    /// The session with its counter moved on, by this call or, within the grace,
    /// by another one that presented the same token.
    Rotated(Session),
    /// There is no such session any more.
    Ended,
    /// The token was used before, and not just now.
    Reused(Session),
}

/// Where the sessions of a user are.
#[derive(Clone, Debug)]
pub struct SessionKeys(pub(super) Vec<Key>);

impl Store {
    /// Opens a session and notes the sign-in, while the user is active and as it
    /// was read; with `rehashed`, stores the hash made anew. What was counted against
    /// the one who signs in is `forgiven` with it. `false`: the user changed.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn open_session(
        &self,
        agent: &Agent,
        user: &User,
        session: &Session,
        rehashed: Option<&PasswordHash>,
        forgiven: &Forgiven,
    ) -> Result<bool, StoreError> {
        let mut terms = Terms::new()
            .set("last_login_at", session.auth_time)
            .when("status", Status::Active)
            .when("session_epoch", session.epoch)
            .when("password_hash", &user.password_hash);
        if let Some(hash) = rehashed {
            terms = terms.set("password_hash", hash);
        }
        let transaction = self
            .transaction()
            .put_new(session, Guard::Session)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .audit(signed_in(agent, session))?;
        let transaction = forgiven.within(transaction, self.now())?;
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Moves a session's counter on from `counter`: one conditional update. When
    /// it has moved already, the item that refused the update decides.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn rotate(
        &self,
        user: UserId,
        session: SessionId,
        counter: u64,
        lifetimes: Lifetimes,
    ) -> Result<Rotation, StoreError> {
        let now = self.now();
        let expires_at = lifetimes.expiry(session, now);
        if expires_at <= now {
            return Ok(Rotation::Ended);
        }
        let terms = Terms::new()
            .set("counter", counter.saturating_add(1))
            .set("rotated_at", now)
            .set("expires_at", expires_at)
            .set(TTL, expires_at.as_second())
            .when("counter", counter)
            .when_above(TTL, now.as_second());
        match self.update(&Key::session(user, session), terms).await? {
            Ok(item) => {
                let session = from_item(item, now)?;
                Ok(session.map_or(Rotation::Ended, Rotation::Rotated))
            }
            Err(item) => match item.map_or(Ok(None), |item| from_item(item, now))? {
                Some(session) => Ok(judge(session, counter, lifetimes.grace, now)),
                None => Ok(Rotation::Ended),
            },
        }
    }

    /// Ends the session whose token was used twice and has the user told, once.
    /// `false`: it had ended already.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn end_reused_session(
        &self,
        agent: &Agent,
        user: &User,
        session: SessionId,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let told = Mail::notice(user.email.clone(), Notice::RefreshTokenReused, now).about(user, agent);
        let event = AuditEvent::new(Action::TokenReuse, agent, user.id, now);
        let transaction = self
            .transaction()
            .delete(&Key::session(user.id, session), Terms::new().when_there(), Guard::Session)?
            .put_over(&told)?
            .audit(event.with("session_id", session))?;
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Ends one session; says nothing of whether it was there.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn end_session(
        &self,
        agent: &Agent,
        user: UserId,
        session: SessionId,
        why: Action,
    ) -> Result<(), StoreError> {
        let event = AuditEvent::new(why, agent, user, self.now());
        let transaction = self
            .transaction()
            .delete(&Key::session(user, session), Terms::new().when_there(), Guard::Session)?
            .audit(event.with("session_id", session))?;
        self.commit(transaction).await.map(|_| ())
    }

    /// Ends all of a user's sessions but `keep`, for the user itself or for an
    /// admin.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn end_other_sessions(
        &self,
        agent: &Agent,
        user: &User,
        keep: Option<SessionId>,
    ) -> Result<Result<(), AdminError>, StoreError> {
        let epoch = user.session_epoch + 1;
        let terms = Terms::new().set("session_epoch", epoch).when("session_epoch", user.session_epoch);
        let action = if agent.is(user.id) { Action::TokenRevoked } else { Action::AdminAction };
        let event = AuditEvent::new(action, agent, user.id, self.now());
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .audit(event.with("sessions", if keep.is_some() { "others" } else { "all" }))?;
        if let Some(session) = keep {
            let lift = Terms::new().set("epoch", epoch).when("epoch", user.session_epoch);
            transaction = transaction.update(&Key::session(user.id, session), lift, Guard::Session)?;
        }
        Ok(self.commit(transaction).await?.map_err(AdminError::from))
    }

    /// The user's sessions that are alive, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn sessions(&self, user: &User, limit: usize) -> Result<Vec<Session>, StoreError> {
        let now = self.now();
        let mut sessions = Vec::new();
        for item in self.session_items(user.id).await? {
            if let Some(session) = from_item::<Session>(item, now)?.filter(|s| s.is_live(user, now)) {
                sessions.push(session);
            }
        }
        sessions.truncate(limit);
        Ok(sessions)
    }

    /// What [`Store::delete_user`] needs to know of a user's sessions, as they are now.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn session_keys(&self, user: UserId) -> Result<SessionKeys, StoreError> {
        let part = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let key = |item: &Item| Some(Key { pk: part(item, PK)?, sk: part(item, SK)? });
        Ok(SessionKeys(self.session_items(user).await?.iter().filter_map(key).collect()))
    }

    /// All session items of a user that one query returns, the newest first.
    async fn session_items(&self, user: UserId) -> Result<Vec<Item>, StoreError> {
        let key = Key::user(user);
        let request = QueryInput::builder()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("PK = :pk AND begins_with(SK, :sk)")
            .expression_attribute_values(":pk", AttributeValue::S(key.pk))
            .expression_attribute_values(":sk", AttributeValue::S(SESSION_PREFIX.into()))
            .scan_index_forward(false);
        Ok(self.client.send(request).await?.items.unwrap_or_default())
    }
}

/// That a session was opened.
pub(super) fn signed_in(agent: &Agent, session: &Session) -> AuditEvent {
    AuditEvent::new(Action::LoginSuccess, agent, session.user_id, session.auth_time)
        .with("session_id", session.id)
}

/// The counter is not the presented one: a retry within the grace, or a theft?
fn judge(session: Session, presented: u64, grace: SignedDuration, now: Timestamp) -> Rotation {
    if session.counter <= presented {
        return Rotation::Ended;
    }
    let just_now = now.duration_since(session.rotated_at) <= grace;
    if session.counter == presented + 1 && just_now {
        Rotation::Rotated(session)
    } else {
        Rotation::Reused(session)
    }
}
