//! `usher mail`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};
use shared::model::Locale;

#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Put the mails that were not sent into the outbox anew
    ///
    /// Those that SES refused for good, and those that wait for longer than
    /// --older-than: the stream has given them up. Reads the whole table.
    Retry(Retry),
    /// Show what every mail says
    ///
    /// In one language, as text; with --html, each as a page of its own in a directory.
    /// The built-in words, without a table; your own with --own or --texts.
    Preview(Preview),
    /// Your own words for mails, in the table: no deployment is needed
    Texts {
        #[command(subcommand)]
        command: TextsCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TextsCommand {
    /// Set them for a language; what the file leaves out stays as it is built in
    Set(SetTexts),
    /// Show which languages have some
    List,
    /// Go back to the built-in words of a language
    Remove {
        /// The language's tag
        #[arg(long, value_parser = locale)]
        locale: Locale,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SetTexts {
    /// The language's tag
    #[arg(long, value_parser = locale)]
    pub(crate) locale: Locale,
    /// Sections as docs/mail-texts.md has them
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Preview {
    /// The language's tag; without it, every language
    #[arg(long, value_parser = locale)]
    pub(crate) locale: Option<Locale>,
    /// With the words that are set in the table
    #[arg(long, conflicts_with = "texts")]
    pub(crate) own: bool,
    /// With the words of a file that is not set yet
    #[arg(long, value_name = "FILE", requires = "locale")]
    pub(crate) texts: Option<PathBuf>,
    /// Write pages there; it is made
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Retry {
    /// Leave younger ones, which the stream may be bringing to the mailer now
    #[arg(long, value_name = "MINUTES", default_value = "60", value_parser = minutes)]
    pub(crate) older_than: Duration,
}

fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: u64 = text.parse().map_err(|_| "a whole number of minutes")?;
    Ok(Duration::from_secs(minutes * 60))
}

fn locale(text: &str) -> Result<Locale, String> {
    let tags = || Locale::ALL.map(Locale::tag).join(", ");
    Locale::of_tag(text).ok_or_else(|| format!("one of {}", tags()))
}
