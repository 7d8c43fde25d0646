//! `usher mail retry`.

use jiff::SignedDuration;
use shared::clock::Clock;

use crate::args::{Retry, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;

/// Puts the mails that were not sent into the outbox anew.
pub(crate) async fn retry(target: &Target, options: &Retry) -> Result<String, Failure> {
    let store = store(target).await?;
    let now = Clock::system().now();
    let age = SignedDuration::try_from(options.older_than)?;
    let mails = store.waiting_mails().await.map_err(|error| explain(target, &error))?;
    let (mut again, mut young) = (0, 0);
    for mail in mails {
        if mail.failure.is_none() && now.duration_since(mail.id.created_at()) < age {
            young += 1;
        } else if store.retry_mail(&mail).await.map_err(|error| explain(target, &error))? {
            again += 1;
        }
    }
    let left = if young > 0 { format!("; {young} younger ones left to the stream") } else { String::new() };
    Ok(format!("{again} put into the outbox anew{left}"))
}
