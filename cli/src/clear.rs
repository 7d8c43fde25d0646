//! `usher clear`: what was left of accounts and posts that are gone.

use indicatif::ProgressBar;
use shared::store::Orphans;

use crate::args::Target;
use crate::connect::{explain, store};
use crate::failure::Failure;

pub(crate) async fn run(target: &Target) -> Result<String, Failure> {
    let store = store(target).await?;
    let style = indicatif::ProgressStyle::with_template("{pos} items looked at")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style);
    let done = store.clear_orphans(|number| bar.set_position(number)).await;
    let Orphans { users, posts } = done.map_err(|error| explain(target, &error))?;
    bar.finish_and_clear();
    Ok(format!("Something was left of {users} accounts and {posts} posts that are gone; it is deleted now."))
}
