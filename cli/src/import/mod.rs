//! `usher import`: accounts from another system, with the hashes of their passwords.
//!
//! Each line is checked whole and then written in one transaction, or reported. What
//! is there already is left as it is, so a run that was cut short is simply repeated.

mod columns;
mod keycloak;
mod pace;
mod report;
mod row;
mod source;
mod write;

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indicatif::{ProgressBar, ProgressStyle};
use shared::clock::Clock;
use tokio::task::JoinSet;

use crate::args::{Import, Target};
use crate::connect::{explain, store};
use crate::export::app_secret;
use crate::failure::Failure;
use crate::sealed;

use pace::Pace;
use report::{Outcome, Report};
use row::{Row, Seen};
use source::Line;
use write::{Way, Written};

/// Imports a file's accounts.
pub(crate) async fn run(target: &Target, options: Import) -> Result<String, Failure> {
    let columns = columns::Map::new(&options)?;
    let secret = options.app_secret.as_deref().map(app_secret).transpose()?;
    let store = store(target).await?;
    let file = File::open(&options.file)
        .map_err(|error| Failure::new(format!("{}: {error}", options.file.display())))?;
    let mut run = Run {
        target,
        report: Report::new(options.report.as_deref())?,
        pace: Pace::new(),
        tasks: JoinSet::new(),
    };
    let bar = bar(file.metadata().map_or(0, |file| file.len()));
    let content = sealed::open(bar.wrap_read(file), options.identity.as_deref())?;
    let mut seen = Seen::default();
    let has_answered = Arc::new(AtomicBool::new(false));
    let now = Clock::system().now();
    for Line { number, fields } in source::open(&options.file, content)? {
        let row = fields.and_then(|fields| Row::read(columns.apply(fields), secret.as_ref(), now));
        let row = match row.and_then(|row| seen.take(number, row)) {
            Ok(row) => row,
            Err(problems) => {
                run.report.add(number, Outcome::Refused(problems))?;
                continue;
            }
        };
        while run.tasks.len() >= run.pace.at_once() {
            run.finish_one().await?;
        }
        let way = Way {
            is_dry: options.dry_run,
            looks_first: run.report.last_was_there(),
            has_answered: has_answered.clone(),
        };
        let store = store.clone();
        run.tasks.spawn(async move { (number, write::write(&store, &row, &way).await) });
    }
    while !run.tasks.is_empty() {
        run.finish_one().await?;
    }
    bar.finish_and_clear();
    run.report.close(options.dry_run)
}

/// An import under way.
struct Run<'a> {
    target: &'a Target,
    report: Report,
    pace: Pace,
    tasks: JoinSet<(u64, Written)>,
}

impl Run<'_> {
    /// Waits until an account is done, and writes down what became of it.
    async fn finish_one(&mut self) -> Result<(), Failure> {
        let Some(done) = self.tasks.join_next().await else { return Ok(()) };
        let (number, Written { outcome, failures }) = done?;
        self.pace.done(failures);
        let outcome = outcome.map_err(|error| {
            let done = self.report.so_far();
            Failure::new(format!(
                "stopped at line {number}: {}; {done}. Run it again to go on",
                explain(self.target, &error)
            ))
        })?;
        self.report.add(number, outcome)
    }
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
