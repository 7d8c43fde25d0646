//! Reading accounts, and who may act on one.

use super::claim::{EmailClaim, UsernameClaim};
use super::item::from_item;
use super::key::{Item, Key, PROFILE, SK};
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError, nobody};
use crate::model::{Actor, Agent, Email, Role, Session, SessionId, Status, User, UserId, Username};

impl Store {
    /// The user of that id.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.get(&Key::user(id)).await
    }

    /// The user who has that address. Reads as often whether or not there is one, and spends
    /// what reading it would cost, so that a sign-in takes the same time for both.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let claim: Option<EmailClaim> = self.get(&Key::email(email)).await?;
        self.holder(claim.map(|claim| claim.user_id)).await
    }

    /// The user who has that username, in any case; reads as [`Store::user_by_email`].
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn user_by_username(&self, username: &Username) -> Result<Option<User>, StoreError> {
        let claim: Option<UsernameClaim> = self.get(&Key::username(username)).await?;
        self.holder(claim.map(|claim| claim.user_id)).await
    }

    async fn holder(&self, id: Option<UserId>) -> Result<Option<User>, StoreError> {
        let user = self.user(id.unwrap_or(UserId::NOBODY)).await?;
        if id.is_none() {
            nobody::spend(self.now());
        }
        Ok(user)
    }

    /// Whether nobody has that username now. A later write may still find it taken.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn username_is_free(&self, username: &Username) -> Result<bool, StoreError> {
        Ok(self.get::<UsernameClaim>(&Key::username(username)).await?.is_none())
    }

    /// A user and one of its sessions, in one consistent read; and in the same, `beside`,
    /// another user.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn user_and_session(
        &self,
        user: UserId,
        session: SessionId,
        beside: Option<UserId>,
    ) -> Result<(Option<User>, Option<Session>, Option<User>), StoreError> {
        // A batch takes no key twice.
        let beside = beside.filter(|other| *other != user);
        let keys = [Key::user(user), Key::session(user, session)].into_iter().chain(beside.map(Key::user));
        let items = self.get_all(&keys.collect::<Vec<_>>()).await?;
        let (users, sessions): (Vec<_>, Vec<_>) = items.into_iter().partition(is_profile);
        let session = sessions.into_iter().next().map_or(Ok(None), |item| from_item(item, self.now()))?;
        let (mut own, mut other) = (None, None);
        for item in users {
            match from_item::<User>(item, self.now())? {
                Some(found) if found.id == user => own = Some(found),
                found => other = found.or(other),
            }
        }
        Ok((own, session, other))
    }
}

/// A user who acts on another has to be an active admin still.
pub(super) fn guard_actor(
    transaction: Transaction,
    agent: &Agent,
    target: UserId,
) -> Result<Transaction, StoreError> {
    match agent.actor {
        Actor::User(actor) if actor != target => active_admin(transaction, actor, Guard::Actor),
        _ => Ok(transaction),
    }
}

fn is_profile(item: &Item) -> bool {
    item.get(SK).and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk == PROFILE)
}

/// The condition that a claim belongs to `user`.
pub(super) fn owned_by(user: UserId) -> Terms {
    Terms::new().when("user_id", user)
}

/// Lets a transaction pass only while `admin` is an active admin.
pub(super) fn active_admin(
    transaction: Transaction,
    admin: UserId,
    guard: Guard,
) -> Result<Transaction, StoreError> {
    let terms = Terms::new().when("role", Role::Admin).when("status", Status::Active);
    transaction.check(&Key::user(admin), terms, guard)
}
