//! The mailer: what mails say, and SES, which sends them.

mod message;
mod ses;
mod texts;

pub use message::Message;
pub use ses::{MailError, Mailer};
