//! What is counted of users, by the table's stream.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{Invalid, Role, Status};

/// A day in UTC. Reads the canonical form only: `2026-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(Date);

impl Day {
    /// The day that `time` is in.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        Self(time.to_zoned(TimeZone::UTC).date())
    }

    /// When it begins; the end of time for the last one that there is.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.0.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |day| day.timestamp())
    }

    /// The day so many days later, or earlier; the last or first one that there is.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// How many days later `other` is.
    #[must_use]
    pub fn until(self, other: Self) -> i32 {
        self.0.until(other.0).map_or(i32::MAX, |span| span.get_days())
    }

    /// Its month, such as `2026-03`.
    #[must_use]
    pub fn month(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    /// The first day of the next month.
    #[must_use]
    pub fn next_month(self) -> Self {
        Self(self.0.first_of_month().saturating_add(1.month()))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<Date>() {
            Ok(date) if date.to_string() == text && date.year() > 0 => Ok(Self(date)),
            _ => Err(Invalid { code: "invalid_day", message: "must be a day like 2026-03-01" }),
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// As what a user counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether it may sign in.
    pub status: Status,
    /// What it may do.
    pub role: Role,
}

impl Standing {
    /// Every one.
    pub fn all() -> impl Iterator<Item = Self> {
        Status::ALL.into_iter().flat_map(|status| Role::ALL.map(|role| Self { status, role }))
    }

    /// As stored: `active_admin`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}_{}", self.status.as_str(), self.role.as_str())
    }
}

/// How many users there are of each standing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(pub Vec<(Standing, i64)>);

impl Totals {
    /// Counts one more.
    pub fn add(&mut self, standing: Standing) {
        match self.0.iter_mut().find(|(known, _)| *known == standing) {
            Some((_, number)) => *number += 1,
            None => self.0.push((standing, 1)),
        }
    }

    /// How many have this standing.
    #[must_use]
    pub fn of(&self, standing: Standing) -> i64 {
        self.sum(|known| known == standing)
    }

    /// How many have a standing like that.
    pub fn sum(&self, like: impl Fn(Standing) -> bool) -> i64 {
        self.0.iter().filter(|(standing, _)| like(*standing)).map(|(_, number)| number).sum()
    }
}

/// What happened on a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayCounts {
    /// The day, like `2026-03-01`.
    #[schema(value_type = String, format = "date")]
    pub day: Day,
    /// Accounts made, among them those that are gone by now.
    pub sign_ups: u64,
    /// Sessions opened.
    pub sign_ins: u64,
    /// Users who signed in or refreshed a session.
    pub active_users: u64,
}

/// What happened in a month (UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MonthCounts {
    /// The month, like `2026-03`.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
    /// Users who signed in or refreshed a session.
    pub active_users: u64,
}
