//! `usher mail retry` and `usher mail preview`.

use std::fs;

use jiff::SignedDuration;
use shared::clock::Clock;
use shared::mail::{Message, OwnWords, Words};
use shared::model::Locale;

use crate::args::{Preview, Retry, Target};
use crate::connect::{explain, store};
use crate::failure::Failure;
use crate::mail_texts;

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

/// What every mail says, as text; or as pages in a directory.
pub(crate) async fn preview(target: &Target, options: &Preview) -> Result<String, Failure> {
    let locales = options.locale.map_or_else(|| Locale::ALL.to_vec(), |locale| vec![locale]);
    let mut all = Vec::new();
    for locale in locales {
        all.push((locale, Message::all(words(target, options, locale).await?)));
    }
    let Some(directory) = &options.html else {
        let mails = all.into_iter().flat_map(|(_, mails)| mails);
        let texts = mails.map(|mail| format!("Subject: {}\n\n{}", mail.subject, mail.text));
        return Ok(texts.collect::<Vec<_>>().join("\n---\n"));
    };
    fs::create_dir_all(directory)?;
    let mut count = 0;
    for (locale, mails) in all {
        for (number, mail) in (1..).zip(mails) {
            fs::write(directory.join(format!("{}-{number:02}.html", locale.tag())), mail.html)?;
            count += 1;
        }
    }
    Ok(format!("{count} pages in {}", directory.display()))
}

/// The words to show: the table's as the mailer takes them.
async fn words(target: &Target, options: &Preview, locale: Locale) -> Result<Words, Failure> {
    if let Some(file) = &options.texts {
        return Ok(Words::with(locale, mail_texts::read(file)?.1));
    }
    if !options.own {
        return Ok(locale.into());
    }
    let store = store(target).await?;
    OwnWords::default().of(&store, locale).await.map_err(|error| explain(target, &error))
}
