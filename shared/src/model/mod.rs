//! Plain values that arrive checked: if you hold one, it is valid. No I/O here.

mod audit;
mod email;
mod id;
mod locale;
mod mail;
mod name;
mod password;
mod post;
mod revocation;
mod session;
mod signing_key;
mod source;
mod stats;
mod ticket;
mod user;
mod username;

pub use audit::{Action, Actor, Agent, AuditEvent, network};
pub use email::Email;
pub use id::{CommentId, EventId, KeyId, MailId, PostId, SessionId, TicketId, UserId};
pub use locale::Locale;
pub use mail::{Mail, MailKind, Notice, Registration};
pub use name::{PersonName, listed_name};
pub use password::Password;
pub use post::{Comment, CommentDocument, Post, PostDocument, PostText, PostTitle};
pub use revocation::{Before, Undone};
pub use session::{AuthMethod, Carrier, Device, Session, SessionDocument};
pub use signing_key::{KeyState, LIST_FRESH, OVERLAP, PublicKey, PublicKeys};
pub use source::Source;
pub use stats::{Day, DayCounts, MonthCounts, Standing, Totals};
pub use ticket::{Ticket, TicketKind};
pub use user::{Deletion, PasswordHash, Role, Status, User, UserDocument};
pub use username::Username;

/// Why a value was refused: a stable `snake_case` code and a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Stable, for programs.
    pub code: &'static str,
    /// For people; never repeats the value.
    pub message: &'static str,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Invalid {}

/// Whether `text` holds a control character (a line break in a name would
/// break logs and mail headers).
fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}
