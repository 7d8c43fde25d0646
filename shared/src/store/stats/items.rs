//! The items that hold what was counted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::StoreError;
use super::super::item::parse;
use super::super::key::{Item, Key, Pseudonym, Record, TTL};
use super::super::terms::Terms;
use super::MARK_DAYS;
use crate::model::{Day, Role, SessionId, Standing, Status, Totals};

/// As what a user is counted. Of one that is gone it says that, for some days.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mark {
    pub user: Pseudonym,
    /// Moves with every change.
    pub version: u64,
    pub status: Option<Status>,
    pub role: Option<Role>,
    /// The round of counting that it was counted in last.
    pub round: Option<u64>,
}

impl Mark {
    pub fn standing(&self) -> Option<Standing> {
        Some(Standing { status: self.status?, role: self.role? })
    }
}

/// The totals: `active_user` and the like. While they are counted anew, what was found
/// so far is beside them, `next_active_user` and the like.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct TotalsItem {
    /// Moves with every change.
    pub version: Option<u64>,
    /// The round of counting whose marks these totals are the sum of.
    pub round: Option<u64>,
    /// The round that is under way.
    pub next_round: Option<u64>,
    #[serde(skip)]
    numbers: BTreeMap<String, i64>,
}

/// What is found in the round under way, beside the totals.
pub(super) fn next(name: &str) -> String {
    format!("next_{name}")
}

impl TotalsItem {
    pub fn read(item: &Item) -> Result<Self, StoreError> {
        let read: Self = parse(item.clone())?;
        let number = |name: String| {
            let number = item.get(&name)?.as_n().ok()?.parse().ok()?;
            Some((name, number))
        };
        let names = Standing::all().map(Standing::name);
        let numbers = names.flat_map(|name| [next(&name), name]).filter_map(number).collect();
        Ok(Self { numbers, ..read })
    }

    pub fn number(&self, name: &str) -> i64 {
        self.numbers.get(name).copied().unwrap_or(0)
    }

    pub fn counted(&self) -> Totals {
        Totals(Standing::all().map(|standing| (standing, self.number(&standing.name()))).collect())
    }

    /// The round that a mark is brought into.
    pub fn current(&self) -> Option<u64> {
        self.next_round.or(self.round)
    }

    /// Whether what the mark says is in the totals; and whether it is in those of the
    /// round under way.
    pub fn include(&self, mark: &Mark) -> (bool, bool) {
        let in_next = self.next_round.is_some() && mark.round == self.next_round;
        (in_next || mark.round == self.round, in_next)
    }
}

/// What is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Once {
    /// The session was opened on that day.
    SignIn(SessionId, Day),
    /// Active on that day.
    Day(Day),
    /// Active in the month of that day.
    Month(Day),
}

impl Once {
    /// The mark's sort key.
    pub fn name(self) -> String {
        match self {
            Self::SignIn(session, _) => format!("SIGNIN#{session}"),
            Self::Day(day) => format!("DAY#{day}"),
            Self::Month(day) => format!("MONTH#{}", day.month()),
        }
    }

    /// Where it is counted.
    pub fn counter(self) -> (Counter, &'static str) {
        match self {
            Self::SignIn(_, day) => (Counter::Day(day), "sign_ins"),
            Self::Day(day) => (Counter::Day(day), "active_users"),
            Self::Month(day) => (Counter::Month(day.month()), "active_users"),
        }
    }

    /// Until when it might be told again.
    pub fn expires_at(self) -> Timestamp {
        match self {
            Self::SignIn(_, day) | Self::Day(day) => day.plus(MARK_DAYS),
            Self::Month(day) => day.next_month().plus(MARK_DAYS),
        }
        .start()
    }
}

/// That something was counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OnceMark {
    pub user: Pseudonym,
    pub what: String,
    pub expires_at: Timestamp,
}

impl Record for OnceMark {
    fn key(&self) -> Key {
        Key::counted_once(&self.user, &self.what)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// An item that counts what happened in a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counter {
    Day(Day),
    Month(String),
}

impl Counter {
    pub fn key(&self) -> Key {
        match self {
            Self::Day(day) => Key::day(&day.to_string()),
            Self::Month(month) => Key::month(month),
        }
    }

    /// What adds these numbers to it. Days go, months stay.
    pub fn terms(&self, numbers: &BTreeMap<&'static str, i64>) -> Terms {
        let terms = match self {
            Self::Day(day) => Terms::new().set(TTL, day.plus(super::KEPT_DAYS + 1).start().as_second()),
            Self::Month(_) => Terms::new(),
        };
        numbers.iter().fold(terms, |terms, (name, number)| terms.add(name, *number))
    }
}
