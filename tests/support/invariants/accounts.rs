//! Each user has its claims, each claim its user; each admin its place among the
//! admins, each place its admin.

use serde_json::Value;

use super::{Table, name, text};

pub(super) fn violations(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |item: &Value, what: &str| found.push(format!("{}: {what}", name(item)));
    for user in table.users() {
        user_violations(table, user, &mut say);
    }
    for claim in table.all("EMAIL#", "CLAIM") {
        let user = table.user(text(claim, "user_id"));
        if user.is_none_or(|user| user["email"] != claim["email"]) {
            say(claim, "is an address that no user has");
        }
        if text(claim, "PK") != format!("EMAIL#{}", text(claim, "email")) {
            say(claim, "claims another address than its key");
        }
    }
    for claim in table.all("USERNAME#", "CLAIM") {
        let lower = text(claim, "PK").trim_start_matches("USERNAME#");
        let user = table.user(text(claim, "user_id"));
        if user.is_none_or(|user| text(user, "username").to_lowercase() != lower) {
            say(claim, "is a username that no user has");
        }
    }
    for factor in table.all("USER#", "TOTP") {
        match table.get(text(factor, "PK"), "PROFILE") {
            None => say(factor, "is a second factor of nobody"),
            Some(user) if user["mfa_since"].is_string() != factor["confirmed_at"].is_string() => {
                say(user, "disagrees with its second factor");
            }
            Some(_) => {}
        }
    }
    for admin in table.all("ADMINS", "") {
        if table.user(text(admin, "SK")).is_none_or(|user| user["role"] != "admin") {
            say(admin, "is among the admins but no admin");
        }
    }
    found
}

fn user_violations(table: &Table, user: &Value, say: &mut impl FnMut(&Value, &str)) {
    let id = text(user, "id");
    if text(user, "PK") != format!("USER#{id}") {
        say(user, "has another id than its key");
    }
    let owns = |claim: Option<&Value>| claim.is_some_and(|claim| claim["user_id"] == user["id"]);
    if !owns(table.get(&format!("EMAIL#{}", text(user, "email")), "CLAIM")) {
        say(user, "has no claim on its address");
    }
    let username = text(user, "username").to_lowercase();
    if !username.is_empty() && !owns(table.get(&format!("USERNAME#{username}"), "CLAIM")) {
        say(user, "has no claim on its username");
    }
    if user["mfa_since"].is_string() && table.get(text(user, "PK"), "TOTP").is_none() {
        say(user, "has no second factor, but it is asked for one");
    }
    let (is_deleted, is_listed) = (user["status"] == "deleted", table.get("ADMINS", id).is_some());
    if user["role"] == "admin" && !is_deleted && !is_listed {
        say(user, "is an admin but not among the admins");
    }
    if is_deleted && is_listed {
        say(user, "deleted itself, but is among the admins");
    }
    if is_deleted != user["deletion"].is_object() {
        say(user, "is deleted, or it is not");
    }
    let mine = [
        table.get(&format!("EMAIL#{}", text(user, "email")), "CLAIM"),
        table.get(&format!("USERNAME#{username}"), "CLAIM"),
        table.get(&format!("NAME#{id}"), "ENTRY"),
        table.get(text(user, "PK"), "TOTP").filter(|factor| factor["confirmed_at"].is_string()),
    ];
    if mine.into_iter().flatten().any(|item| item["purge_at"] != user["deletion"]["purge_at"]) {
        say(user, "does not go, or stay, with all that names it");
    }
}
