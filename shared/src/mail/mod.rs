//! The mailer: what mails say, and SES, which sends them.

mod message;
mod own;
mod ses;
mod texts;

pub use message::Message;
pub use own::{Flaw, OwnTexts, OwnWords, Words};
pub use ses::{MailError, Mailer};
