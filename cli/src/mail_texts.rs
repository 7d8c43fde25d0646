//! `usher mail texts`: the operator's own words, in the table.

use std::fs;
use std::path::Path;

use shared::clock::Clock;
use shared::mail::OwnTexts;
use shared::model::Locale;
use shared::store::MailText;

use crate::args::{SetTexts, Target, TextsCommand};
use crate::connect::{explain, store};
use crate::failure::Failure;

/// An item of the table has 400 KB.
const LONGEST: usize = 128 * 1024;

pub(crate) async fn run(target: &Target, command: TextsCommand) -> Result<String, Failure> {
    match command {
        TextsCommand::Set(options) => set(target, &options).await,
        TextsCommand::List => list(target).await,
        TextsCommand::Remove { locale } => {
            let removed = store(target).await?.remove_mail_text(locale).await;
            removed.map_err(|error| explain(target, &error))?;
            Ok(format!("{}: the built-in words are sent again within a minute", locale.tag()))
        }
    }
}

/// A file's words, or everything that is wrong with them.
pub(crate) fn read(path: &Path) -> Result<(String, OwnTexts), Failure> {
    let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    if text.len() > LONGEST {
        return Err(failure(format!("has more than {LONGEST} bytes")));
    }
    let (own, flaws) = OwnTexts::parse(&text);
    if flaws.is_empty() && own.count() > 0 {
        return Ok((text, own));
    }
    let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    let flaws = if flaws.is_empty() { "has no section".to_owned() } else { flaws.join("\n  ") };
    Err(failure(format!("nothing was set\n  {flaws}")))
}

async fn set(target: &Target, options: &SetTexts) -> Result<String, Failure> {
    let (text, own) = read(&options.file)?;
    let text = MailText { locale: options.locale, text, updated_at: Clock::system().now() };
    store(target).await?.set_mail_text(&text).await.map_err(|error| explain(target, &error))?;
    Ok(format!("{}: {} sections, in mails within a minute", options.locale.tag(), own.count()))
}

async fn list(target: &Target) -> Result<String, Failure> {
    let texts = store(target).await?.mail_texts().await.map_err(|error| explain(target, &error))?;
    let lines = texts.iter().map(|MailText { locale, text, updated_at }| {
        let (own, flaws) = OwnTexts::parse(text);
        let broken = if flaws.is_empty() { String::new() } else { format!(", {} flaws", flaws.len()) };
        format!("{}  {} sections{broken}, set {updated_at}", Locale::tag(*locale), own.count())
    });
    let lines: Vec<String> = lines.collect();
    Ok(if lines.is_empty() { "the built-in words, in every language".to_owned() } else { lines.join("\n") })
}
