//! Changing profiles, and with them the names by which an account is found.

use super::accounts::{guard_actor, owned_by};
use super::claim::{EmailClaim, NameEntry, UsernameClaim};
use super::invitations::invitation;
use super::key::Key;
use super::terms::Terms;
use super::transaction::{Guard, Transaction};
use super::{Store, StoreError};
use crate::model::{
    Action, Agent, AuditEvent, Email, Locale, Mail, MailKind, Notice, PersonName, Role, User, Username,
};

/// What to change in a profile. The outer `None` leaves a field as it is, the
/// inner one empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// A new username, or none.
    pub username: Option<Option<Username>>,
    /// A new full name, or none.
    pub name: Option<Option<PersonName>>,
    /// A new first name, or none.
    pub first_name: Option<Option<PersonName>>,
    /// A new last name, or none.
    pub last_name: Option<Option<PersonName>>,
    /// A new language of mails, or none.
    pub locale: Option<Option<Locale>>,
    /// A new address: only from an admin, for another user.
    pub email: Option<Email>,
}

/// Why a profile was not changed. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileError {
    /// Somebody else has the username.
    UsernameTaken,
    /// Somebody else has the address.
    EmailTaken,
    /// The user changed since it was read: read it again.
    Changed,
    /// The one who acts is no longer an active admin.
    ActorLost,
}

impl Store {
    /// Changes a profile, for the user itself or for an admin. An address set by
    /// an admin is unverified, ends the user's sessions and tickets and is told
    /// to both addresses.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn update_profile(
        &self,
        agent: &Agent,
        user: &User,
        change: Profile,
    ) -> Result<Result<User, ProfileError>, StoreError> {
        if change == Profile::default() {
            return Ok(Ok(user.clone()));
        }
        let updated = self.changed(user, change);
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?;
        transaction = move_username(transaction, user, &updated)?;
        transaction = move_name(transaction, user, &updated)?;
        if updated.email != user.email {
            transaction = self.move_email(transaction, agent, user, &updated)?;
        }
        let terms = profile_terms(user, &updated, agent);
        let event = AuditEvent::new(Action::UserUpdated, agent, user.id, updated.updated_at);
        transaction = transaction
            .update(&Key::user(user.id), terms, Guard::User)?
            .audit(event.with("fields", changed_fields(user, &updated)))?;
        Ok(match self.commit(transaction).await? {
            Ok(()) => Ok(updated),
            Err(refusal) if refusal.by(Guard::Actor) => Err(ProfileError::ActorLost),
            // First, for one's own change sent twice finds its own claims, too.
            Err(refusal) if refusal.by(Guard::User) => Err(ProfileError::Changed),
            Err(refusal) if refusal.by(Guard::UsernameFree) => Err(ProfileError::UsernameTaken),
            Err(refusal) if refusal.by(Guard::EmailFree) => Err(ProfileError::EmailTaken),
            Err(_) => Err(ProfileError::Changed),
        })
    }

    fn changed(&self, user: &User, change: Profile) -> User {
        let mut updated = User { updated_at: self.now(), ..user.clone() };
        if let Some(username) = change.username {
            updated.username = username;
        }
        if let Some(name) = change.name {
            updated.name = name;
        }
        if let Some(name) = change.first_name {
            updated.first_name = name;
        }
        if let Some(name) = change.last_name {
            updated.last_name = name;
        }
        if let Some(locale) = change.locale {
            updated.locale = locale;
        }
        if let Some(email) = change.email.filter(|email| *email != user.email) {
            updated.email = email;
            updated.email_verified = false;
            updated.session_epoch += 1;
            updated.ticket_epoch += 1;
            // What an admin decided, nobody undoes by a link mailed before.
            updated.undone = user.undone.and(0, user.version());
        }
        updated
    }

    fn move_email(
        &self,
        transaction: Transaction,
        agent: &Agent,
        old: &User,
        new: &User,
    ) -> Result<Transaction, StoreError> {
        let now = self.now();
        let told = Mail::notice(old.email.clone(), Notice::EmailChangedByAdmin, now);
        let told = told.in_language(old.locale).of(old.id);
        // Without a password there is nothing to verify yet: who was invited is invited there.
        let link = if new.password_hash.is_none() {
            invitation(agent, new, now)
        } else {
            let link = Mail::new(new.email.clone(), MailKind::VerifyEmail, now);
            link.linking_to(agent.link_base.clone())
        };
        transaction
            .delete(&Key::email(&old.email), owned_by(old.id), Guard::User)?
            .put_free(&EmailClaim::new(new.id, new.email.clone()), Guard::EmailFree)?
            .put_over(&told)?
            .put_over(&link)
    }
}

