//! Counting the tries to sign in. Each is counted before the password is looked
//! at, in three places, and taken back unless the password was wrong; a right one
//! clears what was counted for the name:
//!
//! - by sign-in name and source: five, then a lock that doubles. A stranger who
//!   guesses locks the stranger's own source out, and nobody else.
//! - by sign-in name alone: a hundred in a day, then the same lock, for whoever
//!   guesses from many sources.
//! - by source alone: `SOURCE_LIMIT`, for whoever tries many names.
//!
//! Names count whether or not there is such an account, so a lock tells nothing.

use shared::App;
use shared::config::Limits;
use shared::http::{Problem, RequestContext};
use shared::model::{Action, Actor, Agent, AuditEvent, User, UserId, Username};
use shared::store::{Attempt, Begun, Counter, StoreError};

use crate::limits;

/// The counters of a try to sign in.
pub(crate) struct Tries<'a> {
    app: &'a App,
    agent: Agent,
    from_here: Counter,
    anywhere: Counter,
    source: Counter,
}

/// Whether a lock begins with this try, if its password is wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    locks: bool,
}

impl<'a> Tries<'a> {
    /// The counters for `name`, an address or a username in the form under which
    /// it is unique.
    pub fn new(app: &'a App, context: &RequestContext, name: &str) -> Result<Self, Problem> {
        Self::under(&app.config.limits, app, context, name)
    }

    /// The counters for codes of the user's second factor, in use whatever the
    /// settings.
    pub fn of_codes(app: &'a App, context: &RequestContext, user: UserId) -> Result<Self, Problem> {
        Self::under(&app.config.limits.with_locks(), app, context, &format!("code of {user}"))
    }

    fn under(limits: &Limits, app: &'a App, context: &RequestContext, name: &str) -> Result<Self, Problem> {
        let [from_here, anywhere] = of_name(limits, app, context, name)?;
        let source = limits::of_source(app, context, "login")?;
        let agent = context.agent(Actor::Unknown);
        Ok(Self { app, agent, from_here, anywhere, source })
    }

    /// Counts the try, in as many calls after one another as it takes to find an
    /// account. The name alone is counted only for who may try from here, so that
    /// no source can use up what the others have. Refused tries are not counted.
    pub async fn count(&self) -> Result<Counted, Problem> {
        let store = &self.app.store;
        let begun = store.begin_attempt(&self.from_here).await?;
        if let Begun::Settled(Attempt::Refused(seconds)) = begun {
            return Err(Problem::AccountLocked(seconds));
        }
        let (from_here, anywhere, source) = tokio::join!(
            Box::pin(store.settle(&self.from_here, begun)),
            Box::pin(store.attempt(&self.anywhere)),
            Box::pin(store.attempt(&self.source)),
        );
        if let (Ok(Attempt::Counted(here)), Ok(Attempt::Counted(all)), Ok(Attempt::Counted(_))) =
            (&from_here, &anywhere, &source)
        {
            let locks = self.from_here.locks_at(*here) || self.anywhere.locks_at(*all);
            return Ok(Counted { locks });
        }
        let counters = [(&from_here, &self.from_here), (&anywhere, &self.anywhere), (&source, &self.source)];
        for (_, counter) in counters.iter().filter(|(done, _)| matches!(done, Ok(Attempt::Counted(_)))) {
            noted(store.take_back(counter).await);
        }
        Err(refusal(from_here, anywhere, source))
    }

    /// The password was right: both locks of the name are off, this source's and the
    /// one for all. What is counted for other sources with the name stays.
    pub async fn forgive(&self) {
        let store = &self.app.store;
        let (from_here, anywhere, source) = tokio::join!(
            Box::pin(store.forget(&self.from_here)),
            Box::pin(store.forget(&self.anywhere)),
            Box::pin(store.take_back(&self.source)),
        );
        [from_here, anywhere, source].into_iter().for_each(noted);
    }

    /// It was not found out whether the password was right.
    pub async fn take_back(&self) {
        for counter in [&self.from_here, &self.anywhere, &self.source] {
            noted(self.app.store.take_back(counter).await);
        }
    }

    /// The password was wrong: the try stays counted. Writes down when a lock begins,
    /// where there is no such account, too (`UserId::NOBODY`): both take the same
    /// time.
    pub async fn wrong(&self, counted: Counted, user: UserId) {
        if counted.locks {
            let (action, now) = (Action::LoginLock, self.app.clock.now());
            let recorded = self.app.store.record(AuditEvent::new(action, &self.agent, user, now)).await;
            if let Err(error) = recorded {
                tracing::error!(cause = %error, event = action.as_str(), subject = %user, "not in the audit");
            }
        }
    }
}

/// What a new password by mail unlocks: the account's names, from here and
/// anywhere.
pub(crate) fn unlocked_by_reset(
    app: &App,
    context: &RequestContext,
    user: &User,
) -> Result<Vec<Counter>, Problem> {
    let limits = &app.config.limits;
    let mut counters = of_name(limits, app, context, user.email.as_str())?.to_vec();
    if let Some(username) = user.username.as_ref().map(Username::lower) {
        counters.extend(of_name(limits, app, context, &username)?);
    }
    Ok(counters)
}

/// The counters of a name from this source, and from anywhere.
fn of_name(
    limits: &Limits,
    app: &App,
    context: &RequestContext,
    name: &str,
) -> Result<[Counter; 2], Problem> {
    let (secret, now) = (app.secret()?, app.clock.now());
    let from_here = secret.counter_name(&["login", name, context.source().as_str()]);
    let anywhere = secret.counter_name(&["login", name]);
    Ok([
        Counter::new("login", &from_here, limits.lock(), now),
        Counter::new("login-anywhere", &anywhere, limits.lock_anywhere(), now),
    ])
}

type Done = Result<Attempt, StoreError>;

/// Why a try may not go on; a lock says so before a limit does.
fn refusal(from_here: Done, anywhere: Done, source: Done) -> Problem {
    let mut failed = None;
    for (done, refused) in [
        (from_here, Problem::AccountLocked as fn(u32) -> Problem),
        (anywhere, Problem::AccountLocked),
        (source, Problem::TooManyRequests),
    ] {
        match done {
            Ok(Attempt::Refused(seconds)) => return refused(seconds),
            Ok(Attempt::Counted(_)) => {}
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Problem::Internal, Problem::from)
}

/// A count that could not be taken back is one too many, until it is forgotten.
fn noted(result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::warn!(cause = %error, "a try to sign in stays counted");
    }
}
