//! A caller and the user that the path names, read beside each other: in one call, for
//! whom the token calls an admin. Nothing of the user is answered before the caller's
//! rights are known, and for anybody else nothing of it is read.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::caller::Shown;
use super::{Caller, Problem, UserPath};
use crate::app::App;
use crate::model::{User, UserId};
use crate::store::{SessionKeys, StoreError};

/// The user of the `{id}` in the path.
#[derive(Debug)]
pub struct Target {
    path: UserPath,
    read: Option<Option<User>>,
    sessions: Option<Result<SessionKeys, StoreError>>,
}

/// Who calls, and the user of the path. `WITH_SESSIONS`: where that one's sessions are is
/// read, too.
#[derive(Debug)]
pub struct CallerOn<const WITH_SESSIONS: bool = false>(pub Caller, pub Target);

/// The same, for admins.
#[derive(Debug)]
pub struct AdminOn<const WITH_SESSIONS: bool = false>(pub Caller, pub Target);

impl Target {
    /// As [`UserPath::is`].
    #[must_use]
    pub fn is(&self, caller: &Caller) -> bool {
        self.path.is(caller)
    }

    /// Lets pass what may be a user's id, for an admin.
    ///
    /// # Errors
    /// `not_found`.
    pub fn has_id(&self) -> Result<(), Problem> {
        self.path.id().map(|_| ())
    }

    /// The user, for an admin: as it was read beside the caller and, when asked for again,
    /// as it is now.
    ///
    /// # Errors
    /// `not_found`; when the table does not answer.
    pub async fn user(&mut self, app: &App) -> Result<User, Problem> {
        let id = self.path.id()?;
        let user = match self.read.take() {
            Some(read) => read,
            None => app.store.user(id).await?,
        };
        user.ok_or(Problem::NotFound)
    }

    /// Where the user's sessions are, in the same way.
    ///
    /// # Errors
    /// `not_found`, where the path holds no id; when the table does not answer.
    pub async fn sessions(&mut self, app: &App) -> Result<SessionKeys, Problem> {
        let id = self.path.id()?;
        Ok(match self.sessions.take() {
            Some(read) => read?,
            None => app.store.session_keys(id).await?,
        })
    }
}

impl<const WITH_SESSIONS: bool> FromRequestParts<App> for CallerOn<WITH_SESSIONS> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = UserPath::from_request_parts(parts, app).await?;
        let shown = Shown::of(parts, app).await?;
        let beside = path.id().ok().filter(|id| shown.expects_to_act_on(*id));
        let sessions = beside.filter(|_| WITH_SESSIONS);
        let (found, sessions) = tokio::join!(shown.caller(app, beside), session_keys(app, sessions));
        let (caller, user) = found?;
        let read = if path.is(&caller) { Some(Some(caller.user.clone())) } else { beside.map(|_| user) };
        Ok(Self(caller, Target { path, read, sessions }))
    }
}

impl<const WITH_SESSIONS: bool> FromRequestParts<App> for AdminOn<WITH_SESSIONS> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let CallerOn(caller, target) = CallerOn::<WITH_SESSIONS>::from_request_parts(parts, app).await?;
        caller.admin(app)?;
        Ok(Self(caller, target))
    }
}

async fn session_keys(app: &App, of: Option<UserId>) -> Option<Result<SessionKeys, StoreError>> {
    Some(app.store.session_keys(of?).await)
}
