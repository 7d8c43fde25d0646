//! Counting the tries to sign in. Each is counted before the password is looked
//! at, in three places, and taken back unless the password was wrong (from a source
//! where few come, a right one's count there stays); a right one clears what was
//! counted for the name:
//!
//! - by sign-in name and source: five, then a lock that doubles. A stranger who
//!   guesses locks the stranger's own source out, and nobody else.
//! - by sign-in name alone: a hundred in a day, then the same lock, for whoever
//!   guesses from many sources.
//! - by source alone: `SOURCE_LIMIT`, for whoever tries many names. Right ones stay
//!   counted here while few come from there: to take one back is a call and a write.
//!
//! The first two are one item, which is asked and raised at once and cleared by the
//! transaction that opens the session. The third is shared by all who are there, and
//! transactions on one item get into each other's way: it is taken back beside, where it
//! is busy.
//!
//! Names count whether or not there is such an account, so a lock tells nothing.

use shared::App;
use shared::config::Limits;
use shared::http::{Problem, RequestContext};
use shared::model::{Action, Actor, Agent, AuditEvent, User, UserId, Username};
use shared::store::{Attempt, BegunGuess, Counter, Forgiven, Guess, Guesses, StoreError};

use crate::limits;

/// The counters of a try to sign in.
pub(crate) struct Tries<'a> {
    app: &'a App,
    agent: Agent,
    name: Guesses,
    source: Counter,
}

/// What is to be known of a try that was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// Whether a lock begins with it, if its password is wrong.
    locks: bool,
    /// Whether its name is guessed at from many sources.
    crowded: bool,
    /// What a right password owes the source.
    owed: Owed,
}

/// How the count of a source is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    /// It stays: few come from there.
    Nothing,
    /// By a write of its own.
    Beside,
    /// By the transaction. Counting took one call more, that another one is to save: after a lock, or
    /// long after a failure, so hardly ever, and rarely two at a time from one source.
    Within,
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
        let name = of_name(limits, app, context, name)?;
        let source = limits::of_source(app, context, "login")?;
        let agent = context.agent(Actor::Unknown);
        Ok(Self { app, agent, name, source })
    }

    /// Counts the try, in as many calls after one another as it takes to find an
    /// account. The source is counted only where the name may be tried. Refused tries
    /// are not counted.
    pub async fn count(&self) -> Result<Counted, Problem> {
        let store = &self.app.store;
        let begun = store.begin_guess(&self.name).await?;
        if let BegunGuess::Settled(Guess::Refused(seconds)) = begun {
            return Err(Problem::AccountLocked(seconds));
        }
        let late = matches!(begun, BegunGuess::Held(_));
        let (guess, source) = tokio::join!(
            Box::pin(store.settle_guess(&self.name, begun)),
            Box::pin(store.attempt(&self.source)),
        );
        match (guess, source) {
            (Ok(Guess::Counted { locks, crowded }), Ok(Attempt::Counted(count))) => {
                Ok(Counted { locks, crowded, owed: self.owed(count, late) })
            }
            (Ok(Guess::Counted { .. }), refused) => {
                noted(store.take_guess_back(&self.name).await);
                Err(refusal(Ok(None), refused))
            }
            (guess, source) => {
                if matches!(source, Ok(Attempt::Counted(_))) {
                    noted(store.take_back(&self.source).await);
                }
                let guess = guess.map(|guess| match guess {
                    Guess::Refused(seconds) => Some(seconds),
                    Guess::Counted { .. } => None,
                });
                Err(refusal(guess, source))
            }
        }
    }

    fn owed(&self, count: u32, late: bool) -> Owed {
        if self.source.is_quiet(count) {
            return Owed::Nothing;
        }
        if late { Owed::Within } else { Owed::Beside }
    }

    /// What is cleared by the transaction that a right password leads to: both locks of
    /// the name, this source's and the one for all. What is counted for other sources
    /// with the name stays.
    pub fn forgiven(&self, counted: Counted) -> Forgiven {
        let forgiven = Forgiven::default().name(self.name.clone(), counted.crowded);
        if counted.owed == Owed::Within { forgiven.source(self.source.clone()) } else { forgiven }
    }

    /// The same, where there is no transaction.
    pub async fn forgive(&self, counted: Counted) {
        let store = &self.app.store;
        noted(if counted.owed == Owed::Within {
            store.forgive_all(&self.forgiven(counted)).await
        } else {
            store.forgive(&self.name).await
        });
    }

    /// Takes the source's count back, but for a try that [`Tries::forgiven`] does it for, and
    /// one of few.
    pub async fn give_back(&self, counted: Counted) {
        if counted.owed == Owed::Beside {
            noted(self.app.store.take_back(&self.source).await);
        }
    }

    /// It was not found out whether the password was right.
    pub async fn take_back(&self) {
        noted(self.app.store.take_guess_back(&self.name).await);
        noted(self.app.store.take_back(&self.source).await);
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

/// What a new password by mail forgives: what was counted for the account's names, from
/// here and anywhere.
pub(crate) fn forgiven_by_reset(
    app: &App,
    context: &RequestContext,
    user: &User,
) -> Result<Forgiven, Problem> {
    let limits = &app.config.limits;
    let forgiven = Forgiven::default().name(of_name(limits, app, context, user.email.as_str())?, false);
    Ok(match user.username.as_ref().map(Username::lower) {
        Some(username) => forgiven.name(of_name(limits, app, context, &username)?, false),
        None => forgiven,
    })
}

/// The counters of a name, from this source and from anywhere.
fn of_name(limits: &Limits, app: &App, context: &RequestContext, name: &str) -> Result<Guesses, Problem> {
    let (secret, now) = (app.secret()?, app.clock.now());
    let source = secret.counter_part(&["login", name, context.source().as_str()]);
    let name = secret.counter_name(&["login", name]);
    Ok(Guesses::new(&name, &source, limits.lock(), limits.lock_anywhere(), now))
}

/// Why a try may not go on; a lock says so before a limit does.
fn refusal(locked: Result<Option<u32>, StoreError>, source: Result<Attempt, StoreError>) -> Problem {
    match (locked, source) {
        (Ok(Some(seconds)), _) => Problem::AccountLocked(seconds),
        (_, Ok(Attempt::Refused(seconds))) => Problem::TooManyRequests(seconds),
        (Err(error), _) | (_, Err(error)) => error.into(),
        (Ok(None), Ok(Attempt::Counted(_))) => Problem::Internal,
    }
}

/// A count that could not be taken back is one too many, until it is forgotten.
fn noted(result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::warn!(cause = %error, "a try to sign in stays counted");
    }
}
