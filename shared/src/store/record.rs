//! Values of the model as items: where each lives, and until when.

use jiff::Timestamp;

use super::key::{Key, Listing, Record, USERS};
use crate::model::{AuditEvent, Comment, Mail, MailId, Post, Session, Ticket, User, UserId};

impl Record for User {
    fn key(&self) -> Key {
        Key::user(self.id)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { partition: USERS.into(), sort: self.id.to_string() })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.deletion.map(|deletion| deletion.purge_at)
    }
}

impl Record for Session {
    fn key(&self) -> Key {
        Key::session(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Record for Ticket {
    fn key(&self) -> Key {
        Key::ticket(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Record for Mail {
    fn key(&self) -> Key {
        Key::mail(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(last_of(self.id))
    }
}

/// A mail that could not be sent in 14 days is of no use to anyone.
pub(super) fn last_of(mail: MailId) -> Timestamp {
    let kept = jiff::SignedDuration::from_hours(24 * 14);
    mail.created_at().saturating_add(kept).unwrap_or(Timestamp::MAX)
}

/// The index's partition of a day's audit events.
pub(super) fn audit_day(time: Timestamp) -> String {
    format!("AUDIT#{}", time.strftime("%Y-%m-%d"))
}

impl Record for AuditEvent {
    fn key(&self) -> Key {
        Key::audit(self.subject, self.id)
    }

    fn listing(&self) -> Option<Listing> {
        let partition = audit_day(self.time).into();
        self.is_change().then(|| Listing { partition, sort: self.id.to_string() })
    }

    /// Thirteen months: long enough to compare with the same season a year ago. What
    /// is nobody's is there for a day.
    fn expires_at(&self) -> Option<Timestamp> {
        let days = if self.subject == UserId::NOBODY { 1 } else { 400 };
        self.time.checked_add(jiff::SignedDuration::from_hours(24 * days)).ok()
    }
}

impl Record for Post {
    fn key(&self) -> Key {
        Key::post(self.id)
    }
}

impl Record for Comment {
    fn key(&self) -> Key {
        Key::comment(self.post_id, self.id)
    }
}
