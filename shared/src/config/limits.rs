//! How much guessing and asking is too much.

use jiff::SignedDuration;

use crate::store::{Limit, Rate};

/// By a sign-in name alone, wherever from: the 100 failures that NIST SP 800-63B-4
/// section 3.2.2 allows at most, in a day.
const ANYWHERE: u32 = 100;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// `LOGIN_FAILURES`, `LOGIN_LOCK_MAX`, `SOURCE_LIMIT`, `MAIL_LIMIT` and `WRITE_LIMIT`; `None`, or
/// no rate: off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many wrong passwords have no consequence.
    pub login_failures: Option<u32>,
    /// The longest lock after those.
    pub login_lock_max: Option<SignedDuration>,
    /// Failures to sign in, and requests of each other kind, from one source.
    pub source: Option<Rate>,
    /// Mails that strangers can cause, to one address: all rates hold.
    pub mail: Vec<Rate>,
    /// Posts and comments, together, that one user writes.
    pub write: Option<Rate>,
}

impl Limits {
    /// For wrong passwords of one by one: a sign-in name from one source, or the
    /// holder of a session.
    #[must_use]
    pub fn lock(&self) -> Limit {
        self.lock_after(self.login_failures, None)
    }

    /// For wrong passwords of a sign-in name, wherever from.
    #[must_use]
    pub fn lock_anywhere(&self) -> Limit {
        self.lock_after(self.login_failures.map(|_| ANYWHERE), Some(DAY))
    }

    fn lock_after(&self, free: Option<u32>, window: Option<SignedDuration>) -> Limit {
        match (free, self.login_lock_max) {
            (Some(free), Some(longest)) => Limit::Lock { free, longest, window },
            _ => Limit::Off,
        }
    }

    /// The same with locks that are never off: for codes of six digits, of which 200 a
    /// day may be guessed and not 20,000.
    #[must_use]
    pub fn with_locks(&self) -> Self {
        let Self { login_failures, login_lock_max, .. } = Self::default();
        Self {
            login_failures: self.login_failures.or(login_failures),
            login_lock_max: self.login_lock_max.or(login_lock_max),
            ..self.clone()
        }
    }

    /// For a source.
    #[must_use]
    pub fn source(&self) -> Limit {
        self.source.map_or(Limit::Off, Limit::Window)
    }

    /// For what one user writes.
    #[must_use]
    pub fn write(&self) -> Limit {
        self.write.map_or(Limit::Off, Limit::Window)
    }
}

impl Default for Limits {
    fn default() -> Self {
        let rate = |most, period| Rate { most, period };
        Self {
            login_failures: Some(5),
            login_lock_max: Some(SignedDuration::from_mins(15)),
            source: Some(rate(30, SignedDuration::from_mins(5))),
            mail: vec![rate(1, SignedDuration::from_mins(1)), rate(5, SignedDuration::from_hours(1))],
            write: Some(rate(60, SignedDuration::from_mins(10))),
        }
    }
}
