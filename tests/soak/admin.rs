//! What admins do, to accounts of which each has its own.

use serde_json::{Value, json};
use shared::model::Role;
use tests::{PASSWORD, Person};

use crate::account::Account;

/// Lives until the time is over.
pub(crate) async fn live(mut account: Account<'_>) {
    let email = account.fresh_email();
    let me = account.world.make_user(&email, |user| user.role = Role::Admin).await;
    (account.emails, account.passwords) = (vec![me.email.to_string()], vec![PASSWORD.to_owned()]);
    account.may_be_gone = false;
    let subject_email = account.fresh_email();
    let mut subject = account.world.make_user(&subject_email, |_| ()).await;
    while account.hall.is_open() {
        if account.is_unsure() {
            account.sign_in().await;
            continue;
        }
        if subject.role == Role::Admin {
            // Gone: another one.
            let email = account.fresh_email();
            subject = account.world.make_user(&email, |_| ()).await;
        }
        if step(&mut account, &subject.id.to_string(), subject.email.as_str()).await {
            subject.role = Role::Admin;
        }
        account.pause(40).await;
    }
}

/// `true`: the subject was deleted.
async fn step(account: &mut Account<'_>, id: &str, email: &str) -> bool {
    let path = format!("/admin/users/{id}");
    match account.rng.u32(..100) {
        0..30 => drop(account.ask("list_users", "GET", "/admin/users?limit=25", None, &["200"]).await),
        30..45 => drop(account.ask("admin_get_user", "GET", &path, None, &["200"]).await),
        45..55 => {
            let body = json!({ "name": account.fresh("Subject") });
            account.ask("admin_update_user", "PATCH", &path, Some(body), &["200"]).await;
        }
        55..65 => shut_out_and_let_in(account, &path, email).await,
        65..75 => promote_and_demote(account, &path).await,
        75..85 => sign_in_and_end(account, &path, email).await,
        85..97 => drop(account.ask("get_me", "GET", "/users/me", None, &["200"]).await),
        _ => {
            for _ in 0..20 {
                let reply = account.ask("admin_delete_user", "DELETE", &path, None, &["204"]).await;
                if reply.status != 503 {
                    return true;
                }
            }
        }
    }
    false
}

/// Does it until it is done: what an admin asks for twice is done once.
async fn insist(
    account: &mut Account<'_>,
    name: &'static str,
    method: &str,
    path: &str,
    body: Option<Value>,
    expected: &str,
) {
    for _ in 0..20 {
        if account.ask(name, method, path, body.clone(), &[expected]).await.status != 503 {
            return;
        }
        account.pause(200).await;
    }
    account.hall.tally.unexpected(format!("{name} was 503 20 times"));
}

async fn shut_out_and_let_in(account: &mut Account<'_>, path: &str, email: &str) {
    insist(account, "deactivate_user", "PUT", &format!("{path}/deactivate"), None, "200").await;
    let body = json!({ "email": email, "password": PASSWORD });
    account.insist("login", "/auth/login", &body, &["403 account_deactivated"]).await;
    insist(account, "activate_user", "PUT", &format!("{path}/activate"), None, "200").await;
}

async fn promote_and_demote(account: &mut Account<'_>, path: &str) {
    for role in ["admin", "user"] {
        let body = json!({ "role": role });
        insist(account, "change_role", "PUT", &format!("{path}/role"), Some(body), "200").await;
    }
}

async fn sign_in_and_end(account: &mut Account<'_>, path: &str, email: &str) {
    let body = json!({ "email": email, "password": PASSWORD });
    let reply = account.insist("login", "/auth/login", &body, &["200"]).await;
    insist(account, "end_user_sessions", "DELETE", &format!("{path}/sessions"), None, "204").await;
    if reply.status == 200 {
        let subject = Person::from_tokens(&reply.body, PASSWORD);
        let call = tests::Call::new("GET", "/users/me").token(&subject.access_token);
        account.send("get_me", call, &["401 session_ended"]).await;
    }
}
