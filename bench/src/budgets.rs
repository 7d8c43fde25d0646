//! What the measured figures must keep to. Each is a ratio to something measured in the same run, or
//! a time that has an order of magnitude to spare on any machine.

use serde::{Deserialize, Serialize};

use crate::cold::Cold;
use crate::measure::Row;

/// All that was measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Processor, cores, engine.
    pub machine: String,
    /// Every operation, warm.
    pub operations: Vec<Row>,
    /// Every function's start.
    pub cold: Vec<Cold>,
    /// The most memory that `auth` has had after [`SIGN_INS`] sign-ins.
    pub sign_ins_peak_mib: f64,
    /// What they must keep to, and whether they do.
    pub budgets: Vec<Budget>,
}

/// After so many sign-ins in one process its memory is looked at.
pub const SIGN_INS: usize = 1000;

/// A limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Budget {
    /// Of what.
    pub what: String,
    /// Not to be exceeded.
    pub limit: f64,
    /// What was measured.
    pub measured: f64,
    /// Whether it was kept.
    pub kept: bool,
}

/// Every budget.
#[must_use]
pub fn judge(measured: &Measured) -> Vec<Budget> {
    let mut all: Vec<Budget> = measured.cold.iter().flat_map(start).collect();
    for (name, judged) in [
        ("GET /users/me", me as fn(&Row) -> Vec<Budget>),
        ("POST /auth/refresh", refresh),
        ("POST /auth/login", login),
    ] {
        all.extend(measured.operations.iter().find(|row| row.name == name).into_iter().flat_map(judged));
    }
    if let Some(auth) = measured.cold.iter().find(|cold| cold.function == "auth") {
        let ratio = auth.first_request_ms / auth.second_request_ms;
        all.push(budget("the first sign-in after a cold start, to the second", 1.2, ratio));
    }
    let what = format!("peak memory of `auth` after {SIGN_INS} sign-ins, MiB");
    all.push(budget(&what, 64.0, measured.sign_ins_peak_mib));
    all
}

fn budget(what: &str, limit: f64, measured: f64) -> Budget {
    Budget { what: what.to_owned(), limit, measured, kept: measured <= limit }
}

/// A function that hashes passwords prepares the memory for it beside its start.
fn start(cold: &Cold) -> Vec<Budget> {
    let what = format!("start of `{}`", cold.function);
    let hashes = cold.buffer_ms > 0.0;
    let beyond =
        if hashes { "twice the empty function's and its buffer" } else { "twice the empty function's" };
    vec![
        budget(&format!("{what}, ms"), if hashes { 20.0 } else { 10.0 }, cold.first_poll_ms),
        budget(&format!("{what}, to {beyond}"), 1.0, cold.to_least),
    ]
}

fn me(row: &Row) -> Vec<Budget> {
    vec![
        budget("GET /users/me, to one `GetItem`", 1.3, row.wall_ratio),
        budget(
            "GET /users/me, ms of processor time beyond one `GetItem`",
            0.2,
            row.cpu_ms - row.floor_cpu_ms,
        ),
    ]
}

fn refresh(row: &Row) -> Vec<Budget> {
    vec![budget("POST /auth/refresh, to one `UpdateItem` and one signature", 1.2, row.wall_ratio)]
}

fn login(row: &Row) -> Vec<Budget> {
    vec![budget("POST /auth/login, processor time to one hash and one signature", 1.1, row.cpu_ratio)]
}

#[cfg(test)]
mod tests {
    use super::budget;

    #[test]
    fn a_budget_is_kept_up_to_its_limit_and_by_nothing_that_was_not_measured() {
        assert!(budget("", 1.1, 1.1).kept && !budget("", 1.1, 1.1001).kept);
        assert!(!budget("", 1.0, f64::NAN).kept);
    }
}
