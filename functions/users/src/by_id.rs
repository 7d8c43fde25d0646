//! `/users/{id}`: oneself, exactly as `/users/me`, or an admin. `/admin/users/{id}`
//! does the same. Whoever is neither is refused before anything is looked up.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use shared::App;
use shared::http::{Caller, Problem, Problems, RawBody, UserPath};
use shared::model::{Role, Status, User, UserDocument, UserId};
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
    path: UserPath,
    caller: Caller,
) -> Result<Json<UserDocument>, Problem> {
    read(&app, &caller, path).await.map(|user| Json(UserDocument::from(&user)))
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
    path: UserPath,
    caller: Caller,
    body: RawBody,
) -> Result<Json<UserDocument>, Problem> {
    change(&app, caller, path, &body).await.map(|user| Json(UserDocument::from(&user)))
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
    path: UserPath,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    delete(&app, caller, path).await.map(|()| StatusCode::NO_CONTENT)
}

/// The user of that id.
///
/// # Errors
/// `forbidden` for who is neither the user nor an admin, `not_found`.
pub async fn read(app: &App, caller: &Caller, path: UserPath) -> Result<User, Problem> {
    if path.is(caller) {
        return Ok(caller.user.clone());
    }
    caller.admin(app)?;
    app.store.user(path.id()?).await?.ok_or(Problem::NotFound)
}

/// Changes the profile of the user of that id.
///
/// # Errors
/// As [`read`]; `forbidden` for another admin's; what is wrong with the body;
/// `user_deleted`, `username_taken`, `email_taken`.
pub async fn change(app: &App, caller: Caller, path: UserPath, body: &RawBody) -> Result<User, Problem> {
    if path.is(&caller) {
        return change_self(app, caller, body).await;
    }
    caller.admin(app)?;
    let id = path.id()?;
    let profile = Profile::from(body.parse::<UpdateUser>()?);
    for _ in 0..ATTEMPTS {
        let user = closed_to_admins(app, id).await?;
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
pub async fn delete(app: &App, caller: Caller, path: UserPath) -> Result<(), Problem> {
    if path.is(&caller) {
        return delete_self(app, caller).await;
    }
    caller.admin(app)?;
    let id = path.id()?;
    for _ in 0..ATTEMPTS {
        let user = app.store.user(id).await?.ok_or(Problem::NotFound)?;
        // Of its own will it is no admin any more; it is restored or goes for good.
        if user.role == Role::Admin && user.status != Status::Deleted {
            return Err(Problem::Forbidden);
        }
        match app.store.delete_user(&caller.agent, &user).await? {
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
async fn closed_to_admins(app: &App, id: UserId) -> Result<User, Problem> {
    let user = app.store.user(id).await?.ok_or(Problem::NotFound)?;
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
