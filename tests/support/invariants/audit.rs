//! What happened to an account is written down: that it was made, how it came to
//! its role and status, each sign-in, and that it was deleted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Table, name, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut events: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for event in table.all("AUDIT#", "") {
        let subject = text(event, "PK").trim_start_matches("AUDIT#");
        if event["subject"] != subject || event["id"] != event["SK"] {
            found.push(format!("{}: tells of another account, or is another event", name(event)));
        }
        events.entry(subject).or_default().push(event);
    }
    let of = |user: &str| events.get(user).map_or(&[][..], Vec::as_slice);
    for user in table.users() {
        let events = of(text(user, "id"));
        let says = |detail: &str| events.iter().any(|event| event["details"][detail] == user[detail]);
        if !events.iter().any(|event| event["action"] == "user_created") {
            found.push(format!("{}: was made, but no event says so", name(user)));
        }
        for detail in ["role", "status"].into_iter().filter(|detail| !says(detail)) {
            found.push(format!("{}: has a {detail} that no event gave it", name(user)));
        }
    }
    let opened: BTreeSet<&str> = events
        .values()
        .flatten()
        .filter(|event| event["action"] == "authn_login_success")
        .filter_map(|event| event["details"]["session_id"].as_str())
        .collect();
    for session in table.all("USER#", "SESSION#").filter(|session| !opened.contains(text(session, "id"))) {
        found.push(format!("{}: was opened, but no event says so", name(session)));
    }
    for (subject, events) in &events {
        let is_told = events.iter().any(|event| event["action"] == "user_deleted");
        if table.user(subject).is_none() && !is_told {
            found.push(format!("USER#{subject}: is gone, but no event says so"));
        }
    }
    found
}
