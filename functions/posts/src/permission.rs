//! Who may change what: its author or an admin. It is asked before the body is looked
//! at, and once more by the write itself. And how much one may write.

use shared::App;
use shared::http::{Caller, Problem};
use shared::model::UserId;
use shared::store::{Counter, Denied};

/// Lets pass while what all of these authors wrote is shown: it is as good as gone while one of
/// them has deleted itself.
pub(crate) async fn shown<const N: usize>(
    app: &App,
    caller: &Caller,
    authors: [UserId; N],
) -> Result<(), Problem> {
    if app.store.shows(authors, caller.user.id).await? { Ok(()) } else { Err(Problem::NotFound) }
}

/// Lets pass who may change what `author` wrote.
pub(crate) fn may_change(app: &App, caller: &Caller, author: UserId) -> Result<(), Problem> {
    if caller.user.id == author { Ok(()) } else { caller.admin(app) }
}

/// The counter of what the caller wrote lately, posts and comments together.
pub(crate) fn written(app: &App, caller: &Caller) -> Counter {
    Counter::of_user("write", caller.user.id, app.config.limits.write(), app.clock.now())
}

/// Why a write was denied: because of what became of the caller since it was let in, or
/// of what was to be written about.
pub(crate) async fn refusal(app: &App, caller: Caller, denied: Denied) -> Problem {
    match denied {
        Denied::Gone => Problem::NotFound,
        Denied::TooMany(seconds) => Problem::TooManyRequests(seconds),
        Denied::ActorLost => caller.again(app).await.err().unwrap_or(Problem::Forbidden),
    }
}
