//! How often an account may do what costs others something.

use shared::App;
use shared::http::{Caller, Problem};
use shared::store::{Attempt, Counter};

/// Counts one more of `what` that the caller does, if it may: as many pass, by account,
/// as a stranger may cause mails from one source.
pub(crate) async fn within_limit(app: &App, caller: &Caller, what: &str) -> Result<(), Problem> {
    let (id, limit) = (caller.user.id, app.config.limits.source());
    match app.store.attempt(&Counter::of_user(what, id, limit, app.clock.now())).await? {
        Attempt::Counted(_) => Ok(()),
        Attempt::Refused(seconds) => Err(Problem::TooManyRequests(seconds)),
    }
}
