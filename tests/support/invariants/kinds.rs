//! Each item by itself: of a kind that is known, readable, and with the index
//! keys and the `ttl` that its kind needs and no others.

use jiff::Timestamp;
use serde_json::Value;
use shared::model::{AuditEvent, Comment, Day, Mail, Post, Session, Ticket, User};

use super::{Snapshot, name, read, text};

/// A kind of item.
struct Kind {
    /// What its `PK` is, or begins with if it ends in `#`.
    pk: &'static str,
    /// The same of its `SK`; nothing: an id.
    sk: &'static str,
    /// Where the index lists it: partition and sort key.
    listing: fn(&Value) -> Option<(String, String)>,
    lasts: Lasts,
    /// Whether it reads as what it is.
    reads: fn(&Value) -> bool,
}

/// Whether an item goes by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lasts {
    ForEver,
    UntilItsTtl,
    /// As long as it is not confirmed it has an expiry and a `ttl`.
    WhenConfirmed,
    /// Once it says that its user is gone it has an expiry and a `ttl`.
    WhileCounted,
}

/// Every kind of item. A new one is a row here.
const KINDS: &[Kind] = &[
    kind("USER#", "PROFILE", |item| read::<User>(item).is_some()).listed(|item| under("USERS", item)),
    kind("USER#", "SESSION#", |item| read::<Session>(item).is_some()).lasting(Lasts::UntilItsTtl),
    kind("USER#", "TOTP", |item| item["sealed"].is_string()).lasting(Lasts::WhenConfirmed),
    kind("NAME#", "ENTRY", |item| item["name"].is_string()).listed(named),
    kind("ONCE#", "USER", |item| item["at"].is_string()).lasting(Lasts::UntilItsTtl),
    kind("EMAIL#", "CLAIM", |item| item["email"].is_string()).listed(|item| claimed("EMAILS", item)),
    kind("USERNAME#", "CLAIM", |item| item["username"].is_string()).listed(|item| claimed("USERNAMES", item)),
    kind("ADMINS", "", |item| item["user_id"] == item["SK"]),
    kind("TICKET#", "TICKET", |item| read::<Ticket>(item).is_some()).lasting(Lasts::UntilItsTtl),
    kind("OF#", "", |item| item["id"] == item["SK"]).lasting(Lasts::UntilItsTtl),
    // One that does not read is marked, and then harmless.
    kind("MAIL#", "MAIL", |item| read::<Mail>(item).is_some() || item["failure"].is_string())
        .lasting(Lasts::UntilItsTtl),
    kind("AUDIT#", "", |item| read::<AuditEvent>(item).is_some()).listed(day).lasting(Lasts::UntilItsTtl),
    kind("ATTEMPTS#", "COUNT", |_| true).lasting(Lasts::UntilItsTtl),
    kind("STATS#TOTALS", "COUNT", |item| item["version"].is_u64()),
    kind("STATS#DAYS", "", |item| text(item, "SK").parse::<Day>().is_ok()).lasting(Lasts::UntilItsTtl),
    kind("STATS#MONTHS", "", |item| item["active_users"].is_u64()),
    kind("STATS#USER#", "COUNTED", |item| item["version"].is_u64()).lasting(Lasts::WhileCounted),
    kind("STATS#USER#", "SIGNIN#", |item| item["what"] == item["SK"]).lasting(Lasts::UntilItsTtl),
    kind("STATS#USER#", "DAY#", |item| item["what"] == item["SK"]).lasting(Lasts::UntilItsTtl),
    kind("STATS#USER#", "MONTH#", |item| item["what"] == item["SK"]).lasting(Lasts::UntilItsTtl),
    kind("POST#", "POST", |item| read::<Post>(item).is_some()),
    kind("POST#", "COMMENT#", |item| read::<Comment>(item).is_some()),
    kind("POSTS", "POST#", |item| item["post_id"].is_string()),
    kind("AUTHOR#", "POST#", |item| item["post_id"].is_string()),
    kind("AUTHOR#", "COMMENT#", |item| item["post_id"].is_string() && item["comment_id"].is_string()),
    kind("MAILTEXTS", "", |item| item["text"].is_string() && item["locale"] == item["SK"]),
    kind("KEYS", "PUBLIC", |item| item["version"].is_u64() && item["keys"].is_array()),
    kind("PRIVATEKEY#", "KEY", |item| item["kid"].is_string() && item["sealed"].is_string()),
];

const fn kind(pk: &'static str, sk: &'static str, reads: fn(&Value) -> bool) -> Kind {
    Kind { pk, sk, listing: |_| None, lasts: Lasts::ForEver, reads }
}

/// In `partition`, under what follows the `#` of its `PK`.
fn under(partition: &str, item: &Value) -> Option<(String, String)> {
    let (_, id) = text(item, "PK").split_once('#')?;
    Some((partition.to_owned(), id.to_owned()))
}

/// The same, and then by whose it is.
fn claimed(partition: &str, item: &Value) -> Option<(String, String)> {
    let (partition, id) = under(partition, item)?;
    Some((partition, format!("{id}#{}", item["user_id"].as_str()?)))
}

/// By its name, and then by its id.
fn named(item: &Value) -> Option<(String, String)> {
    Some(("NAMES".to_owned(), format!("{}#{}", item["name"].as_str()?, item["user_id"].as_str()?)))
}

/// With the changes of its day, if it is one.
fn day(item: &Value) -> Option<(String, String)> {
    let event = read::<AuditEvent>(item).filter(AuditEvent::is_change)?;
    Some((format!("AUDIT#{}", event.time.strftime("%Y-%m-%d")), event.id.to_string()))
}

impl Kind {
    const fn listed(self, listing: fn(&Value) -> Option<(String, String)>) -> Self {
        Self { listing, ..self }
    }

    const fn lasting(self, lasts: Lasts) -> Self {
        Self { lasts, ..self }
    }

    fn is_of(&self, item: &Value) -> bool {
        fits(self.pk, text(item, "PK")) && fits(self.sk, text(item, "SK"))
    }

    fn violations(&self, item: &Value) -> Vec<&'static str> {
        let mut found = Vec::new();
        if !(self.reads)(item) {
            found.push("does not read as what it is");
        }
        let has_index_keys = !item["GSI1PK"].is_null() || !item["GSI1SK"].is_null();
        match (self.listing)(item) {
            Some((partition, sort))
                if (text(item, "GSI1PK"), text(item, "GSI1SK")) != (&partition, &sort) =>
            {
                found.push("is not in the index as it should be");
            }
            None if has_index_keys => found.push("is in the index"),
            _ => {}
        }
        let (has_ttl, is_marked) = (item["ttl"].as_i64().is_some(), item["failure"].is_string());
        let goes = match self.lasts {
            Lasts::ForEver => false,
            Lasts::UntilItsTtl => true,
            Lasts::WhenConfirmed => item["confirmed_at"].is_null(),
            Lasts::WhileCounted => item["status"].is_null(),
        };
        if goes && !has_ttl && !is_marked {
            found.push("has no ttl");
        }
        // What names a user that deleted itself goes with it.
        let purged = [&item["purge_at"], &item["deletion"]["purge_at"]].into_iter().find(|at| at.is_string());
        if !goes && purged.is_none() && !item["ttl"].is_null() {
            found.push("has a ttl: it would go by itself");
        }
        if let Some(expiry) = read::<Timestamp>(purged.unwrap_or(&item["expires_at"]))
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
