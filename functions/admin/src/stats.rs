//! `GET /admin/stats`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::App;
use shared::http::{AdminCaller, Problem, Problems, Query};
use shared::model::{Day, DayCounts, MonthCounts, Role, Status, Totals};
use utoipa::{IntoParams, ToSchema};

/// So many days at most, and so many where none are asked for.
const MOST: i32 = 400;
const USUAL: i32 = 30;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Period {
    /// The first day (UTC), like 2026-03-01: 29 days before `to`, if not given.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    from: Option<Day>,
    /// The last day (UTC): today, if not given. At most 400 days from `from`.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    to: Option<Day>,
}

/// How many users there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserCounts {
    /// All.
    total: i64,
    /// By `status`; every status is there.
    by_status: BTreeMap<&'static str, i64>,
    /// By `role`; every role is there.
    by_role: BTreeMap<&'static str, i64>,
}

/// What is counted of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stats {
    users: UserCounts,
    /// Each day of the period, the oldest first.
    days: Vec<DayCounts>,
    /// Each month that has a day of the period, whole, the oldest first.
    months: Vec<MonthCounts>,
}

impl From<Totals> for UserCounts {
    fn from(totals: Totals) -> Self {
        let with_status = |status: Status| (status.as_str(), totals.sum(|one| one.status == status));
        let with_role = |role: Role| (role.as_str(), totals.sum(|one| one.role == role));
        Self {
            total: totals.sum(|_| true),
            by_status: Status::ALL.into_iter().map(with_status).collect(),
            by_role: Role::ALL.into_iter().map(with_role).collect(),
        }
    }
}

impl Period {
    fn days(&self, today: Day) -> Result<(Day, Day), Problem> {
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| to.plus(1 - USUAL));
        let refuse = |detail: &str| Err(Problem::InvalidQuery(detail.to_owned()));
        match from.until(to) {
            ..0 => refuse("The period ends before it begins."),
            MOST.. => refuse("The period has more than 400 days."),
            _ => Ok((from, to)),
        }
    }
}

/// Statistics
///
/// How many users there are, and what happened on each day. Exact, some seconds
/// late: counted behind the table's stream, once however often it tells. Days are
/// kept for 400 days, months for good.
#[utoipa::path(
    get, path = "/admin/stats", tag = "admin", params(Period), security(("bearer" = [])),
    responses((status = 200, description = "The counts", body = Stats), Problems)
)]
pub(crate) async fn get_stats(
    State(app): State<App>,
    AdminCaller(_): AdminCaller,
    Query(period): Query<Period>,
) -> Result<Json<Stats>, Problem> {
    let (from, to) = period.days(Day::of(app.clock.now()))?;
    let users = app.store.user_totals().await?.into();
    let days = app.store.days(from, to).await?;
    let months = app.store.months(from, to).await?;
    Ok(Json(Stats { users, days, months }))
}
