//! No mail is lost: a ticket's link was mailed, or its mail waits and knows of it;
//! and a signing key has both halves.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::model::{Mail, Ticket};

use super::{Table, name, read, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let mut found = key_violations(table);
    let mut say = |item: &Value, what: &str| found.push(format!("{}: {what}", name(item)));
    // A sign-in that is half done is a ticket that nobody is mailed.
    for item in table.all("TICKET#", "TICKET").filter(|item| item["ticket"] != "mfa") {
        let id = text(item, "id");
        if text(item, "PK") != format!("TICKET#{id}") {
            say(item, "has another id than its key");
        }
        if owner_of(table, item).is_some_and(|owner| table.get(&format!("OF#{owner}"), id).is_none()) {
            say(item, "is somebody's, and would not be found when the account goes");
        }
        let is_over = read::<Ticket>(item).is_some_and(|ticket| ticket.expires_at <= table.snapshot.now);
        match table.get(&format!("MAIL#{id}"), "MAIL") {
            Some(mail) if mail["ticket_made"] != true => say(item, "is not known to its mail"),
            None if !is_over && !table.was_mailed(id) => say(item, "was mailed to nobody, and no mail waits"),
            _ => {}
        }
    }
    for item in table.all("MAIL#", "MAIL") {
        let Some(mail) = read::<Mail>(item) else { continue };
        let id = mail.id.to_string();
        if text(item, "PK") != format!("MAIL#{id}") {
            say(item, "has another id than its key");
        }
        let age = table.snapshot.now.duration_since(mail.id.created_at());
        let has_ticket = table.get(&format!("TICKET#{id}"), "TICKET").is_some();
        let is_fresh = age < mail.link_lifetime();
        if mail.ticket_made && is_fresh && !has_ticket && !table.was_mailed(&id) {
            say(item, "will not be sent: its ticket is gone, and nobody has had the link");
        }
    }
    found
}

/// Whose a ticket is, while there is the account.
fn owner_of(table: &Table, item: &Value) -> Option<String> {
    let owner = read::<Ticket>(item)?.kind.user_id()?.to_string();
    table.get(&format!("USER#{owner}"), "PROFILE").map(|_| owner)
}

fn key_violations(table: &Table) -> Vec<String> {
    let listed = table.get("KEYS", "PUBLIC").and_then(|item| item["keys"].as_array());
    let public: BTreeSet<&str> = listed.into_iter().flatten().map(|key| text(key, "kid")).collect();
    let private: BTreeSet<&str> = table.all("PRIVATEKEY#", "KEY").map(|item| text(item, "kid")).collect();
    let half = |kid: &&str, what: &str| format!("PRIVATEKEY#{kid}: {what}");
    let without_private = public.difference(&private).map(|kid| half(kid, "is published but not there"));
    let without_public = private.difference(&public).map(|kid| half(kid, "is there but not published"));
    without_private.chain(without_public).collect()
}
