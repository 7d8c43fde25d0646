//! Accounts that an admin makes, and the invitations by which their owners set the
//! first password.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::accounts::guard_actor;
use super::key::{Key, Record, TTL};
use super::registration::new_user;
use super::sessions::signed_in;
use super::terms::{Condition, Terms};
use super::tickets::{Redeemed, redeemed};
use super::transaction::{Guard, Refusal, Transaction};
use super::{Counter, Limit, Rate, Store, StoreError};
use crate::model::{
    Action, Agent, AuditEvent, Mail, MailKind, PasswordHash, Session, Status, Ticket, User, UserId,
};

/// How long a request is known by its key.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Invitations that are mailed again, to one account: no limit holds such a mail back.
const AGAIN: Rate = Rate { most: 1, period: SignedDuration::from_mins(1) };

/// A request to make an account that may be sent twice and is to be done once
/// (draft-ietf-httpapi-idempotency-key-header). The table has hashes alone: whoever reads it
/// learns neither the key nor what was asked for, and finds no id of an account.
#[derive(Clone, Debug)]
pub struct Once {
    key: String,
    request: String,
    /// What the account's id is derived from: in no item.
    account: String,
}

impl Once {
    /// The request of `caller` with that key and content.
    #[must_use]
    pub fn new(caller: UserId, key: &str, content: &str) -> Self {
        let hash = |text: String| URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()));
        Self {
            key: hash(format!("{caller}\n{key}")),
            request: hash(format!("{caller}\n{key}\n{content}")),
            account: hash(format!("account\n{caller}\n{key}")),
        }
    }

    /// The id of the account that the request makes at `now`.
    #[must_use]
    pub fn user(&self, now: Timestamp) -> UserId {
        UserId::derived(now, &self.account)
    }
}

/// What an idempotency key stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Made {
    key: String,
    request: String,
    /// When the account was made.
    at: Timestamp,
    expires_at: Timestamp,
}

impl Record for Made {
    fn key(&self) -> Key {
        Key::once(&self.key)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// What an admin's request to make an account came to, if it was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvited {
    /// Somebody has the address.
    EmailTaken,
    /// Somebody has the username.
    UsernameTaken,
    /// The one who acts is no longer an active admin.
    ActorLost,
    /// The same request came before, and made this account.
    Before(UserId),
    /// Another request came before with the same key.
    KeyReused,
}

/// Why an invitation was not mailed again. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvitedAgain {
    /// The one who acts is no longer an active admin.
    ActorLost,
    /// The account changed since it was read: read it again.
    Changed,
    /// One was mailed just now: wait so many seconds.
    TooSoon(u32),
}

impl NotInvitedAgain {
    fn by(refusal: &Refusal, wait: u32) -> Self {
        if refusal.by(Guard::Actor) {
            Self::ActorLost
        } else if refusal.by(Guard::User) {
            Self::Changed
        } else {
            Self::TooSoon(wait)
        }
    }
}

impl Store {
    /// Makes an account without a password and mails its owner an invitation; at most
    /// once for each [`Once`], of which the account has its id.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn invite(
        &self,
        agent: &Agent,
        user: &User,
        once: Option<&Once>,
    ) -> Result<Result<(), NotInvited>, StoreError> {
        let now = self.now();
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?;
        transaction = new_user(transaction, agent, user, now)?.put_over(&invitation(agent, user, now))?;
        if let Some(once) = once {
            transaction = remember(transaction, once, user.id.created_at(), now)?;
        }
        let Err(refusal) = self.commit(transaction).await? else {
            return Ok(Ok(()));
        };
        if refusal.by(Guard::Unchanged)
            && let Some(once) = once
            && let Some(made) = self.get::<Made>(&Key::once(&once.key)).await?
        {
            let is_same = made.request == once.request;
            return Ok(Err(if is_same {
                NotInvited::Before(once.user(made.at))
            } else {
                NotInvited::KeyReused
            }));
        }
        Ok(Err(if refusal.by(Guard::Actor) {
            NotInvited::ActorLost
        } else if refusal.by(Guard::EmailFree) {
            NotInvited::EmailTaken
        } else {
            NotInvited::UsernameTaken
        }))
    }

    /// Mails another invitation to who has no password yet, at most once a minute.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn invite_again(
        &self,
        agent: &Agent,
        user: &User,
    ) -> Result<Result<(), NotInvitedAgain>, StoreError> {
        let now = self.now();
        let counter = Counter::of_user("invitation", user.id, Limit::Window(AGAIN), now);
        let event = AuditEvent::new(Action::AdminAction, agent, user.id, now).with("invitation", "sent");
        let as_read = Terms::new()
            .when("password_hash", &user.password_hash)
            .when("status", user.status)
            .when("ticket_epoch", user.ticket_epoch);
        let transaction = guard_actor(self.transaction(), agent, user.id)?.check(
            &Key::user(user.id),
            as_read,
            Guard::User,
        )?;
        let transaction =
            counter.counted(transaction)?.put_over(&invitation(agent, user, now))?.audit(event)?;
        let done = self.commit(transaction).await?;
        Ok(done.map_err(|refusal| NotInvitedAgain::by(&refusal, counter.opens_in(now))))
    }

    /// Sets the first password by an invitation, which verifies the address, and opens
    /// a session. Void where signing in takes a second factor.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn accept_invitation(
        &self,
        agent: &Agent,
        ticket: &Ticket,
        user: &User,
        hash: &PasswordHash,
        session: &Session,
    ) -> Result<Redeemed, StoreError> {
        let now = self.now();
        let terms = redeemed(user)
            .set("password_hash", hash)
            .set("email_verified", true)
            .set("last_login_at", session.auth_time)
            .set("updated_at", now)
            .remove("password_change_required")
            .when("password_hash", &user.password_hash)
            .when("session_epoch", session.epoch)
            .when_absent("mfa_since")
            .when("status", Status::Active);
        let event = AuditEvent::new(Action::PasswordChange, agent, user.id, now).with("by", "invitation");
        let transaction = self
            .transaction()
            .delete(&Key::ticket(ticket.id), Terms::new().when_there(), Guard::Ticket)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_new(session, Guard::Session)?
            .audit(event)?
            .audit(signed_in(agent, session))?;
        self.commit(transaction).await.map(Redeemed::from)
    }
}

/// An admin asked for it, by name and in the audit: what strangers cause does not hold it
/// back.
pub(super) fn invitation(agent: &Agent, user: &User, now: Timestamp) -> Mail {
    let kind = MailKind::Invitation { user_id: user.id, ticket_epoch: user.ticket_epoch };
    let mail = Mail::new(user.email.clone(), kind, now).linking_to(agent.link_base.clone());
    Mail { unlimited: true, ..mail }
}

/// Notes what the request made, unless one with the same key is remembered still.
fn remember(
    transaction: Transaction,
    once: &Once,
    made_at: Timestamp,
    now: Timestamp,
) -> Result<Transaction, StoreError> {
    let expires_at = now.saturating_add(REMEMBERED).unwrap_or(Timestamp::MAX);
    let is_free = Condition::Any(vec![Condition::Absent(TTL), Condition::AtMost(TTL, now.as_second())]);
    let terms = Terms::new()
        .set("key", &once.key)
        .set("request", &once.request)
        .set("at", made_at)
        .set("expires_at", expires_at)
        .set(TTL, expires_at.as_second())
        .only_if(&is_free);
    transaction.update(&Key::once(&once.key), terms, Guard::Unchanged)
}
