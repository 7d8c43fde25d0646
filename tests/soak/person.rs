//! What people do, about as often as they do it.

use serde_json::json;
use tests::Person;

use crate::account::Account;

/// Lives until the time is over.
pub(crate) async fn live(mut account: Account<'_>) {
    while account.hall.is_open() {
        if account.is_unsure() {
            account.sign_in().await;
            continue;
        }
        step(&mut account).await;
        account.pause(40).await;
    }
}

async fn step(account: &mut Account<'_>) {
    match account.rng.u32(..100) {
        0..40 => drop(account.ask("get_me", "GET", "/users/me", None, &["200"]).await),
        40..58 => refresh(account).await,
        58..66 => {
            let body = json!({ "name": account.fresh("Somebody") });
            account.ask("update_me", "PATCH", "/users/me", Some(body), &["200"]).await;
        }
        66..71 => drop(account.ask("list_my_sessions", "GET", "/users/me/sessions", None, &["200"]).await),
        71..77 => another_device(account).await,
        77..81 => wrong_password(account).await,
        81..85 => change_password(account).await,
        85..89 => forget_password(account).await,
        89..92 => move_address(account).await,
        92..95 => {
            let body = json!({ "username": account.fresh("name") });
            account.ask("update_me", "PATCH", "/users/me", Some(body), &["200"]).await;
        }
        95..97 => {
            account.ask("logout", "POST", "/auth/logout?scope=others", None, &["204"]).await;
        }
        97..99 => {
            account.may_be_gone = true;
            // More than 5 minutes after the last sign-in it is refused.
            let expected = ["204", "403 reauthentication_required"];
            let reply = account.ask("delete_me", "DELETE", "/users/me", None, &expected).await;
            account.may_be_gone = reply.status != 403;
            account.person = account.person.take().filter(|_| reply.status == 403);
        }
        _ => {
            let body = json!({ "email": account.emails[0], "password": "a password of somebody else" });
            account.post("register", "/auth/register", &body, &["202"]).await;
        }
    }
}

/// Refreshes; whoever gets no answer tries with the same token again.
async fn refresh(account: &mut Account<'_>) {
    let Some(person) = account.person.clone() else { return };
    let body = json!({ "refresh_token": person.refresh_token });
    for _ in 0..5 {
        let reply = account.post("refresh", "/auth/refresh", &body, &["200"]).await;
        if reply.status == 200 {
            return account.goes_on_as(Person::from_tokens(&reply.body, &person.password));
        }
        if reply.status != 503 {
            let wrong = format!("client {}: refresh after 503: {} {}", account.n, reply.status, reply.body);
            return account.hall.tally.unexpected(wrong);
        }
        account.pause(200).await;
    }
}

/// Signs in on another device and out on this one.
async fn another_device(account: &mut Account<'_>) {
    let old = account.person.clone();
    account.sign_in().await;
    if let Some(old) = old.filter(|_| !account.is_unsure()) {
        let call = tests::Call::new("POST", "/auth/logout").token(&old.access_token);
        account.send("logout", call, &["204"]).await;
    }
}

async fn wrong_password(account: &mut Account<'_>) {
    let body = json!({ "email": account.emails[0], "password": "not my password at all" });
    account.post("login", "/auth/login", &body, &["401 invalid_credentials"]).await;
}

async fn change_password(account: &mut Account<'_>) {
    let new = account.fresh("another password that is long");
    let body = json!({ "current_password": account.passwords[0], "new_password": new });
    account.passwords.insert(0, new);
    let reply =
        account.ask("change_password", "POST", "/users/me/change-password", Some(body), &["204"]).await;
    if reply.status == 204 {
        account.passwords.truncate(1);
    }
}

async fn forget_password(account: &mut Account<'_>) {
    let email = account.emails[0].clone();
    let known = account.hall.inbox.count(&email, "reset-password");
    account.post("forgot_password", "/auth/forgot-password", &json!({ "email": email }), &["202"]).await;
    let Some(token) = account.hall.inbox.token(&email, "reset-password", known).await else {
        account.expects_a_late_mail = true;
        return account.hall.tally.note("gave up waiting for a mail");
    };
    let new = account.fresh("a password set by mail");
    let body = json!({ "token": token, "new_password": new });
    account.passwords.insert(0, new);
    let expected: &[&str] =
        if account.expects_a_late_mail { &["204", "400 invalid_token"] } else { &["204"] };
    let reply = account.insist("reset_password", "/auth/reset-password", &body, expected).await;
    if reply.status == 204 {
        account.passwords.truncate(1);
    }
    account.person = None;
}

async fn move_address(account: &mut Account<'_>) {
    let new = account.fresh_email();
    let body = json!({ "new_email": new, "current_password": account.passwords[0] });
    let reply = account.ask("change_email", "POST", "/users/me/change-email", Some(body), &["202"]).await;
    if reply.status != 202 {
        return;
    }
    let Some(token) = account.hall.inbox.token(&new, "confirm-email", 0).await else {
        return account.hall.tally.note("gave up waiting for a mail");
    };
    account.emails.insert(0, new);
    let reply =
        account.insist("verify_email", "/auth/verify-email", &json!({ "token": token }), &["204"]).await;
    if reply.status == 204 {
        account.emails.truncate(1);
    }
}
