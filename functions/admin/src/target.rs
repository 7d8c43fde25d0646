//! What an admin does to the account of an id, which is read again when it
//! changes meanwhile.

use shared::App;
use shared::http::{Problem, Target};
use shared::model::{Agent, Role, Status, User};
use shared::store::{AdminError, StoreError};

const ATTEMPTS: usize = 4;

/// What is to become of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    SetRole(Role),
    SetStatus(Status),
    EndSessions,
    Restore {
        /// Whether the password is good no more.
        locked: bool,
    },
    RemoveFactor,
    RequirePasswordChange,
}

/// Does it, in `agent`'s name. An account that is so already stays as it is.
pub(crate) async fn act(
    app: &App,
    agent: &Agent,
    mut target: Target,
    action: Action,
) -> Result<User, Problem> {
    for time in 0..ATTEMPTS {
        let user = target.user(app).await?;
        if time == 0 && matches!(action, Action::RemoveFactor) && user.mfa_since.is_none() {
            return Err(Problem::NotFound);
        }
        match (user.status == Status::Deleted, matches!(action, Action::Restore { .. })) {
            (true, false) => return Err(Problem::UserDeleted),
            (false, true) => return Err(Problem::NotDeleted),
            _ => {}
        }
        match attempt(app, agent, user, action).await? {
            Ok(user) => return Ok(user),
            Err(AdminError::LastAdmin) => return Err(Problem::LastAdmin),
            Err(AdminError::ActorLost) => return Err(Problem::Forbidden),
            Err(AdminError::Changed) => {}
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

async fn attempt(
    app: &App,
    agent: &Agent,
    user: User,
    action: Action,
) -> Result<Result<User, AdminError>, StoreError> {
    match action {
        Action::SetRole(role) if user.role != role => app.store.set_role(agent, &user, role).await,
        Action::SetStatus(status) if user.status != status => {
            app.store.set_status(agent, &user, status).await
        }
        Action::RemoveFactor if user.mfa_since.is_some() => app.store.remove_lost_factor(agent, &user).await,
        Action::RequirePasswordChange if !user.password_change_required => {
            app.store.require_password_change(agent, &user).await
        }
        Action::SetRole(_) | Action::SetStatus(_) | Action::RemoveFactor | Action::RequirePasswordChange => {
            Ok(Ok(user))
        }
        Action::Restore { locked } => app.store.restore_user(agent, &user, locked).await,
        Action::EndSessions => {
            let ended = app.store.end_other_sessions(agent, &user, None).await?;
            Ok(ended.map(|()| user))
        }
    }
}
