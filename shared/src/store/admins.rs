//! What admins do to accounts, and the last admin's protection: whoever takes
//! an admin's power away has to be an active admin at that very moment or, when
//! it is its own, another one has to be. So one always remains.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::accounts::{active_admin, guard_actor};
use super::claim::Admin;
use super::item::from_item;
use super::key::{ADMINS, Key};
use super::terms::Terms;
use super::transaction::{Guard, Refusal, Transaction};
use super::{Store, StoreError};
use crate::model::{Action, Agent, AuditEvent, Mail, Notice, Role, Status, User, UserId};

/// Why an admin's action was not done. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminError {
    /// It would leave no active admin.
    LastAdmin,
    /// The one who acts is no longer an active admin.
    ActorLost,
    /// The account changed since it was read: read it again.
    Changed,
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        if refusal.by(Guard::Actor) { Self::ActorLost } else { Self::Changed }
    }
}

impl Store {
    /// Gives a user a role, and tells it.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn set_role(
        &self,
        agent: &Agent,
        user: &User,
        role: Role,
    ) -> Result<Result<User, AdminError>, StoreError> {
        let updated = User { role, updated_at: self.now(), ..user.clone() };
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?;
        if agent.is(user.id) && role != Role::Admin {
            match self.guard_last_admin(transaction, user.id).await? {
                Some(guarded) => transaction = guarded,
                None => return Ok(Err(AdminError::LastAdmin)),
            }
        }
        let terms = Terms::new()
            .set("role", role)
            .set("updated_at", updated.updated_at)
            .when("role", user.role)
            .when("status", user.status);
        let notice = if role == Role::Admin { Notice::MadeAdmin } else { Notice::NoLongerAdmin };
        let event = AuditEvent::new(Action::RoleChange, agent, user.id, updated.updated_at);
        transaction = transaction
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), notice, updated.updated_at).about(user, agent))?
            .audit(event.with("role", role.as_str()))?;
        let admin = Admin { user_id: user.id };
        transaction = match role {
            Role::Admin => transaction.put_over(&admin)?,
            Role::User => transaction.delete(&Key::admin(user.id), Terms::new(), Guard::Unchanged)?,
        };
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(AdminError::from))
    }

    /// Lets another user in, or shuts it out at once.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn set_status(
        &self,
        agent: &Agent,
        user: &User,
        status: Status,
    ) -> Result<Result<User, AdminError>, StoreError> {
        let mut updated = User { status, updated_at: self.now(), ..user.clone() };
        if status != Status::Active {
            updated.session_epoch += 1;
            updated.ticket_epoch += 1;
        }
        let terms = Terms::new()
            .set("status", status)
            .set("updated_at", updated.updated_at)
            .set("session_epoch", updated.session_epoch)
            .set("ticket_epoch", updated.ticket_epoch)
            .when("status", user.status)
            .when("session_epoch", user.session_epoch)
            .when("ticket_epoch", user.ticket_epoch);
        let event = AuditEvent::new(Action::AdminAction, agent, user.id, updated.updated_at);
        let mut transaction = guard_actor(self.transaction(), agent, user.id)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .audit(event.with("status", status.as_str()))?;
        if (user.status, status) == (Status::Pending, Status::Active) {
            let approved = Mail::notice(user.email.clone(), Notice::Approved, updated.updated_at);
            transaction = transaction.put_over(&approved)?;
        }
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(AdminError::from))
    }

    /// Has a user's password be good no more, ends all sessions, and tells the person
    /// to set a new one by mail.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn require_password_change(
        &self,
        agent: &Agent,
        user: &User,
    ) -> Result<Result<User, AdminError>, StoreError> {
        let updated = User {
            password_change_required: true,
            session_epoch: user.session_epoch + 1,
            ticket_epoch: user.ticket_epoch + 1,
            updated_at: self.now(),
            ..user.clone()
        };
        let terms = Terms::new()
            .set("password_change_required", true)
            .set("session_epoch", updated.session_epoch)
            .set("ticket_epoch", updated.ticket_epoch)
            .set("updated_at", updated.updated_at)
            .when("session_epoch", user.session_epoch)
            .when("ticket_epoch", user.ticket_epoch);
        let event = AuditEvent::new(Action::AdminAction, agent, user.id, updated.updated_at);
        let notice = Notice::PasswordChangeRequired;
        let transaction = guard_actor(self.transaction(), agent, user.id)?
            .update(&Key::user(user.id), terms, Guard::User)?
            .put_over(&Mail::notice(user.email.clone(), notice, updated.updated_at).of(user.id))?
            .audit(event.with("password", "change_required"))?;
        Ok(self.commit(transaction).await?.map(|()| updated).map_err(AdminError::from))
    }

    /// An active admin other than `but`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn active_admin(&self, but: Option<UserId>) -> Result<Option<UserId>, StoreError> {
        let request = QueryInput::builder()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("PK = :admins")
            .expression_attribute_values(":admins", AttributeValue::S(ADMINS.into()));
        let output = self.client.send(request).await?;
        let mut keys = Vec::new();
        for item in output.items.unwrap_or_default() {
            if let Some(admin) = from_item::<Admin>(item, self.now())?
                && Some(admin.user_id) != but
            {
                keys.push(Key::user(admin.user_id));
            }
        }
        for item in self.get_all(&keys).await? {
            if let Some(user) = from_item::<User>(item, self.now())?.filter(User::is_active_admin) {
                return Ok(Some(user.id));
            }
        }
        Ok(None)
    }

    /// Lets the transaction pass only while another admin than `leaving` is
    /// active. `None`: there is no other.
    pub(super) async fn guard_last_admin(
        &self,
        transaction: Transaction,
        leaving: UserId,
    ) -> Result<Option<Transaction>, StoreError> {
        match self.active_admin(Some(leaving)).await? {
            Some(witness) => active_admin(transaction, witness, Guard::Witness).map(Some),
            None => Ok(None),
        }
    }
}
