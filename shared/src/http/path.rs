//! The `{id}` of a user in a path.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::{Caller, Problem};
use crate::model::UserId;

/// The `{id}` in a path. What is no id is kept, too: whoever may not look at
/// other users gets the same answer for it as for any other's.
#[derive(Clone, Copy, Debug)]
pub struct UserPath(Option<UserId>);

impl UserPath {
    /// The id, for an admin: what is no id is nobody's.
    ///
    /// # Errors
    /// `not_found`.
    pub fn id(self) -> Result<UserId, Problem> {
        self.0.ok_or(Problem::NotFound)
    }

    /// Whether it is the caller's own id.
    #[must_use]
    pub fn is(self, caller: &Caller) -> bool {
        self.0 == Some(caller.user.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UserPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.ok().and_then(|Path(id)| id.parse().ok())))
    }
}
