//! `usher export`: every account as JSON Lines that `usher import` takes back.

mod line;
mod output;

use std::io::Write as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use shared::model::Status;
use shared::store::Account;
use shared::token::AppSecret;

use crate::args::{Export, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;

use output::Output;

/// Exports all accounts, a page at a time.
pub(crate) async fn run(target: &Target, options: Export) -> Result<String, Failure> {
    let secret = options.app_secret.as_deref().filter(|_| options.open_factors);
    let secret = secret.map(app_secret).transpose()?;
    let store = store(target).await?;
    let mut output = Output::open(options.output.as_deref(), &options.recipients)?;
    let bar = bar();
    let (mut count, mut deleted, mut unreadable, mut after) = (0_u64, 0_u64, 0_u64, None);
    loop {
        let page = store.accounts(after).await.map_err(|error| explain(target, &error))?;
        for Account { user, factor } in &page.accounts {
            if user.status == Status::Deleted {
                deleted += 1;
                continue;
            }
            serde_json::to_writer(&mut output, &line::line(user, factor.as_ref(), secret.as_ref())?)?;
            output.write_all(b"\n")?;
            count += 1;
        }
        for id in page.unreadable {
            unreadable += 1;
            bar.suspend(|| eprintln!("{id} does not read as an account and is left out"));
        }
        bar.set_position(count);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    output.finish()?;
    bar.finish_and_clear();
    // Standard output may be the export itself.
    let left =
        if deleted > 0 { format!("; {deleted} left out that deleted themselves") } else { String::new() };
    eprintln!("{count} accounts exported{left}");
    match unreadable {
        0 => Ok(String::new()),
        _ => Err(Failure::new(format!("{unreadable} accounts are wanting in the export, see above"))),
    }
}

/// What `APP_SECRET` holds.
pub(crate) fn app_secret(text: &str) -> Result<AppSecret, Failure> {
    AppSecret::parse(text).ok_or_else(|| {
        let least = AppSecret::MIN_LENGTH;
        Failure::new(format!("APP_SECRET must be one value, or new,old, of at least {least} characters each"))
    })
}

/// Shown where standard error is a terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} accounts, {per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