fn move_username(mut transaction: Transaction, old: &User, new: &User) -> Result<Transaction, StoreError> {
    let lower = |user: &User| user.username.as_ref().map(Username::lower);
    if lower(old) == lower(new) {
        return Ok(transaction);
    }
    if let Some(username) = &old.username {
        transaction = transaction.delete(&Key::username(username), owned_by(old.id), Guard::User)?;
    }
    if let Some(username) = new.username.clone() {
        transaction = transaction.put_free(&UsernameClaim::new(new.id, username), Guard::UsernameFree)?;
    }
    Ok(transaction)
}

/// Lists the user under its new name. Whoever changes the profile at the same moment
/// is refused, so that the entry is that of the name that stays.
fn move_name(transaction: Transaction, old: &User, new: &User) -> Result<Transaction, StoreError> {
    let (old, new) = (NameEntry::of(old), NameEntry::of(new));
    match (old, new) {
        (Some(old), Some(new)) if old.name == new.name => Ok(transaction),
        (_, Some(new)) => transaction.put_over(&new),
        (Some(old), None) => transaction.delete(&Key::name(old.user_id), Terms::new(), Guard::Unchanged),
        (None, None) => Ok(transaction),
    }
}

/// The names of the fields that differ, never what they hold.
fn changed_fields(old: &User, new: &User) -> String {
    let fields = [
        ("username", old.username != new.username),
        ("name", old.name != new.name),
        ("first_name", old.first_name != new.first_name),
        ("last_name", old.last_name != new.last_name),
        ("locale", old.locale != new.locale),
        ("email", old.email != new.email),
    ];
    let changed: Vec<&str> =
        fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
    changed.join(" ")
}

/// Writes what differs between `old` and `new`, where what it depends on is still
/// as it was read: an account that an admin changes has to be no admin's still.
fn profile_terms(old: &User, new: &User, agent: &Agent) -> Terms {
    let mut terms = Terms::new().set("updated_at", new.updated_at);
    terms = if agent.is(old.id) { terms } else { terms.when("role", Role::User) };
    terms = terms.when("status", old.status);
    if new.username != old.username {
        terms = terms
            .set_or_remove("username", new.username.as_ref())
            .when_same("username", old.username.as_ref());
    }
    let names = [
        ("name", &old.name, &new.name),
        ("first_name", &old.first_name, &new.first_name),
        ("last_name", &old.last_name, &new.last_name),
    ];
    // What it is listed under is made of all three.
    let is_renamed = names.iter().any(|(_, old, new)| old != new);
    for (field, old, new) in names {
        if is_renamed {
            terms = terms.when_same(field, old.as_ref());
        }
        if new != old {
            terms = terms.set_or_remove(field, new.as_ref());
        }
    }
    if new.locale != old.locale {
        terms = terms.set_or_remove("locale", new.locale.as_ref());
    }
    if new.email != old.email {
        terms = terms
            .set("email", &new.email)
            .set("email_verified", false)
            .set("session_epoch", new.session_epoch)
            .set("ticket_epoch", new.ticket_epoch)
            .set("undone", &new.undone)
            .when("email", &old.email)
            .when("session_epoch", old.session_epoch)
            .when("ticket_epoch", old.ticket_epoch);
    }
    terms
}
