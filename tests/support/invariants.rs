//! What holds for the whole table between any two requests, whatever failed in
//! them: a checker that reads every item and lists what does not hold.
//!
//! A new kind of item is a row in `invariants/kinds.rs`; what ties it to other
//! items is a function in a file beside it, called in [`Checker::judge`].

mod accounts;
mod audit;
mod kinds;
mod mails;
mod posts;
mod sessions;
mod stats;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::model::{Carrier, SessionId, UserId};
use shared::token::{AppSecret, RefreshToken, TicketToken};

use crate::{APP_SECRET, World};

/// All that is judged.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Every item.
    pub items: Vec<Value>,
    /// Every token that was mailed.
    pub mailed: HashSet<String>,
    /// The time.
    pub now: Timestamp,
    /// The sessions (`PK`) whose user is gone and that were refreshed all the same.
    pub ghosts: Vec<String>,
}

/// Remembers whether there ever was an active admin: then one has to remain.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checker {
    had_admin: bool,
}

impl Checker {
    /// A checker of a table that it has not seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What does not hold in the world's table now; nothing is good. Sessions of
    /// users that are gone are tried: they must not work.
    pub async fn check(&mut self, world: &World) -> Vec<String> {
        let mailed = world.mailbox.messages().iter().filter_map(|mail| token(&mail.text)).collect();
        self.judge(&Snapshot::of(world, mailed).await)
    }

    /// What does not hold.
    pub fn judge(&mut self, snapshot: &Snapshot) -> Vec<String> {
        let table = Table::new(snapshot);
        let mut found = kinds::violations(snapshot);
        found.extend(accounts::violations(&table));
        found.extend(sessions::violations(&table));
        found.extend(mails::violations(&table));
        found.extend(audit::violations(&table));
        found.extend(stats::violations(&table));
        found.extend(posts::violations(&table));
        let has_admin = table.users().any(|user| user["role"] == "admin" && user["status"] == "active");
        if self.had_admin && !has_admin {
            found.push("no active admin is left".to_owned());
        }
        self.had_admin |= has_admin;
        found
    }
}

impl Snapshot {
    /// The world's table as it is now, when these tokens were mailed.
    pub async fn of(world: &World, mailed: HashSet<String>) -> Self {
        let mut snapshot = Self { items: world.items().await, mailed, now: world.now(), ghosts: Vec::new() };
        let table = Table::new(&snapshot);
        let orphans: Vec<Value> = table.orphans().cloned().collect();
        for session in orphans {
            if refreshes(world, &session).await {
                snapshot.ghosts.push(text(&session, "PK").to_owned());
            }
        }
        snapshot
    }
}

/// Whether the session can be refreshed by whoever holds its token.
async fn refreshes(world: &World, session: &Value) -> bool {
    let user: Option<UserId> = text(session, "PK").trim_start_matches("USER#").parse().ok();
    let id: Option<SessionId> = text(session, "SK").trim_start_matches("SESSION#").parse().ok();
    let (Some(user), Some(session_id), Some(counter)) = (user, id, session["counter"].as_u64()) else {
        return false;
    };
    let token = RefreshToken { user, session: session_id, counter }.encode(&secret(), Carrier::Json);
    world.post("/auth/refresh", json!({ "refresh_token": token })).await.status == 200
}

fn secret() -> AppSecret {
    AppSecret::parse(APP_SECRET).unwrap()
}

/// What follows `token=`, or `revoke=`, in a mail's text.
#[must_use]
pub fn token(text: &str) -> Option<String> {
    let link = text.split("token=").nth(1).or_else(|| text.split("revoke=").nth(1))?;
    link.split_whitespace().next().map(str::to_owned)
}

/// The snapshot by keys.
struct Table<'a> {
    snapshot: &'a Snapshot,
    by_key: BTreeMap<(&'a str, &'a str), &'a Value>,
}

impl<'a> Table<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let by_key = snapshot.items.iter().map(|item| ((text(item, "PK"), text(item, "SK")), item));
        Self { snapshot, by_key: by_key.collect() }
    }

    fn get(&self, pk: &str, sk: &str) -> Option<&'a Value> {
        self.by_key.get(&(pk, sk)).copied()
    }

    /// Items whose `PK` begins and `SK` begins so.
    fn all<'b>(&'b self, pk: &'b str, sk: &'b str) -> impl Iterator<Item = &'a Value> + 'b {
        let matches = move |(p, s): &(&str, &str)| p.starts_with(pk) && s.starts_with(sk);
        self.by_key.iter().filter(move |(key, _)| matches(key)).map(|(_, item)| *item)
    }

    fn users(&self) -> impl Iterator<Item = &'a Value> + '_ {
        self.all("USER#", "PROFILE")
    }

    fn user(&self, id: &str) -> Option<&'a Value> {
        self.get(&format!("USER#{id}"), "PROFILE")
    }

    /// Sessions without a user.
    fn orphans(&self) -> impl Iterator<Item = &'a Value> + '_ {
        self.all("USER#", "SESSION#").filter(|session| self.get(text(session, "PK"), "PROFILE").is_none())
    }

    /// Whether the link of the ticket or mail of that id was mailed.
    fn was_mailed(&self, id: &str) -> bool {
        let token = id.parse().ok().map(|id| TicketToken(id).encode(&secret()));
        token.is_some_and(|token| self.snapshot.mailed.contains(&token))
    }
}

/// A text of an item, or nothing.
fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap_or_default()
}

/// Names an item in a message.
fn name(item: &Value) -> String {
    format!("{} / {}", text(item, "PK"), text(item, "SK"))
}

fn read<T: DeserializeOwned>(item: &Value) -> Option<T> {
    serde_json::from_value(item.clone()).ok()
}
