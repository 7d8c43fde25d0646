//! The password of a signed-in user, asked for again.

use super::{Caller, Problem};
use crate::app::App;
use crate::model::Password;
use crate::password::Verdict;
use crate::store::{Attempt, Counter};

impl Caller {
    /// Lets pass who gives the account's password. Wrong ones count for the session,
    /// before they are looked at: whoever came by an access token may not guess
    /// without end. A right one clears them.
    ///
    /// # Errors
    /// `wrong_password`; `too_many_requests` after `LOGIN_FAILURES` of them, whatever
    /// the password.
    pub async fn confirm_password(&self, app: &App, password: &Password) -> Result<(), Problem> {
        let limit = app.config.limits.lock();
        let counter = Counter::new("password", &self.session.id.to_string(), limit, app.clock.now());
        if let Attempt::Refused(seconds) = app.store.attempt(&counter).await? {
            return Err(Problem::TooManyRequests(seconds));
        }
        if app.hasher.verify(password, &self.user.password_hash) == Verdict::Wrong {
            return Err(Problem::WrongPassword);
        }
        Ok(app.store.forget(&counter).await?)
    }
}
