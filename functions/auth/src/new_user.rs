//! The user that a registration makes.

use shared::App;
use shared::config::RegistrationMode;
use shared::model::{Email, Registration, Role, Status, Undone, User, UserId};

/// A user made now. It is active, or awaits approval; the admin key is an
/// approval already.
pub(crate) fn new_user(app: &App, email: Email, registration: Registration, verified: bool) -> User {
    let now = app.clock.now();
    let approval = app.config.registration == RegistrationMode::Approval;
    let waits = approval && registration.role == Role::User;
    User {
        id: UserId::new(now),
        email,
        email_verified: verified,
        username: registration.username,
        name: registration.name,
        first_name: registration.first_name,
        last_name: registration.last_name,
        role: registration.role,
        status: if waits { Status::Pending } else { Status::Active },
        password_hash: registration.password_hash,
        password_change_required: false,
        undone: Undone::default(),
        session_epoch: 0,
        ticket_epoch: 0,
        updated_at: now,
        last_login_at: None,
        mfa_since: None,
        locale: registration.locale,
        external_id: None,
        deletion: None,
    }
}
