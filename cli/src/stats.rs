//! `usher stats`: what the worker counted, and whether it is right.

use indicatif::ProgressBar;
use shared::clock::Clock;
use shared::model::{Day, Role, Standing, Status, Totals};
use shared::store::{Store, StoreError};

use crate::args::{Stats, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;

pub(crate) async fn run(target: &Target, options: &Stats) -> Result<String, Failure> {
    let clock = Clock::system();
    let store = store(target).await?;
    if options.repair {
        let bar = bar("users counted anew");
        let done = store.repair_totals(|number| bar.set_position(number)).await;
        done.map_err(|error| explain(target, &error))?;
        bar.finish_and_clear();
    }
    if options.recount || options.repair {
        let bar = bar("users counted");
        let recount = store.recount(|number| bar.set_position(number)).await;
        let recount = recount.map_err(|error| explain(target, &error))?;
        bar.finish_and_clear();
        let differences = differences(&recount.kept, &recount.found);
        if differences.is_empty() {
            return Ok(format!("{}\nThe list of users says the same.", totals(&recount.kept)));
        }
        let advice = if recount.is_moving {
            "Users were counted meanwhile: run it again."
        } else {
            "The worker may be some seconds behind: run it again. If it stays, --repair sets it right."
        };
        return Err(Failure::new(format!("the totals are wrong\n{}\n{advice}", differences.join("\n"))));
    }
    let days = shown(&store, Day::of(clock.now()), options.days).await;
    days.map_err(|error| explain(target, &error))
}

/// The totals, then a line for each day and month.
async fn shown(store: &Store, today: Day, days: u16) -> Result<String, StoreError> {
    let from = today.plus(1 - i32::from(days));
    let mut lines = vec![totals(&store.user_totals().await?), String::new()];
    lines.push(format!("{:<10}  {:>9}  {:>9}  {:>9}", "", "sign-ups", "sign-ins", "active"));
    for one in store.days(from, today).await? {
        lines.push(format!("{}  {:>9}  {:>9}  {:>9}", one.day, one.sign_ups, one.sign_ins, one.active_users));
    }
    for one in store.months(from, today).await? {
        lines.push(format!("{:<10}  {:>31}", one.month, one.active_users));
    }
    Ok(lines.join("\n"))
}

fn bar(what: &'static str) -> ProgressBar {
    ProgressBar::new_spinner().with_message(what).with_style(
        indicatif::ProgressStyle::with_template("{pos} {msg}")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
    )
}

fn totals(totals: &Totals) -> String {
    let mut lines = vec![("users", totals.sum(|_| true))];
    let with_status = |status: Status| (status.as_str(), totals.sum(|one| one.status == status));
    let with_role = |role: Role| (role.as_str(), totals.sum(|one| one.role == role));
    lines.extend(Status::ALL.map(with_status));
    lines.extend(Role::ALL.map(with_role));
    let lines = lines.into_iter().enumerate().map(|(at, (name, number))| {
        let name = if at == 0 { name.to_owned() } else { format!("  {name}") };
        format!("{name:<16}{number:>9}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line for each standing of which another number was found.
fn differences(kept: &Totals, found: &Totals) -> Vec<String> {
    let wrong = Standing::all().filter(|standing| kept.of(*standing) != found.of(*standing));
    let line = |one: Standing| {
        let (status, role) = (one.status.as_str(), one.role.as_str());
        format!("  {status} {role}: {} are counted, {} are listed", kept.of(one), found.of(one))
    };
    wrong.map(line).collect()
}
