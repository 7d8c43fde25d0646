//! Each item by itself: of a kind that is known, readable, and with the index
//! keys and the `ttl` that its kind needs and no others.

use jiff::Timestamp;
use serde_json::Value;
use shared::model::{Mail, Session, Ticket, User};
use shared::store::{PrivateKey, PublicKeys};

use super::{Snapshot, name, read, text};

/// A kind of item.
struct Kind {
    /// What its `PK` is, or begins with if it ends in `#`.
    pk: &'static str,
    /// The same of its `SK`; nothing: an id.
    sk: &'static str,
    /// The index's partition that lists it under what follows the `#` of its `PK`.
    listing: Option<&'static str>,
    /// Whether it goes by itself.
    has_ttl: bool,
    /// Whether it reads as what it is.
    reads: fn(&Value) -> bool,
}

/// Every kind of item. A new one is a row here.
const KINDS: &[Kind] = &[
    kind("USER#", "PROFILE", |item| read::<User>(item).is_some()).listed("USERS"),
    kind("USER#", "SESSION#", |item| read::<Session>(item).is_some()).expiring(),
    kind("EMAIL#", "CLAIM", |item| item["email"].is_string()).listed("EMAILS"),
    kind("USERNAME#", "CLAIM", |item| item["username"].is_string()).listed("USERNAMES"),
    kind("ADMINS", "", |item| item["user_id"] == item["SK"]),
    kind("TICKET#", "TICKET", |item| read::<Ticket>(item).is_some()).expiring(),
    // One that does not read is marked, and then harmless.
    kind("MAIL#", "MAIL", |item| read::<Mail>(item).is_some() || item["failure"].is_string()).expiring(),
    kind("KEYS", "PUBLIC", |item| read::<PublicKeys>(item).is_some()),
    kind("PRIVATEKEY#", "KEY", |item| read::<PrivateKey>(item).is_some()),
];

const fn kind(pk: &'static str, sk: &'static str, reads: fn(&Value) -> bool) -> Kind {
    Kind { pk, sk, listing: None, has_ttl: false, reads }
}

impl Kind {
    const fn listed(self, partition: &'static str) -> Self {
        Self { listing: Some(partition), ..self }
    }

    const fn expiring(self) -> Self {
        Self { has_ttl: true, ..self }
    }

    fn is_of(&self, item: &Value) -> bool {
        fits(self.pk, text(item, "PK")) && fits(self.sk, text(item, "SK"))
    }

    fn violations(&self, item: &Value) -> Vec<&'static str> {
        let mut found = Vec::new();
        if !(self.reads)(item) {
            found.push("does not read as what it is");
        }
        let listed = item["GSI1PK"].as_str().zip(item["GSI1SK"].as_str());
        let has_index_keys = !item["GSI1PK"].is_null() || !item["GSI1SK"].is_null();
        let id = text(item, "PK").split_once('#').map_or("", |(_, id)| id);
        match self.listing {
            Some(partition) if listed != Some((partition, id)) => {
                found.push("is not in the index as it should be")
            }
            None if has_index_keys => found.push("is in the index"),
            _ => {}
        }
        if self.has_ttl && !item["failure"].is_string() && item["ttl"].as_i64().is_none() {
            found.push("has no ttl");
        }
        if !self.has_ttl && !item["ttl"].is_null() {
            found.push("has a ttl: it would go by itself");
        }
        if let Some(expiry) = read::<Timestamp>(&item["expires_at"])
            && item["ttl"].as_i64() != Some(expiry.as_second())
        {
            found.push("has a ttl that is not its expiry");
        }
        found
    }
}

fn fits(pattern: &str, key: &str) -> bool {
    if pattern.is_empty() || pattern.ends_with('#') {
        key.len() > pattern.len() && key.starts_with(pattern)
    } else {
        key == pattern
    }
}

pub(super) fn violations(snapshot: &Snapshot) -> Vec<String> {
    let mut found = Vec::new();
    for item in &snapshot.items {
        let Some(kind) = KINDS.iter().find(|kind| kind.is_of(item)) else {
            found.push(format!(
                "{}: is of no known kind; a new kind needs a row in tests/support/invariants/kinds.rs",
                name(item)
            ));
            continue;
        };
        found.extend(kind.violations(item).into_iter().map(|what| format!("{}: {what}", name(item))));
    }
    found
}
