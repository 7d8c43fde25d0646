//! What a month costs.

use super::super::Inputs;
use super::super::usage::{Bill, LINES};
use super::{USERS, cells, dollars, per_user_head, table};
use crate::Failure;

/// The bills of a month for each number of users.
pub(super) fn bills(inputs: &Inputs) -> Result<Vec<Bill>, Failure> {
    let deployment = inputs.with(&inputs.now);
    USERS.iter().map(|users| Bill::of(&deployment.month(*users)?, &inputs.prices)).collect()
}

pub(super) fn month(inputs: &Inputs) -> Result<String, Failure> {
    let bills = bills(inputs)?;
    let row = |(at, name): (usize, &&str)| {
        let costs = bills.iter().map(|bill| dollars(bill.0[at]));
        std::iter::once((*name).to_owned()).chain(costs).collect::<Vec<_>>()
    };
    let used = LINES.iter().enumerate().filter(|(at, _)| bills.iter().any(|bill| bill.0[*at] > 0.0));
    let mut rows: Vec<Vec<String>> = used.map(row).collect();
    let totals: Vec<f64> = bills.iter().map(Bill::total).collect();
    let sum = |name: &str, of: &dyn Fn(usize) -> String| {
        std::iter::once(format!("**{name}**")).chain((0..USERS.len()).map(of)).collect::<Vec<_>>()
    };
    rows.push(sum("all", &|at| format!("**{}**", dollars(totals[at]))));
    rows.push(sum("for 1,000 users", &|at| format!("{:.2}", totals[at] / USERS[at] * 1000.0)));
    let habits = inputs
        .model
        .mix
        .iter()
        .map(|habit| vec![format!("`{}`", habit.operation), format!("{}", habit.times)]);
    let habits = table(&cells(&["an active user, in a month", "times"]), &habits.collect::<Vec<_>>());
    Ok(format!(
        "## A month\n\n\
        Dollars, by the number of users who are active in it. Each of them does this, on {} days; what follows in the background is in \
        the lines.\n\n{habits}\n{}",
        inputs.model.active_days,
        table(&per_user_head("dollars a month"), &rows),
    ))
}
