//! `/users/{id}`: oneself, exactly as `/users/me`, or an admin. `/admin/users/{id}`
//! does the same. Whoever is neither is refused before anything is looked up.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{Caller, CallerOn, Problem, Problems, RawBody, Target};
use shared::model::{Role, Status, User, UserDocument};
use shared::store::{AdminError, Profile, ProfileError};

pub use crate::profile::{UpdateMe, UpdateUser};

/// An account that changes while it is being changed is read again so often.
const ATTEMPTS: usize = 4;

/// A user
///
/// One's own account; any other for admins only.
#[utoipa::path(
    get, path = "/users/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn get_user(
    State(app): State<App>,
    CallerOn(caller, target): CallerOn,
) -> Result<Json<UserDocument>, Problem> {
    read(&app, &caller, target).await.map(|user| Json(UserDocument::from(&user)))
}

/// Change a user
///
/// What is left out stays as it is; null empties a field. `email` is for admins,
/// for others: the address is unverified then, the user is signed out everywhere
/// and told at the old address. Another admin's profile is closed.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "users", security(("bearer" = [])), request_body = UpdateUser,
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserDocument), Problems)
)]
pub(crate) async fn update_user(
    State(app): State<App>,
    CallerOn(caller, target): CallerOn,
    body: RawBody,
) -> Result<Json<UserDocument>, Problem> {
    change(&app, caller, target, &body).await.map(|user| Json(UserDocument::from(&user)))
}

/// Delete a user
///
/// Another user: at once and for good, address and username are free; another admin
/// cannot be deleted, unless it has deleted itself. Oneself: as `DELETE /users/me`.
#[utoipa::path(
    delete, path = "/users/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(crate) async fn delete_user(
    State(app): State<App>,
    CallerOn(caller, target): CallerOn<true>,
) -> Result<StatusCode, Problem> {
    delete(&app, caller, target).await.map(|()| StatusCode::NO_CONTENT)
}

/// The user of that id.
///
/// # Errors
/// `forbidden` for who is neither the user nor an admin, `not_found`.
pub async fn read(app: &App, caller: &Caller, mut target: Target) -> Result<User, Problem> {
    if target.is(caller) {
        return Ok(caller.user.clone());
    }
    caller.admin(app)?;
    target.user(app).await
}

/// Changes the profile of the user of that id.
///
/// # Errors
/// As [`read`]; `forbidden` for another admin's; what is wrong with the body;
/// `user_deleted`, `username_taken`, `email_taken`.
pub async fn change(app: &App, caller: Caller, mut target: Target, body: &RawBody) -> Result<User, Problem> {
    if target.is(&caller) {
        return change_self(app, caller, body).await;
    }
    caller.admin(app)?;
    target.has_id()?;
    let profile = Profile::from(body.parse::<UpdateUser>()?);
    for _ in 0..ATTEMPTS {
        let user = closed_to_admins(target.user(app).await?)?;
        if user.status == Status::Deleted {
            return Err(Problem::UserDeleted);
        }
        match app.store.update_profile(&caller.agent, &user, profile.clone()).await? {
            Err(ProfileError::Changed) => {}
            done => return done.map_err(profile_problem),
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

pub(crate) async fn change_self(app: &App, mut caller: Caller, body: &RawBody) -> Result<User, Problem> {
    let profile = Profile::from(body.parse::<UpdateMe>()?);
    for _ in 0..ATTEMPTS {
        let user = &caller.user;
        match app.store.update_profile(&caller.agent, user, profile.clone()).await? {
            Err(ProfileError::Changed) => caller = caller.again(app).await?,
            done => return done.map_err(profile_problem),
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

/// Deletes the user of that id.
///
/// # Errors
/// As [`read`]; `forbidden` for another admin; for oneself
/// `reauthentication_required` and `last_admin`.
pub async fn delete(app: &App, caller: Caller, mut target: Target) -> Result<(), Problem> {
    if target.is(&caller) {
        return delete_self(app, caller).await;
    }
    caller.admin(app)?;
    for _ in 0..ATTEMPTS {
        let user = target.user(app).await?;
        // Of its own will it is no admin any more; it is restored or goes for good.
        if user.role == Role::Admin && user.status != Status::Deleted {
            return Err(Problem::Forbidden);
        }
        let sessions = target.sessions(app).await?;
        match app.store.delete_user_with(&caller.agent, &user, &sessions).await? {
            Err(AdminError::Changed) => {}
            Err(AdminError::LastAdmin | AdminError::ActorLost) => return Err(Problem::Forbidden),
            Ok(()) => return Ok(()),
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

pub(crate) async fn delete_self(app: &App, mut caller: Caller) -> Result<(), Problem> {
    caller.recently_authenticated(app)?;
    let grace = app.config.deletion_grace;
    for _ in 0..ATTEMPTS {
        let (agent, user) = (&caller.agent, &caller.user);
        let deleted = if grace.is_zero() {
            app.store.delete_user(agent, user).await?
        } else {
            app.store.begin_deletion(agent, user, grace).await?
        };
        match deleted {
            Ok(()) => return Ok(()),
            Err(AdminError::LastAdmin) => return Err(Problem::LastAdmin),
            Err(AdminError::Changed | AdminError::ActorLost) => caller = caller.again(app).await?,
        }
    }
    Err(Problem::TemporarilyUnavailable)
}

/// Another user that an admin may change: not another admin.
fn closed_to_admins(user: User) -> Result<User, Problem> {
    if user.role == Role::Admin { Err(Problem::Forbidden) } else { Ok(user) }
}

fn profile_problem(error: ProfileError) -> Problem {
    match error {
        ProfileError::UsernameTaken => Problem::UsernameTaken,
        ProfileError::EmailTaken => Problem::EmailTaken,
        ProfileError::ActorLost => Problem::Forbidden,
        ProfileError::Changed => Problem::TemporarilyUnavailable,
    }
}
