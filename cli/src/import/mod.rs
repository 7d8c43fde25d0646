//! `usher import`: accounts from another system, with the hashes of their passwords.
//!
//! Each line is checked whole and then written in one transaction, or reported. What
//! is there already is left as it is, so a run that was cut short is simply repeated.

mod columns;
mod keycloak;
mod report;
mod row;
mod source;
mod write;

use std::fs::File;

use indicatif::{ProgressBar, ProgressStyle};
use shared::clock::Clock;
use tokio::task::JoinSet;

use crate::args::{Import, Target};
use crate::connect::{explain, store};
use crate::export::app_secret;
use crate::failure::Failure;
use crate::sealed;

use report::{Outcome, Report};
use row::{Row, Seen};
use source::Line;

/// So many accounts are under way at a time.
const AT_ONCE: usize = 32;

/// Imports a file's accounts.
pub(crate) async fn run(target: &Target, options: Import) -> Result<String, Failure> {
    let columns = columns::Map::new(&options)?;
    let secret = options.app_secret.as_deref().map(app_secret).transpose()?;
    let store = store(target).await?;
    let file = File::open(&options.file)
        .map_err(|error| Failure::new(format!("{}: {error}", options.file.display())))?;
    let mut report = Report::new(options.report.as_deref())?;
    let bar = bar(file.metadata().map_or(0, |file| file.len()));
    let content = sealed::open(bar.wrap_read(file), options.identity.as_deref())?;
    let (mut seen, mut tasks) = (Seen::default(), JoinSet::new());
    let now = Clock::system().now();
    for Line { number, fields } in source::open(&options.file, content)? {
        let row = fields.and_then(|fields| Row::read(columns.apply(fields), secret.as_ref(), now));
        let row = match row.and_then(|row| seen.take(number, row)) {
            Ok(row) => row,
            Err(problems) => {
                report.add(number, Outcome::Refused(problems))?;
                continue;
            }
        };
        while tasks.len() >= AT_ONCE {
            finish(target, &mut tasks, &mut report).await?;
        }
        let (store, is_dry) = (store.clone(), options.dry_run);
        tasks.spawn(async move { (number, write::write(&store, &row, is_dry).await) });
    }
    while !tasks.is_empty() {
        finish(target, &mut tasks, &mut report).await?;
    }
    bar.finish_and_clear();
    report.close(options.dry_run)
}

type Written = (u64, Result<Outcome, shared::store::StoreError>);

async fn finish(target: &Target, tasks: &mut JoinSet<Written>, report: &mut Report) -> Result<(), Failure> {
    let Some(done) = tasks.join_next().await else { return Ok(()) };
    let (number, outcome) = done?;
    let outcome = outcome.map_err(|error| {
        let done = report.so_far();
        Failure::new(format!(
            "stopped at line {number}: {}; {done}. Run it again to go on",
            explain(target, &error)
        ))
    })?;
    report.add(number, outcome)
}

/// Shown where standard error is a terminal.
fn bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{wide_bar} {percent} % of {total_bytes}, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
